//! Types of fields: what operations select and what answers look like.

use super::{found, told};

#[test]
fn a_field_may_become_non_null_at_any_depth_but_not_nullable() {
    let told = told(
        "type A { a: Int b: [Int] c: [[Int!]]! d: Int! e: [Int!] f: [Int]! g: Int h: [Int] }",
        "type A { a: Int! b: [Int!]! c: [[Int!]!]! d: Int e: [Int] f: [Int] g: [Int] h: Int }",
    );

    insta::assert_snapshot!(told, @"
    Safe FIELD_TYPE_CHANGED A.a
    Safe FIELD_TYPE_CHANGED A.b
    Safe FIELD_TYPE_CHANGED A.c
    Breaking FIELD_TYPE_CHANGED A.d
    Breaking FIELD_TYPE_CHANGED A.e
    Breaking FIELD_TYPE_CHANGED A.f
    Breaking FIELD_TYPE_CHANGED A.g
    Breaking FIELD_TYPE_CHANGED A.h
    ");
}

#[test]
fn another_leaf_type_changes_the_answer() {
    let told = told("enum E { A } type A { a: Int b: Int c: E }", "enum E { A } type A { a: Float b: ID c: String }");

    insta::assert_snapshot!(told, @"
    Breaking FIELD_TYPE_CHANGED A.a
    Breaking FIELD_TYPE_CHANGED A.b
    Breaking FIELD_TYPE_CHANGED A.c
    ");
}

#[test]
fn an_interface_may_give_way_to_a_type_that_has_all_its_objects() {
    let types = "interface I { x: Int } type P implements I { x: Int y: Int } \
                 interface K { x: Int } type Q implements K { x: Int } type R implements K { x: Int } \
                 union L = Q | R union M = Q | R | P";
    let told = told(
        &format!("{types} type A {{ only: I many: K union: L grown: L wrapped: [I!] up: P }}"),
        &format!("{types} type A {{ only: P many: Q union: K grown: M wrapped: [P!]! up: I }}"),
    );

    insta::assert_snapshot!(told, @"
    Dangerous FIELD_TYPE_CHANGED A.grown
    Breaking FIELD_TYPE_CHANGED A.many
    Safe FIELD_TYPE_CHANGED A.only
    Safe FIELD_TYPE_CHANGED A.union
    Breaking FIELD_TYPE_CHANGED A.up
    Safe FIELD_TYPE_CHANGED A.wrapped
    ");
}

#[test]
fn what_was_selected_on_an_interface_must_be_there() {
    let told = told(
        "interface I { x(a: Int): Int } type P implements I { x(a: Int, b: Int): Int! } type A { a: I }",
        "interface I { x(a: Int): Int } type P implements I { x(a: Int, b: Int): Int! } type A { a: P }",
    );

    insta::assert_snapshot!(told, @"Breaking FIELD_TYPE_CHANGED A.a");
}

#[test]
fn fields_that_share_a_key_must_agree_in_what_is_nullable() {
    let base = "union U = A | B type A { name: String title: String } type B { name: String }";
    let head = "union U = A | B type A { name: String! title: String! } type B { name: String }";

    insta::assert_snapshot!(told(base, head), @"
    Breaking FIELD_TYPE_CHANGED A.name
    Dangerous FIELD_TYPE_CHANGED A.title
    ");
    let messages: Vec<String> = found(base, head).into_iter().map(|change| change.message).collect();
    insta::assert_snapshot!(messages.join("\n"), @"
    The type of `A.name` changed from `String` to `String!`, which under one key no longer agrees with `B.name`
    The type of `A.title` changed from `String` to `String!`, which under one alias no longer agrees with `B.name`
    ");
}

#[test]
fn an_interface_s_own_field_is_a_sibling_and_fields_that_change_alike_are_none() {
    let base = "interface I { a: Int b: Int } type A implements I { a: Int b: Int }";
    let one = "interface I { a: Int b: Int } type A implements I { a: Int! b: Int }";
    let all = "interface I { a: Int! b: Int } type A implements I { a: Int! b: Int }";

    insta::assert_snapshot!(told(base, one), @"Breaking FIELD_TYPE_CHANGED A.a");
    insta::assert_snapshot!(told(base, all), @"
    Safe FIELD_TYPE_CHANGED A.a
    Safe FIELD_TYPE_CHANGED I.a
    ");
}

#[test]
fn a_field_meets_those_of_interfaces_of_other_members() {
    let base = "union U = A | B interface I { name: String } type A { name: String } \
                type B implements I { name: String! }";
    let of_member = base.replacen("type A { name: String }", "type A { name: String! }", 1);
    let of_interface = base.replacen("interface I { name: String }", "interface I { name: String! }", 1);

    insta::assert_snapshot!(told(base, &of_member), @"Breaking FIELD_TYPE_CHANGED A.name");
    insta::assert_snapshot!(told(base, &of_interface), @"Breaking FIELD_TYPE_CHANGED I.name");
}

#[test]
fn an_argument_that_loses_its_default_with_the_new_type_breaks() {
    let types = "interface I1 { f(a: Int! = 1): Int } interface I2 { f(a: Int!): Int } \
                 type P implements I1 & I2 { f(a: Int! = 1): Int }";

    insta::assert_snapshot!(
        told(&format!("{types} type A {{ x: I1 }}"), &format!("{types} type A {{ x: I2 }}")),
        @"Breaking FIELD_TYPE_CHANGED A.x"
    );
}

#[test]
fn a_type_that_meets_no_other_has_no_siblings() {
    insta::assert_snapshot!(told("type A { a: Int b: Int }", "type A { a: Int! b: Int }"), @"Safe FIELD_TYPE_CHANGED A.a");
}

#[test]
fn a_type_of_another_kind_breaks_unless_a_union_becomes_an_interface_of_its_members() {
    let told = told(
        "union U = A union V = A | B type A { x: Int } type B { x: Int } scalar S type O { x: Int }",
        "interface U { x: Int } interface V { x: Int } type A implements U & V { x: Int } type B { x: Int } \
         enum S { A } input O { x: Int }",
    );

    insta::assert_snapshot!(told, @"
    Safe OBJECT_TYPE_INTERFACE_ADDED A
    Safe OBJECT_TYPE_INTERFACE_ADDED A
    Breaking TYPE_KIND_CHANGED O
    Breaking TYPE_KIND_CHANGED S
    Dangerous TYPE_KIND_CHANGED U
    Breaking TYPE_KIND_CHANGED V
    ");
}
