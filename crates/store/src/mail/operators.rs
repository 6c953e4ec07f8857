//! What people look at: the newest mails for the page of `dev`, waiting and dead ones for the command.

use std::sync::Arc;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Mail;
use crate::{Statements, Store, StoreError};

/// How far a mail that has not been sent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailState {
    /// It will be tried, or tried again.
    Waiting,
    /// It will not be tried again by itself.
    Dead,
}

/// A mail that has not been sent, without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedMail {
    /// Its id.
    pub id: Uuid,
    /// Which template.
    pub template: String,
    /// The address.
    pub recipient: String,
    /// When it was wanted.
    pub created_at: OffsetDateTime,
    /// When it is tried next; of a dead one, when it was given up.
    pub at: OffsetDateTime,
    /// Tries so far.
    pub tries: u32,
    /// How far it is.
    pub state: MailState,
    /// Why the last try failed.
    pub last_error: Option<String>,
}

impl Store {
    /// Mails that have not been sent, newest first: those in a state, or all.
    pub async fn mail_unsent(
        &self,
        statements: Arc<Statements>,
        state: Option<MailState>,
        limit: i64,
    ) -> Result<Vec<ListedMail>, StoreError> {
        let dead = state.map(|state| state == MailState::Dead);
        self.work(statements, move |conn| {
            Box::pin(async move {
                let rows = sqlx::query!(
                    r#"select id, template, recipient, created_at, coalesce(dead_at, next_try_at) as "at!", tries,
                              dead_at is not null as "dead!", last_error
                       from mail
                       where sent_at is null and ($1::boolean is null or (dead_at is not null) = $1)
                       order by created_at desc, id desc limit $2"#,
                    dead,
                    limit,
                )
                .fetch_all(conn)
                .await?;
                let listed = rows.into_iter().map(|row| ListedMail {
                    id: row.id,
                    template: row.template,
                    recipient: row.recipient,
                    created_at: row.created_at,
                    at: row.at,
                    tries: row.tries.cast_unsigned(),
                    state: if row.dead { MailState::Dead } else { MailState::Waiting },
                    last_error: row.last_error,
                });
                Ok(listed.collect())
            })
        })
        .await
    }

    /// Has dead mails sent again as soon as possible, and waiting ones before their time. `None` is every dead one.
    /// Returns how many.
    pub async fn mail_retry(
        &self,
        statements: Arc<Statements>,
        ids: Option<Vec<Uuid>>,
        now: OffsetDateTime,
    ) -> Result<i64, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let retried = sqlx::query_scalar!(r#"select mail_retry_v1($1, $2) as "retried!""#, ids.as_deref(), now)
                    .fetch_one(conn)
                    .await?;
                Ok(retried)
            })
        })
        .await
    }

    /// The newest mails, sent or not: all, or those to one address.
    pub async fn mail_newest(
        &self,
        statements: Arc<Statements>,
        recipient: Option<String>,
        limit: i64,
    ) -> Result<Vec<Mail>, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let mails = sqlx::query_as!(
                    Mail,
                    r#"select m.id, m.template, m.recipient, m.data, m.created_at, t.expires_at as "expires_at?"
                       from mail m left join one_time_token t on t.id = mail_token_v1(m.data)
                       where $1::text is null or m.recipient = $1
                       order by m.created_at desc, m.id desc limit $2"#,
                    recipient,
                    limit,
                )
                .fetch_all(conn)
                .await?;
                Ok(mails)
            })
        })
        .await
    }
}
