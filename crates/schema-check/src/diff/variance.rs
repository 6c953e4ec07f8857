//! When another type still serves the same operations.

use apollo_compiler::Name;
use apollo_compiler::ast::{InputValueDefinition, Type};
use apollo_compiler::schema::ExtendedType;

use crate::diff::arguments::named;
use crate::diff::report::Report;
use crate::diff::spot::Spot;
use crate::kind::ChangeKind;
use crate::severity::Ground;

/// What a field's new type does to operations that select it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// They stay valid, and answers are what they were or less often null.
    Fits,
    /// They stay valid, but answers may hold other object types.
    Grows,
    /// Some become invalid, or their answers take another shape.
    Breaks,
}

/// Whether every value and variable of the old type is one of the new type: the same type, or nullable where it was
/// not. A list for a single value is not: a literal would be coerced, a variable is refused.
pub(super) fn accepts(old: &Type, new: &Type) -> bool {
    match (old, new) {
        (Type::Named(old), Type::Named(new))
        | (Type::NonNullNamed(old), Type::Named(new) | Type::NonNullNamed(new)) => old == new,
        (Type::List(old), Type::List(new)) | (Type::NonNullList(old), Type::List(new) | Type::NonNullList(new)) => {
            accepts(old, new)
        }
        _ => false,
    }
}

/// Compares the types of an argument or input field; `ground` is the one to give if the new type does not fit.
pub(super) fn compare_input(
    report: &mut Report<'_>,
    kind: ChangeKind,
    ground: Option<Ground>,
    spot: impl FnOnce() -> Spot,
    old: &InputValueDefinition,
    new: &InputValueDefinition,
) {
    if old.ty == new.ty {
        return;
    }
    let fits = accepts(&old.ty, &new.ty);
    let ground = if fits { Ground::Fits } else { ground.unwrap_or(Ground::Plain) };
    let spot = spot();
    let message = format!("The type of {} changed from `{}` to `{}`", spot.quoted(), old.ty, new.ty);
    let places = (report.base.place_of_type(&old.ty), report.head.place_of_type(&new.ty));
    report.add(kind, ground, spot, message, places);
}

/// What a field's new type does to operations.
pub(super) fn answer(report: &Report<'_>, old: &Type, new: &Type) -> Answer {
    match (old, new) {
        (Type::NonNullNamed(_), Type::Named(_)) | (Type::NonNullList(_), Type::List(_)) => Answer::Breaks,
        (Type::Named(old) | Type::NonNullNamed(old), Type::Named(new) | Type::NonNullNamed(new)) => {
            if old == new {
                Answer::Fits
            } else {
                other_type(report, old, new)
            }
        }
        (Type::List(old) | Type::NonNullList(old), Type::List(new) | Type::NonNullList(new)) => {
            answer(report, old, new)
        }
        _ => Answer::Breaks,
    }
}

/// Whether another composite type serves the same selections.
///
/// Every fragment on an object type that could be met must still apply, so the new type has all of the old type's
/// possible types: narrowing an interface to one of its many types breaks operations. What was selected on the old
/// type itself must be there and of the same type. An object becoming abstract breaks, because fields of different
/// objects may share a key and fields of an object and an interface may not.
fn other_type(report: &Report<'_>, old: &Name, new: &Name) -> Answer {
    let (base, head) = (report.base.schema(), report.head.schema());
    let selectable = match base.types.get(old) {
        Some(ExtendedType::Interface(interface)) => Some(&interface.fields),
        Some(ExtendedType::Union(_)) => None,
        _ => return Answer::Breaks,
    };
    let before = report.base_index.possible(base, old);
    let after = report.head_index.possible(head, new);
    if !before.is_subset(&after) {
        return Answer::Breaks;
    }
    for (name, field) in selectable.into_iter().flatten() {
        let Ok(now) = head.type_field(new, name) else { return Answer::Breaks };
        let arguments = named(&now.arguments);
        let known = named(&field.arguments);
        let same_arguments = field
            .arguments
            .iter()
            .all(|argument| arguments.get(argument.name.as_str()).is_some_and(|now| accepts(&argument.ty, &now.ty)));
        let was_required = |name: &str| known.get(name).is_some_and(|argument| argument.is_required());
        let none_required =
            now.arguments.iter().all(|argument| !argument.is_required() || was_required(argument.name.as_str()));
        if now.ty != field.ty || !same_arguments || !none_required {
            return Answer::Breaks;
        }
    }
    if before.len() == after.len() { Answer::Fits } else { Answer::Grows }
}
