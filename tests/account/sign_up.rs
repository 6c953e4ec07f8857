//! Registering and confirming the address.

use serde_json::{Value, json};
use tidegate_testkit::Shop;

use crate::customers::{Customer, VERIFY, codes, login, mailed_token, register, viewer};
use crate::flows::Buyer;

#[tokio::test]
async fn a_guest_becomes_a_customer_and_the_cart_comes_along() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 2)]).await;
    let guest = buyer.client.clone();

    let customer = Customer::of(&shop, buyer.client.clone(), "Ada@Example.com").await;

    let seen = viewer(&customer.client).await;
    assert_eq!(seen["session"]["kind"], "CUSTOMER");
    assert_eq!(seen["customer"]["email"], "Ada@Example.com");
    assert_eq!(seen["customer"]["emailVerified"], true);
    assert_eq!(seen["cart"], json!({ "id": buyer.cart, "totalQuantity": 2 }));
    assert_eq!(guest.send("{ viewer { session { id } } }", json!({})).await.code(), "SESSION_REVOKED");
}

#[tokio::test]
async fn a_known_address_is_told_by_mail_alone() {
    let shop = Shop::open().await;
    let customer = Customer::new(&shop, "ada@example.com").await;
    let client = shop.client();

    let known = register(&client, "ADA@example.com").await;
    let new = register(&client, "bob@example.com").await;

    assert_eq!(known.body["data"], new.body["data"]);
    let mails = shop.mails("ADA@example.com").await;
    assert_eq!(mails[0].template, "HAVE_ACCOUNT");
    assert!(!mails[0].text.contains("tgl_"), "{}", mails[0].text);
    assert!(customer.is_signed_in().await);
}

#[tokio::test]
async fn a_link_is_good_once_and_for_a_day() {
    let shop = Shop::open().await;
    let client = shop.client();
    register(&client, "ada@example.com").await;
    let token = mailed_token(&shop, "ada@example.com").await;

    assert_eq!(
        codes(&client.send(VERIFY, json!({ "token": "tgl_x" })).await, "customerVerifyEmail"),
        ["ONE_TIME_TOKEN_INVALID"]
    );
    let first = client.send(VERIFY, json!({ "token": token })).await;
    assert_eq!(codes(&first, "customerVerifyEmail"), Vec::<&str>::new());
    let second = client.send(VERIFY, json!({ "token": token })).await;
    assert_eq!(codes(&second, "customerVerifyEmail"), ["ONE_TIME_TOKEN_INVALID"]);
    assert_eq!(second.value("/data/customerVerifyEmail/tokens"), &Value::Null);

    register(&client, "late@example.com").await;
    let late = mailed_token(&shop, "late@example.com").await;
    shop.clock.advance(time::Duration::hours(24));
    let answer = client.send(VERIFY, json!({ "token": late })).await;
    assert_eq!(codes(&answer, "customerVerifyEmail"), ["ONE_TIME_TOKEN_INVALID"]);
    assert_eq!(
        codes(&login(&client, "late@example.com", crate::customers::PASSWORD).await, "login"),
        ["INVALID_CREDENTIALS"]
    );
}

#[tokio::test]
async fn a_link_is_not_sent_again_while_a_stranger_may_have_registered_too() {
    let shop = Shop::open().await;
    let client = shop.client();
    let again = "mutation { customerVerificationSend(email: \"ada@example.com\") { accepted errors { code } } }";
    register(&client, "ada@example.com").await;
    assert_eq!(codes(&client.send(again, json!({})).await, "customerVerificationSend"), Vec::<&str>::new());
    assert_eq!(shop.mails("ada@example.com").await[0].template, "VERIFY_EMAIL");

    let stranger = "mutation { customerRegister(input: { email: \"ada@example.com\", password: \"let me in, ada\" }) {
        accepted errors { code } } }";
    shop.clock.advance(time::Duration::hours(1));
    assert_eq!(codes(&shop.client().send(stranger, json!({})).await, "customerRegister"), Vec::<&str>::new());
    let answer = client.send(again, json!({})).await;

    assert_eq!(codes(&answer, "customerVerificationSend"), Vec::<&str>::new());
    assert_eq!(shop.mails("ada@example.com").await[0].template, "NO_ACCOUNT");
}
