//! New and lost members, implementers and enum values.

use super::told;

#[test]
fn a_new_implementer_of_a_known_interface_is_a_new_case_and_one_of_a_new_interface_is_not() {
    let told = told(
        "interface I { x: Int } type A { x: Int } type B { x: Int } interface K { x: Int }",
        "interface I { x: Int } interface N { x: Int } type A implements I { x: Int } type B implements N { x: Int } \
         type C implements I & N { x: Int } interface K implements I { x: Int }",
    );

    insta::assert_snapshot!(told, @"
    Dangerous OBJECT_TYPE_INTERFACE_ADDED A
    Safe OBJECT_TYPE_INTERFACE_ADDED B
    Dangerous OBJECT_TYPE_INTERFACE_ADDED C
    Safe OBJECT_TYPE_INTERFACE_ADDED C
    Safe TYPE_ADDED C
    Safe FIELD_ADDED C.x
    Dangerous OBJECT_TYPE_INTERFACE_ADDED K
    Safe TYPE_ADDED N
    Safe FIELD_ADDED N.x
    ");
}

#[test]
fn an_interface_may_stop_implementing_another_while_its_objects_do_not() {
    let told = told(
        "interface I { x: Int } interface K implements I { x: Int } type A implements I & K { x: Int } \
         type B implements I { x: Int }",
        "interface I { x: Int } interface K { x: Int } type A implements I & K { x: Int } type B { x: Int }",
    );

    insta::assert_snapshot!(told, @"
    Breaking OBJECT_TYPE_INTERFACE_REMOVED B
    Dangerous OBJECT_TYPE_INTERFACE_REMOVED K
    ");
}

#[test]
fn a_new_union_is_told_with_its_members() {
    let told = told("type A { x: Int } union U = A", "type A { x: Int } type B { x: Int } union U = A | B union V = A");

    insta::assert_snapshot!(told, @"
    Safe TYPE_ADDED B
    Safe FIELD_ADDED B.x
    Dangerous UNION_MEMBER_ADDED U
    Safe TYPE_ADDED V
    Safe UNION_MEMBER_ADDED V
    ");
}

#[test]
fn a_value_s_severity_depends_on_where_the_enum_stands() {
    let told = told(
        "enum In { A B } enum Out { A B } enum Both { A B } enum Nowhere { A B } \
         type T { f(a: In b: Both): Out g: Both }",
        "enum In { A C } enum Out { A C } enum Both { A C } enum Nowhere { A C } \
         type T { f(a: In b: Both): Out g: Both }",
    );

    insta::assert_snapshot!(told, @"
    Breaking ENUM_VALUE_REMOVED Both.B
    Dangerous ENUM_VALUE_ADDED Both.C
    Breaking ENUM_VALUE_REMOVED In.B
    Safe ENUM_VALUE_ADDED In.C
    Breaking ENUM_VALUE_REMOVED Nowhere.B
    Dangerous ENUM_VALUE_ADDED Nowhere.C
    Dangerous ENUM_VALUE_REMOVED Out.B
    Dangerous ENUM_VALUE_ADDED Out.C
    ");
}

#[test]
fn the_deprecation_of_a_value_with_the_default_reason_can_be_taken_back() {
    let told =
        told("enum E { A @deprecated B C @deprecated }", "enum E { A B @deprecated C @deprecated(reason: \"x\") }");

    insta::assert_snapshot!(told, @"
    Safe ENUM_VALUE_DEPRECATION_REASON_REMOVED E.A
    Safe DIRECTIVE_USAGE_ENUM_VALUE_REMOVED E.A
    Safe ENUM_VALUE_DEPRECATION_REASON_ADDED E.B
    Safe DIRECTIVE_USAGE_ENUM_VALUE_ADDED E.B
    Safe ENUM_VALUE_DEPRECATION_REASON_ADDED E.C
    Safe DIRECTIVE_USAGE_ARGUMENT_ADDED E.C
    ");
}
