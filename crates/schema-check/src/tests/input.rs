//! What clients send: arguments, input fields, their types and defaults.

use super::told;

#[test]
fn what_is_sent_may_become_nullable_and_nothing_else() {
    let told = told(
        "type A { f(a: Int! b: [Int!]! c: [Int!] d: Int e: Int f: Int g: Int!): Int }",
        "type A { f(a: Int b: [Int] c: [Int] d: Int! e: Float f: [Int] g: [Int]): Int }",
    );

    insta::assert_snapshot!(told, @"
    Safe FIELD_ARGUMENT_TYPE_CHANGED A.f(a:)
    Safe FIELD_ARGUMENT_TYPE_CHANGED A.f(b:)
    Safe FIELD_ARGUMENT_TYPE_CHANGED A.f(c:)
    Breaking FIELD_ARGUMENT_TYPE_CHANGED A.f(d:)
    Breaking FIELD_ARGUMENT_TYPE_CHANGED A.f(e:)
    Breaking FIELD_ARGUMENT_TYPE_CHANGED A.f(f:)
    Breaking FIELD_ARGUMENT_TYPE_CHANGED A.f(g:)
    ");
}

#[test]
fn an_argument_breaks_only_if_it_must_be_given() {
    let told = told(
        "type A { f: Int } input I { x: Int }",
        "type A { f(a: Int b: Int! c: Int! = 1 d: Int = 1): Int new(a: Int!): Int } \
         input I { x: Int a: Int b: Int! c: Int! = 1 d: Int = 1 } input New { a: Int! b: Int = 1 }",
    );

    insta::assert_snapshot!(told, @"
    Dangerous FIELD_ARGUMENT_ADDED A.f(a:)
    Breaking FIELD_ARGUMENT_ADDED A.f(b:)
    Dangerous FIELD_ARGUMENT_ADDED A.f(c:)
    Dangerous FIELD_ARGUMENT_ADDED A.f(d:)
    Safe FIELD_ADDED A.new
    Safe FIELD_ARGUMENT_ADDED A.new(a:)
    Safe INPUT_FIELD_ADDED I.a
    Breaking INPUT_FIELD_ADDED I.b
    Dangerous INPUT_FIELD_ADDED I.c
    Dangerous INPUT_FIELD_ADDED I.d
    Safe TYPE_ADDED New
    Safe INPUT_FIELD_ADDED New.a
    Safe INPUT_FIELD_ADDED New.b
    ");
}

#[test]
fn without_its_default_a_non_null_argument_is_required() {
    let told = told(
        "directive @d(a: Int! = 1 b: Int = 1) on FIELD type A { f(a: Int! = 1 b: Int = 1 c: Int!): Int } \
         input I { a: Int! = 1 b: Int = 1 }",
        "directive @d(a: Int! b: Int) on FIELD type A { f(a: Int! b: Int c: Int! = 1): Int } input I { a: Int! b: Int }",
    );

    insta::assert_snapshot!(told, @"
    Breaking DIRECTIVE_ARGUMENT_DEFAULT_VALUE_CHANGED @d(a:)
    Dangerous DIRECTIVE_ARGUMENT_DEFAULT_VALUE_CHANGED @d(b:)
    Breaking FIELD_ARGUMENT_DEFAULT_CHANGED A.f(a:)
    Dangerous FIELD_ARGUMENT_DEFAULT_CHANGED A.f(b:)
    Dangerous FIELD_ARGUMENT_DEFAULT_CHANGED A.f(c:)
    Breaking INPUT_FIELD_DEFAULT_VALUE_CHANGED I.a
    Dangerous INPUT_FIELD_DEFAULT_VALUE_CHANGED I.b
    ");
}

#[test]
fn defaults_are_compared_by_what_they_mean() {
    let told = told(
        "enum E { A } scalar S input I { x: Int = 1 y: [Int] } \
         type A { f(a: [Int] = 1 b: ID = 1 c: Float = 1 d: I = {y: [1]} e: E = A s: S = {a: 1, b: 2} n: Int): Int }",
        "enum E { A } scalar S input I { x: Int = 1 y: [Int] } \
         type A { f(a: [Int] = [1] b: ID = \"1\" c: Float = 1.0 d: I = {x: 1 y: 1} e: E = A s: S = {b: 2, a: 1} n: Int = null): Int }",
    );

    insta::assert_snapshot!(told, @"Dangerous FIELD_ARGUMENT_DEFAULT_CHANGED A.f(n:)");
}

#[test]
fn defaults_that_lead_in_circles_are_compared_as_written() {
    let base = "input I { a: I = {} b: I = {} } type A { f(x: I = {}): Int }";

    assert_eq!(told(base, base), "");
}

#[test]
fn an_input_field_that_is_gone_breaks_deprecated_or_not() {
    let told = told("input I { a: Int b: Int @deprecated c: Int }", "input I { c: Int }");

    insta::assert_snapshot!(told, @"
    Breaking INPUT_FIELD_REMOVED I.a
    Breaking INPUT_FIELD_REMOVED I.b
    ");
}
