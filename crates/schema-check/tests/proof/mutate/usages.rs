//! Directives are applied, changed and taken off; among them `@deprecated` and `@oneOf`.

use apollo_compiler::ast::{Argument, Directive, DirectiveDefinition, Value};
use apollo_compiler::{Name, Node};

use super::edit::{Edit, fresh, pick, pick_where};
use crate::schemas::conform::location;
use crate::schemas::elements::{Element, Sort, directives_mut};
use crate::schemas::literal::literal;

/// What the specification gives a meaning of its own.
const SPECIFIED: [&str; 3] = ["deprecated", "oneOf", "specifiedBy"];

/// The sorts of parts that directives are applied to.
const SORTS: [Sort; 11] = [
    Sort::Schema,
    Sort::Scalar,
    Sort::Object,
    Sort::Interface,
    Sort::Union,
    Sort::Enum,
    Sort::InputObject,
    Sort::Field,
    Sort::Value,
    Sort::Argument,
    Sort::InputField,
];

/// Applies a directive, a second time if it may be.
pub(super) fn add(edit: &mut Edit, sort: Sort) -> Option<()> {
    let location = location(sort)?;
    let allowed = |directive: &&Node<DirectiveDefinition>| {
        directive.locations.contains(&location) && !SPECIFIED.contains(&directive.name.as_str())
    };
    let candidates: Vec<_> = edit.schema.directive_definitions.values().filter(allowed).cloned().collect();
    let directive = edit.random.pick(&candidates)?.clone();
    let element = pick_where(edit, sort, |document, element| {
        directives_mut(document, element).is_some_and(|list| directive.repeatable || !list.has(&directive.name))
    })?;
    let applied = applied(edit, &directive);
    let list = directives_mut(&mut edit.document, element)?;
    let at = edit.random.below(list.len() + 1);
    list.insert(at, Node::new(applied));
    Some(())
}

/// A directive with its required arguments and some of the others.
pub(crate) fn applied(edit: &mut Edit, directive: &DirectiveDefinition) -> Directive {
    let mut arguments = Vec::new();
    for argument in &directive.arguments {
        if argument.is_required() || edit.random.chance(40) {
            let value = literal(&edit.schema, &argument.ty, &mut edit.random, 0);
            arguments.push(Node::new(Argument { name: argument.name.clone(), value: Node::new(value) }));
        }
    }
    Directive { name: directive.name.clone(), arguments }
}

/// Takes a directive off.
pub(super) fn remove(edit: &mut Edit, sort: Sort) -> Option<()> {
    let element = pick_where(edit, sort, |document, element| {
        directives_mut(document, element).is_some_and(|list| list.iter().any(is_free))
    })?;
    let list = directives_mut(&mut edit.document, element)?;
    let free: Vec<usize> = (0..list.len()).filter(|at| is_free(&list[*at])).collect();
    let at = *edit.random.pick(&free)?;
    list.remove(at);
    Some(())
}

fn is_free(directive: &Node<Directive>) -> bool {
    !SPECIFIED.contains(&directive.name.as_str())
}

fn any_sort(edit: &mut Edit) -> Sort {
    SORTS[edit.random.below(SORTS.len())]
}

/// An applied directive and the definition's arguments.
fn some_applied(edit: &mut Edit, wanted: impl Fn(&Directive) -> bool) -> Option<(Element, usize)> {
    let sort = any_sort(edit);
    let element = pick_where(edit, sort, |document, element| {
        directives_mut(document, element).is_some_and(|list| list.iter().any(|part| is_free(part) && wanted(part)))
    })?;
    let list = directives_mut(&mut edit.document, element)?;
    let fit: Vec<usize> = (0..list.len()).filter(|at| is_free(&list[*at]) && wanted(&list[*at])).collect();
    Some((element, *edit.random.pick(&fit)?))
}

/// Gives an applied directive another argument.
pub(super) fn add_argument(edit: &mut Edit) -> Option<()> {
    let (element, at) = some_applied(edit, |_| true)?;
    let directive = directives_mut(&mut edit.document, element)?[at].clone();
    let definition = edit.schema.directive_definitions.get(&directive.name)?.clone();
    let open: Vec<_> = definition
        .arguments
        .iter()
        .filter(|argument| directive.specified_argument_by_name(&argument.name).is_none())
        .collect();
    let argument = (*edit.random.pick(&open)?).clone();
    let value = literal(&edit.schema, &argument.ty, &mut edit.random, 0);
    let given = Argument { name: argument.name.clone(), value: Node::new(value) };
    directives_mut(&mut edit.document, element)?[at].make_mut().arguments.push(Node::new(given));
    Some(())
}

/// Gives an applied directive one argument less.
pub(super) fn remove_argument(edit: &mut Edit) -> Option<()> {
    let (element, at) = some_applied(edit, |part| !part.arguments.is_empty())?;
    let arguments = &mut directives_mut(&mut edit.document, element)?[at].make_mut().arguments;
    let index = edit.random.below(arguments.len());
    arguments.remove(index);
    Some(())
}

/// Gives an argument of an applied directive another value.
pub(super) fn change_argument(edit: &mut Edit) -> Option<()> {
    let (element, at) = some_applied(edit, |part| !part.arguments.is_empty())?;
    let directive = directives_mut(&mut edit.document, element)?[at].clone();
    let index = edit.random.below(directive.arguments.len());
    let definition = edit.schema.directive_definitions.get(&directive.name)?.clone();
    let ty = definition.argument_by_name(&directive.arguments[index].name)?.ty.clone();
    let value = literal(&edit.schema, &ty, &mut edit.random, 0);
    directives_mut(&mut edit.document, element)?[at].make_mut().arguments[index].make_mut().value = Node::new(value);
    Some(())
}

/// Brings applied directives, or their arguments, in another order.
pub(super) fn reorder(edit: &mut Edit) -> Option<()> {
    let (element, at) = some_applied(edit, |_| true)?;
    let list = directives_mut(&mut edit.document, element)?;
    let arguments = &mut list[at].make_mut().arguments;
    edit.random.shuffle(arguments);
    // Applications of one directive keep their order: which of them is which is told by nothing else.
    let mut named: Vec<(Name, Vec<Node<Directive>>)> = Vec::new();
    for directive in list.drain(..) {
        match named.iter_mut().find(|(name, _)| *name == directive.name) {
            Some((_, same)) => same.push(directive),
            None => named.push((directive.name.clone(), vec![directive])),
        }
    }
    edit.random.shuffle(&mut named);
    list.extend(named.into_iter().flat_map(|(_, same)| same));
    Some(())
}

fn deprecated(reason: Option<&str>) -> Node<Directive> {
    let name = Name::new("deprecated").unwrap();
    let reason = reason.map(|text| {
        let value = Node::new(Value::String(text.to_owned()));
        Node::new(Argument { name: Name::new("reason").unwrap(), value })
    });
    Node::new(Directive { name, arguments: reason.into_iter().collect() })
}

fn reason(edit: &mut Edit) -> Node<Directive> {
    let text = format!("Use {} instead", fresh(edit, "other"));
    deprecated(Some(&text))
}

/// Deprecates a part, with or without a reason.
pub(super) fn deprecate(edit: &mut Edit, sort: Sort) -> Option<()> {
    let element = pick_where(edit, sort, |document, element| {
        directives_mut(document, element).is_some_and(|list| !list.has("deprecated"))
    })?;
    let directive = if edit.random.chance(60) { reason(edit) } else { deprecated(None) };
    directives_mut(&mut edit.document, element)?.push(directive);
    Some(())
}

/// A deprecated part, one with a reason or one without.
fn pick_deprecated(edit: &mut Edit, sort: Sort, with_reason: Option<bool>) -> Option<Element> {
    pick_where(edit, sort, |document, element| {
        let list = directives_mut(document, element).and_then(|list| list.get("deprecated").cloned());
        list.is_some_and(|part| with_reason.is_none_or(|wanted| wanted != part.arguments.is_empty()))
    })
}

/// Takes a deprecation back.
pub(super) fn undeprecate(edit: &mut Edit, sort: Sort) -> Option<()> {
    let element = pick_deprecated(edit, sort, None)?;
    directives_mut(&mut edit.document, element)?.retain(|part| part.name != "deprecated");
    Some(())
}

/// Gives a deprecation a reason, another one, or none.
pub(super) fn change_reason(edit: &mut Edit, sort: Sort, had: bool, has: bool) -> Option<()> {
    let element = pick_deprecated(edit, sort, Some(had))?;
    let directive = if has { reason(edit) } else { deprecated(None) };
    let list = directives_mut(&mut edit.document, element)?;
    *list.iter_mut().find(|part| part.name == "deprecated")? = directive;
    Some(())
}

/// Makes an input object one of whose fields must be given, or takes that back.
pub(super) fn one_of(edit: &mut Edit, becomes: bool) -> Option<()> {
    let element = pick_where(edit, Sort::InputObject, |document, element| {
        directives_mut(document, element).is_some_and(|list| list.has("oneOf") != becomes)
    })?;
    let list = directives_mut(&mut edit.document, element)?;
    if becomes {
        list.push(Directive::new(Name::new("oneOf").unwrap()));
    } else {
        list.retain(|part| part.name != "oneOf");
    }
    Some(())
}

/// Gives a scalar another specification, a first one, or none.
pub(super) fn specified_by(edit: &mut Edit) -> Option<()> {
    let element = pick(edit, Sort::Scalar)?;
    let url = format!("https://example.org/{}", fresh(edit, "scalar"));
    let change = edit.random.below(2) == 0;
    let list = directives_mut(&mut edit.document, element)?;
    let had = list.has("specifiedBy");
    list.retain(|part| part.name != "specifiedBy");
    if !had || change {
        let value = Node::new(Value::String(url));
        let argument = Node::new(Argument { name: Name::new("url").unwrap(), value });
        list.push(Directive { name: Name::new("specifiedBy").unwrap(), arguments: vec![argument] });
    }
    Some(())
}
