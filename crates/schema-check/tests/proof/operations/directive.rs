//! Operations that apply a directive.

use apollo_compiler::ast::{DirectiveDefinition, DirectiveLocation, OperationType};

use super::given::{Given, arguments, least, ways};
use super::map::Map;
use crate::seeded::Seeded;

/// The directive at every place where an operation can have it, with its arguments given in every way, and twice if it
/// may be repeated.
pub(crate) fn at_directive(map: &Map<'_>, directive: &DirectiveDefinition, random: &mut Seeded) -> Vec<String> {
    let mut found = Vec::new();
    for location in &directive.locations {
        let plain = applied(map, directive, None, random);
        found.extend(placed(map, *location, &plain, &[], random));
        if directive.repeatable {
            found.extend(placed(map, *location, &format!("{plain} {plain}"), &[], random));
        }
        for argument in &directive.arguments {
            for way in ways(map.schema, argument, false, random) {
                // A variable cannot be used where variables are defined.
                if way.variables.is_empty() || *location != DirectiveLocation::VariableDefinition {
                    let text = applied(map, directive, Some((&argument.name, &way)), random);
                    found.extend(placed(map, *location, &text, &way.variables, random));
                }
            }
        }
    }
    found
}

fn applied(map: &Map<'_>, directive: &DirectiveDefinition, one: Option<(&str, &Given)>, random: &mut Seeded) -> String {
    format!("@{}{}", directive.name, arguments(map.schema, &directive.arguments, one, random))
}

/// An operation with the directive at a place, if that is a place in operations.
fn placed(
    map: &Map<'_>,
    location: DirectiveLocation,
    applied: &str,
    variables: &[String],
    random: &mut Seeded,
) -> Option<String> {
    let defined = if variables.is_empty() { String::new() } else { format!("({})", variables.join(", ")) };
    let root = |operation: OperationType| map.schema.root_operation(operation);
    let query = root(OperationType::Query)?;
    let whole = |operation: OperationType, random: &mut Seeded| {
        let name = root(operation)?;
        Some(format!("{} Whole{defined} {applied} {{ {} }}", operation.name(), least(map, name, random)))
    };
    match location {
        DirectiveLocation::Query => whole(OperationType::Query, random),
        DirectiveLocation::Mutation => whole(OperationType::Mutation, random),
        DirectiveLocation::Subscription => whole(OperationType::Subscription, random),
        DirectiveLocation::Field => Some(format!("query Whole{defined} {{ __typename {applied} }}")),
        DirectiveLocation::InlineFragment => Some(format!("query Whole{defined} {{ ... {applied} {{ __typename }} }}")),
        DirectiveLocation::FragmentSpread => {
            Some(format!("query Whole{defined} {{ ...Part {applied} }} fragment Part on {query} {{ __typename }}"))
        }
        DirectiveLocation::FragmentDefinition => {
            Some(format!("query Whole{defined} {{ ...Part }} fragment Part on {query} {applied} {{ __typename }}"))
        }
        DirectiveLocation::VariableDefinition => {
            Some(format!("query Whole($if: Boolean! {applied}) {{ __typename @include(if: $if) }}"))
        }
        _ => None,
    }
}
