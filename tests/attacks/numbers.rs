//! Numbers at and beyond their bounds.

use serde_json::{Value, json};
use tidegate_testkit::{Answer, Shop};

use super::refusal::{refusal, state};
use crate::flows::{APPLY, Buyer, CHECKOUT, lines, variant};

/// Sends variables whose one number is written exactly so.
async fn with_number(buyer: &Buyer, query: &str, variables: &Value, number: &str) -> Answer {
    let query = json!(query);
    let variables = variables.to_string().replace("\"#\"", number);
    buyer.client.post(&format!("{{\"query\":{query},\"variables\":{variables}}}")).await
}

#[tokio::test]
async fn numbers_that_are_no_int_are_refused() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let before = state(&shop).await;
    let id = variant(&buyer.client, "MUG-R").await;
    let places = [
        ("query($n: Int) { products(first: $n) { nodes { id } } }", json!({ "n": "#" })),
        (APPLY, json!({ "cart": buyer.cart, "if": "#", "operations": [] })),
        (APPLY, json!({ "cart": buyer.cart, "operations": [{ "addLines": [{ "variantId": id, "quantity": "#" }] }] })),
    ];
    let numbers = [
        "2147483648",
        "-2147483649",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "1e30",
        "0.5",
        "1.0",
        "\"1\"",
        "true",
        "[[1]]",
        "{}",
    ];

    for (query, variables) in &places {
        for number in numbers {
            let answer = with_number(&buyer, query, variables, number).await;
            assert_eq!(
                (answer.status.as_u16(), refusal(&answer).as_str()),
                (400, "BAD_USER_INPUT"),
                "{number} {query}"
            );
        }
        for no_json in ["1e400", "NaN", "0x10", "01", "+1", "1_000"] {
            let answer = with_number(&buyer, query, variables, no_json).await;
            assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (400, "INVALID_JSON"), "{no_json}");
        }
    }
    for literal in ["2147483648", "9223372036854775808", "1e400", "1.0", "\"1\"", "-0.0"] {
        let answer =
            buyer.client.send(&format!("{{ products(first: {literal}) {{ nodes {{ id }} }} }}"), json!({})).await;
        assert_eq!(answer.status, 400, "{literal}");
        assert!(
            ["BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"].contains(&refusal(&answer).as_str()),
            "{}",
            answer.text
        );
    }
    assert_eq!(state(&shop).await, before);
}

#[tokio::test]
async fn quantities_out_of_their_bounds_are_refused_by_name() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let id = variant(&buyer.client, "MUG-B").await;
    let read = buyer
        .client
        .send("query($id: ID!) { cart(id: $id) { lines { nodes { id } } } }", json!({ "id": buyer.cart }))
        .await;
    let line = read.at("/data/cart/lines/nodes/0/id").to_owned();
    let before = state(&shop).await;

    for quantity in [0, -1, i32::MIN, 1_000_001, 1_000_000_000, i32::MAX] {
        let add = json!({ "addLines": [{ "variantId": id, "quantity": quantity }] });
        let set = json!({ "setLines": [{ "lineId": line, "quantity": quantity }] });
        for operation in [add, set] {
            if quantity == 0 && operation.get("setLines").is_some() {
                continue;
            }
            let answer = buyer.client.send(APPLY, json!({ "cart": buyer.cart, "operations": [operation] })).await;
            assert_eq!(refusal(&answer), "QUANTITY_RULE", "{operation}: {}", answer.text);
            assert_eq!(answer.value("/data/cartApply/errors/0/max"), &json!(1_000_000));
        }
    }
    let unchanged = state(&shop).await;
    assert_eq!(unchanged, before);

    // What is added up is bounded too, in one call and over several.
    let million = json!({ "variantId": id, "quantity": 1_000_000 });
    let twice = json!({ "cart": buyer.cart, "operations": [{ "addLines": [million, million] }] });
    assert_eq!(refusal(&buyer.client.send(APPLY, twice).await), "QUANTITY_RULE");
    let once = json!({ "cart": buyer.cart, "operations": [{ "addLines": [million] }] });
    assert_eq!(refusal(&buyer.client.send(APPLY, once.clone()).await), "");
    assert_eq!(refusal(&buyer.client.send(APPLY, once).await), "QUANTITY_RULE");
    assert_eq!(
        shop.database.ask("select string_agg(quantity::text, ' ' order by id) from cart_line").await,
        "1 1000000"
    );
}

#[tokio::test]
async fn lists_longer_than_a_call_or_a_cart_takes_are_refused() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let id = variant(&buyer.client, "MUG-B").await;
    let before = state(&shop).await;
    let many = |count: usize| vec![json!({ "variantId": id }); count];

    let call = json!({ "cart": buyer.cart, "operations": [{ "addLines": many(251) }] });
    let answer = buyer.client.send(APPLY, call).await;
    assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (400, "BAD_USER_INPUT"));
    let call = json!({ "cart": buyer.cart, "operations": vec![json!({ "setNote": "x" }); 51] });
    assert_eq!(refusal(&buyer.client.send(APPLY, call).await), "INVALID_INPUT");
    assert_eq!(state(&shop).await, before);

    shop.database.run(FULL_CART).await;
    let filled = state(&shop).await;
    let call = json!({ "cart": buyer.cart, "operations": [{ "addLines": many(1) }] });
    assert_eq!(refusal(&buyer.client.send(APPLY, call).await), "INVALID_INPUT");
    assert_eq!(state(&shop).await, filled);
}

/// A cart of 2,000 lines of 1,000,000 pieces at 10,000,000.00, the most of everything.
const FULL_CART: &str = "update price set amount = 1000000000, compare_at = null;
    delete from cart_line;
    insert into cart_line (cart_id, id, variant_id, quantity, attributes)
    select c.id, md5('l' || n)::uuid, v.id, 1000000, jsonb_build_array(jsonb_build_object('key', 'n', 'value', n::text))
    from cart c, variant v, generate_series(1, 2000) n where v.sku = 'MUG-R';
    update stock set on_hand = 1000000000000;";

#[tokio::test]
async fn a_cart_at_the_maxima_does_not_wrap() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    shop.database.run(FULL_CART).await;

    let read = "query($id: ID!) { cart(id: $id) { lineCount totalQuantity cost { subtotal { amount } total { amount } }
        lines(first: 1) { nodes { cost { total { amount } } } } } }";
    let answer = buyer.client.send(read, json!({ "id": buyer.cart })).await;

    assert_eq!(
        answer.data()["cart"],
        json!({ "lineCount": 2_000, "totalQuantity": 2_000_000_000,
                "cost": { "subtotal": { "amount": "20000000000000000.00" }, "total": { "amount": "20000000000000000.00" } },
                "lines": { "nodes": [{ "cost": { "total": { "amount": "10000000000000.00" } } }] } })
    );
}

#[tokio::test]
async fn a_cart_at_the_maxima_can_be_ordered() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    shop.database.run(FULL_CART).await;
    let buyer = Buyer { total: "20000000000000000.00".to_owned(), ..buyer };

    let placed = buyer.checkout(1).await;

    assert_eq!(placed.data()["checkoutComplete"]["errors"], json!([]), "{}", placed.text);
    assert_eq!(
        shop.database.ask("select total || ' ' || line_count from customer_order").await,
        "2000000000000000000 2000"
    );
    assert_eq!(shop.database.count("select allocated from stock where allocated > 0").await, 2_000_000_000);
}

#[tokio::test]
async fn totals_that_are_no_amount_are_refused() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let before = state(&shop).await;
    for (number, total) in (1_u128..).zip([
        "",
        "2.500001",
        "2,50",
        "1e2",
        "+2.50",
        " 2.50",
        "2.50 ",
        "0x2",
        "NaN",
        "Infinity",
        "99999999999999999999",
        "9223372036854775807",
        "-9223372036854775808",
        "\u{662}.\u{665}",
        "2.50' OR 1=1--",
    ]) {
        let call = json!({ "cart": buyer.cart, "total": total, "key": tidegate_testkit::uuid(number) });
        assert_eq!(refusal(&buyer.client.send(CHECKOUT, call).await), "BAD_USER_INPUT", "{total}");
    }
    for (number, total) in (100_u128..).zip(["0.00", "-2.50", "2.49", "2.51", "9999999999999999.99"]) {
        let call = json!({ "cart": buyer.cart, "total": total, "key": tidegate_testkit::uuid(number) });
        assert_eq!(refusal(&buyer.client.send(CHECKOUT, call).await), "TOTAL_CHANGED", "{total}");
    }
    assert_eq!(state(&shop).await, before);
}

#[tokio::test]
async fn a_price_sent_by_the_client_is_an_unknown_field() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let id = variant(&buyer.client, "MUG-B").await;
    let before = state(&shop).await;
    for field in ["price", "unitPrice", "amount", "discount", "tax", "currency", "total", "isAdmin"] {
        let mut line = json!({ "variantId": id, "quantity": 1 });
        line[field] = json!("0.01");
        let variable =
            buyer.client.send(APPLY, json!({ "cart": buyer.cart, "operations": [{ "addLines": [line] }] })).await;
        assert_eq!((variable.status.as_u16(), refusal(&variable).as_str()), (400, "BAD_USER_INPUT"), "{field}");
        for document in [
            format!(
                "mutation {{ cartLinesAdd(cartId: \"{}\", lines: [{{ variantId: \"{id}\", {field}: \"0.01\" }}]) {{ revision }} }}",
                buyer.cart
            ),
            format!("mutation {{ cartCreate({field}: \"0.01\") {{ revision }} }}"),
            format!(
                "mutation {{ cartBuyerSet(cartId: \"{}\", buyer: {{ email: \"a@b.cd\", {field}: true }}) {{ revision }} }}",
                buyer.cart
            ),
        ] {
            let answer = buyer.client.send(&document, json!({})).await;
            assert_eq!(
                (answer.status.as_u16(), refusal(&answer).as_str()),
                (400, "GRAPHQL_VALIDATION_FAILED"),
                "{document}"
            );
        }
    }
    assert_eq!(state(&shop).await, before);
}

/// In one market there is nothing to switch to: a total in another currency is another total.
#[tokio::test]
async fn a_total_in_another_currency_is_another_total() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let before = state(&shop).await;
    let query = CHECKOUT.replace("\"GBP\"", "\"JPY\"");

    let call = json!({ "cart": buyer.cart, "total": "250", "key": tidegate_testkit::uuid(1) });
    let answer = buyer.client.send(&query, call).await;

    assert_eq!(refusal(&answer), "TOTAL_CHANGED");
    assert_eq!(answer.value("/data/checkoutComplete/errors/0/actual/amount"), &json!("2.50"));
    let context = format!("{} ", APPLY.replace("{\n    cartApply", "@inContext(currency: \"EUR\") {\n    cartApply"));
    let switched =
        buyer.client.send(&context, json!({ "cart": buyer.cart, "operations": lines(&buyer.client, &[]).await })).await;
    assert_eq!((switched.status.as_u16(), refusal(&switched).as_str()), (400, "CONTEXT_UNSUPPORTED"));
    assert_eq!(state(&shop).await, before);
}
