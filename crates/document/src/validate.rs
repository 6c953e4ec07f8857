//! Parses and validates a document once, without variables.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::{self, Definition};
use apollo_compiler::diagnostic::ToCliReport;
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::{DiagnosticList, Valid};

use crate::contract::Contract;
use crate::guard;
use crate::lines::Lines;
use crate::refusal::{Refusal, code};

/// Shown as the file's name in the library's own reports, which are never sent.
const SOURCE_NAME: &str = "document.graphql";

/// The document when it obeys the limits and the schema; the lexer pass comes before.
pub(crate) fn validate(
    contract: &Contract,
    text: &str,
    lines: &Lines,
) -> Result<Valid<ExecutableDocument>, Vec<Refusal>> {
    let limits = &contract.limits;
    let report = |errors: &DiagnosticList, code| report(errors, code, lines, limits.errors);
    let document = Parser::new()
        .recursion_limit(limits.brackets.saturating_mul(4))
        // The parser counts blanks and commas too; the lexer pass has counted the real tokens.
        .token_limit(limits.text_bytes.saturating_add(2))
        .parse_ast(text, SOURCE_NAME)
        .map_err(|failed| report(&failed.errors, code::GRAPHQL_PARSE_FAILED))?;
    guard::check(&document, limits).map_err(|refusal| vec![refusal])?;
    refuse_subscriptions(contract, &document)?;
    document
        .to_executable_validate(&contract.schema)
        .map_err(|failed| report(&failed.errors, code::GRAPHQL_VALIDATION_FAILED))
}

/// Where the schema has no subscriptions the client learns that, and not that a type is missing.
fn refuse_subscriptions(contract: &Contract, document: &ast::Document) -> Result<(), Vec<Refusal>> {
    let subscribes = |definition: &Definition| {
        definition.as_operation_definition().is_some_and(|operation| operation.operation_type.is_subscription())
    };
    if contract.schema.schema_definition.subscription.is_none() && document.definitions.iter().any(subscribes) {
        return Err(vec![subscriptions_not_supported()]);
    }
    Ok(())
}

pub(crate) fn subscriptions_not_supported() -> Refusal {
    let message = "Subscriptions are not supported here.";
    Refusal::new(code::SUBSCRIPTIONS_NOT_SUPPORTED, message)
}

/// The library's messages name what the client wrote and the type it is on; they suggest nothing.
fn report(errors: &DiagnosticList, code: &'static str, lines: &Lines, limit: usize) -> Vec<Refusal> {
    errors
        .iter()
        .take(limit)
        .map(|diagnostic| {
            let place = diagnostic.error.location();
            Refusal::new(code, diagnostic.error.to_string()).at(place.map(|span| lines.location(span.offset())))
        })
        .collect()
}
