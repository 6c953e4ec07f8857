//! Operations whose fragments answer under one key.

use apollo_compiler::ast::FieldDefinition;
use apollo_compiler::{Name, Node};

use super::given::{arguments, operation};
use super::map::{Map, conditions, fields};
use crate::seeded::Seeded;

/// For two object types that can stand at one place: fields of the same type, under one key (GraphQL specification,
/// section "Field Selection Merging", `SameResponseShape`).
pub(crate) fn merged(map: &Map<'_>, changed: &[&Name], random: &mut Seeded) -> Vec<String> {
    let mut found = Vec::new();
    for (parent, route) in &map.routes {
        let objects: Vec<_> = conditions(&map.possible, parent)
            .into_iter()
            .filter(|name| map.schema.get_object(name).is_some())
            .collect();
        for (index, left) in objects.iter().enumerate() {
            for right in objects[index + 1..].iter().filter(|right| changed.contains(&left) || changed.contains(right))
            {
                let pairs = fields(map.schema, left).into_iter().flat_map(|one| {
                    let same = move |other: &&Node<FieldDefinition>| other.ty == one.ty;
                    fields(map.schema, right).into_iter().filter(same).map(move |other| (one, other)).take(2)
                });
                for (one, other) in pairs.filter(|(one, _)| !map.possible.contains_key(one.ty.inner_named_type())) {
                    let mut text = String::new();
                    for (object, field) in [(left, one), (right, other)] {
                        let given = arguments(map.schema, &field.arguments, None, random);
                        text.push_str(&format!("... on {object} {{ key: {}{given} }} ", field.name));
                    }
                    found.push(operation(map, route, &text, &[], random));
                }
            }
        }
    }
    found
}
