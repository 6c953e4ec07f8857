//! Draws documents that are valid: what stands under one response key agrees.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::dice::Dice;

/// Objects inside one another, at most, when no fragment holds more.
const DEPTH: u32 = 3;

/// What can be selected on an object: fields without a choice, single objects, and pages.
struct Type {
    name: &'static str,
    fields: &'static [&'static str],
    objects: &'static [(&'static str, &'static str)],
    pages: &'static [(&'static str, &'static str)],
}

const TYPES: &[Type] = &[
    Type {
        name: "Product",
        fields: &[
            "handle",
            "title",
            "tags",
            "options { name values }",
            "featuredImage { url altText }",
            "priceRange { min { amount currency } max { amount } }",
            "availability { sellable variantCount }",
        ],
        objects: &[
            ("defaultVariant", "Variant"),
            ("variant(options: [{ name: \"Colour\", value: \"Blue\" }])", "Variant"),
        ],
        pages: &[("variants", "Variant"), ("collections", "Collection")],
    },
    Type {
        name: "Variant",
        fields: &[
            "sku",
            "title",
            "price { amount currency }",
            "compareAtPrice { amount }",
            "image { url width }",
            "availability { sellable quantity }",
            "selectedOptions { name value }",
        ],
        objects: &[("product", "Product")],
        pages: &[],
    },
    Type {
        name: "Collection",
        fields: &["handle", "title", "description", "updatedAt"],
        objects: &[],
        pages: &[("products", "Product")],
    },
    Type {
        name: "Cart",
        fields: &[
            "revision",
            "status",
            "lineCount",
            "totalQuantity",
            "note",
            "readiness { ready missing }",
            "orderId",
            "cost { subtotal { amount } total { amount } }",
        ],
        objects: &[],
        pages: &[("lines", "CartLine")],
    },
    Type {
        name: "CartLine",
        fields: &["quantity", "attributes { key value }", "cost { total { amount } }", "problems { code message }"],
        objects: &[("variant", "Variant")],
        pages: &[],
    },
    Type {
        name: "Order",
        fields: &[
            "number",
            "placedAt",
            "cartId",
            "paymentStatus",
            "lineCount",
            "cost { total { amount } }",
            "payments { id }",
        ],
        objects: &[],
        pages: &[("lines", "OrderLine")],
    },
    Type {
        name: "OrderLine",
        fields: &["sku", "title", "quantity", "selectedOptions { name value }", "cost { total { amount } }"],
        objects: &[],
        pages: &[],
    },
    Type { name: "Session", fields: &["kind", "createdAt", "expiresAt", "current"], objects: &[], pages: &[] },
    Type { name: "Viewer", fields: &["__typename"], objects: &[("session", "Session"), ("cart", "Cart")], pages: &[] },
];

/// Types with an id, which `node` may find.
const NODES: &[&str] = &["Product", "Variant", "Collection", "Cart", "CartLine", "Order", "OrderLine", "Session"];

fn type_of(name: &str) -> &'static Type {
    TYPES.iter().find(|known| known.name == name).unwrap()
}

/// What a shop holds, for arguments.
pub(super) struct Known {
    /// Ids of all kinds of nodes, and one of none.
    pub(super) ids: Vec<String>,
    pub(super) carts: [String; 2],
    pub(super) order: String,
    /// Cursors of rows of a page, by its type and field, or by the field of the root with its order.
    pub(super) cursors: HashMap<String, Vec<String>>,
}

/// A document as it grows.
struct Draft<'a> {
    dice: &'a mut Dice,
    known: &'a Known,
    /// What the pages without an alias are given: two of one response key must agree.
    bare: HashMap<String, String>,
    fragments: Vec<(&'static str, String)>,
    aliases: u32,
}

impl Draft<'_> {
    fn one_in(&mut self, bound: u64) -> bool {
        self.dice.below(bound) == 0
    }

    fn pick<'x, T>(&mut self, from: &'x [T]) -> &'x T {
        &from[usize::try_from(self.dice.below(from.len() as u64)).unwrap()]
    }

    fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("a{}", self.aliases)
    }

    /// `first`, `last`, neither, with or without a cursor.
    fn page(&mut self, list: &str) -> String {
        let (size, known) = (1 + self.dice.below(4), self.known);
        let cursors = known.cursors.get(list).map_or(&[][..], Vec::as_slice);
        let cursor = if cursors.is_empty() || !self.one_in(3) { None } else { Some(self.pick(cursors)) };
        let cursor = |name| cursor.map_or(String::new(), |cursor| format!(", {name}: \"{cursor}\""));
        match self.dice.below(9) {
            0..=3 => format!("first: {size}{}", cursor("after")),
            4..=7 => format!("last: {size}{}", cursor("before")),
            _ => cursor("after").trim_start_matches(", ").to_owned(),
        }
    }

    /// A page under an alias of its own, or under its own name with what the document gives that name.
    fn list(&mut self, on: &'static str, field: &str, of: &'static str, depth: u32) -> String {
        let list = format!("{on}.{field}");
        let (alias, arguments) = if self.one_in(2) {
            (format!("{}: ", self.alias()), self.page(&list))
        } else {
            let drawn = self.page(&list);
            (String::new(), self.bare.entry(list).or_insert(drawn).clone())
        };
        let arguments = if arguments.is_empty() { arguments } else { format!("({arguments})") };
        format!("{alias}{field}{arguments} {}", self.connection(of, depth))
    }

    fn connection(&mut self, of: &'static str, depth: u32) -> String {
        let mut text = "{ ".to_owned();
        let shape = self.dice.below(4);
        if shape != 1 {
            let _ = write!(text, "nodes {} ", self.object(of, depth));
        }
        if shape == 1 || shape == 2 {
            let _ = write!(text, "edges {{ cursor node {} }} ", self.object(of, depth));
        }
        if self.one_in(2) {
            text.push_str("pageInfo { hasNextPage hasPreviousPage startCursor endCursor } ");
        }
        text + "}"
    }

    /// A selection set on an object.
    fn object(&mut self, on: &'static str, depth: u32) -> String {
        format!("{{ {} }}", self.fields(on, depth))
    }

    /// What stands in a selection set: fields, objects, pages, fragments; at least one field.
    fn fields(&mut self, on: &'static str, depth: u32) -> String {
        let known = type_of(on);
        let mut text = (*self.pick(known.fields)).to_owned();
        for _ in 0..self.dice.below(3) {
            let field = *self.pick(known.fields);
            let alias = if self.one_in(4) { format!("{}: ", self.alias()) } else { String::new() };
            let _ = write!(text, " {alias}{field}");
        }
        if depth == 0 {
            return text;
        }
        for (field, of) in known.objects {
            if self.one_in(3) {
                let alias = if self.one_in(2) { format!("{}: ", self.alias()) } else { String::new() };
                let _ = write!(text, " {alias}{field} {}", self.object(of, depth - 1));
            }
        }
        for (field, of) in known.pages {
            for _ in 0..self.dice.below(3) {
                let _ = write!(text, " {}", self.list(on, field, of, depth - 1));
            }
        }
        match self.dice.below(6) {
            0 => {
                let _ = write!(text, " ... on {on} {}", self.object(on, depth - 1));
            }
            1 if NODES.contains(&on) => {
                let _ = write!(text, " ... on Node {{ id ... on {on} {} }}", self.object(on, depth - 1));
            }
            2 | 3 => {
                let _ = write!(text, " ...{}", self.fragment(on, depth - 1));
            }
            _ => {}
        }
        text
    }

    /// The name of a fragment on the type: one that is there, or a new one.
    fn fragment(&mut self, on: &'static str, depth: u32) -> String {
        let there = self.fragments.iter().position(|(of, _)| *of == on);
        if let Some(at) = there.filter(|_| self.dice.below(2) == 0) {
            return format!("F{at}");
        }
        // It is named when it is whole, so that none can hold itself.
        let body = self.object(on, depth);
        self.fragments.push((on, body));
        format!("F{}", self.fragments.len() - 1)
    }

    /// Selections for whatever the id may be.
    fn node(&mut self) -> String {
        let mut text = "{ __typename id".to_owned();
        for of in NODES {
            if self.one_in(2) {
                let _ = write!(text, " ... on {of} {}", self.object(of, 2));
            }
        }
        text + " }"
    }

    fn root(&mut self) -> String {
        let alias = self.alias();
        let known = self.known;
        let field = match self.dice.below(10) {
            0 | 1 => {
                let order = *self.pick(&["RELEVANCE", "TITLE", "PRICE_LOW_TO_HIGH", "PRICE_HIGH_TO_LOW", "NEWEST"]);
                let filter = *self.pick(&["", ", filter: { available: true }", ", filter: { tags: \"kitchen\" }"]);
                let page = self.page(&format!("products {order}"));
                format!("products({page}, sort: {order}{filter}) {}", self.connection("Product", DEPTH - 1))
            }
            2 => {
                let words = *self.pick(&["mug", "enamel", "linen towel", "candel"]);
                let page = self.page("search");
                format!("search(query: \"{words}\", {page}) {}", self.connection("Product", DEPTH - 1))
            }
            3 => {
                let order = *self.pick(&["POSITION", "TITLE"]);
                let page = self.page(&format!("collections {order}"));
                format!("collections({page}, sort: {order}) {}", self.connection("Collection", DEPTH - 1))
            }
            4 => {
                let by = *self.pick(&["handle: \"mug\"", "sku: \"TOWEL\"", "handle: \"none\"", "sku: \"MUG-B\""]);
                format!("product(by: {{ {by} }}) {}", self.object("Product", DEPTH))
            }
            5 => {
                let handle = *self.pick(&["kitchen", "gifts", "none"]);
                format!("collection(by: {{ handle: \"{handle}\" }}) {}", self.object("Collection", DEPTH))
            }
            6 => format!("cart(id: \"{}\") {}", self.pick(&known.carts), self.object("Cart", DEPTH)),
            7 => format!("viewer {}", self.object("Viewer", DEPTH)),
            8 => format!("order(by: {{ id: \"{}\" }}) {}", known.order, self.object("Order", DEPTH)),
            _ => {
                let ids: Vec<_> = (0..=self.dice.below(4)).map(|_| format!("\"{}\"", self.pick(&known.ids))).collect();
                match ids.as_slice() {
                    [id] => format!("node(id: {id}) {}", self.node()),
                    ids => format!("nodes(ids: [{}]) {}", ids.join(", "), self.node()),
                }
            }
        };
        format!("{alias}: {field}")
    }
}

pub(super) fn document(dice: &mut Dice, known: &Known) -> String {
    let mut draft = Draft { dice, known, bare: HashMap::new(), fragments: Vec::new(), aliases: 0 };
    let roots: Vec<_> = (0..=draft.dice.below(2)).map(|_| draft.root()).collect();
    let mut text = format!("{{ {} }}", roots.join(" "));
    for (at, (on, body)) in draft.fragments.iter().enumerate() {
        let _ = write!(text, "\nfragment F{at} on {on} {body}");
    }
    text
}
