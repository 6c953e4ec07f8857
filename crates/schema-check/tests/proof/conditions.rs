//! What waivers ask for besides kinds and severities. Nothing here asks the comparison: each condition is read from the
//! two schemas, or found by operations.

use std::collections::BTreeSet;

use apollo_compiler::ast::{DirectiveDefinition, DirectiveLocation, InputValueDefinition};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Schema};
use tidegate_schema_check::Contract;

use crate::operations::every::{map, meeting};
use crate::oracle::break_of;
use crate::seeded::Seeded;
use crate::waivers::Disagreement;

/// Whether a condition of `waivers.toml` holds for a disagreement.
pub(crate) fn holds(condition: &str, found: &Disagreement, base: &Contract, head: &Contract) -> bool {
    let (old, new) = (&**base.schema(), &**head.schema());
    let mut parts = found.path.split('.');
    let owner = parts.next().unwrap_or_default();
    let directive = old.directive_definitions.get(owner.trim_start_matches('@'));
    match condition {
        "for tools" => directive.is_some_and(|directive| !directive.locations.iter().copied().any(is_executable)),
        "for operations" => directive.is_some_and(|directive| directive.locations.iter().copied().any(is_executable)),
        "loses tools only" => directive.is_some_and(|directive| {
            let left = new.directive_definitions.get(&directive.name).map(|left| left.locations.clone());
            let lost =
                directive.locations.iter().filter(|location| left.iter().flatten().all(|kept| kept != *location));
            lost.into_iter().any(|location| !is_executable(*location))
        }),
        "argument with default" => {
            let now = new.directive_definitions.get(owner.trim_start_matches('@'));
            let is_new = |argument: &InputValueDefinition| {
                directive.is_some_and(|directive| directive.argument_by_name(&argument.name).is_none())
            };
            let fits = |argument: &InputValueDefinition| {
                argument.ty.is_non_null() && argument.default_value.is_some() && is_new(argument)
            };
            now.is_some_and(|now: &apollo_compiler::Node<DirectiveDefinition>| {
                now.arguments.iter().any(|part| fits(part))
            })
        }
        "required without default" => {
            input(new, &found.path).is_some_and(|part| part.ty.is_non_null() && part.default_value.is_none())
        }
        "only in input" => positions(new, owner) == (true, false),
        "only in answers" => positions(old, owner) == (false, true),
        "of deprecated" => found.path.contains("@deprecated"),
        "new interface" => interfaces(new, owner).iter().any(|name| old.get_interface(name).is_none()),
        "new type" => !old.types.contains_key(owner),
        "of interface" => new.get_interface(owner).is_some(),
        "same members or more" => {
            let field = parts.next().unwrap_or_default();
            let named =
                |schema: &Schema| schema.type_field(owner, field).ok().map(|field| field.ty.inner_named_type().clone());
            let (before, after) = (named(old), named(new));
            let may_be = |contract: &Contract, name: &str| -> BTreeSet<String> {
                let possible = map(contract.schema()).possible;
                possible.get(name).into_iter().flatten().map(ToString::to_string).collect()
            };
            before.zip(after).is_some_and(|(before, after)| may_be(base, &before).is_subset(&may_be(head, &after)))
        }
        "members of union" => old.get_union(owner).is_some() && new.get_interface(owner).is_some(),
        "an operation breaks" => breaks(base, head, owner, parts.next().unwrap_or_default()),
        "repeatable" => found.path.rsplit_once(".@").is_some_and(|(_, applied)| {
            let name = applied.split('.').next().unwrap_or_default();
            [old, new].iter().any(|schema| schema.directive_definitions.get(name).is_some_and(|part| part.repeatable))
        }),
        "deprecated without reason" => old.get_enum(owner).is_some_and(|part| {
            let value = part.values.get(parts.next().unwrap_or_default());
            let directive = value.and_then(|value| value.directives.get("deprecated"));
            directive.is_some_and(|directive| directive.arguments.is_empty())
        }),
        "same literal" => {
            let default = |schema| input(schema, &found.path).and_then(|part| part.default_value.clone());
            default(old).is_some() && default(old) == default(new)
        }
        "of an input object" => input(new, &found.path)
            .or_else(|| input(old, &found.path))
            .is_some_and(|part| new.get_input_object(part.ty.inner_named_type()).is_some()),
        "on an extension" => is_extended(old, owner) || is_extended(new, owner),
        other => panic!("waivers.toml names the condition {other:?}, which conditions.rs does not know"),
    }
}

/// Whether a directive at this location is one of an operation.
pub(crate) fn is_executable(location: DirectiveLocation) -> bool {
    use DirectiveLocation as At;
    matches!(
        location,
        At::Query
            | At::Mutation
            | At::Subscription
            | At::Field
            | At::FragmentDefinition
            | At::FragmentSpread
            | At::InlineFragment
            | At::VariableDefinition
    )
}

/// The argument or input field at a path of Inspector's.
fn input<'a>(schema: &'a Schema, path: &str) -> Option<&'a InputValueDefinition> {
    let mut parts = path.split('.');
    let (owner, member) = (parts.next()?, parts.next()?);
    if let Some(name) = owner.strip_prefix('@') {
        return schema.directive_definitions.get(name)?.argument_by_name(member).map(|node| &**node);
    }
    if let Some(object) = schema.get_input_object(owner) {
        return object.fields.get(member).map(|field| &***field);
    }
    schema.type_field(owner, member).ok()?.argument_by_name(parts.next()?).map(|node| &**node)
}

/// Whether a type stands in arguments or input fields, and whether in answers.
fn positions(schema: &Schema, name: &str) -> (bool, bool) {
    let (mut given, mut answered) = (false, false);
    for directive in schema.directive_definitions.values() {
        given |= directive.arguments.iter().any(|argument| argument.ty.inner_named_type() == name);
    }
    for ty in schema.types.values() {
        let fields = match ty {
            ExtendedType::Object(object) => &object.fields,
            ExtendedType::Interface(interface) => &interface.fields,
            ExtendedType::InputObject(object) => {
                given |= object.fields.values().any(|field| field.ty.inner_named_type() == name);
                continue;
            }
            _ => continue,
        };
        for field in fields.values() {
            answered |= field.ty.inner_named_type() == name;
            given |= field.arguments.iter().any(|argument| argument.ty.inner_named_type() == name);
        }
    }
    (given, answered)
}

fn interfaces(schema: &Schema, owner: &str) -> Vec<String> {
    let list = match schema.types.get(owner) {
        Some(ExtendedType::Object(object)) => &object.implements_interfaces,
        Some(ExtendedType::Interface(interface)) => &interface.implements_interfaces,
        _ => return Vec::new(),
    };
    list.iter().map(|interface| interface.name.to_string()).collect()
}

/// Whether a directive stands on an extension of the type, or of the schema.
fn is_extended(schema: &Schema, owner: &str) -> bool {
    let directives = match schema.types.get(owner) {
        Some(ty) => ty.directives(),
        None => &schema.schema_definition.directives,
    };
    directives.iter().any(|directive| directive.origin.extension_id().is_some())
}

/// Whether an operation that selects the field beside another under one key becomes invalid.
fn breaks(base: &Contract, head: &Contract, owner: &str, field: &str) -> bool {
    let map = map(base.schema());
    let operations = meeting(&map, owner, &[Name::new(field).unwrap()], &mut Seeded::new(11, 0));
    operations.into_iter().any(|operation| break_of(&map, head.schema(), operation).is_some())
}
