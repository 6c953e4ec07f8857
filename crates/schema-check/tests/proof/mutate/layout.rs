//! What means the same: another order, and parts moved into extensions.

use apollo_compiler::Node;
use apollo_compiler::ast::{
    Definition, DirectiveList, EnumTypeExtension, InputObjectTypeExtension, InterfaceTypeExtension,
    ObjectTypeExtension, SchemaExtension, UnionTypeExtension,
};

use super::edit::{Edit, pick};
use crate::schemas::elements::{
    Sort, definition_directives_mut, fields_mut, input_fields_mut, interfaces_mut, members_mut, values_mut,
};

/// Brings everything in another order.
#[expect(clippy::unnecessary_wraps, reason = "every change has this form")]
pub(super) fn reorder(edit: &mut Edit) -> Option<()> {
    let random = &mut edit.random;
    random.shuffle(&mut edit.document.definitions);
    for definition in &mut edit.document.definitions {
        if let Some(list) = fields_mut(definition) {
            random.shuffle(list);
            for field in list.iter_mut() {
                random.shuffle(&mut field.make_mut().arguments);
            }
        }
        if let Some(list) = values_mut(definition) {
            random.shuffle(list);
        }
        if let Some(list) = input_fields_mut(definition) {
            random.shuffle(list);
        }
        if let Some(list) = members_mut(definition) {
            random.shuffle(list);
        }
        if let Some(list) = interfaces_mut(definition) {
            random.shuffle(list);
        }
        if let Definition::DirectiveDefinition(directive) = definition {
            let directive = directive.make_mut();
            random.shuffle(&mut directive.locations);
            random.shuffle(&mut directive.arguments);
        }
    }
    Some(())
}

/// Moves the last part of a definition, and now and then its directives, into an extension.
pub(super) fn extend(edit: &mut Edit) -> Option<()> {
    let sorts = [Sort::Object, Sort::Interface, Sort::Enum, Sort::InputObject, Sort::Union];
    let sort = *edit.random.pick(&sorts)?;
    let crate::schemas::elements::Element::Definition(index) = pick(edit, sort)? else { return None };
    let with_directives = edit.random.chance(25);
    let definition = &mut edit.document.definitions[index];
    let name = definition.name()?.clone();
    let mut directives = DirectiveList::new();
    if with_directives {
        let list = definition_directives_mut(definition)?;
        let moved = list.iter().filter(|part| part.name != "oneOf").cloned().collect();
        list.retain(|part| part.name == "oneOf");
        directives = moved;
    }
    let extension = match definition {
        Definition::ObjectTypeDefinition(part) => {
            let fields = last(&mut part.make_mut().fields)?;
            ObjectTypeExtension { name, implements_interfaces: Vec::new(), directives, fields }.into()
        }
        Definition::InterfaceTypeDefinition(part) => {
            let fields = last(&mut part.make_mut().fields)?;
            InterfaceTypeExtension { name, implements_interfaces: Vec::new(), directives, fields }.into()
        }
        Definition::EnumTypeDefinition(part) => {
            EnumTypeExtension { name, directives, values: last(&mut part.make_mut().values)? }.into()
        }
        Definition::InputObjectTypeDefinition(part) => {
            InputObjectTypeExtension { name, directives, fields: last(&mut part.make_mut().fields)? }.into()
        }
        Definition::UnionTypeDefinition(part) => {
            UnionTypeExtension { name, directives, members: last(&mut part.make_mut().members)? }.into()
        }
        _ => return None,
    };
    edit.document.definitions.push(extension);
    Some(())
}

fn last<T>(list: &mut Vec<T>) -> Option<Vec<T>> {
    if list.len() < 2 { None } else { list.pop().map(|part| vec![part]) }
}

/// Moves a root operation into an extension of the schema.
pub(super) fn extend_schema(edit: &mut Edit) -> Option<()> {
    let mut definitions = edit.document.definitions.iter_mut();
    let root_operations = definitions.find_map(|part| match part {
        Definition::SchemaDefinition(part) => last(&mut part.make_mut().root_operations),
        _ => None,
    })?;
    let extension = SchemaExtension { directives: DirectiveList::new(), root_operations };
    edit.document.definitions.push(Definition::SchemaExtension(Node::new(extension)));
    Some(())
}
