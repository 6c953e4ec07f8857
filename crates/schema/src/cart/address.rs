//! Addresses and attributes, as carts and orders hold them.

use async_graphql::{InputObject, SimpleObject};
use tidegate_model::cart;

use crate::plain::{Asked, Json, NotPlain, Plain, Wrote};
use crate::scalar::CountryCode;

/// A postal address.
#[derive(Debug, Clone, SimpleObject)]
pub struct Address {
    /// Who lives there.
    name: String,
    /// A firm.
    company: Option<String>,
    /// Street and number.
    line1: String,
    /// Flat or building.
    line2: Option<String>,
    /// Town.
    city: String,
    /// State, county or province.
    region: Option<String>,
    /// ZIP.
    postal_code: Option<String>,
    /// The country.
    country: CountryCode,
    /// For the carrier.
    phone: Option<String>,
}

impl From<cart::Address> for Address {
    fn from(address: cart::Address) -> Self {
        Self {
            name: address.name,
            company: address.company,
            line1: address.line1,
            line2: address.line2,
            city: address.city,
            region: address.region,
            postal_code: address.postal_code,
            country: CountryCode(address.country),
            phone: address.phone,
        }
    }
}

impl Plain for cart::Address {
    const NAME: &'static str = "Address";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "name" => to.text(&self.name),
            "company" => to.optional(self.company.as_deref(), Json::text),
            "line1" => to.text(&self.line1),
            "line2" => to.optional(self.line2.as_deref(), Json::text),
            "city" => to.text(&self.city),
            "region" => to.optional(self.region.as_deref(), Json::text),
            "postalCode" => to.optional(self.postal_code.as_deref(), Json::text),
            "country" => to.text(&self.country),
            "phone" => to.optional(self.phone.as_deref(), Json::text),
            _ => Err(NotPlain),
        }
    }
}

/// A postal address that you send.
#[derive(Debug, Clone, InputObject)]
pub struct AddressInput {
    /// Who lives there: 1 to 200 characters.
    name: String,
    /// A firm: at most 200 characters.
    company: Option<String>,
    /// Street and number: 1 to 200 characters.
    line1: String,
    /// Flat or building: at most 200 characters.
    line2: Option<String>,
    /// Town: 1 to 100 characters.
    city: String,
    /// State, county or province: at most 100 characters.
    region: Option<String>,
    /// ZIP: at most 32 characters.
    postal_code: Option<String>,
    /// The country.
    country: CountryCode,
    /// For the carrier: at most 32 characters.
    phone: Option<String>,
}

impl From<AddressInput> for cart::Address {
    fn from(input: AddressInput) -> Self {
        let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        Self {
            name: input.name,
            company: filled(input.company),
            line1: input.line1,
            line2: filled(input.line2),
            city: input.city,
            region: filled(input.region),
            postal_code: filled(input.postal_code),
            country: input.country.0,
            phone: filled(input.phone),
        }
    }
}

/// A free key and value that your front end keeps with a cart, a line or an order.
#[derive(Debug, Clone, SimpleObject)]
pub struct Attribute {
    /// The key.
    key: String,
    /// The value.
    value: String,
}

impl From<cart::Attribute> for Attribute {
    fn from(attribute: cart::Attribute) -> Self {
        Self { key: attribute.key, value: attribute.value }
    }
}

impl Plain for cart::Attribute {
    const NAME: &'static str = "Attribute";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "key" => to.text(&self.key),
            "value" => to.text(&self.value),
            _ => Err(NotPlain),
        }
    }
}

/// The attributes as a list of objects.
pub(crate) fn attributes(attributes: &[cart::Attribute]) -> Vec<Attribute> {
    attributes.iter().cloned().map(Attribute::from).collect()
}

/// A free key and value that you send.
#[derive(Debug, Clone, InputObject)]
pub struct AttributeInput {
    /// The key: 1 to 64 characters.
    key: String,
    /// The value: at most 1,000 characters.
    value: String,
}

impl From<AttributeInput> for cart::Attribute {
    fn from(input: AttributeInput) -> Self {
        Self { key: input.key, value: input.value }
    }
}
