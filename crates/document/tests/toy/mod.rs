//! A schema whose values are hashes of where they are asked for and with which arguments, so that two engines
//! agree on a document exactly if they understand it alike.

use std::sync::atomic::{AtomicI32, Ordering};

use async_graphql::{
    Context, EmptySubscription, Enum, ID, InputObject, Interface, MaybeUndefined, Object, OneofObject, Schema, Union,
};
use serde::Serialize;
use serde_json::{Map, Value, json};

pub(crate) type Toy = Schema<Query, Mutation, EmptySubscription>;

/// Mutation fields that ran so far in one request.
#[derive(Default)]
pub(crate) struct Steps(pub(crate) AtomicI32);

pub(crate) fn schema() -> Toy {
    Schema::build(Query, Mutation, EmptySubscription)
        .validation_mode(async_graphql::ValidationMode::Fast)
        .limit_recursive_depth(64)
        .finish()
}

/// FNV-1a, because it is short enough to be written twice.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn canonical(value: Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15 => {
                format!("{float:.0}").parse::<i64>().map_or(Value::Null, Value::from)
            }
            _ => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(canonical).collect(),
        Value::Object(fields) => fields.into_iter().map(|(key, item)| (key, canonical(item))).collect(),
        other => other,
    }
}

#[derive(Clone, Copy)]
struct Seed(u32);

impl Seed {
    fn field(self, name: &str, arguments: Value) -> Self {
        let arguments = canonical(arguments);
        Self(hash(&format!("{}/{name}{arguments}", self.0)))
    }

    fn plain(self, name: &str) -> Self {
        self.field(name, json!({}))
    }

    fn list<T>(self, make: impl Fn(Self) -> T) -> Vec<T> {
        (0..=self.0 % 3).map(|index| make(Self(hash(&format!("{}#{index}", self.0))))).collect()
    }

    fn int(self) -> i32 {
        i32::try_from(self.0 % 1000).unwrap_or_default()
    }

    fn text(self) -> String {
        format!("s{}", self.0 % 10_000)
    }

    fn option<T>(self, make: impl Fn(Self) -> T) -> Option<T> {
        (!self.0.is_multiple_of(5)).then(|| make(self))
    }
}

/// The given arguments, those left out not among them.
struct Arguments(Map<String, Value>);

impl Arguments {
    fn new() -> Self {
        Self(Map::new())
    }

    fn with(mut self, name: &str, value: impl Serialize) -> Self {
        self.0.insert(name.to_owned(), serde_json::to_value(value).unwrap_or_default());
        self
    }

    fn maybe<T: Serialize>(self, name: &str, value: MaybeUndefined<T>) -> Self {
        match value {
            MaybeUndefined::Undefined => self,
            MaybeUndefined::Null => self.with(name, Value::Null),
            MaybeUndefined::Value(value) => self.with(name, value),
        }
    }
}

#[derive(Enum, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Size {
    Small,
    Medium,
    Large,
}

#[derive(OneofObject, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ItemBy {
    Id(ID),
    Slug(String),
    Position(i32),
}

#[derive(InputObject, Serialize)]
pub(crate) struct PartFilter {
    #[graphql(default = 3)]
    min: i32,
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    name: MaybeUndefined<String>,
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    tags: MaybeUndefined<Vec<String>>,
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    sizes: MaybeUndefined<Vec<Option<Size>>>,
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    nested: MaybeUndefined<Box<PartFilter>>,
}

#[derive(InputObject, Serialize)]
pub(crate) struct RenameInput {
    id: ID,
    name: String,
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    weight: MaybeUndefined<f64>,
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    by: MaybeUndefined<ItemBy>,
    #[graphql(default_with = "vec![Size::Large]")]
    sizes: Vec<Size>,
}

pub(crate) struct Item(Seed);
pub(crate) struct Owner(Seed);
pub(crate) struct Part(Seed);

#[derive(Interface)]
#[graphql(
    field(name = "id", ty = "ID"),
    field(name = "label", ty = "String", arg(name = "tag", ty = "MaybeUndefined<String>"))
)]
pub(crate) enum Node {
    Item(Item),
    Owner(Owner),
}

#[derive(Union)]
pub(crate) enum Thing {
    Item(Item),
    Owner(Owner),
    Part(Part),
}

fn node(seed: Seed) -> Node {
    if seed.0.is_multiple_of(2) { Node::Item(Item(seed)) } else { Node::Owner(Owner(seed)) }
}

fn thing(seed: Seed) -> Thing {
    match seed.0 % 3 {
        0 => Thing::Item(Item(seed)),
        1 => Thing::Owner(Owner(seed)),
        _ => Thing::Part(Part(seed)),
    }
}

#[Object]
impl Item {
    async fn id(&self) -> ID {
        self.0.plain("id").text().into()
    }

    async fn label(&self, tag: MaybeUndefined<String>) -> String {
        self.0.field("label", Value::Object(Arguments::new().maybe("tag", tag).0)).text()
    }

    async fn price(&self, #[graphql(default = 1.5)] scale: f64) -> i32 {
        self.0.field("price", json!({ "scale": scale })).int()
    }

    async fn size(&self) -> Size {
        match self.0.plain("size").0 % 3 {
            0 => Size::Small,
            1 => Size::Medium,
            _ => Size::Large,
        }
    }

    async fn parts(
        &self,
        first: MaybeUndefined<i32>,
        last: MaybeUndefined<i32>,
        filter: MaybeUndefined<PartFilter>,
    ) -> Vec<Part> {
        let arguments = Arguments::new().maybe("first", first).maybe("last", last).maybe("filter", filter);
        self.0.field("parts", Value::Object(arguments.0)).list(Part)
    }

    async fn related(&self) -> Vec<Node> {
        self.0.plain("related").list(node)
    }

    async fn owner(&self) -> Option<Owner> {
        self.0.plain("owner").option(Owner)
    }

    async fn maybe(&self, present: bool) -> Option<Item> {
        present.then(|| Item(self.0.field("maybe", json!({ "present": present }))))
    }
}

#[Object]
impl Owner {
    async fn id(&self) -> ID {
        self.0.plain("id").text().into()
    }

    async fn label(&self, tag: MaybeUndefined<String>) -> String {
        self.0.field("label", Value::Object(Arguments::new().maybe("tag", tag).0)).text()
    }

    async fn items(
        &self,
        ids: MaybeUndefined<Vec<ID>>,
        #[graphql(default_with = "vec![Size::Small]")] sizes: Vec<Size>,
    ) -> Vec<Option<Item>> {
        let arguments = Arguments::new().maybe("ids", ids).with("sizes", sizes);
        self.0.field("items", Value::Object(arguments.0)).list(|seed| seed.option(Item))
    }

    async fn best(&self) -> Thing {
        thing(self.0.plain("best"))
    }
}

#[Object]
impl Part {
    async fn name(&self) -> String {
        self.0.plain("name").text()
    }

    async fn of(&self) -> Item {
        Item(self.0.plain("of"))
    }

    async fn count(&self, #[graphql(default = 2)] by: i32) -> i32 {
        self.0.field("count", json!({ "by": by })).int()
    }
}

pub(crate) struct Query;

const ROOT: Seed = Seed(0);

#[Object]
impl Query {
    async fn item(&self, by: ItemBy) -> Option<Item> {
        ROOT.field("item", json!({ "by": by })).option(Item)
    }

    async fn node(&self, id: ID) -> Option<Node> {
        ROOT.field("node", json!({ "id": id })).option(node)
    }

    async fn search(&self, text: String, filter: MaybeUndefined<PartFilter>) -> Vec<Thing> {
        let arguments = Arguments::new().with("text", text).maybe("filter", filter);
        ROOT.field("search", Value::Object(arguments.0)).list(thing)
    }

    async fn matrix(&self, rows: MaybeUndefined<Vec<Vec<Option<i32>>>>) -> String {
        ROOT.field("matrix", Value::Object(Arguments::new().maybe("rows", rows).0)).text()
    }
}

pub(crate) struct Mutation;

fn step(context: &Context<'_>) -> i32 {
    context
        .data_opt::<Steps>()
        .or_else(|| context.data_opt::<std::sync::Arc<Steps>>().map(AsRef::as_ref))
        .map_or(0, |steps| steps.0.fetch_add(1, Ordering::SeqCst) + 1)
}

#[Object]
impl Mutation {
    async fn bump(&self, context: &Context<'_>, #[graphql(default = 1)] by: i32, key: String) -> Item {
        let step = step(context);
        Item(ROOT.field("bump", json!({ "by": by, "key": key, "step": step })))
    }

    async fn rename(&self, context: &Context<'_>, input: RenameInput) -> Owner {
        let step = step(context);
        Owner(ROOT.field("rename", json!({ "input": input, "step": step })))
    }

    async fn steps(&self, context: &Context<'_>) -> i32 {
        step(context)
    }
}
