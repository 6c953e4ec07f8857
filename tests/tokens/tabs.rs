//! Two tabs of one browser hold the same refresh token, and both find at once that they must trade it.

use serde_json::json;
use tidegate_testkit::{Client, Shop};

use super::{Held, child, refresh};
use crate::attacks::refusal;
use crate::customers::Customer;

/// Browsers at a time: half of them guests', half customers'.
const BROWSERS: usize = 4;
/// Rounds of each.
const ROUNDS: usize = 2_500;

/// One browser's rounds: how many of them did not leave both tabs with the same token.
async fn rounds(tabs: [Client; 2], mut token: String) -> usize {
    let mut logouts = 0;
    for _ in 0..ROUNDS {
        let [one, other] = tabs.clone().map(|tab| {
            let token = token.clone();
            tokio::spawn(async move { refresh(&tab, &token).await })
        });
        let (one, other) = (one.await.unwrap(), other.await.unwrap());
        if (refusal(&one), refusal(&other)) != (String::new(), String::new()) || child(&one) != child(&other) {
            println!("{} {}", one.text, other.text);
            logouts += 1;
            break;
        }
        assert_ne!(child(&one), token, "the token was traded");
        child(&one).clone_into(&mut token);
    }
    logouts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_tabs_that_race_ten_thousand_times_are_never_logged_out() {
    let shop = Shop::empty(|_| {}).await;
    let mut held = Vec::new();
    for browser in 0..BROWSERS {
        held.push(match browser % 2 {
            0 => Held::guest(&shop).await,
            _ => Held::of(&Customer::new(&shop, &format!("ada{browser}@example.com")).await),
        });
    }

    let begun = std::time::Instant::now();
    let tabs = || [shop.client_of(0), shop.client_of(1)];
    let browsers: Vec<_> = held.iter().map(|held| tokio::spawn(rounds(tabs(), held.refresh.clone()))).collect();
    let mut logouts = 0;
    for browser in browsers {
        logouts += browser.await.unwrap();
    }
    let rounds = BROWSERS * ROUNDS;
    println!("{rounds} rounds of two tabs in {:.1} s, {logouts} logouts", begun.elapsed().as_secs_f32());

    assert_eq!(logouts, 0);
    for held in &held {
        let mut client = shop.client();
        client.sign_in(&held.access);
        let answer = client.send("{ viewer { session { id } } }", json!({})).await;
        assert_eq!(answer.data()["viewer"]["session"]["id"], json!(held.session));
    }
    // One live branch, one row a round, and nothing that looks like a theft.
    let rounds = i64::try_from(rounds).unwrap();
    let count = async |sql: &str| shop.database.count(&format!("select count(*) from {sql}")).await;
    assert_eq!(count("refresh_token where parent_hash is not null and dead_at is null").await, rounds);
    assert_eq!(count("refresh_token where dead_at is not null").await, 0);
    assert_eq!(count("refresh_token where used_at is null").await, i64::try_from(BROWSERS).unwrap());
    assert_eq!(count("security_event where kind = 'REFRESH_TOKEN_REUSED'").await, 0);
}
