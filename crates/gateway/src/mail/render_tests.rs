//! What mails say.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use serde_json::{Value, json};
use tidegate_auth::keys::{Activation, KeyEncryptionKey, KeyEntropy, SealedKey, SigningAlgorithm, new_key};
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-11-23 16:00 UTC);
const ID: Uuid = Uuid::from_u128(0x0198_c7a0_1b2c_7d3e_8f40_0000_0000_0001);

fn kek() -> KeyEncryptionKey {
    KeyEncryptionKey::from_bytes(&[42; 32]).unwrap()
}

fn key() -> SealedKey {
    let entropy = KeyEntropy { master: [7; 32], nonce: [1; 12], kid: [3; 10] };
    new_key(&kek(), SigningAlgorithm::Hs256, &entropy, Activation::AtOnce, NOW - Duration::days(1)).unwrap()
}

fn keys() -> KeySet {
    KeySet::build(vec![key()], &kek(), NOW).unwrap()
}

fn letterhead() -> Letterhead {
    Letterhead {
        templates: Templates::load(None).unwrap(),
        shop: "Tide & Co".to_owned(),
        storefront: "https://shop.example".to_owned(),
        domain: "shop.example".to_owned(),
    }
}

fn mail(template: &str, data: Value) -> Mail {
    Mail {
        id: ID,
        template: template.to_owned(),
        recipient: "ada@example.com".to_owned(),
        data,
        created_at: NOW,
        expires_at: Some(NOW + Duration::minutes(30)),
    }
}

fn written(template: &str, data: Value) -> Result<Rendered, Unfit> {
    render(&mail(template, data), &keys(), NOW, &letterhead())
}

/// Subject and text, the token shortened.
fn read(template: &str, data: Value) -> String {
    let mail = written(template, data).unwrap();
    let text = match &mail.secret {
        Some(secret) => mail.text.replace(secret, "SECRET"),
        None => mail.text,
    };
    format!("{}\n\n{text}", mail.subject)
}

fn token() -> Value {
    json!({ "id": ID, "kid": key().kid })
}

#[test]
fn a_mail_with_a_link_says_all_that_it_should() {
    insta::assert_snapshot!(read("VERIFY_EMAIL", json!({ "id": ID, "kid": key().kid, "given_name": "Ada" })), @r"
    Confirm your e-mail address

    Hello Ada,

    Please confirm that this is your e-mail address. Open this link:

    https://shop.example/account/verify-email?token=SECRET

    If you are asked for a code instead, copy this one:

    SECRET

    The link works once, for 30 minutes (until 23 November 2026, 16:30 UTC).

    You did not register at Tide & Co? Then somebody has typed your address, perhaps by mistake. There is nothing for you to do: without your confirmation there is no account.

    Tide & Co
    https://shop.example
    ");
}

#[test]
fn a_mail_with_a_code_says_all_that_it_should() {
    insta::assert_snapshot!(read("LOGIN_CODE", token()), @r"
    Your sign-in code for Tide & Co

    Hello,

    Your code to sign in is

    SECRET

    It works once, for 30 minutes (until 23 November 2026, 16:30 UTC). Type it where you asked for it, and tell it to nobody: we never ask for it by phone, chat or mail.

    You did not ask for a code? Then somebody has typed your address. Without the code nobody can sign in with it, and there is nothing for you to do.

    Tide & Co
    https://shop.example
    ");
}

#[test]
fn an_order_s_mail_says_all_that_it_should() {
    let expires = (NOW + Duration::days(30)).unix_timestamp();
    insta::assert_snapshot!(read("ORDER_LINK", json!({ "order": ID, "number": "1042", "expires": expires })), @r"
    Your order 1042

    Hello,

    You can look at your order 1042 here:

    https://shop.example/order?token=SECRET

    If you are asked for a code instead, copy this one:

    SECRET

    The link works for 30 days (until 23 December 2026, 16:00 UTC). Whoever has it can see the order, so keep this mail to yourself.

    You know of no order at Tide & Co? Then somebody has typed your address, perhaps by mistake. There is nothing for you to do.

    Tide & Co
    https://shop.example
    ");
}

#[test]
fn mails_without_a_secret_have_none_and_their_link_leads_to_the_front_end() {
    let data = json!({ "email": "new@example.com", "given_name": "Mallory", "id": ID, "kid": "any" });
    let links = ["HAVE_ACCOUNT", "NO_ACCOUNT", "EMAIL_CHANGE_NOTICE", "EMAIL_TAKEN", "PASSWORD_CHANGED", "NO_ORDER"]
        .map(|name| {
            let mail = written(name, data.clone()).unwrap();
            assert_eq!(mail.secret, None);
            assert!(mail.text.starts_with("Hello,\n"), "{}", mail.text);
            assert_eq!(mail.text.contains("new@example.com"), name == "EMAIL_CHANGE_NOTICE");
            mail.text.lines().find(|line| line.starts_with("https://")).unwrap().to_owned()
        });
    insta::assert_snapshot!(links.join("\n"), @r"
    https://shop.example/account/sign-in
    https://shop.example/account/register
    https://shop.example/account/forgot-password
    https://shop.example/account/sign-in
    https://shop.example/account/forgot-password
    https://shop.example/order
    ");
}

#[test]
fn the_secret_is_the_one_that_any_replica_accepts() {
    let tokens = [
        ("VERIFY_EMAIL", link::LinkPurpose::VerifyEmail),
        ("PASSWORD_RESET", link::LinkPurpose::PasswordReset),
        ("EMAIL_CHANGE", link::LinkPurpose::EmailChange),
    ];
    for (name, purpose) in tokens {
        let secret = written(name, token()).unwrap().secret.unwrap();
        assert_eq!(link::open_link(&keys(), purpose, &secret), Some(ID), "{name}");
    }
    let expires = (NOW + Duration::days(30)).unix_timestamp();
    let order = written("ORDER_LINK", json!({ "order": ID, "number": "1", "expires": expires })).unwrap();
    assert_eq!(link::open_order_link(&keys(), &order.secret.unwrap(), NOW), Some(ID));
}

#[test]
fn every_try_has_the_same_message_id_and_secret() {
    let first = written("PASSWORD_RESET", token()).unwrap();
    let later = render(&mail("PASSWORD_RESET", token()), &keys(), NOW + Duration::minutes(10), &letterhead()).unwrap();

    assert_eq!(first.message_id, format!("<{ID}@shop.example>"));
    assert_eq!((first.message_id, first.secret), (later.message_id, later.secret));
    assert!(first.text.contains("for 30 minutes") && later.text.contains("for 20 minutes"));
}

#[test]
fn what_cannot_be_written_is_told_apart() {
    let unfit = |template, data| written(template, data).unwrap_err();
    assert_eq!(unfit("BACK_IN_STOCK", json!({})), Unfit::Template);
    assert_eq!(unfit("PASSWORD_RESET", json!({})), Unfit::Data);
    assert_eq!(unfit("PASSWORD_RESET", json!({ "id": 1 })), Unfit::Data);
    assert_eq!(unfit("PASSWORD_RESET", json!({ "id": ID, "kid": "later" })), Unfit::KeyUnknown);
    let past = NOW.unix_timestamp();
    assert_eq!(unfit("ORDER_LINK", json!({ "order": ID, "number": "1", "expires": past })), Unfit::Expired);

    let late = Mail { expires_at: Some(NOW), ..mail("PASSWORD_RESET", token()) };
    assert_eq!(render(&late, &keys(), NOW, &letterhead()).unwrap_err(), Unfit::Expired);
    let gone = Mail { expires_at: None, ..late };
    assert_eq!(render(&gone, &keys(), NOW, &letterhead()).unwrap_err(), Unfit::Expired);

    let retired = KeySet::build(vec![SealedKey { retired_at: Some(NOW), ..key() }], &kek(), NOW).unwrap();
    let mail = mail("PASSWORD_RESET", token());
    assert_eq!(render(&mail, &retired, NOW, &letterhead()).unwrap_err(), Unfit::KeyRetired);
}

#[test]
fn a_name_is_greeted_unless_it_could_be_a_message_of_its_own() {
    for (name, expected) in [
        ("Ada", "Hello Ada,"),
        (" Ana María ", "Hello Ana María,"),
        ("O'Neill-Smith", "Hello O'Neill-Smith,"),
        ("", "Hello,"),
        ("evil.example", "Hello,"),
        ("You won http://evil", "Hello,"),
        ("Ada\r\nBcc: eve@evil.example", "Hello,"),
        ("call us now to get your prize", "Hello,"),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "Hello,"),
    ] {
        assert_eq!(greeting(Some(name)), expected, "{name}");
    }
    assert_eq!(greeting(None), "Hello,");
}

#[test]
fn durations_are_told_as_people_say_them() {
    for (seconds, expected) in [
        (10, "1 minute"),
        (599, "10 minutes"),
        (1800, "30 minutes"),
        (3600, "60 minutes"),
        (7200, "2 hours"),
        (86_399, "24 hours"),
        (30 * 86_400, "30 days"),
    ] {
        assert_eq!(told(Duration::seconds(seconds)), expected);
    }
}
