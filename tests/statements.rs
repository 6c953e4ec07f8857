//! How many statements each operation sends, counted at the driver.

use serde_json::{Value, json};
use tidegate_store::catalog::import::ImportOptions;
use tidegate_testkit::{Answer, CATALOGUE, Client, Database, Shop, import, uuid};

use crate::flows::{APPLY, Buyer, CHECKOUT, CREATE, address, lines};

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
async fn every_read_sends_one_statement() {
    let shop = shop().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1), ("TOWEL", 1)]).await;
    let order = buyer.checkout(1).await.at("/data/checkoutComplete/order/id").to_owned();
    let client = &buyer.client;
    let found = client
        .send(
            "{ product(by: { handle: \"mug\" }) { id variants { nodes { id } } collections { nodes { id } } } }",
            json!({}),
        )
        .await;
    let (product, variant) = (found.at("/data/product/id"), found.at("/data/product/variants/nodes/0/id"));
    let collection = found.at("/data/product/collections/nodes/0/id");
    let pair = |list: &str| -> Vec<String> {
        (0..2).map(|at| found.at(&format!("/data/product/{list}/nodes/{at}/id")).to_owned()).collect()
    };
    let (node, nodes) = (
        "query($id: ID!) { node(id: $id) { id __typename ... on Product { title featuredImage { url } } ... on Variant { sku image { url } }
            ... on Collection { title } ... on Order { number } ... on Cart { revision } } }",
        "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Variant { sku price { amount } } ... on Collection { title } } }",
    );
    for (query, variables) in [
        ("query($id: ID!) { order(by: { id: $id }) { number cost { total { amount } } lines { nodes { sku quantity } } payments { id } } }", json!({ "id": order })),
        ("query($id: ID!) { order(by: { id: $id }) { ...A ...B ... on Order { c: lines(last: 1) { nodes { sku } } } } }
          fragment A on Order { a: lines(first: 1) { nodes { sku } } number } fragment B on Order { b: lines(first: 9) { edges { node { quantity } } } buyer { email } }", json!({ "id": order })),
        ("{ collection(by: { handle: \"kitchen\" }) { ...A ... on Collection { description } } } fragment A on Collection { id title }", json!({})),
        ("{ collections { nodes { handle title } pageInfo { hasNextPage } } }", json!({})),
        ("{ search(query: \"mug\") { ...A ...B ... on ProductConnection { pageInfo { endCursor } } } }
          fragment A on ProductConnection { nodes { a: title } } fragment B on ProductConnection { edges { cursor node { featuredImage { url } } } }", json!({})),
        ("{ viewer { ...A ...B } } fragment A on Viewer { session { id } cart { a: lines(first: 1) { nodes { quantity } } } }
          fragment B on Viewer { session { kind } cart { b: lines(last: 1) { nodes { variant { sku } } } } }", json!({})),
        (node, json!({ "id": product })),
        (node, json!({ "id": variant })),
        (node, json!({ "id": collection })),
        (node, json!({ "id": order })),
        (node, json!({ "id": buyer.cart })),
        (nodes, json!({ "ids": pair("variants") })),
        (nodes, json!({ "ids": pair("collections") })),
    ] {
        assert_eq!(count(client, query, variables.clone()).await, 1, "{query} {variables}");
    }
}

/// Its pages are another list each, read by the window: two aliases with different arguments are two pages.
#[tokio::test]
async fn the_products_of_one_collection_cost_one_statement_a_page() {
    let client = shop().await.client();
    let page = "{ collection(by: { handle: \"kitchen\" }) { title products(first: 2) { nodes { title featuredImage { url } } pageInfo { endCursor } } } }";
    assert_eq!(count(&client, page, json!({})).await, 2);
    let same = "{ collection(by: { handle: \"kitchen\" }) { ...A ...B } } fragment A on Collection { a: products(first: 2) { nodes { handle } } }
        fragment B on Collection { b: products(first: 2) { nodes { title } } }";
    assert_eq!(count(&client, same, json!({})).await, 2);
    let different = "{ collection(by: { handle: \"kitchen\" }) { ...A ...B } } fragment A on Collection { a: products(first: 1) { nodes { handle } } }
        fragment B on Collection { b: products(first: 2) { nodes { title } } }";
    assert_eq!(count(&client, different, json!({})).await, 3);
}

/// Under two aliases a root field is asked for twice, and costs what it costs once each time.
#[tokio::test]
async fn a_root_under_two_aliases_costs_one_statement_each() {
    let client = shop().await.client();
    for field in ["collection(by: { handle: \"kitchen\" })", "search(query: \"mug\", first: 1)"] {
        let query =
            format!("{{ a: {field} {{ __typename }} ...B }} fragment B on Query {{ b: {field} {{ __typename }} }}");
        assert_eq!(count(&client, &query, json!({})).await, 2, "{field}");
    }
}

#[tokio::test]
async fn every_change_sends_one_statement_and_one_more_to_read_the_cart_back() {
    let shop = shop().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1), ("TOWEL", 1)]).await;
    let read = "query($id: ID!) { cart(id: $id) { lines { nodes { id } } } }";
    let line = |at: usize, answer: &Answer| answer.at(&format!("/data/cart/lines/nodes/{at}/id")).to_owned();
    let lines_now = buyer.client.send(read, json!({ "id": buyer.cart })).await;
    let (first, second) = (line(0, &lines_now), line(1, &lines_now));
    let added = lines(&buyer.client, &[("MUG-B", 2)]).await;

    for (field, types, arguments, variables) in [
        ("cartLinesAdd", "$lines: [CartLineAdd!]!", "lines: $lines", json!({ "lines": added })),
        (
            "cartLinesSet",
            "$lines: [CartLineSet!]!",
            "lines: $lines",
            json!({ "lines": [{ "lineId": first, "quantity": 3 }, { "lineId": second, "quantity": 2 }] }),
        ),
        ("cartLinesRemove", "$ids: [ID!]!", "lineIds: $ids", json!({ "ids": [second] })),
        ("cartBuyerSet", "$buyer: CartBuyerInput!", "buyer: $buyer", json!({ "buyer": { "email": "b@example.com" } })),
        ("cartAddressesSet", "$to: AddressInput", "shipping: $to", json!({ "to": address() })),
        (
            "cartAttributesSet",
            "$all: [AttributeInput!]!",
            "attributes: $all",
            json!({ "all": [{ "key": "k", "value": "v" }] }),
        ),
        ("cartNoteSet", "$note: String!", "note: $note", json!({ "note": "Ring twice" })),
    ] {
        for (selection, expected) in [
            ("", 1),
            ("cart { revision a: lines(first: 1) { nodes { quantity } } lines { nodes { variant { sku } } } }", 2),
        ] {
            let query = format!(
                "mutation($cart: ID!, {types}) {{ {field}(cartId: $cart, {arguments}) {{ {selection} revision errors {{ code path }} }} }}"
            );
            let mut variables = variables.clone();
            variables["cart"] = json!(buyer.cart);
            let answer = buyer.client.send(&query, variables).await;
            assert_eq!(statements(&answer), expected, "{query}");
            // The second time a line that was removed is missing; the statements are the same.
            let codes = if (field, expected) == ("cartLinesRemove", 2) { "NOT_FOUND" } else { "" };
            assert_eq!(
                answer.value(&format!("/data/{field}/errors/0/code")).as_str().unwrap_or_default(),
                codes,
                "{}",
                answer.text
            );
        }
    }
}

#[tokio::test]
async fn a_session_is_started_by_one_statement_and_refreshed_by_three() {
    let client = shop().await.client();
    let started = client
        .send("mutation { sessionStart { tokens { refreshToken } session { id } errors { code } } }", json!({}))
        .await;
    assert_eq!(statements(&started), 1);
    let refresh = "mutation($token: String!) { sessionRefresh(refreshToken: $token) { tokens { accessToken } session { id } errors { code } } }";
    let refreshed =
        client.send(refresh, json!({ "token": started.at("/data/sessionStart/tokens/refreshToken") })).await;
    assert_eq!(refreshed.value("/data/sessionRefresh/errors"), &json!([]), "{}", refreshed.text);
    // The token's state, the trade, the session read back.
    assert_eq!(statements(&refreshed), 3);
}

/// A shop of as many products, each with one variant and stock: `P0`, `P1`, …
async fn shop_of(products: usize) -> Shop {
    let rows = |head: &str, row: &dyn Fn(usize) -> String| {
        (0..products).fold(format!("{head}\n"), |text, number| text + &row(number) + "\n")
    };
    let files = [
        ("products.csv", rows("handle,title,description,vendor,tags,options", &|n| format!("p{n},Product {n},,,,"))),
        ("variants.csv", rows("product,sku,title,option_values,position", &|n| format!("p{n},P{n},,,1"))),
        ("prices.csv", rows("sku,market,currency,amount,compare_at", &|n| format!("P{n},gb,GBP,1.50,"))),
        ("stock.csv", rows("sku,on_hand", &|n| format!("P{n},10"))),
    ];
    let database = Database::new().await;
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    import(&database.url, &files, ImportOptions::default()).await;
    Shop::telling(database, true).await
}

#[tokio::test]
async fn a_checkout_of_200_lines_sends_as_many_statements_as_one_of_one() {
    let shop = shop_of(200).await;
    let skus: Vec<_> = (0..200).map(|number| format!("P{number}")).collect();
    let wanted: Vec<_> = skus.iter().map(|sku| (sku.as_str(), 1)).collect();
    for lines in [1, 200] {
        let buyer = Buyer::ready(&shop, &wanted[..lines]).await;
        let placed = buyer.checkout(lines as u128).await;
        assert_eq!(placed.value("/data/checkoutComplete/order/lineCount"), &json!(lines), "{}", placed.text);
        assert_eq!(statements(&placed), 3, "{lines} lines");
    }
}
