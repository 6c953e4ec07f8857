//! The schemas that changes start from.

use apollo_compiler::ast::Document;

use super::skeleton::{Size, skeleton};
use crate::mutate::edit::{Edit, apply};
use crate::mutate::table::enriching;
use crate::seeded::Seeded;

const OURS: &str = include_str!("../../../../../schema.graphql");

/// A valid document with its schema.
fn edit(text: &str, random: Seeded) -> Edit {
    let document = Document::parse(text, "base.graphql").unwrap();
    let schema = document.to_schema_validate().unwrap_or_else(|faulty| panic!("{}\n{text}", faulty.errors));
    Edit { document, schema, random, serial: 0 }
}

/// The schema of this gateway.
pub(crate) fn ours(random: Seeded) -> Edit {
    edit(OURS, random)
}

/// A made schema of some ten to thirty types.
pub(crate) fn small(mut random: Seeded) -> Edit {
    let size = Size {
        scalars: 1 + random.below(2),
        enums: 1 + random.below(3),
        inputs: 2 + random.below(3),
        interfaces: 1 + random.below(3),
        objects: 3 + random.below(6),
        unions: 1 + random.below(2),
    };
    made(size, 30, random)
}

/// A made schema of some hundred types.
pub(crate) fn large(random: Seeded) -> Edit {
    made(Size { scalars: 6, enums: 30, inputs: 60, interfaces: 20, objects: 250, unions: 20 }, 200, random)
}

/// A skeleton with descriptions, defaults, deprecations, applied directives and extensions.
fn made(size: Size, enrichments: usize, mut random: Seeded) -> Edit {
    let text = skeleton(size, &mut random);
    let mut made = edit(&text, random);
    let choices = enriching();
    for _ in 0..enrichments {
        let mutation = made.random.pick(&choices).unwrap();
        if let Some(next) = apply(&made, mutation.change, false) {
            made = next;
        }
    }
    made
}
