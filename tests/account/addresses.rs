//! The addresses that a customer keeps.

use serde_json::{Value, json};
use tidegate_testkit::{Answer, Client, uuid};

use crate::customers::{Customer, codes, rows, shop};
use crate::flows::address;

const SAVE: &str = "mutation($id: ID, $input: AddressInput!, $default: Boolean! = false, $key: IdempotencyKey) {
    addressSave(id: $id, input: $input, makeDefault: $default, idempotencyKey: $key) {
        address { id isDefault address { line1 } } errors { code path } } }";
const DELETE: &str = "mutation($id: ID!, $key: IdempotencyKey) {
    addressDelete(id: $id, idempotencyKey: $key) { accepted errors { code path } } }";
const LIST: &str = "{ viewer { customer { defaultAddress { id } addresses(first: 250) { nodes { id isDefault address { line1 } } } } } }";

fn at(line1: &str) -> Value {
    let mut address = address();
    address["line1"] = json!(line1);
    address
}

async fn save(client: &Client, line1: &str, default: bool) -> String {
    let answer = client.send(SAVE, json!({ "input": at(line1), "default": default })).await;
    assert_eq!(answer.data()["addressSave"]["errors"], json!([]), "{}", answer.text);
    answer.at("/data/addressSave/address/id").to_owned()
}

async fn list(client: &Client) -> Vec<(String, bool)> {
    let answer = client.send(LIST, json!({})).await;
    let customer = &answer.data()["viewer"]["customer"];
    let nodes = customer["addresses"]["nodes"].as_array().cloned().unwrap_or_default();
    for node in &nodes {
        assert_eq!(node["isDefault"] == json!(true), node["id"] == customer["defaultAddress"]["id"]);
    }
    let row = |node: &Value| {
        (node["address"]["line1"].as_str().unwrap_or_default().to_owned(), node["isDefault"] == json!(true))
    };
    nodes.iter().map(row).collect()
}

fn listed(expected: &[(&str, bool)]) -> Vec<(String, bool)> {
    expected.iter().map(|(line1, default)| ((*line1).to_owned(), *default)).collect()
}

#[tokio::test]
async fn the_first_is_the_default_until_another_is_made_it_or_it_goes() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let client = &ada.client;
    let one = save(client, "1 Road", false).await;
    let two = save(client, "2 Road", false).await;
    assert_eq!(list(client).await, listed(&[("1 Road", true), ("2 Road", false)]));

    let three = save(client, "3 Road", true).await;
    assert_eq!(list(client).await, listed(&[("1 Road", false), ("2 Road", false), ("3 Road", true)]));

    let replace = json!({ "id": two, "input": at("2 Street"), "default": false });
    assert_eq!(codes(&client.send(SAVE, replace).await, "addressSave"), Vec::<&str>::new());
    assert_eq!(list(client).await, listed(&[("1 Road", false), ("2 Street", false), ("3 Road", true)]));

    for (id, left) in [
        (&three, listed(&[("1 Road", true), ("2 Street", false)])),
        (&two, listed(&[("1 Road", true)])),
        (&one, listed(&[])),
    ] {
        let answer = client.send(DELETE, json!({ "id": id })).await;
        assert_eq!(answer.data()["addressDelete"], json!({ "accepted": true, "errors": [] }));
        assert_eq!(list(client).await, left);
    }
}

#[tokio::test]
async fn nobody_elses_address_can_be_read_changed_or_deleted() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let bob = Customer::new(&shop, "bob@example.com").await;
    let id = save(&ada.client, "1 Road", false).await;
    let guest = shop.guest().await;
    let before = rows(&shop).await;

    let unknown = "addr_00000000000000000000000000";
    let change = |id: &str| json!({ "id": id, "input": at("Elsewhere"), "default": true });
    for (client, id, code) in [
        (&bob.client, id.as_str(), "NOT_FOUND"),
        (&ada.client, unknown, "NOT_FOUND"),
        (&ada.client, "nonsense", "NOT_FOUND"),
        (&guest, &id, "SIGN_IN_REQUIRED"),
        (&shop.client(), &id, "SIGN_IN_REQUIRED"),
    ] {
        let saved = client.send(SAVE, change(id)).await;
        assert_eq!((codes(&saved, "addressSave"), &saved.data()["addressSave"]["address"]), (vec![code], &Value::Null));
        let deleted = client.send(DELETE, json!({ "id": id })).await;
        assert_eq!(
            (codes(&deleted, "addressDelete"), &deleted.data()["addressDelete"]["accepted"]),
            (vec![code], &json!(false))
        );
    }

    assert_eq!(rows(&shop).await, before);
    assert_eq!(list(&ada.client).await, listed(&[("1 Road", true)]));
}

#[tokio::test]
async fn a_customer_keeps_a_hundred_at_most() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let id = save(&ada.client, "1 Road", false).await;
    shop.database
        .run(
            "insert into customer_address select customer_id, gen_random_uuid(), address, created_at
              from customer_address, generate_series(1, 99)",
        )
        .await;
    let before = rows(&shop).await;

    let more = ada.client.send(SAVE, json!({ "input": at("101 Road") })).await;

    assert_eq!(codes(&more, "addressSave"), ["INVALID_INPUT"]);
    assert_eq!(rows(&shop).await, before);
    let replaced = ada.client.send(SAVE, json!({ "id": id, "input": at("One Road") })).await;
    assert_eq!(codes(&replaced, "addressSave"), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_call_saves_one_also_when_it_comes_ten_times_at_once() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let call = json!({ "input": at("1 Road"), "key": uuid(1) });
    let mut calls = Vec::new();
    for _ in 0..10 {
        let (client, call) = (ada.client.clone(), call.clone());
        calls.push(tokio::spawn(async move { client.send(SAVE, call).await }));
    }
    let mut answers: Vec<Answer> = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap());
    }

    assert_eq!(codes(&answers[0], "addressSave"), Vec::<&str>::new(), "{}", answers[0].text);
    assert!(answers.iter().all(|answer| answer.data() == answers[0].data()));
    assert_eq!(shop.database.count("select count(*) from customer_address").await, 1);
    let other = ada.client.send(SAVE, json!({ "input": at("2 Road"), "key": uuid(1) })).await;
    assert_eq!(codes(&other, "addressSave"), ["IDEMPOTENCY_MISMATCH"]);
    let delete = json!({ "id": answers[0].at("/data/addressSave/address/id"), "key": uuid(2) });
    let gone = ada.client.send(DELETE, delete.clone()).await;
    assert_eq!(ada.client.send(DELETE, delete).await.data(), gone.data());
    assert_eq!(shop.database.count("select count(*) from customer_address").await, 0);
}
