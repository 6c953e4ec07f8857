//! Who has an account, and what belongs to whom, is told to nobody: neither by text nor by status nor by a header.

use serde_json::{Value, json};
use tidegate_auth::password::HashCost;
use tidegate_testkit::{Answer, Client, Shop, uuid};

use super::refusal::{assert_silent, refusal, state};
use crate::customers::{Customer, LOGIN, PASSWORD, REGISTER, login};
use crate::flows::{Buyer, address};

async fn weak() -> Shop {
    Shop::empty(|settings| settings.password_cost = HashCost::weak_for_tests()).await
}

/// Everything of an answer that could differ, except the request's own id.
fn seen(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    assert_silent(answer);
    let headers = answer.headers.iter().filter(|(name, _)| *name != "x-request-id" && *name != "date");
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let id = answer.at("/extensions/requestId");
    (answer.status.as_u16(), headers.collect(), answer.text.replace(id, ""))
}

#[tokio::test]
async fn case_71_known_and_unknown_addresses_are_answered_alike() {
    let shop = weak().await;
    let known = Customer::new(&shop, "known@example.com").await;
    let asking = Customer::new(&shop, "asking@example.com").await;
    // Mails are counted per address, known or not.
    shop.database.run("delete from throttle").await;
    let nobody = shop.client();
    let one = |field: &str, rest: &str| {
        format!(
            "mutation($email: String!, $key: IdempotencyKey) {{ {field}(email: $email, idempotencyKey: $key{rest}) {{ accepted errors {{ __typename code message path }} }} }}"
        )
    };
    let flows: [(&str, &Client, String); 5] = [
        ("customerRegister", &nobody, REGISTER.to_owned()),
        ("customerVerificationSend", &nobody, one("customerVerificationSend", "")),
        ("loginCodeSend", &nobody, one("loginCodeSend", "")),
        ("passwordResetSend", &nobody, one("passwordResetSend", "")),
        ("emailChangeRequest", &asking.client, one("emailChangeRequest", ", password: \"correct horse battery\"")),
    ];

    for (key, (name, client, document)) in (0_u128..).step_by(1_000).zip(&flows) {
        let send = async |email: &str, key: u128| {
            let variables = json!({ "email": email, "password": PASSWORD, "key": uuid(key) });
            client.send(document, variables).await
        };
        shop.database.run("delete from throttle").await;
        let (yes, no) = (send("known@example.com", key).await, send("nobody@example.com", key + 100).await);
        assert_eq!(refusal(&yes), "", "{name}");
        assert_eq!(seen(&yes), seen(&no), "{name}");
        // Neither does a repeat, the same key for another address, or the limit tell them apart.
        let (yes, no) = (send("KNOWN@example.com", key).await, send("NOBODY@example.com", key + 100).await);
        assert_eq!(seen(&yes), seen(&no), "{name}");
        let (yes, no) = (send("nobody@example.com", key).await, send("known@example.com", key + 100).await);
        assert_eq!((refusal(&yes).as_str(), seen(&yes)), ("IDEMPOTENCY_MISMATCH", seen(&no)), "{name}");
        for number in 0..2 {
            assert_eq!(refusal(&send("known@example.com", key + 200 + number).await), "", "{name}");
            assert_eq!(refusal(&send("nobody@example.com", key + 300 + number).await), "", "{name}");
        }
        let (yes, no) = (send("known@example.com", key + 400).await, send("nobody@example.com", key + 500).await);
        assert_eq!((refusal(&yes).as_str(), refusal(&no).as_str()), ("RATE_LIMITED", "RATE_LIMITED"), "{name}");
    }
    assert!(known.is_signed_in().await);
}

#[tokio::test]
async fn case_71_sign_ins_fail_alike() {
    let shop = weak().await;
    Customer::new(&shop, "known@example.com").await;
    let codes_only = Customer::new(&shop, "codes@example.com").await;
    shop.database.run("update customer set password_hash = null where email_key = 'codes@example.com'").await;
    let client = shop.client();
    let send = "mutation { loginCodeSend(email: \"known@example.com\") { accepted } }";
    assert_eq!(refusal(&client.send(send, json!({})).await), "");

    for password in ["wrong horse battery", "", "x", &"x".repeat(200)] {
        let unknown = login(&client, "nobody@example.com", password).await;
        assert_eq!(refusal(&unknown), "INVALID_CREDENTIALS");
        for email in ["known@example.com", "codes@example.com", "", "no address at all", "ｋnown@example.com"] {
            assert_eq!(seen(&login(&client, email, password).await), seen(&unknown), "{email:?} {password:?}");
        }
    }
    let by_code = |email: &str, code: &str| json!({ "input": { "oneTimeCode": { "email": email, "code": code } } });
    for code in ["", "0", "x", "000000000"] {
        let unknown = client.send(LOGIN, by_code("nobody@example.com", code)).await;
        assert_eq!(refusal(&unknown), "INVALID_CREDENTIALS");
        for email in ["known@example.com", "codes@example.com", ""] {
            assert_eq!(seen(&client.send(LOGIN, by_code(email, code)).await), seen(&unknown), "{email:?} {code:?}");
        }
    }
    assert!(codes_only.is_signed_in().await);
}

const ASK: &str = "query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } cart(id: $id) { id } order(by: { id: $id }) { id } }";

/// Whatever has an id of its own in an account.
async fn private_ids(customer: &Customer) -> [String; 3] {
    let save = "mutation($address: AddressInput!) { addressSave(input: $address) { address { id } errors { code } } }";
    let saved = customer.client.send(save, json!({ "address": address() })).await;
    let address = saved.at("/data/addressSave/address/id").to_owned();
    [customer.id.clone(), customer.session.clone(), address]
}

/// An id of the same kind next to another one, as a guesser would make it.
fn next(id: &str) -> String {
    let (head, last) = id.split_at(id.len() - 1);
    format!("{head}{}", if last == "0" { "4" } else { "0" })
}

#[tokio::test]
async fn case_65_what_another_customer_has_is_not_there() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let order = buyer.checkout(1).await.at("/data/checkoutComplete/order/id").to_owned();
    let owner = Customer::of(&shop, buyer.client.clone(), "ada@example.com").await;
    let other = Customer::new(&shop, "eve@example.com").await;
    let guest = shop.guest().await;
    let ids = private_ids(&owner).await;
    let mut all = ids.to_vec();
    all.extend([order, buyer.cart.clone()]);
    let before = state(&shop).await;

    for id in &all {
        let own = owner.client.send(ASK, json!({ "id": id })).await;
        assert_eq!(own.data()["node"], json!({ "id": id }), "the owner finds it");
        for client in [&other.client, &guest, &shop.client()] {
            let (foreign, absent) =
                (client.send(ASK, json!({ "id": id })).await, client.send(ASK, json!({ "id": next(id) })).await);
            assert_eq!(foreign.data()["node"], Value::Null, "{id}");
            assert_eq!(seen(&foreign), seen(&absent), "{id}");
        }
    }
    let changes = [
        (
            &ids[1],
            "mutation($id: ID!) { sessionRevoke(id: $id) { revokedCount errors { __typename code path message } } }",
        ),
        (&ids[2], "mutation($id: ID!) { addressDelete(id: $id) { accepted errors { __typename code path message } } }"),
        (
            &ids[2],
            "mutation($id: ID!) { addressSave(id: $id, input: { name: \"Eve\", line1: \"1\", city: \"X\", country: \"GB\" }, makeDefault: true) { address { id } errors { __typename code path message } } }",
        ),
        (
            &buyer.cart,
            "mutation($id: ID!) { cartNoteSet(cartId: $id, note: \"mine\") { cart { id } errors { __typename code path message } } }",
        ),
        (
            &buyer.cart,
            "mutation($id: ID!) { cartMerge(from: { id: $id }, into: $id, policy: SUM) { cart { id } errors { __typename code path message } } }",
        ),
    ];
    for (id, document) in changes {
        for client in [&other.client, &guest] {
            let (foreign, absent) = (
                client.send(document, json!({ "id": id })).await,
                client.send(document, json!({ "id": next(id) })).await,
            );
            assert_ne!(refusal(&foreign), "", "{document}");
            assert_eq!(seen(&foreign), seen(&absent), "{document}");
        }
    }
    assert_eq!(state(&shop).await, before);
    assert!(owner.is_signed_in().await);
}
