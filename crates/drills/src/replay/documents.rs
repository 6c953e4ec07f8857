//! The operations that shoppers of a replay send.

pub(super) const VARIANT: &str = "query VariantBySku($sku: String!, $after: Cursor) {
  product(by: {sku: $sku}) {
    variants(first: 250, after: $after) {
      nodes { id sku price { amount currency } availability { sellable quantity } }
      pageInfo { hasNextPage endCursor }
    }
  }
}";

pub(super) const CREATE: &str = "mutation CartCreate($input: CartCreateInput, $key: IdempotencyKey) {
  cartCreate(input: $input, idempotencyKey: $key) {
    cart { id }
    revision
    tokens { accessToken refreshToken }
    errors { code message path ... on IdempotencyInProgressError { retryAfterMs } }
  }
}";

pub(super) const ADD: &str = "mutation CartLinesAdd($cart: ID!, $lines: [CartLineAdd!]!, $key: IdempotencyKey) {
  cartLinesAdd(cartId: $cart, lines: $lines, idempotencyKey: $key) {
    revision
    errors { code message path ... on IdempotencyInProgressError { retryAfterMs } }
  }
}";

pub(super) const APPLY: &str = "mutation CartApply($cart: ID!, $operations: [CartOperation!]!, $key: IdempotencyKey) {
  cartApply(cartId: $cart, operations: $operations, idempotencyKey: $key) {
    revision
    errors { code message path ... on IdempotencyInProgressError { retryAfterMs } }
  }
}";

pub(super) const REFRESH: &str = "mutation SessionRefresh($token: String!, $key: IdempotencyKey) {
  sessionRefresh(refreshToken: $token, idempotencyKey: $key) {
    tokens { accessToken refreshToken }
    errors { code message path ... on IdempotencyInProgressError { retryAfterMs } }
  }
}";

pub(super) const CART: &str = "query Cart($cart: ID!) {
  cart(id: $cart) {
    revision
    lineCount
    totalQuantity
    cost { total { amount currency } }
    readiness { ready missing }
  }
}";

pub(super) const CHECKOUT: &str =
    "mutation CheckoutComplete($cart: ID!, $payment: PaymentInput!, $total: MoneyInput!, $key: IdempotencyKey!) {
  checkoutComplete(cartId: $cart, payment: $payment, expectedTotal: $total, idempotencyKey: $key) {
    order { id number cost { total { amount currency } } }
    cart { status orderId }
    errors { code message path ... on IdempotencyInProgressError { retryAfterMs } }
  }
}";

pub(super) const ORDER: &str = "query Order($id: ID!, $after: Cursor) {
  order(by: {id: $id}) {
    number
    note
    lineCount
    paymentStatus
    cost { total { amount currency } }
    buyer { email }
    shippingAddress { country }
    payments { amount { amount } reference }
    lines(first: 250, after: $after) {
      nodes { sku quantity cost { unitPrice { amount currency } total { amount currency } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mutation_carries_its_key_and_learns_how_long_to_wait() {
        for document in [CREATE, ADD, APPLY, REFRESH, CHECKOUT] {
            assert!(document.contains("idempotencyKey: $key") && document.contains("retryAfterMs"), "{document}");
        }
    }
}
