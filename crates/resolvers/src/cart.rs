//! Carts: reading one, making one, changing one.

use async_trait::async_trait;
use serde_json::json;
use tidegate_auth::secret::CartSecret;
use tidegate_model::cart::{Cart, CartHint, CartLine, CartOperation};
use tidegate_model::id::{CartId, CartLineId, SessionId};
use tidegate_model::identity::Viewer;
use tidegate_model::page::{Page, Slice, Window};
use tidegate_model::{Failure, Refusal};
use tidegate_schema::ports::{Answer, CartChange, CartChanged, CartCreate, CartCreated, CartMerge, CartPort};
use tidegate_store::Outcome;
use tidegate_store::cart::{CartAccess, CartApply, CartCreate as CartInsert, CartFound};

use crate::failure::failure;
use crate::identity::fresh_secrets;
use crate::refusals::{path_of, refusals};
use crate::{RequestResolvers, idempotency, mint};

impl RequestResolvers {
    pub(crate) fn access(&self) -> CartAccess {
        CartAccess { viewer: self.request.viewer.clone(), now: self.request.now }
    }

    /// Reads a cart for a viewer, with the window of lines that the hint names.
    pub(crate) async fn read_cart(&self, viewer: Viewer, id: CartId, hint: CartHint) -> Answer<Option<Cart>> {
        let page = self.hint(hint).lines.map(Page::first);
        let access = CartAccess { viewer, now: self.request.now };
        let found = self.store().cart(self.statements(), access, id, page.clone()).await.map_err(failure)?;
        match found {
            CartFound::Found(cart, lines) => Ok(Some(self.with_lines(*cart, lines, page.is_some()))),
            CartFound::Missing => Ok(None),
            CartFound::SessionRevoked => Err(Failure::SessionRevoked),
        }
    }

    /// The cart with the lines that were read along as a window over its list.
    pub(crate) fn with_lines(&self, mut cart: Cart, lines: Slice<CartLine>, read: bool) -> Cart {
        if read {
            let complete = !lines.has_next;
            cart.lines = Some(Window { items: self.shown_lines(lines).items, complete });
        }
        cart
    }

    fn shown_lines(&self, lines: Slice<CartLine>) -> Slice<CartLine> {
        lines.map(|line| self.shown_line(line))
    }

    pub(crate) fn shown_line(&self, mut line: CartLine) -> CartLine {
        line.variant = line.variant.map(|variant| self.shown_variant(variant));
        line
    }

    /// A new id for every line that the operations add.
    fn line_ids(&self, operations: &[CartOperation]) -> Answer<Vec<CartLineId>> {
        let added = |operation: &CartOperation| match operation {
            CartOperation::AddLines(lines) => lines.len(),
            _ => 0,
        };
        let ids = mint::ids(self.request.now, operations.iter().map(added).sum())?;
        Ok(ids.into_iter().map(CartLineId).collect())
    }

    async fn apply(&self, change: &CartChange) -> Answer<Result<Outcome, Refusal>> {
        let input = json!({ "cart": change.cart, "operations": change.operations, "ifRevision": change.if_revision });
        let viewer = &self.request.viewer;
        let claim = change.idempotency_key.map(|key| idempotency::claim(viewer, key, change.operation, &input));
        let apply = CartApply {
            claim,
            operation: change.operation,
            cart: change.cart,
            viewer: viewer.clone(),
            if_revision: change.if_revision,
            operations: change.operations.clone(),
            line_ids: self.line_ids(&change.operations)?,
            now: self.request.now,
        };
        let write = || self.store().cart_apply(self.statements(), apply.clone());
        match self.writing(apply.claim.as_ref(), write).await? {
            Ok(outcome) => Ok(Ok(outcome)),
            Err(error) => idempotency::in_progress(error).map(Err),
        }
    }
}

#[async_trait]
impl CartPort for RequestResolvers {
    async fn cart(&self, id: CartId, hint: CartHint) -> Answer<Option<Cart>> {
        self.reading(|| self.read_cart(self.request.viewer.clone(), id, hint)).await
    }

    async fn cart_lines(&self, cart: CartId, page: Page) -> Answer<Slice<CartLine>> {
        let found = self.store().cart(self.statements(), self.access(), cart, Some(page)).await.map_err(failure)?;
        match found {
            CartFound::Found(_, lines) => Ok(self.shown_lines(lines)),
            CartFound::Missing => Ok(Slice::empty()),
            CartFound::SessionRevoked => Err(Failure::SessionRevoked),
        }
    }

    async fn cart_create(&self, create: CartCreate, read: Option<CartHint>) -> Answer<CartCreated> {
        let now = self.request.now;
        let input = json!({ "operations": create.operations, "shareable": create.shareable });
        let viewer = &self.request.viewer;
        let (refresh, secret) = fresh_secrets(create.shareable)?;
        let insert = CartInsert {
            claim: create.idempotency_key.map(|key| idempotency::claim(viewer, key, "cartCreate", &input)),
            session: viewer.session,
            new_session: SessionId(mint::id(now)?),
            refresh_hash: refresh.hash(),
            cart: CartId(mint::id(now)?),
            market: self.request.market.id,
            secret_hash: secret.as_ref().map(CartSecret::hash),
            line_ids: self.line_ids(&create.operations)?,
            operations: create.operations.clone(),
            now,
        };
        let write = || self.store().cart_create(self.statements(), insert.clone());
        let outcome = match self.writing(insert.claim.as_ref(), write).await? {
            Ok(outcome) => outcome,
            Err(error) => {
                let refusals = vec![idempotency::in_progress(error)?];
                return Ok(CartCreated { refusals, ..CartCreated::default() });
            }
        };
        let path = |op, at, field: &str| path_of("cartCreate", &create.operations, op, at, field);
        let mut created = CartCreated { refusals: refusals(&outcome, &path)?, ..CartCreated::default() };
        let Some(cart) = outcome.cart.map(CartId) else { return Ok(created) };
        let session = outcome.session.map(SessionId).or(viewer.session);
        created.revision = outcome.revision;
        created.secret = secret.filter(|_| outcome.secret).map(|secret| secret.to_text());
        if let Some(session) = session.filter(|_| outcome.tokens) {
            created.tokens = Some(self.tokens(session, None, &refresh)?);
        }
        if let Some(hint) = read {
            let owner = Viewer { session, ..viewer.clone() };
            // A sign-in in another tab may have ended the session since: the cart went along with it.
            created.cart = match self.read_cart(owner, cart, hint).await {
                Err(Failure::SessionRevoked) => None,
                cart => cart?,
            };
        }
        Ok(created)
    }

    async fn cart_apply(&self, change: CartChange, read: Option<CartHint>) -> Answer<CartChanged> {
        let mut changed = CartChanged { refusals: change.refusals.clone(), ..CartChanged::default() };
        if changed.refusals.is_empty() {
            match self.apply(&change).await? {
                Ok(outcome) => {
                    let path = |op, at, field: &str| path_of(change.operation, &change.operations, op, at, field);
                    changed.refusals = refusals(&outcome, &path)?;
                    changed.revision = outcome.revision.filter(|_| changed.refusals.is_empty());
                }
                Err(refusal) => changed.refusals.push(refusal),
            }
        }
        if let Some(hint) = read {
            // A revoked session is already among the refusals; the payload's cart is then simply absent.
            match self.read_cart(self.request.viewer.clone(), change.cart, hint).await {
                Ok(cart) => changed.cart = cart,
                Err(Failure::SessionRevoked) => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(changed)
    }

    async fn cart_merge(&self, merge: CartMerge, read: Option<CartHint>) -> Answer<CartChanged> {
        let viewer = &self.request.viewer;
        let input = json!({ "from": merge.from, "into": merge.into, "policy": format!("{:?}", merge.policy) });
        let secret = merge.from_secret.as_deref().and_then(|text| CartSecret::parse(text).ok());
        let call = tidegate_store::cart::CartMerge {
            claim: merge.idempotency_key.map(|key| idempotency::claim(viewer, key, "cartMerge", &input)),
            from: merge.from,
            from_secret_hash: secret.as_ref().map(CartSecret::hash),
            into: merge.into,
            viewer: viewer.clone(),
            policy: merge.policy,
            now: self.request.now,
        };
        let mut changed = CartChanged::default();
        let write = || self.store().cart_merge(self.statements(), call.clone());
        match self.writing(call.claim.as_ref(), write).await? {
            Ok(outcome) => {
                changed.refusals = refusals(&outcome, &|_, _, field| field.to_owned())?;
                changed.revision = outcome.revision.filter(|_| changed.refusals.is_empty());
            }
            Err(error) => changed.refusals.push(idempotency::in_progress(error)?),
        }
        if let Some(hint) = read {
            changed.cart = match self.read_cart(viewer.clone(), merge.into, hint).await {
                Err(Failure::SessionRevoked) => None,
                cart => cart?,
            };
        }
        Ok(changed)
    }
}
