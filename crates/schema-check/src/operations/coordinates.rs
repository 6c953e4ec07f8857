//! What an operation uses, by schema coordinate.

use std::collections::BTreeSet;

use apollo_compiler::ast::{Argument, DirectiveList, Value};
use apollo_compiler::executable::{ExecutableDocument, Operation, Selection, SelectionSet};
use apollo_compiler::schema::{ExtendedType, InputValueDefinition, Type};
use apollo_compiler::{Node, Schema};

/// Everything an operation may use. Of an input object that comes in a variable, that is all its fields.
pub(super) fn of(document: &ExecutableDocument, schema: &Schema) -> BTreeSet<String> {
    let mut walk = Walk { schema, used: BTreeSet::new() };
    for operation in document.operations.iter() {
        walk.operation(operation);
    }
    for fragment in document.fragments.values() {
        walk.directives(&fragment.directives);
        walk.selections(&fragment.selection_set);
    }
    walk.used
}

struct Walk<'a> {
    schema: &'a Schema,
    used: BTreeSet<String>,
}

impl Walk<'_> {
    fn operation(&mut self, operation: &Operation) {
        self.directives(&operation.directives);
        for variable in &operation.variables {
            self.directives(&variable.directives);
            self.anything_of(&variable.ty);
        }
        self.selections(&operation.selection_set);
    }

    fn selections(&mut self, set: &SelectionSet) {
        self.used.insert(set.ty.to_string());
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let coordinate = format!("{}.{}", set.ty, field.name);
                    self.arguments(&coordinate, &field.arguments, &field.definition.arguments);
                    self.used.insert(field.definition.ty.inner_named_type().to_string());
                    self.used.insert(coordinate);
                    self.directives(&field.directives);
                    self.selections(&field.selection_set);
                }
                Selection::InlineFragment(fragment) => {
                    self.directives(&fragment.directives);
                    self.selections(&fragment.selection_set);
                }
                Selection::FragmentSpread(spread) => self.directives(&spread.directives),
            }
        }
    }

    fn directives(&mut self, directives: &DirectiveList) {
        for directive in directives {
            let coordinate = format!("@{}", directive.name);
            if let Some(definition) = self.schema.directive_definitions.get(&directive.name) {
                self.arguments(&coordinate, &directive.arguments, &definition.arguments);
            }
            self.used.insert(coordinate);
        }
    }

    fn arguments(&mut self, of: &str, given: &[Node<Argument>], known: &[Node<InputValueDefinition>]) {
        for argument in given {
            self.used.insert(format!("{of}({}:)", argument.name));
            if let Some(definition) = known.iter().find(|known| known.name == argument.name) {
                self.value(&argument.value, &definition.ty);
            }
        }
    }

    fn value(&mut self, value: &Value, ty: &Type) {
        let name = ty.inner_named_type();
        self.used.insert(name.to_string());
        match (value, self.schema.types.get(name)) {
            (Value::List(items), _) => {
                for item in items {
                    self.value(item, ty);
                }
            }
            (Value::Enum(value), _) => {
                self.used.insert(format!("{name}.{value}"));
            }
            (Value::Object(fields), Some(ExtendedType::InputObject(input))) => {
                for (field, value) in fields {
                    self.used.insert(format!("{name}.{field}"));
                    if let Some(definition) = input.fields.get(field) {
                        self.value(value, &definition.ty);
                    }
                }
            }
            _ => {}
        }
    }

    /// A variable may hold any value of its type.
    fn anything_of(&mut self, ty: &Type) {
        let mut open = vec![ty.inner_named_type().clone()];
        let mut seen = BTreeSet::new();
        while let Some(name) = open.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            self.used.insert(name.to_string());
            match self.schema.types.get(&name) {
                Some(ExtendedType::Enum(one)) => {
                    self.used.extend(one.values.keys().map(|value| format!("{name}.{value}")));
                }
                Some(ExtendedType::InputObject(input)) => {
                    for field in input.fields.values() {
                        self.used.insert(format!("{name}.{}", field.name));
                        open.push(field.ty.inner_named_type().clone());
                    }
                }
                _ => {}
            }
        }
    }
}
