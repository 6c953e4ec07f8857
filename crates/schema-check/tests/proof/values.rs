//! What the specification asks of values in operations and apollo-compiler 1 does not check: the one field of a
//! `@oneOf` object, variables inside lists and objects, and null for a non-null field that has a default.

use apollo_compiler::ast::{InputValueDefinition, Type, Value, VariableDefinition};
use apollo_compiler::executable::{Directive, Selection, SelectionSet};
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};

/// Whether all values are valid, as far as that is checked here.
pub(crate) fn are_valid(schema: &Schema, document: &ExecutableDocument) -> bool {
    document.operations.iter().all(|operation| {
        let judge = Judge { schema, variables: &operation.variables };
        let defaults = operation.variables.iter().all(|variable| {
            variable.default_value.as_ref().is_none_or(|value| judge.value(&variable.ty, false, value))
        });
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
                    declared.is_none_or(|declared| self.given(declared, &given.value))
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
                declared.is_none_or(|declared| self.given(declared, &given.value))
            })
        })
    }

    fn given(&self, declared: &InputValueDefinition, value: &Value) -> bool {
        self.value(&declared.ty, declared.default_value.is_some(), value)
    }

    /// A value for a place of this type, which may have a default.
    fn value(&self, ty: &Type, has_default: bool, value: &Value) -> bool {
        match value {
            Value::Null => !ty.is_non_null(),
            Value::Variable(name) => self.is_allowed(name, ty, has_default),
            Value::List(items) if ty.is_list() => items.iter().all(|item| self.value(ty.item_type(), false, item)),
            Value::Object(fields) => {
                let Some(object) = self.schema.get_input_object(ty.inner_named_type()) else { return true };
                let one = !object.directives.has("oneOf") || fields.len() == 1 && self.is_never_null(&fields[0].1);
                one && fields
                    .iter()
                    .all(|(name, value)| object.fields.get(name).is_none_or(|field| self.given(field, value)))
            }
            _ => true,
        }
    }

    /// Specification, "All Variable Usages Are Allowed".
    fn is_allowed(&self, name: &Name, ty: &Type, has_default: bool) -> bool {
        let Some(variable) = self.variables.iter().find(|variable| variable.name == *name) else { return true };
        let never_null = variable.default_value.as_ref().is_some_and(|value| !value.is_null());
        if ty.is_non_null() && !variable.ty.is_non_null() {
            return (never_null || has_default) && variable.ty.is_assignable_to(&ty.clone().nullable());
        }
        variable.ty.is_assignable_to(ty)
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
