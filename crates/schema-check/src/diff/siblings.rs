//! Fields that an operation may select side by side under one key.
//!
//! Two fragments in one selection set may give fields of different types under one key, but only if both are
//! nullable or neither is, at every level of lists, and leaf types are the same (specification, "Field Selection
//! Merging"). So making one field non-null can make an operation invalid that is valid without any change to it.
//! Looked at is what stands directly in fragments on the members of one interface or union; fields that only meet
//! deeper, inside composite fields that already share a key, are not.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use apollo_compiler::Schema;
use apollo_compiler::ast::Type;
use apollo_compiler::schema::ExtendedType;

use crate::diff::fields::Fields;
use crate::diff::report::Report;

/// For each interface and union asked about, the fields that can meet in it.
#[derive(Default)]
pub(super) struct Siblings<'a> {
    meetings: HashMap<&'a str, Meeting<'a>>,
}

/// Another field with which a field no longer agrees.
pub(super) struct Clash {
    /// As in `Cat.name`.
    pub(super) other: String,
    /// Whether they meet only if an operation renames one of them.
    pub(super) by_alias: bool,
}

/// What decides whether fields agree: lists, nullability and the leaf type, if it is one.
type Shape = String;

/// A field in the head, and its types.
type Met<'a> = (&'a str, &'a str);

/// The fields in both schemas that can stand in fragments side by side, by how they looked before and look now. At
/// most two are kept for each pair of shapes: one may be the field that is asked about.
#[derive(Default)]
struct Meeting<'a> {
    by_name: HashMap<&'a str, BTreeMap<(Shape, Shape), BTreeSet<Met<'a>>>>,
    by_shape: HashMap<Shape, BTreeMap<Shape, BTreeSet<Met<'a>>>>,
}

impl<'a> Siblings<'a> {
    /// The field that no longer agrees with a field whose type changed, if any does not.
    pub(super) fn clash(
        &mut self,
        report: &Report<'a>,
        owner: &'a str,
        field: &str,
        old: &Type,
        new: &Type,
    ) -> Option<Clash> {
        let before = shape(report.base.schema(), old);
        let after = shape(report.head.schema(), new);
        if before == after {
            return None;
        }
        let places = meeting_places(report, owner);
        for place in &places {
            let meeting = self.meeting(report, place);
            for ((was, is), fields) in meeting.by_name.get(field).into_iter().flatten() {
                let other = fields.iter().find(|(other, _)| *other != owner);
                if let Some((other, name)) = other.filter(|_| *was == before && *is != after) {
                    return Some(Clash { other: format!("{other}.{name}"), by_alias: false });
                }
            }
        }
        // Only fields of two different objects may share a key without sharing the name.
        report.base.schema().get_object(owner)?;
        for place in &places {
            let meeting = self.meeting(report, place);
            for (_, fields) in meeting.by_shape.get(&before).into_iter().flatten().filter(|(is, _)| **is != after) {
                let is_object = |name: &str| report.base.schema().get_object(name).is_some();
                if let Some((other, name)) = fields.iter().find(|(other, _)| *other != owner && is_object(other)) {
                    return Some(Clash { other: format!("{other}.{name}"), by_alias: true });
                }
            }
        }
        None
    }

    fn meeting(&mut self, report: &Report<'a>, place: &'a str) -> &Meeting<'a> {
        self.meetings.entry(place).or_insert_with(|| met_in(report, place))
    }
}

/// The interfaces and unions in whose selection sets a fragment on a type can stand.
fn meeting_places<'a>(report: &Report<'a>, owner: &'a str) -> Vec<&'a str> {
    let mut places = Vec::new();
    match report.base.schema().types.get(owner) {
        Some(ExtendedType::Object(object)) => {
            places.extend(object.implements_interfaces.iter().map(|interface| interface.name.as_str()));
            places.extend(report.base_index.unions.get(owner).into_iter().flatten().copied());
        }
        Some(ExtendedType::Interface(interface)) => {
            places.push(owner);
            places.extend(interface.implements_interfaces.iter().map(|interface| interface.name.as_str()));
            // A fragment on it can also stand where only its objects belong.
            for object in report.base_index.possible(report.base.schema(), owner) {
                places.extend(report.base_index.unions.get(object).into_iter().flatten().copied());
                let interfaces = report.base.schema().get_object(object).map(|object| &object.implements_interfaces);
                places.extend(interfaces.into_iter().flatten().map(|interface| interface.name.as_str()));
            }
            places.sort_unstable();
            places.dedup();
        }
        _ => {}
    }
    places
}

fn met_in<'a>(report: &Report<'a>, place: &'a str) -> Meeting<'a> {
    let (base, head) = (report.base.schema(), report.head.schema());
    let mut types = report.base_index.possible(base, place);
    types.insert(place);
    // A fragment on an interface of a member can stand beside one on another member.
    let interfaces = |name: &&str| base.get_object(name).map(|object| &object.implements_interfaces);
    let interfaces = types.iter().filter_map(interfaces).flatten().map(|interface| interface.name.as_str());
    types.extend(interfaces.collect::<Vec<_>>());
    let mut meeting = Meeting::default();
    for name in types {
        let Some((name, old)) = fields_of(base, name) else { continue };
        let Some((_, new)) = fields_of(head, name) else { continue };
        for (field, before) in old {
            let Some(after) = new.get(field) else { continue };
            let (was, is) = (shape(base, &before.ty), shape(head, &after.ty));
            let met = (name, field.as_str());
            keep(meeting.by_name.entry(field).or_default().entry((was.clone(), is.clone())).or_default(), met);
            keep(meeting.by_shape.entry(was).or_default().entry(is).or_default(), met);
        }
    }
    meeting
}

/// Keeps fields of two types at most: one may be the type that is asked about.
fn keep<'a>(fields: &mut BTreeSet<Met<'a>>, met: Met<'a>) {
    if fields.len() < 2 && fields.iter().all(|(owner, _)| *owner != met.0) {
        fields.insert(met);
    }
}

fn fields_of<'a>(schema: &'a Schema, name: &str) -> Option<(&'a str, &'a Fields)> {
    match schema.types.get(name)? {
        ExtendedType::Object(object) => Some((object.name.as_str(), &object.fields)),
        ExtendedType::Interface(interface) => Some((interface.name.as_str(), &interface.fields)),
        _ => None,
    }
}

fn shape(schema: &Schema, ty: &Type) -> Shape {
    let name = ty.inner_named_type();
    let written = ty.to_string();
    if schema.types.get(name).is_some_and(ExtendedType::is_leaf) {
        return written;
    }
    written.replace(name.as_str(), "")
}
