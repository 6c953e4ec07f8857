//! The keys in force: an immutable snapshot that every replica builds from the same rows.

use std::{collections::HashSet, fmt};

use aws_lc_rs::{
    digest::{Context, SHA256},
    hmac,
};
use data_encoding::HEXLOWER;
use jsonwebtoken::Header;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::{
    KeyEncryptionKey, MASTER_PURPOSE, SealedKey, SigningAlgorithm, is_kid,
    jwt_key::JwtKey,
    open,
    purpose::{DeriveError, Purpose, check_value, derive},
};
use crate::access::HEADER_TYPE;

/// How far another replica's clock may run ahead of ours when it begins to sign with a key.
pub const ACTIVATION_SKEW: Duration = Duration::seconds(30);

/// The keys of a shop at one moment. Building it is the only costly step; using it is not.
pub struct KeySet {
    /// Newest first, so that the signer is the first one active.
    keys: Vec<SigningKey>,
    /// Ids that are known but no longer in force, so that their tokens cause no re-read.
    retired: HashSet<String>,
    fingerprint: String,
}

/// One key with all that is derived from it.
pub struct SigningKey {
    kid: String,
    algorithm: SigningAlgorithm,
    active_from: OffsetDateTime,
    retired_at: Option<OffsetDateTime>,
    check: [u8; 32],
    pub(crate) jwt: JwtKey,
    pub(crate) header: Header,
    pub(crate) cursor: hmac::Key,
    pub(crate) refresh: hmac::Key,
    pub(crate) link: hmac::Key,
}

/// Why no set could be built. A gateway in this state must not serve.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// A row did not open under the key-encryption key.
    #[error("key {0} does not open: wrong key-encryption key, or the row was altered")]
    NotOpened(String),
    /// A row's id is not 1 to 32 characters of `a-z0-9`.
    #[error("{0:?} is not a key id")]
    NotAKeyId(String),
    /// Two rows share an id.
    #[error("key {0} appears twice")]
    Duplicate(String),
    /// No signing key could be derived. The chance of it is negligible for a random master.
    #[error("key {0} yields no signing key")]
    NotDerived(String),
}

/// No key is active yet, or all are retired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no key is in force")]
pub struct NoSigningKey;

impl KeySet {
    /// Opens the rows and derives every key from them. Rows retired by `now` are not opened, only
    /// remembered as known.
    pub fn build(rows: Vec<SealedKey>, kek: &KeyEncryptionKey, now: OffsetDateTime) -> Result<Self, KeySetError> {
        let mut seen = HashSet::new();
        for row in &rows {
            if !is_kid(&row.kid) {
                return Err(KeySetError::NotAKeyId(row.kid.clone()));
            }
            if !seen.insert(row.kid.as_str()) {
                return Err(KeySetError::Duplicate(row.kid.clone()));
            }
        }
        let (retired, mut live): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| row.retired_at.is_some_and(|at| at <= now));
        // The id breaks ties, so that replicas agree on the order whatever the database's was.
        live.sort_by(|a, b| (b.active_from, b.created_at, &b.kid).cmp(&(a.active_from, a.created_at, &a.kid)));
        let keys = live.into_iter().map(|row| SigningKey::build(row, kek)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { fingerprint: fingerprint(&keys), keys, retired: retired.into_iter().map(|row| row.kid).collect() })
    }

    /// The key to sign with: the newest that is active and not retired.
    pub fn signer(&self, now: OffsetDateTime) -> Result<&SigningKey, NoSigningKey> {
        self.keys.iter().find(|key| key.active_from <= now && !key.is_retired(now)).ok_or(NoSigningKey)
    }

    /// Whether the key id is known, in force or not. Meeting an unknown one is the reason to read
    /// the rows again, at most once a second.
    #[must_use]
    pub fn knows(&self, kid: &str) -> bool {
        self.key(kid).is_some() || self.retired.contains(kid)
    }

    /// The public keys as a JWK set (RFC 7517): those published, active or not, but never a
    /// symmetric one.
    #[must_use]
    pub fn jwks(&self) -> Value {
        let keys: Vec<Value> = self.keys.iter().filter_map(SigningKey::jwk).collect();
        json!({ "keys": keys })
    }

    /// A short text equal on every replica that holds the same keys, for readiness reports. It
    /// reveals nothing of them.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    pub(crate) fn key(&self, kid: &str) -> Option<&SigningKey> {
        self.keys.iter().find(|key| key.kid == kid)
    }
}

impl SigningKey {
    fn build(row: SealedKey, kek: &KeyEncryptionKey) -> Result<Self, KeySetError> {
        let algorithm = row.algorithm;
        let Ok(master) = open(kek, &row.kid, MASTER_PURPOSE, algorithm, &row.sealed) else {
            return Err(KeySetError::NotOpened(row.kid));
        };
        Self::derive(&row, &master).map_err(|DeriveError| KeySetError::NotDerived(row.kid))
    }

    fn derive(row: &SealedKey, master: &[u8; 32]) -> Result<Self, DeriveError> {
        let algorithm = row.algorithm;
        let mac = |purpose| derive(master, purpose, algorithm, 0).map(|key| hmac::Key::new(hmac::HMAC_SHA256, &key));
        let mut header = Header::new(algorithm.jwt());
        header.typ = Some(HEADER_TYPE.to_owned());
        header.kid = Some(row.kid.clone());
        Ok(Self {
            kid: row.kid.clone(),
            algorithm,
            active_from: row.active_from,
            retired_at: row.retired_at,
            check: check_value(master, algorithm)?,
            jwt: JwtKey::derive(master, algorithm)?,
            header,
            cursor: mac(Purpose::Cursor)?,
            refresh: mac(Purpose::Refresh)?,
            link: mac(Purpose::Link)?,
        })
    }

    /// The key's id.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// How the key signs access tokens.
    #[must_use]
    pub const fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    /// Whether a token of this key may be accepted at `now`.
    pub(crate) fn verifies_at(&self, now: OffsetDateTime) -> bool {
        self.active_from <= now + ACTIVATION_SKEW && !self.is_retired(now)
    }

    fn is_retired(&self, now: OffsetDateTime) -> bool {
        self.retired_at.is_some_and(|at| at <= now)
    }

    pub(super) fn jwk(&self) -> Option<Value> {
        let mut jwk = self.jwt.public.clone()?;
        jwk["kid"] = self.kid.as_str().into();
        jwk["alg"] = self.algorithm.as_str().into();
        jwk["use"] = "sig".into();
        Some(jwk)
    }
}

fn fingerprint(keys: &[SigningKey]) -> String {
    let nanos = |at: OffsetDateTime| at.unix_timestamp_nanos().to_be_bytes();
    let mut hash = Context::new(&SHA256);
    for key in keys {
        // Fields of fixed length, but for the id, which the check value makes redundant.
        hash.update(&key.check);
        hash.update(&nanos(key.active_from));
        hash.update(&key.retired_at.map_or([0; 16], nanos));
    }
    HEXLOWER.encode(&hash.finish().as_ref()[..8])
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid).field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySet")
            .field("keys", &self.keys)
            .field("fingerprint", &self.fingerprint)
            .finish_non_exhaustive()
    }
}
