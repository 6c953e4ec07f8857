//! What becomes of mails that do not go out.

use std::sync::Arc;
use tidegate_gateway::app;
use tidegate_gateway::config::{Mode, Secret};
use tidegate_model::Clock as _;
use tidegate_testkit::Shop;
use time::Duration;
use tokio::process::Command;

use super::sink::Sink;
use super::{put, put_link, run, shop_with, until};

/// `tidegate mail …`; its output.
async fn command(shop: &Shop, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tidegate"));
    let output = command.arg("mail").args(arguments).env("DATABASE_URL", &shop.database.url).output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn a_mail_that_was_put_off_comes_again_with_the_same_message_id() {
    let sink = Sink::start().await;
    let shop = shop_with(&sink.url).await;
    put(&shop, "NO_ACCOUNT", "later@example.com", "{}").await;

    let _running = run(&shop).await;
    until(&shop, "select last_error like '%451%come back%' and claimed_until is null from mail").await;
    let wait = "select next_try_at - created_at between interval '30 seconds' and interval '90 seconds' from mail";
    assert_eq!(shop.database.ask(wait).await, "true");
    shop.clock.advance(Duration::seconds(31));
    until(&shop, "select sent_at is not null and last_error is null from mail").await;

    let received = sink.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].header("Message-ID"), received[1].header("Message-ID"));
    assert_eq!(received[0].message, received[1].message);
}

#[tokio::test]
async fn a_mail_that_was_refused_is_dead_at_once_until_an_operator_wants_it_again() {
    let sink = Sink::start().await;
    let shop = shop_with(&sink.url).await;
    let id = put(&shop, "NO_ACCOUNT", "nobody@example.com", "{}").await;

    let running = run(&shop).await;
    until(&shop, "select dead_at is not null from mail").await;
    for running in running {
        running.stop().await;
    }

    assert_eq!(
        shop.database.ask("select tries || ' ' || last_error from mail").await,
        "1 permanent error (550): no such user"
    );
    assert!(sink.received().is_empty());
    let listed: serde_json::Value = serde_json::from_str(&command(&shop, &["list", "--dead", "--json"]).await).unwrap();
    assert_eq!((&listed[0]["id"], &listed[0]["state"]), (&id.clone().into(), &"dead".into()));
    assert_eq!(command(&shop, &["list", "--waiting"]).await, "No mail waits, and none is dead.\n");
    assert_eq!(command(&shop, &["retry", &id]).await, "1 mail is tried again now.\n");
    assert_eq!(shop.database.ask("select tries || ' ' || (dead_at is null) from mail").await, "0 true");
    assert_eq!(command(&shop, &["retry", "--all-dead"]).await, "No mail is tried again.\n");
}

#[tokio::test]
async fn a_server_that_takes_nobody_kills_no_mail() {
    let sink = Sink::greeting("554 not today").await;
    let shop = shop_with(&sink.url).await;
    put(&shop, "NO_ACCOUNT", "ada@example.com", "{}").await;

    let _running = run(&shop).await;
    until(&shop, "select last_error like '%554%' from mail").await;

    assert_eq!(shop.database.ask("select dead_at is null from mail").await, "true");
}

#[tokio::test]
async fn a_server_that_never_answers_for_some_holds_up_no_others() {
    let sink = Sink::start().await;
    let shop = shop_with(&sink.url).await;
    for number in 1..=3 {
        put(&shop, "NO_ACCOUNT", &format!("stuck@{number}.example"), "{}").await;
    }
    for number in 1..=20 {
        put(&shop, "NO_ACCOUNT", &format!("ada@{number}.example"), "{}").await;
    }

    let _running = run(&shop).await;
    until(&shop, "select count(*) = 20 from mail where sent_at is not null").await;

    assert_eq!(shop.database.count("select count(*) from mail where tries = 1 and recipient like 'stuck%'").await, 3);
    shop.client().send("{ __typename }", serde_json::json!({})).await.data();
}

#[tokio::test]
async fn no_row_can_add_a_header_or_a_recipient() {
    let sink = Sink::start().await;
    let shop = shop_with(&sink.url).await;
    put(&shop, "NO_ACCOUNT", "ada@example.com\\r\\nBcc: eve@evil.example", "{}").await;
    put(&shop, "NO_ACCOUNT", "ada@example.com>\\r\\nRCPT TO:<eve@evil.example", "{}").await;
    put(&shop, "EMAIL_TAKEN", "ada@example.com", r#"{"given_name":"Ada\r\nBcc: eve@evil.example"}"#).await;
    put(&shop, "EMAIL_CHANGE_NOTICE", "ada@example.com", r#"{"email":"a@b.example\r\n.\r\nMAIL FROM:<e@f.example>"}"#)
        .await;

    let _running = run(&shop).await;
    until(&shop, "select not exists (select from mail where sent_at is null and dead_at is null)").await;

    assert_eq!(shop.database.count("select count(*) from mail where dead_at is not null").await, 2);
    let received = sink.received();
    assert_eq!(received.len(), 2);
    for mail in received {
        assert_eq!(
            (mail.to.as_str(), mail.header("To"), mail.header("Bcc")),
            ("ada@example.com", "ada@example.com", "")
        );
        assert!(!mail.message.contains("\nBcc:") && !mail.message.contains("\nMAIL"), "{}", mail.message);
    }
}

#[tokio::test]
async fn a_mail_whose_link_has_ended_is_not_sent() {
    let sink = Sink::start().await;
    let shop = shop_with(&sink.url).await;
    let (_, token) = put_link(&shop, "PASSWORD_RESET", "PASSWORD_RESET", "gone@example.com").await;
    shop.database.run(&format!("delete from one_time_token where id = '{token}'")).await;
    let (_, token) = put_link(&shop, "PASSWORD_RESET", "PASSWORD_RESET", "retired@example.com").await;
    let mut other = shop.database.ask("select kid from signing_key").await;
    other.insert(0, 'x');
    shop.database
        .run(&format!(
            "insert into signing_key select '{other}', algorithm, sealed, created_at, active_from, now() from signing_key;
             update mail set data = '{{\"id\":\"{token}\",\"kid\":\"{other}\"}}' where recipient like 'retired%'"
        ))
        .await;
    // A gateway that reads the keys now.
    let shop = Shop::over(shop.database.clone(), Mode::Serve, |settings| {
        settings.mail_smtp_url = Some(Secret::new(&sink.url));
        settings.mail_from = Some("shop@shop.test".to_owned());
    })
    .await;

    let _running = run(&shop).await;
    until(&shop, "select not exists (select from mail where dead_at is null)").await;

    assert_eq!(
        shop.database.ask("select string_agg(last_error, '; ' order by recipient) from mail").await,
        "what the mail is about has expired or is gone; the key of the mail's secret was retired"
    );
    assert!(sink.received().is_empty());
}

#[tokio::test]
async fn tries_are_spread_over_a_day_and_then_end() {
    let shop = Shop::empty(|_| {}).await;
    put(&shop, "NO_ACCOUNT", "ada@example.com", "{}").await;
    let store = &shop.gateways()[0].shared().store;
    let mut waits = Vec::new();

    while shop.database.ask("select dead_at is null from mail").await == "true" {
        let claimed =
            store.mail_claim(Arc::default(), shop.clock.now(), std::time::Duration::from_mins(2), 9).await.unwrap();
        let [claim] = &claimed[..] else { panic!("it is due") };
        let failed = tidegate_store::mail::FailedTry {
            id: claim.mail.id,
            claimed_until: claim.claimed_until,
            error: "no".to_owned(),
            is_final: false,
        };
        let now = shop.clock.now();
        store.mail_failed(Arc::default(), failed.clone(), now).await.unwrap();
        // The claim has ended with its first outcome.
        let again = store.mail_failed(Arc::default(), failed, now).await.unwrap();
        assert_eq!(again, tidegate_store::mail::MailFate::Lost);
        let wait = format!("select round(extract(epoch from next_try_at - '{now}'::timestamptz))::bigint from mail");
        waits.push(shop.database.count(&wait).await);
        shop.clock.advance(Duration::seconds(*waits.last().unwrap() + 1));
    }

    assert_eq!(waits[..8], [30, 120, 600, 3600, 21600, 21600, 21600, 21600]);
    assert_eq!(waits.len(), 9);
}

#[tokio::test]
async fn mails_are_kept_for_a_while_and_then_deleted() {
    let shop = Shop::empty(|_| {}).await;
    for name in ["sent", "dead", "waiting"] {
        put(&shop, "NO_ACCOUNT", name, "{}").await;
    }
    shop.database
        .run("update mail set sent_at = now() where recipient = 'sent'; update mail set dead_at = now() where recipient = 'dead'")
        .await;
    let mut left = Vec::new();
    for days in [6, 2, 21, 2] {
        shop.clock.advance(Duration::days(days));
        shop.gateways()[0].shared().store.mail_expire(Arc::default(), shop.clock.now(), 500).await.unwrap();
        left.push(
            shop.database.ask("select coalesce(string_agg(recipient, ' ' order by recipient), '') from mail").await,
        );
    }

    assert_eq!(left, ["dead sent waiting", "dead waiting", "dead waiting", ""]);
}

#[tokio::test]
async fn a_gateway_that_could_not_send_does_not_start() {
    let shop = Shop::empty(|_| {}).await;
    let mut settings = shop.gateways()[0].settings().clone();
    settings.mail_smtp_url = Some(Secret::new("smtp://localhost"));
    let without_from = app::build(Mode::Serve, settings.clone(), shop.clock.clone()).await.unwrap_err();
    settings.mail_from = Some("shop@shop.test".to_owned());
    settings.mail_templates = Some("/no/such/folder".into());
    let without_folder = app::build(Mode::Serve, settings, shop.clock.clone()).await.unwrap_err();

    assert_eq!(without_from.message, "there is a mail server and no mailbox that mails are from");
    assert!(without_folder.message.starts_with("cannot read the folder of mail templates /no/such/folder"));
    assert_eq!(without_folder.code, 2);
}
