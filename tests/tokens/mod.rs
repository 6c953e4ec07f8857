//! Tokens and sessions: what a client holds is worth the same on every gateway, and nothing anywhere once it has ended.

mod claims;
mod clocks;
mod endings;
pub(crate) mod foreign;
mod life;
mod lost_answers;
mod replays;
mod round_trips;
mod tabs;
mod theft;

use serde_json::{Value, json};
use tidegate_testkit::{Answer, Client, Shop};

use crate::attacks::{refusal, state};
use crate::customers::Customer;
use crate::flows::CREATE;

const START: &str = "mutation { sessionStart { tokens { accessToken refreshToken } session { id } errors { code } } }";
const REFRESH: &str = "mutation($token: String!) { sessionRefresh(refreshToken: $token) {
    tokens { accessToken refreshToken } session { id } errors { code } } }";
const WHO: &str = "{ viewer { session { id } customer { id } } shop { market { country } } }";
const RENAME: &str = "mutation { customerUpdate(input: { phone: \"+44 20 7946 0000\" }) { errors { code } } }";

/// What somebody holds of a session: the owner, or whoever copied it from them.
#[derive(Clone)]
struct Held {
    access: String,
    refresh: String,
    session: String,
}

impl Held {
    async fn guest(shop: &Shop) -> Self {
        let answer = shop.client().send(START, json!({})).await;
        let at = |pointer: &str| answer.at(&format!("/data/sessionStart/{pointer}")).to_owned();
        Self { access: at("tokens/accessToken"), refresh: at("tokens/refreshToken"), session: at("session/id") }
    }

    async fn customer(shop: &Shop) -> Self {
        Self::of(&Customer::new(shop, "ada@example.com").await)
    }

    fn of(customer: &Customer) -> Self {
        let access = customer.client.access_token().expect("a customer has one");
        Self { access, refresh: customer.refresh.clone(), session: customer.session.clone() }
    }

    /// Trades the refresh token; what comes back is held from then on. Answers whether it was good.
    async fn refresh(&mut self, client: &Client) -> bool {
        let answer = refresh(client, &self.refresh).await;
        if refusal(&answer) == "REFRESH_TOKEN_INVALID" {
            assert_eq!(answer.data()["sessionRefresh"]["tokens"], Value::Null);
            return false;
        }
        assert_eq!(answer.at("/data/sessionRefresh/session/id"), self.session, "{}", answer.text);
        answer.at("/data/sessionRefresh/tokens/accessToken").clone_into(&mut self.access);
        child(&answer).clone_into(&mut self.refresh);
        true
    }
}

async fn refresh(client: &Client, token: &str) -> Answer {
    client.send(REFRESH, json!({ "token": token })).await
}

fn child(answer: &Answer) -> &str {
    answer.at("/data/sessionRefresh/tokens/refreshToken")
}

/// Asserts that the session stands on both gateways.
async fn assert_stands(shop: &Shop, held: &Held) {
    for gateway in 0..2 {
        let mut client = shop.client_of(gateway);
        client.sign_in(&held.access);
        let answer = client.send(WHO, json!({})).await;
        assert_eq!(answer.data()["viewer"]["session"]["id"], json!(held.session), "gateway {gateway}");
    }
}

/// Asserts that each gateway refuses the session at its next request, private part by private part, and that what it
/// refuses changes nothing.
async fn assert_ended(shop: &Shop, held: &Held) {
    let before = state(shop).await;
    for gateway in 0..2 {
        let anonymous = shop.client_of(gateway);
        let mut client = shop.client_of(gateway);
        client.sign_in(&held.access);
        let answer = client.send(WHO, json!({})).await;
        assert_eq!((answer.code(), &answer.body["data"]["viewer"]), ("SESSION_REVOKED", &Value::Null), "{gateway}");
        assert_eq!(answer.body["data"]["shop"]["market"]["country"], json!("GB"), "public fields still answer");
        for mutation in [CREATE, RENAME] {
            assert_eq!(refusal(&client.send(mutation, json!({})).await), "SESSION_REVOKED", "gateway {gateway}");
        }
        let answer = refresh(&anonymous, &held.refresh).await;
        assert_eq!(refusal(&answer), "REFRESH_TOKEN_INVALID", "gateway {gateway}");
        assert_eq!(answer.data()["sessionRefresh"]["tokens"], Value::Null);
    }
    assert_eq!(state(shop).await, before, "a refusal changed something");
}
