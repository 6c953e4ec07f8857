//! What belongs to a union, and what implements an interface.

use apollo_compiler::Name;

use super::edit::{Edit, pick, pick_where};
use crate::schemas::elements::{Element, Sort, interfaces, interfaces_mut, members_mut};

/// Adds a member to a union.
pub(super) fn add_member(edit: &mut Edit) -> Option<()> {
    let Element::Definition(index) = pick(edit, Sort::Union)? else { return None };
    let objects = edit.schema.types.iter().filter(|(name, ty)| ty.is_object() && !name.starts_with("__"));
    let name = edit.document.definitions[index].name()?.clone();
    let known = &edit.schema.get_union(&name)?.members;
    let others: Vec<Name> = objects.map(|(name, _)| name.clone()).filter(|name| !known.contains(name)).collect();
    let member = edit.random.pick(&others)?.clone();
    let list = members_mut(&mut edit.document.definitions[index])?;
    let at = edit.random.below(list.len() + 1);
    list.insert(at, member);
    Some(())
}

/// Takes a member from a union.
pub(super) fn remove_member(edit: &mut Edit) -> Option<()> {
    let Element::Definition(index) = pick(edit, Sort::Union)? else { return None };
    let list = members_mut(&mut edit.document.definitions[index])?;
    if list.len() < 2 {
        return None;
    }
    let at = edit.random.below(list.len());
    list.remove(at);
    Some(())
}

/// Lets a type implement one more interface.
pub(super) fn implement(edit: &mut Edit, sort: Sort) -> Option<()> {
    let Element::Definition(index) = pick(edit, sort)? else { return None };
    let name = edit.document.definitions[index].name()?.clone();
    let declared = edit.schema.types.iter().filter(|(_, ty)| ty.is_interface()).map(|(name, _)| name.clone());
    let others: Vec<Name> = declared.filter(|other| *other != name && !edit.schema.is_subtype(other, &name)).collect();
    let interface = edit.random.pick(&others)?.clone();
    interfaces_mut(&mut edit.document.definitions[index])?.push(interface);
    Some(())
}

/// Lets a type implement one interface less.
pub(super) fn forsake(edit: &mut Edit, sort: Sort) -> Option<()> {
    let element = pick_where(edit, sort, |document, element| match element {
        Element::Definition(index) => !interfaces(&document.definitions[index]).is_empty(),
        _ => false,
    })?;
    let Element::Definition(index) = element else { return None };
    let list = interfaces_mut(&mut edit.document.definitions[index])?;
    let at = edit.random.below(list.len());
    list.remove(at);
    Some(())
}
