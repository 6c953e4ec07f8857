//! Filling a cart.

use serde_json::json;
use tidegate_testkit::{Shop, uuid};

use crate::flows::{APPLY, CHECKOUT, CREATE, address, lines};

#[tokio::test]
async fn a_guest_makes_a_cart_and_is_handed_tokens_that_open_it() {
    let shop = Shop::open().await;
    let mut client = shop.client();
    let lines = lines(&client, &[("MUG-R", 2), ("TOWEL", 1)]).await;

    let created = client.send(CREATE, json!({ "input": { "lines": lines } })).await;

    assert_eq!(created.data()["cartCreate"]["errors"], json!([]));
    let cart = created.at("/data/cartCreate/cart/id").to_owned();
    let read = "query($id: ID!) { cart(id: $id) { lineCount totalQuantity cost { subtotal { amount } total { amount currency } }
        readiness { ready missing } lines { nodes { quantity problems { code } cost { unitPrice { amount } total { amount } }
        variant { sku title product { handle title featuredImage { altText } } } } } } }";
    let stranger = client.send(read, json!({ "id": cart })).await;
    assert_eq!(stranger.data()["cart"], json!(null));

    client.sign_in(created.at("/data/cartCreate/tokens/accessToken"));
    let owner = client.send(read, json!({ "id": cart })).await;
    assert_eq!(
        owner.data()["cart"],
        json!({
            "lineCount": 2, "totalQuantity": 3,
            "cost": { "subtotal": { "amount": "9.00" }, "total": { "amount": "9.00", "currency": "GBP" } },
            "readiness": { "ready": false, "missing": ["BUYER_EMAIL", "SHIPPING_ADDRESS"] },
            "lines": { "nodes": [
                { "quantity": 2, "problems": [], "cost": { "unitPrice": { "amount": "2.50" }, "total": { "amount": "5.00" } },
                  "variant": { "sku": "MUG-R", "title": "Red",
                               "product": { "handle": "mug", "title": "Enamel Mug", "featuredImage": { "altText": "Enamel Mug" } } } },
                { "quantity": 1, "problems": [], "cost": { "unitPrice": { "amount": "4.00" }, "total": { "amount": "4.00" } },
                  "variant": { "sku": "TOWEL", "title": "",
                               "product": { "handle": "tea-towel", "title": "Linen Tea Towel",
                                            "featuredImage": { "altText": "Linen Tea Towel" } } } },
            ] },
        })
    );
}

#[tokio::test]
async fn operations_apply_together_or_not_at_all() {
    let shop = Shop::open().await;
    let mut client = shop.client();
    let first = lines(&client, &[("MUG-R", 1)]).await;
    let created = client.send(CREATE, json!({ "input": { "lines": first } })).await;
    client.sign_in(created.at("/data/cartCreate/tokens/accessToken"));
    let cart = created.at("/data/cartCreate/cart/id");
    let more = lines(&client, &[("MUG-B", 4)]).await;
    let unknown = "var_00000000000000000000000000";

    let refused = client
        .send(
            APPLY,
            json!({ "cart": cart, "operations": [
            { "addLines": more }, { "setNote": "Ring twice" }, { "addLines": [{ "variantId": unknown }] },
        ] }),
        )
        .await;
    let applied = client
        .send(APPLY, json!({ "cart": cart, "operations": [{ "addLines": more }, { "setNote": "Ring twice" }] }))
        .await;

    let payload = &refused.data()["cartApply"];
    assert_eq!(payload["revision"], json!(null));
    assert_eq!(payload["cart"]["revision"], json!(1));
    assert_eq!(payload["cart"]["totalQuantity"], json!(1));
    assert_eq!(
        payload["errors"],
        json!([{ "__typename": "NotFoundError", "code": "NOT_FOUND",
                 "path": ["operations", "2", "addLines", "0", "variantId"] }])
    );
    let payload = &applied.data()["cartApply"];
    assert_eq!((&payload["revision"], &payload["errors"]), (&json!(2), &json!([])));
    assert_eq!(payload["cart"]["totalQuantity"], json!(5));
    assert_eq!(shop.database.ask("select note from cart").await, "Ring twice");
}

#[tokio::test]
async fn a_stale_revision_is_refused_with_the_current_one() {
    let shop = Shop::open().await;
    let mut client = shop.client();
    let created = client.send(CREATE, json!({})).await;
    client.sign_in(created.at("/data/cartCreate/tokens/accessToken"));
    let cart = created.at("/data/cartCreate/cart/id");

    let refused = client.send(APPLY, json!({ "cart": cart, "if": 7, "operations": [{ "setNote": "late" }] })).await;

    assert_eq!(
        refused.data()["cartApply"]["errors"],
        json!([{ "__typename": "RevisionConflictError", "code": "REVISION_CONFLICT", "path": ["ifRevision"],
                 "currentRevision": 1 }])
    );
    assert_eq!(shop.database.ask("select revision || coalesce(note, '-') from cart").await, "1-");
}

#[tokio::test]
async fn lines_are_set_and_removed() {
    let shop = Shop::open().await;
    let mut client = shop.client();
    let wanted = lines(&client, &[("MUG-R", 1), ("MUG-B", 1)]).await;
    let created = client.send(CREATE, json!({ "input": { "lines": wanted } })).await;
    client.sign_in(created.at("/data/cartCreate/tokens/accessToken"));
    let cart = created.at("/data/cartCreate/cart/id");
    let read = client.send(APPLY, json!({ "cart": cart, "operations": [] })).await;
    let line = |index: usize| read.at(&format!("/data/cartApply/cart/lines/nodes/{index}/id")).to_owned();

    let set = "mutation($cart: ID!, $lines: [CartLineSet!]!) { cartLinesSet(cartId: $cart, lines: $lines) {
        cart { lines { nodes { id quantity } } } errors { code path } } }";
    let changed = client
        .send(
            set,
            json!({ "cart": cart, "lines": [
        { "lineId": line(0), "quantity": 6 }, { "lineId": line(1), "quantity": 0 } ] }),
        )
        .await;

    assert_eq!(
        changed.data()["cartLinesSet"],
        json!({ "cart": { "lines": { "nodes": [{ "id": line(0), "quantity": 6 }] } }, "errors": [] })
    );
    let remove = "mutation($cart: ID!, $ids: [ID!]!) { cartLinesRemove(cartId: $cart, lineIds: $ids) {
        cart { lineCount } errors { code path } } }";
    let gone = client.send(remove, json!({ "cart": cart, "ids": [line(1)] })).await;
    assert_eq!(gone.data()["cartLinesRemove"]["errors"], json!([{ "code": "NOT_FOUND", "path": ["lineIds", "0"] }]));
    let removed = client.send(remove, json!({ "cart": cart, "ids": [line(0)] })).await;
    assert_eq!(removed.data()["cartLinesRemove"], json!({ "cart": { "lineCount": 0 }, "errors": [] }));
}

#[tokio::test]
async fn a_shared_cart_opens_to_its_secret_until_checkout() {
    let shop = Shop::open().await;
    let mut client = shop.client();
    let wanted = lines(&client, &[("MUG-R", 1)]).await;
    let input = json!({ "shareable": true, "lines": wanted, "buyer": { "email": "ada@example.com" } });
    let created = client.send(CREATE, json!({ "input": input })).await;
    let cart = created.at("/data/cartCreate/cart/id");
    let secret = created.at("/data/cartCreate/secret");
    let mut friend = shop.client();
    friend.set("x-cart-secret", secret);

    let noted = friend.send(APPLY, json!({ "cart": cart, "operations": [{ "setNote": "From a friend" }] })).await;
    let mut other = shop.client();
    other.set("x-cart-secret", &format!("{}x", &secret[..secret.len() - 1]));
    let refused = other.send(APPLY, json!({ "cart": cart, "operations": [{ "setNote": "From a stranger" }] })).await;

    assert_eq!(noted.data()["cartApply"]["errors"], json!([]));
    assert_eq!(refused.data()["cartApply"]["errors"][0]["code"], json!("NOT_FOUND"));
    assert_eq!(refused.data()["cartApply"]["cart"], json!(null));
    assert_eq!(shop.database.ask("select note from cart").await, "From a friend");
    assert_eq!(
        shop.database.count(&format!("select count(*) from cart where secret_hash::text like '%{secret}%'")).await,
        0
    );
    let read = async || friend.send("query($id: ID!) { cart(id: $id) { note } }", json!({ "id": cart })).await;
    assert_eq!(read().await.data()["cart"], json!({ "note": "From a friend" }));

    client.sign_in(created.at("/data/cartCreate/tokens/accessToken"));
    let addressed = json!({ "cart": cart, "operations": [{ "setAddresses": { "shipping": address() } }] });
    client.send(APPLY, addressed).await.data();
    let ordered = client.send(CHECKOUT, json!({ "cart": cart, "total": "2.50", "key": uuid(1) })).await;
    let late = friend.send(APPLY, json!({ "cart": cart, "operations": [{ "setNote": "Too late" }] })).await;

    assert_eq!(ordered.data()["checkoutComplete"]["errors"], json!([]), "{}", ordered.text);
    assert_eq!(read().await.data()["cart"], json!(null));
    assert_eq!(late.data()["cartApply"]["errors"][0]["code"], json!("NOT_FOUND"));
    assert_eq!(late.data()["cartApply"]["cart"], json!(null));
    assert_eq!(shop.database.ask("select note from cart").await, "From a friend");
}
