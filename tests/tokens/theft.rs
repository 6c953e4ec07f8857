//! Somebody copied a refresh token: the two holders cannot both go on (RFC 9700, 4.14.2).

use serde_json::json;
use tidegate_testkit::{Shop, uuid};
use time::Duration;

use super::{Held, assert_ended, assert_stands, child, refresh};
use crate::attacks::refusal;

const KEYED: &str = "mutation($key: IdempotencyKey) { sessionStart(idempotencyKey: $key) {
    tokens { accessToken refreshToken } session { id } errors { code } } }";

/// Thefts that were recorded, each with the session and the customer that it ended.
const THEFTS: &str = "select count(*) from security_event e
    join session s on s.id = e.session_id and s.revoked_at = e.happened_at
    where e.kind = 'REFRESH_TOKEN_REUSED' and e.customer_id is not distinct from s.customer_id";

/// Five trades in turn, each of what its holder was given last, so far apart. Answers which were good, and what both
/// hold.
async fn alternate(shop: &Shop, stolen: &Held, apart: Duration) -> (Vec<bool>, [Held; 2]) {
    let mut holders = [stolen.clone(), stolen.clone()];
    let mut good = Vec::new();
    for trade in 0..5 {
        good.push(holders[trade % 2].refresh(&shop.client_of(trade % 2)).await);
        shop.clock.advance(apart);
    }
    (good, holders)
}

#[tokio::test]
async fn thief_and_owner_who_alternate_are_both_out_by_the_second_trade_of_the_first() {
    for is_customer in [false, true] {
        let shop = Shop::open().await;
        let owner = if is_customer { Held::customer(&shop).await } else { Held::guest(&shop).await };
        assert_stands(&shop, &owner).await;

        let (good, holders) = alternate(&shop, &owner, Duration::seconds(65)).await;

        // The second holder's trade ended the child of the first one's; when that child comes back, there are two.
        assert_eq!(good, [true, true, false, false, false]);
        for held in [&owner, &holders[0], &holders[1]] {
            assert_ended(&shop, held).await;
        }
        assert_eq!(shop.database.count(THEFTS).await, 1, "one theft, one event");
    }
}

#[tokio::test]
async fn a_token_that_the_owner_has_left_behind_ends_the_family_at_once() {
    let shop = Shop::open().await;
    let stolen = Held::customer(&shop).await;
    let mut owner = stolen.clone();
    for gateway in [0, 1] {
        assert!(owner.refresh(&shop.client_of(gateway)).await);
    }
    assert_stands(&shop, &owner).await;

    let mut thief = stolen.clone();
    assert!(!thief.refresh(&shop.client()).await);

    for held in [&owner, &stolen] {
        assert_ended(&shop, held).await;
    }
    assert_eq!(shop.database.count(THEFTS).await, 1);
}

/// What cannot be told from two tabs goes unseen only for as long as both keep step within a minute.
#[tokio::test]
async fn a_thief_who_keeps_step_is_found_by_the_first_pause() {
    let shop = Shop::open().await;
    let stolen = Held::guest(&shop).await;
    let (good, [mut one, mut other]) = alternate(&shop, &stolen, Duration::seconds(10)).await;
    assert_eq!(good, [true; 5]);
    assert_stands(&shop, &one).await;

    shop.clock.advance(Duration::minutes(14));
    assert!(one.refresh(&shop.client()).await);
    shop.clock.advance(Duration::minutes(14));
    assert!(one.refresh(&shop.client()).await);
    assert!(!other.refresh(&shop.client()).await);

    assert_ended(&shop, &one).await;
    assert_eq!(shop.database.count(THEFTS).await, 1);
}

/// A repeated call hands out fresh tokens and ends those that it handed out before: whoever got both may hold either.
#[tokio::test]
async fn tokens_that_a_repeat_replaced_are_refused_and_no_theft() {
    let shop = Shop::open().await;
    let client = shop.client();
    let key = json!({ "key": uuid(1) });
    let (first, second) = (client.send(KEYED, key.clone()).await, client.send(KEYED, key).await);
    let token = |answer: &tidegate_testkit::Answer| answer.at("/data/sessionStart/tokens/refreshToken").to_owned();

    assert_eq!(refusal(&refresh(&client, &token(&first)).await), "REFRESH_TOKEN_INVALID");

    let good = refresh(&client, &token(&second)).await;
    assert_eq!(refusal(&refresh(&client, child(&good)).await), "");
    assert_eq!(shop.database.count(THEFTS).await, 0);
}
