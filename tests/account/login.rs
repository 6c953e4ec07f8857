//! Signing in by password.

use serde_json::{Value, json};

use crate::customers::{
    Customer, LOGIN, PASSWORD, VIEWER, by_password, codes, contents, login, pieces, rows, shop, viewer,
};
use crate::flows::Buyer;

#[tokio::test]
async fn the_right_password_signs_in_and_the_guests_session_ends() {
    let shop = shop().await;
    Customer::new(&shop, "ada@example.com").await;
    let guest = shop.guest().await;
    let before = viewer(&guest).await["session"]["id"].clone();

    let answer = login(&guest, "ADA@Example.COM", PASSWORD).await;

    assert_eq!(answer.value("/data/login/session/kind"), "CUSTOMER");
    assert_eq!(answer.value("/data/login/session/current"), true);
    assert_eq!(answer.value("/data/login/customer/email"), "ada@example.com");
    assert_ne!(answer.value("/data/login/session/id"), &before);
    // Case 63: whoever planted the guest's session holds a dead one.
    for _ in 0..2 {
        let planted = guest.send(VIEWER, json!({})).await;
        assert_eq!((planted.code(), &planted.body["data"]["viewer"]), ("SESSION_REVOKED", &Value::Null));
    }
    assert!(Customer::from(guest, "ada@example.com", &answer, "login").is_signed_in().await);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_answered_alike_and_change_nothing() {
    let shop = shop().await;
    let customer = Customer::new(&shop, "ada@example.com").await;
    let guest = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let before = rows(&shop).await;

    let wrong = login(&guest.client, "ada@example.com", "not the password").await;
    let unknown = login(&guest.client, "bob@example.com", "not the password").await;
    let empty = login(&guest.client, "ada@example.com", "").await;
    let endless = login(&guest.client, "ada@example.com", &"x".repeat(2_000)).await;

    assert_eq!(codes(&wrong, "login"), ["INVALID_CREDENTIALS"]);
    assert_eq!(wrong.value("/data/login/tokens"), &Value::Null);
    for other in [&unknown, &empty, &endless] {
        assert_eq!((other.status, other.data()), (wrong.status, wrong.data()));
    }
    assert_eq!(rows(&shop).await, before);
    assert_eq!(contents(&guest.client).await, pieces(&[("MUG-R", 1)]));
    assert!(customer.is_signed_in().await);
}

#[tokio::test]
async fn whoever_signs_in_as_somebody_else_leaves_the_first_account_as_it_was() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let elsewhere = ada.elsewhere(&shop).await;
    ada.cart(&[("MUG-R", 3)]).await;
    let bob = Customer::new(&shop, "bob@example.com").await;
    bob.cart(&[("TOWEL", 1)]).await;

    let answer = login(&ada.client, "bob@example.com", PASSWORD).await;

    let switched = Customer::from(ada.client.clone(), "bob@example.com", &answer, "login");
    assert_eq!(switched.id, bob.id);
    assert_eq!(contents(&switched.client).await, pieces(&[("TOWEL", 1)]));
    assert!(!ada.is_signed_in().await);
    assert!(elsewhere.is_signed_in().await && bob.is_signed_in().await);
    assert_eq!(contents(&elsewhere.client).await, pieces(&[("MUG-R", 3)]));
}

#[tokio::test]
async fn signing_in_again_begins_another_session_and_ends_ones_own() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    ada.cart(&[("MUG-R", 3)]).await;

    let answer = login(&ada.client, "ada@example.com", PASSWORD).await;

    let again = Customer::from(ada.client.clone(), "ada@example.com", &answer, "login");
    assert_ne!(again.session, ada.session);
    assert!(!ada.is_signed_in().await);
    assert_eq!(contents(&again.client).await, pieces(&[("MUG-R", 3)]));
}

#[tokio::test]
async fn an_account_without_a_password_has_none_that_fits() {
    let shop = shop().await;
    Customer::new(&shop, "ada@example.com").await;
    shop.database.run("update customer set password_hash = null").await;
    let before = rows(&shop).await;

    for password in [PASSWORD, "", "no password can be this long"] {
        let input = by_password("ada@example.com", password);
        let answer = shop.client().send(LOGIN, json!({ "input": input })).await;
        assert_eq!(codes(&answer, "login"), ["INVALID_CREDENTIALS"]);
    }

    assert_eq!(rows(&shop).await, before);
}

#[tokio::test]
async fn a_hash_of_another_cost_is_replaced_at_the_next_sign_in() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let dear = tidegate_testkit::Shop::over(shop.database.clone(), tidegate_gateway::config::Mode::Serve, |_| {}).await;
    let hash = "select split_part(password_hash, '$', 4) from customer";
    assert_eq!(shop.database.ask(hash).await, "m=64,t=1,p=1");

    let first = login(&dear.client(), "ada@example.com", PASSWORD).await;
    let second = login(&dear.client(), "ada@example.com", PASSWORD).await;

    assert_eq!((codes(&first, "login").len(), codes(&second, "login").len()), (0, 0));
    assert_eq!(shop.database.ask(hash).await, "m=19456,t=2,p=1");
    assert!(ada.is_signed_in().await);
}
