//! Gateways whose clocks differ.

use serde_json::json;
use tidegate_testkit::{Client, Shop};
use time::Duration;

use super::{Held, WHO, refresh};
use crate::attacks::{refusal, state};

fn with(shop: &Shop, gateway: usize, held: &Held) -> Client {
    let mut client = shop.client_of(gateway);
    client.sign_in(&held.access);
    client
}

async fn started_at(shop: &Shop, gateway: usize) -> Held {
    let answer = shop.client_of(gateway).send(super::START, json!({})).await;
    let at = |pointer: &str| answer.at(&format!("/data/sessionStart/{pointer}")).to_owned();
    Held { access: at("tokens/accessToken"), refresh: at("tokens/refreshToken"), session: at("session/id") }
}

/// Within the leeway of half a minute a client notices nothing, whichever gateway answers.
#[tokio::test]
async fn case_62_clocks_within_the_leeway_are_as_one() {
    for by in [-25, 25] {
        let shop = Shop::with_clocks_apart(Duration::seconds(by)).await;
        for began in [0, 1] {
            let mut held = started_at(&shop, began).await;
            for request in 0..6 {
                let answer = with(&shop, request % 2, &held).send(WHO, json!({})).await;
                assert_eq!(answer.data()["viewer"]["session"]["id"], json!(held.session), "{by} s, {request}");
                assert!(held.refresh(&shop.client_of(request % 2)).await);
            }
        }
    }
}

/// Two minutes apart, a token is refused where it is of the future, and nowhere else; it costs nobody the session.
#[tokio::test]
async fn case_62_a_token_of_the_future_is_refused_and_its_session_goes_on() {
    for (by, fast, slow) in [(120, 1, 0), (-120, 0, 1)] {
        let shop = Shop::with_clocks_apart(Duration::seconds(by)).await;
        let mut held = started_at(&shop, fast).await;
        let before = state(&shop).await;
        for _ in 0..2 {
            assert_eq!(with(&shop, fast, &held).send(WHO, json!({})).await.status, 200);
            let early = with(&shop, slow, &held).send(WHO, json!({})).await;
            assert_eq!((early.status.as_u16(), early.code()), (401, "TOKEN_INVALID"));
        }
        assert_eq!(state(&shop).await, before);

        // The refresh token is no token of a time: the slow gateway trades it, for a token that both take.
        assert!(held.refresh(&shop.client_of(slow)).await);
        for gateway in [slow, fast, slow, fast] {
            let answer = with(&shop, gateway, &held).send(WHO, json!({})).await;
            assert_eq!(answer.data()["viewer"]["session"]["id"], json!(held.session));
        }
        // A second tab with the same parent, on the other gateway, and then a thief's reuse of what was used.
        let parent = held.refresh.clone();
        assert!(held.refresh(&shop.client_of(fast)).await);
        assert_eq!(refusal(&refresh(&shop.client_of(slow), &parent).await), "");
        assert!(held.refresh(&shop.client_of(slow)).await);
        assert_eq!(refusal(&refresh(&shop.client_of(fast), &parent).await), "REFRESH_TOKEN_INVALID");
        assert_eq!(refusal(&refresh(&shop.client_of(slow), &held.refresh).await), "REFRESH_TOKEN_INVALID");
    }
}
