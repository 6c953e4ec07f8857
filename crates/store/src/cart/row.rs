//! What the cart statement reads: the session, the cart, its totals and one line a row; each may be absent.

use sqlx::types::Json;
use tidegate_model::cart::{Address, Attribute, Cart, CartLine, CartStatus};
use tidegate_model::catalog::{Image, Product, ProductOption, SelectedOption, Variant};
use tidegate_model::id::{CartId, CartLineId, OrderId, ProductId, SessionId, VariantId};
use tidegate_model::identity::{Session, SessionKind};
use tidegate_model::money::{Currency, Money};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::catalog::image;

/// One row. Columns of a part that is absent are NULL together.
#[derive(Debug)]
pub(super) struct CartRow {
    pub(super) session_id: Option<Uuid>,
    pub(super) session_customer_id: Option<Uuid>,
    pub(super) session_device: Option<String>,
    pub(super) session_created_at: Option<OffsetDateTime>,
    pub(super) session_last_seen_at: Option<OffsetDateTime>,
    pub(super) session_expires_at: Option<OffsetDateTime>,
    pub(super) cart_id: Option<Uuid>,
    pub(super) revision: Option<i32>,
    pub(super) status: Option<String>,
    pub(super) currency: Option<String>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) shipping_address: Option<Json<Address>>,
    pub(super) billing_address: Option<Json<Address>>,
    pub(super) note: Option<String>,
    pub(super) cart_attributes: Option<Json<Vec<Attribute>>>,
    pub(super) order_id: Option<Uuid>,
    pub(super) merged_into: Option<Uuid>,
    pub(super) created_at: Option<OffsetDateTime>,
    pub(super) updated_at: Option<OffsetDateTime>,
    pub(super) expires_at: Option<OffsetDateTime>,
    pub(super) line_count: Option<i64>,
    pub(super) total_quantity: Option<i64>,
    pub(super) subtotal: Option<i64>,
    pub(super) lines_short: Option<i64>,
    pub(super) line_id: Option<Uuid>,
    pub(super) quantity: Option<i32>,
    pub(super) line_attributes: Option<Json<Vec<Attribute>>>,
    pub(super) variant_id: Option<Uuid>,
    pub(super) sku: Option<String>,
    pub(super) variant_title: Option<String>,
    pub(super) selected_options: Option<Json<Vec<SelectedOption>>>,
    pub(super) amount: Option<i64>,
    pub(super) compare_at: Option<i64>,
    pub(super) available: Option<i64>,
    pub(super) product_id: Option<Uuid>,
    pub(super) handle: Option<String>,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) vendor: Option<String>,
    pub(super) tags: Option<Vec<String>>,
    pub(super) options: Option<Json<Vec<ProductOption>>>,
    pub(super) price_min: Option<i64>,
    pub(super) price_max: Option<i64>,
    pub(super) own_url: Option<String>,
    pub(super) own_alt: Option<String>,
    pub(super) own_width: Option<i32>,
    pub(super) own_height: Option<i32>,
    pub(super) image_url: Option<String>,
    pub(super) image_alt: Option<String>,
    pub(super) image_width: Option<i32>,
    pub(super) image_height: Option<i32>,
    pub(super) variant_count: Option<i32>,
    pub(super) variants_available: Option<i32>,
    pub(super) product_created_at: Option<OffsetDateTime>,
    pub(super) product_updated_at: Option<OffsetDateTime>,
}

impl CartRow {
    /// The session, when it is live.
    pub(super) fn session(&self) -> Option<Session> {
        Some(Session {
            id: SessionId(self.session_id?),
            kind: if self.session_customer_id.is_some() { SessionKind::Customer } else { SessionKind::Guest },
            device: self.session_device.clone(),
            current: true,
            created_at: self.session_created_at?,
            last_seen_at: self.session_last_seen_at?,
            expires_at: self.session_expires_at?,
        })
    }

    /// The cart, when there is one that the caller may see. Its lines come from all rows together.
    pub(super) fn cart(&self) -> Option<Cart> {
        let status = match self.status.as_deref()? {
            "OPEN" => CartStatus::Open,
            "MERGED" => CartStatus::Merged,
            _ => CartStatus::Completed,
        };
        Some(Cart {
            id: CartId(self.cart_id?),
            revision: self.revision?,
            status,
            currency: self.currency()?,
            email: self.email.clone(),
            phone: self.phone.clone(),
            shipping_address: self.shipping_address.clone().map(|address| address.0),
            billing_address: self.billing_address.clone().map(|address| address.0),
            note: self.note.clone(),
            attributes: self.cart_attributes.clone().map(|attributes| attributes.0).unwrap_or_default(),
            order_id: self.order_id.map(OrderId),
            merged_into: self.merged_into.map(CartId),
            created_at: self.created_at?,
            updated_at: self.updated_at?,
            expires_at: self.expires_at?,
            line_count: self.line_count.unwrap_or_default(),
            total_quantity: self.total_quantity.unwrap_or_default(),
            subtotal: self.subtotal.unwrap_or_default(),
            lines_short: self.lines_short.unwrap_or_default(),
            lines: None,
        })
    }

    fn currency(&self) -> Option<Currency> {
        Currency::parse(self.currency.as_deref()?)
    }

    /// The line of this row.
    pub(super) fn line(self) -> Option<CartLine> {
        let currency = self.currency()?;
        let id = CartLineId(self.line_id?);
        let quantity = self.quantity?;
        let unit_price = self.amount.unwrap_or_default();
        let attributes = self.line_attributes.clone().map(|attributes| attributes.0).unwrap_or_default();
        Some(CartLine {
            id,
            quantity,
            attributes,
            unit_price: Money::new(unit_price, currency),
            // The CHECKs on price and quantity keep the product inside an i64.
            total: Money::new(unit_price.saturating_mul(i64::from(quantity)), currency),
            variant: self.variant(currency),
        })
    }

    /// The variant; `None` when the market no longer sells it.
    fn variant(self, currency: Currency) -> Option<Variant> {
        let money = |amount| Money::new(amount, currency);
        let product_id = ProductId(self.product_id?);
        let (handle, title) = (self.handle?, self.title?);
        let own = image(self.own_url, self.own_alt, self.own_width, self.own_height);
        let shown = image(self.image_url, self.image_alt, self.image_width, self.image_height)
            .unwrap_or_else(|| Image::drawn(product_id, &handle, &title));
        let own = own.unwrap_or_else(|| shown.clone());
        let product = Product {
            id: product_id,
            handle,
            title,
            description: self.description.unwrap_or_default(),
            vendor: self.vendor,
            tags: self.tags.unwrap_or_default(),
            options: self.options.map(|options| options.0).unwrap_or_default(),
            price_min: money(self.price_min?),
            price_max: money(self.price_max?),
            image: shown,
            variant_count: self.variant_count?,
            variants_available: self.variants_available?,
            created_at: self.product_created_at?,
            updated_at: self.product_updated_at?,
            variants: None,
            collections: None,
        };
        Some(Variant {
            id: VariantId(self.variant_id?),
            product_id,
            sku: self.sku?,
            title: self.variant_title.unwrap_or_default(),
            selected_options: self.selected_options.map(|options| options.0).unwrap_or_default(),
            price: money(self.amount?),
            compare_at_price: self.compare_at.map(money),
            available: self.available.unwrap_or_default(),
            image: own,
            product: Some(Box::new(product)),
        })
    }
}
