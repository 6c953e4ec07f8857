//! Valid documents: the same data from both.

use serde_json::json;

use super::stock::Reference;

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
