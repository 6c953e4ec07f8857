#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use time::macros::date;

use super::*;

fn refused(text: &str) -> String {
    Policy::parse(text).unwrap_err().to_string()
}

#[test]
fn all_of_it_is_read() {
    let text = r#"
        strict = true
        fail_on = "dangerous"
        unreleased = "report"
        unreachable_types = "ignore"
        [severity]
        ENUM_VALUE_ADDED = "breaking"
        [[override]]
        kind = "FIELD_REMOVED"
        coordinate = "Debug*"
        severity = "safe"
        reason = "for ourselves"
        [[exempt]]
        kind = "FIELD_REMOVED"
        coordinate = "Product.title"
        reason = "never worked"
        expires = 2027-01-31
        [[exempt_operation]]
        client = "old-ios"
        reason = "is gone"
        expires = "2027-02-01"
        [usage]
        window_days = 60
        min_recorded_days = 50
        protected_clients = ["pos-*"]
        [lint.rules]
        descriptions = "warning"
        [[lint.exempt]]
        rule = "type-names"
        coordinate = "_Any"
        reason = "federation wants it"
    "#;

    let policy = Policy::parse(text).unwrap();

    assert!(policy.strict && policy.fail_on == FailOn::Dangerous && policy.unreleased == Unreleased::Report);
    assert_eq!(policy.severity["ENUM_VALUE_ADDED"], Severity::Breaking);
    assert_eq!(policy.overrides[0].severity, Severity::Safe);
    assert_eq!(policy.exemptions[0].expires, date!(2027 - 01 - 31));
    assert_eq!(policy.operation_exemptions[0].expires, date!(2027 - 02 - 01));
    assert_eq!(policy.usage.window(), Window { days: 60, recorded: 50 });
    assert!(policy.usage.protects("pos-7") && !policy.usage.protects("web"));
    assert_eq!(policy.lint.rules["descriptions"], Level::Warning);
    assert_eq!(policy.lint.exemptions[0].coordinate, "_Any");
}

#[test]
fn nothing_is_a_policy_too() {
    let policy = Policy::parse("").unwrap();

    assert_eq!(policy, Policy::default());
    assert_eq!(policy.usage.window(), Window { days: 30, recorded: 30 });
}

#[test]
fn what_is_not_known_is_refused_in_a_sentence() {
    insta::assert_snapshot!(refused("\nstrct = true"), @"line 2: unknown field `strct`, expected one of `strict`, `fail_on`, `unreleased`, `unreachable_types`, `severity`, `override`, `exempt`, `exempt_operation`, `usage`, `lint`");
    insta::assert_snapshot!(refused("[usage]\nwindow = 3"), @"line 2: unknown field `window`, expected one of `window_days`, `min_recorded_days`, `protected_clients`");
    insta::assert_snapshot!(refused("[severity]\nFIELD_REMOVD = \"safe\""), @r#"there is no kind of change "FIELD_REMOVD"; there is FIELD_REMOVED"#);
    insta::assert_snapshot!(refused("[severity]\nX = \"safe\""), @r#"there is no kind of change "X""#);
    insta::assert_snapshot!(refused("[severity]\nFIELD_REMOVED = \"fine\""), @r#"line 2: a severity is breaking, dangerous or safe, not "fine""#);
    insta::assert_snapshot!(refused("fail_on = \"safe\""), @"line 1: unknown variant `safe`, expected `breaking` or `dangerous`");
    insta::assert_snapshot!(refused("[lint.rules]\ntype-name = \"off\""), @r#"there is no lint rule "type-name"; there is type-names"#);
    insta::assert_snapshot!(refused("a = = 1"), @"line 1: extra `=`, expected nothing");
}

#[test]
fn an_exemption_is_whole() {
    let with = |coordinate: &str, reason: &str, expires: &str| {
        format!(
            "[[exempt]]\nkind = \"FIELD_REMOVED\"\ncoordinate = \"{coordinate}\"\nreason = \"{reason}\"\nexpires = {expires}"
        )
    };
    for fine in ["A.b", "A", "A.b(c:)", "@d", "@d(e:)", "schema"] {
        assert!(Policy::parse(&with(fine, "why", "2027-01-31")).is_ok(), "{fine}");
    }
    insta::assert_snapshot!(refused(&with("A.b.c", "why", "2027-01-31")), @r#""A.b.c" is no schema coordinate: write Type, Type.field, Type.field(argument:), Enum.VALUE, @directive, @directive(argument:) or schema"#);
    insta::assert_snapshot!(refused(&with("A.b", " ", "2027-01-31")), @r#"the entry for "A.b" has an empty reason: say why"#);
    insta::assert_snapshot!(refused(&with("A.b", "why", "\"soon\"")), @"line 5: a date is written 2027-01-31");
    insta::assert_snapshot!(refused(&with("A.b", "why", "2027-01-31T00:00:00Z")), @"line 5: a date is written 2027-01-31");
    insta::assert_snapshot!(refused("[[exempt]]\nkind = \"FIELD_REMOVED\"\ncoordinate = \"A.b\"\nreason = \"why\""), @"line 1: missing field `expires`");
}

#[test]
fn a_star_stands_for_any_text() {
    assert!(covers("A*", "A.b") && covers("*.path", "An.path") && covers("A*h", "A.path") && covers("*", ""));
    assert!(covers("*uer*", "Query.b") && covers("A*b*", "A.b.c") && !covers("*x*", "A.b"));
    assert!(!covers("A", "A.b") && !covers("A*Ab", "Ab") && !covers("*.path", "An.paths") && !covers("", "A"));
}

#[test]
fn a_window_has_days() {
    insta::assert_snapshot!(refused("[usage]\nwindow_days = 0"), @"usage.window_days and usage.min_recorded_days are at least 1");
    insta::assert_snapshot!(refused("[usage]\nwindow_days = 7\nmin_recorded_days = 8"), @"usage.min_recorded_days is more than usage.window_days");
}
