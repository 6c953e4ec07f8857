//! The same call again, with the key of the first: its answer was lost on the way.

use serde_json::{Value, json};
use tidegate_testkit::{Answer, Client, Shop, uuid};
use time::Duration;

use crate::customers::{
    CODE_SEND, Customer, LOGIN, PASSWORD, PASSWORD_CHANGE, REFRESH, RESET, RESET_SEND, VERIFY, by_code, by_password,
    codes, contents, login, mailed_code, mailed_token, new_cart, pieces, register, rows, shop,
};

/// A sign-in that can be made again.
struct Call {
    document: &'static str,
    field: &'static str,
    variables: Value,
    /// The same key with other input.
    other: Value,
}

impl Call {
    async fn by_password(shop: &Shop) -> Self {
        Customer::new(shop, "ada@example.com").await.cart(&[("MUG-R", 1)]).await;
        Customer::new(shop, "bob@example.com").await;
        let variables = json!({ "input": by_password("ada@example.com", PASSWORD), "key": uuid(7) });
        let other = json!({ "input": by_password("bob@example.com", PASSWORD), "key": uuid(7) });
        Self { document: LOGIN, field: "login", variables, other }
    }

    async fn by_code(shop: &Shop) -> Self {
        Customer::new(shop, "ada@example.com").await.cart(&[("MUG-R", 1)]).await;
        shop.client().send(CODE_SEND, json!({ "email": "ada@example.com" })).await;
        let code = mailed_code(shop, "ada@example.com").await;
        let variables = json!({ "input": by_code("ada@example.com", &code), "key": uuid(7) });
        let other = json!({ "input": by_password("ada@example.com", PASSWORD), "key": uuid(7) });
        Self { document: LOGIN, field: "login", variables, other }
    }

    async fn by_registration(shop: &Shop) -> Self {
        register(&shop.client(), "ada@example.com").await;
        let token = mailed_token(shop, "ada@example.com").await;
        let variables = json!({ "token": token, "key": uuid(7) });
        let other = json!({ "token": token, "policy": "MAXIMUM", "key": uuid(7) });
        Self { document: VERIFY, field: "customerVerifyEmail", variables, other }
    }

    async fn by_reset(shop: &Shop) -> Self {
        Customer::new(shop, "ada@example.com").await.cart(&[("MUG-R", 1)]).await;
        shop.client().send(RESET_SEND, json!({ "email": "ada@example.com" })).await;
        let first = mailed_token(shop, "ada@example.com").await;
        shop.client().send(RESET_SEND, json!({ "email": "ada@example.com" })).await;
        let second = mailed_token(shop, "ada@example.com").await;
        let variables = json!({ "token": first, "password": "another good one", "key": uuid(7) });
        let other = json!({ "token": second, "password": "another good one", "key": uuid(7) });
        Self { document: RESET, field: "passwordReset", variables, other }
    }

    async fn send(&self, client: &Client) -> Answer {
        client.send(self.document, self.variables.clone()).await
    }

    fn token<'a>(&self, answer: &'a Answer, which: &str) -> &'a str {
        answer.at(&format!("/data/{}/tokens/{which}", self.field))
    }
}

async fn repeats_within_ten_minutes_and_not_after(shop: Shop, call: Call) {
    let guest = shop.guest().await;
    new_cart(&guest, &[("MUG-R", 2)]).await;

    let first = call.send(&guest).await;
    shop.clock.advance(Duration::minutes(5));
    let second = call.send(&guest).await;

    let field = |answer: &Answer, name: &str| answer.data()[call.field][name].clone();
    assert_eq!(field(&first, "errors"), json!([]), "{}", first.text);
    for same in ["session", "customer", "cart", "errors"] {
        assert_eq!(field(&first, same), field(&second, same), "{same}: {}", second.text);
    }
    assert_ne!(call.token(&first, "refreshToken"), call.token(&second, "refreshToken"));
    let live = "select count(*) from session where kind = 'CUSTOMER' and revoked_at is null and created_at >
                (select max(created_at) from session where kind = 'GUEST')";
    assert_eq!(shop.database.count(live).await, 1, "no second session");
    let early = guest.send(REFRESH, json!({ "token": call.token(&first, "refreshToken") })).await;
    assert_eq!(codes(&early, "sessionRefresh"), ["REFRESH_TOKEN_INVALID"]);
    let late = guest.send(REFRESH, json!({ "token": call.token(&second, "refreshToken") })).await;
    assert_eq!(codes(&late, "sessionRefresh"), Vec::<&str>::new());
    let mut customer = guest.clone();
    customer.sign_in(call.token(&second, "accessToken"));
    let expected = if call.field == "customerVerifyEmail" { 2 } else { 3 };
    assert_eq!(contents(&customer).await, pieces(&[("MUG-R", expected)]), "merged once");

    // Its tokens were used: none are handed out any more. Other input under the key is refused by name.
    let before = rows(&shop).await;
    let used = call.send(&guest).await;
    assert_eq!((field(&used, "tokens"), field(&used, "errors")), (Value::Null, json!([])), "{}", used.text);
    let mixed = guest.send(call.document, call.other.clone()).await;
    assert_eq!(codes(&mixed, call.field), ["IDEMPOTENCY_MISMATCH"], "{}", mixed.text);
    assert_eq!(field(&mixed, "tokens"), Value::Null);
    assert_eq!(rows(&shop).await, before);
}

async fn hands_out_nothing_after_ten_minutes(shop: Shop, call: Call) {
    let client = shop.client();
    let first = call.send(&client).await;
    let refresh = call.token(&first, "refreshToken").to_owned();
    shop.clock.advance(Duration::seconds(601));
    let before = rows(&shop).await;

    let late = call.send(&client).await;

    assert_eq!(late.data()[call.field]["tokens"], Value::Null, "{}", late.text);
    assert_eq!(rows(&shop).await, before);
    let kept = client.send(REFRESH, json!({ "token": refresh })).await;
    assert_eq!(codes(&kept, "sessionRefresh"), Vec::<&str>::new(), "the first tokens are still good");
}

#[tokio::test]
async fn a_sign_in_by_password() {
    let shop = shop().await;
    let call = Call::by_password(&shop).await;
    repeats_within_ten_minutes_and_not_after(shop, call).await;
}

#[tokio::test]
async fn a_sign_in_by_code() {
    let shop = shop().await;
    let call = Call::by_code(&shop).await;
    repeats_within_ten_minutes_and_not_after(shop, call).await;
}

#[tokio::test]
async fn a_confirmed_registration() {
    let shop = shop().await;
    let call = Call::by_registration(&shop).await;
    repeats_within_ten_minutes_and_not_after(shop, call).await;
}

#[tokio::test]
async fn a_reset_password() {
    let shop = shop().await;
    let call = Call::by_reset(&shop).await;
    repeats_within_ten_minutes_and_not_after(shop, call).await;
}

#[tokio::test]
async fn after_ten_minutes_nothing_is_handed_out() {
    let shop_of = shop;
    let shop = shop_of().await;
    let call = Call::by_password(&shop).await;
    hands_out_nothing_after_ten_minutes(shop, call).await;
    let shop = shop_of().await;
    let call = Call::by_code(&shop).await;
    hands_out_nothing_after_ten_minutes(shop, call).await;
    let shop = shop_of().await;
    let call = Call::by_registration(&shop).await;
    hands_out_nothing_after_ten_minutes(shop, call).await;
    let shop = shop_of().await;
    let call = Call::by_reset(&shop).await;
    hands_out_nothing_after_ten_minutes(shop, call).await;
}

#[tokio::test]
async fn a_session_that_has_ended_meanwhile_is_not_brought_back() {
    let shop = shop().await;
    let call = Call::by_password(&shop).await;
    let guest = shop.guest().await;
    let first = call.send(&guest).await;
    let mut customer = guest.clone();
    customer.sign_in(call.token(&first, "accessToken"));
    customer.send(crate::customers::LOGOUT, json!({})).await;
    let before = rows(&shop).await;

    let again = call.send(&guest).await;

    assert_eq!(again.data()["login"]["tokens"], Value::Null, "{}", again.text);
    assert_eq!(again.data()["login"]["customer"], Value::Null);
    assert_eq!(codes(&again, "login"), ["SESSION_REVOKED"]);
    assert_eq!(rows(&shop).await, before);
}

#[tokio::test]
async fn a_mail_that_was_asked_for_is_sent_once() {
    let shop = shop().await;
    let client = Customer::new(&shop, "ada@example.com").await.client;
    for (document, field) in [(CODE_SEND, "loginCodeSend"), (RESET_SEND, "passwordResetSend")] {
        let call = json!({ "email": "ada@example.com", "key": uuid(field.len() as u128) });
        let first = client.send(document, call.clone()).await;
        let before = rows(&shop).await;
        let second = client.send(document, call).await;
        assert_eq!(first.data()[field], json!({ "accepted": true, "errors": [] }));
        assert_eq!((second.data(), rows(&shop).await), (first.data(), before));
    }
}

#[tokio::test]
async fn a_changed_password_is_acknowledged_again_to_whoever_lost_the_answer() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let change = json!({ "current": PASSWORD, "next": "another good one", "key": uuid(3) });
    let first = ada.client.send(PASSWORD_CHANGE, change.clone()).await;
    let before = rows(&shop).await;

    let second = ada.client.send(PASSWORD_CHANGE, change).await;

    assert_eq!(first.data()["passwordChange"]["errors"], json!([]), "{}", first.text);
    assert_eq!((second.data(), rows(&shop).await), (first.data(), before));
    assert_eq!(codes(&login(&shop.client(), "ada@example.com", "another good one").await, "login"), Vec::<&str>::new());
}

#[tokio::test]
async fn a_sign_out_is_acknowledged_again() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let key = json!({ "key": uuid(4) });

    let first = ada.client.send(crate::customers::LOGOUT, key.clone()).await;
    let second = ada.client.send(crate::customers::LOGOUT, key).await;

    assert_eq!(first.data()["logout"], json!({ "accepted": true, "errors": [] }));
    assert_eq!(second.data(), first.data());
    let third = ada.client.send(crate::customers::LOGOUT, json!({ "key": uuid(5) })).await;
    assert_eq!(codes(&third, "logout"), ["SESSION_REVOKED"]);
}
