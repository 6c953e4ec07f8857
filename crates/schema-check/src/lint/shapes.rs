//! Nullability, payloads, types that nobody can reach.

use apollo_compiler::schema::ExtendedType;

use super::rules::Subject;
use crate::parts::{Part, PartKind};
use crate::reach::reachable;

fn fields<'a>(subject: &'a Subject<'_>) -> impl Iterator<Item = &'a Part<'a>> {
    subject.parts.iter().filter(|part| part.kind == PartKind::Field)
}

pub(super) fn ids(subject: &Subject<'_>) -> Vec<(String, String)> {
    let other = |part: &&Part<'_>| part.name == "id" && part.ty.is_some_and(|ty| ty.to_string() != "ID!");
    let message =
        |part: &Part<'_>| format!("it is {}, and an id is ID!", part.ty.map(ToString::to_string).unwrap_or_default());
    fields(subject).filter(other).map(|part| (part.coordinate.clone(), message(part))).collect()
}

pub(super) fn items(subject: &Subject<'_>) -> Vec<(String, String)> {
    let nullable = |part: &&Part<'_>| part.ty.is_some_and(|ty| ty.is_list() && !ty.item_type().is_non_null());
    let message = "an item of the list may be null: write [T!] if none ever is";
    fields(subject).filter(nullable).map(|part| (part.coordinate.clone(), message.to_owned())).collect()
}

pub(super) fn lists(subject: &Subject<'_>) -> Vec<(String, String)> {
    let nullable = |part: &&Part<'_>| part.ty.is_some_and(|ty| ty.is_list() && !ty.is_non_null());
    let message = "the list may be null: write [T!]! and answer an empty one";
    fields(subject).filter(nullable).map(|part| (part.coordinate.clone(), message.to_owned())).collect()
}

pub(super) fn payloads(subject: &Subject<'_>) -> Vec<(String, String)> {
    let root = subject.schema.schema_definition.mutation.as_ref().map(|root| root.name.as_str());
    let of_root = |part: &&Part<'_>| part.of.map(|of| of.name().as_str()) == root;
    let fault = |part: &Part<'_>| {
        let ty = part.ty?;
        let name = ty.inner_named_type();
        let object = matches!(subject.schema.types.get(name), Some(ExtendedType::Object(_) | ExtendedType::Union(_)));
        if !name.ends_with("Payload") || ty.is_list() || !object {
            return Some(format!(
                "it answers {ty}: make it an object or union named …Payload, so that more can be said later"
            ));
        }
        (!ty.is_non_null())
            .then(|| format!("it answers {ty}, which may be null: say what was refused within the payload"))
    };
    let faults = fields(subject).filter(of_root).filter_map(|part| Some((part.coordinate.clone(), fault(part)?)));
    if root.is_some() { faults.collect() } else { Vec::new() }
}

pub(super) fn unreachable(subject: &Subject<'_>) -> Vec<(String, String)> {
    let reach = reachable(subject.schema);
    let lost = subject.parts.iter().filter(|part| part.kind == PartKind::Type && !reach.contains(part.name));
    lost.map(|part| (part.coordinate.clone(), "no operation can reach it: remove it".to_owned())).collect()
}
