//! Secrets that are derived, never stored: what stands in mails, in signed links, on trusted devices and in a sign-in
//! that is under way.
//!
//! Each is an HMAC-SHA256 of a label and an id under a key's [`crate::keys::Purpose::Link`] key, so that any replica
//! makes it and checks it and no table holds it. Each kind has a label of its own, and one that is read by itself has
//! a prefix of its own too.
//!
//! | Text | Kind | Stands for | Ends |
//! |---|---|---|---|
//! | `tgl_…` | [`link_token`], by [`LinkPurpose`] | a row of one-time tokens | with its row |
//! | 8 digits | [`login_code`] | the same | with its row |
//! | `tgc_…` | [`code_token`], in the answer to whoever asked for the code | the same | with its row |
//! | `tgo_…` | [`order_link`] | an order | at a time inside it |
//! | `tgd_…` | [`device_token`] | a customer, on one device | at a time inside it |
//! | `tgi_…` | the `state` of [`oidc_secrets`] | a row of sign-ins | with its row |
//!
//! Single use, attempts and the binding to a user are the row's affair: a good text is necessary and not sufficient.
//! A text whose key is retired is refused, so a key must outlive what was sent under it.

mod dated;
mod mailed;
mod oidc;
mod sealed;

pub use dated::{device_token, open_device_token, open_order_link, order_link};
pub use mailed::{LinkPurpose, code_matches, code_token, link_token, login_code, open_code_token, open_link};
pub use oidc::{OidcSecrets, oidc_secrets, open_oidc_state};
pub use sealed::UnknownLinkKey;

#[cfg(test)]
mod tests;
