//! What the answer to an operation looks like, before and after.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::Schema;
use apollo_compiler::ast::Type;
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;

/// The first place where an answer can look as no client of the old schema expects: null where there was none, another
/// depth of lists, another scalar or enum.
pub(crate) fn surprise(
    (old_schema, old): (&Schema, &ExecutableDocument),
    (new_schema, new): (&Schema, &ExecutableDocument),
) -> Option<String> {
    let operations = old.operations.iter().zip(new.operations.iter());
    let fragments = old.fragments.values().zip(new.fragments.values());
    let sets = operations
        .map(|(old, new)| (&old.selection_set, &new.selection_set))
        .chain(fragments.map(|(old, new)| (&old.selection_set, &new.selection_set)));
    sets.into_iter().find_map(|(old, new)| in_set((old_schema, old), (new_schema, new)))
}

fn in_set((old_schema, old): (&Schema, &SelectionSet), (new_schema, new): (&Schema, &SelectionSet)) -> Option<String> {
    let inner = |old, new| in_set((old_schema, old), (new_schema, new));
    old.selections.iter().zip(&new.selections).find_map(|pair| match pair {
        (Selection::Field(old), Selection::Field(new)) => {
            let (before, after) = (old.ty(), new.ty());
            if is_expected((old_schema, before), (new_schema, after)) {
                inner(&old.selection_set, &new.selection_set)
            } else {
                Some(format!("{} was {before} and is {after}", old.response_key()))
            }
        }
        (Selection::InlineFragment(old), Selection::InlineFragment(new)) => {
            inner(&old.selection_set, &new.selection_set)
        }
        _ => None,
    })
}

fn is_expected((old_schema, old): (&Schema, &Type), (new_schema, new): (&Schema, &Type)) -> bool {
    if old.is_non_null() && !new.is_non_null() || old.is_list() != new.is_list() {
        return false;
    }
    if old.is_list() {
        return is_expected((old_schema, old.item_type()), (new_schema, new.item_type()));
    }
    let (old, new) = (old.inner_named_type(), new.inner_named_type());
    let is_leaf = |schema: &Schema, name: &str| schema.types.get(name).is_some_and(ExtendedType::is_leaf);
    let is_enum = |schema: &Schema, name: &str| schema.get_enum(name).is_some();
    !is_leaf(old_schema, old) || old == new && is_enum(old_schema, old) == is_enum(new_schema, new)
}
