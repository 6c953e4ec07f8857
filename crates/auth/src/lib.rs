//! Tokens, keys and digests: pure functions over bytes and time.
//!
//! Nothing here reads a clock, a file, a socket or a database. Time is always a parameter, and
//! randomness is too: [`entropy`] is the one module that draws it, for callers to pass in. A
//! process therefore holds nothing but an immutable [`keys::KeySet`], and whatever one replica
//! signs every other replica with the same key rows verifies.
//!
//! # One secret per key id, one key per purpose
//!
//! A key row holds one 256-bit master secret under AES-256-GCM ([`keys::SealedKey`]). No token is
//! ever made with the master itself: [`keys::KeySet`] derives a separate key per
//! [`keys::Purpose`] with HKDF-SHA256, so a cursor never verifies as an access token whatever its
//! bytes are.
//!
//! | Module | Token | Form | Key |
//! |---|---|---|---|
//! | [`access`] | access token | JWT, `typ: at+jwt` | [`keys::Purpose::Access`] |
//! | [`external`] | another issuer's access or ID token | JWT | that issuer's public keys |
//! | [`refresh`] | refresh token | `tgr_…`, random or derived from its parent | [`keys::Purpose::Refresh`] |
//! | [`secret`] | cart secret | `tgs_…`, random, stored hashed | none |
//! | [`api_key`] | API key | `tgk_…`, random, stored hashed | none |
//! | [`link`] | mailed link | `tgl_…`, an id with a MAC | [`keys::Purpose::Link`] |
//! | [`link`] | order link, device token | `tgo_…`, `tgd_…`, with an end | [`keys::Purpose::Link`] |
//! | [`link`] | OIDC state | `tgi_…`, an id with a MAC | [`keys::Purpose::Link`] |
//! | [`link`] | login code, OIDC nonce, PKCE verifier | eight digits, base64url | [`keys::Purpose::Link`] |
//! | [`cursor`] | page cursor | opaque base64url with a MAC | [`keys::Purpose::Cursor`] |
//!
//! A password is no token: [`password`] hashes it with Argon2id.
//!
//! # Adding a kind of token
//!
//! 1. Decide whether it needs a key. A secret the database knows by its hash needs none: model it
//!    on [`secret`], with a prefix of its own.
//! 2. Otherwise add a variant to [`keys::Purpose`] with a fresh label ending in `/v1`, and list it
//!    in [`keys::Purpose::ALL`]; the tests then hold it apart from every other purpose. A label is
//!    never reused, and a change of what is signed takes a new version of the label.
//! 3. Hold the derived key in [`keys::SigningKey`], prepared once when the set is built.
//! 4. Put the token in a file of its own with a `seal` and an `open`. Length-prefix every variable
//!    field under the MAC, cap the length before decoding, and bind the token to what it is for (a
//!    user, a list, an address), so that it is refused everywhere else.
//! 5. If it is a JWT, give it its own `typ` and add it to the type-confusion test,
//!    `case_54_other_token_types`.

pub mod access;
pub mod api_key;
pub mod cursor;
pub mod digest;
pub mod entropy;
pub mod external;
pub mod keys;
pub mod link;
mod opaque;
pub mod password;
pub mod refresh;
pub mod secret;
#[cfg(test)]
mod test_keys;
