//! Turns a validated operation into the document that the engine runs.
//!
//! The engine sees what was validated and nothing else: no second parser, no fragments, no directives, each
//! response key once. It re-expands fragments on every request, runs equal keys at the root twice (mutations
//! included) and reads directives before defaults are known, so none of that is left to it.

use std::collections::HashMap;
use std::sync::Arc;

use apollo_compiler::ast::{OperationType, Type};
use apollo_compiler::executable::{Field, Operation, SelectionSet};
use apollo_compiler::{ExecutableDocument, Node, parser::SourceSpan};
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types as engine;
use async_graphql::{Pos, Positioned};
use async_graphql_value::{ConstValue, Name, Value};

use crate::collect::{Choice, Collected, Collector, Condition, Halt};
use crate::contract::Contract;
use crate::lines::Lines;
use crate::literal::Literals;
use crate::pages::Page;
use crate::refusal::{Location, Refusal, code};

/// An operation in the form that the engine runs, and what else a request needs to know of it.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) operation: Arc<engine::OperationDefinition>,
    /// Names of the fields at the root, each response key once.
    pub(crate) root_fields: Vec<String>,
    pub(crate) pages: Vec<Page>,
    /// Variables that must not be null, though their type would let them.
    pub(crate) never_null: Vec<Name>,
    /// Uses of variables in arguments, with repetitions.
    pub(crate) uses: Vec<Name>,
    /// Selections and values of the operation.
    pub(crate) nodes: u64,
    /// The answer, where the schema alone gives it.
    pub(crate) known: Option<ConstValue>,
}

type Arguments = Vec<(Positioned<Name>, Positioned<Value>)>;

/// What an operation is lowered from.
pub(crate) struct Source<'a> {
    pub(crate) contract: &'a Contract,
    pub(crate) document: &'a ExecutableDocument,
    pub(crate) lines: &'a Lines,
    pub(crate) operation: &'a Operation,
}

struct Lowering<'a, 'v> {
    source: &'a Source<'a>,
    choice: Choice<'v>,
    literals: Literals<'a>,
    names: HashMap<&'a str, Name>,
    nodes: u64,
}

/// Lowers an operation, taking the selections that `choice` takes.
pub(crate) fn lower(source: &Source<'_>, choice: Choice<'_>) -> Result<Shape, Halt> {
    let operation = source.operation;
    let mut lowering = Lowering {
        source,
        choice,
        literals: Literals::new(source.contract, source.lines, &operation.variables),
        names: HashMap::new(),
        nodes: 0,
    };
    let root = operation.selection_set.ty.as_str();
    let fields = lowering.collect(root, std::iter::once(&operation.selection_set))?;
    let known = known(root, &fields);
    let root_fields = fields.values().filter_map(|fields| fields.first());
    let root_fields = root_fields.map(|field| field.name.to_string()).collect();
    let (selection_set, pages) = lowering.selection_set(fields)?;
    let variables = operation.variables.iter();
    Ok(Shape {
        operation: Arc::new(engine::OperationDefinition {
            ty: match operation.operation_type {
                OperationType::Query => engine::OperationType::Query,
                OperationType::Mutation => engine::OperationType::Mutation,
                OperationType::Subscription => engine::OperationType::Subscription,
            },
            variable_definitions: variables
                .map(|variable| unplaced(variable_definition(&variable.name, &variable.ty)))
                .collect(),
            directives: Vec::new(),
            selection_set: unplaced(selection_set),
        }),
        root_fields,
        pages,
        never_null: lowering.literals.never_null,
        uses: lowering.literals.uses,
        nodes: lowering.nodes,
        known,
    })
}

/// The answer to an operation that asks for the root's name and nothing else, as probes of load balancers do.
fn known(root: &str, fields: &Collected<'_>) -> Option<ConstValue> {
    let names = fields.iter().map(|((_, key), fields)| {
        let asks_name = fields.first().is_some_and(|field| field.name == "__typename");
        asks_name.then(|| (Name::new(key), ConstValue::from(root)))
    });
    let names = names.collect::<Option<IndexMap<_, _>>>()?;
    (!names.is_empty()).then_some(ConstValue::Object(names))
}

/// The engine looks a variable's definition up but never its default: the values it gets are coerced.
fn variable_definition(name: &str, ty: &Type) -> engine::VariableDefinition {
    engine::VariableDefinition {
        name: unplaced(Name::new(name)),
        var_type: unplaced(engine_type(ty)),
        directives: Vec::new(),
        default_value: None,
    }
}

fn engine_type(ty: &Type) -> engine::Type {
    let base = match ty {
        Type::Named(name) | Type::NonNullNamed(name) => engine::BaseType::Named(Name::new(name)),
        Type::List(item) | Type::NonNullList(item) => engine::BaseType::List(Box::new(engine_type(item))),
    };
    engine::Type { base, nullable: !ty.is_non_null() }
}

impl<'a> Lowering<'a, '_> {
    fn collect(&self, parent: &'a str, sets: impl Iterator<Item = &'a SelectionSet>) -> Result<Collected<'a>, Halt> {
        let Source { contract, document, .. } = *self.source;
        let mut collector = Collector::new(contract, document, self.choice, parent);
        for set in sets {
            collector.add(set, &Condition::new())?;
        }
        Ok(collector.finish())
    }

    fn selection_set(&mut self, collected: Collected<'a>) -> Result<(engine::SelectionSet, Vec<Page>), Halt> {
        let mut pages = Vec::new();
        let mut items = Vec::with_capacity(collected.len());
        let mut open: Condition<'a> = Condition::new();
        let mut inside = Vec::new();
        for ((condition, _), fields) in collected {
            let Some(first) = fields.first() else {
                continue;
            };
            let field = self.field(first, &fields, &mut pages)?;
            if condition != open {
                self.close(&mut items, &mut inside, &open);
                open = condition;
            }
            inside.push(field);
        }
        self.close(&mut items, &mut inside, &open);
        Ok((engine::SelectionSet { items }, pages))
    }

    /// Wraps the fields gathered under one condition in its inline fragments.
    fn close(
        &mut self,
        items: &mut Vec<Positioned<engine::Selection>>,
        inside: &mut Vec<Positioned<engine::Selection>>,
        condition: &Condition<'a>,
    ) {
        let mut fields = std::mem::take(inside);
        if fields.is_empty() {
            return;
        }
        for name in condition.iter().rev() {
            let fragment = engine::InlineFragment {
                type_condition: Some(unplaced(engine::TypeCondition { on: unplaced(self.name(name)) })),
                directives: Vec::new(),
                selection_set: unplaced(engine::SelectionSet { items: fields }),
            };
            fields = vec![unplaced(engine::Selection::InlineFragment(unplaced(fragment)))];
        }
        items.append(&mut fields);
    }

    fn field(
        &mut self,
        first: &'a Node<Field>,
        all: &[&'a Node<Field>],
        pages: &mut Vec<Page>,
    ) -> Result<Positioned<engine::Selection>, Halt> {
        self.count()?;
        let place = first.location();
        let arguments = self.arguments(first)?;
        let children = all.iter().map(|field| &field.selection_set);
        let fields = self.collect(first.definition.ty.inner_named_type(), children)?;
        let (selection_set, below) = self.selection_set(fields)?;
        if is_paged(first) {
            let given = |name: &str| {
                let found = arguments.iter().find(|(given, _)| given.node == name);
                found.map(|(_, value): &(_, Positioned<Value>)| &value.node)
            };
            let location = self.location(place);
            pages.push(Page::new(given("first"), given("last"), location, below));
        } else {
            pages.extend(below);
        }
        let pos = self.pos(place);
        let alias = first.alias.as_ref().map(|alias| self.name(alias));
        let field = engine::Field {
            alias: alias.map(|alias| Positioned::new(alias, pos)),
            name: Positioned::new(self.name(&first.name), pos),
            arguments,
            directives: Vec::new(),
            selection_set: Positioned::new(selection_set, pos),
        };
        let field = engine::Selection::Field(Positioned::new(field, pos));
        Ok(Positioned::new(field, pos))
    }

    fn arguments(&mut self, field: &'a Field) -> Result<Arguments, Halt> {
        let mut arguments = Vec::with_capacity(field.arguments.len());
        for argument in &field.arguments {
            self.count()?;
            let Some(place) = field.definition.argument_by_name(&argument.name) else {
                continue;
            };
            let value = self.literals.lower(place, &argument.value)?;
            let pos = self.pos(argument.location());
            arguments.push((Positioned::new(self.name(&argument.name), pos), Positioned::new(value, pos)));
        }
        Ok(arguments)
    }

    /// Unions that become their members can multiply what the guard has counted.
    fn count(&mut self) -> Result<(), Refusal> {
        self.nodes += 1;
        if self.nodes > self.source.contract.limits.expanded_values {
            let message = "The document has too many selections once its fragments are expanded.";
            return Err(Refusal::new(code::QUERY_TOO_COMPLEX, message));
        }
        Ok(())
    }

    fn name(&mut self, name: &'a str) -> Name {
        self.names.entry(name).or_insert_with(|| Name::new(name)).clone()
    }

    fn location(&self, place: Option<SourceSpan>) -> Option<Location> {
        place.map(|span| self.source.lines.location(span.offset()))
    }

    fn pos(&self, place: Option<SourceSpan>) -> Pos {
        self.location(place).map_or_else(Pos::default, |it| Pos { line: it.line, column: it.column })
    }
}

fn is_paged(field: &Field) -> bool {
    let argument = field.definition.argument_by_name("first");
    argument.is_some_and(|first| first.ty.inner_named_type() == "Int")
}

fn unplaced<T>(node: T) -> Positioned<T> {
    Positioned::new(node, Pos::default())
}
