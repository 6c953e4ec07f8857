//! Directives that are applied, once and several times.

use super::{found, placed, told};

const TAG: &str = "directive @tag(name: String) repeatable on OBJECT | FIELD_DEFINITION | ARGUMENT_DEFINITION";

#[test]
fn repeated_directives_are_paired_by_what_they_say_first() {
    let base = format!("{TAG} type A @tag(name: \"a\") @tag(name: \"b\") {{ a: Int }}");
    let told_of = |head: &str| told(&base, &format!("{TAG} type A {head} {{ a: Int }}"));

    assert_eq!(told_of("@tag(name: \"b\") @tag(name: \"a\")"), "");
    insta::assert_snapshot!(told_of("@tag(name: \"b\")"), @"Dangerous DIRECTIVE_USAGE_OBJECT_REMOVED A");
    insta::assert_snapshot!(told_of("@tag(name: \"b\") @tag(name: \"c\") @tag"), @"
    Dangerous DIRECTIVE_USAGE_OBJECT_ADDED A
    Safe DIRECTIVE_USAGE_ARGUMENT_ADDED A
    Dangerous DIRECTIVE_USAGE_ARGUMENT_REMOVED A
    ");
}

#[test]
fn on_something_new_a_directive_is_safe() {
    let told = told(TAG, &format!("{TAG} type A @tag(name: \"a\") {{ a(b: Int @tag): Int @tag }}"));

    insta::assert_snapshot!(told, @"
    Safe TYPE_ADDED A
    Safe DIRECTIVE_USAGE_OBJECT_ADDED A
    Safe DIRECTIVE_USAGE_ARGUMENT_ADDED A
    Safe FIELD_ADDED A.a
    Safe DIRECTIVE_USAGE_FIELD_DEFINITION_ADDED A.a
    Safe FIELD_ARGUMENT_ADDED A.a(b:)
    ");
}

#[test]
fn another_reason_of_a_deprecation_is_safe() {
    let told = told("type A { a: Int @deprecated(reason: \"x\") }", "type A { a: Int @deprecated(reason: \"y\") }");

    insta::assert_snapshot!(told, @"
    Safe FIELD_DEPRECATION_REASON_CHANGED A.a
    Safe DIRECTIVE_USAGE_ARGUMENT_ADDED A.a
    Safe DIRECTIVE_USAGE_ARGUMENT_REMOVED A.a
    ");
}

#[test]
fn directives_of_extensions_count_like_those_of_the_definition() {
    let told = placed(
        "directive @tag on OBJECT | SCHEMA\ntype Query @tag { ok: Int }",
        "directive @tag on OBJECT | SCHEMA\ntype Query { ok: Int }\nextend type Query @tag\nextend schema @tag",
    );

    insta::assert_snapshot!(told, @"Dangerous DIRECTIVE_USAGE_SCHEMA_ADDED schema [.@tag] - 4:15");
}

#[test]
fn every_usage_names_the_thing_it_is_on() {
    let changes = found(
        &format!("{TAG} type A {{ a(b: Int): Int }}"),
        &format!("{TAG} type A {{ a(b: Int @tag(name: \"x\")): Int }}"),
    );

    let messages: Vec<String> = changes.into_iter().map(|change| change.message).collect();
    insta::assert_snapshot!(messages.join("\n"), @r#"
    `A.a(b:)` has the directive `@tag` now
    `@tag` on `A.a(b:)` has `name: "x"` now
    "#);
}
