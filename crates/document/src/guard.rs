//! Bounds what a document becomes once its fragments are expanded, in time linear in its text.
//!
//! Every fragment is weighed once, after the fragments that it spreads; so thirty-one fragments that each
//! spread the next one twice cost thirty-one additions and not two thousand million.

use std::collections::{BTreeSet, HashMap};

use apollo_compiler::ast::{
    Argument, Definition, DirectiveList, Document, FragmentDefinition, OperationDefinition, Selection, Value,
};
use apollo_compiler::{Name, Node};

use crate::limits::Limits;
use crate::refusal::{Refusal, code};

/// Nested lists of introspection (`fields`, `interfaces`, …), as many as graphql-js allows.
const INTROSPECTION_LISTS: u32 = 3;

/// What a selection set becomes after expansion.
#[derive(Clone, Copy, Debug, Default)]
struct Weight {
    nodes: u64,
    values: u64,
    aliases: u64,
    /// Fields that land on the level of the selection set itself.
    top: u64,
    depth: u32,
    height: u32,
    lists: u32,
    /// Whether `__schema` or `__type` is followed by more nested lists than allowed.
    circular: bool,
}

impl Weight {
    fn add(&mut self, other: Self) {
        self.nodes = self.nodes.saturating_add(other.nodes);
        self.values = self.values.saturating_add(other.values);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.top = self.top.saturating_add(other.top);
        self.depth = self.depth.max(other.depth);
        self.height = self.height.max(other.height);
        self.lists = self.lists.max(other.lists);
        self.circular |= other.circular;
    }
}

type Weights<'a> = HashMap<&'a str, Weight>;

/// Refuses a document that is too large after expansion, or whose fragments form a cycle.
pub(crate) fn check(document: &Document, limits: &Limits) -> Result<(), Refusal> {
    let mut operations = Vec::new();
    let mut fragments = HashMap::new();
    let mut directives = 0;
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                directives += operation_directives(operation);
                operations.push(operation);
            }
            Definition::FragmentDefinition(fragment) => {
                directives += fragment.directives.len() + count_directives(&fragment.selection_set);
                if fragments.insert(fragment.name.as_str(), fragment).is_some() {
                    let message = format!("Fragment \"{}\" is defined twice.", fragment.name);
                    return Err(Refusal::new(code::GRAPHQL_VALIDATION_FAILED, message));
                }
            }
            _ => {}
        }
    }
    bound(operations.len(), limits.operations, code::QUERY_TOO_COMPLEX, "operations")?;
    bound(directives, limits.directives, code::TOO_MANY_DIRECTIVES, "directives")?;
    let weights = weigh_fragments(&fragments)?;
    for weight in weights.values() {
        check_weight(weight, limits)?;
    }
    operations.into_iter().try_for_each(|operation| check_operation(operation, &weights, limits))
}

fn check_operation(operation: &OperationDefinition, weights: &Weights<'_>, limits: &Limits) -> Result<(), Refusal> {
    bound(operation.variables.len(), limits.variables, code::QUERY_TOO_COMPLEX, "variables")?;
    let weight = weigh(&operation.selection_set, weights);
    check_weight(&weight, limits)?;
    bound(weight.top, limits.root_fields, code::TOO_MANY_ALIASES, "fields at the root")
}

fn check_weight(weight: &Weight, limits: &Limits) -> Result<(), Refusal> {
    bound(weight.depth, limits.depth, code::QUERY_TOO_DEEP, "nested fields")?;
    bound(weight.height, limits.height, code::QUERY_TOO_DEEP, "nested selections")?;
    bound(weight.aliases, limits.aliases, code::TOO_MANY_ALIASES, "aliases")?;
    bound(weight.nodes, limits.expanded_nodes, code::QUERY_TOO_COMPLEX, "selections after fragments are expanded")?;
    bound(
        weight.values,
        limits.expanded_values,
        code::QUERY_TOO_COMPLEX,
        "argument values after fragments are expanded",
    )?;
    if weight.circular {
        let message = "The introspection is circular.";
        return Err(Refusal::new(code::QUERY_TOO_DEEP, message));
    }
    Ok(())
}

fn bound<T>(found: T, limit: T, code: &'static str, what: &str) -> Result<(), Refusal>
where
    T: Copy + PartialOrd + std::fmt::Display,
{
    if found > limit {
        let message = format!("The document has more than {limit} {what}.");
        return Err(Refusal::new(code, message));
    }
    Ok(())
}

/// Weighs fragments, each after those it spreads; what is left over in the end is part of a cycle.
fn weigh_fragments<'a>(fragments: &HashMap<&'a str, &'a Node<FragmentDefinition>>) -> Result<Weights<'a>, Refusal> {
    let mut waits_for: HashMap<&str, usize> = HashMap::new();
    let mut spread_by: HashMap<&str, Vec<&'a str>> = HashMap::new();
    for (&name, fragment) in fragments {
        let mut spreads = BTreeSet::new();
        collect_spreads(&fragment.selection_set, &mut spreads);
        spreads.retain(|spread| fragments.contains_key(spread));
        waits_for.insert(name, spreads.len());
        for spread in spreads {
            spread_by.entry(spread).or_default().push(name);
        }
    }
    let mut ready: Vec<&'a str> = fragments.keys().copied().collect();
    ready.retain(|name| waits_for.get(name) == Some(&0));
    let mut weights = Weights::new();
    while let Some(name) = ready.pop() {
        let Some(fragment) = fragments.get(name) else {
            continue;
        };
        weights.insert(name, weigh(&fragment.selection_set, &weights));
        for dependent in spread_by.remove(name).unwrap_or_default() {
            if let Some(count) = waits_for.get_mut(dependent) {
                *count -= 1;
                if *count == 0 {
                    ready.push(dependent);
                }
            }
        }
    }
    if weights.len() < fragments.len() {
        let message = "Fragments spread one another in a cycle.";
        return Err(Refusal::new(code::GRAPHQL_VALIDATION_FAILED, message));
    }
    Ok(weights)
}

/// Recurses as deep as brackets nest, which the lexer pass has bounded.
fn collect_spreads<'a>(selections: &'a [Selection], into: &mut BTreeSet<&'a str>) {
    for selection in selections {
        match selection {
            Selection::Field(field) => collect_spreads(&field.selection_set, into),
            Selection::InlineFragment(inline) => collect_spreads(&inline.selection_set, into),
            Selection::FragmentSpread(spread) => {
                into.insert(&spread.fragment_name);
            }
        }
    }
}

fn weigh(selections: &[Selection], fragments: &Weights<'_>) -> Weight {
    let mut total = Weight::default();
    for selection in selections {
        total.add(match selection {
            Selection::Field(field) => weigh_field(field, fragments),
            Selection::InlineFragment(inline) => {
                let inner = weigh(&inline.selection_set, fragments);
                weigh_fragment(inner, &inline.directives)
            }
            Selection::FragmentSpread(spread) => {
                let inner = fragments.get(spread.fragment_name.as_str());
                weigh_fragment(inner.copied().unwrap_or_default(), &spread.directives)
            }
        });
    }
    total
}

fn weigh_field(field: &apollo_compiler::ast::Field, fragments: &Weights<'_>) -> Weight {
    let mut weight = weigh(&field.selection_set, fragments);
    let name = field.name.as_str();
    weight.circular |= matches!(name, "__schema" | "__type") && weight.lists >= INTROSPECTION_LISTS;
    let is_list = matches!(name, "fields" | "interfaces" | "possibleTypes" | "inputFields");
    weight.lists = weight.lists.saturating_add(u32::from(is_list));
    weight.depth = weight.depth.saturating_add(1);
    weight.height = weight.height.saturating_add(1);
    weight.top = 1;
    weight.aliases = weight.aliases.saturating_add(u64::from(field.alias.is_some()));
    weight.values = weight.values.saturating_add(count_values(&field.arguments));
    with_directives(weight, &field.directives)
}

fn weigh_fragment(mut inner: Weight, directives: &DirectiveList) -> Weight {
    inner.height = inner.height.saturating_add(1);
    with_directives(inner, directives)
}

fn with_directives(mut weight: Weight, directives: &DirectiveList) -> Weight {
    weight.nodes = weight.nodes.saturating_add(1 + widen(directives.len()));
    for directive in directives {
        let values = count_values(&directive.arguments);
        weight.values = weight.values.saturating_add(values);
    }
    weight
}

fn count_values(arguments: &[Node<Argument>]) -> u64 {
    arguments.iter().map(|argument| values_in(&argument.value)).sum()
}

fn values_in(value: &Value) -> u64 {
    1 + match value {
        Value::List(items) => items.iter().map(|item| values_in(item)).sum(),
        Value::Object(fields) => fields.iter().map(|(_, item): &(Name, _)| values_in(item)).sum(),
        _ => 0,
    }
}

fn operation_directives(operation: &OperationDefinition) -> usize {
    let variables = operation.variables.iter();
    operation.directives.len()
        + variables.map(|variable| variable.directives.len()).sum::<usize>()
        + count_directives(&operation.selection_set)
}

fn count_directives(selections: &[Selection]) -> usize {
    let of_one = |selection: &Selection| match selection {
        Selection::Field(field) => field.directives.len() + count_directives(&field.selection_set),
        Selection::InlineFragment(inline) => inline.directives.len() + count_directives(&inline.selection_set),
        Selection::FragmentSpread(spread) => spread.directives.len(),
    };
    selections.iter().map(of_one).sum()
}

fn widen(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
