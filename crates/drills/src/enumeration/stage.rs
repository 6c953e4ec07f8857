//! A shop with many accounts, and one client that behaves like many behind a proxy.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::{Value, json};
use sqlx::PgConnection;
use tidegate_auth::password::{HashCost, Password, hash};

use super::flow::{Flow, PASSWORD};
use crate::bench::http::Http;
use crate::database::Database;
use crate::program::Program;
use crate::replicas::Replicas;

/// Who asks to change their e-mail address.
const ASKING: &str = "asking@example.com";
/// Pairs after which the asking customer signs in anew, well before the access token ends.
const TOKEN_PAIRS: u32 = 500;

/// One gateway over a private database.
#[derive(Debug)]
pub(super) struct Stage {
    http: Http,
    host: String,
    token: String,
    /// The requests so far, each from an address of its own.
    requests: u32,
    _replicas: Replicas,
    _database: Database,
}

impl Stage {
    /// Opens the shop, with accounts enough for so many pairs of each flow.
    pub(super) async fn set(seed: u64, pairs: u32) -> anyhow::Result<Self> {
        let database = Database::start().await?;
        let program = Program::find(database.url(), seed).await?;
        program.run(&["migrate".as_ref()]).await?;
        let mut connection = database.connect().await?;
        accounts(&mut connection, pairs).await?;
        let program = program.with("TIDEGATE_TRUSTED_PROXIES", "127.0.0.1/32".to_owned());
        let replicas = Replicas::start(program, 1).await?;
        let address = replicas.board().addresses().first().copied().context("there is no replica")?;
        let http = Http::connect(address).await?;
        let (host, token) = (address.to_string(), String::new());
        Ok(Self { http, host, token, requests: 0, _replicas: replicas, _database: database })
    }

    /// What must be done before a pair and is not measured.
    pub(super) async fn prepare(&mut self, flow: Flow, pair: u32) -> anyhow::Result<()> {
        if flow == Flow::EmailChangeRequest && pair.is_multiple_of(TOKEN_PAIRS) {
            let document = "mutation($input: LoginInput!) { login(input: $input) { tokens { accessToken } } }";
            let variables = json!({ "input": { "password": { "email": ASKING, "password": PASSWORD } } });
            self.token.clear();
            let (_, answer) = self.send(&json!({ "query": document, "variables": variables }).to_string()).await?;
            let token = answer.pointer("/data/login/tokens/accessToken").and_then(Value::as_str);
            token.with_context(|| format!("nobody is signed in: {answer}"))?.clone_into(&mut self.token);
        }
        Ok(())
    }

    /// Asks a flow about one half of a pair; how long the answer took.
    pub(super) async fn ask(&mut self, flow: Flow, known: bool, pair: u32) -> anyhow::Result<Duration> {
        let email = flow.email(known, pair);
        let (time, answer) = self.send(&flow.body(&email)).await?;
        anyhow::ensure!(flow.is_right(&answer), "{} about {email} is answered with {answer}", flow.name());
        Ok(time)
    }

    async fn send(&mut self, body: &str) -> anyhow::Result<(Duration, Value)> {
        self.requests += 1;
        let buyer = Ipv4Addr::from_bits(u32::from(Ipv4Addr::new(10, 0, 0, 0)) + self.requests);
        let bearer =
            if self.token.is_empty() { String::new() } else { format!("authorization: Bearer {}\r\n", self.token) };
        let request = format!(
            "POST /graphql HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\nx-forwarded-for: {buyer}\r\n{bearer}\
             content-length: {}\r\n\r\n{body}",
            self.host,
            body.len()
        );
        let asked = Instant::now();
        let (_, answer) = self.http.ask(request.as_bytes()).await?;
        let time = asked.elapsed();
        Ok((time, serde_json::from_slice(answer)?))
    }
}

/// Accounts under one hash: what is measured is whether there is one, not whose it is.
async fn accounts(connection: &mut PgConnection, pairs: u32) -> anyhow::Result<()> {
    let password = Password::check(PASSWORD, "").map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    let phc = hash(&password, *b"0123456789abcdef", HashCost::OWASP).map_err(|fault| anyhow::anyhow!("{fault}"))?;
    for flow in Flow::ALL {
        let waiting = flow == Flow::WaitingVerificationSend;
        let into = if waiting {
            "insert into registration (id, email, email_key, password_hash, given_name, created_at, expires_at)
             select gen_random_uuid(), e, e, $3, 'Ada', now(), now() + interval '1 day'"
        } else {
            "insert into customer (id, email, email_key, email_verified, password_hash, given_name, created_at, updated_at)
             select gen_random_uuid(), e, e, true, $3, 'Ada', now(), now()"
        };
        let from =
            "from (select $1 || lpad(n::text, 6, '0') || '@yes.example' as e from generate_series(0, $2) n) made";
        sqlx::query(sqlx::AssertSqlSafe(format!("{into} {from}")))
            .bind(flow.prefix().to_string())
            .bind(i32::try_from(pairs)?)
            .bind(&phc)
            .execute(&mut *connection)
            .await?;
    }
    sqlx::query(
        "insert into customer (id, email, email_key, email_verified, password_hash, created_at, updated_at)
         values (gen_random_uuid(), $1, $1, true, $2, now(), now())",
    )
    .bind(ASKING)
    .bind(&phc)
    .execute(&mut *connection)
    .await?;
    sqlx::query("analyze").execute(&mut *connection).await?;
    Ok(())
}
