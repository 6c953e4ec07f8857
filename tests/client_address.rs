//! By which address limits count: never one that a client chooses.

use serde_json::json;
use tidegate_auth::digest;
use tidegate_testkit::{Client, Shop, uuid};

use crate::attacks::refusal;
use crate::command::tidegate;
use crate::identity::run;

const RESET: &str = "mutation($email: String!) { passwordResetSend(email: $email) { errors { code } } }";

async fn shop() -> Shop {
    Shop::empty(|settings| settings.trusted_proxies = "10.0.0.0/8, 2001:db8:1::/48".parse().unwrap()).await
}

/// The address that a request is counted under: the only one with an attempt afterwards.
async fn counted(shop: &Shop, client: &Client, candidates: &[&str]) -> String {
    shop.database.run("delete from throttle").await;
    let email = format!("{}@example.com", uuid(u128::from(std::process::id())));
    assert_eq!(refusal(&client.send(RESET, json!({ "email": email })).await), "");
    let mut found = Vec::new();
    for candidate in candidates {
        let key = data_encoding::HEXLOWER.encode(&digest::input_hash("mail/address", &json!(candidate)));
        let sql = format!("select count(*) from throttle where key_hash = '\\x{key}'");
        if shop.database.count(&sql).await == 1 {
            found.push(*candidate);
        }
    }
    assert_eq!(found.len(), 1, "{found:?}");
    found.concat()
}

fn from(shop: &Shop, peer: &str, headers: &[(&str, &str)]) -> Client {
    let mut client = shop.client();
    client.connect_from(peer);
    for (name, value) in headers {
        client.set(name, value);
    }
    client
}

#[tokio::test]
async fn case_97_forwarded_headers_of_a_client_are_not_believed() {
    let shop = shop().await;
    let all = ["192.0.2.1", "198.51.100.7", "203.0.113.66", "10.0.0.1", "10.0.0.2"];
    for (peer, headers, expected) in [
        ("192.0.2.1", &[("x-forwarded-for", "198.51.100.7")][..], "192.0.2.1"),
        ("192.0.2.1", &[("forwarded", "for=198.51.100.7"), ("x-real-ip", "198.51.100.7")], "192.0.2.1"),
        ("192.0.2.1", &[("x-buyer-address", "198.51.100.7")], "192.0.2.1"),
        ("10.0.0.1", &[("x-forwarded-for", "198.51.100.7")], "198.51.100.7"),
        ("10.0.0.1", &[("x-forwarded-for", "203.0.113.66, 198.51.100.7, 10.0.0.2")], "198.51.100.7"),
        ("10.0.0.1", &[("x-forwarded-for", "198.51.100.7, junk, 10.0.0.2")], "10.0.0.2"),
        ("10.0.0.1", &[("x-real-ip", "198.51.100.7"), ("x-buyer-address", "198.51.100.7")], "10.0.0.1"),
        ("10.0.0.1", &[], "10.0.0.1"),
    ] {
        assert_eq!(counted(&shop, &from(&shop, peer, headers), &all).await, expected, "{peer} {headers:?}");
    }
}

#[tokio::test]
async fn an_ipv6_network_is_counted_once() {
    let shop = shop().await;
    let all = ["2001:db8:2:3::", "2001:db8:2:4::", "192.0.2.1"];
    for (peer, expected) in [
        ("2001:db8:2:3::1", "2001:db8:2:3::"),
        ("2001:db8:2:3:ffff::9", "2001:db8:2:3::"),
        ("2001:db8:2:4::1", "2001:db8:2:4::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
    ] {
        assert_eq!(counted(&shop, &from(&shop, peer, &[]), &all).await, expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_front_end_with_a_key_is_counted_by_its_buyers() {
    let shop = shop().await;
    let running = run(&shop).await;
    let words = "api-keys create --name web --scope storefront --scope buyer-address";
    let key = tidegate(&shop.database, words).await.done().trim().to_owned();
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let all = ["192.0.2.1", "198.51.100.7", "198.51.100.8", "2001:db8:9:9::"];
    for _ in 0..2 {
        from(&shop, "192.0.2.1", &[("x-api-key", &key)]).send("{ __typename }", json!({})).await;
    }

    for (buyer, expected) in
        [("198.51.100.7", "198.51.100.7"), ("198.51.100.8", "198.51.100.8"), ("2001:db8:9:9::5", "2001:db8:9:9::")]
    {
        let client = from(&shop, "192.0.2.1", &[("x-api-key", &key), ("x-buyer-address", buyer)]);
        assert_eq!(counted(&shop, &client, &all).await, expected);
    }
    let silent = from(&shop, "192.0.2.1", &[("x-api-key", &key)]);
    assert_eq!(counted(&shop, &silent, &all).await, "192.0.2.1");
    for gateway in running {
        gateway.stop().await;
    }
}
