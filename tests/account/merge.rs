//! What becomes of a guest's carts and orders at a sign-in.

use serde_json::{Value, json};
use tidegate_testkit::{Answer, Client};

use crate::attacks::refusal;
use crate::customers::{
    Customer, LOGIN, PASSWORD, VIEWER, by_password, contents, login, new_cart, pieces, shop, viewer,
};
use crate::flows::{APPLY, Buyer, CREATE, address, variant};

async fn login_with(client: &Client, policy: &str) -> Answer {
    let input = by_password("ada@example.com", PASSWORD);
    client.send(LOGIN, json!({ "input": input, "policy": policy })).await
}

#[tokio::test]
async fn each_policy_keeps_every_line_and_decides_the_pieces_of_those_in_both() {
    for (policy, red, blue) in [("SUM", 7, 4), ("MAXIMUM", 5, 3), ("KEEP_INTO", 5, 1), ("KEEP_FROM", 2, 3)] {
        let shop = shop().await;
        let ada = Customer::new(&shop, "ada@example.com").await;
        let own = ada.cart(&[("MUG-R", 5), ("MUG-B", 1)]).await;
        let guest = shop.guest().await;
        let cart = new_cart(&guest, &[("MUG-R", 2), ("MUG-B", 3), ("TOWEL", 1)]).await;

        let answer = login_with(&guest, policy).await;

        let customer = Customer::from(guest, "ada@example.com", &answer, "login");
        assert_eq!(answer.at("/data/login/cart/id"), own, "{policy}");
        assert_eq!(answer.value("/data/login/cart/totalQuantity"), &json!(red + blue + 1), "{policy}");
        let expected = pieces(&[("MUG-B", blue), ("MUG-R", red), ("TOWEL", 1)]);
        assert_eq!(contents(&customer.client).await, expected, "{policy}");
        let read = "query($id: ID!) { cart(id: $id) { status mergedIntoId lineCount } }";
        assert_eq!(
            customer.client.send(read, json!({ "id": cart })).await.data()["cart"],
            json!({ "status": "MERGED", "mergedIntoId": own, "lineCount": 0 })
        );
    }
}

#[tokio::test]
async fn lines_that_differ_by_an_attribute_stay_apart() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let mug = variant(&ada.client, "MUG-R").await;
    let engraved = |text: &str, quantity: i32| json!({ "variantId": mug, "quantity": quantity, "attributes": [{ "key": "engraving", "value": text }] });
    let cart = |lines: Value| json!({ "input": { "lines": lines } });
    ada.client.send(CREATE, cart(json!([engraved("Ada", 1), { "variantId": mug, "quantity": 4 }]))).await;
    let guest = shop.guest().await;
    guest.send(CREATE, cart(json!([engraved("Bob", 2), engraved("Ada", 3)]))).await;

    let answer = login_with(&guest, "SUM").await;

    let customer = Customer::from(guest, "ada@example.com", &answer, "login");
    assert_eq!(contents(&customer.client).await, pieces(&[("MUG-R", 2), ("MUG-R", 4), ("MUG-R", 4)]));
}

#[tokio::test]
async fn of_several_guest_carts_the_newest_is_merged_and_the_others_are_kept() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let own = ada.cart(&[]).await;
    let guest = shop.guest().await;
    let older = new_cart(&guest, &[("TOWEL", 1)]).await;
    let newer = new_cart(&guest, &[("MUG-R", 2)]).await;

    let answer = login(&guest, "ada@example.com", PASSWORD).await;

    let customer = Customer::from(guest, "ada@example.com", &answer, "login");
    let read = "query($id: ID!) { cart(id: $id) { status totalQuantity } }";
    let mut seen = Vec::new();
    for id in [&own, &older, &newer] {
        seen.push(customer.client.send(read, json!({ "id": id })).await.data()["cart"].clone());
    }
    assert_eq!(seen[0], json!({ "status": "OPEN", "totalQuantity": 2 }));
    assert_eq!(seen[1], json!({ "status": "OPEN", "totalQuantity": 1 }));
    assert_eq!(seen[2], json!({ "status": "MERGED", "totalQuantity": 0 }));
    // The account's other device sees it at once.
    assert_eq!(contents(&ada.client).await.len(), 1);
}

#[tokio::test]
async fn without_a_cart_of_its_own_the_account_takes_the_guests_with_all_that_is_in_it() {
    let shop = shop().await;
    Customer::new(&shop, "ada@example.com").await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 2)]).await;

    let answer = login(&buyer.client, "ada@example.com", PASSWORD).await;

    let customer = Customer::from(buyer.client.clone(), "ada@example.com", &answer, "login");
    assert_eq!(answer.at("/data/login/cart/id"), buyer.cart);
    let placed = Buyer { client: customer.client.clone(), cart: buyer.cart.clone(), total: buyer.total.clone() };
    let order = placed.checkout(1).await;
    assert_eq!(order.data()["checkoutComplete"]["errors"], json!([]), "{}", order.text);
    let orders = customer.client.send("{ viewer { customer { orders { nodes { id } } } } }", json!({})).await;
    assert_eq!(
        orders.data()["viewer"]["customer"]["orders"]["nodes"],
        json!([{ "id": order.at("/data/checkoutComplete/order/id") }])
    );
}

#[tokio::test]
async fn what_the_accounts_cart_lacks_is_filled_from_the_guests() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let own = ada.cart(&[]).await;
    let note = json!({ "cart": own, "operations": [{ "setNote": "mine" }] });
    assert_eq!(ada.client.send(APPLY, note).await.data()["cartApply"]["errors"], json!([]));
    let guest = Buyer::ready(&shop, &[("MUG-R", 2)]).await;
    let note = json!({ "cart": guest.cart, "operations": [{ "setNote": "theirs" }] });
    guest.client.send(APPLY, note).await;

    login(&guest.client, "ada@example.com", PASSWORD).await;

    let read = "{ viewer { cart { note buyer { email } shippingAddress { line1 } } } }";
    let cart = ada.client.send(read, json!({})).await.data()["viewer"]["cart"].clone();
    assert_eq!(cart["note"], "mine");
    assert_eq!(cart["buyer"]["email"], "ada@example.com");
    assert_eq!(cart["shippingAddress"]["line1"], address()["line1"]);
}

#[tokio::test]
async fn the_secret_of_a_cart_is_dead_after_the_sign_in() {
    for with_own in [true, false] {
        let shop = shop().await;
        let ada = Customer::new(&shop, "ada@example.com").await;
        if with_own {
            ada.cart(&[("TOWEL", 1)]).await;
        }
        let guest = shop.guest().await;
        let shared = guest.send(CREATE, json!({ "input": { "shareable": true } })).await;
        let cart = json!({ "id": shared.at("/data/cartCreate/cart/id") });
        let mut friend = shop.client();
        friend.set("x-cart-secret", shared.at("/data/cartCreate/secret"));
        let read = "query($id: ID!) { cart(id: $id) { id } }";
        assert_eq!(friend.send(read, cart.clone()).await.data()["cart"], cart);

        login(&guest, "ada@example.com", PASSWORD).await;

        assert_eq!(friend.send(read, cart.clone()).await.data()["cart"], Value::Null);
        let change = json!({ "cart": cart["id"], "operations": [{ "setNote": "still here" }] });
        assert_eq!(refusal(&friend.send(APPLY, change).await), "NOT_FOUND");
        assert_eq!(
            shop.database.count("select count(*) from cart where secret_hash is not null or note is not null").await,
            0
        );
    }
}

#[tokio::test]
async fn a_guests_order_joins_the_account_of_its_address_and_no_other() {
    for (email, joins) in [("ADA@example.com", true), ("bob@example.com", false)] {
        let shop = shop().await;
        Customer::new(&shop, email).await;
        let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
        let placed = buyer.checkout(1).await;
        let order = placed.at("/data/checkoutComplete/order/id").to_owned();

        let answer = login(&buyer.client, email, PASSWORD).await;

        let customer = Customer::from(buyer.client.clone(), email, &answer, "login");
        let read = "query($id: ID!) { order(by: { id: $id }) { id } viewer { cart { id } customer { orders { nodes { id } } } } }";
        let seen = customer.client.send(read, json!({ "id": order })).await;
        let listed = seen.data()["viewer"]["customer"]["orders"]["nodes"].as_array().map(Vec::len);
        assert_eq!(seen.data()["order"]["id"] == json!(order), joins, "{}", seen.text);
        assert_eq!(listed, Some(usize::from(joins)));
        assert_eq!(seen.data()["viewer"]["cart"], Value::Null, "a completed cart is no open one");
        assert_eq!(buyer.client.send(VIEWER, json!({})).await.code(), "SESSION_REVOKED");
    }
}

#[tokio::test]
async fn a_customers_cart_outlives_the_session_and_is_there_on_another_device() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let cart = ada.cart(&[("MUG-R", 2)]).await;
    let email = "query($id: ID!) { cart(id: $id) { buyer { email } } }";
    let seen = ada.client.send(email, json!({ "id": cart })).await;
    assert_eq!(seen.data()["cart"]["buyer"]["email"], "ada@example.com");

    let out = ada.client.send(crate::customers::LOGOUT, json!({})).await;

    assert_eq!(out.data()["logout"], json!({ "accepted": true, "errors": [] }));
    assert_eq!(ada.client.send(email, json!({ "id": cart })).await.code(), "SESSION_REVOKED");
    let phone = ada.elsewhere(&shop).await;
    assert_eq!(viewer(&phone.client).await["cart"], json!({ "id": cart, "totalQuantity": 2 }));
}
