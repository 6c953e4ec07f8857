//! The fields of the schema.

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
use std::collections::BTreeSet;

/// `Type.field` of every object type, without those that say why a call was refused.
pub(super) fn fields(schema: &str) -> BTreeSet<String> {
    let mut fields = BTreeSet::new();
    for definition in parse_schema(schema).unwrap().definitions {
        let TypeSystemDefinition::Type(of_type) = definition else { continue };
        let TypeKind::Object(object) = of_type.node.kind else { continue };
        if object.implements.iter().any(|interface| interface.node == "UserError") {
            continue;
        }
        let name = of_type.node.name.node;
        fields.extend(object.fields.iter().map(|field| format!("{name}.{}", field.node.name.node)));
    }
    fields
}

#[test]
fn fields_of_objects_are_listed_and_those_of_refusals_are_not() {
    let schema = "type Query { a(b: Int): C } type C implements Node { d: Int! e: [C!] } interface Node { f: Int }
        type Bad implements UserError { code: String! } input In { g: Int } extend type C { h: Int }";

    assert_eq!(fields(schema).into_iter().collect::<Vec<_>>(), ["C.d", "C.e", "C.h", "Query.a"]);
}
