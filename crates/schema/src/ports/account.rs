//! A signed-in customer's account.

use async_trait::async_trait;
use tidegate_model::Refusal;
use tidegate_model::cart::Address;
use tidegate_model::id::AddressId;
use tidegate_model::identity::{Customer, CustomerAddress, Session};
use tidegate_model::order::{Order, OrderHint};
use tidegate_model::page::{Page, Slice};
use uuid::Uuid;

use super::Answer;

/// A value that stays, is emptied, or is set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Change {
    /// It stays.
    #[default]
    Keep,
    /// It is emptied.
    Clear,
    /// It becomes this.
    Set(String),
}

/// What to change of a customer.
#[derive(Debug, Clone, Default)]
pub struct CustomerChanges {
    /// Given name.
    pub given_name: Change,
    /// Family name.
    pub family_name: Change,
    /// Telephone number.
    pub phone: Change,
}

/// What came of a change of an account.
#[derive(Debug, Clone, Default)]
pub struct CustomerChanged {
    /// The customer as it is now.
    pub customer: Option<Customer>,
    /// What was refused; nothing was changed when there is anything.
    pub refusals: Vec<Refusal>,
}

/// What came of saving an address.
#[derive(Debug, Clone, Default)]
pub struct AddressSaved {
    /// The address.
    pub address: Option<CustomerAddress>,
    /// Why it was not saved.
    pub refusals: Vec<Refusal>,
}

/// A signed-in customer's account.
#[async_trait]
pub trait AccountPort: Send + Sync {
    /// A page of the customer's addresses.
    async fn customer_addresses(&self, page: Page) -> Answer<Slice<CustomerAddress>>;

    /// A page of the customer's orders, newest first.
    async fn customer_orders(&self, page: Page) -> Answer<Slice<Order>>;

    /// A page of the customer's live sessions, newest first.
    async fn customer_sessions(&self, page: Page) -> Answer<Slice<Session>>;

    /// Changes names and telephone number.
    async fn customer_update(&self, changes: CustomerChanges, key: Option<Uuid>) -> Answer<CustomerChanged>;

    /// Replaces the password and ends the other sessions.
    async fn password_change(
        &self,
        current: Option<String>,
        next: String,
        key: Option<Uuid>,
    ) -> Answer<CustomerChanged>;

    /// Mails a link to a new address.
    async fn email_change_request(
        &self,
        email: String,
        password: Option<String>,
        key: Option<Uuid>,
    ) -> Answer<Vec<Refusal>>;

    /// Changes the address to the one that the link was mailed to.
    async fn email_change_confirm(&self, token: String, key: Option<Uuid>) -> Answer<CustomerChanged>;

    /// Erases the customer. `confirm` is the e-mail address, typed again.
    async fn customer_delete(
        &self,
        confirm: String,
        password: Option<String>,
        key: Option<Uuid>,
    ) -> Answer<Vec<Refusal>>;

    /// Saves an address: a new one, or in the place of one.
    async fn address_save(
        &self,
        id: Option<AddressId>,
        address: Address,
        make_default: bool,
        key: Option<Uuid>,
    ) -> Answer<AddressSaved>;

    /// Deletes an address.
    async fn address_delete(&self, id: AddressId, key: Option<Uuid>) -> Answer<Vec<Refusal>>;

    /// The order that a signed link opens.
    async fn order_by_link(&self, link: String, hint: OrderHint) -> Answer<Option<Order>>;

    /// Mails a link to a guest's order to the address that it was placed with.
    async fn order_link_send(&self, number: String, email: String, key: Option<Uuid>) -> Answer<Vec<Refusal>>;
}
