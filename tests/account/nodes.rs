//! A customer's objects by their ids.

use serde_json::{Value, json};

use crate::customers::{Customer, LOGOUT, shop};
use crate::flows::address;

const NODES: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id
    ... on Customer { email } ... on CustomerAddress { isDefault } ... on Session { current } } }";

#[tokio::test]
async fn ones_own_are_found_and_nobody_elses() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let phone = ada.elsewhere(&shop).await;
    let bob = Customer::new(&shop, "bob@example.com").await;
    let save = "mutation($a: AddressInput!) { addressSave(input: $a) { address { id } errors { code } } }";
    let saved = ada.client.send(save, json!({ "a": address() })).await;
    let home = saved.at("/data/addressSave/address/id").to_owned();
    bob.client.send(save, json!({ "a": address() })).await;
    let ids = json!({ "ids": [ada.id, home, ada.session, phone.session, bob.id, bob.session] });

    let own = ada.client.send(NODES, ids.clone()).await;

    assert_eq!(
        own.data()["nodes"],
        json!([
            { "__typename": "Customer", "id": ada.id, "email": "ada@example.com" },
            { "__typename": "CustomerAddress", "id": home, "isDefault": true },
            { "__typename": "Session", "id": ada.session, "current": true },
            { "__typename": "Session", "id": phone.session, "current": false },
            null,
            null,
        ])
    );
    let foreign = bob.client.send(NODES, ids.clone()).await;
    assert_eq!(foreign.data()["nodes"].as_array().map(|nodes| nodes[..4].to_vec()), Some(vec![Value::Null; 4]));
    for client in [shop.guest().await, shop.client()] {
        assert_eq!(client.send(NODES, ids.clone()).await.data()["nodes"], json!(vec![Value::Null; 6]));
    }
    let one = "query($id: ID!) { node(id: $id) { id } }";
    for id in [&ada.id, &home, &ada.session] {
        assert_eq!(ada.client.send(one, json!({ "id": id })).await.data()["node"], json!({ "id": id }));
        assert_eq!(bob.client.send(one, json!({ "id": id })).await.data()["node"], Value::Null);
    }

    ada.client.send(LOGOUT, json!({})).await;
    for id in [&ada.id, &home, &ada.session] {
        let ended = ada.client.send(one, json!({ "id": id })).await;
        assert_eq!((ended.code(), &ended.body["data"]["node"]), ("SESSION_REVOKED", &Value::Null));
    }
}
