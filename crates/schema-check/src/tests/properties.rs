//! What holds for any pair of schemas.

use proptest::prelude::*;

use super::read;
use crate::{Change, ChangeKind, changes};

/// One part of a schema in its variants: absent, and differently written.
const PARTS: &[&[&str]] = &[
    &[
        "type A { a: Int }",
        "type A { a: Int! b: [String] }",
        "type A implements N { id: ID a(x: Int = 1): Int @deprecated }",
    ],
    &["interface N { id: ID }", "interface N @t { id: ID n: Int }"],
    &["type B { b: A }", "type B implements N { id: ID n: Int b: [A!]! }", "\"Of B.\" type B { b(x: I y: I!): A }"],
    &["union U = A | B", "union U @t = B", "union U = A"],
    &["enum E { X Y }", "enum E { Y Z @deprecated }", "enum E @t { X @deprecated(reason: \"r\") }"],
    &["input I { x: Int }", "input I { x: Int! = 1 e: E }", "input I @oneOf { x: Int y: ID }"],
    &["directive @t(a: Int) repeatable on OBJECT | INTERFACE | UNION | ENUM"],
    &["scalar S", "scalar S @specifiedBy(url: \"https://s.example\")"],
    &["directive @d on FIELD", "directive @d(x: Int! = 1) repeatable on QUERY", "directive @d @deprecated on FIELD"],
];

/// A variant for each part, and an order.
fn schema() -> impl Strategy<Value = (Vec<&'static str>, Vec<&'static str>)> {
    let parts: Vec<_> = PARTS.iter().map(|variants| prop::sample::select(*variants)).collect();
    parts.prop_flat_map(|parts| {
        let parts = fitting(parts);
        (Just(parts.clone()), Just(parts).prop_shuffle())
    })
}

/// What implements the interface must have its fields; where it does not, the interface is the simple one.
fn fitting(mut parts: Vec<&'static str>) -> Vec<&'static str> {
    if parts.iter().any(|part| part.starts_with("type A implements")) {
        for part in &mut parts {
            if part.starts_with("interface N") {
                *part = "interface N { id: ID }";
            }
        }
    }
    parts
}

fn text(parts: &[&str]) -> String {
    format!("type Query {{ a: A b: B u: U n: N s: S e(i: I): E }} {}", parts.join("\n"))
}

/// Kinds of which one is the other seen from the other side.
const MIRRORED: &[(ChangeKind, ChangeKind)] = &[
    (ChangeKind::TypeAdded, ChangeKind::TypeRemoved),
    (ChangeKind::FieldAdded, ChangeKind::FieldRemoved),
    (ChangeKind::FieldArgumentAdded, ChangeKind::FieldArgumentRemoved),
    (ChangeKind::EnumValueAdded, ChangeKind::EnumValueRemoved),
    (ChangeKind::InputFieldAdded, ChangeKind::InputFieldRemoved),
    (ChangeKind::UnionMemberAdded, ChangeKind::UnionMemberRemoved),
    (ChangeKind::ObjectTypeInterfaceAdded, ChangeKind::ObjectTypeInterfaceRemoved),
    (ChangeKind::DirectiveArgumentAdded, ChangeKind::DirectiveArgumentRemoved),
    (ChangeKind::DirectiveLocationAdded, ChangeKind::DirectiveLocationRemoved),
    (ChangeKind::DirectiveRepeatableAdded, ChangeKind::DirectiveRepeatableRemoved),
    (ChangeKind::DirectiveUsageEnumAdded, ChangeKind::DirectiveUsageEnumRemoved),
    (ChangeKind::DirectiveUsageInputObjectAdded, ChangeKind::DirectiveUsageInputObjectRemoved),
    (ChangeKind::DirectiveUsageDirectiveDefinitionAdded, ChangeKind::DirectiveUsageDirectiveDefinitionRemoved),
    (ChangeKind::DirectiveDeprecationAdded, ChangeKind::DirectiveDeprecationRemoved),
    (ChangeKind::FieldTypeChanged, ChangeKind::FieldTypeChanged),
    (ChangeKind::TypeKindChanged, ChangeKind::TypeKindChanged),
    (ChangeKind::TypeDescriptionAdded, ChangeKind::TypeDescriptionRemoved),
];

/// Where changes of a kind are.
fn at(changes: &[Change], kind: ChangeKind) -> Vec<&str> {
    changes.iter().filter(|change| change.kind == kind).map(|change| change.coordinate.as_str()).collect()
}

/// Changes without their places.
fn placeless(changes: Vec<Change>) -> Vec<Change> {
    changes.into_iter().map(|change| Change { base: None, head: None, ..change }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_schema_does_not_differ_from_itself_in_whatever_order((parts, shuffled) in schema()) {
        prop_assert_eq!(changes(&read(&text(&parts)), &read(&text(&shuffled))), vec![]);
    }

    #[test]
    fn the_order_of_definitions_changes_nothing_but_places((a, shuffled) in schema(), (b, _) in schema()) {
        let head = read(&text(&b));
        let plain = placeless(changes(&read(&text(&a)), &head));
        prop_assert_eq!(plain, placeless(changes(&read(&text(&shuffled)), &head)));
    }

    #[test]
    fn what_is_added_one_way_is_removed_the_other((a, _) in schema(), (b, _) in schema()) {
        let (base, head) = (read(&text(&a)), read(&text(&b)));
        let (there, back) = (changes(&base, &head), changes(&head, &base));
        for (one, other) in MIRRORED {
            prop_assert_eq!(at(&there, *one), at(&back, *other), "{}", one.name());
            prop_assert_eq!(at(&there, *other), at(&back, *one), "{}", other.name());
        }
    }

    #[test]
    fn any_text_is_answered(text in "[ -~\u{e9}\n]{0,200}") {
        let _answer = crate::Contract::parse(&text, "s.graphql");
    }

    #[test]
    fn words_of_the_language_in_any_order_are_answered(
        words in prop::collection::vec(prop::sample::select(vec![
            "directive", "@", "on", "extend", "a", "|", "DIRECTIVE_DEFINITION", "repeatable", "(", ")", "{", "}",
            "\"", "\"\"\"", "\\", "type", "Query", ":", "Int", "@deprecated", "FIELD", "é", "\n", "#",
        ]), 0..40),
    ) {
        let text = words.join(" ");
        let _answer = crate::Contract::parse(&text, "s.graphql");
        prop_assert_eq!(crate::without_descriptions(&text).len(), text.len());
    }
}
