//! How many statements each operation sends, counted at the driver; and that looking ahead changes only that.

use serde_json::{Value, json};
use tidegate_store::catalog::import::ImportOptions;
use tidegate_testkit::{Answer, CATALOGUE, Client, Database, Shop, import, uuid};

use crate::flows::{APPLY, Buyer, CHECKOUT, CREATE, lines};

async fn shop() -> Shop {
    let database = Database::new().await;
    import(&database.url, CATALOGUE, ImportOptions::default()).await;
    Shop::telling(database, true).await
}

/// Statements as the gateway counted them.
fn statements(answer: &Answer) -> i64 {
    answer.data();
    answer.value("/extensions/plan/statements").as_i64().expect("dev tells its statements")
}

async fn count(client: &Client, query: &str, variables: Value) -> i64 {
    statements(&client.send(query, variables).await)
}

const LIST: &str = "{ products(first: 24) { nodes { id handle title featuredImage { url altText width height }
    priceRange { min { amount currency } max { amount } } availability { sellable } } pageInfo { hasNextPage endCursor } } }";
const PAGE: &str = "query($handle: String!) { product(by: { handle: $handle }) { id title description tags options { name values }
    priceRange { min { amount } } collections { nodes { handle title } } defaultVariant { sku }
    variants(first: 100) { nodes { id sku title price { amount } compareAtPrice { amount } availability { sellable quantity }
                                   selectedOptions { name value } image { url } } } } }";
const CART: &str = "query($id: ID!) { cart(id: $id) { revision lineCount cost { total { amount } }
    lines(first: 50) { nodes { quantity variant { sku product { title featuredImage { url } } } cost { total { amount } } } } } }";

#[tokio::test]
async fn what_needs_no_row_sends_no_statement() {
    let client = shop().await.client();
    assert_eq!(count(&client, "{ __typename }", json!({})).await, 0);
    assert_eq!(count(&client, "{ shop { markets { currency } limits { pageSize } } }", json!({})).await, 0);
    assert_eq!(count(&client, "{ __schema { queryType { name } } }", json!({})).await, 0);
    assert_eq!(
        count(&client, "{ product(by: { id: \"nonsense\" }) { title } viewer { session { id } } }", json!({})).await,
        0
    );
}

#[tokio::test]
async fn a_list_a_page_a_search_and_a_cart_send_one_statement() {
    let shop = shop().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1), ("MUG-B", 1), ("TOWEL", 1)]).await;
    let client = &buyer.client;
    assert_eq!(count(client, LIST, json!({})).await, 1);
    assert_eq!(count(client, PAGE, json!({ "handle": "mug" })).await, 1);
    assert_eq!(count(client, "{ search(query: \"enamel\") { nodes { title } } }", json!({})).await, 1);
    assert_eq!(count(client, CART, json!({ "id": buyer.cart })).await, 1);
    assert_eq!(
        count(client, "{ viewer { session { id } cart { id lines { nodes { quantity } } } } }", json!({})).await,
        1
    );
}

#[tokio::test]
async fn a_change_and_a_checkout_send_as_many_for_one_line_as_for_many() {
    let shop = shop().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let one = lines(&buyer.client, &[("MUG-B", 1)]).await;
    let many = lines(&buyer.client, &[("MUG-R", 1), ("MUG-B", 1), ("TOWEL", 1)]).await;
    let apply = |lines: Value| json!({ "cart": buyer.cart, "operations": [{ "addLines": lines }], "key": uuid(1) });
    assert_eq!(count(&buyer.client, APPLY, apply(one)).await, 2);
    let more = json!({ "cart": buyer.cart, "operations": [{ "addLines": many }], "key": uuid(2) });
    assert_eq!(count(&buyer.client, APPLY, more).await, 2);
    let blind = "mutation($cart: ID!) { cartNoteSet(cartId: $cart, note: \"x\") { revision errors { code } } }";
    assert_eq!(count(&buyer.client, blind, json!({ "cart": buyer.cart })).await, 1);
    assert_eq!(count(&shop.client(), CREATE, json!({})).await, 2);

    let call = json!({ "cart": buyer.cart, "total": "15.00", "key": uuid(3) });
    let placed = buyer.client.send(CHECKOUT, call).await;
    assert_eq!(placed.data()["checkoutComplete"]["errors"], json!([]), "{}", placed.text);
    assert_eq!(statements(&placed), 3);
}

#[tokio::test]
async fn fragments_and_aliases_cost_no_more() {
    let shop = shop().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1), ("TOWEL", 1)]).await;
    let product = "query { product(by: { handle: \"mug\" }) { ...A ...B ... on Product { ...C } } }
        fragment A on Product { variants(first: 1) { nodes { sku } } }
        fragment B on Product { other: variants(last: 1) { nodes { sku } } collections { nodes { title } } }
        fragment C on Product { third: variants(first: 100) { nodes { price { amount } } } defaultVariant { id } }";
    assert_eq!(count(&buyer.client, product, json!({})).await, 1);
    let cart = "query($id: ID!) { cart(id: $id) { ...A ...B } }
        fragment A on Cart { lines(first: 1) { nodes { quantity } } }
        fragment B on Cart { all: lines(first: 100) { nodes { variant { sku } } } }";
    assert_eq!(count(&buyer.client, cart, json!({ "id": buyer.cart })).await, 1);
}

#[tokio::test]
async fn what_could_not_be_foreseen_costs_one_more_for_all_parents_together() {
    let client = shop().await.client();
    let nested = "{ products(first: 24) { nodes { title variants(first: 2) { nodes { sku } } } } }";
    assert_eq!(count(&client, nested, json!({})).await, 2);
    let deeper = "{ collections { nodes { title products(first: 5) { nodes { title variants { nodes { sku } } collections { nodes { title } } } } } } }";
    assert_eq!(count(&client, deeper, json!({})).await, 4);
}

#[tokio::test]
async fn without_looking_ahead_the_same_answers_come_back() {
    let ahead = shop().await;
    let blind = Shop::telling(ahead.database.clone(), false).await;
    let buyer = Buyer::ready(&ahead, &[("MUG-R", 2), ("MUG-B", 1), ("TOWEL", 1)]).await;
    let mut other = blind.client();
    other.sign_in_as(&buyer.client);
    let id = json!({ "id": buyer.cart });
    let handle = json!({ "handle": "mug" });
    let pages = "query($id: ID!) { cart(id: $id) { a: lines(first: 1) { nodes { quantity } pageInfo { hasNextPage hasPreviousPage } }
        b: lines(last: 2) { nodes { quantity } pageInfo { hasNextPage hasPreviousPage } } lines(first: 250) { edges { node { id } } } }
        viewer { cart { id lines(last: 1) { nodes { id } } } } }";
    let windows = "query($handle: String!) { product(by: { handle: $handle }) { variant(options: [{ name: \"Colour\", value: \"Blue\" }]) { sku }
        a: variants(first: 1) { edges { node { sku } } pageInfo { hasNextPage } } b: variants(last: 1) { nodes { sku } }
        collections(first: 1) { nodes { handle products(first: 1) { nodes { title } } } pageInfo { hasNextPage } } } }";

    let mut saved = 0;
    for (query, variables) in
        [(LIST, json!({})), (PAGE, handle.clone()), (CART, id.clone()), (pages, id), (windows, handle)]
    {
        let (with, without) = (buyer.client.send(query, variables.clone()).await, other.send(query, variables).await);
        assert_eq!(with.data(), without.data());
        saved += statements(&without) - statements(&with);
    }

    assert!(saved > 0, "looking ahead saves statements");
}
