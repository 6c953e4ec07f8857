//! `CollectFields` of the specification, ahead of execution: flattens fragments and brings fields with equal
//! response keys together, so that the engine resolves each once.

use apollo_compiler::ast::DirectiveList;
use apollo_compiler::collections::{HashSet, IndexMap};
use apollo_compiler::executable::{Field, Selection, SelectionSet};
use apollo_compiler::{ExecutableDocument, Name, Node};
use async_graphql::Variables;
use async_graphql_value::ConstValue;

use crate::contract::Contract;
use crate::refusal::Refusal;

/// How `@skip` and `@include` are decided.
#[derive(Clone, Copy)]
pub(crate) enum Choice<'a> {
    /// Everything is taken: a check of the whole document, whatever its variables.
    Everything,
    /// By literals; a variable stops the work with [`Halt::NeedsVariables`].
    Literals,
    /// By literals and these variables.
    Bound(&'a Variables),
}

/// Why no fields were collected.
pub(crate) enum Halt {
    /// A directive depends on a variable.
    NeedsVariables,
    /// The document is refused.
    Refused(Refusal),
}

impl From<Refusal> for Halt {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Type conditions that a field is under, outermost first; none when it is selected on every possible type.
pub(crate) type Condition<'a> = Vec<&'a str>;

/// Fields by condition and response key, in the order of first occurrence.
pub(crate) type Collected<'a> = IndexMap<(Condition<'a>, &'a str), Vec<&'a Node<Field>>>;

/// Collects the fields of selection sets on one parent type.
pub(crate) struct Collector<'a, 'v> {
    pub(crate) contract: &'a Contract,
    pub(crate) document: &'a ExecutableDocument,
    pub(crate) choice: Choice<'v>,
    parent: &'a str,
    fields: Collected<'a>,
    spread: HashSet<(Condition<'a>, &'a str)>,
}

impl<'a, 'v> Collector<'a, 'v> {
    pub(crate) fn new(
        contract: &'a Contract,
        document: &'a ExecutableDocument,
        choice: Choice<'v>,
        parent: &'a str,
    ) -> Self {
        Self { contract, document, choice, parent, fields: Collected::default(), spread: HashSet::default() }
    }

    pub(crate) fn finish(self) -> Collected<'a> {
        self.fields
    }

    /// The conditions inside a fragment. One that can never apply is left out, but not from a check.
    fn narrow(&self, outer: &Condition<'a>, on: &'a str) -> Vec<Condition<'a>> {
        let mut conditions = narrow(self.contract, self.parent, outer, on);
        if conditions.is_empty() && matches!(self.choice, Choice::Everything) {
            let never = outer.iter().copied().chain(std::iter::once(on));
            conditions.push(never.collect());
        }
        conditions
    }

    pub(crate) fn add(&mut self, set: &'a SelectionSet, condition: &Condition<'a>) -> Result<(), Halt> {
        for selection in &set.selections {
            if !taken(selection.directives(), self.choice)? {
                continue;
            }
            match selection {
                Selection::Field(field) => {
                    let key = (condition.clone(), field.response_key().as_str());
                    self.fields.entry(key).or_default().push(field);
                }
                Selection::InlineFragment(inline) => {
                    let narrower = match &inline.type_condition {
                        Some(name) => self.narrow(condition, name),
                        None => vec![condition.clone()],
                    };
                    for condition in narrower {
                        self.add(&inline.selection_set, &condition)?;
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.fragment_name.as_str();
                    let Some(fragment) = self.document.fragments.get(name) else {
                        continue;
                    };
                    if !self.spread.insert((condition.clone(), name)) {
                        continue;
                    }
                    let on = fragment.type_condition();
                    for condition in self.narrow(condition, on) {
                        self.add(&fragment.selection_set, &condition)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The conditions that hold inside a fragment on `on`; none when it can never apply.
///
/// The engine does not apply a union's name to an object, so a union becomes its members.
fn narrow<'a>(contract: &'a Contract, parent: &'a str, outer: &Condition<'a>, on: &'a str) -> Vec<Condition<'a>> {
    let inner = outer.last().copied().unwrap_or(parent);
    let (Some(here), Some(there)) = (contract.possible(inner), contract.possible(on)) else {
        return vec![outer.clone()];
    };
    if inner == on || here.is_subset(there) {
        return vec![outer.clone()];
    }
    let common: Vec<&str> = here.intersection(there).map(Name::as_str).collect();
    if common.is_empty() {
        return Vec::new();
    }
    if contract.schema.get_union(on).is_some() {
        let members = contract.schema.get_union(on).into_iter().flat_map(|it| &it.members);
        return members
            .filter(|member| common.contains(&member.name.as_str()))
            .flat_map(|member| narrow(contract, parent, outer, &member.name))
            .collect();
    }
    let implied = |name: &str| contract.possible(name).is_some_and(|outer| there.is_subset(outer));
    let mut condition: Condition<'a> = Vec::new();
    if !outer.iter().all(|name| implied(name)) {
        condition.clone_from(outer);
    }
    condition.push(on);
    vec![condition]
}

fn taken(directives: &DirectiveList, choice: Choice<'_>) -> Result<bool, Halt> {
    if directives.is_empty() {
        return Ok(true);
    }
    Ok(flag(directives, "skip", choice)? != Some(true) && flag(directives, "include", choice)? != Some(false))
}

fn flag(directives: &DirectiveList, name: &str, choice: Choice<'_>) -> Result<Option<bool>, Halt> {
    let Some(value) = directives.get(name).and_then(|directive| directive.specified_argument_by_name("if")) else {
        return Ok(None);
    };
    let Some(variable) = value.as_variable() else {
        return Ok(value.to_bool().filter(|_| !matches!(choice, Choice::Everything)));
    };
    match choice {
        Choice::Everything => Ok(None),
        Choice::Literals => Err(Halt::NeedsVariables),
        Choice::Bound(variables) => {
            if let Some(ConstValue::Boolean(flag)) = variables.get(variable.as_str()) {
                return Ok(Some(*flag));
            }
            Err(Refusal::null_variable(variable).into())
        }
    }
}
