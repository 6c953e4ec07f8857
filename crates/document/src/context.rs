//! `@inContext`: the market, language and currency that an operation is run for.

use apollo_compiler::executable::Operation;
use apollo_compiler::schema::DirectiveDefinition;
use async_graphql::Variables;
use async_graphql_value::{ConstValue, Value};

use crate::literal::Literals;
use crate::refusal::Refusal;

/// The directive's name; the engine does not know it, so it is read here and not passed on.
const DIRECTIVE: &str = "inContext";

/// What an operation's `@inContext` asks for; the shop decides what comes of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InContext {
    /// The buyer's country, as the schema's enum or scalar writes it.
    pub country: Option<String>,
    /// The language of texts.
    pub language: Option<String>,
    /// The currency of prices.
    pub currency: Option<String>,
}

/// The directive's arguments before variables are known.
#[derive(Debug, Default)]
pub(crate) struct Template {
    arguments: Vec<(String, Value)>,
}

impl Template {
    pub(crate) fn new(
        definition: Option<&DirectiveDefinition>,
        operation: &Operation,
        literals: &mut Literals<'_>,
    ) -> Result<Self, Refusal> {
        let (Some(definition), Some(directive)) = (definition, operation.directives.get(DIRECTIVE)) else {
            return Ok(Self::default());
        };
        let mut arguments = Vec::new();
        for argument in &directive.arguments {
            if let Some(place) = definition.argument_by_name(&argument.name) {
                let value = literals.lower(place, &argument.value)?;
                arguments.push((argument.name.to_string(), value));
            }
        }
        Ok(Self { arguments })
    }

    pub(crate) fn definition(schema: &apollo_compiler::Schema) -> Option<&DirectiveDefinition> {
        schema.directive_definitions.get(DIRECTIVE).map(|node| &**node)
    }

    pub(crate) fn bind(&self, variables: &Variables) -> InContext {
        let argument = |name: &str| {
            let (_, value) = self.arguments.iter().find(|(given, _)| given == name)?;
            match value {
                Value::Enum(symbol) => Some(symbol.to_string()),
                Value::String(text) => Some(text.clone()),
                Value::Variable(variable) => match variables.get(variable)? {
                    ConstValue::Enum(symbol) => Some(symbol.to_string()),
                    ConstValue::String(text) => Some(text.clone()),
                    _ => None,
                },
                _ => None,
            }
        };
        InContext { country: argument("country"), language: argument("language"), currency: argument("currency") }
    }
}
