//! Nothing verifies but what was made, for what it was made, while it lasts.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashSet;

use data_encoding::BASE64URL_NOPAD;
use time::Duration;
use uuid::Uuid;

use super::*;
use crate::{
    api_key::ApiKey,
    cursor::seal_cursor,
    keys::{KeySet, NoSigningKey, SigningAlgorithm},
    refresh::RefreshToken,
    secret::CartSecret,
    test_keys::{KID, NOW, build, key_set, key_set_of_strangers, row},
};

const ID: Uuid = Uuid::from_u128(0x0192_AAAA);
const DAY: Duration = Duration::days(1);

type Open = fn(&KeySet, &str) -> Option<Uuid>;

/// A genuine text of every kind under the key [`KID`], and what opens it.
fn kinds(keys: &KeySet) -> Vec<(String, Open)> {
    use LinkPurpose::{EmailChange, PasswordReset, VerifyEmail};
    let link = |purpose| link_token(keys, KID, purpose, ID).unwrap();
    vec![
        (link(VerifyEmail), |keys, text| open_link(keys, VerifyEmail, text)),
        (link(PasswordReset), |keys, text| open_link(keys, PasswordReset, text)),
        (link(EmailChange), |keys, text| open_link(keys, EmailChange, text)),
        (order_link(keys, NOW, ID, NOW + DAY).unwrap(), |keys, text| open_order_link(keys, text, NOW)),
        (device_token(keys, NOW, ID, NOW + DAY).unwrap(), |keys, text| open_device_token(keys, text, NOW)),
        (oidc_secrets(keys, KID, ID).unwrap().state, open_oidc_state),
        (code_token(keys, KID, ID).unwrap(), open_code_token),
    ]
}

/// A set whose signer is [`KID`].
fn keys() -> KeySet {
    build(vec![row(KID, SigningAlgorithm::Es256)])
}

#[test]
fn every_kind_opens_on_another_replica_and_no_kind_as_another() {
    let texts = kinds(&keys());

    for (made, (text, _)) in texts.iter().enumerate() {
        for (read, (_, open)) in texts.iter().enumerate() {
            assert_eq!(open(&keys(), text), (made == read).then_some(ID), "{made} as {read}");
        }
    }
}

#[test]
fn a_changed_prefix_does_not_change_the_kind() {
    let texts = kinds(&keys());
    for (made, (text, _)) in texts.iter().enumerate() {
        for (read, (other, open)) in texts.iter().enumerate().filter(|(read, _)| *read != made) {
            let disguised = format!("{}{}", &other[..4], &text[4..]);

            assert_eq!(open(&keys(), &disguised), None, "{made} as {read}");
        }
    }
}

#[test]
fn replicas_and_repetitions_make_the_same_text() {
    assert_eq!(
        kinds(&keys()).iter().map(|kind| &kind.0).collect::<Vec<_>>(),
        kinds(&keys()).iter().map(|kind| &kind.0).collect::<Vec<_>>()
    );
    assert_eq!(oidc_secrets(&keys(), KID, ID), oidc_secrets(&keys(), KID, ID));
    assert_eq!(login_code(&keys(), KID, ID), login_code(&keys(), KID, ID));
}

#[test]
fn the_text_of_a_kind_never_changes() {
    // Computed by another HKDF and HMAC. A change would void every mail under way: it needs a new label, not a new
    // expectation.
    let token = link_token(&keys(), KID, LinkPurpose::VerifyEmail, ID).unwrap();

    assert_eq!(token, "tgl_CGVzMjU2a2V5AAAAAAAAAAAAAAAAAZKqqiLbvjx_QOW_S90CdTVP2vJhi2cmioYJm8EhAnrxd99N");
    assert_eq!(login_code(&keys(), KID, ID).unwrap(), "34190090");
}

#[test]
fn case_55_tampering() {
    let keys = keys();
    for (text, open) in kinds(&keys) {
        let bytes = BASE64URL_NOPAD.decode(&text.as_bytes()[4..]).unwrap();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut altered = bytes.clone();
                altered[at] ^= 1 << bit;
                assert_eq!(open(&keys, &format!("{}{}", &text[..4], BASE64URL_NOPAD.encode(&altered))), None);
            }
        }
        for len in 0..text.len() {
            assert_eq!(open(&keys, &text[..len]), None, "{len}");
        }
        for longer in [&bytes[..], &[0]].concat().chunks(bytes.len() + 1) {
            assert_eq!(open(&keys, &format!("{}{}", &text[..4], BASE64URL_NOPAD.encode(longer))), None);
        }
    }
}

#[test]
fn other_forms_of_the_same_bytes_are_refused() {
    let keys = keys();
    for (text, open) in kinds(&keys) {
        let last = text.chars().last().unwrap();
        let sibling = char::from_u32(u32::from(last) + 1).unwrap();
        for other in [
            format!("{text}="),
            format!("{text}=="),
            format!("{text}A"),
            format!("{text}\n"),
            format!(" {text}"),
            format!("{}{sibling}", &text[..text.len() - 1]),
            text.to_uppercase(),
            text[4..].to_owned(),
            text.replacen('_', "-", 1),
            "x".repeat(1 << 20),
            format!("{}{}", &text[..4], "A".repeat(1 << 20)),
            text[..4].to_owned(),
            String::new(),
        ] {
            assert_eq!(open(&keys, &other), None, "{:?}", other.get(..60));
        }
        let plain = format!("{}{}", &text[..4], text[4..].replace('-', "+").replace('_', "/"));
        assert_eq!(open(&keys, &plain).is_some(), plain == text);
    }
}

#[test]
fn other_secrets_are_refused() {
    let keys = keys();
    let others = [
        RefreshToken::from_random([1; 32]).to_text(),
        CartSecret::from_random([1; 32]).to_text(),
        ApiKey::from_random([1; 32]).to_text(),
        seal_cursor(&keys, "products", ID.as_bytes(), NOW).unwrap(),
    ];
    for (_, open) in kinds(&keys) {
        for other in &others {
            assert_eq!(open(&keys, other), None);
        }
    }
}

#[test]
fn strangers_and_removed_and_retired_keys_are_refused() {
    let texts = kinds(&keys());
    let mut retired = row(KID, SigningAlgorithm::Es256);
    retired.retired_at = Some(NOW);
    let after_retirement = build(vec![retired, row("other", SigningAlgorithm::Hs256)]);
    // The same id with another secret.
    let impostor = {
        let mut other = row(KID, SigningAlgorithm::Hs256);
        other.created_at += DAY;
        build(vec![other])
    };

    for (text, open) in texts {
        for others in [&after_retirement, &key_set_of_strangers(), &impostor, &build(vec![])] {
            assert_eq!(open(others, &text), None);
        }
        assert_eq!(open(&key_set(), &text), Some(ID));
    }
    let unknown = || UnknownLinkKey(KID.to_owned());
    assert_eq!(link_token(&after_retirement, KID, LinkPurpose::VerifyEmail, ID), Err(unknown()));
    assert_eq!(login_code(&after_retirement, KID, ID), Err(unknown()));
    assert_eq!(oidc_secrets(&after_retirement, KID, ID), Err(unknown()));
    assert_eq!(order_link(&build(vec![]), NOW, ID, NOW + DAY), Err(NoSigningKey));
    for kid in ["", "../../dev/null", "ES256KEY", "es256key\0"] {
        assert_eq!(login_code(&keys(), kid, ID), Err(UnknownLinkKey(kid.to_owned())));
    }
}

#[test]
fn a_key_that_retires_while_the_snapshot_is_held_is_refused_where_time_is_known() {
    let mut retiring = row(KID, SigningAlgorithm::Es256);
    retiring.retired_at = Some(NOW + Duration::minutes(1));
    let keys = build(vec![retiring]);
    let text = order_link(&keys, NOW, ID, NOW + DAY).unwrap();

    assert_eq!(open_order_link(&keys, &text, NOW), Some(ID));
    assert_eq!(open_order_link(&keys, &text, NOW + Duration::minutes(1)), None);
}

#[test]
fn dated_texts_end_to_the_second() {
    let keys = keys();
    let order = order_link(&keys, NOW, ID, NOW + DAY).unwrap();
    let device = device_token(&keys, NOW, ID, NOW + DAY).unwrap();

    let last = NOW + DAY - Duration::nanoseconds(1);
    assert_eq!((open_order_link(&keys, &order, last), open_device_token(&keys, &device, last)), (Some(ID), Some(ID)));
    let end = NOW + DAY;
    assert_eq!((open_order_link(&keys, &order, end), open_device_token(&keys, &device, end)), (None, None));
    assert_eq!(open_order_link(&keys, &order_link(&keys, NOW, ID, NOW - DAY).unwrap(), NOW), None);
}

#[test]
fn a_code_is_eight_digits_of_its_own_row_and_key() {
    let keys = key_set();
    let code = login_code(&keys, KID, ID).unwrap();

    assert!(code.len() == 8 && code.bytes().all(|byte| byte.is_ascii_digit()));
    assert!(code_matches(&keys, KID, ID, &code));
    assert!(!code_matches(&keys, KID, Uuid::from_u128(1), &code));
    assert!(!code_matches(&keys, "hs256key", ID, &code));
    assert!(!code_matches(&keys, "nosuchkey", ID, &code));
    let wrong = if code.starts_with('0') { "1" } else { "0" }.to_owned() + &code[1..];
    for text in [wrong.as_str(), &code[..7], &format!("{code}0"), &format!(" {code}"), "", "٣٣٣٣", &"1".repeat(1 << 20)]
    {
        assert!(!code_matches(&keys, KID, ID, text));
    }
}

#[test]
fn codes_are_spread() {
    let keys = keys();
    let codes: HashSet<_> = (0..1000).map(|id| login_code(&keys, KID, Uuid::from_u128(id)).unwrap()).collect();

    // Two of a thousand are equal with a chance of one in 200; the ids are fixed, so this does not waver.
    assert!(codes.len() >= 999);
    for digit in '0'..='9' {
        assert!(codes.iter().any(|code| code.starts_with(digit)), "{digit}");
    }
}

#[test]
fn the_secrets_of_a_sign_in_are_apart_and_fit_the_protocol() {
    let secrets = oidc_secrets(&keys(), KID, ID).unwrap();
    let other = oidc_secrets(&keys(), KID, Uuid::from_u128(1)).unwrap();

    let all = [&secrets.state, &secrets.nonce, &secrets.verifier, &secrets.challenge].into_iter().chain([
        &other.state,
        &other.nonce,
        &other.verifier,
        &other.challenge,
    ]);
    assert_eq!(all.collect::<HashSet<_>>().len(), 8);
    // RFC 7636 section 4.1: 43 to 128 unreserved characters.
    assert_eq!((secrets.verifier.len(), secrets.challenge.len()), (43, 43));
    assert!(secrets.verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    assert_eq!(format!("{secrets:?}"), "OidcSecrets([redacted])");
}
