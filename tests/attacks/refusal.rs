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
    "_v2",
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

/// The whole database as one digest: equal before and after an attack that changed nothing. But for the counts of
/// attempts, which a refused one belongs to, and the memory of idempotency keys.
pub(crate) async fn state(shop: &Shop) -> String {
    digest(shop, &["throttle", "idempotency"]).await
}

/// The whole database but for these tables and the counts of attempts.
pub(crate) async fn digest(shop: &Shop, but: &[&str]) -> String {
    let but: Vec<_> = but.iter().map(|name| format!("'{name}'")).collect();
    let tables = format!(
        "select string_agg(format('(select count(*) || md5(coalesce(string_agg(r, '''' order by r), '''')) from (select (to_jsonb(t) - ''attempts'' - ''bound_attempts'')::text as r from %I t) x)', tablename), ' || ' order by tablename)
         from pg_tables where schemaname = 'public' and tablename not in ({})",
        but.join(", ")
    );
    shop.database.ask(&shop.database.ask(&tables).await).await
}
