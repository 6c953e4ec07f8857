//! Issuer, audience, nonce, times and what is told of a person. The numbers are those of the ledger of attacks.

use serde_json::{Value, json};
use time::Duration;

use super::{ExternalAlgorithm, ExternalRefusal, forgery::*, peek_issuer, verify_access, verify_id_token};
use crate::test_keys::NOW;

const ED: ExternalAlgorithm = ExternalAlgorithm::EdDsa;

/// A change to the claims of either kind of token makes both invalid.
#[track_caller]
fn assert_refused(name: &str, member: &Value) {
    assert_eq!(check(&with_claims(&with(claims(), name, member.clone()))), Err(ExternalRefusal::Invalid), "{member}");
    let id_token = check_id(&with_claims(&with(id_claims(), name, member.clone())));
    assert_eq!(id_token, Err(ExternalRefusal::Invalid), "{member}");
}

#[test]
fn a_token_says_what_the_issuer_wrote() {
    let access = check(&with_claims(&claims()));
    let id = check_id(&with_claims(&id_claims()));

    insta::assert_debug_snapshot!((access, id), @r#"
    (
        Ok(
            ExternalAccess {
                subject: "248289761001",
                issued_at: 2026-03-01 12:00:00.0 +00:00:00,
                expires_at: 2026-03-01 12:05:00.0 +00:00:00,
                email: Some(
                    "grace@example.org",
                ),
                email_verified: true,
                given_name: Some(
                    "Grace",
                ),
                family_name: Some(
                    "Hopper",
                ),
            },
        ),
        Ok(
            IdToken {
                subject: "248289761001",
                issued_at: 2026-03-01 12:00:00.0 +00:00:00,
                email: Some(
                    "grace@example.org",
                ),
                email_verified: true,
                given_name: Some(
                    "Grace",
                ),
                family_name: Some(
                    "Hopper",
                ),
            },
        ),
    )
    "#);
}

#[test]
fn case_51_expiry() {
    let now = NOW.unix_timestamp();
    for late in [0, 1, 30, 31, 86_400] {
        let exp = now - late;
        assert_eq!(check(&with_claims(&with(claims(), "exp", exp))), Err(ExternalRefusal::Expired));
        assert_eq!(check_id(&with_claims(&with(id_claims(), "exp", exp))), Err(ExternalRefusal::Expired));
    }
    assert!(check(&with_claims(&with(claims(), "exp", now + 1))).is_ok());
    let later = NOW + Duration::seconds(300);
    assert_eq!(verify_access(&keys(), &with_claims(&claims()), &issuer(), later), Err(ExternalRefusal::Expired));
    assert_eq!(verify_id_token(&keys(), &with_claims(&id_claims()), &expected(), later), Err(ExternalRefusal::Expired));
}

#[test]
fn case_51_and_52_times_are_whole_numbers() {
    for name in ["exp", "iat", "nbf"] {
        for wrong in [
            json!("9999999999"),
            json!(1e300),
            json!(9_999_999_999.5),
            json!(-1),
            json!(u64::MAX),
            json!([9_999_999_999_u64]),
            json!({}),
        ] {
            assert_refused(name, &wrong);
        }
    }
    for name in ["exp", "iat"] {
        assert_refused(name, &Value::Null);
        assert_invalid(&with_claims(&without(claims(), name)));
        assert_invalid(&with_claims(&without(id_claims(), name)));
    }
}

#[test]
fn case_52_times_in_the_future() {
    let now = NOW.unix_timestamp();
    for name in ["nbf", "iat"] {
        assert!(check(&with_claims(&with(claims(), name, now + 30))).is_ok());
        assert!(check_id(&with_claims(&with(id_claims(), name, now + 30))).is_ok());
        assert_refused(name, &json!(now + 31));
        assert_refused(name, &json!(now + 86_400));
    }
}

#[test]
fn case_53_issuer_and_audience() {
    for (name, ours) in [("iss", ISSUER), ("aud", AUDIENCE), ("aud", CLIENT)] {
        for wrong in [
            json!(format!("{ours}/")),
            json!(ours.to_uppercase()),
            json!(format!(" {ours}")),
            json!("https://attacker.example"),
            json!(""),
            json!([]),
            json!([[ours]]),
            json!(["https://attacker.example", ""]),
            json!((0..1000).map(|n| n.to_string()).chain([ours.to_owned()]).collect::<Vec<_>>()),
            json!(1),
            Value::Null,
        ] {
            assert_refused(name, &wrong);
        }
    }
    for name in ["iss", "aud", "sub"] {
        assert_invalid(&with_claims(&without(claims(), name)));
        assert_invalid(&with_claims(&without(id_claims(), name)));
    }
    assert_refused("iss", &json!([ISSUER]));
    // Several audiences are usual where an issuer has an API of its own.
    assert!(
        check(&with_claims(&with(claims(), "aud", json!(["https://accounts.example/userinfo", AUDIENCE])))).is_ok()
    );
}

#[test]
fn an_id_token_for_several_names_us_as_its_party() {
    let several = with(id_claims(), "aud", json!([CLIENT, "another"]));

    assert!(check_id(&with_claims(&with(several.clone(), "azp", CLIENT))).is_ok());
    assert!(check_id(&with_claims(&with(id_claims(), "aud", json!([CLIENT])))).is_ok());
    for refused in [
        several.clone(),
        with(several, "azp", "another"),
        with(id_claims(), "azp", "another"),
        with(id_claims(), "azp", ""),
    ] {
        assert_eq!(check_id(&with_claims(&refused)), Err(ExternalRefusal::Invalid));
    }
}

#[test]
fn an_id_token_is_of_this_sign_in() {
    for wrong in [json!("another"), json!(format!("{NONCE} ")), json!(""), json!(1), json!([NONCE]), Value::Null] {
        let token = with_claims(&with(id_claims(), "nonce", wrong));
        assert_eq!(check_id(&token), Err(ExternalRefusal::Invalid));
    }
    assert_invalid(&with_claims(&without(id_claims(), "nonce")));
    let mut unbound = expected();
    unbound.nonce = "";
    for claims in [with(id_claims(), "nonce", ""), without(id_claims(), "nonce")] {
        let refused = verify_id_token(&keys(), &with_claims(&claims), &unbound, NOW);
        assert_eq!(refused, Err(ExternalRefusal::Invalid));
    }
}

#[test]
fn the_type_is_demanded_where_it_is_configured() {
    let mut strict = issuer();
    strict.requires_type = true;
    let typed = |typ: &str| sign(ED, &with(header(ED), "typ", typ), &claims());
    let untyped = sign(ED, &without(header(ED), "typ"), &claims());

    for typ in ["at+jwt", "AT+JWT", "application/at+jwt"] {
        assert!(verify_access(&keys(), &typed(typ), &strict, NOW).is_ok() && check(&typed(typ)).is_ok());
    }
    for token in [typed("JWT"), typed("application/jwt"), untyped] {
        assert_eq!(verify_access(&keys(), &token, &strict, NOW), Err(ExternalRefusal::Invalid));
        assert!(check(&token).is_ok());
    }
}

#[test]
fn a_subject_can_be_stored() {
    for subject in ["", "nul\0", "line\n", &"x".repeat(256)] {
        assert_refused("sub", &json!(subject));
    }
    for subject in ["x", "auth0|5f7c", &"é".repeat(255)] {
        let token = with_claims(&with(claims(), "sub", subject));
        assert_eq!(check(&token).map(|access| access.subject), Ok(subject.to_owned()));
    }
}

#[test]
fn an_address_counts_as_verified_only_if_the_issuer_says_so() {
    let verified = |claims: &Value| check_id(&with_claims(claims)).map(|id| id.email_verified);

    for (told, expected) in [
        (json!(true), true),
        (json!("true"), true),
        (json!(false), false),
        (json!("false"), false),
        (json!("1"), false),
    ] {
        assert_eq!(verified(&with(id_claims(), "email_verified", told)), Ok(expected));
    }
    assert_eq!(verified(&with(id_claims(), "email_verified", Value::Null)), Ok(false));
    assert_eq!(verified(&without(id_claims(), "email_verified")), Ok(false));
    assert_eq!(verified(&without(id_claims(), "email")), Ok(false));
    assert_refused("email_verified", &json!(1));
}

#[test]
fn texts_that_could_not_be_stored_are_left_out() {
    for (name, longest) in [("email", 254), ("given_name", 100), ("family_name", 100)] {
        let told = |text: String| {
            let id = check_id(&with_claims(&with(id_claims(), name, text)));
            id.map(|id| match name {
                "email" => id.email,
                "given_name" => id.given_name,
                _ => id.family_name,
            })
        };

        assert_eq!(told("é".repeat(longest)), Ok(Some("é".repeat(longest))));
        for text in ["é".repeat(longest + 1), String::new(), "nul\0".to_owned(), "Bcc:\r\n".to_owned()] {
            assert_eq!(told(text), Ok(None));
        }
        assert_refused(name, &json!(["x"]));
    }
    let overlong = with(id_claims(), "email", "x".repeat(255));
    assert_eq!(check_id(&with_claims(&overlong)).map(|id| id.email_verified), Ok(false));
}

#[test]
fn peeking_tells_a_name_and_is_bounded() {
    assert_eq!(peek_issuer(&with_claims(&claims())), Some(ISSUER.to_owned()));
    let unsigned = |claims: String| format!("e30.{}.", encode(claims));
    assert_eq!(peek_issuer(&unsigned(json!({ "iss": "anybody" }).to_string())), Some("anybody".to_owned()));

    for token in [
        unsigned(json!({ "iss": "x".repeat(513) }).to_string()),
        unsigned(json!({ "iss": ISSUER, "padding": "x".repeat(16 * 1024) }).to_string()),
        unsigned(json!({ "iss": [ISSUER] }).to_string()),
        unsigned(json!({}).to_string()),
        unsigned(json!([ISSUER]).to_string()),
        unsigned(format!("{{\"iss\":\"{ISSUER}\",\"iss\":\"another\"}}")),
        String::new(),
        "..".to_owned(),
        ".".repeat(1 << 20),
        "tgr_AAAA".to_owned(),
    ] {
        assert_eq!(peek_issuer(&token), None);
    }
}
