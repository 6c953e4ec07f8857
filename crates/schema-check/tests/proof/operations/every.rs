//! All operations for a pair.

use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Schema};

use super::aimed::{at_roots, at_type};
use super::directive::at_directive;
pub(crate) use super::map::{Map, map};
use super::merged::merged;
use super::walk::walks;
use crate::seeded::Seeded;

/// An operation that is valid on the old schema.
pub(crate) struct Operation {
    pub(crate) text: String,
    /// Whether it answers fields of different types under one key.
    pub(crate) merges: bool,
}

/// Operations at each type and directive that is not the same in the new schema, and at least `least` in all.
pub(crate) fn operations(map: &Map<'_>, head: &Valid<Schema>, least: usize, random: &mut Seeded) -> Vec<Operation> {
    let base = map.schema;
    let changed: Vec<&Name> =
        base.types.iter().filter(|(name, ty)| head.types.get(*name) != Some(*ty)).map(|(name, _)| name).collect();
    let mut texts = at_roots(map, random);
    for name in &changed {
        texts.extend(at_type(map, name, random));
    }
    for (name, directive) in &base.directive_definitions {
        if head.directive_definitions.get(name) != Some(directive) {
            texts.extend(at_directive(map, directive, random));
        }
    }
    if texts.len() < least {
        texts.extend(walks(map, least - texts.len(), random));
    }
    let plain = texts.into_iter().map(|text| Operation { text, merges: false });
    let merging = merged(map, &changed, random).into_iter().map(|text| Operation { text, merges: true });
    plain.chain(merging).collect()
}
