//! Where a customer is signed in, and ending that.

use serde_json::{Value, json};
use tidegate_testkit::{Client, Shop};
use time::Duration;

use crate::customers::{
    Customer, LOGOUT, PASSWORD, PASSWORD_CHANGE, REFRESH, VIEWER, codes, contents, login, new_cart, pieces, rows, shop,
};
use crate::flows::{APPLY, CREATE, address};

const LIST: &str = "{ viewer { customer { sessions { nodes { id kind device current createdAt lastSeenAt } } } } }";
const REVOKE: &str = "mutation($id: ID!) { sessionRevoke(id: $id) { revokedCount errors { code path } } }";
const OTHERS: &str = "mutation { sessionRevokeOthers { revokedCount errors { code } } }";

async fn on(shop: &Shop, device: &str) -> Customer {
    let mut client = shop.client();
    client.set("user-agent", device);
    let answer = login(&client, "ada@example.com", PASSWORD).await;
    Customer::from(client, "ada@example.com", &answer, "login")
}

async fn list(client: &Client) -> Vec<Value> {
    let answer = client.send(LIST, json!({})).await;
    answer.data()["viewer"]["customer"]["sessions"]["nodes"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn the_list_names_each_device_and_when_it_was_last_refreshed() {
    let shop = shop().await;
    Customer::new(&shop, "ada@example.com").await.client.send(LOGOUT, json!({})).await;
    Customer::new(&shop, "bob@example.com").await;
    let laptop = on(&shop, "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0").await;
    shop.clock.advance(Duration::minutes(2));
    let phone = on(&shop, "<script>alert(1)</script>").await;
    let seen = list(&laptop.client).await;
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert_eq!((&seen[0]["id"], &seen[1]["id"]), (&json!(phone.session), &json!(laptop.session)));
    assert_eq!((&seen[0]["current"], &seen[1]["current"]), (&json!(false), &json!(true)));
    assert_eq!((&seen[0]["device"], &seen[1]["device"]), (&Value::Null, &json!("Firefox on Linux")));

    // A request does not count as being seen; a refresh does.
    shop.clock.advance(Duration::minutes(5));
    assert_eq!(list(&laptop.client).await, seen);
    phone.client.send(REFRESH, json!({ "token": phone.refresh })).await;
    let later = list(&laptop.client).await;
    assert_eq!((&later[1], &later[0]["createdAt"]), (&seen[1], &seen[0]["createdAt"]));
    assert!(later[0]["lastSeenAt"].as_str() > seen[0]["lastSeenAt"].as_str());
}

#[tokio::test]
async fn a_revoked_session_is_refused_at_its_next_request_on_both_gateways() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let phone = ada.elsewhere(&shop).await;
    assert!(phone.is_signed_in().await);

    let answer = ada.client.send(REVOKE, json!({ "id": phone.session })).await;

    assert_eq!(answer.data()["sessionRevoke"], json!({ "revokedCount": 1, "errors": [] }));
    for _ in 0..2 {
        let mixed = phone.client.send("{ viewer { session { id } } shop { market { country } } }", json!({})).await;
        assert_eq!((mixed.code(), &mixed.body["data"]["viewer"]), ("SESSION_REVOKED", &Value::Null));
        assert_eq!(mixed.body["data"]["shop"]["market"]["country"], "GB");
    }
    let refreshed = phone.client.send(REFRESH, json!({ "token": phone.refresh })).await;
    assert_eq!(codes(&refreshed, "sessionRefresh"), ["REFRESH_TOKEN_INVALID"]);
    assert!(ada.is_signed_in().await);
    assert_eq!(list(&ada.client).await.len(), 1);
    let again = ada.client.send(REVOKE, json!({ "id": phone.session })).await;
    assert_eq!(codes(&again, "sessionRevoke"), ["NOT_FOUND"]);
}

#[tokio::test]
async fn the_others_end_and_ones_own_stays() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let (phone, tablet) = (ada.elsewhere(&shop).await, ada.elsewhere(&shop).await);
    let bob = Customer::new(&shop, "bob@example.com").await;

    let answer = phone.client.send(OTHERS, json!({})).await;

    assert_eq!(answer.data()["sessionRevokeOthers"], json!({ "revokedCount": 2, "errors": [] }));
    for _ in 0..2 {
        assert!(phone.is_signed_in().await && bob.is_signed_in().await);
        assert!(!ada.is_signed_in().await && !tablet.is_signed_in().await);
    }
    assert_eq!(phone.client.send(OTHERS, json!({})).await.data()["sessionRevokeOthers"]["revokedCount"], 0);
}

#[tokio::test]
async fn sessions_that_ended_by_themselves_are_not_counted_as_ended() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    ada.elsewhere(&shop).await;
    shop.clock.advance(Duration::days(31));
    let fresh = ada.elsewhere(&shop).await;

    let answer = fresh.client.send(OTHERS, json!({})).await;

    assert_eq!(answer.data()["sessionRevokeOthers"], json!({ "revokedCount": 0, "errors": [] }));
}

#[tokio::test]
async fn a_sign_out_ends_the_session_at_its_next_request_on_both_gateways() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let phone = ada.elsewhere(&shop).await;
    let guest = shop.guest().await;

    assert_eq!(ada.client.send(LOGOUT, json!({})).await.data()["logout"], json!({ "accepted": true, "errors": [] }));
    assert_eq!(guest.send(LOGOUT, json!({})).await.data()["logout"]["accepted"], true);

    for _ in 0..2 {
        assert!(!ada.is_signed_in().await && phone.is_signed_in().await);
        assert_eq!(guest.send(VIEWER, json!({})).await.code(), "SESSION_REVOKED");
    }
    let refreshed = ada.client.send(REFRESH, json!({ "token": ada.refresh })).await;
    assert_eq!(codes(&refreshed, "sessionRefresh"), ["REFRESH_TOKEN_INVALID"]);
}

#[tokio::test]
async fn nobody_ends_a_session_that_is_not_theirs() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let bob = Customer::new(&shop, "bob@example.com").await;
    let guest = shop.guest().await;
    let theirs = crate::customers::viewer(&guest).await["session"]["id"].clone();
    let before = rows(&shop).await;

    for (client, id, code) in [
        (&bob.client, json!(ada.session), "NOT_FOUND"),
        (&bob.client, theirs, "NOT_FOUND"),
        (&bob.client, json!("nonsense"), "NOT_FOUND"),
        (&guest, json!(ada.session), "NOT_FOUND"),
        (&shop.client(), json!(ada.session), "SIGN_IN_REQUIRED"),
    ] {
        let answer = client.send(REVOKE, json!({ "id": id })).await;
        assert_eq!(codes(&answer, "sessionRevoke"), [code], "{id}");
        assert_eq!(answer.data()["sessionRevoke"]["revokedCount"], 0);
    }
    assert_eq!(codes(&shop.client().send(LOGOUT, json!({})).await, "logout"), ["SIGN_IN_REQUIRED"]);
    assert_eq!(codes(&shop.client().send(OTHERS, json!({})).await, "sessionRevokeOthers"), ["SIGN_IN_REQUIRED"]);
    assert_eq!(
        guest.send(OTHERS, json!({})).await.data()["sessionRevokeOthers"],
        json!({ "revokedCount": 0, "errors": [] })
    );

    assert_eq!(rows(&shop).await, before);
    assert!(ada.is_signed_in().await);
}

#[tokio::test]
async fn a_revoked_session_changes_nothing() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let phone = ada.elsewhere(&shop).await;
    let cart = phone.cart(&[("MUG-R", 1)]).await;
    ada.client.send(REVOKE, json!({ "id": phone.session })).await;
    let before = rows(&shop).await;

    let errors = "{ errors { code } }";
    for (field, mutation, variables) in [
        ("cartApply", APPLY.to_owned(), json!({ "cart": cart, "operations": [{ "setNote": "late" }] })),
        ("cartCreate", CREATE.to_owned(), json!({})),
        ("passwordChange", PASSWORD_CHANGE.to_owned(), json!({ "current": PASSWORD, "next": "another good one" })),
        ("sessionRevoke", REVOKE.to_owned(), json!({ "id": ada.session })),
        ("sessionRevokeOthers", OTHERS.to_owned(), json!({})),
        ("logout", LOGOUT.to_owned(), json!({})),
        ("customerUpdate", format!("mutation {{ customerUpdate(input: {{ givenName: \"x\" }}) {errors} }}"), json!({})),
        (
            "addressSave",
            format!("mutation($a: AddressInput!) {{ addressSave(input: $a) {errors} }}"),
            json!({ "a": address() }),
        ),
        (
            "addressDelete",
            format!("mutation {{ addressDelete(id: \"addr_00000000000000000000000000\") {errors} }}"),
            json!({}),
        ),
        (
            "emailChangeRequest",
            format!("mutation($p: String) {{ emailChangeRequest(email: \"new@example.com\", password: $p) {errors} }}"),
            json!({ "p": PASSWORD }),
        ),
        (
            "customerDelete",
            format!("mutation($p: String) {{ customerDelete(confirm: \"ada@example.com\", password: $p) {errors} }}"),
            json!({ "p": PASSWORD }),
        ),
        (
            "cartMerge",
            format!(
                "mutation($c: ID!) {{ cartMerge(from: {{ id: \"cart_00000000000000000000000000\" }}, into: $c, policy: SUM) {errors} }}"
            ),
            json!({ "c": cart }),
        ),
    ] {
        let answer = phone.client.send(&mutation, variables).await;
        assert_eq!(codes(&answer, field), ["SESSION_REVOKED"], "{field}: {}", answer.text);
    }

    assert_eq!(rows(&shop).await, before);
    assert_eq!(contents(&ada.client).await, pieces(&[("MUG-R", 1)]));
}

#[tokio::test]
async fn a_session_that_was_revoked_signs_in_anew_without_its_cart() {
    let shop = shop().await;
    Customer::new(&shop, "ada@example.com").await;
    let guest = shop.guest().await;
    new_cart(&guest, &[("MUG-R", 1)]).await;
    guest.send(LOGOUT, json!({})).await;

    let answer = login(&guest, "ada@example.com", PASSWORD).await;

    let ada = Customer::from(guest, "ada@example.com", &answer, "login");
    assert!(ada.is_signed_in().await);
    assert_eq!(contents(&ada.client).await, pieces(&[]));
}
