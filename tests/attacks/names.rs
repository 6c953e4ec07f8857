//! Names that a careless program looks up, or writes into a statement.

use serde_json::json;
use tidegate_testkit::Shop;

use super::refusal::{assert_silent, refusal, state};
use crate::flows::Buyer;

#[tokio::test]
async fn junk_for_an_enum_is_refused() {
    let shop = Shop::open().await;
    let client = shop.client();
    let junk = [
        "title",
        "TITLE ",
        "__proto__",
        "constructor",
        "toString",
        "0",
        "null",
        "' OR 1=1--",
        "TITLE; DROP TABLE cart",
        "\u{ff34}ITLE",
        "",
    ];
    let query = "query($s: ProductSort!) { products(sort: $s) { nodes { id } } }";
    for name in junk {
        let answer = client.send(query, json!({ "s": name })).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (400, "BAD_USER_INPUT"), "{name}");
    }
    for literal in ["title", "__proto__", "constructor", "\"TITLE\"", "0", "true"] {
        let answer = client.send(&format!("{{ products(sort: {literal}) {{ nodes {{ id }} }} }}"), json!({})).await;
        assert_eq!(
            (answer.status.as_u16(), refusal(&answer).as_str()),
            (400, "GRAPHQL_VALIDATION_FAILED"),
            "{literal}"
        );
    }
    for other in [json!(0), json!(true), json!([["TITLE"]]), json!({ "TITLE": 1 })] {
        assert_eq!(refusal(&client.send(query, json!({ "s": other })).await), "BAD_USER_INPUT", "{other}");
    }
}

#[tokio::test]
async fn inherited_names_are_data_or_unknown() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    for name in ["__proto__", "constructor", "prototype", "hasOwnProperty", "toString"] {
        let body = format!(
            r#"{{"query":"query($b: ProductRef!) {{ product(by: $b) {{ id }} }}","variables":{{"b":{{"{name}":{{"id":"x"}},"handle":"mug"}}}}}}"#
        );
        assert_eq!(refusal(&buyer.client.post(&body).await), "BAD_USER_INPUT", "{name}");
        let as_member =
            format!(r#"{{"query":"{{ __typename }}","{name}":{{"polluted":true}},"variables":{{"{name}":1}}}}"#);
        assert_eq!(buyer.client.post(&as_member).await.data(), &json!({ "__typename": "Query" }));
        let attributes = "mutation($cart: ID!, $key: String!) { cartAttributesSet(cartId: $cart, attributes: [{ key: $key, value: \"v\" }]) {
            errors { code } cart { attributes { key value } } } }";
        let stored = buyer.client.send(attributes, json!({ "cart": buyer.cart, "key": name })).await;
        assert_eq!(stored.data()["cartAttributesSet"]["cart"]["attributes"], json!([{ "key": name, "value": "v" }]));
    }
}

#[tokio::test]
async fn duplicate_members_are_refused_wherever_they_stand() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let before = state(&shop).await;
    let note = "mutation($c: ID!, $n: String!) { cartNoteSet(cartId: $c, note: $n) { errors { code } } }";
    let cart = &buyer.cart;
    for body in [
        format!(r#"{{"query":"{note}","query":"{{ __typename }}","variables":{{"c":"{cart}","n":"x"}}}}"#),
        format!(r#"{{"query":"{note}","variables":{{"c":"{cart}","n":"x","n":"y"}}}}"#),
        format!(r#"{{"query":"{note}","variables":{{"c":"{cart}","n":"x"}},"variables":{{"c":"{cart}","n":"y"}}}}"#),
        format!(r#"{{"query":"{note}","variables":{{"c":"{cart}","n":"x","\u006e":"y"}}}}"#),
    ] {
        let answer = buyer.client.post(&body).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (400, "INVALID_JSON"), "{body}");
    }
    let fields = format!("mutation {{ cartNoteSet(cartId: \"{cart}\", note: \"x\", note: \"y\") {{ revision }} }}");
    assert_eq!(refusal(&buyer.client.send(&fields, json!({})).await), "GRAPHQL_VALIDATION_FAILED");
    let fields = format!(
        "mutation {{ cartBuyerSet(cartId: \"{cart}\", buyer: {{ email: \"a@b.cd\", email: \"e@f.gh\" }}) {{ revision }} }}"
    );
    assert_eq!(refusal(&buyer.client.send(&fields, json!({})).await), "BAD_USER_INPUT");
    assert_eq!(state(&shop).await, before);
}

#[tokio::test]
async fn injection_through_context_sort_and_country_is_refused() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let before = state(&shop).await;
    for junk in ["' OR 1=1--", "en'; DROP TABLE cart", "gb", "GBR", "", "G\u{131}", "..", "GB\n"] {
        for argument in ["country: CountryCode", "currency: CurrencyCode", "language: LanguageCode"] {
            let (name, of_type) = argument.split_once(": ").unwrap();
            let query = format!("query($v: {of_type}) @inContext({name}: $v) {{ shop {{ market {{ handle }} }} }}");
            let answer = buyer.client.send(&query, json!({ "v": junk })).await;
            let refused = ["BAD_USER_INPUT", "CONTEXT_UNSUPPORTED"].contains(&refusal(&answer).as_str());
            assert!(refused && answer.status == 400, "{argument} {junk}: {}", answer.text);
        }
        let address = json!({ "name": "a", "line1": "b", "city": "c", "country": junk });
        let set =
            "mutation($c: ID!, $a: AddressInput!) { cartAddressesSet(cartId: $c, shipping: $a) { errors { code } } }";
        let answer = buyer.client.send(set, json!({ "c": buyer.cart, "a": address })).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (400, "BAD_USER_INPUT"), "{junk}");
    }
    assert_eq!(state(&shop).await, before);
}

#[tokio::test]
async fn searches_and_names_are_values_and_never_statements() {
    let shop = Shop::open().await;
    let client = shop.client();
    let long = "a".repeat(10_240);
    for junk in [
        "%",
        "_",
        "%_%",
        "' OR 1=1--",
        "'; DROP TABLE product;--",
        "\\",
        "mug\\",
        ":*",
        "!!!",
        "&|!()<->",
        "\"",
        "\"mug",
        "( OR )",
        "*",
        "\u{1f600}",
        "\u{202e}",
        "a:b & c",
    ] {
        let search = "query($q: String!) { search(query: $q) { nodes { handle } } }";
        let answer = client.send(search, json!({ "q": junk })).await;
        let found = answer.data()["search"]["nodes"].as_array().unwrap().len();
        assert!(found < 3, "{junk} finds everything: {}", answer.text);
        for field in ["handle", "sku", "id"] {
            let answer = client
                .send(
                    &format!(
                        "query($q: {}!) {{ product(by: {{ {field}: $q }}) {{ id }} }}",
                        if field == "id" { "ID" } else { "String" }
                    ),
                    json!({ "q": junk }),
                )
                .await;
            assert_eq!(answer.data()["product"], json!(null), "{field} {junk}");
        }
        let tags = client
            .send("query($q: String!) { products(filter: { tags: [$q] }) { nodes { handle } } }", json!({ "q": junk }))
            .await;
        assert_eq!(tags.data()["products"]["nodes"], json!([]), "{junk}");
    }
    for text in [long.as_str(), &"b ".repeat(200), "", "   "] {
        let answer =
            client.send("query($q: String!) { search(query: $q) { nodes { id } } }", json!({ "q": text })).await;
        assert_eq!(refusal(&answer), "BAD_USER_INPUT");
    }
    assert_eq!(shop.database.count("select count(*) from product").await, 3);
}

#[tokio::test]
async fn idempotency_keys_that_are_no_uuid_are_refused() {
    let shop = Shop::open().await;
    let before = state(&shop).await;
    for key in [
        "",
        "1",
        "00000000-0000-0000-0000-000000000000",
        "0198c7a01b2c7d3e8f40512233445566",
        "{0198c7a0-1b2c-7d3e-8f40-512233445566}",
        "urn:uuid:0198c7a0-1b2c-7d3e-8f40-512233445566",
        "' OR 1=1--",
    ] {
        let answer = shop
            .client()
            .send("mutation($k: IdempotencyKey!) { cartCreate(idempotencyKey: $k) { revision } }", json!({ "k": key }))
            .await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (400, "BAD_USER_INPUT"), "{key}");
        assert_silent(&answer);
    }
    assert_eq!(state(&shop).await, before);
}

/// What is left out is left out also when nothing else is asked for.
#[tokio::test]
async fn a_search_of_exclusions_alone_does_not_list_what_it_excludes() {
    let shop = Shop::open().await;
    let answer = shop.client().send("{ search(query: \"-mug\") { nodes { handle } } }", json!({})).await;
    let found = answer.data()["search"]["nodes"].as_array().unwrap();
    assert!(found.iter().all(|node| node["handle"] != "mug"), "{}", answer.text);
}
