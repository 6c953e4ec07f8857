//! All operations for a pair.

use apollo_compiler::ast::FieldDefinition;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Schema};

use super::aimed::{at_roots, at_type, within_field};
use super::directive::at_directive;
use super::given::{arguments, operation};
pub(crate) use super::map::{Map, fields, map};
pub(crate) use super::merged::Key;
use super::merged::{beside_others, merged};
use super::walk::walks;
use crate::seeded::Seeded;

/// An operation that is valid on the old schema.
pub(crate) struct Operation {
    pub(crate) text: String,
    /// How it answers fields of different types under one key, if it does. It may be invalid on the old schema.
    pub(crate) merges: Option<Key>,
}

/// Operations at each type and directive that is not the same in the new schema, and at least `least` in all.
pub(crate) fn operations(map: &Map<'_>, head: &Valid<Schema>, least: usize, random: &mut Seeded) -> Vec<Operation> {
    let base = map.schema;
    let changed: Vec<&Name> =
        base.types.iter().filter(|(name, ty)| head.types.get(*name) != Some(*ty)).map(|(name, _)| name).collect();
    let mut texts = at_roots(map, random);
    for name in &changed {
        texts.extend(at_type(map, name, random));
        let fields = changed_fields(base, head, name);
        for field in self::fields(base, name).into_iter().filter(|field| fields.contains(&field.name)) {
            texts.extend(within_field(map, name, field, random));
        }
    }
    for (name, directive) in &base.directive_definitions {
        if head.directive_definitions.get(name) != Some(directive) {
            texts.extend(at_directive(map, directive, random));
        }
    }
    if texts.len() < least {
        texts.extend(walks(map, least - texts.len(), random));
    }
    let mut all: Vec<Operation> = texts.into_iter().map(|text| Operation { text, merges: None }).collect();
    for name in changed {
        let fields = changed_fields(base, head, name);
        all.extend(meeting(map, name, &fields, random));
        all.extend(covered(map, name, &fields, random));
    }
    all
}

/// The fields of a type that are of another type in the head, or not there.
fn changed_fields(base: &Schema, head: &Schema, name: &Name) -> Vec<Name> {
    let now = fields(head, name);
    let same = |field: &FieldDefinition| now.iter().any(|other| other.name == field.name && other.ty == field.ty);
    fields(base, name).into_iter().filter(|field| !same(field)).map(|field| field.name.clone()).collect()
}

/// Operations that select fields of a type beside fields of others.
pub(crate) fn meeting(map: &Map<'_>, owner: &str, changed: &[Name], random: &mut Seeded) -> Vec<Operation> {
    let texts = merged(map, owner, changed, random).into_iter();
    texts.map(|(text, key)| Operation { text, merges: Some(key) }).collect()
}

/// Operations that select, of a type and of what its changed fields return, something beside what others have.
fn covered(map: &Map<'_>, owner: &Name, changed: &[Name], random: &mut Seeded) -> Vec<Operation> {
    let Some(route) = map.routes.get(owner) else { return Vec::new() };
    let mut texts = beside_others(map, owner, random);
    for field in fields(map.schema, owner).into_iter().filter(|field| changed.contains(&field.name)) {
        let given = arguments(map.schema, &field.arguments, None, random);
        for inner in beside_others(map, field.ty.inner_named_type(), random) {
            texts.push(format!("{}{given} {{ {inner} }}", field.name));
        }
    }
    let whole = texts.into_iter().map(|text| operation(map, route, &text, &[], random));
    whole.map(|text| Operation { text, merges: Some(Key::Alias) }).collect()
}
