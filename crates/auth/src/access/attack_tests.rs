//! Forged and malformed tokens. The numbers are those of the project's ledger of attacks.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use super::{LIFETIME, TokenRefusal, forgery::*};
use crate::{
    api_key::ApiKey,
    cursor::seal_cursor,
    keys::SigningAlgorithm,
    link::{LinkPurpose, device_token, link_token, oidc_secrets, order_link},
    refresh::RefreshToken,
    secret::CartSecret,
    test_keys::{NOW, key_set, key_set_signing_with, kid_of},
};

const HS: SigningAlgorithm = SigningAlgorithm::Hs256;
const ES: SigningAlgorithm = SigningAlgorithm::Es256;

#[test]
fn genuine_tokens_are_accepted() {
    // The forgeries below differ from these in one thing each.
    for algorithm in ALGORITHMS {
        let keys = key_set_signing_with(algorithm);
        let forged = sign(&keys, algorithm, &header(algorithm), &claims());

        for token in [genuine(&keys), forged] {
            let access = check(&keys, &token).unwrap();
            assert_eq!(access.session, SESSION);
            assert_eq!(access.scopes, ["cart", "order"]);
            assert_eq!(access.subject, input().subject);
        }
    }
}

#[test]
fn case_45_alg_none() {
    let keys = key_set();
    let payload = encode(claims().to_string());
    for alg in ["none", "None", "nOnE", "NONE", "", "hs256", "HS256 "] {
        let forged = with(header(HS), "alg", alg);
        let unsigned = format!("{}.{payload}.", encode(forged.to_string()));

        assert_invalid(&keys, &unsigned);
        assert_invalid(&keys, unsigned.trim_end_matches('.'));
        assert_invalid(&keys, &with_header(&keys, &forged));
    }
    for forged in
        [without(header(HS), "alg"), with(header(HS), "alg", Value::Null), with(header(HS), "alg", json!(["HS256"]))]
    {
        assert_invalid(&keys, &with_header(&keys, &forged));
    }
}

#[test]
fn case_46_public_key_as_hmac_secret() {
    let keys = key_set();
    for algorithm in [SigningAlgorithm::EdDsa, ES] {
        let key = keys.key(kid_of(algorithm)).unwrap();
        let raw = key.jwt.decoding.try_get_as_bytes().unwrap().to_vec();
        let jwk = key.jwt.public.clone().unwrap();
        let x = jwk["x"].as_str().unwrap().to_owned();
        for secret in [raw, x.into_bytes(), jwk.to_string().into_bytes()] {
            for alg in ["HS256", algorithm.as_str()] {
                let head = with(header(algorithm), "alg", alg).to_string();
                let message = format!("{}.{}", encode(head), encode(claims().to_string()));
                let secret = EncodingKey::from_secret(&secret);
                let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &secret, Algorithm::HS256);

                assert_invalid(&keys, &format!("{message}.{}", signature.unwrap()));
            }
        }
    }
}

#[test]
fn case_46_key_of_one_kid_under_the_id_of_another() {
    let keys = key_set();
    for signer in ALGORITHMS {
        for named in ALGORITHMS.into_iter().filter(|named| *named != signer) {
            assert_invalid(&keys, &sign(&keys, signer, &header(named), &claims()));
            let mixed = with(header(named), "alg", signer.as_str());
            assert_invalid(&keys, &sign(&keys, signer, &mixed, &claims()));
        }
    }
}

#[test]
fn case_47_signature_forms() {
    let keys = key_set_signing_with(ES);
    let token = genuine(&keys);
    let (message, signature) = token.rsplit_once('.').unwrap();
    let bytes = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();

    let mut half_zero = bytes.clone();
    half_zero[32..].fill(0);
    let mut flipped = bytes.clone();
    flipped[63] ^= 1;
    let longer = [bytes.as_slice(), &[0]].concat();
    for forged in [&[0; 64][..], &[], &bytes[..63], &longer, &half_zero, &flipped] {
        assert_invalid(&keys, &format!("{message}.{}", encode(forged)));
    }
    assert_invalid(&keys, &format!("{token}A"));
    assert_invalid(&keys, &format!("{token}=="));
    assert_invalid(&keys, &format!("{token}\n"));
    assert_invalid(&keys, &format!(" {token}"));
}

#[test]
fn case_47_base64_that_is_not_canonical() {
    for algorithm in ALGORITHMS {
        let keys = key_set_signing_with(algorithm);
        let token = genuine(&keys);
        let parts: Vec<_> = token.split('.').collect();
        for at in 0..3 {
            let mut forged: Vec<String> = parts.iter().map(ToString::to_string).collect();
            forged[at].push('=');
            assert_invalid(&keys, &forged.join("."));
        }
        // A signature of 32 or 64 bytes leaves unused bits in its last character.
        let last = token.chars().last().unwrap();
        let sibling = char::from_u32(u32::from(last) + 1).unwrap();
        assert_invalid(&keys, &format!("{}{sibling}", &token[..token.len() - 1]));
    }
    // In the alphabet of plain base64 the same bytes are another text.
    let keys = key_set();
    let token = with_claims(&keys, &with(claims(), "sub", "\u{3ff}\u{3ff}\u{3ff}>>>???"));
    assert!(token.contains(['-', '_']));
    assert_invalid(&keys, &token.replace('-', "+").replace('_', "/"));
}

#[test]
fn case_48_hostile_kid() {
    let keys = key_set();
    let megabyte = "a".repeat(1 << 20);
    let long = "a".repeat(33);
    for kid in ["../../dev/null", "' UNION SELECT", "hs256key\0", "HS256KEY", "", long.as_str(), megabyte.as_str()] {
        assert_invalid(&keys, &with_header(&keys, &with(header(HS), "kid", kid)));
    }
    for forged in [without(header(HS), "kid"), with(header(HS), "kid", 1), with(header(HS), "kid", json!(["hs256key"]))]
    {
        assert_invalid(&keys, &with_header(&keys, &forged));
    }
}

#[test]
fn case_48_unknown_kid_is_named_so_that_the_keys_can_be_read_again() {
    let keys = key_set();

    let token = with_header(&keys, &with(header(HS), "kid", "nosuchkey"));

    assert_eq!(check(&keys, &token), Err(TokenRefusal::UnknownKey("nosuchkey".to_owned())));
}

#[test]
fn case_49_headers_that_bring_a_key() {
    let keys = key_set();
    let url = "https://attacker.example/keys";
    let jwk = json!({ "kty": "oct", "k": "AAAA" });
    for (name, member) in [
        ("jku", json!(url)),
        ("x5u", json!(url)),
        ("jwk", jwk),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("AAAA")),
        ("x5t#S256", json!("AAAA")),
    ] {
        assert_invalid(&keys, &with_header(&keys, &with(header(HS), name, member)));
    }
}

#[test]
fn case_50_extensions_nesting_and_encryption() {
    let keys = key_set();
    for (name, member) in [
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("cty", json!("JWT")),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
        ("unheard-of", json!(1)),
    ] {
        assert_invalid(&keys, &with_header(&keys, &with(header(HS), name, member)));
    }
    let token = genuine(&keys);
    assert_invalid(&keys, &sign_text(&keys, HS, &header(HS).to_string(), &token));
    assert_invalid(&keys, &format!("{token}.{token}"));
    assert_invalid(&keys, &format!("{}.AAAA.AAAA.AAAA.AAAA", token.split('.').next().unwrap()));
    let (head, signature) = (token.split('.').next().unwrap(), token.rsplit('.').next().unwrap());
    assert_invalid(&keys, &format!("{head}..{signature}"));
}

#[test]
fn case_50_ambiguous_json() {
    let keys = key_set();
    let claims = claims().to_string();
    for forged in [
        r#"{"typ":"at+jwt","alg":"HS256","alg":"HS256","kid":"hs256key"}"#,
        r#"{"typ":"at+jwt","alg":"HS256","kid":"hs256key","kid":"es256key"}"#,
        r#"{"typ":"at+jwt","alg":"HS\u003256","kid":"hs256key"}"#,
        r#"["at+jwt","HS256","hs256key"]"#,
        r#"{"typ":"at+jwt","alg":"HS256","kid":"hs256key"}{}"#,
        "{}",
        "null",
        "",
        "{",
    ] {
        assert_invalid(&keys, &sign_text(&keys, HS, forged, &claims));
    }
    let head = header(HS).to_string();
    for name in ["exp", "iss", "sid", "scope"] {
        let member = &serde_json::from_str::<Value>(&claims).unwrap()[name];
        let doubled = format!("{{\"{name}\":{member},{}", &claims[1..]);
        assert_invalid(&keys, &sign_text(&keys, HS, &head, &doubled));
    }
    let now = NOW.unix_timestamp();
    let array = json!([ISSUER, AUDIENCE, "s", SESSION, SESSION, now, now, now + 900, "cart"]).to_string();
    let nested = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    for forged in ["", "null", "[]", "{}", &array, &nested] {
        assert_invalid(&keys, &sign_text(&keys, HS, &head, forged));
    }
}

#[test]
fn case_54_other_token_types() {
    let keys = key_set();
    for typ in ["JWT", "jwt", "AT+JWT", "application/at+jwt", "id+jwt", "rt+jwt", "link+jwt", ""] {
        assert_invalid(&keys, &with_header(&keys, &with(header(HS), "typ", typ)));
    }
    assert_invalid(&keys, &with_header(&keys, &without(header(HS), "typ")));
    assert_invalid(&keys, &RefreshToken::from_random([1; 32]).to_text());
    assert_invalid(&keys, &CartSecret::from_random([1; 32]).to_text());
    assert_invalid(&keys, &ApiKey::from_random([1; 32]).to_text());
    assert_invalid(&keys, &seal_cursor(&keys, "products", b"1", NOW).unwrap());
    assert_invalid(&keys, &link_token(&keys, kid_of(HS), LinkPurpose::VerifyEmail, SESSION).unwrap());
    assert_invalid(&keys, &order_link(&keys, NOW, SESSION, NOW + LIFETIME).unwrap());
    assert_invalid(&keys, &device_token(&keys, NOW, SESSION, NOW + LIFETIME).unwrap());
    assert_invalid(&keys, &oidc_secrets(&keys, kid_of(HS), SESSION).unwrap().state);
}

#[test]
fn case_54_keys_of_other_purposes() {
    let keys = key_set();
    let key = keys.key(kid_of(HS)).unwrap();
    let message = format!("{}.{}", encode(header(HS).to_string()), encode(claims().to_string()));
    for other in [&key.cursor, &key.refresh, &key.link] {
        let signature = aws_lc_rs::hmac::sign(other, message.as_bytes());

        assert_invalid(&keys, &format!("{message}.{}", encode(signature)));
    }
}

#[test]
fn case_57_oversized_tokens() {
    let keys = key_set();
    for len in [4097, 10_000, 100_000, 1 << 20] {
        let padded = with_claims(&keys, &with(claims(), "padding", "x".repeat(len)));

        assert_invalid(&keys, &padded);
        assert_invalid(&keys, &"a".repeat(len));
        assert_invalid(&keys, &".".repeat(len));
    }
    for short in ["", ".", "..", "...", "a.b.c", "\0.\0.\0", "é.é.é"] {
        assert_invalid(&keys, short);
    }
}
