//! A request that is answered without being executed: a status and a body that GraphQL clients understand.

use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::accept::Media;

/// Codes of refusals that are made here; the document layer has its own.
pub(crate) mod code {
    /// No such path.
    pub(crate) const NOT_FOUND: &str = "NOT_FOUND";
    /// The path takes other methods.
    pub(crate) const METHOD_NOT_ALLOWED: &str = "METHOD_NOT_ALLOWED";
    /// The body is not `application/json`.
    pub(crate) const UNSUPPORTED_MEDIA_TYPE: &str = "UNSUPPORTED_MEDIA_TYPE";
    /// Nothing that `Accept` names can be made.
    pub(crate) const NOT_ACCEPTABLE: &str = "NOT_ACCEPTABLE";
    /// The body is over the limit.
    pub(crate) const BODY_TOO_LARGE: &str = "BODY_TOO_LARGE";
    /// The body did not come in time.
    pub(crate) const BODY_TIMEOUT: &str = "BODY_TIMEOUT";
    /// The body is not JSON, or ambiguous.
    pub(crate) const INVALID_JSON: &str = "INVALID_JSON";
    /// The body is JSON of another shape, or a header cannot be understood.
    pub(crate) const BAD_REQUEST: &str = "BAD_REQUEST";
    /// A value that cannot be used.
    pub(crate) const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
    /// Several operations in one request.
    pub(crate) const BATCHING_DISABLED: &str = "BATCHING_DISABLED";
    /// Persisted documents are not supported.
    pub(crate) const PERSISTED_QUERY_NOT_SUPPORTED: &str = "PERSISTED_QUERY_NOT_SUPPORTED";
    /// The access token was valid and is no longer.
    pub(crate) const TOKEN_EXPIRED: &str = "TOKEN_EXPIRED";
    /// The access token is not one of this shop.
    pub(crate) const TOKEN_INVALID: &str = "TOKEN_INVALID";
    /// The API key is not in force.
    pub(crate) const API_KEY_INVALID: &str = "API_KEY_INVALID";
    /// The API key does not permit this.
    pub(crate) const API_KEY_SCOPE: &str = "API_KEY_SCOPE";
    /// A browser sent cookies, or would be given some, for a page of another site.
    pub(crate) const CSRF_REFUSED: &str = "CSRF_REFUSED";
    /// No market serves what `@inContext` asks for.
    pub(crate) const CONTEXT_UNSUPPORTED: &str = "CONTEXT_UNSUPPORTED";
    /// `dev` answers local hosts only.
    pub(crate) const HOST_NOT_ALLOWED: &str = "HOST_NOT_ALLOWED";
    /// Too many requests at once.
    pub(crate) const OVERLOADED: &str = "OVERLOADED";
    /// A token's issuer, another one than ourselves, does not tell its keys.
    pub(crate) const ISSUER_UNAVAILABLE: &str = "ISSUER_UNAVAILABLE";
    /// A query took too long.
    pub(crate) const TIMEOUT: &str = "TIMEOUT";
    /// A fault of ours.
    pub(crate) const INTERNAL_ERROR: &str = "INTERNAL_ERROR";
}

/// What the log line says of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FirstCode(pub(crate) &'static str);

/// A request that is not executed.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    errors: Vec<Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) media: Media,
}

impl Refused {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: &str) -> Self {
        let errors = vec![json!({ "message": message, "extensions": { "code": code } })];
        Self { status, code, errors, headers: Vec::new(), media: Media::Json }
    }

    pub(crate) fn bad_request(code: &'static str, message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(crate) fn unknown_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, code::NOT_FOUND, "There is nothing at this path.")
    }

    pub(crate) fn method(method: &Method, allowed: &'static str) -> Self {
        // A name of the client's own making is not repeated to it.
        let name = if method.as_str().len() <= 10 { method.as_str() } else { "This method" };
        let message = format!("{name} is not allowed here; allowed: {allowed}.");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, code::METHOD_NOT_ALLOWED, &message)
            .with(header::ALLOW, HeaderValue::from_static(allowed))
    }

    pub(crate) fn internal() -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::new(status, code::INTERNAL_ERROR, "Something went wrong on our side.")
    }

    /// What the document layer refused.
    pub(crate) fn document(refusals: Vec<tidegate_document::Refusal>) -> Self {
        let code = refusals.first().map_or(code::BAD_REQUEST, |refusal| refusal.code);
        let errors = refusals.into_iter().map(|refusal| {
            let mut error = json!({ "message": refusal.message, "extensions": { "code": refusal.code } });
            if let Some(path) = refusal.input_path {
                error["extensions"]["inputPath"] = path.into();
            }
            if !refusal.locations.is_empty() {
                let locations = refusal.locations.iter();
                error["locations"] = locations.map(|at| json!({ "line": at.line, "column": at.column })).collect();
            }
            error
        });
        let errors = errors.collect();
        Self { status: StatusCode::BAD_REQUEST, code, errors, headers: Vec::new(), media: Media::Json }
    }

    pub(crate) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn in_media(mut self, media: Media) -> Self {
        self.media = media;
        self
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let body = json!({ "errors": self.errors }).to_string();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, self.media.header());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.extend(self.headers);
        response.extensions_mut().insert(FirstCode(self.code));
        response
    }
}
