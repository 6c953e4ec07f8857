//! Checkout: a cart becomes an order, once.

mod complete;

pub use complete::{
    CheckoutCompletePayload, CheckoutMutation, CheckoutRequirement, InvoicePaymentInput, OrderLink, PaymentInput,
};
