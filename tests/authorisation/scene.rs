//! Somebody who owns one of everything, and everybody who would like to have it.

use serde_json::{Value, json};
use tidegate_testkit::{Answer, Client, Shop, uuid};

use crate::attacks::{self, refusal};
use crate::customers::{Customer, PASSWORD, mailed_code, mailed_token, register};
use crate::flows::{Buyer, CREATE, address};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Actor {
    /// Without a token.
    Nobody,
    /// With a guest's session.
    Guest,
    /// With another customer's session.
    Other,
    /// With a session of the owner's that has ended.
    Revoked,
    /// With the owner's session.
    Owner,
}

pub(super) const ACTORS: [Actor; 5] = [Actor::Nobody, Actor::Guest, Actor::Other, Actor::Revoked, Actor::Owner];

pub(super) struct Scene {
    clients: [Client; 5],
    number: usize,
    /// What documents name, with what others bring in its place.
    things: Vec<(&'static str, String, String)>,
}

async fn ok(client: &Client, document: &str, variables: Value) -> Answer {
    let answer = client.send(document, variables).await;
    assert_eq!(refusal(&answer), "", "{}", answer.text);
    answer
}

/// The same text with another letter in the middle.
fn like(secret: &str) -> String {
    let middle = secret.len() / 2;
    let other = if secret.as_bytes()[middle] == b'3' { "4" } else { "3" };
    [&secret[..middle], other, &secret[middle + 1..]].concat()
}

impl Scene {
    pub(super) async fn new(shop: &Shop, number: usize) -> Self {
        let email = |who: &str| format!("{who}{number}@example.com");
        let bought = Buyer::ready(shop, &[("MUG-R", 1)]).await;
        let owner = Customer::of(shop, bought.client.clone(), &email("owner")).await;
        let order_and_link = "mutation($cart: ID!, $key: IdempotencyKey!) { checkoutComplete(cartId: $cart,
            payment: { invoice: {} }, expectedTotal: { amount: \"2.50\", currency: \"GBP\" }, idempotencyKey: $key) {
            order { id } orderLink { token } errors { code } } }";
        let key = uuid(u128::try_from(number).unwrap());
        let bought = ok(&owner.client, order_and_link, json!({ "cart": bought.cart, "key": key })).await;
        let carts = [Self::cart(&owner).await, Self::cart(&owner).await];
        let (revoked, second) = (owner.elsewhere(shop).await, owner.elsewhere(shop).await);
        let revoke = "mutation($id: ID!) { sessionRevoke(id: $id) { errors { code } } }";
        ok(&owner.client, revoke, json!({ "id": revoked.session })).await;
        let save =
            "mutation($address: AddressInput!) { addressSave(input: $address) { address { id } errors { code } } }";
        let address = ok(&owner.client, save, json!({ "address": address() })).await;

        let send = async |field: &str, to: &str| {
            let password = if field == "emailChangeRequest" { ", password: \"correct horse battery\"" } else { "" };
            let document = format!("mutation {{ {field}(email: \"{to}\"{password}) {{ errors {{ code }} }} }}");
            ok(&owner.client, &document, json!({})).await;
        };
        register(&shop.client(), &email("new")).await;
        send("emailChangeRequest", &email("next")).await;
        send("loginCodeSend", &owner.email).await;
        let code = mailed_code(shop, &owner.email).await;
        send("passwordResetSend", &owner.email).await;
        let [verify, change, reset] = [
            mailed_token(shop, &email("new")).await,
            mailed_token(shop, &email("next")).await,
            mailed_token(shop, &owner.email).await,
        ];
        let other = Customer::new(shop, &email("other")).await;

        let open = |name, id: &str| (name, id.to_owned(), id.to_owned());
        let secret = |name, text: &str| (name, text.to_owned(), like(text));
        let things = vec![
            open("<email>", &owner.email),
            open("<customer>", &owner.id),
            open("<session>", &second.session),
            open("<cart>", carts[0].at("/data/cartCreate/cart/id")),
            open("<line>", carts[0].at("/data/cartCreate/cart/lines/nodes/0/id")),
            open("<second>", carts[1].at("/data/cartCreate/cart/id")),
            open("<order>", bought.at("/data/checkoutComplete/order/id")),
            open("<address>", address.at("/data/addressSave/address/id")),
            open("<change>", &change),
            open("<variant>", carts[0].at("/data/cartCreate/cart/lines/nodes/0/variant/id")),
            open("<product>", carts[0].at("/data/cartCreate/cart/lines/nodes/0/variant/product/id")),
            open("<key>", &key.replace("0198c7a0", "0198c7a1")),
            secret("<password>", PASSWORD),
            secret("<refresh>", &owner.refresh),
            secret("<code>", &code),
            secret("<verify>", &verify),
            secret("<reset>", &reset),
            secret("<link>", bought.at("/data/checkoutComplete/orderLink/token")),
        ];
        let clients = [shop.client(), shop.guest().await, other.client, revoked.client, owner.client];
        Self { clients, number, things }
    }

    /// An open cart of the owner's that could be ordered.
    async fn cart(owner: &Customer) -> Answer {
        let document = CREATE.replace("cart { id", "cart { id lines { nodes { id variant { id product { id } } } }");
        let lines = crate::flows::lines(&owner.client, &[("MUG-R", 1)]).await;
        let cart =
            ok(&owner.client, &document, json!({ "input": { "lines": lines, "buyer": { "email": owner.email } } }))
                .await;
        let to = "mutation($id: ID!, $to: AddressInput!) { cartAddressesSet(cartId: $id, shipping: $to) { errors { code } } }";
        ok(&owner.client, to, json!({ "id": cart.at("/data/cartCreate/cart/id"), "to": address() })).await;
        cart
    }

    pub(super) fn client(&self, actor: Actor) -> &Client {
        &self.clients[ACTORS.iter().position(|one| *one == actor).unwrap()]
    }

    /// The document as an actor would send it.
    pub(super) fn document(&self, document: &str, actor: Actor) -> String {
        let fresh = format!("{actor:?}{}@example.org", self.number);
        self.things.iter().fold(document.replace("<fresh>", &fresh), |document, (name, own, others)| {
            document.replace(name, if actor == Actor::Owner { own } else { others })
        })
    }

    /// What nobody but the owner may be told.
    pub(super) fn private(&self) -> Vec<String> {
        let public = ["<variant>", "<product>", "<key>"];
        self.things.iter().filter(|(name, ..)| !public.contains(name)).map(|(_, own, _)| own.clone()).collect()
    }
}

/// The whole database but for the counts of attempts, which a refused one belongs to; and but for idempotency keys,
/// where the call brings one.
pub(super) async fn digest(shop: &Shop, document: &str) -> String {
    let keys: &[&str] = if document.contains("idempotencyKey") { &["throttle", "idempotency"] } else { &["throttle"] };
    attacks::digest(shop, keys).await
}
