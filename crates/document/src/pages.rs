//! How many objects the pages of an operation may ask for, one within another.

use async_graphql::Variables;
use async_graphql_value::{ConstValue, Name, Value};

use crate::limits::Limits;
use crate::refusal::{Location, Refusal, code};

/// What `first` or `last` says.
#[derive(Clone, Debug)]
enum Amount {
    Absent,
    Literal(i64),
    Variable(Name),
}

impl Amount {
    fn of(value: Option<&Value>) -> Self {
        match value {
            Some(Value::Number(number)) => number.as_i64().map_or(Self::Absent, Self::Literal),
            Some(Value::Variable(name)) => Self::Variable(name.clone()),
            _ => Self::Absent,
        }
    }

    fn resolve(&self, variables: &Variables) -> Option<i64> {
        match self {
            Self::Absent => None,
            Self::Literal(amount) => Some(*amount),
            Self::Variable(name) => match variables.get(name) {
                Some(ConstValue::Number(number)) => number.as_i64(),
                _ => None,
            },
        }
    }
}

/// A field with pages, and the pages below it. Fields without pages are left out.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    first: Amount,
    last: Amount,
    location: Option<Location>,
    below: Vec<Page>,
}

impl Page {
    pub(crate) fn new(
        first: Option<&Value>,
        last: Option<&Value>,
        location: Option<Location>,
        below: Vec<Self>,
    ) -> Self {
        Self { first: Amount::of(first), last: Amount::of(last), location, below }
    }

    fn size(&self, variables: &Variables, limits: &Limits) -> Result<u64, Refusal> {
        let refuse = |code, message: String| Err(Refusal::new(code, message).at(self.location));
        let wanted = match (self.first.resolve(variables), self.last.resolve(variables)) {
            (Some(_), Some(_)) => {
                let message = "Give `first` or `last`, not both.";
                return refuse(code::BAD_USER_INPUT, message.to_owned());
            }
            (Some(amount), None) | (None, Some(amount)) => amount,
            (None, None) => return Ok(limits.page_default),
        };
        match u64::try_from(wanted) {
            Ok(size) if (1..=limits.page_max).contains(&size) => Ok(size),
            Ok(1..) => {
                let message = format!("A page has at most {} items.", limits.page_max);
                refuse(code::PAGE_TOO_LARGE, message)
            }
            _ => {
                let message = format!("A page has 1 to {} items.", limits.page_max);
                refuse(code::BAD_USER_INPUT, message)
            }
        }
    }
}

/// The objects that these pages may ask for: of each page its size, and as many times what is below it.
pub(crate) fn objects(pages: &[Page], variables: &Variables, limits: &Limits) -> Result<u64, Refusal> {
    let mut total: u64 = 0;
    for page in pages {
        let size = page.size(variables, limits)?;
        let below = objects(&page.below, variables, limits)?;
        total = total.saturating_add(size.saturating_mul(below.saturating_add(1)));
    }
    Ok(total)
}

/// Refuses pages that together ask for too many objects, and says how many they ask for.
pub(crate) fn check(pages: &[Page], variables: &Variables, limits: &Limits) -> Result<u64, Refusal> {
    let total = objects(pages, variables, limits)?;
    if total > limits.objects {
        let message = format!("The pages ask for {total} objects together, more than {}.", limits.objects);
        return Err(Refusal::new(code::QUERY_TOO_COMPLEX, message));
    }
    Ok(total)
}
