//! Claiming, marking and expiring. Sending happens in between, with no lock held.

use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Statements, Store, StoreError};

/// What a mail says, and to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its id, the same at every try.
    pub id: Uuid,
    /// Which template, such as `VERIFY_EMAIL`.
    pub template: String,
    /// The address, as it was typed.
    pub recipient: String,
    /// What fills the template.
    pub data: Value,
    /// When it was wanted.
    pub created_at: OffsetDateTime,
    /// When its link or code ends. `None` if it has none, or if what that stood for is gone.
    pub expires_at: Option<OffsetDateTime>,
}

/// A mail that the caller alone may send until the claim ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedMail {
    /// The mail.
    pub mail: Mail,
    /// When the claim ends. Names the claim when the try has failed.
    pub claimed_until: OffsetDateTime,
}

/// A try that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedTry {
    /// The mail.
    pub id: Uuid,
    /// The claim under which it was tried.
    pub claimed_until: OffsetDateTime,
    /// Why, for operators. Must hold no secret.
    pub error: String,
    /// Another try is pointless.
    pub is_final: bool,
}

/// What becomes of a mail after a failed try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailFate {
    /// It waits for its next try.
    Waiting,
    /// It is not tried again unless an operator wants it.
    Dead,
    /// The claim had ended, or somebody else has sent it: nothing was changed.
    Lost,
}

impl Store {
    /// Claims at most `batch` mails that are due. Each claim counts as a try, so one whose sender dies is counted too.
    pub async fn mail_claim(
        &self,
        statements: Arc<Statements>,
        now: OffsetDateTime,
        lease: Duration,
        batch: i64,
    ) -> Result<Vec<ClaimedMail>, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let rows = sqlx::query!(
                    r#"select id as "id!", template as "template!", recipient as "recipient!", data as "data!",
                              created_at as "created_at!", claimed_until as "claimed_until!", expires_at
                       from mail_claim_v1($1, $2, $3)"#,
                    now,
                    lease.as_secs_f64(),
                    batch,
                )
                .fetch_all(conn)
                .await?;
                let claimed = rows.into_iter().map(|row| ClaimedMail {
                    mail: Mail {
                        id: row.id,
                        template: row.template,
                        recipient: row.recipient,
                        data: row.data,
                        created_at: row.created_at,
                        expires_at: row.expires_at,
                    },
                    claimed_until: row.claimed_until,
                });
                Ok(claimed.collect())
            })
        })
        .await
    }

    /// Notes that a mail has been sent. `false` if that was known.
    pub async fn mail_sent(
        &self,
        statements: Arc<Statements>,
        id: Uuid,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let marked =
                    sqlx::query_scalar!(r#"select mail_sent_v1($1, $2) as "marked!""#, id, now).fetch_one(conn).await?;
                Ok(marked)
            })
        })
        .await
    }

    /// Notes that a try has failed. The next one is after 30 s, 2 min, 10 min, 1 h and then 6 h; the ninth is the last.
    pub async fn mail_failed(
        &self,
        statements: Arc<Statements>,
        failed: FailedTry,
        now: OffsetDateTime,
    ) -> Result<MailFate, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let fate = sqlx::query_scalar!(
                    r#"select mail_failed_v1($1, $2, $3, $4, $5) as "fate!""#,
                    failed.id,
                    failed.claimed_until,
                    now,
                    failed.error,
                    failed.is_final,
                )
                .fetch_one(conn)
                .await?;
                Ok(match fate.as_str() {
                    "WAITING" => MailFate::Waiting,
                    "DEAD" => MailFate::Dead,
                    _ => MailFate::Lost,
                })
            })
        })
        .await
    }

    /// Deletes at most `batch` mails: sent 7 days ago, dead for 30 days, or due for 30 days with nobody who sends.
    pub async fn mail_expire(
        &self,
        statements: Arc<Statements>,
        now: OffsetDateTime,
        batch: i64,
    ) -> Result<i64, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let deleted = sqlx::query_scalar!(r#"select mail_expire_v1($1, $2) as "deleted!""#, now, batch)
                    .fetch_one(conn)
                    .await?;
                Ok(deleted)
            })
        })
        .await
    }
}
