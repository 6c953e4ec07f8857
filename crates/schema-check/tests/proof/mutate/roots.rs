//! The root operation types.

use apollo_compiler::ast::{Definition, DirectiveList, OperationType, SchemaDefinition};
use apollo_compiler::{Name, Node};

use super::edit::Edit;
use super::fields::made_field;
use super::types::object;
use crate::schemas::elements::roots_mut;

/// Writes the schema's definition down where it followed from names.
fn spell_out(edit: &mut Edit) {
    let written = edit.document.definitions.iter().any(|part| part.as_schema_definition().is_some());
    if !written {
        let roots = edit.schema.schema_definition.iter_root_operations();
        let root_operations = roots.map(|(operation, name)| Node::new((operation, name.name.clone()))).collect();
        let definition = SchemaDefinition { description: None, directives: DirectiveList::new(), root_operations };
        edit.document.definitions.push(Definition::SchemaDefinition(Node::new(definition)));
    }
}

/// Gives an operation another type, or a first one.
pub(super) fn retarget(edit: &mut Edit, operation: OperationType, had: bool) -> Option<()> {
    if edit.schema.root_operation(operation).is_some() != had {
        return None;
    }
    spell_out(edit);
    let taken: Vec<Name> =
        edit.schema.schema_definition.iter_root_operations().map(|(_, name)| name.name.clone()).collect();
    let objects = edit.schema.types.iter().filter(|(name, ty)| ty.is_object() && !name.starts_with("__"));
    let others: Vec<Name> = objects.map(|(name, _)| name.clone()).filter(|name| !taken.contains(name)).collect();
    let name = if edit.random.chance(40) {
        let field = made_field(edit, 1)?;
        object(edit, vec![field])
    } else {
        edit.random.pick(&others)?.clone()
    };
    set(edit, operation, Some(name))
}

/// Takes an operation away.
pub(super) fn remove(edit: &mut Edit, operation: OperationType) -> Option<()> {
    edit.schema.root_operation(operation)?;
    spell_out(edit);
    set(edit, operation, None)
}

fn set(edit: &mut Edit, operation: OperationType, name: Option<Name>) -> Option<()> {
    for definition in &mut edit.document.definitions {
        if let Some(roots) = roots_mut(definition) {
            roots.retain(|root| root.0 != operation);
        }
    }
    let mut definitions = edit.document.definitions.iter_mut();
    let definition = definitions.find(|part| part.as_schema_definition().is_some())?;
    roots_mut(definition)?.extend(name.map(|name| Node::new((operation, name))));
    Some(())
}
