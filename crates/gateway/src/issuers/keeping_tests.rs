//! When an issuer is called, and what holds while it does not answer as it should.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;

use super::IssuerRefusal;
use super::fake_issuer::{FakeIssuer, Manner, NOW};

const DISCOVERY: &str = "/.well-known/openid-configuration";
const JWKS: &str = "/jwks";
const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn nothing_is_fetched_before_it_is_needed_and_then_once() {
    let issuer = FakeIssuer::start().await;
    let issuers = issuer.issuers();
    assert_eq!(issuer.calls(DISCOVERY), 0);
    let token = issuer.access_token(1);
    let trusted = issuers.of(&token).unwrap();

    let checked = join_all((0..50).map(|_| trusted.check(&token, NOW))).await;

    assert!(checked.iter().all(Result::is_ok), "{checked:?}");
    assert_eq!((issuer.calls(DISCOVERY), issuer.calls(JWKS)), (1, 1));
}

#[tokio::test]
async fn keys_are_fetched_again_when_their_time_is_over() {
    let issuer = FakeIssuer::start().await;
    issuer.cache_control("max-age=600");
    let issuers = issuer.issuers();
    let token = issuer.access_token(1);
    let trusted = issuers.of(&token).unwrap();

    for (after, calls) in [(0, 1), (599, 1), (600, 2), (1_199, 2), (1_200, 3)] {
        trusted.check(&token, NOW + SECOND * after).await.unwrap();
        assert_eq!(issuer.calls(JWKS), calls, "after {after} s");
    }
}

#[tokio::test]
async fn a_withdrawn_key_is_refused_when_the_time_of_the_old_set_is_over() {
    let issuer = FakeIssuer::start().await;
    issuer.cache_control("max-age=600");
    let issuers = issuer.issuers();
    let token = issuer.access_token(1);
    let trusted = issuers.of(&token).unwrap();
    trusted.check(&token, NOW).await.unwrap();

    issuer.publish(&[2]);

    assert!(trusted.check(&token, NOW + SECOND * 599).await.is_ok());
    assert_eq!(trusted.check(&token, NOW + SECOND * 600).await, Err(IssuerRefusal::Invalid));
}

#[tokio::test]
async fn a_new_key_is_met_at_its_first_token_and_the_old_one_goes_on() {
    let issuer = FakeIssuer::start().await;
    let issuers = issuer.issuers();
    let old = issuer.access_token(1);
    let trusted = issuers.of(&old).unwrap();
    trusted.check(&old, NOW).await.unwrap();

    issuer.publish(&[2, 1]);

    let new = issuer.access_token(2);
    let checked = join_all((0..50).map(|_| trusted.check(&new, NOW + SECOND))).await;
    assert!(checked.iter().all(Result::is_ok), "{checked:?}");
    assert!(trusted.check(&old, NOW + SECOND).await.is_ok());
    assert_eq!(issuer.calls(JWKS), 2);
}

#[tokio::test]
async fn case_48_a_storm_of_unknown_keys_is_one_fetch_a_minute() {
    let issuer = FakeIssuer::start().await;
    let issuers = issuer.issuers();
    let good = issuer.access_token(1);
    let trusted = issuers.of(&good).unwrap();
    trusted.check(&good, NOW).await.unwrap();
    let before = issuer.calls(JWKS);

    for after in 0..120 {
        let storm = (0..10).map(|seed| issuer.access_token(100 + seed)).collect::<Vec<_>>();
        let checked = join_all(storm.iter().map(|token| trusted.check(token, NOW + SECOND * after))).await;
        assert!(checked.iter().all(|checked| *checked == Err(IssuerRefusal::Invalid)), "{checked:?}");
    }

    // At 0 s and at 60 s.
    assert_eq!(issuer.calls(JWKS) - before, 2);
    assert_eq!(issuer.calls(DISCOVERY), 1);
    assert!(trusted.check(&good, NOW + SECOND * 120).await.is_ok());
}

#[tokio::test]
async fn a_client_that_leaves_does_not_stop_a_fetch() {
    let issuer = FakeIssuer::start().await;
    let issuers = issuer.issuers();
    let token = issuer.access_token(1);
    let trusted = issuers.of(&token).unwrap();

    // Asked once and dropped; any timer could let the fetch come to its end.
    let left = trusted.check(&token, NOW).now_or_never();

    assert!(left.is_none());
    assert!(trusted.check(&token, NOW).await.is_ok());
    assert_eq!(issuer.calls(JWKS), 1);
}

#[tokio::test]
async fn old_keys_stay_in_force_while_the_issuer_misbehaves() {
    for manner in [Manner::Away, Manner::Redirect, Manner::Large, Manner::LargeChunks, Manner::Garbage, Manner::NoKeys]
    {
        let issuer = FakeIssuer::start().await;
        let issuers = issuer.issuers();
        let token = issuer.access_token(1);
        let trusted = issuers.of(&token).unwrap();
        trusted.check(&token, NOW).await.unwrap();

        issuer.behave(manner);
        issuer.publish(&[2]);

        for after in 0..60 {
            let checked = trusted.check(&token, NOW + Duration::from_hours(1) + SECOND * after).await;
            assert!(checked.is_ok(), "{manner:?} {checked:?}");
        }
        let tries = issuer.calls(DISCOVERY) + issuer.calls(JWKS);
        assert!(tries <= 4, "{manner:?}: {tries} calls");
        assert_eq!(issuer.calls("/elsewhere/jwks") + issuer.calls("/elsewhere/.well-known/openid-configuration"), 0);
    }
}

#[tokio::test]
async fn keys_come_back_with_the_issuer() {
    let issuer = FakeIssuer::start().await;
    let issuers = issuer.issuers();
    let token = issuer.access_token(1);
    let trusted = issuers.of(&token).unwrap();
    issuer.behave(Manner::Away);

    let away = trusted.check(&token, NOW).await;
    assert_eq!(away, Err(IssuerRefusal::Unavailable { retry_after: SECOND * 5 }));
    issuer.behave(Manner::Good);

    let soon = trusted.check(&token, NOW + SECOND * 4).await;
    assert_eq!(soon, Err(IssuerRefusal::Unavailable { retry_after: SECOND }));
    assert!(trusted.check(&token, NOW + SECOND * 5).await.is_ok());
}

#[tokio::test]
async fn nothing_that_is_too_large_or_elsewhere_is_taken_as_keys() {
    for manner in [Manner::Redirect, Manner::Large, Manner::LargeChunks, Manner::Garbage, Manner::NoKeys] {
        let issuer = FakeIssuer::start().await;
        issuer.behave(manner);
        let issuers = issuer.issuers();
        let token = issuer.access_token(1);

        let checked = issuers.of(&token).unwrap().check(&token, NOW).await;

        assert!(matches!(checked, Err(IssuerRefusal::Unavailable { .. })), "{manner:?} {checked:?}");
    }
}

#[tokio::test]
async fn a_silent_issuer_holds_nobody_up_for_long() {
    let issuer = FakeIssuer::start().await;
    let issuers = issuer.issuers();
    let token = issuer.access_token(1);
    let trusted = issuers.of(&token).unwrap();
    trusted.check(&token, NOW).await.unwrap();
    issuer.behave(Manner::Silent);
    let later = NOW + Duration::from_hours(2) - SECOND;

    tokio::select! {
        biased;
        checked = trusted.check(&token, later) => assert!(checked.is_ok()),
        () = issuer.given_up() => panic!("it waited until the call had failed"),
    }

    // After the call has failed nobody waits at all.
    issuer.given_up().await;
    let at_once = async {
        loop {
            // It fails on this side a moment before or after it does on the other.
            if let Some(checked) = trusted.check(&token, later).now_or_never() {
                break checked;
            }
            tokio::task::yield_now().await;
        }
    };
    assert!(tokio::time::timeout(SECOND * 60, at_once).await.unwrap().is_ok());
}
