//! Every change of a cart. Each field is one call of the same port: the operations it stands for, in one transaction.

use async_graphql::{Context, ID, MaybeUndefined, Object};
use tidegate_model::Refusal;
use tidegate_model::cart::MAX_OPERATIONS;
use tidegate_model::id::CartId;
use tidegate_model::refusal::{InvalidReason, RefusalKind};
use tidegate_model::validate::Check;

use super::address::{AddressInput, AttributeInput};
use super::input::{
    CartAccess, CartAddressesInput, CartBuyerInput, CartCreateInput, CartLineAdd, CartLineSet, CartOperation,
};
use super::payload::{CartCreatePayload, CartPayload};
use super::query::cart_hint;
use crate::context::ContextExt as _;
use crate::error::Result;
use crate::identity::CartMergePolicy;
use crate::ports::{CartChange, CartCreate, CartCreated, CartMerge};
use crate::scalar::IdempotencyKey;

/// Changes of carts.
#[derive(Debug, Default)]
pub struct CartMutation;

/// The three arguments that every change of a cart has.
struct Target {
    cart: ID,
    if_revision: Option<i32>,
    key: Option<IdempotencyKey>,
}

#[Object]
impl CartMutation {
    /// Makes a cart. Without an access token it makes a guest session too and hands out its tokens.
    async fn cart_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it begins with.")] input: Option<CartCreateInput>,
        #[graphql(desc = "Make one per action of the buyer; a repeat makes no second cart.")] idempotency_key: Option<
            IdempotencyKey,
        >,
    ) -> Result<CartCreatePayload> {
        let input = input.unwrap_or_default();
        let shareable = input.shareable;
        let idempotency_key = ctx.idempotency_key(idempotency_key)?;
        let mut check = Check::default();
        let operations = input.operations(&mut check);
        let refusals = check.finish();
        if !refusals.is_empty() {
            return Ok(CartCreated { refusals, ..CartCreated::default() }.into());
        }
        let selection = ctx.look_ahead().field("cart");
        let read = selection.exists().then(|| cart_hint(&selection));
        let created = ctx.ports().cart_create(CartCreate { operations, shareable, idempotency_key }, read).await?;
        Ok(created.into())
    }

    /// Adds lines. Adding what is there already raises its quantity: parallel calls lose nothing.
    async fn cart_lines_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: ID,
        #[graphql(desc = "The lines: at most 250.")] lines: Vec<CartLineAdd>,
        #[graphql(desc = "Only if the cart is still at this revision.")] if_revision: Option<i32>,
        #[graphql(desc = "Make one per action of the buyer; a repeat adds nothing twice.")] idempotency_key: Option<
            IdempotencyKey,
        >,
    ) -> Result<CartPayload> {
        let target = Target { cart: cart_id, if_revision, key: idempotency_key };
        change(ctx, "cartLinesAdd", target, vec![("lines".to_owned(), CartOperation::AddLines(lines))]).await
    }

    /// Sets quantities of lines. 0 removes a line.
    async fn cart_lines_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: ID,
        #[graphql(desc = "The lines: at most 250.")] lines: Vec<CartLineSet>,
        #[graphql(desc = "Only if the cart is still at this revision.")] if_revision: Option<i32>,
        #[graphql(desc = "Make one per action of the buyer.")] idempotency_key: Option<IdempotencyKey>,
    ) -> Result<CartPayload> {
        let target = Target { cart: cart_id, if_revision, key: idempotency_key };
        change(ctx, "cartLinesSet", target, vec![("lines".to_owned(), CartOperation::SetLines(lines))]).await
    }

    /// Removes lines.
    async fn cart_lines_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: ID,
        #[graphql(desc = "The ids of the lines: at most 250.")] line_ids: Vec<ID>,
        #[graphql(desc = "Only if the cart is still at this revision.")] if_revision: Option<i32>,
        #[graphql(desc = "Make one per action of the buyer.")] idempotency_key: Option<IdempotencyKey>,
    ) -> Result<CartPayload> {
        let target = Target { cart: cart_id, if_revision, key: idempotency_key };
        change(ctx, "cartLinesRemove", target, vec![("lineIds".to_owned(), CartOperation::RemoveLines(line_ids))]).await
    }

    /// Replaces the buyer.
    async fn cart_buyer_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: ID,
        #[graphql(desc = "Who buys.")] buyer: CartBuyerInput,
        #[graphql(desc = "Only if the cart is still at this revision.")] if_revision: Option<i32>,
        #[graphql(desc = "Make one per action of the buyer.")] idempotency_key: Option<IdempotencyKey>,
    ) -> Result<CartPayload> {
        let target = Target { cart: cart_id, if_revision, key: idempotency_key };
        change(ctx, "cartBuyerSet", target, vec![("buyer".to_owned(), CartOperation::SetBuyer(buyer))]).await
    }

    /// Changes addresses. One that is left out stays as it is; null empties it.
    async fn cart_addresses_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: ID,
        #[graphql(desc = "Where to send it.")] shipping: MaybeUndefined<AddressInput>,
        #[graphql(desc = "Where to send the bill; empty means to the shipping address.")] billing: MaybeUndefined<
            AddressInput,
        >,
        #[graphql(desc = "Only if the cart is still at this revision.")] if_revision: Option<i32>,
        #[graphql(desc = "Make one per action of the buyer.")] idempotency_key: Option<IdempotencyKey>,
    ) -> Result<CartPayload> {
        let target = Target { cart: cart_id, if_revision, key: idempotency_key };
        let operation = CartOperation::SetAddresses(Box::new(CartAddressesInput { shipping, billing }));
        change(ctx, "cartAddressesSet", target, vec![(String::new(), operation)]).await
    }

    /// Replaces the buyer's words to the shop.
    async fn cart_note_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: ID,
        #[graphql(desc = "At most 5,000 characters; an empty text removes the note.")] note: String,
        #[graphql(desc = "Only if the cart is still at this revision.")] if_revision: Option<i32>,
        #[graphql(desc = "Make one per action of the buyer.")] idempotency_key: Option<IdempotencyKey>,
    ) -> Result<CartPayload> {
        let target = Target { cart: cart_id, if_revision, key: idempotency_key };
        change(ctx, "cartNoteSet", target, vec![("note".to_owned(), CartOperation::SetNote(note))]).await
    }

    /// Replaces your front end's own data.
    async fn cart_attributes_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: ID,
        #[graphql(desc = "All of them: at most 50.")] attributes: Vec<AttributeInput>,
        #[graphql(desc = "Only if the cart is still at this revision.")] if_revision: Option<i32>,
        #[graphql(desc = "Make one per action of the buyer.")] idempotency_key: Option<IdempotencyKey>,
    ) -> Result<CartPayload> {
        let target = Target { cart: cart_id, if_revision, key: idempotency_key };
        let operation = CartOperation::SetAttributes(attributes);
        change(ctx, "cartAttributesSet", target, vec![("attributes".to_owned(), operation)]).await
    }

    /// Makes several changes in one round trip and one transaction: all of them, or none.
    async fn cart_apply(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: ID,
        #[graphql(desc = "The changes, in order: at most 50.")] operations: Vec<CartOperation>,
        #[graphql(desc = "Only if the cart is still at this revision.")] if_revision: Option<i32>,
        #[graphql(desc = "Make one per action of the buyer; a repeat changes nothing twice.")] idempotency_key: Option<
            IdempotencyKey,
        >,
    ) -> Result<CartPayload> {
        let target = Target { cart: cart_id, if_revision, key: idempotency_key };
        let at = |(index, operation): (usize, CartOperation)| {
            (format!("operations.{index}.{}", operation.field()), operation)
        };
        change(ctx, "cartApply", target, operations.into_iter().enumerate().map(at).collect()).await
    }

    /// Merges a cart into another: its lines go there, and it can no longer be changed. Buyer, addresses, note and
    /// attributes fill what the other lacks.
    async fn cart_merge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart to empty.")] from: CartAccess,
        #[graphql(desc = "The cart that its lines go into.")] into: ID,
        #[graphql(desc = "What becomes of lines that are in both.")] policy: CartMergePolicy,
        #[graphql(desc = "Make one per action of the buyer; a repeat merges nothing twice.")] idempotency_key: Option<
            IdempotencyKey,
        >,
    ) -> Result<CartPayload> {
        let idempotency_key = ctx.idempotency_key(idempotency_key)?;
        let mut check = Check::default();
        let mut cart = |id: &ID, path: &str| {
            let decoded = CartId::decode(id).ok();
            if decoded.is_none() {
                check.refuse_as(RefusalKind::NotFound { id: None }, path);
            }
            decoded
        };
        let (source, target) = (cart(&from.id, "from.id"), cart(&into, "into"));
        if source.is_some() && source == target {
            check.refuse(InvalidReason::Malformed, "from.id");
        }
        let refusals = check.finish();
        let (Some(source), Some(target), true) = (source, target, refusals.is_empty()) else {
            return Ok(crate::ports::CartChanged { refusals, ..Default::default() }.into());
        };
        let selection = ctx.look_ahead().field("cart");
        let read = selection.exists().then(|| cart_hint(&selection));
        let policy = policy.into();
        let merge = CartMerge { from: source, from_secret: from.secret, into: target, policy, idempotency_key };
        Ok(ctx.ports().cart_merge(merge, read).await?.into())
    }
}

async fn change(
    ctx: &Context<'_>,
    operation: &'static str,
    target: Target,
    operations: Vec<(String, CartOperation)>,
) -> Result<CartPayload> {
    let idempotency_key = ctx.idempotency_key(target.key)?;
    let selection = ctx.look_ahead().field("cart");
    let read = selection.exists().then(|| cart_hint(&selection));
    let Ok(cart) = CartId::decode(&target.cart) else {
        let refusal = Refusal::at(RefusalKind::NotFound { id: None }, "cartId");
        return Ok(crate::ports::CartChanged { refusals: vec![refusal], ..Default::default() }.into());
    };
    let mut check = Check::default();
    if operations.len() > MAX_OPERATIONS {
        check.refuse(InvalidReason::TooMany, "operations");
    }
    let operations =
        operations.into_iter().take(MAX_OPERATIONS).map(|(path, input)| input.into_model(&mut check, &path)).collect();
    let refusals = check.finish();
    let change = CartChange { operation, cart, operations, if_revision: target.if_revision, idempotency_key, refusals };
    Ok(ctx.ports().cart_apply(change, read).await?.into())
}
