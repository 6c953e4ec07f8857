//! From the outcome that the database keeps to the typed errors of a payload.

use tidegate_model::cart::{CartOperation, CartStatus, MAX_QUANTITY};
use tidegate_model::checkout::CheckoutRequirement;
use tidegate_model::id::{CartId, CartLineId, OrderId, VariantId};
use tidegate_model::money::{Currency, Money};
use tidegate_model::refusal::{IdentityRefusal, InvalidReason, ProviderFault};
use tidegate_model::{Failure, Refusal, RefusalKind};
use tidegate_store::{Outcome, OutcomeError, Refused};

use crate::limits;

/// How a mutation spells the place of an element of its input.
pub(crate) type PathOf<'a> = &'a dyn Fn(usize, usize, &str) -> String;

/// What was refused; `path` spells (operation, element, field).
pub(crate) fn refusals(outcome: &Outcome, path: PathOf<'_>) -> Result<Vec<Refusal>, Failure> {
    if let Some(refused) = outcome.refused {
        return Ok(vec![match refused {
            Refused::IdempotencyMismatch => Refusal::whole(RefusalKind::IdempotencyMismatch),
            Refused::NotFound => Refusal::at(RefusalKind::NotFound { id: None }, "cartId"),
            Refused::SessionRevoked => Refusal::whole(RefusalKind::Identity(IdentityRefusal::SessionRevoked)),
        }]);
    }
    outcome.errors.iter().map(|error| refusal(error, path)).collect()
}

fn refusal(error: &OutcomeError, path: PathOf<'_>) -> Result<Refusal, Failure> {
    Ok(match error {
        OutcomeError::NotFound { op, at, variant: Some(variant), .. } => {
            let id = Some(VariantId(*variant).encode());
            Refusal::at(RefusalKind::NotFound { id }, &path(*op, *at, "variantId"))
        }
        OutcomeError::NotFound { op, at, line, .. } => {
            let id = line.map(|line| CartLineId(line).encode());
            Refusal::at(RefusalKind::NotFound { id }, &path(*op, *at, "lineId"))
        }
        OutcomeError::TooManyLines { .. } | OutcomeError::TooManyAddresses => {
            Refusal::whole(RefusalKind::InvalidInput(InvalidReason::TooMany))
        }
        OutcomeError::QuantityRule => Refusal::whole(RefusalKind::QuantityRule { min: 1, max: MAX_QUANTITY }),
        OutcomeError::RevisionConflict { current } => {
            Refusal::at(RefusalKind::RevisionConflict { current: *current }, "ifRevision")
        }
        OutcomeError::CartNotOpen { order, into, side } => {
            let status = if into.is_some() { CartStatus::Merged } else { CartStatus::Completed };
            let kind = RefusalKind::CartNotOpen { status, order: order.map(OrderId), merged_into: into.map(CartId) };
            Refusal::at(kind, side.as_deref().map_or("cartId", cart_argument))
        }
        OutcomeError::CartNotFound { side } => Refusal::at(RefusalKind::NotFound { id: None }, cart_argument(side)),
        OutcomeError::SignInRequired => Refusal::whole(RefusalKind::Identity(IdentityRefusal::SignInRequired)),
        OutcomeError::InvalidCredentials => at(RefusalKind::Identity(IdentityRefusal::InvalidCredentials), path),
        OutcomeError::OneTimeTokenInvalid => at(RefusalKind::Identity(IdentityRefusal::OneTimeTokenInvalid), path),
        OutcomeError::RateLimited { retry_after_ms } => limits::refused(*retry_after_ms),
        OutcomeError::AddressNotFound | OutcomeError::SessionNotFound => at(RefusalKind::NotFound { id: None }, path),
        OutcomeError::ConfirmationMismatch => at(RefusalKind::InvalidInput(InvalidReason::Malformed), path),
        OutcomeError::EmailNeeded => {
            Refusal::whole(RefusalKind::Identity(IdentityRefusal::ProviderRefused(ProviderFault::EmailNeeded)))
        }
        OutcomeError::CartNotReady { missing } => {
            let missing = missing.iter().filter_map(|what| requirement(what)).collect();
            Refusal::at(RefusalKind::CartNotReady { missing }, "cartId")
        }
        OutcomeError::OutOfStock { variant, available } => {
            Refusal::whole(RefusalKind::OutOfStock { variant: VariantId(*variant), available: *available })
        }
        OutcomeError::TotalChanged { expected, expected_currency, actual, actual_currency } => {
            let money = |amount: &i64, code: &str| {
                Currency::parse(code).map(|currency| Money::new(*amount, currency)).ok_or(Failure::Internal)
            };
            let expected = money(expected, expected_currency)?;
            let actual = money(actual, actual_currency)?;
            Refusal::at(RefusalKind::TotalChanged { expected, actual }, "expectedTotal")
        }
    })
}

/// A refusal at the one place that the caller's path names.
fn at(kind: RefusalKind, path: PathOf<'_>) -> Refusal {
    Refusal::at(kind, &path(0, 0, ""))
}

/// The argument of `cartMerge` that names a cart.
fn cart_argument(side: &str) -> &'static str {
    if side == "from" { "from.id" } else { "into" }
}

fn requirement(name: &str) -> Option<CheckoutRequirement> {
    match name {
        "LINES" => Some(CheckoutRequirement::Lines),
        "BUYER_EMAIL" => Some(CheckoutRequirement::BuyerEmail),
        "SHIPPING_ADDRESS" => Some(CheckoutRequirement::ShippingAddress),
        _ => None,
    }
}

/// The path of an element of a mutation that takes a list of operations, or stands for one.
pub(crate) fn path_of(operation: &str, operations: &[CartOperation], op: usize, at: usize, field: &str) -> String {
    let list = match operations.get(op) {
        Some(CartOperation::SetLines(_)) => "setLines",
        Some(CartOperation::RemoveLines(_)) => "removeLines",
        _ => "addLines",
    };
    match operation {
        "cartApply" if list == "removeLines" => format!("operations.{op}.{list}.{at}"),
        "cartApply" => format!("operations.{op}.{list}.{at}.{field}"),
        "cartCreate" => format!("input.lines.{at}.{field}"),
        "cartLinesRemove" => format!("lineIds.{at}"),
        _ => format!("lines.{at}.{field}"),
    }
}
