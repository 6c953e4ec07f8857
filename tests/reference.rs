//! The engine's stock HTTP service on the same schema as reference: the same data for every valid request. Where it
//! differs, a test says how and why.

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

struct Reference {
    shop: Shop,
    buyer: Buyer,
    stock: Router,
}

impl Reference {
    async fn new() -> Self {
        let shop = Shop::open().await;
        let buyer = Buyer::ready(&shop, &[("MUG-R", 2), ("TOWEL", 1)]).await;
        let viewer = buyer.client.send("{ viewer { session { id } } }", json!({})).await;
        let session = SessionId::decode(viewer.at("/data/viewer/session/id")).unwrap();
        let app = shop.gateways()[0].clone();
        let stock = Stock { schema: tidegate_schema::storefront_strict(), app, session: Some(session) };
        #[expect(clippy::disallowed_types, reason = "the reference that our handler is compared with")]
        let service = async_graphql_axum::GraphQL::new(stock);
        Self { shop, buyer, stock: Router::new().route("/graphql", axum::routing::any_service(service)) }
    }

    /// The reference's status and body.
    async fn ask(&self, request: Request<Body>) -> (u16, Value) {
        let response = self.stock.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    async fn post(&self, body: &Value) -> (u16, Value) {
        self.ask(
            Request::post("/graphql")
                .header("content-type", "application/json")
                .body(Body::from(body.to_string()))
                .unwrap(),
        )
        .await
    }

    /// Ours, then the reference's.
    async fn both(&self, body: &Value) -> ((u16, Value), (u16, Value)) {
        let ours = self.buyer.client.post(&body.to_string()).await;
        ((ours.status.as_u16(), ours.body), self.post(body).await)
    }
}

/// Valid documents: every root, aliases, fragments, variables, defaults, directives.
const DOCUMENTS: &[&str] = &[
    "{ __typename }",
    "query Named { a: __typename b: __typename }",
    "{ shop { markets { handle name country language currency } market { currency } paymentMethods limits { pageSize cartLines } } }",
    "{ products { nodes { handle title } } }",
    "{ products(first: 2) { edges { cursor node { handle } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }",
    "{ products(last: 2, sort: TITLE) { nodes { handle } pageInfo { hasNextPage hasPreviousPage } } }",
    "{ products(sort: PRICE_HIGH_TO_LOW, filter: { available: true }) { nodes { handle priceRange { min { amount currency } max { amount } } } } }",
    "{ products(filter: { tags: [\"kitchen\"], price: { min: \"2.50\", max: \"4\" } }) { nodes { handle tags vendor } } }",
    "{ products(filter: { tags: \"kitchen\" }) { nodes { handle } } }",
    "query($n: Int = 1, $sort: ProductSort = TITLE) { products(first: $n, sort: $sort) { nodes { handle } } }",
    "query($f: ProductFilter) { products(filter: $f) { nodes { handle } } }",
    "{ one: products(first: 1) { nodes { handle } } other: products(last: 1) { nodes { handle } } }",
    "{ search(query: \"mug\") { nodes { handle title } } }",
    "query($q: String! = \"towel\") { search(query: $q, first: 5) { nodes { handle } pageInfo { hasNextPage } } }",
    "{ product(by: { handle: \"mug\" }) { id handle title description vendor tags options { name values } createdAt updatedAt } }",
    "query($by: ProductRef! = { sku: \"MUG-B\" }) { product(by: $by) { handle variants { nodes { id sku title price { amount } compareAtPrice { amount } } } } }",
    "{ product(by: { handle: \"mug\" }) { variant(options: [{ name: \"Colour\", value: \"Blue\" }]) { sku selectedOptions { name value } } } }",
    "query($v: String!) { product(by: { handle: \"mug\" }) { variant(options: [{ name: \"Colour\", value: $v }]) { sku } } }",
    "{ product(by: { handle: \"mug\" }) { a: variants(first: 1) { nodes { sku } } b: variants(last: 1) { nodes { sku product { handle } } } defaultVariant { sku } } }",
    "{ product(by: { handle: \"none\" }) { id } }",
    "{ product(by: { handle: \"mug\" }) { ...A ... on Product { collections { nodes { handle products(first: 1) { nodes { handle } } } } } } } fragment A on Product { featuredImage { url altText width height } availability { sellable variantCount variantsSellable } }",
    "{ collections { nodes { id handle title description updatedAt } } }",
    "{ collections(sort: TITLE, first: 1) { nodes { handle } pageInfo { hasNextPage endCursor } } }",
    "{ collection(by: { handle: \"kitchen\" }) { title products { nodes { handle } } } }",
    "{ collection(by: { handle: \"none\" }) { title } }",
    "query($cart: ID!) { cart(id: $cart) { id revision status createdAt updatedAt expiresAt lineCount totalQuantity note orderId } }",
    "query($cart: ID!) { cart(id: $cart) { lines { nodes { id quantity attributes { key value } cost { unitPrice { amount } total { amount } } problems { code message } variant { sku product { title } } } } } }",
    "query($cart: ID!) { cart(id: $cart) { ...C ...D } } fragment C on Cart { cost { subtotal { amount } } buyer { email phone } } fragment D on Cart { cost { total { amount currency } } shippingAddress { ...Ad } billingAddress { ...Ad } readiness { ready missing } } fragment Ad on Address { name line1 city postalCode country }",
    "query($cart: ID!) { a: cart(id: $cart) { lines(first: 1) { nodes { quantity } pageInfo { hasNextPage } } } b: cart(id: $cart) { lines(last: 1) { nodes { quantity } } } }",
    "{ cart(id: \"cart_00000000000000000000000000\") { id } }",
    "{ viewer { session { id kind createdAt lastSeenAt expiresAt } cart { id lineCount } } }",
    "{ order(by: { id: \"order_00000000000000000000000000\" }) { id } }",
    "query($cart: ID!) { node(id: $cart) { __typename id ... on Cart { revision } ... on Product { title } } }",
    "query($cart: ID!, $ids: [ID!]! = [\"x\"]) { nodes(ids: $ids) { id } again: nodes(ids: [$cart, \"y\"]) { __typename } }",
    "{ a: __typename @include(if: true) b: __typename @skip(if: true) ... @include(if: false) { c: __typename } ...F @skip(if: false) } fragment F on Query { d: __typename }",
    "query($f: ProductFilter, $n: Int) { a: products(filter: $f, first: $n) { nodes { handle } } b: products(filter: { available: null }) { nodes { handle } } }",
    "{ products { nodes { handle } } ...F } fragment F on Query { products { nodes { title } pageInfo { hasNextPage } } }",
    "{ __type(name: \"Cart\") { name kind fields { name type { name kind } } } }",
    "{ __schema { queryType { name } mutationType { name } subscriptionType { name } directives { name locations } } }",
    "mutation($cart: ID!) { cartNoteSet(cartId: $cart, note: \"Ring twice\") { cart { note } errors { code } } }",
    "mutation($cart: ID!, $lines: [CartLineAdd!]!) { cartLinesAdd(cartId: $cart, lines: $lines) { revision errors { code message path __typename ... on NotFoundError { id } } } }",
    "mutation($cart: ID!) { cartApply(cartId: $cart, operations: [{ setBuyer: { email: \"a@b.cd\" } }, { setAttributes: [{ key: \"k\", value: \"v\" }] }]) { cart { buyer { email phone } attributes { key value } } errors { code } } }",
    "mutation($cart: ID!) { cartApply(cartId: $cart, ifRevision: 1, operations: []) { revision errors { code path } } }",
    "mutation { sessionRefresh(refreshToken: \"x\") { tokens { accessToken } session { id } errors { code message path } } }",
    "mutation($cart: ID!) { checkoutComplete(cartId: $cart, payment: { invoice: {} }, expectedTotal: { amount: \"0.01\", currency: \"GBP\" }, idempotencyKey: \"0198c7a0-1b2c-7d3e-8f40-512233445566\") { order { id } errors { code path ... on TotalChangedError { expected { amount } actual { amount } } } } }",
];

#[tokio::test]
async fn the_stock_service_answers_the_same_data() {
    let reference = Reference::new().await;
    let variables = json!({ "cart": reference.buyer.cart, "v": "Red",
        "f": { "available": true, "tags": ["kitchen"] }, "lines": [{ "variantId": "var_00000000000000000000000000" }] });

    for document in DOCUMENTS {
        // Values of variables that an operation does not declare are ignored.
        let ((ours_status, ours), (status, stock)) =
            reference.both(&json!({ "query": document, "variables": variables })).await;
        assert_eq!((ours_status, status), (200, 200), "{document}: {ours} {stock}");
        assert_eq!((ours.get("errors"), stock.get("errors")), (None, None), "{document}: {ours} {stock}");
        assert_eq!(ours["data"], stock["data"], "{document}");
    }
    assert!(DOCUMENTS.len() >= 40);
}

/// GraphQL over HTTP asks for 4xx and no `data` when nothing was executed; the stock service says 200 and `data: null`.
#[tokio::test]
async fn deviation_a_request_that_was_not_executed_is_a_400_without_data() {
    let reference = Reference::new().await;
    for document in ["{", "{ nothing }", "query A { __typename } query B { __typename }"] {
        let ((ours_status, ours), (status, stock)) = reference.both(&json!({ "query": document })).await;
        assert_eq!((ours_status, ours.get("data")), (400, None), "{document}");
        assert_eq!((status, stock.get("data")), (200, Some(&Value::Null)), "{document}");
    }
}

/// The specification merges fields with one response key; the engine runs a root field once per occurrence.
#[tokio::test]
async fn deviation_a_mutation_selected_twice_runs_once() {
    let reference = Reference::new().await;
    let note = "cartNoteSet(cartId: $cart, note: \"x\") { revision }";
    let body = json!({ "query": format!("mutation($cart: ID!) {{ {note} ...F }} fragment F on Mutation {{ {note} }}"), "variables": { "cart": reference.buyer.cart } });

    let revision = "select revision from cart";

    reference.buyer.client.post(&body.to_string()).await.data();
    assert_eq!(reference.shop.database.count(revision).await, 3);
    reference.post(&body).await;
    assert_eq!(reference.shop.database.count(revision).await, 5, "4, and again 5");
}

/// The specification coerces all variables before anything runs; the engine begins and fails on the way.
#[tokio::test]
async fn deviation_bad_input_of_a_later_mutation_lets_none_run() {
    let reference = Reference::new().await;
    let body = json!({ "query": "mutation($cart: ID!, $key: IdempotencyKey) { a: cartNoteSet(cartId: $cart, note: \"ran\") { revision }
        b: cartNoteSet(cartId: $cart, note: \"y\", idempotencyKey: $key) { revision } }", "variables": { "cart": reference.buyer.cart, "key": "no key" } });
    let note = "select coalesce(note, 'none') from cart";

    let ours = reference.buyer.client.post(&body.to_string()).await;
    assert_eq!((ours.status.as_u16(), reference.shop.database.ask(note).await.as_str()), (400, "none"));
    let (_, stock) = reference.post(&body).await;
    assert_eq!((&stock["data"], reference.shop.database.ask(note).await.as_str()), (&Value::Null, "ran"));
}

/// A directive's argument is a use of a variable by the specification; the engine does not look there.
#[tokio::test]
async fn deviation_a_variable_in_a_directive_is_used() {
    let reference = Reference::new().await;
    let body = json!({ "query": "query($v: Boolean! = true) { a: __typename @include(if: $v) b: __typename }" });

    let ((_, ours), (_, stock)) = reference.both(&body).await;

    assert_eq!(ours["data"], json!({ "a": "Query", "b": "Query" }));
    assert_eq!(stock["errors"][0]["message"], json!("Variable \"$v\" is not used"));
}

/// The specification gives a variable its default everywhere; the engine forgets it in directives.
#[tokio::test]
async fn deviation_a_directive_sees_the_default_of_its_variable() {
    let reference = Reference::new().await;
    let body = json!({ "query": "query($v: Boolean = true) { a: __typename @include(if: $v) products(filter: { available: $v }) { nodes { handle } } }" });

    let ((_, ours), (_, stock)) = reference.both(&body).await;

    assert_eq!(ours["data"]["a"], json!("Query"));
    assert_eq!((stock["data"].get("a"), stock.get("errors")), (None, None), "{stock}");
}

/// A missing value for a non-null type is an error by the specification; the engine takes it for null.
#[tokio::test]
async fn deviation_a_missing_variable_is_refused() {
    let reference = Reference::new().await;
    let body = json!({ "query": "query($v: Int!) { products(first: $v) { nodes { handle } } }" });

    let ((ours_status, ours), (status, stock)) = reference.both(&body).await;

    assert_eq!((ours_status, &ours["errors"][0]["extensions"]["code"]), (400, &json!("BAD_USER_INPUT")));
    assert_eq!((status, stock["data"]["products"]["nodes"].as_array().map(Vec::len)), (200, Some(3)));
}

/// A mutation over GET can be made by any page's image; any content type can be sent by any page's form.
#[tokio::test]
async fn deviation_only_a_post_of_json_is_executed() {
    let reference = Reference::new().await;
    let sessions = "select count(*) from session";
    let before = reference.shop.database.count(sessions).await;
    let uri = "/graphql?query=mutation%7BsessionStart%7Bsession%7Bid%7D%7D%7D";
    let form = r#"{"query":"mutation { sessionStart { session { id } } }"}"#;

    let get = reference.buyer.client.request(Request::get(uri), Body::empty()).await;
    let text = reference
        .buyer
        .client
        .request(Request::post("/graphql").header("content-type", "text/plain"), Body::from(form))
        .await;
    assert_eq!((get.status.as_u16(), text.status.as_u16()), (405, 415));
    assert_eq!(reference.shop.database.count(sessions).await, before);

    let (get, _) = reference.ask(Request::get(uri).body(Body::empty()).unwrap()).await;
    let (text, _) = reference
        .ask(Request::post("/graphql").header("content-type", "text/plain").body(Body::from(form)).unwrap())
        .await;
    assert_eq!((get, text), (200, 200));
    assert_eq!(reference.shop.database.count(sessions).await, before + 2);
}

/// A batch multiplies whatever one request may cost.
#[tokio::test]
async fn deviation_a_batch_is_refused() {
    let reference = Reference::new().await;

    let ((status, ours), (stock_status, stock)) =
        reference.both(&json!([{ "query": "{ __typename }" }, { "query": "{ __typename }" }])).await;

    assert_eq!((status, &ours["errors"][0]["extensions"]["code"]), (400, &json!("BATCHING_DISABLED")));
    assert_eq!((stock_status, stock.as_array().map(Vec::len)), (200, Some(2)));
}

/// What an answer says about itself is no part of the data.
#[tokio::test]
async fn extensions_are_ours_alone() {
    let reference = Reference::new().await;

    let ((_, ours), (_, stock)) = reference.both(&json!({ "query": "{ __typename }" })).await;

    let mut told: Vec<_> = ours["extensions"].as_object().unwrap().keys().cloned().collect();
    told.sort_unstable();
    assert_eq!(
        (told, stock.get("extensions")),
        (vec!["context".to_owned(), "cost".to_owned(), "requestId".to_owned()], None)
    );
}
