//! The pages of `dev`.

use axum::body::Body;
use axum::http::Request;
use tidegate_gateway::config::Mode;
use tidegate_testkit::{Answer, Database, Shop};

use super::{put, put_link, run, until};

async fn get(shop: &Shop, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    shop.client().request(request, Body::empty()).await
}

const LOCAL: (&str, &str) = ("host", "localhost:8000");

async fn dev() -> Shop {
    Shop::over(Database::new().await, Mode::Dev, |_| {}).await
}

#[tokio::test]
async fn the_newest_mails_are_shown_to_people_and_tools() {
    let shop = dev().await;
    put(&shop, "EMAIL_CHANGE_NOTICE", "<b>@example.com", r#"{"email":"<script>alert(1)</script>"}"#).await;
    put_link(&shop, "VERIFY_EMAIL", "VERIFY_EMAIL", "ada@example.com").await;

    let page = get(&shop, "/mail", &[LOCAL]).await;
    let json = get(&shop, "/mail.json", &[LOCAL]).await;

    assert_eq!((page.status.as_u16(), json.status.as_u16()), (200, 200));
    assert!(page.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'; style-src"));
    assert!(!page.text.contains("<script>") && !page.text.contains("<b>@"), "{}", page.text);
    assert!(page.text.contains(r#"href="http://shop.test/account/verify-email?token=tgl_"#), "{}", page.text);
    let mails = json.body.as_array().unwrap();
    let names: Vec<_> = mails.iter().map(|mail| mail["template"].as_str().unwrap()).collect();
    assert_eq!(names, ["VERIFY_EMAIL", "EMAIL_CHANGE_NOTICE"]);
    assert!(mails[0]["text"].as_str().unwrap().contains(mails[0]["secret"].as_str().unwrap()));
    assert_eq!(mails[0]["to"], "ada@example.com");
    assert!(mails[0]["html"].is_null() && mails[0]["createdAt"].is_string());
    assert_eq!(shop.mails("ada@example.com").await[0].subject, "Confirm your e-mail address");
}

#[tokio::test]
async fn they_are_for_this_machine_alone() {
    let shop = dev().await;
    put(&shop, "NO_ACCOUNT", "ada@example.com", "{}").await;

    for path in ["/mail", "/mail.json"] {
        assert_eq!(get(&shop, path, &[("host", "evil.example")]).await.status, 421);
        let crossed = get(&shop, path, &[LOCAL, ("origin", "http://localhost:5173")]).await;
        assert!(
            !crossed.headers.keys().any(|name| name.as_str().starts_with("access-control")),
            "{:?}",
            crossed.headers
        );
        let posted = shop.client().request(Request::post(path).header("host", "localhost"), Body::empty()).await;
        assert_eq!(posted.status, 405);
    }
}

#[tokio::test]
async fn serve_does_not_have_them() {
    let shop = Shop::empty(|_| {}).await;

    for path in ["/mail", "/mail.json", "/mail/"] {
        assert_eq!(get(&shop, path, &[LOCAL]).await.status, 404);
    }
}

#[tokio::test]
async fn what_dev_has_shown_is_not_sent_by_a_replica_later() {
    let shop = dev().await;
    put(&shop, "NO_ACCOUNT", "ada@example.com", "{}").await;
    put(&shop, "NO_ACCOUNT", "not an address", "{}").await;

    let _running = run(&shop).await;
    until(&shop, "select count(sent_at) = 1 and count(dead_at) = 1 from mail").await;

    assert_eq!(get(&shop, "/mail.json", &[LOCAL]).await.body.as_array().unwrap().len(), 2);
}
