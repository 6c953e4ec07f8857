//! A document under change.

use apollo_compiler::ast::{Document, Type};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Node, Schema};

use crate::schemas::conform::{conform, is_finite};
use crate::schemas::elements::{Element, Sort, elements};
use crate::seeded::Seeded;

/// A document, its schema, and the randomness that changes it.
#[derive(Clone)]
pub(crate) struct Edit {
    pub(crate) document: Document,
    pub(crate) schema: Valid<Schema>,
    pub(crate) random: Seeded,
    pub(crate) serial: usize,
}

/// What a change may be tried in vain, for want of a place or because the outcome would be no schema.
const ATTEMPTS: usize = 12;

/// The document after a change and what follows from it; nothing if the change cannot be made there.
pub(crate) fn apply(before: &Edit, change: fn(&mut Edit) -> Option<()>, may_differ_in_nothing: bool) -> Option<Edit> {
    let mut random = before.random.clone();
    for _ in 0..ATTEMPTS {
        let mut edit = Edit { random: random.clone(), ..before.clone() };
        random.below(2);
        if change(&mut edit).is_none() {
            continue;
        }
        conform(&mut edit.document);
        if !may_differ_in_nothing && edit.document == before.document {
            continue;
        }
        if let Ok(schema) = edit.document.to_schema_validate()
            && is_finite(&schema)
        {
            return Some(Edit { schema, serial: edit.serial + 1, ..edit });
        }
    }
    None
}

/// A name that is not taken.
pub(crate) fn fresh(edit: &mut Edit, prefix: &str) -> Name {
    edit.serial += 1;
    Name::new(&format!("{prefix}{}", edit.serial)).unwrap()
}

/// One of the parts of a sort.
pub(crate) fn pick(edit: &mut Edit, sort: Sort) -> Option<Element> {
    pick_where(edit, sort, |_, _| true)
}

/// One of the parts of a sort that are as wanted.
pub(crate) fn pick_where(
    edit: &mut Edit,
    sort: Sort,
    wanted: impl Fn(&mut Document, Element) -> bool,
) -> Option<Element> {
    let mut list = elements(&edit.document, sort);
    edit.random.shuffle(&mut list);
    // A look does not change the document, but goes the same way as a change.
    let mut looked_at = edit.document.clone();
    list.into_iter().find(|element| wanted(&mut looked_at, *element))
}

/// The named types that can be given.
pub(crate) fn input_names(schema: &Schema) -> Vec<Name> {
    names(schema, ExtendedType::is_input_type)
}

/// The named types that can be answered.
pub(crate) fn output_names(schema: &Schema) -> Vec<Name> {
    names(schema, ExtendedType::is_output_type)
}

fn names(schema: &Schema, is: impl Fn(&ExtendedType) -> bool) -> Vec<Name> {
    let wanted = schema.types.iter().filter(|(name, ty)| !name.starts_with("__") && is(ty));
    wanted.map(|(name, _)| name.clone()).collect()
}

/// A type around one of the names: usually plain, sometimes a list, sometimes non-null.
pub(crate) fn wrapped(names: &[Name], random: &mut Seeded) -> Option<Type> {
    let mut ty = Type::Named(random.pick(names)?.clone());
    if random.chance(25) {
        ty = if random.chance(50) { ty.non_null().list() } else { ty.list() };
    }
    if random.chance(12) {
        ty = ty.list();
    }
    Some(if random.chance(35) { ty.non_null() } else { ty })
}

/// A near relative of a type: another name, another wrapping.
pub(crate) fn retyped(ty: &Type, names: &[Name], random: &mut Seeded) -> Option<Type> {
    Some(match random.below(6) {
        0 if ty.is_non_null() => ty.clone().nullable(),
        0 => ty.clone().non_null(),
        1 => toggled_inside(ty),
        2 if ty.is_list() => ty.item_type().clone(),
        2 => ty.clone().list(),
        3 => renamed(ty, random.pick(names)?),
        4 if ty.is_non_null() => toggled_inside(ty).nullable(),
        4 => toggled_inside(ty).non_null(),
        _ => wrapped(names, random)?,
    })
}

/// The same type with the innermost items non-null if they were not, or nullable.
fn toggled_inside(ty: &Type) -> Type {
    match ty {
        Type::List(item) => Type::List(Box::new(toggled_inside(item))),
        Type::NonNullList(item) => Type::NonNullList(Box::new(toggled_inside(item))),
        Type::Named(name) => Type::NonNullNamed(name.clone()),
        Type::NonNullNamed(name) => Type::Named(name.clone()),
    }
}

/// The same type around another name.
pub(crate) fn renamed(ty: &Type, name: &Name) -> Type {
    match ty {
        Type::Named(_) => Type::Named(name.clone()),
        Type::NonNullNamed(_) => Type::NonNullNamed(name.clone()),
        Type::List(item) => Type::List(Box::new(renamed(item, name))),
        Type::NonNullList(item) => Type::NonNullList(Box::new(renamed(item, name))),
    }
}

/// A description.
pub(crate) fn words(edit: &mut Edit) -> Node<str> {
    edit.serial += 1;
    let text = match edit.random.below(4) {
        0 => format!("Words {}.", edit.serial),
        1 => format!("Words\n  in lines,\n{}.", edit.serial),
        2 => format!("\"Quoted\" \\ words' {} \u{e9}.", edit.serial),
        _ => format!("w{}", edit.serial),
    };
    Node::new_str(&text)
}
