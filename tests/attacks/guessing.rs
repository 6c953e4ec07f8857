//! Guessing at accounts: how often, from where, and what it must not cost those who own them.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tidegate_auth::password::HashCost;
use tidegate_store::catalog::import::ImportOptions;
use tidegate_testkit::{Answer, CATALOGUE, Client, Database, Replica, Shop, import};

use super::refusal::{assert_silent, refusal};
use crate::customers::{Customer, LOGIN, PASSWORD, codes, login, mailed_code, mailed_token};
use crate::flows::Buyer;

const RESET: &str = "mutation($email: String!) { passwordResetSend(email: $email) { accepted errors { code } } }";
const LINK: &str = "mutation($number: String!, $email: String!) {
    orderLinkSend(number: $number, email: $email) { accepted errors { code path } } }";

/// A client that connects from the address of a number.
fn from(shop: &Shop, number: usize) -> Client {
    let mut client = shop.client();
    client.connect_from(&format!("198.51.{}.{}", number / 250, number % 250));
    client
}

fn with_device(email: &str, password: &str, device: &str) -> Value {
    json!({ "input": { "password": { "email": email, "password": password, "deviceToken": device } } })
}

/// Answers by their code; a sign-in by the empty text.
async fn tally(calls: Vec<tokio::task::JoinHandle<Answer>>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for call in calls {
        *counts.entry(refusal(&call.await.unwrap())).or_default() += 1;
    }
    counts
}

async fn weak() -> Shop {
    Shop::empty(|settings| settings.password_cost = HashCost::weak_for_tests()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_76_a_thousand_wrong_passwords_from_a_thousand_addresses() {
    let shop = weak().await;
    let victim = Customer::new(&shop, "ada@example.com").await;
    let mut counts = BTreeMap::new();
    for wave in 0..20_usize {
        let attempt = |number| {
            let client = from(&shop, wave * 50 + number);
            tokio::spawn(async move { login(&client, "ada@example.com", "wrong horse battery").await })
        };
        for (code, count) in tally((0..50).map(attempt).collect()).await {
            *counts.entry(code).or_insert(0) += count;
        }
    }

    // Ten over both gateways, not ten each; the others cost no hash.
    let expected = [("INVALID_CREDENTIALS".to_owned(), 10), ("RATE_LIMITED".to_owned(), 990)];
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), expected);
    assert_eq!(refusal(&login(&shop.client(), &victim.email, PASSWORD).await), "RATE_LIMITED");
    shop.clock.advance(time::Duration::minutes(15));
    assert_eq!(refusal(&login(&shop.client(), &victim.email, PASSWORD).await), "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_77_one_password_on_many_accounts_from_one_address() {
    let shop = weak().await;
    let victim = Customer::new(&shop, "ada@example.com").await;
    let mut counts = BTreeMap::new();
    for wave in 0..5 {
        let attempt = |number| {
            let client = from(&shop, 7);
            let email = format!("{wave}-{number}@example.com");
            tokio::spawn(async move { login(&client, &email, PASSWORD).await })
        };
        for (code, count) in tally((0..50).map(attempt).collect()).await {
            *counts.entry(code).or_insert(0) += count;
        }
    }

    let expected = [("INVALID_CREDENTIALS".to_owned(), 100), ("RATE_LIMITED".to_owned(), 150)];
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), expected);
    assert_eq!(refusal(&login(&from(&shop, 7), &victim.email, PASSWORD).await), "RATE_LIMITED");
    assert_eq!(refusal(&login(&from(&shop, 8), &victim.email, PASSWORD).await), "");
}

#[tokio::test]
async fn case_78_a_victim_is_not_locked_out() {
    let shop = weak().await;
    let victim = Customer::new(&shop, "ada@example.com").await;
    let stranger = Customer::new(&shop, "eve@example.com").await;
    let forged = victim.device.replace("tgd_", "tgo_");
    for number in 0..30 {
        login(&from(&shop, number), &victim.email, "wrong horse battery").await;
    }

    for device in [&stranger.device, &forged, "tgd_", &victim.device[..victim.device.len() - 1]] {
        let answer = shop.client().send(LOGIN, with_device(&victim.email, PASSWORD, device)).await;
        assert_eq!(refusal(&answer), "RATE_LIMITED", "{device}");
    }
    assert!(victim.is_signed_in().await);
    let change =
        "mutation($to: String!) { passwordChange(current: \"correct horse battery\", next: $to) { errors { code } } }";
    assert_eq!(refusal(&victim.client.send(change, json!({ "to": "another horse battery" })).await), "");
    let answer = shop.client().send(LOGIN, with_device(&victim.email, "another horse battery", &victim.device)).await;
    assert_eq!(codes(&answer, "login"), Vec::<&str>::new());

    // Who holds the device's token can be throttled apart, and that locks nobody else out either.
    for _ in 0..10 {
        let wrong = shop.client().send(LOGIN, with_device(&victim.email, "wrong", &victim.device)).await;
        assert_eq!(refusal(&wrong), "INVALID_CREDENTIALS");
    }
    let eleventh = shop.client().send(LOGIN, with_device(&victim.email, "another horse battery", &victim.device)).await;
    assert_eq!(refusal(&eleventh), "RATE_LIMITED");
}

#[tokio::test]
async fn case_79_passwords_of_any_length_are_answered_quickly() {
    let shop = weak().await;
    let victim = Customer::new(&shop, "ada@example.com").await;
    let client = shop.client();
    let begun = Instant::now();
    for (length, expected) in [
        (0, "INVALID_CREDENTIALS"),
        (129, "INVALID_CREDENTIALS"),
        (2_048, "INVALID_CREDENTIALS"),
        (2_049, "INVALID_INPUT"),
        (100_000, "INVALID_INPUT"),
        (1_048_576, "BODY_TOO_LARGE"),
    ] {
        let answer = login(&client, &victim.email, &"x".repeat(length)).await;
        assert_eq!(refusal(&answer), expected, "{length}: {}", answer.text);
    }
    for length in [129, 100_000] {
        let long = "é".repeat(length / 2 + 1);
        let register = json!({ "email": "new@example.com", "password": long });
        assert_eq!(refusal(&client.send(crate::customers::REGISTER, register).await), "PASSWORD_REJECTED");
        let change = "mutation($next: String!) { passwordChange(current: \"correct horse battery\", next: $next) { errors { code } } }";
        assert_eq!(refusal(&victim.client.send(change, json!({ "next": long })).await), "PASSWORD_REJECTED");
    }
    assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", begun.elapsed());
    assert_eq!(shop.database.count("select count(*) from registration").await, 0);
}

/// Five hundred at the real cost, which would take 9.5 GB at once, while somebody browses.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn case_79_five_hundred_logins_at_once() {
    let database = Database::new().await;
    import(&database.url, CATALOGUE, ImportOptions::default()).await;
    let behind_proxy = [("TIDEGATE_TRUSTED_PROXIES", "127.0.0.1/32"), ("TIDEGATE_DATABASE_WAIT", "30s")];
    let replica = Replica::start_with(env!("CARGO_BIN_EXE_tidegate"), &database.url, &behind_proxy).await;
    let url = format!("http://{}/graphql", replica.address);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let browse = json!({ "query": "{ products(first: 2) { nodes { handle } } }" });
    http.post(&url).json(&browse).send().await.unwrap();
    let before = resident_kib(&replica);

    let attempts = (0..500).map(|number| {
        let input = json!({ "password": { "email": format!("{number}@example.com"), "password": PASSWORD } });
        let body = json!({ "query": LOGIN, "variables": { "input": input } });
        let address = format!("198.51.{}.{}", number / 250, number % 250);
        let request = http.post(&url).header("x-forwarded-for", address).json(&body);
        tokio::spawn(async move { request.send().await.unwrap().json::<Value>().await.unwrap() })
    });
    let attempts: Vec<_> = attempts.collect();
    let (mut waits, mut most) = (Vec::new(), 0);
    while attempts.iter().any(|attempt| !attempt.is_finished()) {
        let asked = Instant::now();
        let answer: Value = http.post(&url).json(&browse).send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["data"]["products"]["nodes"].as_array().map(Vec::len), Some(2), "{answer}");
        waits.push(asked.elapsed());
        most = most.max(resident_kib(&replica));
    }

    let mut counts = BTreeMap::new();
    for attempt in attempts {
        let answer = attempt.await.unwrap();
        let code = answer.pointer("/data/login/errors/0/code").or_else(|| answer.pointer("/errors/0/extensions/code"));
        *counts.entry(code.and_then(Value::as_str).unwrap_or_default().to_owned()).or_insert(0) += 1;
    }
    assert_eq!(counts.keys().collect::<Vec<_>>(), ["INVALID_CREDENTIALS", "RATE_LIMITED"], "{counts:?}");
    // One hash per processor at most, beside what the requests themselves take.
    let hashes = u64::try_from(std::thread::available_parallelism().unwrap().get()).unwrap();
    assert!(most < before + (hashes * 20 + 100) * 1024, "{before} KiB grew to {most} KiB");
    waits.sort_unstable();
    let p99 = waits[waits.len() * 99 / 100];
    // Behind five hundred hashes it would wait for many seconds. Milliseconds in truth; a busy machine gets more.
    assert!(waits.len() > 3 && p99 < Duration::from_secs(3), "{} queries, p99 {p99:?}, {counts:?}", waits.len());
}

fn resident_kib(replica: &Replica) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", replica.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test]
async fn case_80_a_flood_of_reset_mails() {
    let shop = weak().await;
    let victim = Customer::new(&shop, "ada@example.com").await;
    shop.database.run("delete from throttle; delete from mail").await;
    for email in ["ada@example.com", "nobody@example.com"] {
        let waiting = format!("select count(*) from mail where recipient = '{email}'");
        for number in 0..20 {
            let answer = from(&shop, 7).send(RESET, json!({ "email": email })).await;
            assert_eq!(refusal(&answer), if number < 3 { "" } else { "RATE_LIMITED" }, "{email} {number}");
        }
        assert_eq!(shop.database.count(&waiting).await, 3);
        // A crowd gets three more, so that nobody's flood keeps the owner out (a_crowd_cannot_keep_the_owner_out).
        for number in 100..120 {
            let answer = from(&shop, number).send(RESET, json!({ "email": email })).await;
            assert_eq!(refusal(&answer), if number < 103 { "" } else { "RATE_LIMITED" }, "{email} {number}");
        }
        assert_eq!(shop.database.count(&waiting).await, 6);
    }
    // One asker's purse pays for mails of every kind.
    let send = "mutation { loginCodeSend(email: \"ADA@example.com\") { errors { code } } }";
    assert_eq!(refusal(&from(&shop, 7).send(send, json!({})).await), "RATE_LIMITED");

    // One address that asks for mails to everybody.
    for number in 0..40 {
        let answer = from(&shop, 77).send(RESET, json!({ "email": format!("{number}@example.com") })).await;
        assert_eq!(refusal(&answer), if number < 30 { "" } else { "RATE_LIMITED" }, "{number}");
    }
    shop.clock.advance(time::Duration::hours(1));
    assert_eq!(refusal(&shop.client().send(RESET, json!({ "email": victim.email })).await), "");

    let token = mailed_token(&shop, &victim.email).await;
    shop.clock.advance(time::Duration::minutes(10));
    let reset = "mutation($token: String!) { passwordReset(token: $token, password: \"another horse battery\") { errors { code } } }";
    assert_eq!(refusal(&shop.client().send(reset, json!({ "token": token })).await), "ONE_TIME_TOKEN_INVALID");
}

#[tokio::test]
async fn codes_cannot_be_tried_through() {
    let shop = weak().await;
    let victim = Customer::new(&shop, "ada@example.com").await;
    let send = "mutation { loginCodeSend(email: \"ada@example.com\") { errors { code } } }";
    let code_login = |code: &str| json!({ "input": { "oneTimeCode": { "email": "ada@example.com", "code": code } } });
    assert_eq!(refusal(&shop.client().send(send, json!({})).await), "");
    let code = mailed_code(&shop, &victim.email).await;
    let wrong = if code == "00000000" { "00000001" } else { "00000000" };

    for number in 0..5 {
        assert_eq!(refusal(&from(&shop, number).send(LOGIN, code_login(wrong)).await), "INVALID_CREDENTIALS");
    }
    // The right one comes too late, and a new one is under the same purse of tries.
    assert_eq!(refusal(&shop.client().send(LOGIN, code_login(&code)).await), "INVALID_CREDENTIALS");
    for number in 0..9 {
        assert_eq!(refusal(&from(&shop, number).send(LOGIN, code_login(wrong)).await), "INVALID_CREDENTIALS");
    }
    assert_eq!(refusal(&shop.client().send(LOGIN, code_login(wrong)).await), "RATE_LIMITED");
    assert!(victim.is_signed_in().await);
}

#[tokio::test]
async fn case_72_orders_are_not_found_by_guessing() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let number = buyer.checkout(1).await.at("/data/checkoutComplete/order/number").to_owned();
    let absent = (number.parse::<u64>().unwrap() + 1).to_string();
    shop.database.run("delete from mail").await;
    let ask = async |from_number: usize, number: &str, email: String| {
        let answer = from(&shop, from_number).send(LINK, json!({ "number": number, "email": email })).await;
        assert_silent(&answer);
        answer.text.replace(answer.at("/extensions/requestId"), "")
    };

    let mut told = Vec::new();
    for guess in 0..5 {
        told.push(ask(guess, &number, format!("guess{guess}@example.com")).await);
        told.push(ask(guess, &absent, format!("other{guess}@example.com")).await);
    }
    assert!(told.iter().all(|text| *text == told[0]), "{told:#?}");
    assert_eq!(refusal_of(&told[0]), None);
    assert_eq!(shop.database.count("select count(*) from mail where template = 'ORDER_LINK'").await, 0);

    // From now on neither number is looked at, whoever asks from wherever.
    for guess in 5..50 {
        for number in [&number, &absent] {
            let answer = ask(guess, number, format!("more{guess}@example.com")).await;
            assert_eq!(refusal_of(&answer).as_deref(), Some("RATE_LIMITED"));
        }
    }
    shop.clock.advance(time::Duration::hours(1));
    assert_eq!(ask(60, &number, "ada@example.com".to_owned()).await, told[0]);
    assert_eq!(shop.database.count("select count(*) from mail where template = 'ORDER_LINK'").await, 1);
}

fn refusal_of(text: &str) -> Option<String> {
    let body: Value = serde_json::from_str(text).unwrap();
    body.pointer("/data/orderLinkSend/errors/0/code").and_then(Value::as_str).map(str::to_owned)
}
