//! What a sign-in takes to a provider and back (OpenID Connect Core 3.1.2.1, RFC 7636).

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE64URL_NOPAD;
use uuid::Uuid;

use super::sealed::{Kind, UnknownLinkKey, key, mac, open, seal};
use crate::keys::KeySet;

const STATE: Kind = Kind { prefix: "tgi_", label: "tidegate/link/oidc-state/v1" };
const NONCE: &str = "tidegate/link/oidc-nonce/v1";
const VERIFIER: &str = "tidegate/link/oidc-verifier/v1";

/// The secrets of one sign-in. Only `state`, `nonce` and `challenge` go through the browser. It prints as
/// `[redacted]`.
#[derive(Clone, PartialEq, Eq)]
pub struct OidcSecrets {
    /// Comes back with the code; [`open_oidc_state`] reads it.
    pub state: String,
    /// Must stand in the ID token.
    pub nonce: String,
    /// The PKCE code verifier: 43 characters, for the token request alone.
    pub verifier: String,
    /// The PKCE code challenge of the method `S256`.
    pub challenge: String,
}

/// The secrets of the sign-in whose row has this `kid` and `id`: the same on every replica.
pub fn oidc_secrets(keys: &KeySet, kid: &str, id: Uuid) -> Result<OidcSecrets, UnknownLinkKey> {
    let key = key(keys, kid)?;
    let verifier = BASE64URL_NOPAD.encode(&mac(key, VERIFIER, id, &[]));
    Ok(OidcSecrets {
        state: seal(&STATE, key, id, &[]),
        nonce: BASE64URL_NOPAD.encode(&mac(key, NONCE, id, &[])),
        challenge: BASE64URL_NOPAD.encode(digest(&SHA256, verifier.as_bytes()).as_ref()),
        verifier,
    })
}

/// The row of the sign-in that a `state` is of, if this shop made it. Whether it is used or too old, and of which
/// session it is, the row tells.
#[must_use]
pub fn open_oidc_state(keys: &KeySet, text: &str) -> Option<Uuid> {
    open::<0>(&STATE, keys, text).map(|(_, id, [])| id)
}

impl fmt::Debug for OidcSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OidcSecrets([redacted])")
    }
}
