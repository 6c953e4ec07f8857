//! What fields with IO call. Implemented by the resolvers, for one request at a time; they speak the model's words
//! only.

mod account;
mod sign_in;

pub use account::{AccountPort, AddressSaved, Change, CustomerChanged, CustomerChanges};
pub use sign_in::{CodeSent, Login, OidcStarted, Registration, SessionsEnded, SignInPort, SignInWith, SignedIn};

use async_trait::async_trait;
use std::sync::Arc;
use tidegate_model::cart::{Cart, CartHint, CartLine, CartOperation};
use tidegate_model::catalog::{
    Collection, CollectionRef, CollectionSort, Product, ProductFilter, ProductHint, ProductRef, ProductSort, Variant,
};
use tidegate_model::checkout::{Checkout, CheckoutOutcome};
use tidegate_model::id::{CartId, CollectionId, NodeId, OrderId, ProductId};
use tidegate_model::identity::{CartMergePolicy, Customer, CustomerAddress, Session, Tokens};
use tidegate_model::order::{Order, OrderHint, OrderLine};
use tidegate_model::page::{CursorKey, Page, Slice};
use tidegate_model::{Failure, Refusal};
use time::OffsetDateTime;
use uuid::Uuid;

/// What a port answers.
pub type Answer<T> = Result<T, Failure>;

/// Everything a request can ask for.
pub trait Ports:
    CatalogPort + CartPort + CheckoutPort + OrderPort + IdentityPort + SignInPort + AccountPort + CursorPort
{
}

impl<T: CatalogPort + CartPort + CheckoutPort + OrderPort + IdentityPort + SignInPort + AccountPort + CursorPort> Ports
    for T
{
}

/// Seals where a row stands into a cursor that any replica can verify.
pub trait CursorPort: Send + Sync {
    /// The cursor of a row.
    fn seal_cursor(&self, key: &CursorKey) -> String;

    /// The place that a cursor names; `None` when no replica of ours made it.
    fn open_cursor(&self, cursor: &str) -> Option<CursorKey>;
}

/// Products and collections. Public.
#[async_trait]
pub trait CatalogPort: Send + Sync {
    /// One product; one statement with all that the hint names.
    async fn product(&self, by: ProductRef, hint: ProductHint) -> Answer<Option<Arc<Product>>>;

    /// A page of products.
    async fn products(&self, page: Page, filter: ProductFilter, sort: ProductSort) -> Answer<Slice<Arc<Product>>>;

    /// A page of what a text matches, best first.
    async fn search(&self, query: String, page: Page, filter: ProductFilter) -> Answer<Slice<Arc<Product>>>;

    /// All variants of a product by position; one statement for all products that are asked for together.
    async fn product_variants(&self, product: ProductId) -> Answer<Arc<Vec<Variant>>>;

    /// All collections of a product by position; one statement for all products that are asked for together.
    async fn product_collections(&self, product: ProductId) -> Answer<Arc<Vec<Collection>>>;

    /// A product by its id; one statement for all that are asked for together.
    async fn product_by_id(&self, product: ProductId) -> Answer<Option<Arc<Product>>>;

    /// One collection.
    async fn collection(&self, by: CollectionRef) -> Answer<Option<Collection>>;

    /// A page of collections.
    async fn collections(&self, page: Page, sort: CollectionSort) -> Answer<Slice<Collection>>;

    /// A page of a collection's products by position; one statement for all collections that are asked for together
    /// with the same page.
    async fn collection_products(&self, collection: CollectionId, page: Page) -> Answer<Slice<Arc<Product>>>;

    /// Objects by id, in the order asked for; one statement per kind. What is private must be the viewer's.
    async fn nodes(&self, ids: Vec<NodeId>) -> Answer<Vec<Option<NodeObject>>>;
}

/// What `node` can find.
#[derive(Debug, Clone)]
pub enum NodeObject {
    /// A product.
    Product(Arc<Product>),
    /// A variant.
    Variant(Variant),
    /// A collection.
    Collection(Collection),
    /// The viewer's cart.
    Cart(Cart),
    /// A line of the viewer's cart.
    CartLine(CartLine),
    /// The viewer's order.
    Order(Order),
    /// A line of the viewer's order.
    OrderLine(OrderLine),
    /// One of the viewer's sessions.
    Session(Session),
    /// The viewer.
    Customer(Customer),
    /// An address of the viewer's.
    Address(CustomerAddress),
}

/// A new cart as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CartCreate {
    /// What to put into it at once.
    pub operations: Vec<CartOperation>,
    /// Whether to make a secret that shares it.
    pub shareable: bool,
    /// The client's key.
    pub idempotency_key: Option<Uuid>,
}

/// What came of a new cart.
#[derive(Debug, Clone, Default)]
pub struct CartCreated {
    /// The cart, unless it was refused or not selected.
    pub cart: Option<Cart>,
    /// Its revision.
    pub revision: Option<i32>,
    /// Tokens, when a session was made for it.
    pub tokens: Option<Tokens>,
    /// The secret, when it is to be shared.
    pub secret: Option<String>,
    /// Why there is none.
    pub refusals: Vec<Refusal>,
}

/// A change of a cart as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CartChange {
    /// The mutation's name, part of the idempotency scope.
    pub operation: &'static str,
    /// Which cart.
    pub cart: CartId,
    /// The changes, in order; they stand or fall together.
    pub operations: Vec<CartOperation>,
    /// Only if the cart is still at this revision.
    pub if_revision: Option<i32>,
    /// The client's key.
    pub idempotency_key: Option<Uuid>,
    /// What is wrong with the input; nothing is written when there is anything.
    pub refusals: Vec<Refusal>,
}

/// What came of a change.
#[derive(Debug, Clone, Default)]
pub struct CartChanged {
    /// The cart as it is now, unless it was not found or not selected.
    pub cart: Option<Cart>,
    /// The revision that the change made.
    pub revision: Option<i32>,
    /// What was refused; nothing was changed when there is anything.
    pub refusals: Vec<Refusal>,
}

/// Carts. A cart is reached through the viewer's session or its secret.
#[async_trait]
pub trait CartPort: Send + Sync {
    /// One cart.
    async fn cart(&self, id: CartId, hint: CartHint) -> Answer<Option<Cart>>;

    /// A page of a cart's lines.
    async fn cart_lines(&self, cart: CartId, page: Page) -> Answer<Slice<CartLine>>;

    /// Makes a cart, and a guest session for it where the viewer has none. `read` is what to read of it afterwards.
    async fn cart_create(&self, create: CartCreate, read: Option<CartHint>) -> Answer<CartCreated>;

    /// Changes a cart. `read` is what to read of it afterwards.
    async fn cart_apply(&self, change: CartChange, read: Option<CartHint>) -> Answer<CartChanged>;

    /// Merges a cart into another. `read` is what to read of that afterwards.
    async fn cart_merge(&self, merge: CartMerge, read: Option<CartHint>) -> Answer<CartChanged>;
}

/// A merge of two carts as it was asked for.
#[derive(Clone)]
pub struct CartMerge {
    /// The cart to empty.
    pub from: CartId,
    /// Its secret, where it is not the viewer's own.
    pub from_secret: Option<String>,
    /// The cart that its lines go into.
    pub into: CartId,
    /// What becomes of lines that are in both.
    pub policy: CartMergePolicy,
    /// The client's key.
    pub idempotency_key: Option<Uuid>,
}

/// What came of a checkout, with what was read of it afterwards.
#[derive(Debug, Clone)]
pub struct CheckoutCompleted {
    /// The order, when there is one and it is selected.
    pub order: Option<Order>,
    /// The cart as it is now, when it is selected.
    pub cart: Option<Cart>,
    /// A signed link to the order, and when it ends.
    pub order_link: Option<(String, OffsetDateTime)>,
    /// The outcome.
    pub outcome: CheckoutOutcome,
}

/// What to read after a checkout.
#[derive(Debug, Clone, Copy, Default)]
pub struct CheckoutRead {
    /// The order.
    pub order: Option<OrderHint>,
    /// The cart.
    pub cart: Option<CartHint>,
}

/// Checkout.
#[async_trait]
pub trait CheckoutPort: Send + Sync {
    /// Makes the cart an order, once.
    async fn checkout_complete(&self, checkout: Checkout, key: Uuid, read: CheckoutRead) -> Answer<CheckoutCompleted>;
}

/// Orders. The viewer's own.
#[async_trait]
pub trait OrderPort: Send + Sync {
    /// One order.
    async fn order(&self, id: OrderId, hint: OrderHint) -> Answer<Option<Order>>;

    /// A page of an order's lines; `by_link` when a verified link has shown the order.
    async fn order_lines(&self, order: OrderId, by_link: bool, page: Page) -> Answer<Slice<OrderLine>>;
}

/// What to read of the viewer.
#[derive(Debug, Clone, Copy, Default)]
pub struct ViewerHint {
    /// The open cart.
    pub cart: Option<CartHint>,
    /// Whether the customer is selected.
    pub customer: bool,
}

/// The viewer as the database knows it.
#[derive(Debug, Clone)]
pub struct ViewerRecord {
    /// The session.
    pub session: Session,
    /// The customer, when signed in and selected.
    pub customer: Option<Customer>,
    /// The open cart that was made last.
    pub cart: Option<Cart>,
}

/// What came of a call that hands out tokens.
#[derive(Debug, Clone, Default)]
pub struct TokensGranted {
    /// The tokens.
    pub tokens: Option<Tokens>,
    /// The session they belong to.
    pub session: Option<Session>,
    /// Why there are none.
    pub refusals: Vec<Refusal>,
}

/// Sessions.
#[async_trait]
pub trait IdentityPort: Send + Sync {
    /// The viewer; `None` without a session.
    async fn viewer(&self, hint: ViewerHint) -> Answer<Option<ViewerRecord>>;

    /// Starts a guest session.
    async fn session_start(&self, key: Option<Uuid>) -> Answer<TokensGranted>;

    /// Trades a refresh token, or the one of the cookie, for a new pair.
    async fn session_refresh(&self, refresh_token: Option<String>) -> Answer<TokensGranted>;
}
