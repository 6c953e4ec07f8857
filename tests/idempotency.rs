//! Repeats: one effect, equal outcomes; another input under the same key is refused.

use serde_json::json;
use tidegate_testkit::{Shop, uuid};
use time::Duration;

use crate::flows::{APPLY, Buyer, CREATE, lines};

#[tokio::test]
async fn a_repeat_changes_nothing_and_answers_the_same_outcome() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let more = lines(&buyer.client, &[("MUG-R", 2)]).await;
    let call = json!({ "cart": buyer.cart, "key": uuid(1), "operations": [{ "addLines": more }] });

    let first = buyer.client.send(APPLY, call.clone()).await;
    buyer.client.send(APPLY, json!({ "cart": buyer.cart, "operations": [{ "setNote": "later" }] })).await.data();
    let repeat = buyer.client.send(APPLY, call).await;

    assert_eq!(first.data()["cartApply"]["revision"], json!(3));
    assert_eq!(repeat.data()["cartApply"]["revision"], json!(3), "the applied revision is the outcome");
    assert_eq!(repeat.data()["cartApply"]["cart"]["revision"], json!(4), "the cart is the current one");
    assert_eq!(repeat.data()["cartApply"]["cart"]["totalQuantity"], json!(3));
}

#[tokio::test]
async fn another_input_under_the_same_key_is_refused_by_name() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let call = |note: &str| json!({ "cart": buyer.cart, "key": uuid(1), "operations": [{ "setNote": note }] });
    buyer.client.send(APPLY, call("one")).await.data();

    let refused = buyer.client.send(APPLY, call("two")).await;

    assert_eq!(refused.data()["cartApply"]["errors"][0]["__typename"], json!("IdempotencyMismatchError"));
    assert_eq!(shop.database.ask("select note from cart").await, "one");
}

#[tokio::test]
async fn a_refusal_is_an_outcome_too() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("TOWEL", 6)]).await;
    let first = buyer.checkout(1).await;
    shop.database.run("update stock set on_hand = 100").await;

    let repeat = buyer.checkout(1).await;
    let next = buyer.checkout(2).await;

    assert_eq!(repeat.value("/data/checkoutComplete/errors"), first.value("/data/checkoutComplete/errors"));
    assert_eq!(next.data()["checkoutComplete"]["errors"], json!([]));
}

#[tokio::test]
async fn a_key_of_one_session_is_not_a_key_of_another() {
    let shop = Shop::open().await;
    let one = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let other = Buyer::ready(&shop, &[("MUG-B", 1)]).await;

    let first = one.checkout(1).await;
    let second = other.checkout(1).await;

    assert_eq!(second.data()["checkoutComplete"]["errors"], json!([]));
    assert_ne!(first.value("/data/checkoutComplete/order/id"), second.value("/data/checkoutComplete/order/id"));
}

#[tokio::test]
async fn a_repeated_cart_create_hands_out_a_fresh_pair_for_ten_minutes() {
    let shop = Shop::open().await;
    let client = shop.client();
    let call = json!({ "input": { "note": "hello", "shareable": true }, "key": uuid(1) });
    let refresh =
        "mutation($token: String!) { sessionRefresh(refreshToken: $token) { tokens { accessToken } errors { code } } }";

    let first = client.send(CREATE, call.clone()).await;
    let repeat = client.send(CREATE, call.clone()).await;

    let cart = |answer: &tidegate_testkit::Answer| answer.at("/data/cartCreate/cart/id").to_owned();
    assert_eq!(cart(&first), cart(&repeat));
    assert_ne!(first.at("/data/cartCreate/secret"), repeat.at("/data/cartCreate/secret"));
    let earlier = client.send(refresh, json!({ "token": first.at("/data/cartCreate/tokens/refreshToken") })).await;
    assert_eq!(earlier.data()["sessionRefresh"]["errors"], json!([{ "code": "REFRESH_TOKEN_INVALID" }]));
    let later = client.send(refresh, json!({ "token": repeat.at("/data/cartCreate/tokens/refreshToken") })).await;
    assert_eq!(later.data()["sessionRefresh"]["errors"], json!([]));
    assert_eq!(shop.database.count("select count(*) from cart").await, 1);

    shop.clock.advance(Duration::minutes(11));
    let late = client.send(CREATE, call).await;
    assert_eq!(late.data()["cartCreate"]["tokens"], json!(null));
    assert_eq!(late.data()["cartCreate"]["secret"], json!(null));
}

#[tokio::test]
async fn the_outcome_holds_no_token_secret_or_address() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let created = shop.client().send(CREATE, json!({ "input": { "shareable": true }, "key": uuid(7) })).await;
    buyer.checkout(1).await.data();

    let kept = shop.database.ask("select string_agg(outcome::text, ' ') from idempotency").await;

    for secret in ["accessToken", "refreshToken", "secret"] {
        let pointer = if secret == "secret" {
            "/data/cartCreate/secret".to_owned()
        } else {
            format!("/data/cartCreate/tokens/{secret}")
        };
        assert!(!kept.contains(created.at(&pointer)), "{kept}");
    }
    assert!(!kept.contains("ada@example.com") && !kept.contains("London"), "{kept}");
}

#[tokio::test]
async fn the_header_is_a_key_for_a_document_with_one_mutation_field() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let mut client = buyer.client.clone();
    client.set("idempotency-key", &uuid(1));
    let more = lines(&buyer.client, &[("MUG-R", 2)]).await;
    let call = json!({ "cart": buyer.cart, "operations": [{ "addLines": more }] });

    client.send(APPLY, call.clone()).await.data();
    client.send(APPLY, call).await.data();
    let two = "mutation($cart: ID!) { a: cartNoteSet(cartId: $cart, note: \"a\") { revision } b: cartNoteSet(cartId: $cart, note: \"b\") { revision } }";
    let refused = client.send(two, json!({ "cart": buyer.cart })).await;

    assert_eq!(shop.database.count("select sum(quantity) from cart_line").await, 3);
    assert_eq!(refused.status, 400);
    assert_eq!(shop.database.ask("select coalesce(note, 'none') from cart").await, "none");
}
