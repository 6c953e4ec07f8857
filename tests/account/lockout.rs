//! What strangers can use up, and what they cannot: mails and tries at codes, over both gateways.

use serde_json::json;
use tidegate_testkit::{Answer, Client, Shop};
use time::Duration;

use crate::customers::{
    CODE_SEND, Customer, LOGIN, PASSWORD, RESET, RESET_SEND, by_code, codes, login, mailed_code, mailed_token, rows,
    shop,
};

const ADA: &str = "ada@example.com";
const SEND: &str = "mutation($email: String!, $device: String, $key: IdempotencyKey) {
    loginCodeSend(email: $email, deviceToken: $device, idempotencyKey: $key) {
        accepted codeToken errors { code ... on RateLimitedError { retryAfterMs } } } }";
const RESET_FROM: &str = "mutation($email: String!, $device: String) {
    passwordResetSend(email: $email, deviceToken: $device) {
        accepted errors { code ... on RateLimitedError { retryAfterMs } } } }";

/// A client at the address of a number.
fn at(shop: &Shop, number: usize) -> Client {
    let mut client = shop.client();
    client.connect_from(&format!("198.51.{}.{}", number / 250, number % 250));
    client
}

/// Asks for a code; its token.
async fn asked(client: &Client, device: Option<&str>) -> String {
    let answer = client.send(SEND, json!({ "email": ADA, "device": device })).await;
    assert_eq!(codes(&answer, "loginCodeSend"), Vec::<&str>::new(), "{}", answer.text);
    answer.at("/data/loginCodeSend/codeToken").to_owned()
}

async fn enter(client: &Client, code: &str, token: Option<&str>) -> Answer {
    let input = json!({ "input": { "oneTimeCode": { "email": ADA, "code": code, "codeToken": token } } });
    client.send(LOGIN, input).await
}

/// A code that is not the one.
fn wrong(code: &str) -> String {
    let last = if code.ends_with('0') { '1' } else { '0' };
    format!("{}{last}", &code[..7])
}

#[tokio::test]
async fn strangers_cannot_use_up_or_replace_the_code_that_somebody_asked_for() {
    let shop = shop().await;
    let ada = Customer::new(&shop, ADA).await;
    let mine = asked(&at(&shop, 1), None).await;
    let code = mailed_code(&shop, ADA).await;

    for number in 0..30 {
        let expected = if number < 15 { "INVALID_CREDENTIALS" } else { "RATE_LIMITED" };
        let answer = enter(&at(&shop, 100 + number), &wrong(&code), None).await;
        assert_eq!(codes(&answer, "login"), [expected], "{number}");
    }
    // A stranger's own code is another one, with tries of its own.
    let theirs = asked(&at(&shop, 2), None).await;
    for _ in 0..6 {
        let answer = enter(&at(&shop, 2), &wrong(&code), Some(&theirs)).await;
        assert_eq!(codes(&answer, "login"), ["INVALID_CREDENTIALS"]);
    }

    let answer = enter(&at(&shop, 1), &code, Some(&mine)).await;
    assert_eq!(Customer::from(shop.client(), ADA, &answer, "login").id, ada.id);
    let before = rows(&shop).await;
    assert_eq!(codes(&enter(&at(&shop, 1), &code, Some(&mine)).await, "login"), ["INVALID_CREDENTIALS"], "once");
    assert_eq!(rows(&shop).await, before);
}

#[tokio::test]
async fn the_token_of_a_code_bears_four_wrong_tries_and_not_a_fifth() {
    let shop = shop().await;
    Customer::new(&shop, ADA).await;
    for (tries, good) in [(4, true), (5, false)] {
        let token = asked(&shop.client(), None).await;
        let code = mailed_code(&shop, ADA).await;
        for _ in 0..tries {
            let answer = enter(&shop.client(), &wrong(&code), Some(&token)).await;
            assert_eq!(codes(&answer, "login"), ["INVALID_CREDENTIALS"]);
        }
        let before = rows(&shop).await;
        let answer = enter(&shop.client(), &code, Some(&token)).await;
        assert_eq!(codes(&answer, "login").is_empty(), good, "{tries}: {}", answer.text);
        assert_eq!(rows(&shop).await == before, !good);
    }
}

#[tokio::test]
async fn the_token_of_a_code_is_good_for_its_own_code_and_address_alone() {
    let shop = shop().await;
    let ada = Customer::new(&shop, ADA).await;
    let bob = Customer::new(&shop, "bob@example.com").await;
    let token = asked(&shop.client(), None).await;
    let code = mailed_code(&shop, ADA).await;
    let of_bob = bob.client.send(SEND, json!({ "email": bob.email })).await;
    let of_bob = of_bob.at("/data/loginCodeSend/codeToken");
    let link = {
        shop.client().send(RESET_SEND, json!({ "email": ADA })).await;
        mailed_token(&shop, ADA).await
    };
    let mut changed = token.clone();
    changed.replace_range(20..21, if &token[20..21] == "A" { "B" } else { "A" });
    let before = rows(&shop).await;

    for foreign in [of_bob, &changed, &ada.device, &link, &token[..token.len() - 1], "tgc_", ""] {
        let answer = enter(&shop.client(), &code, Some(foreign)).await;
        assert_eq!(codes(&answer, "login"), ["INVALID_CREDENTIALS"], "{foreign}");
    }
    let input = json!({ "oneTimeCode": { "email": bob.email, "code": code, "codeToken": token } });
    assert_eq!(codes(&shop.client().send(LOGIN, json!({ "input": input })).await, "login"), ["INVALID_CREDENTIALS"]);

    assert_eq!(rows(&shop).await, before);
    assert_eq!(codes(&enter(&shop.client(), &code, Some(&token)).await, "login"), Vec::<&str>::new());
}

#[tokio::test]
async fn a_repeated_request_for_a_code_hands_out_the_same_token_and_an_unknown_address_one_like_it() {
    let shop = shop().await;
    Customer::new(&shop, ADA).await;
    let client = shop.client();
    let variables = json!({ "email": ADA, "key": tidegate_testkit::uuid(1) });
    let first = client.send(SEND, variables.clone()).await;
    let again = client.send(SEND, variables).await;
    let unknown = client.send(SEND, json!({ "email": "nobody@example.com" })).await;

    assert_eq!(first.data(), again.data());
    let token = first.at("/data/loginCodeSend/codeToken");
    assert!(token.starts_with("tgc_"));
    assert_eq!(unknown.at("/data/loginCodeSend/codeToken").len(), token.len());
    assert_eq!(shop.mails(ADA).await.iter().filter(|mail| mail.template == "LOGIN_CODE").count(), 1);
    let nobody = unknown.at("/data/loginCodeSend/codeToken").to_owned();
    let input = json!({ "oneTimeCode": { "email": "nobody@example.com", "code": "00000000", "codeToken": nobody } });
    assert_eq!(codes(&client.send(LOGIN, json!({ "input": input })).await, "login"), ["INVALID_CREDENTIALS"]);
}

#[tokio::test]
async fn one_stranger_cannot_use_up_anybodys_mails() {
    let shop = shop().await;
    Customer::new(&shop, ADA).await;
    for document in [RESET_SEND, CODE_SEND] {
        shop.database.run("delete from throttle").await;
        let field = if document == RESET_SEND { "passwordResetSend" } else { "loginCodeSend" };
        for number in 0..20 {
            let answer = at(&shop, 7).send(document, json!({ "email": ADA })).await;
            let expected: &[&str] = if number < 3 { &[] } else { &["RATE_LIMITED"] };
            assert_eq!(codes(&answer, field), expected, "{field} {number}");
        }
        for _ in 0..3 {
            let answer = at(&shop, 8).send(document, json!({ "email": ADA })).await;
            assert_eq!(codes(&answer, field), Vec::<&str>::new(), "{field}");
        }
    }
}

/// A crowd at ever new addresses asks first, every minute, and tries passwords.
#[tokio::test]
async fn a_crowd_cannot_keep_the_owner_out() {
    let shop = shop().await;
    let ada = Customer::new(&shop, ADA).await;
    shop.database.run("delete from throttle; delete from mail").await;
    let sent = "select count(*) from mail where template = 'PASSWORD_RESET'";
    let (mut refused, mut stranger) = (0, 100);
    // Not the whole hour: a busy machine adds some time of its own.
    for minute in 0..55 {
        for _ in 0..8 {
            stranger += 1;
            let crowd = at(&shop, stranger);
            crowd.send(RESET_SEND, json!({ "email": ADA })).await;
            crowd.send(CODE_SEND, json!({ "email": ADA })).await;
            login(&crowd, ADA, "wrong horse battery").await;
        }
        // A customer on a new device has this much: whoever is refused a link has one that is good.
        if minute % 10 == 3 {
            let owner = at(&shop, minute).send(RESET_SEND, json!({ "email": ADA })).await;
            assert_eq!(codes(&owner, "passwordResetSend"), ["RATE_LIMITED"], "{minute}");
            let wait = owner.value("/data/passwordResetSend/errors/0/retryAfterMs").as_i64();
            assert!(wait.is_some_and(|wait| (1..=600_000).contains(&wait)), "{minute}: {wait:?}");
            refused += 1;
            let link = newest_reset(&shop).await;
            let answer = at(&shop, minute).send(RESET, json!({ "token": link, "password": PASSWORD })).await;
            assert_eq!(codes(&answer, "passwordReset"), Vec::<&str>::new(), "{minute}: {}", answer.text);
        }
        shop.clock.advance(Duration::minutes(1));
    }
    assert_eq!(refused, 6);
    assert_eq!(shop.database.count(sent).await, 11, "six, and one in each ten minutes after the first");
    assert_eq!(shop.database.count("select count(*) from mail where template = 'LOGIN_CODE'").await, 6);

    // A device that has signed in before is not counted with the crowd, for either mail.
    for number in 0..8 {
        at(&shop, 5_000 + number).send(RESET_SEND, json!({ "email": ADA })).await;
        at(&shop, 5_000 + number).send(CODE_SEND, json!({ "email": ADA })).await;
    }
    for (number, good) in [true, true, true, false, false].into_iter().enumerate() {
        let (document, field) =
            if number % 2 == 0 { (SEND, "loginCodeSend") } else { (RESET_FROM, "passwordResetSend") };
        let answer = at(&shop, 9_000).send(document, json!({ "email": ADA, "device": ada.device })).await;
        let expected: &[&str] = if good { &[] } else { &["RATE_LIMITED"] };
        assert_eq!(codes(&answer, field), expected, "{number}: {}", answer.text);
    }
}

/// The link in the newest mail that has one to choose a new password.
async fn newest_reset(shop: &Shop) -> String {
    let mails = shop.mails(ADA).await;
    let mail = mails.iter().find(|mail| mail.template == "PASSWORD_RESET").expect("a link was mailed");
    let start = mail.text.find("tgl_").unwrap_or_else(|| panic!("no link in {}", mail.text));
    let is_token = |character: char| character.is_ascii_alphanumeric() || "_-".contains(character);
    mail.text[start..].chars().take_while(|character| is_token(*character)).collect()
}

#[tokio::test]
async fn whoever_shares_the_owners_network_cannot_lock_the_owners_device_out() {
    let shop = shop().await;
    let ada = Customer::new(&shop, ADA).await;
    for number in 0..110 {
        login(&at(&shop, 7), &format!("{number}@example.com"), "wrong horse battery").await;
    }
    assert_eq!(codes(&login(&at(&shop, 7), ADA, PASSWORD).await, "login"), ["RATE_LIMITED"]);

    let with_device = json!({ "password": { "email": ADA, "password": PASSWORD, "deviceToken": ada.device } });
    let answer = at(&shop, 7).send(LOGIN, json!({ "input": with_device })).await;
    assert_eq!(codes(&answer, "login"), Vec::<&str>::new());
}

#[tokio::test]
async fn the_newest_code_still_signs_in_without_its_token() {
    let shop = shop().await;
    Customer::new(&shop, ADA).await;
    asked(&shop.client(), None).await;
    let code = mailed_code(&shop, ADA).await;
    let answer = shop.client().send(LOGIN, json!({ "input": by_code(ADA, &code) })).await;
    assert_eq!(codes(&answer, "login"), Vec::<&str>::new());
}
