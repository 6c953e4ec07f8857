//! Operations whose fragments answer under one key.

use apollo_compiler::ast::FieldDefinition;
use apollo_compiler::{Name, Node};

use super::given::{arguments, below, operation};
use super::map::{Map, Route, conditions, fields};
use crate::seeded::Seeded;

/// How the fields come under one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// They have one name.
    Name,
    /// An alias gives it to them.
    Alias,
}

/// How many aliased fields of another type a field is laid beside.
const PER_FIELD: usize = 3;

/// For fields of a type and each type that can stand beside it: fields that look alike, under one key (GraphQL
/// specification, section "Field Selection Merging").
pub(crate) fn merged(map: &Map<'_>, owner: &str, changed: &[Name], random: &mut Seeded) -> Vec<(String, Key)> {
    let mut found = Vec::new();
    for (parent, route) in &map.routes {
        let around = conditions(&map.possible, parent);
        let Some(own) = around.iter().find(|name| *name == owner) else { continue };
        let own_fields = fields(map.schema, own).into_iter().filter(|field| changed.contains(&field.name));
        let own_fields: Vec<_> = own_fields.collect();
        for other in around.iter().filter(|other| *other != own) {
            for field in &own_fields {
                beside(map, route, (own, field), other, random, &mut found);
            }
        }
    }
    found
}

fn beside(
    map: &Map<'_>,
    route: &Route,
    (own, one): (&Name, &Node<FieldDefinition>),
    beside: &Name,
    random: &mut Seeded,
    found: &mut Vec<(String, Key)>,
) {
    let mut aliased = 0;
    for other in fields(map.schema, beside).into_iter().filter(|other| is_alike(one, other)) {
        let key = if one.name == other.name { Key::Name } else { Key::Alias };
        aliased += usize::from(key == Key::Alias);
        if key == Key::Name || aliased <= PER_FIELD {
            let (left, right) = (selected(map, one, key, random), selected(map, other, key, random));
            let text = format!("... on {own} {{ {left} }} ... on {beside} {{ {right} }}");
            found.push((operation(map, route, &text, &[], random), key));
        }
    }
}

fn selected(map: &Map<'_>, field: &FieldDefinition, key: Key, random: &mut Seeded) -> String {
    let alias = if key == Key::Name { "" } else { "key: " };
    let given = arguments(map.schema, &field.arguments, None, random);
    format!("{alias}{}{given}{}", field.name, below(map, &field.ty, random))
}

/// What is selected of an object beside what another object has under the same key, in a fragment that never applies:
/// allowed while both are objects, and no longer when one becomes an interface.
pub(crate) fn beside_others(map: &Map<'_>, object: &Name, random: &mut Seeded) -> Vec<String> {
    let mut found = Vec::new();
    if map.schema.get_object(object).is_none() {
        return found;
    }
    for around in conditions(&map.possible, object).iter().filter(|around| *around != object) {
        for other in map.possible[around].iter().filter(|other| *other != object) {
            for one in fields(map.schema, object) {
                let alike =
                    fields(map.schema, other).into_iter().find(|field| field.ty == one.ty && field.name != one.name);
                if let Some(field) = alike {
                    let (left, right) =
                        (selected(map, one, Key::Alias, random), selected(map, field, Key::Alias, random));
                    found.push(format!("{left} ... on {around} {{ ... on {other} {{ {right} }} }}"));
                }
            }
        }
    }
    found
}

/// Whether two types look alike but for the name within; what cannot be merged is left out when it is validated.
fn is_alike(one: &FieldDefinition, other: &FieldDefinition) -> bool {
    let frame = |field: &FieldDefinition| field.ty.to_string().replace(field.ty.inner_named_type().as_str(), "");
    frame(one) == frame(other)
}
