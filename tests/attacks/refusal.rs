//! What every attack is held to: a typed refusal, a database as it was, and not a word from the inside.

use tidegate_testkit::{Answer, Shop};

/// Words of the database, of Rust and of our own source. Compared in lower case.
const INSIDE: &[&str] = &[
    "relation",
    "column",
    "constraint",
    "syntax",
    "sqlstate",
    "pg_",
    "sqlx",
    "postgres",
    "violates",
    "duplicate key",
    "transaction",
    "deadlock",
    "tidegate_",
    "async_graphql",
    "serde",
    "panick",
    "unwrap",
    "backtrace",
    "option<",
    "vec<",
    "i32",
    "i64",
    "u32",
    "u64",
    "usize",
    "::",
    ".rs",
    "/src",
    "/home",
    "/root",
    "/usr",
    "_v1",
];

/// Asserts that an answer does not tell what the shop is made of. Places in a client's own document are no secret.
#[track_caller]
pub(crate) fn assert_silent(answer: &Answer) {
    let told =
        answer.text.to_lowercase().replace("\"column\":", "").replace(", column ", "").replace("syntax error:", "");
    // Tokens, ids and cursors are long words of random letters.
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
    let told: Vec<_> = told.split_inclusive(|letter| !plain(letter)).filter(|word| word.len() < 30).collect();
    let told = told.concat();
    for word in INSIDE {
        assert!(!told.contains(word), "{word} in {}", answer.text);
    }
    assert!(!answer.status.is_server_error(), "{} {}", answer.status, answer.text);
}

/// The code that an answer was refused with: at the top level, or in the payload of its first mutation field; empty
/// when it was not refused. Asserts that it is silent.
#[track_caller]
pub(crate) fn refusal(answer: &Answer) -> String {
    assert_silent(answer);
    if let Some(errors) = answer.body["errors"].as_array() {
        let typed = errors.iter().all(|error| error["extensions"]["code"].is_string() && error["message"].is_string());
        assert!(typed && !errors.is_empty(), "{}", answer.text);
        return answer.code().to_owned();
    }
    let payload = answer.body["data"].as_object().and_then(|data| data.values().next());
    let code = payload.and_then(|payload| payload["errors"][0]["code"].as_str());
    code.unwrap_or_default().to_owned()
}

/// Everything that shoppers can change, as one digest: equal before and after an attack that changed nothing.
pub(crate) async fn state(shop: &Shop) -> String {
    let table = |name: &str| format!("(select coalesce(string_agg(t::text, '' order by t::text), '') from {name} t)");
    let tables = ["session", "refresh_token", "cart", "cart_line", "customer_order", "order_line", "payment", "stock"];
    let all: Vec<_> = tables.into_iter().map(table).collect();
    shop.database.ask(&format!("md5({})", all.join(" || "))).await
}
