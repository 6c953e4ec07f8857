//! Places: of the very thing that changed, in definitions and extensions.

use super::placed;

#[test]
fn a_place_is_that_of_what_changed() {
    let told = placed(
        "type Query {\n  \"Old.\"\n  a(\n    x: Int = 1): [ [Int] ]\n  \"é\" d: Int, b: Int\n}",
        "type Query {\n  \"New.\"\n  a(\n    x: Int = 2): Int\n  \"é\" d: Int, c: Int\n}",
    );

    insta::assert_snapshot!(told, @"
    Safe FIELD_DESCRIPTION_CHANGED Query.a [Query.a] 2:3 2:3
    Breaking FIELD_TYPE_CHANGED Query.a [Query.a] 4:18 4:18
    Dangerous FIELD_ARGUMENT_DEFAULT_CHANGED Query.a(x:) [Query.a.x] 4:14 4:14
    Breaking FIELD_REMOVED Query.b [Query.b] 5:15 -
    Safe FIELD_ADDED Query.c [Query.c] - 5:15
    ");
}

#[test]
fn parts_of_extensions_have_the_extension_s_place() {
    let told = placed(
        "type Query { a: E }\ninterface I { a: E }\nenum E { A }",
        "type Query\nenum E { A }\ninterface I { a: E }\nextend type Query implements I {\n  a: E\n  b: Int\n}\nextend enum E {\n  B\n}",
    );

    insta::assert_snapshot!(told, @"
    Dangerous ENUM_VALUE_ADDED E.B [E.B] - 9:3
    Dangerous OBJECT_TYPE_INTERFACE_ADDED Query [Query] - 4:30
    Safe FIELD_ADDED Query.b [Query.b] - 6:3
    ");
}

#[test]
fn a_schema_definition_that_says_what_holds_anyway_changes_nothing() {
    let told = placed(
        "type Query { a: Int } type Mutation { a: Int }",
        "schema { query: Query mutation: Mutation } type Query { a: Int } type Mutation { a: Int }",
    );

    assert_eq!(told, "");
}

#[test]
fn a_root_type_of_another_name_breaks() {
    let told = placed("type Query { a: Int }", "schema { query: Q mutation: M }\ntype Q { a: Int }\ntype M { a: Int }");

    insta::assert_snapshot!(told, @"
    Safe TYPE_ADDED M [M] - 3:6
    Safe FIELD_ADDED M.a [M.a] - 3:10
    Safe TYPE_ADDED Q [Q] - 2:6
    Safe FIELD_ADDED Q.a [Q.a] - 2:10
    Breaking TYPE_REMOVED Query [Query] 1:6 -
    Breaking SCHEMA_QUERY_TYPE_CHANGED schema [] 1:6 1:17
    Safe SCHEMA_MUTATION_TYPE_CHANGED schema [] - 1:29
    ");
}
