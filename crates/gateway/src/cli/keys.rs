//! `tidegate keys`.

use std::fmt::Write as _;

use serde_json::json;
use tidegate_auth::keys::SigningAlgorithm;
use tidegate_model::Clock as _;
use tidegate_model::clock::SystemClock;
use tidegate_store::identity::SigningKeyRow;
use time::OffsetDateTime;

use super::arguments::{KeysCommand, RetireArguments};
use super::lifetime::{self, show, show_or_dash};
use super::print;
use crate::app;
use crate::config::Settings;
use crate::keys::life::{self, KeyState, Rotated, TOKEN_LIFE};
use crate::problem::Problem;

/// Runs one of the commands.
pub(super) async fn run(settings: Settings, command: KeysCommand) -> Result<(), Problem> {
    match command {
        KeysCommand::List { json } => list(&settings, json).await,
        KeysCommand::Rotate { algorithm } => rotate(&settings, algorithm.as_deref()).await,
        KeysCommand::Retire(arguments) => retire(&settings, &arguments).await,
    }
}

async fn list(settings: &Settings, json: bool) -> Result<(), Problem> {
    let keys = life::all(&app::store(settings).await?, SystemClock.now()).await?;
    print(&if json { as_json(&keys) } else { as_table(&keys) })
}

fn as_table(keys: &[(SigningKeyRow, KeyState)]) -> String {
    let mut text = String::new();
    let mut line = |columns: [&str; 6]| {
        let [id, algorithm, state, created, from, ends] = columns;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{id:<17} {algorithm:<9} {state:<9} {created:<20} {from:<20} {ends}");
    };
    line(["id", "algorithm", "state", "created", "signs from", "ends"]);
    for (key, state) in keys {
        let (created, from, ends) = (show(key.created_at), show(key.active_from), show_or_dash(key.retired_at));
        line([&key.kid, &key.algorithm, state.as_str(), &created, &from, &ends]);
    }
    text
}

fn as_json(keys: &[(SigningKeyRow, KeyState)]) -> String {
    let keys: Vec<_> = keys
        .iter()
        .map(|(key, state)| {
            json!({
                "id": key.kid,
                "algorithm": key.algorithm,
                "state": state.as_str(),
                "createdAt": show(key.created_at),
                "activeFrom": show(key.active_from),
                "retiredAt": key.retired_at.map(show),
            })
        })
        .collect();
    format!("{:#}\n", json!(keys))
}

async fn rotate(settings: &Settings, algorithm: Option<&str>) -> Result<(), Problem> {
    let algorithm: SigningAlgorithm = match algorithm {
        Some(text) => {
            text.parse().map_err(|_| Problem::configuration("--algorithm is not one of HS256, EdDSA and ES256"))?
        }
        None => settings.signing_algorithm,
    };
    let kek = app::key_encryption_key(settings)?;
    let store = app::store(settings).await?;
    print(&what_happens(&life::rotate(&store, &kek, algorithm, SystemClock.now()).await?))
}

fn what_happens(rotated: &Rotated) -> String {
    let Rotated { key, before } = rotated;
    let from = show(key.active_from);
    let head = format!("Made key {} ({}).\n", key.kid, key.algorithm);
    match before {
        None => format!("{head}It signs from {from}. No key signed before it.\n"),
        Some(before) => format!(
            "{head}\
             now                   gateways read it within 30 seconds; {before} goes on signing\n\
             {from}  it signs; {before} goes on to vouch for what it has signed\n\
             after that            tidegate keys retire {before}\n"
        ),
    }
}

async fn retire(settings: &Settings, arguments: &RetireArguments) -> Result<(), Problem> {
    let now = SystemClock.now();
    let at = match &arguments.after {
        _ if arguments.now => now,
        None => now + TOKEN_LIFE,
        Some(text) => now + lifetime::option("--after", text)?,
    };
    let ends = life::retire(&app::store(settings).await?, &arguments.kid, at, now).await?;
    print(&what_dies(&arguments.kid, ends, now))
}

fn what_dies(kid: &str, at: OffsetDateTime, now: OffsetDateTime) -> String {
    let (when, tokens) = if at <= now {
        (
            "ends now, and within 30 seconds on every gateway".to_owned(),
            "Its access tokens end with it: their holders are answered TOKEN_INVALID and have to refresh.",
        )
    } else if at < now + TOKEN_LIFE {
        (
            format!("ends at {}", show(at)),
            "Access tokens that it signed in the last minutes end with it: their holders have to refresh.",
        )
    } else {
        (format!("ends at {}", show(at)), "No access token that it signed is good by then.")
    };
    format!(
        "Key {kid} {when}.\n{tokens}\n\
         What else it made ends with it: page cursors, links and codes in mails, links to orders, marks of known \
         devices.\nRefresh tokens stay good.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

    fn key(kid: &str, retired_at: Option<OffsetDateTime>) -> SigningKeyRow {
        SigningKeyRow {
            kid: kid.to_owned(),
            algorithm: "HS256".to_owned(),
            sealed: b"hush".to_vec(),
            created_at: NOW,
            active_from: NOW + Duration::minutes(2),
            retired_at,
        }
    }

    #[test]
    fn the_list_shows_all_but_the_secret() {
        let keys = [(key("kx2m", None), KeyState::Published), (key("ab", Some(NOW)), KeyState::Retired)];

        insta::assert_snapshot!(as_table(&keys), @r"
        id                algorithm state     created              signs from           ends
        kx2m              HS256     published 2026-03-01T12:00:00Z 2026-03-01T12:02:00Z -
        ab                HS256     retired   2026-03-01T12:00:00Z 2026-03-01T12:02:00Z 2026-03-01T12:00:00Z
        ");
        assert_eq!(
            as_json(&keys[1..]).replace([' ', '\n'], ""),
            "[{\"activeFrom\":\"2026-03-01T12:02:00Z\",\"algorithm\":\"HS256\",\"createdAt\":\"2026-03-01T12:00:00Z\",\
             \"id\":\"ab\",\"retiredAt\":\"2026-03-01T12:00:00Z\",\"state\":\"retired\"}]"
        );
    }

    #[test]
    fn a_rotation_says_what_happens_when() {
        let rotated = Rotated { key: key("new", None), before: Some("old".to_owned()) };

        insta::assert_snapshot!(what_happens(&rotated), @r"
        Made key new (HS256).
        now                   gateways read it within 30 seconds; old goes on signing
        2026-03-01T12:02:00Z  it signs; old goes on to vouch for what it has signed
        after that            tidegate keys retire old
        ");
    }

    #[test]
    fn an_end_says_what_dies() {
        insta::assert_snapshot!(what_dies("old", NOW, NOW), @r"
        Key old ends now, and within 30 seconds on every gateway.
        Its access tokens end with it: their holders are answered TOKEN_INVALID and have to refresh.
        What else it made ends with it: page cursors, links and codes in mails, links to orders, marks of known devices.
        Refresh tokens stay good.
        ");
        insta::assert_snapshot!(what_dies("old", NOW + TOKEN_LIFE, NOW), @r"
        Key old ends at 2026-03-01T12:15:30Z.
        No access token that it signed is good by then.
        What else it made ends with it: page cursors, links and codes in mails, links to orders, marks of known devices.
        Refresh tokens stay good.
        ");
    }
}
