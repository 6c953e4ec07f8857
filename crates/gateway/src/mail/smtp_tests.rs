//! What goes over the wire, and which servers are taken.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use time::macros::datetime;

const ID: Uuid = Uuid::from_u128(0x0198_c7a0_1b2c_7d3e_8f40_0000_0000_0001);

fn mail() -> Rendered {
    Rendered {
        to: "ada@example.com".to_owned(),
        subject: "Your order 1042".to_owned(),
        text: "Hello,\n.\nmore\n".to_owned(),
        html: Some("<p>Hello,".to_owned()),
        message_id: format!("<{ID}@shop.example>"),
        secret: None,
    }
}

fn wire(mail: &Rendered) -> Result<String, TryError> {
    let from = "Tide & Co <shop@shop.example>".parse().unwrap();
    let message = message(mail, ID, datetime!(2026-11-23 16:00 UTC), &from)?;
    Ok(String::from_utf8(message.formatted()).unwrap())
}

#[test]
fn a_message_is_the_same_at_every_try() {
    let message = wire(&mail()).unwrap();

    assert_eq!(message, wire(&mail()).unwrap());
    insta::assert_snapshot!(message.replace("\r\n", "\n"), @r#"
    From: =?utf-8?b?VGlkZSAmIENv?= <shop@shop.example>
    To: ada@example.com
    Subject: Your order 1042
    Message-ID: <0198c7a0-1b2c-7d3e-8f40-000000000001@shop.example>
    Date: Mon, 23 Nov 2026 16:00:00 +0000
    Auto-Submitted: auto-generated
    MIME-Version: 1.0
    Content-Type: multipart/alternative;
     boundary="tidegate-0198c7a0-1b2c-7d3e-8f40-000000000001"

    --tidegate-0198c7a0-1b2c-7d3e-8f40-000000000001
    Content-Type: text/plain; charset=utf-8
    Content-Transfer-Encoding: 7bit

    Hello,
    .
    more

    --tidegate-0198c7a0-1b2c-7d3e-8f40-000000000001
    Content-Type: text/html; charset=utf-8
    Content-Transfer-Encoding: 7bit

    <p>Hello,
    --tidegate-0198c7a0-1b2c-7d3e-8f40-000000000001--
    "#);
}

#[test]
fn nothing_in_a_row_can_add_a_header() {
    for (to, subject) in [
        ("ada@example.com", "Hello\r\nBcc: eve@evil.example\r\n\r\nBuy"),
        ("ada@example.com", "Hello\nX-Evil: 1"),
        ("ada@example.com\r\nBcc: eve@evil.example", "Hello"),
        ("ada@example.com, eve@evil.example", "Hello"),
        ("Ada <ada@example.com>", "Hello"),
        ("ada@example.com> SIZE=1\r\nRCPT TO:<eve@evil.example", "Hello"),
    ] {
        let mail = Rendered { to: to.to_owned(), subject: subject.to_owned(), ..mail() };
        match wire(&mail) {
            Ok(message) => {
                let (head, _) = message.split_once("\r\n\r\n").unwrap();
                let names: Vec<_> =
                    head.lines().filter_map(|line| line.split_once(':')).map(|(name, _)| name).collect();
                let known =
                    ["From", "To", "Subject", "Message-ID", "Date", "Auto-Submitted", "MIME-Version", "Content-Type"];
                assert!(names.iter().all(|name| known.contains(name)), "{message}");
                assert!(!message.contains("\nBcc") && !message.contains("\nX-Evil"), "{message}");
            }
            Err(error) => assert!(error.is_final && !error.reason.contains('\n'), "{error:?}"),
        }
    }
}

#[test]
fn names_and_subjects_of_any_language_are_encoded() {
    let from: Mailbox = "Café Flor <shop@shop.example>".parse().unwrap();
    let mail = Rendered { subject: "Votre commande 1042 est confirmée".to_owned(), ..mail() };

    let message = message(&mail, ID, datetime!(2026-11-23 16:00 UTC), &from).unwrap().formatted();

    assert!(message.is_ascii());
}

#[test]
fn a_server_s_address_is_checked_and_never_repeated() {
    for fine in [
        "smtp://localhost:2525",
        "smtp://user:hush@localhost",
        "smtp://mail.example/shop.example",
        "smtp://user:hush@mail.example?tls=required",
        "smtps://user:p%40ss@mail.example:465",
    ] {
        assert!(Smtp::new(fine, "shop.example", Vec::new()).is_ok(), "{fine}");
    }
    for (bad, expected) in [
        ("mail.example", "the address of the mail server cannot be read"),
        ("https://user:hush@mail.example", "the address of the mail server cannot be read"),
        ("smtp://mail.example?tls=hush", "the address of the mail server cannot be read"),
        ("smtp://user:hush@mail.example", "the password of the mail server would be sent without TLS"),
        (
            "smtp://user:hush@mail.example?tls=opportunistic",
            "the password of the mail server would be sent without TLS",
        ),
    ] {
        let problem = Smtp::new(bad, "shop.example", Vec::new()).unwrap_err();
        assert_eq!(problem.message, expected, "{bad}");
        assert!(!problem.to_string().contains("hush"));
    }
}
