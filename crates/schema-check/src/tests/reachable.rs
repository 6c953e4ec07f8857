//! Which types an operation can name or meet.

use super::{found, read};

#[test]
fn from_the_roots_over_fields_arguments_members_and_fragments() {
    let contract = read(
        "type Query { a(x: In): A u: U } input In { y: In2 s: S } input In2 { e: E } enum E { A } scalar S \
         type A implements I { id: ID } interface I { id: ID } type B implements I { id: ID b: OfB } type OfB { x: Int } \
         union U = C type C { x: Int } union Holds = C | D type D { x: Int } \
         directive @d(x: OfDirective) on FIELD input OfDirective { x: Int } \
         directive @t(x: ForTools) on OBJECT input ForTools { x: Int } \
         type Lost { x: Lost2 } type Lost2 implements L { x: Int } interface L { x: Int }",
    );

    let reachable: Vec<String> = contract.reachable_types().into_iter().collect();

    insta::assert_snapshot!(reachable.join(" "), @"A B C D E Holds I In In2 OfB OfDirective Query S U");
}

#[test]
fn a_change_names_the_type_it_is_in() {
    let changes = found("type A { a(x: Int): Int } directive @d on FIELD", "type A { a: Int } directive @d on QUERY");

    let types: Vec<Option<&str>> = changes.iter().map(crate::Change::type_name).collect();
    assert_eq!(types, [None, None, Some("A")]);
}
