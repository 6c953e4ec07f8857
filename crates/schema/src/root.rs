//! The roots: the list of the domains, and nothing else.

use async_graphql::MergedObject;

use crate::cart::{CartMutation, CartQuery};
use crate::catalog::CatalogQuery;
use crate::checkout::CheckoutMutation;
use crate::identity::{AccountMutation, IdentityMutation, IdentityQuery, SignInMutation};
use crate::order::OrderQuery;
use crate::shop::ShopQuery;

/// What can be read. Catalogue and shop are public; carts, orders and the viewer belong to a session.
#[derive(Debug, Default, MergedObject)]
pub struct Query(ShopQuery, CatalogQuery, CartQuery, IdentityQuery, OrderQuery);

/// What can be changed. Every mutation is one transaction, takes an idempotency key, and answers with a payload whose
/// `errors` say what was refused.
#[derive(Debug, Default, MergedObject)]
pub struct Mutation(IdentityMutation, SignInMutation, AccountMutation, CartMutation, CheckoutMutation);
