//! `GET /mail` and `GET /mail.json` of `dev`: the mails that a shop would have sent.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};

use time::format_description::well_known::Rfc3339;

use super::newest::{ShownMail, newest};
use super::text::escape;
use crate::app::App;

/// Mails on the page.
const SHOWN: i64 = 50;

/// No script, nothing from elsewhere, in nobody's frame.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The newest mails for people.
pub(crate) async fn page(State(app): State<App>) -> Response {
    answer(&app, |mails| Html(html(&mails)).into_response()).await
}

/// The newest mails for tools, newest first.
pub(crate) async fn json(State(app): State<App>) -> Response {
    answer(&app, |mails| Json(mails).into_response()).await
}

async fn answer(app: &App, write: impl FnOnce(Vec<ShownMail>) -> Response) -> Response {
    let response = match newest(app, None, SHOWN).await {
        Ok(mails) => write(mails),
        Err(error) => {
            tracing::warn!(%error, "the mails cannot be read");
            (StatusCode::SERVICE_UNAVAILABLE, "The mails cannot be read now.\n").into_response()
        }
    };
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    (headers, response).into_response()
}

const HEAD: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>Mails of this shop</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
article { border-top: 1px solid #8888; padding: 1rem 0 }
h2 { font-size: 1.1rem; margin: 0 }
p { margin: .2rem 0; opacity: .75 }
pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere }
</style>
<h1>Mails of this shop</h1>
<p>Nothing is sent by <code>tidegate dev</code>; this page has the newest 50. Reload it to see newer ones. For tools:
<a href=\"/mail.json\">/mail.json</a></p>
";

fn html(mails: &[ShownMail]) -> String {
    let mut html = HEAD.to_owned();
    if mails.is_empty() {
        html.push_str("<article><p>No mail yet.</p></article>\n");
    }
    for mail in mails {
        html.push_str("<article>\n<h2>");
        escape(mail.problem.as_ref().map_or(mail.subject.as_str(), |_| "(cannot be written any more)"), &mut html);
        html.push_str("</h2>\n<p>To ");
        escape(&mail.to, &mut html);
        html.push_str(" · ");
        escape(&mail.created_at.truncate_to_second().format(&Rfc3339).unwrap_or_default(), &mut html);
        html.push_str(" · ");
        escape(&mail.template, &mut html);
        html.push_str("</p>\n<pre>");
        match &mail.problem {
            Some(problem) => escape(problem, &mut html),
            None => with_links(&mail.text, &mut html),
        }
        html.push_str("</pre>\n</article>\n");
    }
    html
}

/// A text in which words that are addresses can be followed.
fn with_links(text: &str, html: &mut String) {
    for word in text.split_inclusive(char::is_whitespace) {
        let address = word.trim_end();
        if address.starts_with("http://") || address.starts_with("https://") {
            html.push_str("<a rel=\"noreferrer noopener\" href=\"");
            escape(address, html);
            html.push_str("\">");
            escape(address, html);
            html.push_str("</a>");
            html.push_str(word.get(address.len()..).unwrap_or_default());
        } else {
            escape(word, html);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn what_shoppers_wrote_stays_text_and_links_can_be_followed() {
        let mail = ShownMail {
            to: "<script>@x.example".to_owned(),
            subject: "Order <1>".to_owned(),
            text: "Hello <b>you</b>,\n\nhttps://shop.example/a?token=1&b=\"2\"\n\njavascript:alert(1)\n".to_owned(),
            html: None,
            created_at: datetime!(2026-11-23 16:00:01.5 UTC),
            template: "ORDER_LINK".to_owned(),
            secret: None,
            problem: None,
        };

        let html = html(&[mail]);

        insta::assert_snapshot!(html.strip_prefix(HEAD).unwrap_or_default(), @r#"
        <article>
        <h2>Order &#60;1&#62;</h2>
        <p>To &#60;script&#62;@x.example · 2026-11-23T16:00:01Z · ORDER_LINK</p>
        <pre>Hello &#60;b&#62;you&#60;/b&#62;,

        <a rel="noreferrer noopener" href="https://shop.example/a?token=1&#38;b=&#34;2&#34;">https://shop.example/a?token=1&#38;b=&#34;2&#34;</a>

        javascript:alert(1)
        </pre>
        </article>
        "#);
    }
}
