//! A shopper's whole life through three replicas, with a random one at each step, while replicas are killed and started
//! again. Whatever is not answered is sent again, with its key, to another.

use serde_json::{Value, json};
use std::time::Duration;
use tidegate_gateway::config::Mode;
use tidegate_store::catalog::import::ImportOptions;
use tidegate_testkit::{CATALOGUE, Database, Replica, Shop, import, post, uuid};

use super::REFRESH;
use crate::customers::{LOGIN, PASSWORD, REGISTER, VERIFY, VIEWER, mailed_code, mailed_token};
use crate::dice::Dice;
use crate::flows::{APPLY, CHECKOUT, CREATE, address};

const PROGRAM: &str = env!("CARGO_BIN_EXE_tidegate");
/// One request in so many has its replica killed under it.
const KILL_ONE_IN: u64 = 5;

const EMAIL: &str = "ada@example.com";
const NEW_EMAIL: &str = "byron@example.com";
const NEW_PASSWORD: &str = "staple for a battery";

const ADD: &str = "mutation($cart: ID!, $lines: [CartLineAdd!]!, $key: IdempotencyKey) {
    cartLinesAdd(cartId: $cart, lines: $lines, idempotencyKey: $key) { cart { totalQuantity } errors { code } } }";
const ADDRESS_SAVE: &str = "mutation($id: ID, $input: AddressInput!, $key: IdempotencyKey) {
    addressSave(id: $id, input: $input, idempotencyKey: $key) { address { id } errors { code } } }";
const ADDRESS_DELETE: &str = "mutation($id: ID!, $key: IdempotencyKey) {
    addressDelete(id: $id, idempotencyKey: $key) { accepted errors { code } } }";
const EMAIL_CHANGE: &str = "mutation($email: String!, $password: String!, $key: IdempotencyKey) {
    emailChangeRequest(email: $email, password: $password, idempotencyKey: $key) { accepted errors { code } } }";
const EMAIL_CONFIRM: &str = "mutation($token: String!, $key: IdempotencyKey) {
    emailChangeConfirm(token: $token, idempotencyKey: $key) { customer { email emailVerified } errors { code } } }";
const RESET_SEND: &str = "mutation($email: String!, $key: IdempotencyKey) {
    passwordResetSend(email: $email, idempotencyKey: $key) { accepted errors { code } } }";
const RESET: &str = "mutation($token: String!, $password: String!, $key: IdempotencyKey) {
    passwordReset(token: $token, password: $password, idempotencyKey: $key) {
        tokens { accessToken refreshToken } session { id } errors { code } } }";
const PASSWORD_CHANGE: &str = "mutation($from: String!, $to: String!, $key: IdempotencyKey) {
    passwordChange(current: $from, next: $to, idempotencyKey: $key) { customer { id } errors { code } } }";
const CODE_SEND: &str = "mutation($email: String!, $key: IdempotencyKey) {
    loginCodeSend(email: $email, idempotencyKey: $key) { accepted errors { code } } }";
const SESSION_REVOKE: &str = "mutation($id: ID!, $key: IdempotencyKey) {
    sessionRevoke(id: $id, idempotencyKey: $key) { revokedCount errors { code } } }";
const LOGOUT: &str = "mutation($key: IdempotencyKey) { logout(idempotencyKey: $key) { accepted errors { code } } }";
const DELETE: &str = "mutation($email: String!, $password: String!, $key: IdempotencyKey) {
    customerDelete(confirm: $email, password: $password, idempotencyKey: $key) { accepted errors { code } } }";
const ACCOUNT: &str = "{ viewer { customer { addresses { nodes { id } } defaultAddress { id }
    sessions { nodes { id current } } orders { nodes { number cost { total { amount } } } } } } }";

/// Three replicas, and whoever kills them.
struct World {
    replicas: Vec<Replica>,
    database: Database,
    dice: Dice,
    keys: u128,
    kills: usize,
}

/// A browser: what it holds, on whichever replica.
#[derive(Default)]
struct Device {
    access: Option<String>,
    refresh: Option<String>,
    session: String,
}

impl World {
    async fn new(seed: u64) -> (Self, Shop) {
        let database = Database::new().await;
        import(&database.url, CATALOGUE, ImportOptions::default()).await;
        // It reads the outbox as a mailbox would; no request goes to it.
        let mailbox = Shop::over(database.clone(), Mode::Serve, |_| {}).await;
        let mut replicas = Vec::new();
        for _ in 0..3 {
            replicas.push(Replica::start(PROGRAM, &database.url).await);
        }
        (Self { replicas, database, dice: Dice(seed), keys: 0, kills: 0 }, mailbox)
    }

    fn any(&mut self) -> usize {
        usize::try_from(self.dice.below(3)).unwrap()
    }

    /// Sends to a random replica until there is an answer. Now and then the replica dies with the request in its hands.
    async fn answer(&mut self, device: &Device, query: &str, variables: &Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        for _ in 0..20 {
            let chosen = self.any();
            let (address, body, access) = (self.replicas[chosen].address.clone(), body.clone(), device.access.clone());
            let call = tokio::spawn(async move { post(&address, &body, access.as_deref()).await });
            if self.dice.below(KILL_ONE_IN) == 0 {
                tokio::time::sleep(Duration::from_millis(self.dice.below(25))).await;
                self.replicas[chosen].kill().await;
                self.replicas[chosen] = Replica::start(PROGRAM, &self.database.url).await;
                self.kills += 1;
            }
            // An answer may get lost on its way, too.
            let is_lost = self.dice.below(10) == 0;
            if let Some((status, answer)) = call.await.unwrap().filter(|_| !is_lost) {
                assert_eq!(status, 200, "{answer}");
                return answer;
            }
        }
        panic!("no replica answers {query}");
    }

    /// What a query reads.
    async fn read(&mut self, device: &Device, query: &str, variables: Value) -> Value {
        let answer = self.answer(device, query, &variables).await;
        assert!(answer.get("errors").is_none(), "{query}: {answer}");
        answer["data"].clone()
    }

    /// Makes a change under a key of its own and asserts that it was taken.
    async fn change(&mut self, device: &Device, mutation: &str, variables: Value) -> Value {
        let payload = self.payload(device, mutation, variables).await;
        assert_eq!(payload["errors"], json!([]), "{mutation}: {payload}");
        payload
    }

    async fn payload(&mut self, device: &Device, mutation: &str, mut variables: Value) -> Value {
        self.keys += 1;
        variables["key"] = json!(uuid(self.keys));
        let answer = self.answer(device, mutation, &variables).await;
        assert!(answer.get("errors").is_none(), "{mutation}: {answer}");
        answer["data"].as_object().unwrap().values().next().unwrap().clone()
    }

    /// A sign-in, after which the device holds what it was given.
    async fn sign_in(&mut self, device: &mut Device, mutation: &str, variables: Value) -> Value {
        let payload = self.change(device, mutation, variables).await;
        device.hold(&payload);
        payload
    }

    async fn refresh(&mut self, device: &mut Device) {
        // The access token has expired, as far as the browser is concerned.
        let variables = json!({ "token": device.refresh });
        let answer = self.answer(&Device::default(), REFRESH, &variables).await;
        let payload = &answer["data"]["sessionRefresh"];
        assert_eq!((&payload["errors"], &payload["session"]["id"]), (&json!([]), &json!(device.session)), "{answer}");
        device.hold(payload);
    }

    async fn is_signed_in(&mut self, device: &Device) -> bool {
        let answer = self.answer(device, VIEWER, &json!({})).await;
        match answer["errors"][0]["extensions"]["code"].as_str() {
            Some("SESSION_REVOKED") => {
                assert_eq!(answer["data"]["viewer"], Value::Null);
                false
            }
            Some(code) => panic!("{code}: {answer}"),
            None => answer["data"]["viewer"]["session"]["id"] == json!(device.session),
        }
    }

    async fn variant(&mut self, sku: &str) -> Value {
        let query = "query($sku: String!) { product(by: { sku: $sku }) { variants { nodes { id sku } } } }";
        let found = self.read(&Device::default(), query, json!({ "sku": sku })).await;
        let nodes = found["product"]["variants"]["nodes"].as_array().unwrap();
        nodes.iter().find(|node| node["sku"] == sku).unwrap()["id"].clone()
    }
}

impl Device {
    fn hold(&mut self, payload: &Value) {
        let text = |pointer: &str| payload.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        self.access = text("/tokens/accessToken");
        self.refresh = text("/tokens/refreshToken");
        self.session = text("/session/id").unwrap_or_default();
        assert!(self.access.is_some() && self.refresh.is_some(), "no tokens: {payload}");
    }
}

/// Browses, fills a cart as a guest, registers, and follows the link in the mail. Answers the cart.
async fn becomes_a_customer(world: &mut World, mailbox: &Shop, laptop: &mut Device) -> String {
    let browsed = world.read(
        laptop,
        "{ products { nodes { title } } search(query: \"enamel\") { nodes { handle } } }",
        json!({}),
    );
    assert_eq!(browsed.await["products"]["nodes"].as_array().unwrap().len(), 3);
    let (mug, towel) = (world.variant("MUG-R").await, world.variant("TOWEL").await);
    let input = json!({ "lines": [{ "variantId": mug, "quantity": 2 }] });
    let created = world.change(laptop, CREATE, json!({ "input": input })).await;
    laptop.access = created["tokens"]["accessToken"].as_str().map(str::to_owned);
    laptop.refresh = created["tokens"]["refreshToken"].as_str().map(str::to_owned);
    let seen = world.read(laptop, VIEWER, json!({})).await;
    seen["viewer"]["session"]["id"].as_str().unwrap().clone_into(&mut laptop.session);
    let cart = created["cart"]["id"].as_str().unwrap().to_owned();
    let added =
        world.change(laptop, ADD, json!({ "cart": cart, "lines": [{ "variantId": towel, "quantity": 1 }] })).await;
    assert_eq!(added["cart"]["totalQuantity"], json!(3));
    world.refresh(laptop).await;

    world.change(laptop, REGISTER, json!({ "email": EMAIL, "password": PASSWORD })).await;
    assert_eq!(mailbox.mails(EMAIL).await.len(), 1, "one mail, however often it was asked for");
    let guest = Device { access: laptop.access.clone(), refresh: None, session: laptop.session.clone() };
    let token = mailed_token(mailbox, EMAIL).await;
    let verified = world.sign_in(laptop, VERIFY, json!({ "token": token })).await;
    assert_eq!(verified["cart"], json!({ "id": cart, "totalQuantity": 3 }));
    assert!(!world.is_signed_in(&guest).await, "the guest's session has ended");
    cart
}

/// Keeps addresses on the phone, buys on the laptop, and finds the order on the phone.
async fn buys(world: &mut World, laptop: &mut Device, phone: &Device, cart: &str) {
    let first = world.change(phone, ADDRESS_SAVE, json!({ "input": address() })).await["address"]["id"].clone();
    let second = world.change(laptop, ADDRESS_SAVE, json!({ "input": address() })).await["address"]["id"].clone();
    let kept = world.read(laptop, ACCOUNT, json!({})).await["viewer"]["customer"].clone();
    assert_eq!(kept["addresses"]["nodes"], json!([{ "id": first }, { "id": second }]));
    assert_eq!(kept["defaultAddress"]["id"], first);
    world.change(phone, ADDRESS_DELETE, json!({ "id": first })).await;
    let kept = world.read(laptop, ACCOUNT, json!({})).await["viewer"]["customer"].clone();
    assert_eq!((&kept["addresses"]["nodes"], &kept["defaultAddress"]["id"]), (&json!([{ "id": second }]), &second));

    let operations = json!([{ "setAddresses": { "shipping": address() } }]);
    world.change(laptop, APPLY, json!({ "cart": cart, "operations": operations })).await;
    world.refresh(laptop).await;
    let placed = world.change(laptop, CHECKOUT, json!({ "cart": cart, "total": "9.00" })).await;
    let orders = world.read(phone, ACCOUNT, json!({})).await["viewer"]["customer"]["orders"]["nodes"].clone();
    assert_eq!(orders, json!([{ "number": placed["order"]["number"], "cost": { "total": { "amount": "9.00" } } }]));
}

/// Moves to another e-mail address, then forgets the password. Afterwards there is one session, the laptop's.
async fn changes_credentials(world: &mut World, mailbox: &Shop, laptop: &mut Device, phone: &Device) {
    world.change(laptop, EMAIL_CHANGE, json!({ "email": NEW_EMAIL, "password": PASSWORD })).await;
    assert_eq!(mailbox.mails(NEW_EMAIL).await.len(), 1);
    let token = mailed_token(mailbox, NEW_EMAIL).await;
    let confirmed = world.change(phone, EMAIL_CONFIRM, json!({ "token": token })).await;
    assert_eq!(confirmed["customer"], json!({ "email": NEW_EMAIL, "emailVerified": true }));

    world.change(laptop, RESET_SEND, json!({ "email": NEW_EMAIL })).await;
    let token = mailed_token(mailbox, NEW_EMAIL).await;
    let before = Device { access: laptop.access.clone(), ..Device::default() };
    world.sign_in(laptop, RESET, json!({ "token": token, "password": NEW_PASSWORD })).await;
    for ended in [&before, phone] {
        assert!(!world.is_signed_in(ended).await, "a reset ends every session");
    }
}

fn by_password(email: &str, password: &str) -> Value {
    json!({ "input": { "password": { "email": email, "password": password } } })
}

/// Lists sessions, ends one from the other, changes the password, and signs out.
async fn signs_out(world: &mut World, laptop: &mut Device, phone: &mut Device) {
    world.sign_in(phone, LOGIN, by_password(NEW_EMAIL, NEW_PASSWORD)).await;
    let listed = world.read(laptop, ACCOUNT, json!({})).await["viewer"]["customer"]["sessions"]["nodes"].clone();
    let (own, other) = (&laptop.session, &phone.session);
    assert_eq!(listed, json!([{ "id": other, "current": false }, { "id": own, "current": true }]));
    assert_eq!(world.change(laptop, SESSION_REVOKE, json!({ "id": other })).await["revokedCount"], json!(1));
    assert!(!world.is_signed_in(phone).await);
    assert!(world.is_signed_in(laptop).await);

    world.change(laptop, PASSWORD_CHANGE, json!({ "from": NEW_PASSWORD, "to": PASSWORD })).await;
    world.refresh(laptop).await;
    world.change(laptop, LOGOUT, json!({})).await;
    assert!(!world.is_signed_in(laptop).await);
}

/// Comes back by a code and has the account erased.
async fn leaves(world: &mut World, mailbox: &Shop, laptop: &mut Device) {
    *laptop = Device::default();
    world.change(laptop, CODE_SEND, json!({ "email": NEW_EMAIL })).await;
    let code = mailed_code(mailbox, NEW_EMAIL).await;
    let input = json!({ "oneTimeCode": { "email": NEW_EMAIL, "code": code } });
    world.sign_in(laptop, LOGIN, json!({ "input": input })).await;
    assert_eq!(world.read(laptop, VIEWER, json!({})).await["viewer"]["customer"]["email"], json!(NEW_EMAIL));

    world.change(laptop, DELETE, json!({ "email": NEW_EMAIL, "password": PASSWORD })).await;
    assert!(!world.is_signed_in(laptop).await);
    let refused = world.payload(&Device::default(), LOGIN, by_password(NEW_EMAIL, PASSWORD)).await;
    assert_eq!(refused["errors"][0]["code"], json!("INVALID_CREDENTIALS"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_shopper_lives_through_three_replicas_that_are_killed() {
    let (mut world, mailbox) = World::new(20_261_123).await;
    let (mut laptop, mut phone) = (Device::default(), Device::default());

    let cart = becomes_a_customer(&mut world, &mailbox, &mut laptop).await;
    let elsewhere = world.sign_in(&mut phone, LOGIN, by_password(EMAIL, PASSWORD)).await;
    assert_eq!(elsewhere["cart"]["id"], json!(cart));
    buys(&mut world, &mut laptop, &phone, &cart).await;
    changes_credentials(&mut world, &mailbox, &mut laptop, &phone).await;
    signs_out(&mut world, &mut laptop, &mut phone).await;
    leaves(&mut world, &mailbox, &mut laptop).await;

    assert!(world.kills >= 5, "{} kills", world.kills);
    let count = async |what: &str| world.database.count(&format!("select count(*) from {what}")).await;
    assert_eq!(count("customer").await, 0);
    assert_eq!(count("customer_order where customer_id is null and email = 'erased@example.invalid'").await, 1);
    assert_eq!(count("stock where allocated <> 0").await, 2);
    assert_eq!(world.database.ask("select sum(allocated) from stock").await, "3");
    assert_eq!(count("session where kind = 'CUSTOMER'").await, 0);
    assert_eq!(count("security_event where kind = 'REFRESH_TOKEN_REUSED'").await, 0);
}
