//! Forged and malformed tokens. The numbers are those of the project's ledger of attacks.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};

use super::{ExternalAlgorithm, ExternalKeys, ExternalRefusal, forgery::*, verify_access};
use crate::{
    access::{AccessClaimsInput, CLIENT_STOREFRONT, issue},
    keys::SigningAlgorithm,
    test_keys::{NOW, key_set_signing_with},
};

const ED: ExternalAlgorithm = ExternalAlgorithm::EdDsa;
const RS: ExternalAlgorithm = ExternalAlgorithm::Rs256;

#[test]
fn genuine_tokens_are_accepted() {
    // The forgeries below differ from these in one thing each.
    for algorithm in ExternalAlgorithm::ALL {
        assert_eq!(check(&sign(algorithm, &header(algorithm), &claims())).unwrap().subject, "248289761001");
        assert_eq!(check_id(&sign(algorithm, &header(algorithm), &id_claims())).unwrap().subject, "248289761001");
    }
}

#[test]
fn case_45_alg_none() {
    for claims in [claims(), id_claims()] {
        let payload = encode(claims.to_string());
        for alg in ["none", "None", "nOnE", "NONE", "", "eddsa", "EdDSA ", "RS384", "HS256"] {
            let forged = with(header(ED), "alg", alg);
            let unsigned = format!("{}.{payload}.", encode(forged.to_string()));

            assert_invalid(&unsigned);
            assert_invalid(unsigned.trim_end_matches('.'));
            assert_both_invalid(&with_header(&forged));
        }
    }
    for forged in
        [without(header(ED), "alg"), with(header(ED), "alg", Value::Null), with(header(ED), "alg", json!(["EdDSA"]))]
    {
        assert_both_invalid(&with_header(&forged));
    }
}

#[test]
fn case_46_public_key_as_hmac_secret() {
    for secret in rsa_public_forms() {
        for alg in ["HS256", "RS256", "PS256", "ES256", "EdDSA"] {
            let head = with(header(RS), "alg", alg);

            assert_invalid(&sign_hmac(&secret, &head, &claims()));
            assert_invalid(&sign_hmac(&secret, &head, &id_claims()));
            assert_invalid(&sign_hmac(&secret, &without(head, "kid"), &claims()));
        }
    }
}

#[test]
fn case_46_key_of_one_kid_under_the_id_or_algorithm_of_another() {
    for signer in ExternalAlgorithm::ALL {
        for named in ExternalAlgorithm::ALL.into_iter().filter(|named| *named != signer) {
            assert_invalid(&sign(signer, &header(named), &claims()));
            assert_invalid(&sign(signer, &with(header(signer), "alg", named.as_str()), &claims()));
        }
    }
}

#[test]
fn case_46_only_configured_algorithms() {
    for configured in ExternalAlgorithm::ALL {
        for signer in ExternalAlgorithm::ALL {
            let mut issuer = issuer();
            let algorithms = [configured];
            issuer.algorithms = &algorithms;
            let token = sign(signer, &header(signer), &claims());

            assert_eq!(verify_access(&keys(), &token, &issuer, NOW).is_ok(), configured == signer);
        }
    }
    let mut none = issuer();
    none.algorithms = &[];
    assert!(verify_access(&keys(), &with_claims(&claims()), &none, NOW).is_err());
}

#[test]
fn case_47_signature_forms() {
    for algorithm in ExternalAlgorithm::ALL {
        let token = sign(algorithm, &header(algorithm), &claims());
        let (message, signature) = token.rsplit_once('.').unwrap();
        let bytes = data_encoding::BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();

        let mut flipped = bytes.clone();
        *flipped.last_mut().unwrap() ^= 1;
        let longer = [bytes.as_slice(), &[0]].concat();
        for forged in [&vec![0; bytes.len()][..], &[], &bytes[1..], &bytes[..bytes.len() - 1], &longer, &flipped] {
            assert_invalid(&format!("{message}.{}", encode(forged)));
        }
        let last = token.chars().last().unwrap();
        let sibling = char::from_u32(u32::from(last) + 1).unwrap();
        for other in [
            format!("{token}A"),
            format!("{token}=="),
            format!("{token}\n"),
            format!(" {token}"),
            format!("{}{sibling}", &token[..token.len() - 1]),
        ] {
            assert_invalid(&other);
        }
    }
}

#[test]
fn case_48_hostile_kid() {
    let megabyte = "a".repeat(1 << 20);
    let long = "a".repeat(257);
    for kid in ["' UNION SELECT", "key\0", "key\n", "ключ", "", long.as_str(), megabyte.as_str()] {
        assert_both_invalid(&with_header(&with(header(ED), "kid", kid)));
    }
    for wrong in [json!(1), json!(["eddsakey"]), json!({})] {
        assert_both_invalid(&with_header(&with(header(ED), "kid", wrong)));
    }
}

#[test]
fn case_48_unknown_kid_is_named_so_that_the_keys_can_be_read_again() {
    for kid in ["nosuchkey", "../../dev/null", "EDDSAKEY"] {
        let [access, id] = with_header(&with(header(ED), "kid", kid));

        assert_eq!(check(&access), Err(ExternalRefusal::UnknownKey(kid.to_owned())));
        assert_eq!(check_id(&id), Err(ExternalRefusal::UnknownKey(kid.to_owned())));
    }
    // But not for an algorithm that is not configured.
    assert_both_invalid(&with_header(&with(with(header(ED), "kid", "nosuchkey"), "alg", "RS512")));
}

#[test]
fn a_header_may_leave_the_id_out_only_if_one_key_can_be_meant() {
    for algorithm in ExternalAlgorithm::ALL {
        let token = sign(algorithm, &without(header(algorithm), "kid"), &claims());

        assert!(check(&token).is_ok(), "one key of the type");
    }
    let twice = json!({ "keys": [rsa_jwk(), with(rsa_jwk(), "kid", "another")] });
    let keys = ExternalKeys::parse(&twice.to_string()).unwrap();
    let token = sign(RS, &without(header(RS), "kid"), &claims());
    assert_eq!(verify_access(&keys, &token, &issuer(), NOW), Err(ExternalRefusal::Invalid));
}

#[test]
fn case_49_headers_that_bring_a_key_change_nothing() {
    let url = "https://attacker.example/keys";
    let stranger = json!({ "kty": "oct", "k": "c2VjcmV0" });
    for (name, member) in [
        ("jku", json!(url)),
        ("x5u", json!(url)),
        ("jwk", stranger),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("AAAA")),
        ("x5t#S256", json!("AAAA")),
    ] {
        let head = with(header(ED), name, member);
        let [access, id] = with_header(&head);
        assert!(check(&access).is_ok() && check_id(&id).is_ok(), "issuers do send {name}");

        // Signed with the secret that the header brings.
        for alg in ["HS256", "EdDSA"] {
            assert_invalid(&sign_hmac(b"secret", &with(head.clone(), "alg", alg), &claims()));
        }
    }
}

#[test]
fn case_50_extensions_nesting_and_encryption() {
    for (name, member) in [
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("crit", Value::Null),
        ("b64", json!(false)),
        ("b64", json!(true)),
        ("cty", json!("JWT")),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
    ] {
        assert_both_invalid(&with_header(&with(header(ED), name, member)));
    }
    let token = with_claims(&claims());
    assert_invalid(&sign_text(ED, &header(ED).to_string(), &token));
    assert_invalid(&format!("{token}.{token}"));
    assert_invalid(&format!("{}.AAAA.AAAA.AAAA.AAAA", token.split('.').next().unwrap()));
    let (head, signature) = (token.split('.').next().unwrap(), token.rsplit('.').next().unwrap());
    assert_invalid(&format!("{head}..{signature}"));
}

#[test]
fn case_50_ambiguous_json() {
    let claims = claims().to_string();
    for forged in [
        r#"{"alg":"EdDSA","alg":"EdDSA","kid":"eddsakey"}"#,
        r#"{"alg":"EdDSA","kid":"eddsakey","kid":"es256key"}"#,
        r#"{"alg":"EdDSA","kid":"eddsakey","typ":"JWT","typ":"JWT"}"#,
        r#"["EdDSA","JWT","eddsakey"]"#,
        r#"{"alg":"EdDSA","kid":"eddsakey"}{}"#,
        "{}",
        "null",
        "",
        "{",
    ] {
        assert_invalid(&sign_text(ED, forged, &claims));
    }
    let head = header(ED).to_string();
    for name in ["exp", "iss", "sub", "aud", "email"] {
        let member = &serde_json::from_str::<Value>(&claims).unwrap()[name];
        assert_invalid(&sign_text(ED, &head, &format!("{{\"{name}\":{member},{}", &claims[1..])));
    }
    let nested = format!("{{\"a\":{}{}}}", "[".repeat(1000), "]".repeat(1000));
    for forged in ["", "null", "[]", "{}", &nested] {
        assert_invalid(&sign_text(ED, &head, forged));
    }
}

#[test]
fn case_54_our_own_and_other_kinds_of_token() {
    // Our own access token, signed with the same key that this issuer publishes.
    let own = AccessClaimsInput {
        issuer: "https://shop.example",
        audience: AUDIENCE,
        subject: "customer",
        client_id: CLIENT_STOREFRONT,
        session: uuid::Uuid::from_u128(1),
        token_id: uuid::Uuid::from_u128(2),
        scopes: &[],
        roles: &[],
    };
    assert_invalid(&issue(&key_set_signing_with(SigningAlgorithm::EdDsa), &own, NOW).unwrap());
    for typ in ["rt+jwt", "id+jwt", "logout+jwt", "secevent+jwt", "JOSE", "JWT+", "", " JWT", "application/jwt/x"] {
        assert_both_invalid(&with_header(&with(header(ED), "typ", typ)));
    }
    for wrong in [json!(1), json!(["JWT"]), json!({})] {
        assert_both_invalid(&with_header(&with(header(ED), "typ", wrong)));
    }
    for (name, member) in
        [("typ", "Refresh"), ("typ", "Logout"), ("token_use", "refresh"), ("events", "http://schemas.openid.net/event")]
    {
        assert_invalid(&with_claims(&with(claims(), name, member)));
        assert_invalid(&with_claims(&with(id_claims(), name, member)));
    }
}

#[test]
fn case_54_an_access_token_is_no_id_token_and_the_other_way_round() {
    // Even where an operator gave the API the client's id as its audience.
    let both = with(with(id_claims(), "aud", json!([AUDIENCE, CLIENT])), "azp", CLIENT);
    for (name, member) in [("at_hash", "AAAA"), ("c_hash", "AAAA"), ("typ", "ID"), ("token_use", "id")] {
        let token = with_claims(&with(both.clone(), name, member));
        assert_eq!(check(&token), Err(ExternalRefusal::Invalid), "{name}");
        assert!(check_id(&token).is_ok(), "{name}");
    }
    for (name, member) in [("typ", "Bearer"), ("token_use", "access")] {
        let token = with_claims(&with(both.clone(), name, member));
        assert!(check(&token).is_ok(), "{name}");
        assert_eq!(check_id(&token), Err(ExternalRefusal::Invalid), "{name}");
    }
    let typed = sign(ED, &with(header(ED), "typ", "at+jwt"), &both);
    assert!(check(&typed).is_ok());
    assert_eq!(check_id(&typed), Err(ExternalRefusal::Invalid));
}

#[test]
fn case_57_oversized_tokens() {
    for len in [16 * 1024, 100_000, 1 << 20] {
        assert_invalid(&with_claims(&with(claims(), "padding", "x".repeat(len))));
        assert_invalid(&"a".repeat(len));
        assert_invalid(&".".repeat(len));
    }
    assert!(check(&with_claims(&with(claims(), "groups", "x".repeat(8000)))).is_ok());
    for short in ["", ".", "..", "...", "a.b.c", "\0.\0.\0", "é.é.é"] {
        assert_invalid(short);
    }
}
