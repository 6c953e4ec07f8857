//! What a signed-in customer changes of their account.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use tidegate_model::RefusalKind;
use tidegate_model::cart;
use tidegate_model::id::AddressId;
use tidegate_model::refusal::InvalidReason;
use tidegate_model::validate::Check;

use super::payload::{AckPayload, AddressPayload, CustomerPayload};
use crate::cart::AddressInput;
use crate::context::ContextExt as _;
use crate::error::Result;
use crate::ports::{AddressSaved, Change, CustomerChanged, CustomerChanges};
use crate::scalar::IdempotencyKey;

/// What to change of a customer. What is left out stays as it is; null empties it.
#[derive(Debug, Clone, InputObject)]
pub struct CustomerUpdateInput {
    /// Given name: at most 100 characters.
    given_name: MaybeUndefined<String>,
    /// Family name: at most 100 characters.
    family_name: MaybeUndefined<String>,
    /// Telephone number: at most 32 characters.
    phone: MaybeUndefined<String>,
}

/// A customer's account.
#[derive(Debug, Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Changes the customer's name and telephone number.
    async fn customer_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: CustomerUpdateInput,
        #[graphql(desc = "Make one per action.")] idempotency_key: Option<IdempotencyKey>,
    ) -> Result<CustomerPayload> {
        let key = ctx.idempotency_key(idempotency_key)?;
        let mut check = Check::default();
        if let MaybeUndefined::Value(phone) = &input.phone {
            check.phone(phone, "input.phone");
        }
        let changes = CustomerChanges {
            given_name: name(input.given_name, &mut check, "input.givenName"),
            family_name: name(input.family_name, &mut check, "input.familyName"),
            phone: change(input.phone),
        };
        let refusals = check.finish();
        if !refusals.is_empty() {
            return Ok(CustomerChanged { customer: None, refusals }.into());
        }
        Ok(ctx.ports().customer_update(changes, key).await?.into())
    }

    /// Replaces the password and ends the customer's other sessions.
    async fn password_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The password until now. An account without one needs none within ten minutes of signing in."
        )]
        current: Option<String>,
        #[graphql(desc = "At least 8 characters, at most 128 bytes, and none that attackers try first.")] next: String,
        #[graphql(desc = "Make one per action.")] idempotency_key: Option<IdempotencyKey>,
    ) -> Result<CustomerPayload> {
        let key = ctx.idempotency_key(idempotency_key)?;
        Ok(ctx.ports().password_change(current, next, key).await?.into())
    }

    /// Mails a link to a new e-mail address, and word of it to the old one. The answer is the same whether or not the
    /// new address has an account.
    async fn email_change_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new e-mail address.")] email: String,
        #[graphql(desc = "The password. An account without one needs none within ten minutes of signing in.")]
        password: Option<String>,
        #[graphql(desc = "Make one per action; a repeat sends no second mail.")] idempotency_key: Option<
            IdempotencyKey,
        >,
    ) -> Result<AckPayload> {
        let key = ctx.idempotency_key(idempotency_key)?;
        let mut check = Check::default();
        check.email(&email, "email");
        let refusals = check.finish();
        if !refusals.is_empty() {
            return Ok(refusals.into());
        }
        Ok(ctx.ports().email_change_request(email, password, key).await?.into())
    }

    /// Changes the e-mail address. The customer who asked for it must be the one who is signed in.
    async fn email_change_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From the link in the mail: good for an hour, once.")] token: String,
        #[graphql(desc = "Make one per action.")] idempotency_key: Option<IdempotencyKey>,
    ) -> Result<CustomerPayload> {
        let key = ctx.idempotency_key(idempotency_key)?;
        Ok(ctx.ports().email_change_confirm(token, key).await?.into())
    }

    /// Erases the customer: addresses, carts and sessions go; orders stay as invoices, without e-mail address,
    /// telephone number and note. It cannot be undone.
    async fn customer_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The customer's e-mail address, typed again.")] confirm: String,
        #[graphql(desc = "The password. An account without one needs none within ten minutes of signing in.")]
        password: Option<String>,
        #[graphql(desc = "Make one per action.")] idempotency_key: Option<IdempotencyKey>,
    ) -> Result<AckPayload> {
        let key = ctx.idempotency_key(idempotency_key)?;
        Ok(ctx.ports().customer_delete(confirm, password, key).await?.into())
    }

    /// Saves an address: a new one, or in the place of one. A customer keeps at most 100; the first is the default.
    async fn address_save(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which to replace; leave it out for a new one.")] id: Option<ID>,
        #[graphql(desc = "The address.")] input: AddressInput,
        #[graphql(desc = "Whether to offer it first from now on.", default = false)] make_default: bool,
        #[graphql(desc = "Make one per action; a repeat saves no second one.")] idempotency_key: Option<IdempotencyKey>,
    ) -> Result<AddressPayload> {
        let key = ctx.idempotency_key(idempotency_key)?;
        let address = cart::Address::from(input);
        let mut check = Check::default();
        check.address(&address, "input");
        let id = id.map(|id| address_id(&id, &mut check));
        let refusals = check.finish();
        if !refusals.is_empty() {
            return Ok(AddressSaved { address: None, refusals }.into());
        }
        Ok(ctx.ports().address_save(id.flatten(), address, make_default, key).await?.into())
    }

    /// Deletes an address. When it was the default, the oldest that remains takes its place.
    async fn address_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] id: ID,
        #[graphql(desc = "Make one per action.")] idempotency_key: Option<IdempotencyKey>,
    ) -> Result<AckPayload> {
        let key = ctx.idempotency_key(idempotency_key)?;
        let mut check = Check::default();
        match address_id(&id, &mut check) {
            Some(id) => Ok(ctx.ports().address_delete(id, key).await?.into()),
            None => Ok(check.finish().into()),
        }
    }

    /// Mails a link to a guest's order to the address that it was placed with. The answer is the same whether or not
    /// there is such an order.
    async fn order_link_send(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order's number.")] number: String,
        #[graphql(desc = "The e-mail address that it was placed with.")] email: String,
        #[graphql(desc = "Make one per action; a repeat sends no second mail.")] idempotency_key: Option<
            IdempotencyKey,
        >,
    ) -> Result<AckPayload> {
        let key = ctx.idempotency_key(idempotency_key)?;
        let mut check = Check::default();
        check.email(&email, "email");
        if number.is_empty() || number.len() > 18 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            check.refuse(InvalidReason::Malformed, "number");
        }
        let refusals = check.finish();
        if !refusals.is_empty() {
            return Ok(refusals.into());
        }
        Ok(ctx.ports().order_link_send(number, email, key).await?.into())
    }
}

fn address_id(id: &ID, check: &mut Check) -> Option<AddressId> {
    let decoded = AddressId::decode(id).ok();
    if decoded.is_none() {
        check.refuse_as(RefusalKind::NotFound { id: None }, "id");
    }
    decoded
}

fn name(value: MaybeUndefined<String>, check: &mut Check, path: &str) -> Change {
    if let MaybeUndefined::Value(text) = &value {
        check.text(text, 0, 100, false, path);
    }
    change(value)
}

fn change(value: MaybeUndefined<String>) -> Change {
    match value {
        MaybeUndefined::Undefined => Change::Keep,
        MaybeUndefined::Null => Change::Clear,
        MaybeUndefined::Value(text) if text.trim().is_empty() => Change::Clear,
        MaybeUndefined::Value(text) => Change::Set(text),
    }
}
