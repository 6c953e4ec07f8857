//! What the editions of September 2025 and 2026 brought.

use super::{placed, told};
use crate::{Contract, without_descriptions};

fn refused(text: &str) -> String {
    Contract::parse(text, "s.graphql").err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn one_of_breaks_when_it_comes_and_not_when_it_goes() {
    insta::assert_snapshot!(told("input I { a: Int }", "input I @oneOf { a: Int }"), @"Breaking DIRECTIVE_USAGE_INPUT_OBJECT_ADDED I");
    insta::assert_snapshot!(told("input I @oneOf { a: Int }", "input I { a: Int }"), @"Safe DIRECTIVE_USAGE_INPUT_OBJECT_REMOVED I");
    insta::assert_snapshot!(told("input I @oneOf { a: Int }", "input I @oneOf { a: Int b: Int } input N @oneOf { a: Int }"), @"
    Safe INPUT_FIELD_ADDED I.b
    Safe TYPE_ADDED N
    Safe DIRECTIVE_USAGE_INPUT_OBJECT_ADDED N
    Safe INPUT_FIELD_ADDED N.a
    ");
}

#[test]
fn one_of_has_rules_of_its_own() {
    let told = refused("type Query { a(i: I): Int }\ninput I @oneOf {\n  a: Int!\n  b: Int = 1\n  c: Int\n}");

    insta::assert_snapshot!(told, @"
    s.graphql:3:3: the field `I.a` of a `@oneOf` input object must be nullable
    s.graphql:4:3: the field `I.b` of a `@oneOf` input object must not have a default
    ");
}

#[test]
fn directives_on_directives_are_compared_with_their_places() {
    let told = placed(
        "type Query { a: Int }\ndirective @on repeatable on DIRECTIVE_DEFINITION | FIELD\ndirective @a(x: Int) on FIELD\ndirective @b @deprecated(reason: \"old\") on FIELD",
        "type Query { a: Int }\ndirective @on on FIELD\ndirective @a(x: Int) @deprecated(reason: \"new\")\n  on FIELD\ndirective @b on FIELD\nextend directive @b\n  @deprecated",
    );

    insta::assert_snapshot!(told, @"
    Safe DIRECTIVE_USAGE_ARGUMENT_ADDED @a [@a.@deprecated.reason] - 3:34
    Safe DIRECTIVE_DEPRECATION_ADDED @a [@a.@deprecated] - 3:22
    Safe DIRECTIVE_USAGE_DIRECTIVE_DEFINITION_ADDED @a [@a.@deprecated] - 3:22
    Safe DIRECTIVE_USAGE_ARGUMENT_REMOVED @b [@b.@deprecated.reason] 4:26 -
    Safe DIRECTIVE_DEPRECATION_REASON_CHANGED @b [@b.@deprecated] 4:14 7:3
    Dangerous DIRECTIVE_LOCATION_REMOVED @on [@on] 2:12 2:12
    Breaking DIRECTIVE_REPEATABLE_REMOVED @on [@on] 2:12 2:12
    ");
}

#[test]
fn a_directive_for_directives_alone_is_read() {
    let told = told("", "directive @meta on\n  | DIRECTIVE_DEFINITION\ndirective @a @meta repeatable on FIELD");

    insta::assert_snapshot!(told, @"
    Safe DIRECTIVE_ADDED @a
    Safe DIRECTIVE_LOCATION_ADDED @a
    Safe DIRECTIVE_REPEATABLE_ADDED @a
    Safe DIRECTIVE_USAGE_DIRECTIVE_DEFINITION_ADDED @a
    Safe DIRECTIVE_ADDED @meta
    Safe DIRECTIVE_LOCATION_ADDED @meta
    ");
}

#[test]
fn directives_on_directives_have_rules() {
    let told = refused(
        "type Query { a: Int }\ndirective @a @none on FIELD\ndirective @b @a on FIELD\ndirective @m(x: Int!) on DIRECTIVE_DEFINITION\ndirective @c @m(y: 1) on FIELD\ndirective @d @m @m(x: 1) on FIELD\nextend directive @e @m(x: 1)",
    );

    insta::assert_snapshot!(told, @"
    s.graphql:2:14: `@none` on the directive `@a` is not defined
    s.graphql:3:14: `@a` on the directive `@b` may not stand on a directive
    s.graphql:5:14: `@m` on the directive `@c` takes no argument `y`
    s.graphql:6:14: `@m` on the directive `@d` lacks the argument `x`
    s.graphql:6:17: `@m` on the directive `@d` may stand there only once
    s.graphql:7:1: the directive `@e` is extended but not defined
    ");
}

#[test]
fn a_type_may_be_called_directive() {
    let told = told("type directive { a: Int }", "type directive @s { a: Int } directive @s on OBJECT");

    insta::assert_snapshot!(told, @"
    Safe DIRECTIVE_ADDED @s
    Safe DIRECTIVE_LOCATION_ADDED @s
    Dangerous DIRECTIVE_USAGE_OBJECT_ADDED directive
    ");
}

#[test]
fn descriptions_of_operations_become_spaces() {
    let text = "\"\"\"Of the\nquery\"\"\" query q(\"Of a\" $a: String = \"x\" \"Of b\" $b: [String] = [\"y\"]) { f(a: \"z\") }\n\"F\" fragment F on Query { a }";

    let read = without_descriptions(text);

    assert_eq!(
        read.split_whitespace().collect::<Vec<_>>().join(" "),
        "query q( $a: String = \"x\" $b: [String] = [\"y\"]) { f(a: \"z\") } fragment F on Query { a }"
    );
    assert_eq!(read.find("fragment"), text.find("fragment"));
    assert_eq!(read.len(), text.len());
}
