//! What the specification asks of values of `@oneOf` objects in operations, which apollo-compiler 1 does not check.

use apollo_compiler::ast::{Type, Value, VariableDefinition};
use apollo_compiler::executable::{Directive, Selection, SelectionSet};
use apollo_compiler::{ExecutableDocument, Node, Schema};

/// Whether each value of a `@oneOf` object has exactly one field, with a value that cannot be null.
pub(crate) fn is_one(schema: &Schema, document: &ExecutableDocument) -> bool {
    document.operations.iter().all(|operation| {
        let judge = Judge { schema, variables: &operation.variables };
        let defaults = operation
            .variables
            .iter()
            .all(|variable| variable.default_value.as_ref().is_none_or(|value| judge.value(&variable.ty, value)));
        let fragments = document.fragments.values();
        defaults
            && judge.directives(&operation.directives)
            && judge.set(&operation.selection_set)
            && fragments.into_iter().all(|part| judge.directives(&part.directives) && judge.set(&part.selection_set))
    })
}

struct Judge<'a> {
    schema: &'a Schema,
    variables: &'a [Node<VariableDefinition>],
}

impl Judge<'_> {
    fn set(&self, set: &SelectionSet) -> bool {
        set.selections.iter().all(|selection| match selection {
            Selection::Field(field) => {
                let arguments = field.arguments.iter().all(|given| {
                    let declared = field.definition.argument_by_name(&given.name);
                    declared.is_none_or(|declared| self.value(&declared.ty, &given.value))
                });
                arguments && self.directives(&field.directives) && self.set(&field.selection_set)
            }
            Selection::InlineFragment(part) => self.directives(&part.directives) && self.set(&part.selection_set),
            Selection::FragmentSpread(part) => self.directives(&part.directives),
        })
    }

    fn directives(&self, list: &[Node<Directive>]) -> bool {
        list.iter().all(|directive| {
            let definition = self.schema.directive_definitions.get(&directive.name);
            directive.arguments.iter().all(|given| {
                let declared = definition.and_then(|definition| definition.argument_by_name(&given.name));
                declared.is_none_or(|declared| self.value(&declared.ty, &given.value))
            })
        })
    }

    fn value(&self, ty: &Type, value: &Value) -> bool {
        match value {
            Value::List(items) => items.iter().all(|item| self.value(ty.item_type(), item)),
            Value::Object(fields) => {
                let Some(object) = self.schema.get_input_object(ty.inner_named_type()) else { return true };
                let one = !object.directives.has("oneOf") || fields.len() == 1 && self.is_never_null(&fields[0].1);
                one && fields
                    .iter()
                    .all(|(name, value)| object.fields.get(name).is_none_or(|field| self.value(&field.ty, value)))
            }
            _ => true,
        }
    }

    fn is_never_null(&self, value: &Value) -> bool {
        match value {
            Value::Null => false,
            Value::Variable(name) => {
                self.variables.iter().any(|variable| variable.name == *name && variable.ty.is_non_null())
            }
            _ => true,
        }
    }
}
