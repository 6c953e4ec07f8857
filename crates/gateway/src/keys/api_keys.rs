//! The API keys in force, held by their hashes.

use std::collections::HashMap;
use std::sync::Arc;

use tidegate_store::{Store, StoreError};
use time::OffsetDateTime;

/// What an API key can permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// To call `/graphql`.
    Storefront,
    /// To say whose request it is with `X-Buyer-Address`.
    BuyerAddress,
}

impl Scope {
    /// Every scope.
    pub(crate) const ALL: [Self; 2] = [Self::Storefront, Self::BuyerAddress];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Storefront => "storefront",
            Self::BuyerAddress => "buyer-address",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}

/// A registered client application, by the key it sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ApiKey {
    /// What its owner calls it: short and plain, fit for a log.
    pub(crate) name: String,
    /// Scopes that this release does not know are none.
    pub(crate) scopes: Vec<Scope>,
    /// When it ends by itself.
    pub(crate) expires_at: Option<OffsetDateTime>,
}

impl ApiKey {
    pub(crate) fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }
}

/// The keys in force when they were read: a bounded number, whoever calls.
#[derive(Debug, Default)]
pub(super) struct ApiKeys(HashMap<[u8; 32], Arc<ApiKey>>);

impl ApiKeys {
    pub(super) async fn read(store: &Store, now: OffsetDateTime) -> Result<Self, StoreError> {
        let rows = store.api_keys_in_force(Arc::default(), now).await?;
        let keys = rows.into_iter().filter_map(|row| {
            let scopes = row.scopes.iter().filter_map(|scope| Scope::parse(scope)).collect();
            let hash = row.key_hash.try_into().ok()?;
            Some((hash, Arc::new(ApiKey { name: row.name, scopes, expires_at: row.expires_at })))
        });
        Ok(Self(keys.collect()))
    }

    /// The key of a hash, if it is still in force. A look-up by a hash of 256 random bits tells nothing by its time.
    pub(super) fn get(&self, hash: &[u8; 32], now: OffsetDateTime) -> Option<Arc<ApiKey>> {
        self.0.get(hash).filter(|key| key.expires_at.is_none_or(|at| now < at)).cloned()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_key_ends_by_itself_between_two_readings() {
        let end = datetime!(2026-03-01 12:00 UTC);
        let key = |expires_at| Arc::new(ApiKey { name: "web".to_owned(), scopes: Vec::new(), expires_at });
        let keys = ApiKeys([([1; 32], key(Some(end))), ([2; 32], key(None))].into());

        let before = end - time::Duration::nanoseconds(1);
        assert_eq!(keys.get(&[1; 32], before).unwrap().name, "web");
        assert!(keys.get(&[1; 32], end).is_none());
        assert!(keys.get(&[2; 32], end).is_some());
        assert!(keys.get(&[3; 32], before).is_none());
    }

    #[test]
    fn scopes_read_back_and_others_are_none() {
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.as_str()), Some(scope));
        }
        assert_eq!(Scope::parse("admin"), None);
    }
}
