//! E-mail: from the outbox to a mail server, or to the page of `dev`.

mod delivery;
mod failures;
mod pages;
mod sink;
mod tls;

use std::time::{Duration, Instant};
use tidegate_gateway::config::{Secret, Settings};
use tidegate_gateway::server::{self, Running};
use tidegate_testkit::Shop;
use tokio::net::TcpListener;

/// A shop that sends its mails to an address.
async fn shop_with(smtp_url: &str) -> Shop {
    let change = |settings: &mut Settings| {
        settings.mail_smtp_url = Some(Secret::new(smtp_url));
        settings.mail_from = Some("Tide & Co <shop@shop.test>".to_owned());
        settings.storefront_url = Some("https://front.test".to_owned());
    };
    Shop::empty(change).await
}

/// Both gateways with all that they do between requests.
async fn run(shop: &Shop) -> [Running; 2] {
    let mut running = Vec::new();
    for gateway in shop.gateways() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        running.push(server::start(gateway.clone(), listener).unwrap());
    }
    running.try_into().unwrap()
}

/// Puts a mail into the outbox, as a transaction of a shopper would; its id.
async fn put(shop: &Shop, template: &str, to: &str, data: &str) -> String {
    let id = shop.database.ask("gen_random_uuid()").await;
    let to = to.replace('\'', "''");
    shop.database
        .run(&format!(
            "insert into mail (id, template, recipient, data, created_at, next_try_at)
             values ('{id}', '{template}', e'{to}', '{data}', now(), now())"
        ))
        .await;
    id
}

/// A mail with a link; its id, and that of its token.
async fn put_link(shop: &Shop, template: &str, purpose: &str, to: &str) -> (String, String) {
    let (token, kid) =
        (shop.database.ask("gen_random_uuid()").await, shop.database.ask("select kid from signing_key").await);
    shop.database
        .run(&format!(
            "insert into one_time_token (id, purpose, kid, email_key, created_at, expires_at)
             values ('{token}', '{purpose}', '{kid}', 'k', now(), now() + interval '30 minutes')"
        ))
        .await;
    (put(shop, template, to, &format!(r#"{{"id":"{token}","kid":"{kid}"}}"#)).await, token)
}

/// Waits until SQL is true.
async fn until(shop: &Shop, condition: &str) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while shop.database.ask(condition).await != "true" {
        let mails = "select jsonb_agg(to_jsonb(m) - 'data') from mail m";
        assert!(Instant::now() < deadline, "{condition}: {}", shop.database.ask(mails).await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
