//! Documents through HTTP: what runs, what is refused, and that nothing runs by halves.

use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::Duration;
use tidegate_testkit::{Shop, processor_time};

use crate::attacks::refusal;
use crate::flows::{Buyer, lines};

/// The text that many times, `#` standing for the number.
fn numbered(count: usize, text: &str) -> String {
    (0..count).fold(String::new(), |all, number| all + &text.replace('#', &number.to_string()))
}

#[tokio::test]
async fn a_mutation_selected_twice_runs_once() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let more = lines(&buyer.client, &[("MUG-B", 2)]).await;
    let add = "cartLinesAdd(cartId: $cart, lines: $lines)";
    let document = format!(
        "mutation($cart: ID!, $lines: [CartLineAdd!]!) {{ {add} {{ revision }} ...A ... on Mutation {{ {add} {{ cart {{ totalQuantity }} }} }} }}
         fragment A on Mutation {{ {add} {{ errors {{ code }} }} ...B }} fragment B on Mutation {{ {add} {{ cart {{ lineCount }} }} }}"
    );

    let answer = buyer.client.send(&document, json!({ "cart": buyer.cart, "lines": more })).await;

    let expected =
        json!({ "cartLinesAdd": { "revision": 3, "cart": { "totalQuantity": 3, "lineCount": 2 }, "errors": [] } });
    assert_eq!(answer.data(), &expected);
    assert_eq!(shop.database.count("select sum(quantity) from cart_line").await, 3);
}

#[tokio::test]
async fn aliases_run_one_after_the_other_in_their_order() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let document = "mutation($cart: ID!) { a: cartNoteSet(cartId: $cart, note: \"a\") { revision } b: cartNoteSet(cartId: $cart, note: \"b\") { revision }
        c: cartNoteSet(cartId: $cart, note: \"c\") { revision } }";

    let answer = buyer.client.send(document, json!({ "cart": buyer.cart })).await;

    assert_eq!(answer.data(), &json!({ "a": { "revision": 3 }, "b": { "revision": 4 }, "c": { "revision": 5 } }));
    assert_eq!(shop.database.ask("select note from cart").await, "c");
}

#[tokio::test]
async fn bad_input_of_a_later_mutation_lets_none_run() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let first = "a: cartNoteSet(cartId: $cart, note: \"ran\") { revision }";
    let bad = json!({ "cart": buyer.cart, "n": "two", "key": "no key" });
    for (declared, second) in [
        (", $n: Int!", "cartNoteSet(cartId: $cart, note: \"x\", ifRevision: $n) { revision }"),
        (", $missing: String!", "cartNoteSet(cartId: $cart, note: $missing) { revision }"),
        (", $key: IdempotencyKey", "cartNoteSet(cartId: $cart, note: \"x\", idempotencyKey: $key) { revision }"),
        ("", "cartNoteSet(cartId: $cart, note: \"x\", ifRevision: 4294967296) { revision }"),
        ("", "cartNoteSet(cartId: $cart, note: \"x\", idempotencyKey: \"no key\") { revision }"),
        ("", "cartLinesAdd(cartId: $cart, lines: [{ quantity: 1 }]) { revision }"),
        ("", "cartApply(cartId: $cart, operations: [{ setNote: \"x\", removeLines: [] }]) { revision }"),
        (", $lines: [CartLineAdd!]", "cartApply(cartId: $cart, operations: [{ addLines: $lines }]) { revision }"),
        ("", "cartNoteSet(cartId: $cart) { revision }"),
    ] {
        let answer =
            buyer.client.send(&format!("mutation($cart: ID!{declared}) {{ {first} {second} }}"), bad.clone()).await;
        assert_eq!(answer.status, 400, "{second}: {}", answer.text);
        assert!(
            ["BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"].contains(&refusal(&answer).as_str()),
            "{}",
            answer.text
        );
        assert!(answer.body.get("data").is_none());
    }
    assert_eq!(shop.database.ask("select coalesce(note, 'none') || revision from cart").await, "none2");
}

#[tokio::test]
async fn a_checkout_is_alone_in_its_document() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let checkout = "checkoutComplete(cartId: $cart, payment: { invoice: {} }, expectedTotal: { amount: \"2.50\", currency: \"GBP\" },
        idempotencyKey: \"0198c7a0-1b2c-7d3e-8f40-512233445566\") { errors { code } }";
    for other in
        ["cartNoteSet(cartId: $cart, note: \"x\") { revision }", "again: CHECKOUT", "... on Mutation { b: CHECKOUT }"]
    {
        let document = format!("mutation($cart: ID!) {{ {checkout} {} }}", other.replace("CHECKOUT", checkout));
        let answer = buyer.client.send(&document, json!({ "cart": buyer.cart })).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (400, "TOO_MANY_MUTATIONS"), "{other}");
    }
    let many = numbered(5, "m#: cartNoteSet(cartId: $cart, note: \"x\") { revision } ");
    let answer = buyer.client.send(&format!("mutation($cart: ID!) {{ {many} }}"), json!({ "cart": buyer.cart })).await;
    assert_eq!(refusal(&answer), "TOO_MANY_MUTATIONS");
    assert_eq!(shop.database.ask("select status || coalesce(note, '') || revision from cart").await, "OPEN2");

    let alone = buyer
        .client
        .send(&format!("mutation($cart: ID!) {{ __typename {checkout} }}"), json!({ "cart": buyer.cart }))
        .await;
    assert_eq!(alone.data(), &json!({ "__typename": "Mutation", "checkoutComplete": { "errors": [] } }));
}

/// The engine alone needs minutes for it.
#[tokio::test]
async fn thirty_one_doubling_fragments_are_refused_at_once() {
    let shop = Shop::empty(|_| {}).await;
    let mut document = "{ ...F0 }".to_owned();
    for level in 0..31 {
        let body =
            if level == 30 { "__typename".to_owned() } else { format!("...F{next} ...F{next}", next = level + 1) };
        write!(document, " fragment F{level} on Query {{ {body} }}").unwrap();
    }
    let client = shop.client();
    let mut times = Vec::new();
    for _ in 0..20 {
        let begun = processor_time();
        let answer = client.send(&document, json!({})).await;
        times.push(processor_time().saturating_sub(begun));
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (400, "QUERY_TOO_COMPLEX"));
    }
    times.sort_unstable();
    println!("{} bytes, refused in {:?} to {:?} of processor time", document.len(), times[0], times[19]);
    // The quickest is the one that nothing else on the machine has held up.
    assert!(times[0] < Duration::from_millis(5), "{times:?}");
}

#[tokio::test]
async fn deep_literals_selections_and_variables_are_refused_and_the_process_lives() {
    let shop = Shop::open().await;
    let client = shop.client();
    for (document, code) in [
        (format!("{{ nodes(ids: {}\"x\"{}) {{ id }} }}", "[".repeat(10_000), "]".repeat(10_000)), "QUERY_TOO_DEEP"),
        (format!("{{ nodes(ids: {}", "[".repeat(10_000)), "QUERY_TOO_DEEP"),
        (format!("{{ products(filter: {}", "{price:".repeat(7_000)), "QUERY_TOO_DEEP"),
        (format!("query($v: {}Int{}) {{ __typename }}", "[".repeat(10_000), "]".repeat(10_000)), "QUERY_TOO_DEEP"),
        ("{a".repeat(10_000), "QUERY_TOO_DEEP"),
        (format!("{{ {} }}", "__typename ".repeat(5_900)), "QUERY_TOO_COMPLEX"),
        (format!("{{ {} }}", numbered(1_000, "a#: product(by: { id: \"x\" }) { id } ")), "TOO_MANY_TOKENS"),
        (format!("{{ {} }}", numbered(200, "a#: __typename ")), "TOO_MANY_ALIASES"),
        ("fragment A on Query { ...B } fragment B on Query { ...A } { ...A }".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
        ("{ products(first: 251) { nodes { id } } }".to_owned(), "PAGE_TOO_LARGE"),
        ("{ products(first: 2147483647) { nodes { collections(first: 2147483647) { nodes { products(first: 2147483647) { nodes { id } } } } } } }".to_owned(), "PAGE_TOO_LARGE"),
        ("{ products(first: 250) { nodes { collections(first: 250) { nodes { products(first: 250) { nodes { id } } } } } } }".to_owned(), "QUERY_TOO_COMPLEX"),
        ("{ products(first: 1, last: 1) { nodes { id } } }".to_owned(), "BAD_USER_INPUT"),
        ("{ products(first: 0) { nodes { id } } }".to_owned(), "BAD_USER_INPUT"),
        ("{ products(first: -1) { nodes { id } } }".to_owned(), "BAD_USER_INPUT"),
        ("subscription { cart { id } }".to_owned(), "SUBSCRIPTIONS_NOT_SUPPORTED"),
        ("{ products { nodes { id } ... @defer { pageInfo { hasNextPage } } } }".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
    ] {
        let answer = client.send(&document, json!({})).await;
        let shown: String = document.chars().take(70).collect();
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (400, code), "{shown}: {}", answer.text);
    }
    for deep in ["[", "{\"a\":"] {
        let answer =
            client.post(&format!(r#"{{"query":"{{ __typename }}","variables":{{"v":{}"#, deep.repeat(10_000))).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (400, "INVALID_JSON"));
    }
    let long = json!(vec!["x"; 10_000]);
    let answer = client.send("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": long })).await;
    assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (400, "BAD_USER_INPUT"));
    assert_eq!(client.send("{ __typename }", json!({})).await.data(), &json!({ "__typename": "Query" }));
}

/// What GraphiQL 5 sends, with everything it can ask for.
const INTROSPECTION: &str = "query IntrospectionQuery { __schema { description queryType { name kind } mutationType { name kind } subscriptionType { name kind }
    types { ...FullType } directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
  fragment FullType on __Type { kind name description specifiedByURL isOneOf
    fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
    inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
    enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
  fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
  fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
    ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";

#[tokio::test]
async fn the_introspection_of_graphiql_passes() {
    let shop = Shop::empty(|_| {}).await;

    let answer = shop.client().send(INTROSPECTION, json!({})).await;

    let types = answer.data()["__schema"]["types"].as_array().unwrap();
    let named = |name: &str| types.iter().find(|of_type| of_type["name"] == name).unwrap();
    assert_eq!(named("ProductRef")["isOneOf"], json!(true));
    assert_eq!(named("DateTime")["specifiedByURL"], json!("https://www.rfc-editor.org/rfc/rfc3339"));
    assert!(named("Product")["description"].as_str().is_some_and(|text| !text.is_empty()));
    let defaults = &named("CartLineAdd")["inputFields"].as_array().unwrap()[1];
    assert_eq!((&defaults["name"], &defaults["defaultValue"]), (&json!("quantity"), &json!("1")));
    let directives = answer.data()["__schema"]["directives"].as_array().unwrap();
    let context = directives.iter().find(|directive| directive["name"] == "inContext").unwrap();
    assert_eq!(context["locations"], json!(["QUERY", "MUTATION"]));

    let circle = format!("{{ __schema {{ {} name {} }} }}", "types { fields { type { ".repeat(10), "} } } ".repeat(10));
    assert_eq!(shop.client().send(&circle, json!({})).await.status, 400);
}

#[tokio::test]
async fn the_context_is_taken_and_told() {
    let shop = Shop::open().await;
    let client = shop.client();
    let market = json!({ "country": "GB", "language": "en", "currency": "GBP" });
    for directive in [
        "",
        "@inContext(country: \"GB\")",
        "@inContext(language: \"EN\")",
        "@inContext(country: \"GB\", language: \"en\", currency: \"GBP\")",
    ] {
        let answer = client.send(&format!("query {directive} {{ shop {{ market {{ country }} }} }}"), json!({})).await;
        assert_eq!(
            (answer.data(), &answer.body["extensions"]["context"]),
            (&json!({ "shop": { "market": { "country": "GB" } } }), &market),
            "{directive}"
        );
    }
    let with_default = "query($c: CountryCode = \"GB\") @inContext(country: $c) { __typename }";
    assert_eq!(client.send(with_default, json!({})).await.body["extensions"]["context"], market);
    for directive in ["country: \"DE\"", "language: \"fr\"", "currency: \"EUR\""] {
        let answer = client.send(&format!("query @inContext({directive}) {{ __typename }}"), json!({})).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (400, "CONTEXT_UNSUPPORTED"), "{directive}");
    }
    let mutation = "mutation @inContext(country: \"DE\") { sessionStart { session { id } } }";
    assert_eq!(refusal(&client.send(mutation, json!({})).await), "CONTEXT_UNSUPPORTED");
    let on_field = "{ shop @inContext(country: \"GB\") { market { country } } }";
    assert_eq!(refusal(&client.send(on_field, json!({})).await), "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(shop.database.count("select count(*) from session").await, 0);
}

#[tokio::test]
async fn skip_and_include_see_the_defaults_of_variables() {
    let shop = Shop::open().await;
    let document = "query($yes: Boolean! = true, $no: Boolean = false) { a: __typename @include(if: $yes) b: __typename @include(if: $no)
        c: __typename @skip(if: $yes) d: __typename @skip(if: $no) ... @include(if: $no) { e: __typename } ...F @skip(if: $no) }
        fragment F on Query { f: __typename }";
    for (variables, expected) in [
        (json!({}), json!({ "a": "Query", "d": "Query", "f": "Query" })),
        (json!({ "yes": false }), json!({ "c": "Query", "d": "Query", "f": "Query" })),
        (json!({ "no": true }), json!({ "a": "Query", "b": "Query", "e": "Query" })),
    ] {
        assert_eq!(shop.client().send(document, variables).await.data(), &expected);
    }
    let null = shop.client().send(document, json!({ "yes": null })).await;
    assert_eq!((null.status.as_u16(), refusal(&null).as_str()), (400, "BAD_USER_INPUT"));
    let missing = shop.client().send("query($v: Boolean!) { __typename @include(if: $v) }", json!({})).await;
    assert_eq!((missing.status.as_u16(), refusal(&missing).as_str()), (400, "BAD_USER_INPUT"));
}

#[tokio::test]
async fn errors_are_few_and_suggest_no_names() {
    let shop = Shop::empty(|_| {}).await;
    let bad = numbered(200, "nonsense# ");
    let many = shop.client().send(&format!("{{ shop {{ {bad} }} }}"), json!({})).await;
    assert_eq!((many.status.as_u16(), refusal(&many).as_str()), (400, "GRAPHQL_VALIDATION_FAILED"));
    let errors = many.body["errors"].as_array().unwrap();
    assert!((1..=10).contains(&errors.len()), "{}", errors.len());
    assert!(
        errors.iter().all(|error| error["locations"].as_array().is_some_and(|places| !places.is_empty())),
        "{}",
        many.text
    );

    for (document, hidden) in [
        ("{ product(by: { handl: \"x\" }) { id } }", "handle"),
        ("{ produt(by: { handle: \"x\" }) { id } }", "products"),
        ("{ products(sort: TITEL) { nodes { id } } }", "PRICE_LOW_TO_HIGH"),
        ("{ products(frst: 1) { nodes { id } } }", "first"),
        ("{ ... on Produkt { id } }", "Product"),
        ("{ shop @inContxt { market { handle } } }", "inContext"),
        ("{ products { nods { id } } }", "nodes"),
    ] {
        let answer = shop.client().send(document, json!({})).await;
        refusal(&answer);
        let told = answer.body["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| error["message"].as_str().unwrap())
            .collect::<Vec<_>>()
            .join(" ");
        let named = told.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == hidden);
        assert!(!named && !told.to_lowercase().contains("did you mean"), "{told}");
    }
    assert_eq!(shop.client().send("{ __typename }", json!({})).await.body.get("errors"), None::<&Value>);
}
