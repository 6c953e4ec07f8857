//! Descriptions come, change and go.

use super::edit::{Edit, pick_where, words};
use crate::schemas::elements::{Sort, TYPES, description_mut};

/// Describes what had no description.
pub(super) fn add(edit: &mut Edit, sort: Sort) -> Option<()> {
    let element = pick_where(edit, sort, |document, element| {
        description_mut(document, element).is_some_and(|description| description.is_none())
    })?;
    let text = words(edit);
    *description_mut(&mut edit.document, element)? = Some(text);
    Some(())
}

/// Describes it in other words.
pub(super) fn change(edit: &mut Edit, sort: Sort) -> Option<()> {
    let element = described(edit, sort)?;
    let text = words(edit);
    *description_mut(&mut edit.document, element)? = Some(text);
    Some(())
}

/// Takes the description away.
pub(super) fn remove(edit: &mut Edit, sort: Sort) -> Option<()> {
    let element = described(edit, sort)?;
    *description_mut(&mut edit.document, element)? = None;
    Some(())
}

fn described(edit: &mut Edit, sort: Sort) -> Option<crate::schemas::elements::Element> {
    pick_where(edit, sort, |document, element| {
        description_mut(document, element).is_some_and(|description| description.is_some())
    })
}

/// One of the sorts of types.
pub(super) fn any_type(edit: &mut Edit) -> Sort {
    TYPES[edit.random.below(TYPES.len())]
}
