//! Why a breaking change is seen by no operation, or a broken operation stands for no breaking change.

use std::collections::BTreeSet;

use apollo_compiler::Schema;
use apollo_compiler::ast::OperationType;
use apollo_compiler::schema::ExtendedType;
use tidegate_schema_check::{Change, ChangeKind};

use crate::conditions::is_executable;
use crate::operations::every::{Key, Map};
use crate::oracle::Broken;

/// Why no operation sees a change that is breaking for us.
pub(crate) fn unseen(change: &Change, map: &Map<'_>, head: &Schema) -> Option<&'static str> {
    let owner = change.path.split('.').next().unwrap_or_default();
    if !owner.is_empty() && !owner.starts_with('@') && !is_met(map, owner) {
        return Some(
            "no operation can name or meet the type: severities do not ask what is reachable, the policy does",
        );
    }
    let kinds = (map.schema.types.get(owner), head.types.get(owner));
    match (change.kind, kinds) {
        (ChangeKind::TypeKindChanged, (Some(_), Some(ExtendedType::Scalar(_)))) => {
            Some("validation takes any literal for a custom scalar; what the server makes of it is another matter")
        }
        (ChangeKind::TypeKindChanged, (Some(ExtendedType::Object(_)), Some(ExtendedType::Interface(_)))) => Some(
            "an object that became an interface is no longer the type of any answer, which validation does not ask",
        ),
        (ChangeKind::TypeKindChanged, _) if map.possible.get(owner).is_some_and(BTreeSet::is_empty) => {
            Some("the old type was an interface that no object implements, so that no answer was of it")
        }
        (ChangeKind::DirectiveLocationRemoved, _) if loses_no_operation(map.schema, head, owner) => {
            Some("the directive went from a kind of operation that the schema does not have")
        }
        (ChangeKind::FieldTypeChanged, _) => {
            let field = change.path.split('.').nth(1).unwrap_or_default();
            let named =
                |schema: &Schema| schema.type_field(owner, field).ok().map(|field| field.ty.inner_named_type().clone());
            // An interface with one object, and that object in its place.
            let same = named(map.schema).zip(named(head)).is_some_and(|(before, after)| {
                before != after && map.possible.get(&before).is_some_and(|all| all.iter().eq([&after]))
            });
            same.then_some(
                "what the fields of the new type return is compared by name and not followed: on the safe side",
            )
        }
        _ => None,
    }
}

/// Whether the places in operations that a directive lost are all on a kind of operation that there is not.
fn loses_no_operation(base: &Schema, head: &Schema, directive: &str) -> bool {
    let name = directive.trim_start_matches('@');
    let locations = |schema: &Schema| schema.directive_definitions.get(name).map(|part| part.locations.clone());
    let left = locations(head).unwrap_or_default();
    let lost = locations(base).unwrap_or_default().into_iter().filter(|location| !left.contains(location));
    lost.into_iter().filter(|location| is_executable(*location)).all(|location| {
        let kinds = [OperationType::Mutation, OperationType::Subscription];
        kinds.into_iter().any(|kind| location == kind.into() && base.root_operation(kind).is_none())
    })
}

/// Whether an operation can name the type or meet it in an answer.
fn is_met(map: &Map<'_>, name: &str) -> bool {
    let answered = map.routes.keys().flat_map(|parent| crate::operations::every::fields(map.schema, parent));
    map.routes.contains_key(name)
        || map.sites.contains_key(name)
        || answered.into_iter().any(|field| field.ty.inner_named_type() == name)
}

/// Why operations break though nothing is breaking for us.
pub(crate) fn meant(broken: &[Broken]) -> Option<&'static str> {
    let aliased = broken.iter().all(|broken| broken.operation.merges == Some(Key::Alias));
    aliased
        .then_some("only operations break that give two fields of two types one alias: dangerous for us, not breaking")
}
