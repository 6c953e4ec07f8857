//! `POST /graphql`: the one straight line of a request.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use async_graphql::Response as EngineResponse;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tidegate_document::{Bound, InContext, Kind};
use tidegate_model::identity::{Client, Viewer};
use tidegate_model::market::{self, ContextRequest, Market};
use tidegate_resolvers::{Cookies, RequestParts, RequestResolvers};
use tidegate_schema::context::RequestContext;
use tidegate_store::Statements;
use time::OffsetDateTime;
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

use super::accept::{self, Media};
use super::client_address::Peer;
use super::cookies::{self, Sent};
use super::observe::{Application, Executed, RequestId};
use super::refused::{Refused, code};
use super::{api_key, body, credentials, idempotency, parameters, reply};
use crate::app::App;
use crate::config::{Mode, Settings, Transport};
use crate::keys::ApiKey;

/// Answers `/graphql`.
pub(crate) async fn answer(State(app): State<App>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    if head.method != Method::POST {
        return Refused::method(&head.method, "POST").into_response();
    }
    let Some(media) = accept::negotiate(&head.headers) else {
        let message = "Answers are application/graphql-response+json or application/json.";
        return Refused::new(StatusCode::NOT_ACCEPTABLE, code::NOT_ACCEPTABLE, message).into_response();
    };
    let request_id = head.extensions.get::<RequestId>().map_or(Uuid::nil(), |id| id.0);
    let now = app.shared().clock.now();
    let application = match api_key::application(&app, &head.headers, now).await {
        Ok(application) => application,
        Err(refused) => return refused.in_media(media).into_response(),
    };
    let sender = Sender { application: application.clone(), peer: head.extensions.get().copied(), request_id, now };
    let answered = match Work::prepare(app, &head.headers, body, media, sender).await {
        Ok(work) => work.run().await,
        Err(refused) => Err(refused),
    };
    let mut response = answered.unwrap_or_else(|refused| refused.in_media(media).into_response());
    if let Some(application) = application {
        response.extensions_mut().insert(Application(application));
    }
    response
}

/// What is known of a request before its body is read.
struct Sender {
    application: Option<Arc<ApiKey>>,
    peer: Option<Peer>,
    request_id: Uuid,
    now: OffsetDateTime,
}

/// A request that will be executed: nothing that the client sent can be wrong with it any more.
struct Work {
    app: App,
    bound: Bound,
    viewer: Viewer,
    client: Client,
    cookies: Option<Arc<Cookies>>,
    market: Market,
    idempotency_key: Option<Uuid>,
    now: OffsetDateTime,
    request_id: Uuid,
    media: Media,
    slot: OwnedSemaphorePermit,
}

impl Work {
    async fn prepare(app: App, headers: &HeaderMap, body: Body, media: Media, sender: Sender) -> Result<Self, Refused> {
        if !accept::sends_json(headers) {
            let message = "A request is sent as application/json.";
            return Err(Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, code::UNSUPPORTED_MEDIA_TYPE, message));
        }
        let Sender { application, peer, request_id, now } = sender;
        let settings = app.settings();
        let client = api_key::client(&app, headers, peer, application.as_deref())?;
        let sent = sent_cookies(settings, headers)?;
        let body = body::read(body, settings.body_bytes, settings.header_timeout).await?;
        let asking = credentials::asking(&app, headers, &sent.clone().unwrap_or_default(), now).await?;
        let idempotency_key = idempotency::header(headers)?;
        let slot = app.slot().ok_or_else(overloaded)?;
        let bound = bind(&app, &body)?;
        match asking.ended {
            Some(refused) if !only_refreshes(&bound) => return Err(refused),
            _ => {}
        }
        let market = resolve_market(&bound.context)?;
        if let Some(key) = idempotency_key {
            idempotency::check(key, &bound)?;
        }
        let viewer = asking.viewer;
        let cookies = sent.map(|sent| Arc::new(Cookies::new(sent.refresh)));
        Ok(Self { app, bound, viewer, client, cookies, market, idempotency_key, now, request_id, media, slot })
    }

    async fn run(mut self) -> Result<Response, Refused> {
        let Self { market, request_id, media, .. } = self;
        let (operation, kind) = (self.bound.operation_name.take(), self.bound.kind);
        let viewer = credentials::kind(&self.viewer);
        let (app, cost, cookies) = (self.app.clone(), self.bound.cost, self.cookies.clone());
        let (mut response, statements) = match self.bound.known.take() {
            Some(data) => (EngineResponse::new(data), 0),
            None => self.execute().await?,
        };
        for words in reply::mask(&mut response) {
            tracing::error!(%request_id, words, "the engine failed");
        }
        let code = response.errors.first().and_then(reply::first_code).map(str::to_owned);
        let extensions = reply::Extensions {
            request_id,
            market,
            cost,
            cost_limit: app.cost_limit(),
            statements: (app.mode() == Mode::Dev).then_some(statements),
        };
        let mut response = reply::write(&response, &extensions, media).map_err(|error| {
            tracing::error!(%request_id, %error, "the answer cannot be written");
            Refused::internal()
        })?;
        if let Some(change) = cookies.and_then(|cookies| cookies.change()) {
            cookies::write(response.headers_mut(), &change);
        }
        response.extensions_mut().insert(Executed { operation, kind, viewer, code, statements });
        Ok(response)
    }

    /// The engine's answer, and the number of statements that it took.
    async fn execute(self) -> Result<(EngineResponse, u32), Refused> {
        let Self { app, bound, viewer, client, cookies, market, idempotency_key, now, request_id, slot, .. } = self;
        let counted = Arc::new(Statements::of(request_id));
        let keys = app.keys().current();
        let parts = RequestParts { viewer, client, cookies, market, keys, now, statements: Arc::clone(&counted) };
        let resolvers = Arc::new(RequestResolvers::new(Arc::clone(app.shared()), parts));
        let kind = bound.kind;
        let (request, operation) = bound.into_request();
        let context = RequestContext { ports: resolvers, market, idempotency_key, operation: Some(operation) };
        let request = request.data(context);
        let schema = app.schema().clone();
        // In a box, because futures that hold it are moved several times.
        let work = Box::pin(async move {
            let response = schema.execute(request).await;
            drop(slot);
            response
        });
        let response = to_the_end(&app, kind, work, request_id).await?;
        Ok((response, counted.count()))
    }
}

/// The cookies of a request where they are used at all, from a page that may send them.
fn sent_cookies(settings: &Settings, headers: &HeaderMap) -> Result<Option<Sent>, Refused> {
    if settings.session_transport == Transport::Bearer {
        return Ok(None);
    }
    let sent = cookies::read(headers)?;
    cookies::check_origin(headers, &sent, &settings.session_origins)?;
    Ok(Some(sent))
}

/// Whether an operation asks for a new pair of tokens and for nothing else.
fn only_refreshes(bound: &Bound) -> bool {
    let mut fields = bound.root_fields.iter().filter(|name| *name != "__typename");
    bound.kind == Kind::Mutation && fields.all(|name| name == "sessionRefresh")
}

/// A mutation runs in a task of its own, so that a client that hangs up cannot stop it half-way, and is answered when
/// it is done: its work is bounded by the timeouts of the database and its outcome is worth waiting for. A query is
/// answered by its deadline and given up with its client; its units of work in the store end by themselves.
async fn to_the_end(
    app: &App,
    kind: Kind,
    work: BoxFuture<'static, EngineResponse>,
    request_id: Uuid,
) -> Result<EngineResponse, Refused> {
    let ended = if kind == Kind::Mutation {
        tokio::spawn(work).await.ok()
    } else {
        let work = AssertUnwindSafe(work).catch_unwind();
        tokio::time::timeout(app.settings().request_timeout, work).await.map_err(|_| timed_out())?.ok()
    };
    ended.ok_or_else(|| {
        tracing::error!(%request_id, "a resolver panicked");
        Refused::internal()
    })
}

fn bind(app: &App, body: &[u8]) -> Result<Bound, Refused> {
    let parameters = parameters::read(body)?;
    let prepared = app.documents().prepare(&parameters.query).map_err(Refused::document)?;
    prepared.bind(parameters.operation_name.as_deref(), parameters.variables).map_err(Refused::document)
}

fn resolve_market(context: &InContext) -> Result<Market, Refused> {
    let asked = ContextRequest {
        country: context.country.clone(),
        language: context.language.clone(),
        currency: context.currency.clone(),
    };
    market::resolve(&asked).map_err(|argument| {
        let message = format!("No market of this shop serves the {argument} that @inContext asks for.");
        Refused::bad_request(code::CONTEXT_UNSUPPORTED, &message)
    })
}

fn overloaded() -> Refused {
    let message = "Too many requests at once; try again in a moment.";
    Refused::new(StatusCode::SERVICE_UNAVAILABLE, code::OVERLOADED, message)
        .with(header::RETRY_AFTER, HeaderValue::from_static("1"))
}

fn timed_out() -> Refused {
    Refused::new(StatusCode::GATEWAY_TIMEOUT, code::TIMEOUT, "The query took too long.")
}
