//! Every way in which a session ends, and that the very next request on each gateway finds it ended.

use serde_json::{Value, json};
use tidegate_testkit::{Answer, Shop};

use super::{Held, assert_ended, assert_stands, refresh};
use crate::attacks::refusal;
use crate::customers::{Customer, LOGIN, PASSWORD, VERIFY, login, mailed_code, mailed_token, register};

const NEW_PASSWORD: &str = "staple for a battery";

/// A customer on two devices.
struct Scene {
    shop: Shop,
    laptop: Customer,
    phone: Customer,
}

impl Scene {
    async fn new() -> Self {
        let shop = Shop::open().await;
        let laptop = Customer::new(&shop, "ada@example.com").await;
        let phone = laptop.elsewhere(&shop).await;
        // Whatever a gateway might remember of them, it does now.
        for device in [&laptop, &phone] {
            assert_stands(&shop, &Held::of(device)).await;
        }
        Self { shop, laptop, phone }
    }

    /// Has the laptop send a mutation, which must be taken.
    async fn by_laptop(&self, mutation: &str, variables: Value) -> Answer {
        let answer = self.laptop.client.send(mutation, variables).await;
        assert_eq!(refusal(&answer), "", "{}", answer.text);
        answer
    }

    async fn assert(&self, laptop_stands: bool, phone_stands: bool) {
        for (device, stands) in [(&self.laptop, laptop_stands), (&self.phone, phone_stands)] {
            let held = Held::of(device);
            if stands {
                assert_stands(&self.shop, &held).await;
            } else {
                assert_ended(&self.shop, &held).await;
            }
        }
    }

    /// The events that an operator finds.
    async fn events(&self) -> String {
        self.shop.database.ask("select string_agg(kind, ' ' order by happened_at, kind) from security_event").await
    }
}

#[tokio::test]
async fn by_logging_out() {
    let scene = Scene::new().await;
    scene.by_laptop("mutation { logout { accepted errors { code } } }", json!({})).await;
    scene.assert(false, true).await;
}

#[tokio::test]
async fn by_being_revoked_from_another_device() {
    let scene = Scene::new().await;
    let revoke = "mutation($id: ID!) { sessionRevoke(id: $id) { revokedCount errors { code } } }";
    let answer = scene.by_laptop(revoke, json!({ "id": scene.phone.session })).await;
    assert_eq!(answer.data()["sessionRevoke"]["revokedCount"], json!(1));
    scene.assert(true, false).await;
}

#[tokio::test]
async fn by_being_one_of_the_others() {
    let scene = Scene::new().await;
    let answer = scene.by_laptop("mutation { sessionRevokeOthers { revokedCount errors { code } } }", json!({})).await;
    assert_eq!(answer.data()["sessionRevokeOthers"]["revokedCount"], json!(1));
    scene.assert(true, false).await;
}

#[tokio::test]
async fn by_a_password_that_is_changed_elsewhere() {
    let scene = Scene::new().await;
    let change =
        "mutation($from: String!, $to: String!) { passwordChange(current: $from, next: $to) { errors { code } } }";
    scene.by_laptop(change, json!({ "from": PASSWORD, "to": NEW_PASSWORD })).await;
    scene.assert(true, false).await;
    assert_eq!(scene.events().await, "PASSWORD_CHANGED");
}

#[tokio::test]
async fn by_a_password_that_is_reset() {
    let scene = Scene::new().await;
    let client = scene.shop.client();
    let send = "mutation($email: String!) { passwordResetSend(email: $email) { accepted errors { code } } }";
    client.send(send, json!({ "email": scene.laptop.email })).await;
    let token = mailed_token(&scene.shop, &scene.laptop.email).await;
    let reset = "mutation($token: String!, $to: String!) { passwordReset(token: $token, password: $to) {
        tokens { accessToken refreshToken } session { id } customer { id } deviceToken errors { code } } }";
    let answer = client.send(reset, json!({ "token": token, "to": NEW_PASSWORD })).await;
    let reset = Customer::from(client, &scene.laptop.email, &answer, "passwordReset");

    scene.assert(false, false).await;
    assert_stands(&scene.shop, &Held::of(&reset)).await;
    assert_eq!(scene.events().await, "PASSWORD_RESET");
}

#[tokio::test]
async fn by_the_account_being_deleted() {
    let scene = Scene::new().await;
    let delete = "mutation($email: String!, $password: String!) {
        customerDelete(confirm: $email, password: $password) { accepted errors { code } } }";
    scene.by_laptop(delete, json!({ "email": scene.laptop.email, "password": PASSWORD })).await;
    scene.assert(false, false).await;
    assert_eq!(scene.shop.database.count("select count(*) from session where kind = 'CUSTOMER'").await, 0);
}

#[tokio::test]
async fn by_a_refresh_token_that_was_used_twice() {
    let scene = Scene::new().await;
    let mut phone = Held::of(&scene.phone);
    for _ in 0..2 {
        assert!(phone.refresh(&scene.shop.client()).await);
    }
    assert_eq!(refusal(&refresh(&scene.shop.client(), &scene.phone.refresh).await), "REFRESH_TOKEN_INVALID");

    scene.assert(true, false).await;
    assert_ended(&scene.shop, &phone).await;
    assert_eq!(scene.events().await, "REFRESH_TOKEN_REUSED");
}

#[tokio::test]
async fn by_signing_in_again_on_the_same_device() {
    let scene = Scene::new().await;
    let again = login(&scene.laptop.client, &scene.laptop.email, PASSWORD).await;
    let again = Customer::from(scene.shop.client(), &scene.laptop.email, &again, "login");
    scene.assert(false, true).await;

    let send = "mutation($email: String!) { loginCodeSend(email: $email) { accepted errors { code } } }";
    again.client.send(send, json!({ "email": again.email })).await;
    let code = mailed_code(&scene.shop, &again.email).await;
    let input = json!({ "oneTimeCode": { "email": again.email, "code": code } });
    let by_code = again.client.send(LOGIN, json!({ "input": input })).await;
    let by_code = Customer::from(scene.shop.client(), &again.email, &by_code, "login");
    assert_ended(&scene.shop, &Held::of(&again)).await;
    assert_stands(&scene.shop, &Held::of(&by_code)).await;
}

#[tokio::test]
async fn a_guest_s_by_becoming_a_customer() {
    let scene = Scene::new().await;
    for is_new in [true, false] {
        let guest = Held::guest(&scene.shop).await;
        let mut client = scene.shop.client();
        client.sign_in(&guest.access);
        assert_stands(&scene.shop, &guest).await;
        if is_new {
            register(&client, "bob@example.com").await;
            let token = mailed_token(&scene.shop, "bob@example.com").await;
            assert_stands(&scene.shop, &guest).await;
            assert_eq!(refusal(&client.send(VERIFY, json!({ "token": token })).await), "");
        } else {
            assert_eq!(refusal(&login(&client, &scene.laptop.email, PASSWORD).await), "");
        }
        assert_ended(&scene.shop, &guest).await;
    }
    let guest = Held::guest(&scene.shop).await;
    let mut client = scene.shop.client();
    client.sign_in(&guest.access);
    assert_eq!(refusal(&client.send("mutation { logout { errors { code } } }", json!({})).await), "");
    assert_ended(&scene.shop, &guest).await;
    scene.assert(true, true).await;
}

/// A session also ends by itself, when nobody refreshes it.
#[tokio::test]
async fn by_its_time_running_out() {
    let shop = Shop::open().await;
    let guest = Held::guest(&shop).await;
    let customer = Held::customer(&shop).await;
    // The access token outlives it here, as if the token had been made at the last moment.
    shop.database.run("update session set expires_at = now() + interval '1 minute'").await;
    for held in [&guest, &customer] {
        assert_stands(&shop, held).await;
    }
    shop.clock.advance(time::Duration::seconds(61));
    for held in [&guest, &customer] {
        assert_ended(&shop, held).await;
    }
}
