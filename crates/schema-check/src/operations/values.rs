//! What the specification asks of values in operations and apollo-compiler 1 does not check: the one field of a
//! `@oneOf` object, variables inside lists and objects, and null for a non-null place that has a default.

use apollo_compiler::ast::{InputValueDefinition, Type, Value, VariableDefinition};
use apollo_compiler::executable::{Directive, Operation, Selection, SelectionSet};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};

/// A value that its place does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misplaced {
    /// Why, in a sentence.
    pub message: String,
    /// Where it stands.
    pub place: Option<SourceSpan>,
}

/// The values of a document that are invalid beyond what apollo-compiler finds (specification, "Values of Correct
/// Type" and "All Variable Usages Are Allowed").
#[must_use]
pub fn misplaced_values(schema: &Schema, document: &ExecutableDocument) -> Vec<Misplaced> {
    let mut found = Vec::new();
    for operation in document.operations.iter() {
        let mut judge = Judge { schema, variables: &operation.variables, found: &mut found };
        judge.operation(operation);
        for fragment in document.fragments.values() {
            judge.directives(&fragment.directives);
            judge.set(&fragment.selection_set);
        }
    }
    found
}

struct Judge<'a> {
    schema: &'a Schema,
    variables: &'a [Node<VariableDefinition>],
    found: &'a mut Vec<Misplaced>,
}

impl Judge<'_> {
    fn operation(&mut self, operation: &Operation) {
        for variable in &operation.variables {
            if let Some(default) = &variable.default_value {
                self.value(&variable.ty, false, default);
            }
        }
        self.directives(&operation.directives);
        self.set(&operation.selection_set);
    }

    fn set(&mut self, set: &SelectionSet) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    for given in &field.arguments {
                        self.given(field.definition.argument_by_name(&given.name), &given.value);
                    }
                    self.directives(&field.directives);
                    self.set(&field.selection_set);
                }
                Selection::InlineFragment(part) => {
                    self.directives(&part.directives);
                    self.set(&part.selection_set);
                }
                Selection::FragmentSpread(part) => self.directives(&part.directives),
            }
        }
    }

    fn directives(&mut self, list: &[Node<Directive>]) {
        for directive in list {
            let Some(definition) = self.schema.directive_definitions.get(&directive.name).cloned() else { continue };
            for given in &directive.arguments {
                self.given(definition.argument_by_name(&given.name), &given.value);
            }
        }
    }

    fn given(&mut self, declared: Option<&Node<InputValueDefinition>>, value: &Node<Value>) {
        if let Some(declared) = declared {
            self.value(&declared.ty, declared.default_value.is_some(), value);
        }
    }

    /// A value for a place of this type, which may have a default.
    fn value(&mut self, ty: &Type, has_default: bool, value: &Node<Value>) {
        match &**value {
            Value::Null if ty.is_non_null() => self.refuse(format!("null is given where `{ty}` is wanted"), value),
            Value::Variable(name) => self.variable(name, ty, has_default, value),
            Value::List(items) if ty.is_list() => {
                for item in items {
                    self.value(ty.item_type(), false, item);
                }
            }
            Value::Object(fields) => {
                let Some(object) = self.schema.get_input_object(ty.inner_named_type()).cloned() else { return };
                let one = fields.len() == 1 && fields.iter().all(|(_, value)| self.is_never_null(value));
                if object.directives.has("oneOf") && !one {
                    self.refuse(format!("`{}` takes exactly one field, which is never null", object.name), value);
                }
                for (name, value) in fields {
                    self.given(object.fields.get(name).map(|field| &field.node), value);
                }
            }
            _ => {}
        }
    }

    /// Specification, "All Variable Usages Are Allowed".
    fn variable(&mut self, name: &Name, ty: &Type, has_default: bool, value: &Node<Value>) {
        let Some(variable) = self.variables.iter().find(|variable| variable.name == *name) else { return };
        let never_null = variable.default_value.as_ref().is_some_and(|value| !value.is_null());
        let allowed = if ty.is_non_null() && !variable.ty.is_non_null() {
            (never_null || has_default) && variable.ty.is_assignable_to(&ty.clone().nullable())
        } else {
            variable.ty.is_assignable_to(ty)
        };
        if !allowed {
            let message = format!("variable `${name}` of type `{}` is given where `{ty}` is wanted", variable.ty);
            self.refuse(message, value);
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

    fn refuse(&mut self, message: String, value: &Node<Value>) {
        self.found.push(Misplaced { message, place: value.location() });
    }
}
