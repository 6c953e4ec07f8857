//! Definitions of directives: those of operations and those for tools.

use super::told;

#[test]
fn what_operations_can_use_breaks_and_what_only_tools_see_does_not() {
    let of = |at: &str| {
        told(
            &format!("directive @a on {at} directive @b(x: Int y: Int) repeatable on {at} | SCALAR"),
            &format!("directive @b(y: String z: Int! w: Int! = 1) on {at}"),
        )
    };

    insta::assert_snapshot!(of("FIELD"), @"
    Breaking DIRECTIVE_REMOVED @a
    Dangerous DIRECTIVE_LOCATION_REMOVED @b
    Breaking DIRECTIVE_REPEATABLE_REMOVED @b
    Safe DIRECTIVE_ARGUMENT_ADDED @b(w:)
    Breaking DIRECTIVE_ARGUMENT_REMOVED @b(x:)
    Breaking DIRECTIVE_ARGUMENT_TYPE_CHANGED @b(y:)
    Breaking DIRECTIVE_ARGUMENT_ADDED @b(z:)
    ");
    insta::assert_snapshot!(of("OBJECT"), @"
    Dangerous DIRECTIVE_REMOVED @a
    Dangerous DIRECTIVE_LOCATION_REMOVED @b
    Dangerous DIRECTIVE_REPEATABLE_REMOVED @b
    Safe DIRECTIVE_ARGUMENT_ADDED @b(w:)
    Dangerous DIRECTIVE_ARGUMENT_REMOVED @b(x:)
    Dangerous DIRECTIVE_ARGUMENT_TYPE_CHANGED @b(y:)
    Dangerous DIRECTIVE_ARGUMENT_ADDED @b(z:)
    ");
}

#[test]
fn a_location_breaks_only_in_operations() {
    let told = told("directive @a on FIELD | OBJECT | QUERY", "directive @a on QUERY | ENUM");

    insta::assert_snapshot!(told, @"
    Safe DIRECTIVE_LOCATION_ADDED @a
    Breaking DIRECTIVE_LOCATION_REMOVED @a
    Dangerous DIRECTIVE_LOCATION_REMOVED @a
    ");
}

#[test]
fn built_in_directives_and_scalars_are_not_compared() {
    let told = told(
        "scalar S @specifiedBy(url: \"https://a.example\")",
        "directive @deprecated(reason: String = \"x\") on FIELD_DEFINITION \
         directive @oneOf on INPUT_OBJECT type A { a: ID } scalar S @specifiedBy(url: \"https://a.example\")",
    );

    insta::assert_snapshot!(told, @"
    Safe TYPE_ADDED A
    Safe FIELD_ADDED A.a
    ");
}
