//! `tidegate mail`: what has not been sent, and trying it again. What a mail says, and so its secret, is never printed.

use std::fmt::Write as _;
use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::json;
use tidegate_model::Clock as _;
use tidegate_model::clock::SystemClock;
use tidegate_store::mail::{ListedMail, MailState};
use tidegate_store::{PoolSettings, Store, StoreError};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use super::{database_url, print};
use crate::config::Settings;
use crate::problem::Problem;

/// Mails that a list shows.
const SHOWN: i64 = 1000;

#[derive(Debug, Subcommand)]
pub(super) enum MailCommand {
    /// List the mails that have not been sent, newest first
    List(ListArguments),
    /// Send dead mails again, and waiting ones before their time
    Retry(RetryArguments),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tidegate mail list                  everything that has not been sent
  tidegate mail list --dead           what was given up, and why
  tidegate mail list --dead --json    the same for a program

A mail waits until it has been sent: a failed try is repeated after 30 s, 2 min, 10 min, 1 h and then 6 h.
It is dead after nine tries, or at once when the server refuses it for good or its link has expired.")]
pub(super) struct ListArguments {
    /// Only those that are not tried any more
    #[arg(long, conflicts_with = "waiting")]
    dead: bool,
    /// Only those that are still to be tried
    #[arg(long)]
    waiting: bool,
    /// One JSON array
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tidegate mail retry 01a20938-a6b6-7f29-b3fd-ef3a999d0f92
  tidegate mail retry --all-dead      after the mail server was mended

A mail whose link has expired is given up again: its reader has to ask for a new one.")]
pub(super) struct RetryArguments {
    /// Mails, as `tidegate mail list` tells them
    #[arg(value_name = "ID", required_unless_present = "all_dead", conflicts_with = "all_dead")]
    ids: Vec<Uuid>,
    /// Every mail that was given up
    #[arg(long)]
    all_dead: bool,
}

/// Runs one of the commands.
pub(super) async fn run(settings: Settings, command: MailCommand) -> Result<(), Problem> {
    let store = Store::new(database_url(&settings)?, PoolSettings { max_connections: 1, ..PoolSettings::default() })
        .map_err(|error| failed(&error))?;
    match command {
        MailCommand::List(arguments) => {
            let state = match (arguments.dead, arguments.waiting) {
                (true, _) => Some(MailState::Dead),
                (_, true) => Some(MailState::Waiting),
                _ => None,
            };
            let mails = store.mail_unsent(Arc::default(), state, SHOWN).await.map_err(|error| failed(&error))?;
            print(&if arguments.json { as_json(&mails) } else { as_text(&mails) })
        }
        MailCommand::Retry(arguments) => {
            let ids = (!arguments.all_dead).then_some(arguments.ids);
            let wanted = ids.as_ref().map(Vec::len);
            let retried =
                store.mail_retry(Arc::default(), ids, SystemClock.now()).await.map_err(|error| failed(&error))?;
            print(&told(retried, wanted))
        }
    }
}

fn failed(error: &StoreError) -> Problem {
    Problem::failed(error.to_string())
}

fn told(retried: i64, wanted: Option<usize>) -> String {
    let left = wanted.and_then(|wanted| i64::try_from(wanted).ok()).map_or(0, |wanted| wanted - retried);
    let mut text = match retried {
        0 => "No mail is tried again.\n".to_owned(),
        1 => "1 mail is tried again now.\n".to_owned(),
        _ => format!("{retried} mails are tried again now.\n"),
    };
    if left > 0 {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "Left alone: {left} (sent already, being sent now, or unknown).");
    }
    text
}

fn as_text(mails: &[ListedMail]) -> String {
    if mails.is_empty() {
        return "No mail waits, and none is dead.\n".to_owned();
    }
    let mut text = String::new();
    for mail in mails {
        let (state, at) = (state(mail.state), instant(mail.at));
        let tries = if mail.tries == 1 { "1 try".to_owned() } else { format!("{} tries", mail.tries) };
        let until = if mail.state == MailState::Dead { "since" } else { "until" };
        let _ = writeln!(
            text,
            "{}  {state} {until} {at}  {tries}  {}  {}",
            mail.id,
            mail.template,
            one_line(&mail.recipient)
        );
        if let Some(error) = &mail.last_error {
            let _ = writeln!(text, "    {}", one_line(error));
        }
    }
    text
}

fn as_json(mails: &[ListedMail]) -> String {
    let listed = |mail: &ListedMail| {
        json!({
            "id": mail.id,
            "state": state(mail.state),
            "template": mail.template,
            "to": mail.recipient,
            "tries": mail.tries,
            "createdAt": instant(mail.created_at),
            "nextTryAt": (mail.state == MailState::Waiting).then(|| instant(mail.at)),
            "deadSince": (mail.state == MailState::Dead).then(|| instant(mail.at)),
            "lastError": mail.last_error,
        })
    };
    format!("{:#}\n", mails.iter().map(listed).collect::<serde_json::Value>())
}

fn state(state: MailState) -> &'static str {
    match state {
        MailState::Waiting => "waiting",
        MailState::Dead => "dead",
    }
}

fn instant(at: OffsetDateTime) -> String {
    at.to_offset(time::UtcOffset::UTC).truncate_to_second().format(&Rfc3339).unwrap_or_default()
}

/// What others wrote must not move the terminal's cursor.
fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn mail(state: MailState) -> ListedMail {
        ListedMail {
            id: Uuid::from_u128(0x0198_c7a0_1b2c_7d3e_8f40_0000_0000_0001),
            template: "PASSWORD_RESET".to_owned(),
            recipient: "ada@example.com\u{1b}[2J".to_owned(),
            created_at: datetime!(2026-11-23 16:00 UTC),
            at: datetime!(2026-11-23 16:30:00.25 UTC),
            tries: 2,
            state,
            last_error: Some("permanent error (550): no such user".to_owned()),
        }
    }

    #[test]
    fn a_list_for_people_and_for_programs() {
        let mails = [mail(MailState::Dead), ListedMail { tries: 1, last_error: None, ..mail(MailState::Waiting) }];

        insta::assert_snapshot!(as_text(&mails), @r"
        0198c7a0-1b2c-7d3e-8f40-000000000001  dead since 2026-11-23T16:30:00Z  2 tries  PASSWORD_RESET  ada@example.com [2J
            permanent error (550): no such user
        0198c7a0-1b2c-7d3e-8f40-000000000001  waiting until 2026-11-23T16:30:00Z  1 try  PASSWORD_RESET  ada@example.com [2J
        ");
        insta::assert_snapshot!(as_json(&mails[..1]), @r#"
        [
          {
            "createdAt": "2026-11-23T16:00:00Z",
            "deadSince": "2026-11-23T16:30:00Z",
            "id": "0198c7a0-1b2c-7d3e-8f40-000000000001",
            "lastError": "permanent error (550): no such user",
            "nextTryAt": null,
            "state": "dead",
            "template": "PASSWORD_RESET",
            "to": "ada@example.com\u001b[2J",
            "tries": 2
          }
        ]
        "#);
    }

    #[test]
    fn what_was_left_alone_is_told() {
        assert_eq!(told(2, Some(2)), "2 mails are tried again now.\n");
        assert_eq!(told(0, None), "No mail is tried again.\n");
        assert_eq!(
            told(1, Some(3)),
            "1 mail is tried again now.\nLeft alone: 2 (sent already, being sent now, or unknown).\n"
        );
    }
}
