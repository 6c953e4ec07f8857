//! Mails arrive: once in the normal case, at least once when a replica dies.

use std::collections::HashSet;
use std::time::Duration;
use tidegate_testkit::Replica;

use super::sink::Sink;
use super::{put, put_link, run, shop_with, until};

const PROGRAM: &str = env!("CARGO_BIN_EXE_tidegate");
const ALL_SENT: &str = "select not exists (select from mail where sent_at is null)";

#[tokio::test]
async fn a_mail_arrives_with_a_link_that_no_row_holds() {
    let sink = Sink::start().await;
    let shop = shop_with(&sink.url).await;
    let (id, _) = put_link(&shop, "PASSWORD_RESET", "PASSWORD_RESET", "ada@example.com").await;

    let _running = run(&shop).await;
    until(&shop, ALL_SENT).await;

    let [mail] = &sink.received()[..] else { panic!("one mail") };
    assert_eq!(mail.to, "ada@example.com");
    assert_eq!(mail.header("Message-ID"), format!("<{id}@shop.test>"));
    assert_eq!(mail.header("From"), "=?utf-8?b?VGlkZSAmIENv?= <shop@shop.test>");
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    let text = mail.message.replace("=\r\n", "").replace("=3D", "=");
    assert!(text.contains("https://front.test/account/reset-password?token=tgl_"), "{text}");
    let secret = shop.mails("ada@example.com").await.remove(0).secret.unwrap();
    assert_eq!(shop.database.count(&format!("select count(*) from mail m where m::text like '%{secret}%'")).await, 0);
}

#[tokio::test]
async fn two_replicas_send_each_mail_once() {
    let sink = Sink::start().await;
    let shop = shop_with(&sink.url).await;
    shop.database
        .run(
            "insert into mail (id, template, recipient, data, created_at, next_try_at)
             select gen_random_uuid(), 'NO_ACCOUNT', 'a' || n || '@example.com', '{}', now(), now() from generate_series(1, 200) n",
        )
        .await;

    let _running = run(&shop).await;
    until(&shop, ALL_SENT).await;

    let received = sink.received();
    let distinct: HashSet<_> = received.iter().map(|mail| mail.to.clone()).collect();
    assert_eq!((received.len(), distinct.len()), (200, 200));
    assert_eq!(shop.database.count("select count(*) from mail where tries <> 1 or claimed_until is not null").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_replica_was_sending_is_sent_again_with_the_same_message_id() {
    let sink = Sink::start().await;
    let shop = shop_with(&sink.url).await;
    put(&shop, "NO_ACCOUNT", "unanswered@example.com", "{}").await;
    let variables = [("TIDEGATE_MAIL_SMTP_URL", sink.url.as_str()), ("TIDEGATE_MAIL_FROM", "shop@shop.test")];

    // The server has the mail, and the replica does not know it yet.
    let mut first = Replica::start_with(PROGRAM, &shop.database.url, &variables).await;
    while sink.received().is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    first.kill().await;
    let claimed = "select sent_at is null and tries = 1 and next_try_at = claimed_until
                       and claimed_until > now() + interval '1 minute' from mail";
    assert_eq!(shop.database.ask(claimed).await, "true");

    // Nobody takes it over before the claim ends.
    let second = Replica::start_with(PROGRAM, &shop.database.url, &variables).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(sink.received().len(), 1);
    shop.database.run("update mail set claimed_until = now(), next_try_at = now()").await;
    until(&shop, ALL_SENT).await;

    let ids: Vec<_> = sink.received().iter().map(|mail| mail.header("Message-ID").to_owned()).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
    assert_eq!(shop.database.ask("select tries from mail").await, "2");
    second.terminate().await;
}

#[tokio::test]
async fn without_a_mail_server_mails_wait_untouched() {
    let shop = tidegate_testkit::Shop::empty(|_| {}).await;
    put(&shop, "NO_ACCOUNT", "ada@example.com", "{}").await;

    let _running = run(&shop).await;
    tokio::time::sleep(Duration::from_secs(2)).await;

    assert_eq!(
        shop.database.ask("select tries || ' ' || (sent_at is null and dead_at is null) from mail").await,
        "0 true"
    );
}
