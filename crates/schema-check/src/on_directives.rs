//! Directives that are applied to directive definitions (GraphQL of September 2026), and their rules.

use std::collections::{HashMap, HashSet};

use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, Directive, Document};

use crate::change::Place;
use crate::contract::Contract;
use crate::prepass::DIRECTIVE_DEFINITION;

/// By the name of a directive, what is applied to it, by its definition and by extensions.
pub(crate) type Applied = HashMap<String, Vec<Node<Directive>>>;

/// Reads the document that `prepass` made, in which scalars stand for directives.
pub(crate) fn collect(document: &Document) -> Applied {
    let mut applied = Applied::new();
    for definition in &document.definitions {
        if let Definition::ScalarTypeDefinition(scalar) = definition {
            applied.entry(scalar.name.to_string()).or_default().extend(scalar.directives.iter().cloned());
        }
    }
    applied
}

/// What the rules of applied directives forbid: each is defined, may stand on directives, stands there once unless
/// it is repeatable, and has the arguments that its definition wants. Literals are not checked against types.
pub(crate) fn errors(contract: &Contract, extended: &[(String, usize)]) -> Vec<(Option<Place>, String)> {
    let defined = &contract.schema().directive_definitions;
    let mut errors = Vec::new();
    for (name, offset) in extended {
        if !defined.contains_key(name.as_str()) {
            let message = format!("the directive `@{name}` is extended but not defined");
            errors.push((Some(contract.place_of_offset(*offset)), message));
        }
    }
    for owner in defined.keys() {
        let mut seen = HashSet::new();
        for applied in contract.applied_to(owner) {
            if let Some(fault) = fault(contract, applied, !seen.insert(applied.name.as_str())) {
                let message = format!("`@{}` on the directive `@{owner}` {fault}", applied.name);
                errors.push((contract.place(applied.location()), message));
            }
        }
    }
    errors
}

fn fault(contract: &Contract, applied: &Directive, again: bool) -> Option<String> {
    let Some(definition) = contract.schema().directive_definitions.get(&applied.name) else {
        return Some("is not defined".to_owned());
    };
    let allowed = applied.name == "deprecated" || contract.locations_of(&applied.name).contains(DIRECTIVE_DEFINITION);
    if !allowed {
        return Some("may not stand on a directive".to_owned());
    }
    if again && !definition.repeatable {
        return Some("may stand there only once".to_owned());
    }
    let unknown =
        applied.arguments.iter().find(|given| definition.arguments.iter().all(|known| known.name != given.name));
    if let Some(unknown) = unknown {
        return Some(format!("takes no argument `{}`", unknown.name));
    }
    let missing = definition
        .arguments
        .iter()
        .find(|wanted| wanted.is_required() && applied.arguments.iter().all(|given| given.name != wanted.name));
    missing.map(|missing| format!("lacks the argument `{}`", missing.name))
}
