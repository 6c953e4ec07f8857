//! Typed ids. Inside, a UUIDv7 made in Rust; at the edge, an opaque prefixed text. An id never grants access.

use data_encoding::{Encoding, Specification};
use serde::Serialize;
use std::sync::LazyLock;
use uuid::Uuid;

/// Crockford's base 32 in lower case: no padding, no letters that read alike.
static BASE32: LazyLock<Option<Encoding>> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("0123456789abcdefghjkmnpqrstvwxyz");
    specification.encoding().ok()
});

/// Text that is not an id of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedId;

/// Characters of an id without its prefix.
const BODY: usize = 26;

fn append(prefix: &str, id: Uuid, to: &mut String) {
    to.push_str(prefix);
    to.push('_');
    if let Some(encoding) = BASE32.as_ref() {
        encoding.encode_append(id.as_bytes(), to);
    }
}

fn decode(body: &str) -> Result<Uuid, MalformedId> {
    let bytes = BASE32.as_ref().and_then(|encoding| encoding.decode(body.as_bytes()).ok()).ok_or(MalformedId)?;
    Uuid::from_slice(&bytes).map_err(|_| MalformedId)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal $variant:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
            pub struct $name(pub Uuid);

            impl $name {
                /// What the text form begins with.
                pub const PREFIX: &'static str = $prefix;

                /// The text a client sees.
                #[must_use]
                pub fn encode(self) -> String {
                    let mut text = String::with_capacity(Self::PREFIX.len() + 1 + BODY);
                    self.append(&mut text);
                    text
                }

                /// Appends the text a client sees; nothing in it has to be escaped in JSON.
                pub fn append(self, to: &mut String) {
                    append(Self::PREFIX, self.0, to);
                }

                /// Reads the text a client sent; an id of another kind is malformed.
                pub fn decode(text: &str) -> Result<Self, MalformedId> {
                    let body = text.strip_prefix(concat!($prefix, "_")).ok_or(MalformedId)?;
                    decode(body).map(Self)
                }
            }

            impl From<Uuid> for $name {
                fn from(id: Uuid) -> Self {
                    Self(id)
                }
            }
        )*

        /// An id of any kind, as `node(id:)` takes it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum NodeId {
            $(
                #[doc = concat!("`", $prefix, "_`")]
                $variant($name),
            )*
        }

        impl NodeId {
            /// Reads an id of whatever kind its prefix names.
            pub fn decode(text: &str) -> Result<Self, MalformedId> {
                let (prefix, body) = text.split_once('_').ok_or(MalformedId)?;
                match prefix {
                    $($prefix => decode(body).map(|id| Self::$variant($name(id))),)*
                    _ => Err(MalformedId),
                }
            }
        }
    };
}

// Append only: a prefix, once handed out, keeps its meaning.
ids! {
    /// A product.
    ProductId "prod" Product;
    /// What is sold: one combination of a product's options.
    VariantId "var" Variant;
    /// A collection of products.
    CollectionId "coll" Collection;
    /// A cart.
    CartId "cart" Cart;
    /// A line of a cart.
    CartLineId "line" CartLine;
    /// An order.
    OrderId "order" Order;
    /// A line of an order.
    OrderLineId "oline" OrderLine;
    /// A payment of an order.
    PaymentId "pay" Payment;
    /// A shopper's session.
    SessionId "sess" Session;
    /// A customer.
    CustomerId "cust" Customer;
    /// An address that a customer keeps.
    AddressId "addr" Address;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_reads_back(bytes in any::<[u8; 16]>()) {
            let id = CartId(Uuid::from_bytes(bytes));
            prop_assert_eq!(CartId::decode(&id.encode()), Ok(id));
            prop_assert_eq!(NodeId::decode(&id.encode()), Ok(NodeId::Cart(id)));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,64}") {
            let _ = NodeId::decode(&text);
        }
    }

    #[test]
    fn an_id_of_another_kind_is_malformed() {
        let id = CartId(Uuid::nil());
        assert_eq!(OrderId::decode(&id.encode()), Err(MalformedId));
    }

    #[test]
    fn the_text_is_short_and_opaque() {
        assert_eq!(CartId(Uuid::nil()).encode(), "cart_00000000000000000000000000");
    }
}
