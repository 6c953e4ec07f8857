//! Erasing a customer.

use serde_json::{Value, json};
use tidegate_testkit::{Shop, uuid};

use crate::customers::{
    CODE_SEND, Customer, LOGIN, PASSWORD, REGISTER, RESET_SEND, VERIFY, by_code, by_password, codes, login,
    mailed_code, mailed_token, register, rows, shop,
};
use crate::flows::{APPLY, Buyer};

const DELETE: &str = "mutation($confirm: String!, $password: String, $key: IdempotencyKey) {
    customerDelete(confirm: $confirm, password: $password, idempotencyKey: $key) { accepted errors { code path } } }";

/// The tables that hold a text, and where: every row of every table as text.
async fn tables_with(shop: &Shop, text: &str) -> String {
    let sql = format!(
        "select string_agg(table_name, ' ' order by table_name) from information_schema.tables
         where table_schema = 'public' and table_type = 'BASE TABLE'
           and query_to_xml(format('select * from %I', table_name), false, false, '')::text ilike '%{text}%'"
    );
    shop.database.ask(&sql).await
}

/// A customer of whom every kind of row knows something.
async fn known_everywhere(shop: &Shop) -> Customer {
    let guest = shop.guest().await;
    guest.send(CODE_SEND, json!({ "email": "grace@early.example" })).await;
    let registration = json!({ "email": "Grace@early.example", "password": PASSWORD });
    guest.send(&REGISTER.replace("\"Ada\"", "\"Gracegiven\""), registration).await;
    let token = mailed_token(shop, "Grace@early.example").await;
    let answer = guest.send(VERIFY, json!({ "token": token })).await;
    let grace = Customer::from(guest, "Grace@early.example", &answer, "customerVerifyEmail");
    let client = &grace.client;
    for mutation in [
        "mutation { customerUpdate(input: { familyName: \"Hopperfamily\", phone: \"+1 555 0123\" }) { errors { code } } }",
        "mutation { addressSave(input: { name: \"Hopperfamily\", line1: \"7 Cobol Way\", city: \"Arlington\", country: \"US\", phone: \"+1 555 0123\" }) { errors { code } } }",
    ] {
        assert!(client.send(mutation, json!({})).await.data().to_string().contains("\"errors\":[]"));
    }
    // Asked for by whoever knew the address, spelt anyhow.
    register(&shop.client(), "GRACE@early.example").await;
    shop.clock.advance(time::Duration::hours(1));
    shop.client().send(RESET_SEND, json!({ "email": "grace@EARLY.example" })).await;
    let again = "mutation { customerVerificationSend(email: \"grace@early.example\") { accepted } }";
    shop.client().send(again, json!({})).await;
    signed_in_again(shop, grace).await
}

/// Moves on to another address, half-way to a third, an order, and a cart that is still open.
async fn signed_in_again(shop: &Shop, grace: Customer) -> Customer {
    let answer = login(&shop.client(), &grace.email, PASSWORD).await;
    let grace = Customer::from(shop.client(), "grace@later.example", &answer, "login");
    let ask =
        "mutation($email: String!, $p: String) { emailChangeRequest(email: $email, password: $p) { errors { code } } }";
    let asked = grace.client.send(ask, json!({ "email": "grace@later.example", "p": PASSWORD })).await;
    assert_eq!(codes(&asked, "emailChangeRequest"), Vec::<&str>::new());
    let token = mailed_token(shop, "grace@later.example").await;
    let confirm = "mutation($token: String!) { emailChangeConfirm(token: $token) { errors { code } } }";
    let confirmed = grace.client.send(confirm, json!({ "token": token })).await;
    assert_eq!(codes(&confirmed, "emailChangeConfirm"), Vec::<&str>::new());
    let third = grace.client.send(ask, json!({ "email": "grace@third.example", "p": PASSWORD })).await;
    assert_eq!(codes(&third, "emailChangeRequest"), Vec::<&str>::new());
    for key in [1, 2] {
        let cart = grace.cart(&[("MUG-R", 1)]).await;
        let operations = json!([
            { "setAddresses": { "shipping": { "name": "Invoiced Name", "line1": "1 Invoice Road", "city": "Arlington", "country": "US", "phone": "+1 555 0123" } } },
            { "setBuyer": { "email": "grace@later.example", "phone": "+1 555 0123" } },
            { "setNote": "Gracenote" },
            { "setAttributes": [{ "key": "gift", "value": "Graceattribute" }] },
        ]);
        let applied = grace.client.send(APPLY, json!({ "cart": cart, "operations": operations })).await;
        assert_eq!(codes(&applied, "cartApply"), Vec::<&str>::new());
        if key == 1 {
            let buyer = Buyer { client: grace.client.clone(), cart, total: "2.50".to_owned() };
            assert_eq!(codes(&buyer.checkout(key).await, "checkoutComplete"), Vec::<&str>::new());
        }
    }
    let number = shop.database.ask("select number from customer_order").await;
    let link =
        "mutation($number: String!, $email: String!) { orderLinkSend(number: $number, email: $email) { accepted } }";
    shop.client().send(link, json!({ "number": number, "email": "GRACE@later.example" })).await;
    grace
}

const PERSONAL: &[&str] = &[
    "early.example",
    "later.example",
    "third.example",
    "Gracegiven",
    "Hopperfamily",
    "555 0123",
    "Cobol Way",
    "Gracenote",
    "Graceattribute",
    "argon2id",
];

#[tokio::test]
async fn nothing_personal_is_left_but_the_names_and_addresses_of_invoices() {
    let shop = shop().await;
    let grace = known_everywhere(&shop).await;
    for text in PERSONAL {
        assert_ne!(tables_with(&shop, text).await, "", "{text} is somewhere before");
    }

    let call = json!({ "confirm": "GRACE@later.example", "password": PASSWORD, "key": uuid(9) });
    let answer = grace.client.send(DELETE, call.clone()).await;

    assert_eq!(answer.data()["customerDelete"], json!({ "accepted": true, "errors": [] }), "{}", answer.text);
    for text in PERSONAL {
        assert_eq!(tables_with(&shop, text).await, "", "{text}");
    }
    assert_eq!(tables_with(&shop, "Invoiced Name").await, "customer_order");
    assert_eq!(tables_with(&shop, "1 Invoice Road").await, "customer_order");
    assert_eq!(tables_with(&shop, "Firefox").await, "");
    for _ in 0..2 {
        assert!(!grace.is_signed_in().await);
    }
    let kept = "select count(*) || ' ' || sum(total) || ' ' || (select count(*) from order_line) || ' ' || (select count(*) from payment)
                from customer_order where customer_id is null";
    assert_eq!(shop.database.ask(kept).await, "1 250 1 1");
    assert_eq!(codes(&login(&shop.client(), "grace@later.example", PASSWORD).await, "login"), ["INVALID_CREDENTIALS"]);
    // Whoever lost the answer is told again.
    assert_eq!(grace.client.send(DELETE, call).await.data(), answer.data());
}

#[tokio::test]
async fn attributes_of_lines_go_also_when_the_cart_is_gone() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let cart = ada.cart(&[("MUG-R", 1)]).await;
    let operations = json!([{ "setAddresses": { "shipping": crate::flows::address() } }]);
    ada.client.send(APPLY, json!({ "cart": cart, "operations": operations })).await;
    let buyer = Buyer { client: ada.client.clone(), cart, total: "2.50".to_owned() };
    assert_eq!(codes(&buyer.checkout(1).await, "checkoutComplete"), Vec::<&str>::new());
    shop.database
        .run("update order_line set attributes = '[{\"key\": \"engraving\", \"value\": \"Ada\"}]'; delete from cart")
        .await;

    let answer = ada.client.send(DELETE, json!({ "confirm": "ada@example.com", "password": PASSWORD })).await;

    assert_eq!(codes(&answer, "customerDelete"), Vec::<&str>::new());
    assert_eq!(shop.database.ask("select attributes from order_line").await, "[]");
}

#[tokio::test]
async fn a_refused_deletion_changes_nothing() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let bob = Customer::new(&shop, "bob@example.com").await;
    ada.cart(&[("MUG-R", 1)]).await;
    let guest = shop.guest().await;
    let before = rows(&shop).await;

    for (client, confirm, password, code) in [
        (&ada.client, "bob@example.com", json!(PASSWORD), "INVALID_INPUT"),
        (&ada.client, "", json!(PASSWORD), "INVALID_INPUT"),
        (&ada.client, "ada@example.com", json!("not the password"), "INVALID_CREDENTIALS"),
        (&ada.client, "ada@example.com", Value::Null, "INVALID_CREDENTIALS"),
        (&guest, "ada@example.com", json!(PASSWORD), "SIGN_IN_REQUIRED"),
        (&shop.client(), "ada@example.com", json!(PASSWORD), "SIGN_IN_REQUIRED"),
    ] {
        let answer = client.send(DELETE, json!({ "confirm": confirm, "password": password })).await;
        assert_eq!(codes(&answer, "customerDelete"), [code], "{confirm}: {}", answer.text);
        assert_eq!(answer.data()["customerDelete"]["accepted"], false);
    }

    assert_eq!(rows(&shop).await, before);
    assert!(ada.is_signed_in().await && bob.is_signed_in().await);
}

#[tokio::test]
async fn another_customer_keeps_everything_and_the_address_can_be_used_again() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let bob = Customer::new(&shop, "bob@example.com").await;
    bob.cart(&[("TOWEL", 2)]).await;
    let orders = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    orders.checkout(1).await;

    ada.client.send(DELETE, json!({ "confirm": "ada@example.com", "password": PASSWORD })).await;

    assert!(bob.is_signed_in().await);
    assert_eq!(crate::customers::contents(&bob.client).await, crate::customers::pieces(&[("TOWEL", 2)]));
    // An order of a guest's that never joined the account is the guest's.
    assert_eq!(shop.database.ask("select email from customer_order").await, "ada@example.com");
    let again = Customer::new(&shop, "ada@example.com").await;
    assert_ne!(again.id, ada.id);
    assert_eq!(shop.database.count("select count(*) from customer_order where customer_id is not null").await, 0);
}

/// An order that is placed while the account goes must not keep what the others lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_order_during_the_deletion_keeps_nothing_personal() {
    for round in 0..12_u64 {
        let shop = shop().await;
        let ada = Customer::new(&shop, "ada@example.com").await;
        let cart = ada.cart(&[("MUG-R", 1)]).await;
        let operations = json!([{ "setAddresses": { "shipping": crate::flows::address() } }]);
        ada.client.send(APPLY, json!({ "cart": cart, "operations": operations })).await;
        let buyer = Buyer { client: ada.client.clone(), cart, total: "2.50".to_owned() };
        let phone = shop.client();
        let input = if round % 2 == 0 {
            by_password("ada@example.com", PASSWORD)
        } else {
            phone.send(CODE_SEND, json!({ "email": "ada@example.com" })).await;
            by_code("ada@example.com", &mailed_code(&shop, "ada@example.com").await)
        };
        let signing_in = tokio::spawn(async move { phone.send(LOGIN, json!({ "input": input })).await });
        let ordering = tokio::spawn(async move {
            tokio::time::sleep(std::time::Duration::from_micros(round * 400)).await;
            buyer.checkout(1).await
        });

        let deleted = ada.client.send(DELETE, json!({ "confirm": "ada@example.com", "password": PASSWORD })).await;

        let (ordered, signed_in) = (ordering.await.unwrap(), signing_in.await.unwrap());
        assert_eq!(codes(&deleted, "customerDelete"), Vec::<&str>::new(), "{}", deleted.text);
        assert!(signed_in.body.get("errors").is_none(), "{}", signed_in.text);
        assert_eq!(tables_with(&shop, "ada@example.com").await, "", "round {round}: {}", ordered.text);
        assert_eq!(shop.database.count("select count(*) from customer_order where customer_id is not null").await, 0);
    }
}
