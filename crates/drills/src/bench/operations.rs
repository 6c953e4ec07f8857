//! The operations: their documents, and their requests as bytes.

use std::io::Write as _;

use serde_json::json;
use tidegate_model::id::{CartId, VariantId};
use tidegate_model::money::{Currency, Money};
use uuid::Uuid;

use super::carts::Buyer;
use super::shop::PageKey;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    List,
    Product,
    Search,
    CartRead,
    AddLine,
    Checkout,
    HotSku,
    Typename,
}

/// One request of an operation.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ask<'a> {
    Page(&'a PageKey),
    Product(&'a str),
    Search(&'a str),
    Cart(&'a Buyer),
    Add(&'a Buyer, Uuid),
    Checkout(&'a Buyer),
    Typename,
}

const LIST: &str = "query BenchList($after: Cursor) { products(first: 24, after: $after) { nodes { id handle title \
    featuredImage { url altText } priceRange { min { amount currency } max { amount currency } } \
    availability { sellable } } pageInfo { hasNextPage endCursor } } }";
const PRODUCT: &str = "query BenchProduct($handle: String!) { product(by: {handle: $handle}) { id handle title description \
    options { name values } featuredImage { url altText width height } \
    priceRange { min { amount currency } max { amount currency } } availability { sellable variantCount } \
    variants(first: 50) { nodes { id sku title selectedOptions { name value } price { amount currency } \
    availability { sellable quantity } } } collections(first: 10) { nodes { id handle title } } } }";
const SEARCH: &str = "query BenchSearch($text: String!) { search(query: $text, first: 24) { nodes { id handle title \
    featuredImage { url altText } priceRange { min { amount currency } max { amount currency } } \
    availability { sellable } } pageInfo { hasNextPage endCursor } } }";
const CART: &str = "query BenchCart($cart: ID!) { cart(id: $cart) { id revision totalQuantity \
    cost { total { amount currency } } lines(first: 24) { nodes { id quantity \
    cost { unitPrice { amount currency } total { amount currency } } \
    variant { id sku title price { amount currency } product { handle title } } } } } }";
const ADD: &str = "mutation BenchAdd($cart: ID!, $lines: [CartLineAdd!]!, $key: IdempotencyKey) { \
    cartLinesAdd(cartId: $cart, lines: $lines, idempotencyKey: $key) { errors { code message } revision \
    cart { id totalQuantity cost { total { amount currency } } } } }";
const CHECKOUT: &str = "mutation BenchCheckout($cart: ID!, $total: MoneyInput!, $key: IdempotencyKey!) { \
    checkoutComplete(cartId: $cart, payment: {invoice: {}}, expectedTotal: $total, idempotencyKey: $key) { \
    errors { code message } order { id number cost { total { amount currency } } } } }";
const TYPENAME: &str = "{ __typename }";

impl Operation {
    /// Every operation, in the order of the report.
    pub(super) const ALL: [Self; 8] = [
        Self::List,
        Self::Product,
        Self::Search,
        Self::CartRead,
        Self::AddLine,
        Self::Checkout,
        Self::HotSku,
        Self::Typename,
    ];

    /// For people.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::List => "list of 24 products",
            Self::Product => "product page",
            Self::Search => "search",
            Self::CartRead => "cart read",
            Self::AddLine => "add line",
            Self::Checkout => "checkout, 3 lines",
            Self::HotSku => "checkout, one hot SKU",
            Self::Typename => "{ __typename }",
        }
    }

    /// The operation's name in the document, which the gateway's log tells.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::List => Some("BenchList"),
            Self::Product => Some("BenchProduct"),
            Self::Search => Some("BenchSearch"),
            Self::CartRead => Some("BenchCart"),
            Self::AddLine => Some("BenchAdd"),
            Self::Checkout | Self::HotSku => Some("BenchCheckout"),
            Self::Typename => None,
        }
    }

    /// The most that R may be; for `{ __typename }` times the CPU of hello.
    pub(super) fn target(self) -> Option<f64> {
        match self {
            Self::List => Some(3.5),
            Self::Product => Some(2.2),
            Self::CartRead => Some(2.0),
            Self::AddLine => Some(1.8),
            Self::Checkout => Some(1.5),
            Self::Typename => Some(2.5),
            Self::Search | Self::HotSku => None,
        }
    }

    /// Whether each request needs a cart that nobody has checked out yet.
    pub(super) fn uses_up_carts(self) -> bool {
        matches!(self, Self::Checkout | Self::HotSku)
    }

    /// How every right answer begins. `search` may find nothing only if the text is none of a title.
    pub(super) fn answer(self) -> &'static [u8] {
        match self {
            Self::List => br#"{"data":{"products":{"nodes":[{"id":"prod_"#,
            Self::Product => br#"{"data":{"product":{"id":"prod_"#,
            Self::Search => br#"{"data":{"search":{"nodes":[{"id":"prod_"#,
            Self::CartRead => br#"{"data":{"cart":{"id":"cart_"#,
            Self::AddLine => br#"{"data":{"cartLinesAdd":{"errors":[],"revision":"#,
            Self::Checkout | Self::HotSku => br#"{"data":{"checkoutComplete":{"errors":[],"order":{"id":"order_"#,
            Self::Typename => br#"{"data":{"__typename":"Query"}"#,
        }
    }
}

/// The request for one page, as bytes.
pub(super) fn cursor_request(into: &mut Vec<u8>, cursor: Option<&str>) -> anyhow::Result<()> {
    write_request(into, None, LIST, &json!({ "after": cursor }))
}

/// Writes a request as bytes; `key` is the idempotency key of a mutation.
pub(super) fn request(into: &mut Vec<u8>, ask: Ask<'_>, key: Uuid) -> anyhow::Result<()> {
    match ask {
        Ask::Page(page) => cursor_request(into, page.cursor.as_deref()),
        Ask::Product(handle) => write_request(into, None, PRODUCT, &json!({ "handle": handle })),
        Ask::Search(text) => write_request(into, None, SEARCH, &json!({ "text": text })),
        Ask::Cart(buyer) => write_request(into, Some(buyer), CART, &json!({ "cart": CartId(buyer.cart).encode() })),
        Ask::Add(buyer, variant) => {
            let lines = json!([{ "variantId": VariantId(variant).encode(), "quantity": 1 }]);
            let variables = json!({ "cart": CartId(buyer.cart).encode(), "lines": lines, "key": key });
            write_request(into, Some(buyer), ADD, &variables)
        }
        Ask::Checkout(buyer) => {
            let total = Money::new(buyer.total, Currency::GBP);
            let total = json!({ "amount": total.decimal(), "currency": "GBP" });
            let variables = json!({ "cart": CartId(buyer.cart).encode(), "total": total, "key": key });
            write_request(into, Some(buyer), CHECKOUT, &variables)
        }
        Ask::Typename => write_request(into, None, TYPENAME, &json!({})),
    }
}

/// The request that hello answers.
pub(super) fn hello_request(into: &mut Vec<u8>) {
    into.clear();
    into.extend_from_slice(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n");
}

fn write_request(
    into: &mut Vec<u8>,
    buyer: Option<&Buyer>,
    document: &str,
    variables: &serde_json::Value,
) -> anyhow::Result<()> {
    let body = json!({ "query": document, "variables": variables }).to_string();
    into.clear();
    write!(
        into,
        "POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         accept: application/graphql-response+json, application/json\r\ncontent-length: {}\r\n",
        body.len()
    )?;
    if let Some(buyer) = buyer {
        write!(into, "authorization: Bearer {}\r\n", buyer.token)?;
    }
    write!(into, "\r\n{body}")?;
    Ok(())
}
