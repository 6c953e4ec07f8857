//! Types as wholes, and the root types.

use apollo_compiler::ast::OperationType;
use apollo_compiler::schema::{ComponentName, ExtendedType};

use crate::change::Place;
use crate::contract::Contract;
use crate::diff::descriptions::{self, Kinds};
use crate::diff::report::Report;
use crate::diff::spot::Spot;
use crate::diff::usages::{self, Site};
use crate::diff::{enums, fields, inputs, interfaces, unions};
use crate::kind::ChangeKind;
use crate::reach::is_built_in;
use crate::severity::Ground;

/// Compares the schema definitions: written out or left out, they mean the same.
pub(super) fn compare_roots(report: &mut Report<'_>) {
    let (base, head) = (report.base, report.head);
    let (old, new) = (&base.schema().schema_definition, &head.schema().schema_definition);
    root(report, OperationType::Query, old.query.as_ref(), new.query.as_ref());
    root(report, OperationType::Mutation, old.mutation.as_ref(), new.mutation.as_ref());
    root(report, OperationType::Subscription, old.subscription.as_ref(), new.subscription.as_ref());
    let kinds = Kinds::one(ChangeKind::SchemaDescriptionChanged);
    descriptions::compare(report, &kinds, Spot::of_schema, old.description.as_ref(), new.description.as_ref());
    usages::compare(
        report,
        Site::Schema,
        Spot::of_schema,
        Some(&usages::of(&old.directives)),
        &usages::of(&new.directives),
    );
}

fn root(report: &mut Report<'_>, operation: OperationType, old: Option<&ComponentName>, new: Option<&ComponentName>) {
    let kind = match operation {
        OperationType::Query => ChangeKind::SchemaQueryTypeChanged,
        OperationType::Mutation => ChangeKind::SchemaMutationTypeChanged,
        OperationType::Subscription => ChangeKind::SchemaSubscriptionTypeChanged,
    };
    let (ground, message) = match (old, new) {
        (None, Some(new)) => (Ground::WithParent, format!("The {operation} type is `{new}` now; there was none")),
        (Some(old), None) => (Ground::Plain, format!("The {operation} type was `{old}`; there is none now")),
        (Some(old), Some(new)) if old != new => {
            (Ground::Plain, format!("The {operation} type changed from `{old}` to `{new}`"))
        }
        _ => return,
    };
    let places =
        (old.and_then(|name| place_of_root(report.base, name)), new.and_then(|name| place_of_root(report.head, name)));
    report.add(kind, ground, Spot::of_schema(), message, places);
}

/// Where a root type is named; without a schema definition, where the type is.
fn place_of_root(contract: &Contract, name: &ComponentName) -> Option<Place> {
    let ty = contract.schema().types.get(&name.name);
    contract.place(name.location()).or_else(|| contract.place(ty.and_then(|ty| ty.name().location())))
}

/// Compares all types but the built-in ones.
pub(super) fn compare(report: &mut Report<'_>) {
    let (base, head) = (report.base, report.head);
    let (old, new) = (&base.schema().types, &head.schema().types);
    for (name, ty) in old {
        if !is_built_in(name) && !new.contains_key(name) {
            let places = (base.place(ty.name().location()), None);
            let message = format!("The {} `{name}` was removed", noun(ty));
            report.add(ChangeKind::TypeRemoved, Ground::Plain, Spot::of_type(name), message, places);
        }
    }
    for (name, ty) in new.iter().filter(|(name, _)| !is_built_in(name)) {
        let before = old.get(name);
        if before.is_none() {
            let places = (None, head.place(ty.name().location()));
            let message = format!("The {} `{name}` was added", noun(ty));
            report.add(ChangeKind::TypeAdded, Ground::Plain, Spot::of_type(name), message, places);
        }
        compare_parts(report, name, before, ty);
        let kinds = Kinds {
            added: ChangeKind::TypeDescriptionAdded,
            removed: ChangeKind::TypeDescriptionRemoved,
            changed: ChangeKind::TypeDescriptionChanged,
        };
        let description = before.and_then(ExtendedType::description);
        descriptions::compare(report, &kinds, || Spot::of_type(name), description, ty.description());
    }
}

fn compare_parts<'a>(report: &mut Report<'a>, name: &'a str, old: Option<&'a ExtendedType>, new: &'a ExtendedType) {
    use ExtendedType as Type;
    let site = match (old, new) {
        (None | Some(Type::Scalar(_)), Type::Scalar(_)) => Site::Scalar,
        (None | Some(Type::Enum(_)), Type::Enum(new)) => {
            enums::compare(report, name, old.and_then(Type::as_enum), new);
            Site::Enum
        }
        (None | Some(Type::Union(_)), Type::Union(new)) => {
            unions::compare(report, name, old.and_then(Type::as_union), new);
            Site::Union
        }
        (None | Some(Type::InputObject(_)), Type::InputObject(new)) => {
            inputs::compare(report, name, old.and_then(Type::as_input_object), new);
            Site::InputObject
        }
        (None | Some(Type::Object(_)), Type::Object(new)) => {
            let old = old.and_then(Type::as_object);
            let implemented = old.map(|old| &old.implements_interfaces);
            interfaces::compare(report, name, false, implemented, &new.implements_interfaces);
            fields::compare(report, name, old.map(|old| &old.fields), &new.fields);
            Site::Object
        }
        (None | Some(Type::Interface(_)), Type::Interface(new)) => {
            let old = old.and_then(Type::as_interface);
            let implemented = old.map(|old| &old.implements_interfaces);
            interfaces::compare(report, name, true, implemented, &new.implements_interfaces);
            fields::compare(report, name, old.map(|old| &old.fields), &new.fields);
            Site::Interface
        }
        (Some(old), new) => return kind_changed(report, name, old, new),
    };
    let before = old.map(|old| usages::of(old.directives()));
    usages::compare(report, site, || Spot::of_type(name), before.as_deref(), &usages::of(new.directives()));
}

fn kind_changed(report: &mut Report<'_>, name: &str, old: &ExtendedType, new: &ExtendedType) {
    // A union has no fields to lose, so an interface with all its members serves every operation.
    let grows = old.is_union()
        && new.is_interface()
        && report
            .base_index
            .possible(report.base.schema(), name)
            .is_subset(&report.head_index.possible(report.head.schema(), name));
    let ground = if grows { Ground::Grows } else { Ground::Plain };
    let message = format!("`{name}` was {} and is {} now", with_article(old), with_article(new));
    let places = (report.base.place(old.name().location()), report.head.place(new.name().location()));
    report.add(ChangeKind::TypeKindChanged, ground, Spot::of_type(name), message, places);
}

/// What a type is, in words.
pub(super) fn noun(ty: &ExtendedType) -> &'static str {
    match ty {
        ExtendedType::Scalar(_) => "scalar",
        ExtendedType::Object(_) => "type",
        ExtendedType::Interface(_) => "interface",
        ExtendedType::Union(_) => "union",
        ExtendedType::Enum(_) => "enum",
        ExtendedType::InputObject(_) => "input object",
    }
}

fn with_article(ty: &ExtendedType) -> &'static str {
    match ty {
        ExtendedType::Scalar(_) => "a scalar",
        ExtendedType::Object(_) => "an object type",
        ExtendedType::Interface(_) => "an interface",
        ExtendedType::Union(_) => "a union",
        ExtendedType::Enum(_) => "an enum",
        ExtendedType::InputObject(_) => "an input object",
    }
}
