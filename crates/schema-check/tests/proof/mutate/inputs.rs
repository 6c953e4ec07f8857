//! Arguments, input fields and arguments of directives.

use apollo_compiler::Node;
use apollo_compiler::ast::{DirectiveList, InputValueDefinition, Type, Value};

use super::edit::{Edit, fresh, input_names, pick, pick_where, retyped, words, wrapped};
use crate::schemas::elements::{Element, Sort, input, input_mut, inputs_mut, place};
use crate::schemas::literal::literal;

/// How a new part can be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leave {
    /// It is null then.
    Nullable,
    /// It cannot be.
    Required,
    /// Its default stands in.
    Default,
    /// The same, and null is not allowed.
    RequiredDefault,
}

/// What holds parts of a sort.
fn holder(sort: Sort) -> Sort {
    match sort {
        Sort::Argument => Sort::Field,
        Sort::InputField => Sort::InputObject,
        _ => Sort::Directive,
    }
}

/// Adds a part.
pub(super) fn add(edit: &mut Edit, sort: Sort, leave: Leave) -> Option<()> {
    let element = pick(edit, holder(sort))?;
    let part = made(edit, leave)?;
    let list = inputs_mut(&mut edit.document, element)?;
    let at = edit.random.below(list.len() + 1);
    list.insert(at, part);
    Some(())
}

/// A new part.
pub(super) fn made(edit: &mut Edit, leave: Leave) -> Option<Node<InputValueDefinition>> {
    let ty = wrapped(&input_names(&edit.schema), &mut edit.random)?;
    let required = matches!(leave, Leave::Required | Leave::RequiredDefault);
    let ty = if required { ty.non_null() } else { ty.nullable() };
    let with_default = matches!(leave, Leave::Default | Leave::RequiredDefault);
    let default_value = with_default.then(|| Node::new(literal(&edit.schema, &ty, &mut edit.random, 0)));
    let description = edit.random.chance(30).then(|| words(edit));
    let name = fresh(edit, "given");
    let part =
        InputValueDefinition { description, name, ty: Node::new(ty), default_value, directives: DirectiveList::new() };
    Some(Node::new(part))
}

/// Takes a part away.
pub(super) fn remove(edit: &mut Edit, sort: Sort) -> Option<()> {
    let element = pick(edit, sort)?;
    inputs_mut(&mut edit.document, element)?.remove(place(element));
    Some(())
}

/// Gives a part another type.
pub(super) fn retype(edit: &mut Edit, sort: Sort) -> Option<()> {
    let element = pick(edit, sort)?;
    let names = input_names(&edit.schema);
    let ty = retyped(&input(&edit.document, element)?.ty, &names, &mut edit.random)?;
    input_mut(&mut edit.document, element)?.ty = Node::new(ty);
    Some(())
}

/// Makes a part nullable that was not, or the other way round.
pub(super) fn toggle_null(edit: &mut Edit, sort: Sort) -> Option<()> {
    let element = pick(edit, sort)?;
    let part = input_mut(&mut edit.document, element)?;
    let ty = (*part.ty).clone();
    part.ty = Node::new(if ty.is_non_null() { ty.nullable() } else { ty.non_null() });
    Some(())
}

/// Gives a part a default it did not have, or another.
pub(super) fn set_default(edit: &mut Edit, sort: Sort, had: bool) -> Option<()> {
    let element = pick_where(edit, sort, |document, element| {
        input(document, element).is_some_and(|part| part.default_value.is_some() == had)
    })?;
    let ty = input(&edit.document, element)?.ty.clone();
    let value = literal(&edit.schema, &ty, &mut edit.random, 0);
    input_mut(&mut edit.document, element)?.default_value = Some(Node::new(value));
    Some(())
}

/// Takes the default away.
pub(super) fn drop_default(edit: &mut Edit, sort: Sort) -> Option<()> {
    let element = with_default(edit, sort)?;
    input_mut(&mut edit.document, element)?.default_value = None;
    Some(())
}

fn with_default(edit: &mut Edit, sort: Sort) -> Option<Element> {
    pick_where(edit, sort, |document, element| {
        input(document, element).is_some_and(|part| part.default_value.is_some())
    })
}

/// Writes the same default in another way.
pub(super) fn respell_default(edit: &mut Edit, sort: Sort) -> Option<()> {
    let element = with_default(edit, sort)?;
    let part = input_mut(&mut edit.document, element)?;
    let ty = (*part.ty).clone();
    let value = part.default_value.as_ref()?;
    part.default_value = Some(Node::new(respelled(&ty, value)?));
    Some(())
}

/// The same value: a list of one as its item, an object's fields the other way round, a whole `Float` with a point.
fn respelled(ty: &Type, value: &Value) -> Option<Value> {
    match value {
        Value::List(items) if ty.is_list() && items.len() == 1 && !items[0].is_null() => {
            (!matches!(*items[0], Value::List(_))).then(|| (*items[0]).clone())
        }
        Value::Object(fields) if fields.len() > 1 => Some(Value::Object(fields.iter().rev().cloned().collect())),
        Value::Int(number) if ty.inner_named_type() == "Float" => {
            Some(Value::Float(apollo_compiler::ast::FloatValue::from(number.try_to_f64().ok()?)))
        }
        Value::Int(number) if ty.inner_named_type() == "ID" => Some(Value::String(number.as_str().to_owned())),
        Value::Int(_) | Value::Enum(_) | Value::Boolean(_) if ty.is_list() && !ty.item_type().is_list() => {
            Some(Value::List(vec![Node::new(value.clone())]))
        }
        _ => None,
    }
}
