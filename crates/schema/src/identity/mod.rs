//! Sessions, customers and the viewer.

mod account;
mod customer;
mod mutation;
mod payload;
mod session;
mod sign_in;
mod viewer;

pub use account::{AccountMutation, CustomerUpdateInput};
pub use customer::{Customer, CustomerAddress, CustomerAddressConnection, CustomerAddressEdge, PersonName};
pub use mutation::{IdentityMutation, SessionPayload};
pub use payload::{
    AckPayload, AddressPayload, CartMergePolicy, CustomerPayload, LoginCodeSendPayload, LoginPayload, OidcStartPayload,
    SessionRevokePayload,
};
pub use session::{Session, SessionConnection, SessionEdge, SessionKind, SessionTokens};
pub use sign_in::{
    CustomerRegisterInput, LoginInput, OidcLoginInput, OneTimeCodeLoginInput, PasswordLoginInput, SignInMutation,
};
pub use viewer::{IdentityQuery, Viewer};
