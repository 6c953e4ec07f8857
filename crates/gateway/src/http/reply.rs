//! The answer of an operation that was executed.

use async_graphql::{ErrorExtensionValues, Response as EngineResponse, ServerError, Value};
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use tidegate_document::Cost;
use tidegate_model::market::Market;
use uuid::Uuid;

use super::accept::Media;
use super::answer_json as json;
use super::refused::code;

/// What an answer's `extensions` say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extensions {
    pub(crate) request_id: Uuid,
    pub(crate) market: Market,
    pub(crate) cost: Cost,
    pub(crate) cost_limit: u64,
    /// Statements sent; only told in `dev`.
    pub(crate) statements: Option<u32>,
}

/// Room for an answer's extensions and what else surrounds its data.
const SURROUNDINGS: usize = 512;

/// Writes an answer.
pub(crate) fn write(answer: &EngineResponse, extensions: &Extensions, media: Media) -> serde_json::Result<Response> {
    let mut body = Vec::with_capacity(SURROUNDINGS);
    body.push(b'{');
    if !answer.errors.is_empty() {
        body.extend_from_slice(b"\"errors\":");
        serde_json::to_writer(&mut body, &answer.errors)?;
        body.push(b',');
    }
    body.extend_from_slice(b"\"data\":");
    json::write(&answer.data, &mut body)?;
    extensions.write(&mut body)?;
    body.push(b'}');
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media.header());
    // Until answers without a principal may be cached, none may.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

impl Extensions {
    /// Codes of a market and a request's id hold nothing to escape.
    fn write(&self, body: &mut Vec<u8>) -> serde_json::Result<()> {
        let market = &self.market;
        let context = [
            ",\"extensions\":{\"context\":{\"country\":\"",
            market.country,
            "\",\"language\":\"",
            market.language,
            "\",\"currency\":\"",
            market.currency.code(),
            "\"},\"cost\":{\"requested\":",
        ];
        for part in context {
            body.extend_from_slice(part.as_bytes());
        }
        serde_json::to_writer(&mut *body, &self.cost.objects)?;
        body.extend_from_slice(b",\"limit\":");
        serde_json::to_writer(&mut *body, &self.cost_limit)?;
        body.push(b'}');
        if let Some(statements) = self.statements {
            body.extend_from_slice(b",\"plan\":{\"statements\":");
            serde_json::to_writer(&mut *body, &statements)?;
            body.push(b'}');
        }
        body.extend_from_slice(b",\"requestId\":\"");
        body.extend_from_slice(self.request_id.hyphenated().encode_lower(&mut Uuid::encode_buffer()).as_bytes());
        body.extend_from_slice(b"\"}");
        Ok(())
    }
}

/// Gives every error a code. An error without one is the engine's own, whose words name types of this program: the
/// client is told what it can act on, and the words are returned for the log.
pub(crate) fn mask(response: &mut EngineResponse) -> Vec<String> {
    let mut hidden = Vec::new();
    for error in &mut response.errors {
        if first_code(error).is_some() {
            continue;
        }
        let by_client = ["Failed to parse", "Invalid value"].iter().any(|start| error.message.starts_with(start));
        let (code, message) = if by_client {
            (code::BAD_USER_INPUT, "A value is not what its type accepts.")
        } else {
            (code::INTERNAL_ERROR, "Something went wrong on our side.")
        };
        hidden.push(std::mem::replace(&mut error.message, message.to_owned()));
        error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("code", code);
    }
    hidden
}

/// The code of an error.
pub(crate) fn first_code(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_engine_stay_inside() {
        let mut coded = ServerError::new("Sold out.", None);
        coded.extensions.get_or_insert_with(ErrorExtensionValues::default).set("code", "SOLD_OUT");
        let errors = vec![
            coded,
            ServerError::new("Failed to parse \"i32\": expected a number", None),
            ServerError::new("relation \"cart\" does not exist", None),
        ];
        let mut response = EngineResponse::from_errors(errors);

        let hidden = mask(&mut response);

        let told: Vec<_> = response.errors.iter().map(|it| (first_code(it).unwrap(), it.message.as_str())).collect();
        assert_eq!(
            told,
            [
                ("SOLD_OUT", "Sold out."),
                ("BAD_USER_INPUT", "A value is not what its type accepts."),
                ("INTERNAL_ERROR", "Something went wrong on our side."),
            ]
        );
        assert_eq!(hidden.len(), 2);
    }
}
