//! Checkout.

mod complete;

pub use complete::CheckoutCall;
