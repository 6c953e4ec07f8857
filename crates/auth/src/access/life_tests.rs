//! Times, issuer, audience and the life of keys. The numbers are those of the ledger of attacks.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use time::Duration;

use super::{IssueError, LEEWAY, LIFETIME, TokenRefusal, forgery::*, issue, verify};
use crate::{
    keys::{NoSigningKey, SigningAlgorithm},
    test_keys::{NOW, build, key_set, row},
};

const HS: SigningAlgorithm = SigningAlgorithm::Hs256;

/// Values of the wrong type for a time.
fn wrong_times() -> [Value; 8] {
    [
        Value::Null,
        json!("9999999999"),
        json!(1e300),
        json!(9_999_999_999.5),
        json!(-1),
        json!(u64::MAX),
        json!([9_999_999_999_u64]),
        json!({}),
    ]
}

#[test]
fn a_token_says_what_it_was_given() {
    let keys = key_set();

    let access = check(&keys, &genuine(&keys)).unwrap();

    assert_eq!(access.session, SESSION);
    assert_eq!(access.issued_at, NOW);
    assert_eq!(access.expires_at, NOW + LIFETIME);
    assert_eq!(access.scopes, ["cart", "order"]);
}

#[test]
fn no_scopes_are_an_empty_list() {
    let keys = key_set();
    let mut input = input();
    input.scopes = &[];

    let token = issue(&keys, &input, NOW).unwrap();

    assert!(check(&keys, &token).unwrap().scopes.is_empty());
}

#[test]
fn roles_are_carried_and_typed() {
    let keys = key_set();
    let mut input = input();
    input.roles = &["support", "shift lead"];

    let token = issue(&keys, &input, NOW).unwrap();

    assert_eq!(check(&keys, &token).unwrap().roles, ["support", "shift lead"]);
    assert!(check(&keys, &genuine(&keys)).unwrap().roles.is_empty());
    for wrong in [json!("support"), Value::Null, json!(1), json!([1]), json!([["support"]]), json!({})] {
        assert_invalid(&keys, &with_claims(&keys, &with(claims(), "roles", wrong)));
    }
}

#[test]
fn a_token_that_could_not_be_read_is_not_made() {
    let mut input = input();
    let long = "s".repeat(4096);
    input.subject = &long;

    assert_eq!(issue(&key_set(), &input, NOW), Err(IssueError::TooLong));
    assert_eq!(issue(&build(vec![]), &self::input(), NOW), Err(IssueError::NoSigningKey(NoSigningKey)));
}

#[test]
fn case_51_expiry() {
    let keys = key_set();
    let now = NOW.unix_timestamp();
    for late in [0, 1, 30, 31, 86_400] {
        let token = with_claims(&keys, &with(claims(), "exp", now - late));
        assert_eq!(check(&keys, &token), Err(TokenRefusal::Expired), "{late}");
    }
    assert!(check(&keys, &with_claims(&keys, &with(claims(), "exp", now + 1))).is_ok());

    assert_invalid(&keys, &with_claims(&keys, &without(claims(), "exp")));
    for wrong in wrong_times() {
        assert_invalid(&keys, &with_claims(&keys, &with(claims(), "exp", wrong)));
    }
}

#[test]
fn case_51_expiry_follows_the_given_clock() {
    let keys = key_set();
    let token = genuine(&keys);
    let at = |now| verify(&keys, &token, ISSUER, AUDIENCE, now);

    assert!(at(NOW + LIFETIME - Duration::nanoseconds(1)).is_ok());
    assert_eq!(at(NOW + LIFETIME), Err(TokenRefusal::Expired));
}

#[test]
fn case_52_times_in_the_future() {
    let keys = key_set();
    let now = NOW.unix_timestamp();
    for name in ["nbf", "iat"] {
        let token = |ahead| with_claims(&keys, &with(claims(), name, now + ahead));

        assert!(check(&keys, &token(30)).is_ok());
        assert_invalid(&keys, &token(31));
        assert_invalid(&keys, &token(86_400));
        assert_invalid(&keys, &with_claims(&keys, &without(claims(), name)));
        for wrong in wrong_times() {
            assert_invalid(&keys, &with_claims(&keys, &with(claims(), name, wrong)));
        }
    }
}

#[test]
fn case_52_issued_at_tells_tokens_before_a_password_change() {
    let keys = key_set();
    let changed_at = NOW - Duration::seconds(1);

    let token = with_claims(&keys, &with(claims(), "iat", NOW.unix_timestamp() - 60));

    assert!(check(&keys, &token).unwrap().issued_at < changed_at);
    assert!(check(&keys, &genuine(&keys)).unwrap().issued_at > changed_at);
}

#[test]
fn case_53_issuer_and_audience_are_exact() {
    let keys = key_set();
    let many: Vec<_> = (0..10_000).map(|n| n.to_string()).collect();
    for (name, ours) in [("aud", AUDIENCE), ("iss", ISSUER)] {
        let wrong = [
            json!(format!("{ours}/")),
            json!(ours.to_uppercase()),
            json!(ours.replace("https", "http")),
            json!(format!(" {ours}")),
            json!("https://attacker.example"),
            json!(""),
            json!([ours]),
            json!([ours, "https://attacker.example"]),
            json!(many),
            json!(1),
            Value::Null,
        ];
        for value in wrong {
            assert_invalid(&keys, &with_claims(&keys, &with(claims(), name, value)));
        }
        assert_invalid(&keys, &with_claims(&keys, &without(claims(), name)));
    }
}

#[test]
fn case_53_the_other_claims_are_required_and_typed() {
    let keys = key_set();
    for name in ["sub", "sid", "jti", "scope", "client_id"] {
        assert_invalid(&keys, &with_claims(&keys, &without(claims(), name)));
        for wrong in [json!(1), Value::Null, json!([]), json!({})] {
            assert_invalid(&keys, &with_claims(&keys, &with(claims(), name, wrong)));
        }
    }
    for name in ["sid", "jti"] {
        assert_invalid(&keys, &with_claims(&keys, &with(claims(), name, "not-a-uuid")));
    }
}

#[test]
fn case_61_key_rotation() {
    let mut old = row("old", HS);
    let signed_by_old = genuine(&build(vec![old.clone()]));
    old.retired_at = Some(NOW + Duration::minutes(5));
    let mut new = row("new", HS);
    new.active_from = NOW + Duration::minutes(2);
    let keys = build(vec![old.clone(), new.clone()]);
    let at = |token: &str, after| verify(&keys, token, ISSUER, AUDIENCE, NOW + after);

    // Overlap: the new key signs, the old one's tokens are still good.
    let signed_by_new = issue(&keys, &input(), NOW + Duration::minutes(2)).unwrap();
    assert!(at(&signed_by_old, Duration::minutes(3)).is_ok());
    assert!(at(&signed_by_new, Duration::minutes(3)).is_ok());

    // After retirement, in a snapshot from before it and in one from after it.
    let retired = Duration::minutes(5);
    assert_eq!(at(&signed_by_old, retired), Err(TokenRefusal::Invalid));
    old.retired_at = Some(NOW);
    let later = build(vec![old, new]);
    assert_eq!(check(&later, &signed_by_old), Err(TokenRefusal::Invalid));

    // Not yet active, though published.
    assert_eq!(at(&signed_by_new, Duration::ZERO), Err(TokenRefusal::Invalid));
}

#[test]
fn case_61_a_token_of_a_removed_key_names_it() {
    let token = genuine(&build(vec![row("removed", HS)]));

    assert_eq!(check(&key_set(), &token), Err(TokenRefusal::UnknownKey("removed".to_owned())));
}

#[test]
fn case_62_replicas_whose_clocks_differ() {
    let mut new = row("new", HS);
    new.active_from = NOW;
    let keys = build(vec![new]);
    let token = genuine(&keys);
    let at = |ahead: Duration| verify(&keys, &token, ISSUER, AUDIENCE, NOW - ahead);

    assert!(at(LEEWAY).is_ok());
    assert_eq!(at(LEEWAY + Duration::SECOND), Err(TokenRefusal::Invalid));
}
