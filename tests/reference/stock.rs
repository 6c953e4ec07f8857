//! The stock service, with what our own handler would put into each request.

use async_graphql::{Executor, Request as EngineRequest, Response as EngineResponse};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use futures_util::stream::BoxStream;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use std::sync::Arc;
use tidegate_gateway::app::App;
use tidegate_model::id::SessionId;
use tidegate_model::identity::Viewer;
use tidegate_model::market;
use tidegate_resolvers::{RequestParts, RequestResolvers};
use tidegate_schema::Storefront;
use tidegate_schema::context::RequestContext;
use tidegate_testkit::Shop;
use tower::ServiceExt as _;

use crate::flows::Buyer;

/// The schema with what our own handler would put into each request.
#[derive(Clone)]
struct Stock {
    schema: Storefront,
    app: App,
    session: Option<SessionId>,
}

impl Stock {
    fn context(&self) -> RequestContext {
        let shared = Arc::clone(self.app.shared());
        let parts = RequestParts {
            client: tidegate_model::identity::Client::default(),
            cookies: None,
            viewer: Viewer { session: self.session, ..Viewer::default() },
            market: market::SHIPPED,
            keys: self.app.keys().current(),
            now: shared.clock.now(),
            statements: Arc::default(),
        };
        RequestContext {
            ports: Arc::new(RequestResolvers::new(shared, parts)),
            market: market::SHIPPED,
            idempotency_key: None,
            operation: None,
        }
    }
}

impl Executor for Stock {
    async fn execute(&self, request: EngineRequest) -> EngineResponse {
        self.schema.execute(request.data(self.context())).await
    }

    fn execute_stream(
        &self,
        _: EngineRequest,
        _: Option<Arc<async_graphql::Data>>,
    ) -> BoxStream<'static, EngineResponse> {
        unreachable!("the schema has no subscriptions")
    }
}

fn router(app: App, session: Option<SessionId>) -> Router {
    let stock = Stock { schema: tidegate_schema::storefront_strict(), app, session };
    #[expect(clippy::disallowed_types, reason = "the reference that our handler is compared with")]
    let service = async_graphql_axum::GraphQL::new(stock);
    Router::new().route("/graphql", axum::routing::any_service(service))
}

/// A shop, a buyer in it, and the stock service over the same rows: as the buyer, and as nobody.
pub(super) struct Reference {
    pub(super) shop: Shop,
    pub(super) buyer: Buyer,
    stock: Router,
    nobody: Router,
}

impl Reference {
    pub(super) async fn new() -> Self {
        let shop = Shop::open().await;
        let buyer = Buyer::ready(&shop, &[("MUG-R", 2), ("TOWEL", 1)]).await;
        let viewer = buyer.client.send("{ viewer { session { id } } }", json!({})).await;
        let session = SessionId::decode(viewer.at("/data/viewer/session/id")).unwrap();
        let stock = router(shop.gateways()[0].clone(), Some(session));
        let nobody = router(shop.gateways()[0].clone(), None);
        Self { shop, buyer, stock, nobody }
    }

    /// The reference's answer to any request.
    pub(super) async fn ask(&self, request: Request<Body>) -> Told {
        told(&self.stock, request).await
    }

    pub(super) async fn post(&self, body: &Value) -> (u16, Value) {
        let told = self.ask(json_post(body.to_string())).await;
        (told.status, told.body)
    }

    /// The reference's answer to somebody without a session.
    pub(super) async fn post_as_nobody(&self, body: &Value) -> Value {
        told(&self.nobody, json_post(body.to_string())).await.body
    }

    /// Ours, then the reference's.
    pub(super) async fn both(&self, body: &Value) -> ((u16, Value), (u16, Value)) {
        let ours = self.buyer.client.post(&body.to_string()).await;
        ((ours.status.as_u16(), ours.body), self.post(body).await)
    }
}

/// What the reference answered.
pub(super) struct Told {
    pub(super) status: u16,
    pub(super) content_type: String,
    /// `Null` when it is not JSON.
    pub(super) body: Value,
    pub(super) text: String,
}

pub(super) fn json_post(body: String) -> Request<Body> {
    Request::post("/graphql").header("content-type", "application/json").body(Body::from(body)).unwrap()
}

async fn told(service: &Router, request: Request<Body>) -> Told {
    let (head, body) = service.clone().oneshot(request).await.unwrap().into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let content_type = head.headers.get("content-type").map_or("", |value| value.to_str().unwrap()).to_owned();
    Told { status: head.status.as_u16(), content_type, body: serde_json::from_str(&text).unwrap_or(Value::Null), text }
}
