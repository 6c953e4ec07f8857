//! What cart mutations take, and its way into the model's words. Every rule that the types cannot hold is checked here,
//! before anything runs.

use async_graphql::{ID, InputObject, MaybeUndefined, OneofObject};
use tidegate_model::cart::{self, AddressChange, LineAdd, LineSet, MAX_LINES_PER_CALL, MAX_QUANTITY};
use tidegate_model::id::{CartLineId, VariantId};
use tidegate_model::refusal::{InvalidReason, RefusalKind};
use tidegate_model::validate::Check;

use super::address::{AddressInput, AttributeInput};

/// A line to add. What is in the cart already, with the same attributes, gets more of it.
#[derive(Debug, Clone, InputObject)]
pub struct CartLineAdd {
    /// What to buy.
    variant_id: ID,
    /// Pieces: 1 to 1,000,000.
    #[graphql(default = 1)]
    quantity: i32,
    /// Your front end's own data: at most 50.
    attributes: Option<Vec<AttributeInput>>,
}

/// The quantity a line shall have.
#[derive(Debug, Clone, InputObject)]
pub struct CartLineSet {
    /// Which line.
    line_id: ID,
    /// Pieces: 0 removes the line; at most 1,000,000.
    quantity: i32,
}

/// Who buys. What is left out is emptied.
#[derive(Debug, Clone, InputObject)]
pub struct CartBuyerInput {
    /// E-mail address.
    email: Option<String>,
    /// Telephone number.
    phone: Option<String>,
}

/// Addresses. One that is left out stays as it is; null empties it.
#[derive(Debug, Clone, InputObject)]
pub struct CartAddressesInput {
    /// Where to send it.
    pub shipping: MaybeUndefined<AddressInput>,
    /// Where to send the bill.
    pub billing: MaybeUndefined<AddressInput>,
}

/// A cart that you own, or whose secret you hold.
#[derive(InputObject)]
pub struct CartAccess {
    /// Which.
    pub id: ID,
    /// Its secret, where it is not your own.
    pub secret: Option<String>,
}

/// One change of a cart: exactly one of the fields.
#[derive(Debug, Clone, OneofObject)]
pub enum CartOperation {
    /// Adds lines: at most 250.
    AddLines(Vec<CartLineAdd>),
    /// Sets quantities of lines: at most 250.
    SetLines(Vec<CartLineSet>),
    /// Removes lines: at most 250.
    RemoveLines(Vec<ID>),
    /// Replaces the buyer.
    SetBuyer(CartBuyerInput),
    /// Changes addresses.
    SetAddresses(Box<CartAddressesInput>),
    /// Replaces the note; an empty text removes it.
    SetNote(String),
    /// Replaces the attributes: at most 50.
    SetAttributes(Vec<AttributeInput>),
}

/// What a new cart begins with.
#[derive(Debug, Clone, Default, InputObject)]
pub struct CartCreateInput {
    /// Lines: at most 250.
    pub lines: Option<Vec<CartLineAdd>>,
    /// Who buys.
    pub buyer: Option<CartBuyerInput>,
    /// The buyer's words to the shop: at most 5,000 characters.
    pub note: Option<String>,
    /// Your front end's own data: at most 50.
    pub attributes: Option<Vec<AttributeInput>>,
    /// Ask for a secret that shares the cart with whoever holds it.
    #[graphql(default = false)]
    pub shareable: bool,
}

impl CartCreateInput {
    /// The operations that fill the cart.
    pub(super) fn operations(self, check: &mut Check) -> Vec<cart::CartOperation> {
        let mut operations = Vec::new();
        if let Some(lines) = self.lines {
            operations.push(CartOperation::AddLines(lines).into_model(check, "input.lines"));
        }
        if let Some(buyer) = self.buyer {
            operations.push(CartOperation::SetBuyer(buyer).into_model(check, "input.buyer"));
        }
        if let Some(note) = self.note {
            operations.push(CartOperation::SetNote(note).into_model(check, "input.note"));
        }
        if let Some(attributes) = self.attributes {
            operations.push(CartOperation::SetAttributes(attributes).into_model(check, "input.attributes"));
        }
        operations
    }
}

impl CartOperation {
    /// The input's field that it was sent in.
    pub(super) fn field(&self) -> &'static str {
        match self {
            Self::AddLines(_) => "addLines",
            Self::SetLines(_) => "setLines",
            Self::RemoveLines(_) => "removeLines",
            Self::SetBuyer(_) => "setBuyer",
            Self::SetAddresses(_) => "setAddresses",
            Self::SetNote(_) => "setNote",
            Self::SetAttributes(_) => "setAttributes",
        }
    }

    /// The same in the model's words; what is wrong with it goes to `check`, at `path`.
    pub(super) fn into_model(self, check: &mut Check, path: &str) -> cart::CartOperation {
        match self {
            Self::AddLines(lines) => cart::CartOperation::AddLines(each(lines, check, path, add_line)),
            Self::SetLines(lines) => cart::CartOperation::SetLines(each(lines, check, path, |line, check, path| {
                set_line(&line, check, path)
            })),
            Self::RemoveLines(ids) => {
                cart::CartOperation::RemoveLines(each(ids, check, path, |id, check, path| line_id(&id, check, path)))
            }
            Self::SetBuyer(buyer) => {
                if let Some(email) = &buyer.email {
                    check.email(email, &format!("{path}.email"));
                }
                if let Some(phone) = &buyer.phone {
                    check.phone(phone, &format!("{path}.phone"));
                }
                cart::CartOperation::SetBuyer { email: buyer.email, phone: buyer.phone }
            }
            Self::SetAddresses(addresses) => cart::CartOperation::SetAddresses {
                shipping: address(addresses.shipping, check, &format!("{path}.shipping")),
                billing: address(addresses.billing, check, &format!("{path}.billing")),
            },
            Self::SetNote(note) => {
                check.text(&note, 0, 5_000, true, path);
                cart::CartOperation::SetNote(Some(note).filter(|note| !note.is_empty()))
            }
            Self::SetAttributes(attributes) => {
                cart::CartOperation::SetAttributes(to_attributes(attributes, check, path))
            }
        }
    }
}

fn each<T, U>(items: Vec<T>, check: &mut Check, path: &str, read: fn(T, &mut Check, &str) -> Option<U>) -> Vec<U> {
    if items.len() > MAX_LINES_PER_CALL {
        check.refuse(InvalidReason::TooMany, path);
        return Vec::new();
    }
    let indexed = items.into_iter().enumerate();
    indexed.filter_map(|(index, item)| read(item, check, &format!("{path}.{index}"))).collect()
}

fn add_line(line: CartLineAdd, check: &mut Check, path: &str) -> Option<LineAdd> {
    quantity(line.quantity, 1, check, path);
    let attributes = to_attributes(line.attributes.unwrap_or_default(), check, &format!("{path}.attributes"));
    let Ok(variant) = VariantId::decode(&line.variant_id) else {
        not_found(&line.variant_id, check, &format!("{path}.variantId"));
        return None;
    };
    Some(LineAdd { variant, quantity: line.quantity, attributes })
}

fn set_line(line: &CartLineSet, check: &mut Check, path: &str) -> Option<LineSet> {
    quantity(line.quantity, 0, check, path);
    let id = line_id(&line.line_id, check, &format!("{path}.lineId"))?;
    Some(LineSet { line: id, quantity: line.quantity })
}

fn line_id(id: &ID, check: &mut Check, path: &str) -> Option<CartLineId> {
    let decoded = CartLineId::decode(id).ok();
    if decoded.is_none() {
        not_found(id, check, path);
    }
    decoded
}

fn not_found(id: &ID, check: &mut Check, path: &str) {
    // An id of ours is short; anything longer is not worth sending back.
    let id = (id.len() <= 64).then(|| id.to_string());
    check.refuse_as(RefusalKind::NotFound { id }, path);
}

fn quantity(quantity: i32, min: i32, check: &mut Check, path: &str) {
    if !(min..=MAX_QUANTITY).contains(&quantity) {
        check.refuse_as(RefusalKind::QuantityRule { min, max: MAX_QUANTITY }, &format!("{path}.quantity"));
    }
}

fn address(input: MaybeUndefined<AddressInput>, check: &mut Check, path: &str) -> AddressChange {
    match input {
        MaybeUndefined::Undefined => AddressChange::Keep,
        MaybeUndefined::Null => AddressChange::Clear,
        MaybeUndefined::Value(input) => {
            let address = cart::Address::from(input);
            check.address(&address, path);
            AddressChange::Set(Box::new(address))
        }
    }
}

fn to_attributes(attributes: Vec<AttributeInput>, check: &mut Check, path: &str) -> Vec<cart::Attribute> {
    let attributes: Vec<cart::Attribute> = attributes.into_iter().map(cart::Attribute::from).collect();
    check.attributes(&attributes, path);
    attributes
}
