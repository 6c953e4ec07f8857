use super::*;
use crate::kind::ChangeKind;

fn change(kind: ChangeKind, coordinate: &str, severity: Severity, message: &str) -> Change {
    let reason = (severity > Severity::Safe).then(|| "Somebody may use it.".to_owned());
    let path = coordinate.to_owned();
    Change {
        kind,
        coordinate: path.clone(),
        path,
        severity,
        message: message.to_owned(),
        reason,
        base: None,
        head: None,
    }
}

#[test]
fn changes_come_in_sections_and_new_types_as_a_whole() {
    let changes = [
        change(ChangeKind::FieldRemoved, "A.b", Severity::Breaking, "Field 'b' was removed <b>"),
        change(ChangeKind::EnumValueAdded, "E.F", Severity::Dangerous, "Value 'F' was added"),
        change(ChangeKind::FieldDeprecationAdded, "A.c", Severity::Safe, "Field 'c' is deprecated"),
        change(ChangeKind::FieldDeprecationRemoved, "A.d", Severity::Safe, "Field 'd' is no longer deprecated"),
        change(ChangeKind::TypeAdded, "New", Severity::Safe, "Type 'New' was added"),
        change(ChangeKind::FieldAdded, "New.x", Severity::Safe, "Field 'x' was added"),
        change(ChangeKind::FieldAdded, "A.new_one", Severity::Safe, "Field 'new_one' was added"),
        change(ChangeKind::TypeDescriptionChanged, "A", Severity::Safe, "Description changed"),
    ];

    insta::assert_snapshot!(changelog("1.2.0", &changes), @r#"
    ## 1.2.0

    ### Breaking

    - Field 'b' was removed &lt;b&gt;. Somebody may use it.

    ### Dangerous

    - Value 'F' was added. Somebody may use it.

    ### Deprecated

    - Field 'c' is deprecated.

    ### Added

    - Type 'New' was added.
    - Field 'new\_one' was added.

    ### Descriptions

    - Description changed.

    ### Other

    - Field 'd' is no longer deprecated.
    "#);
    assert_eq!(changelog("same", &[]), "## same\n\nNothing changed.\n");
}
