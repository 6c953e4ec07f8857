//! Plain data is written as JSON at once, without a future and a map entry for each of its fields.
//!
//! The engine stays the reference: [`Written`] answers with JSON only for a selection that it knows in whole, and
//! leaves any other (fields with IO, fragments, arguments that are wrong) to the engine, which resolves it from the
//! start. A field that is missing here is slower, never wrong. `tests/reference.rs` compares both ways.

use async_graphql::parser::types::{Field, Selection, SelectionSet};
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::{EnumType, enum_value};
use async_graphql::{ContextSelectionSet, OutputType, Positioned, ServerResult, Value};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;
use tidegate_model::{Keyed, Slice};
use time::OffsetDateTime;

use crate::connection::PageArgs;
use crate::context::RequestContext;
use crate::scalar::DateTime;

/// The selection holds something that only the engine can resolve.
#[derive(Debug)]
pub(crate) struct NotPlain;

/// A field as it was asked for.
pub(crate) type Asked = Positioned<Field>;

/// What writing answers.
pub(crate) type Wrote = Result<(), NotPlain>;

/// An object whose fields can be written at once.
pub(crate) trait Plain {
    /// Its name in the schema; empty where that depends on the value.
    const NAME: &'static str;
    /// The end of its name: a connection is named after what is in it.
    const SUFFIX: &'static str = "";

    /// Writes the value of one field.
    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote;
}

impl<T: Plain + ?Sized> Plain for &T {
    const NAME: &'static str = T::NAME;
    const SUFFIX: &'static str = T::SUFFIX;

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        T::field(self, field, to)
    }
}

impl<T: Plain + ?Sized> Plain for Arc<T> {
    const NAME: &'static str = T::NAME;
    const SUFFIX: &'static str = T::SUFFIX;

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        T::field(self, field, to)
    }
}

/// Fields of the query that answer with [`Written`], and so need nothing of the engine for what is selected of them.
pub const APART: [&str; 6] = ["product", "products", "search", "collection", "collections", "cart"];

/// A field at the root whose object is written as JSON where its selection lets it: the value is then
/// [`Value::Binary`], which no type of ours is otherwise.
#[derive(Debug, Clone)]
pub struct Written<T>(pub T);

impl<T: OutputType + Plain> OutputType for Written<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let request = ctx.data_opt::<RequestContext>();
        let Some(whole) = request.and_then(|request| request.whole(&field.node.response_key().node)) else {
            return self.0.resolve(ctx, field).await;
        };
        let ctx = ctx.with_selection_set(&whole.node.selection_set);
        match Json::write(&ctx, &self.0) {
            Some(json) => Ok(Value::Binary(json.into())),
            None => self.0.resolve(&ctx, whole).await,
        }
    }
}

/// JSON that is being written.
pub(crate) struct Json<'a> {
    text: String,
    ctx: &'a ContextSelectionSet<'a>,
    request: &'a RequestContext,
}

impl<'a> Json<'a> {
    /// An object as JSON; `None` where the engine has to resolve it.
    fn write(ctx: &'a ContextSelectionSet<'a>, object: &impl Plain) -> Option<String> {
        let request = ctx.data_opt::<RequestContext>()?;
        let mut to = Self { text: String::with_capacity(4 * 1024), ctx, request };
        to.fields(object, &ctx.item.node).ok().map(|()| to.text)
    }

    fn fields<T: Plain>(&mut self, object: &T, selected: &'a SelectionSet) -> Wrote {
        let mut before = '{';
        for selection in &selected.items {
            // Documents come with their fragments flattened and each key once; what is left depends on the type.
            let Selection::Field(field) = &selection.node else { return Err(NotPlain) };
            if !field.node.directives.is_empty() {
                return Err(NotPlain);
            }
            self.text.push(before);
            self.text.push('"');
            self.text.push_str(&field.node.response_key().node);
            self.text.push_str("\":");
            match (field.node.name.node.as_str(), T::NAME) {
                ("__typename", "") => return Err(NotPlain),
                ("__typename", name) => self.ascii(|to| to.extend([name, T::SUFFIX]))?,
                _ => object.field(field, self)?,
            }
            before = ',';
        }
        self.text.push('}');
        Ok(())
    }

    /// An object with what is selected of it.
    pub(crate) fn object<T: Plain>(&mut self, object: &T, field: &'a Asked) -> Wrote {
        self.fields(object, &field.node.selection_set.node)
    }

    /// Objects with what is selected of each.
    pub(crate) fn objects<T: Plain>(&mut self, objects: impl IntoIterator<Item = T>, field: &'a Asked) -> Wrote {
        self.list(objects, |to, object| to.object(&object, field))
    }

    /// A list.
    pub(crate) fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T) -> Wrote,
    ) -> Wrote {
        self.text.push('[');
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            write(self, item)?;
        }
        self.text.push(']');
        Ok(())
    }

    /// Something that may be null.
    pub(crate) fn optional<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T) -> Wrote) -> Wrote {
        if let Some(value) = value {
            return write(self, value);
        }
        self.text.push_str("null");
        Ok(())
    }

    /// A text.
    pub(crate) fn text(&mut self, text: &str) -> Wrote {
        let special = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
        // Without a way out of the loop, it looks at many bytes at once.
        if text.bytes().fold(false, |found, byte| found | special(byte)) {
            self.text.push_str(&serde_json::to_string(text).map_err(|_| NotPlain)?);
            return Ok(());
        }
        self.ascii(|to| to.push_str(text))
    }

    /// A text that holds nothing to escape: what `write` appends.
    #[expect(clippy::unnecessary_wraps, reason = "every kind of value is written alike")]
    pub(crate) fn ascii(&mut self, write: impl FnOnce(&mut String)) -> Wrote {
        self.text.push('"');
        write(&mut self.text);
        self.text.push('"');
        Ok(())
    }

    /// A whole number.
    pub(crate) fn int(&mut self, number: i32) -> Wrote {
        write!(self.text, "{number}").map_err(|_| NotPlain)
    }

    /// Yes or no.
    #[expect(clippy::unnecessary_wraps, reason = "every kind of value is written alike")]
    pub(crate) fn flag(&mut self, flag: bool) -> Wrote {
        self.text.push_str(if flag { "true" } else { "false" });
        Ok(())
    }

    /// A value of an enumeration.
    pub(crate) fn choice(&mut self, value: impl EnumType) -> Wrote {
        match enum_value(value) {
            Value::Enum(name) => self.text(&name),
            _ => Err(NotPlain),
        }
    }

    /// An instant.
    pub(crate) fn instant(&mut self, instant: OffsetDateTime) -> Wrote {
        self.text(&DateTime(instant).text())
    }

    /// The page that a field asks for.
    pub(crate) fn page(&self, field: &'a Asked) -> Result<tidegate_model::Page, NotPlain> {
        let ctx = self.ctx.with_field(field);
        PageArgs::of(&ctx).and_then(|arguments| arguments.page(&ctx).ok()).ok_or(NotPlain)
    }
}

/// A page of a list as its connection.
pub(crate) struct Page<'s, T>(pub(crate) &'s Slice<T>);

impl<T: Plain> Plain for Page<'_, T> {
    const NAME: &'static str = T::NAME;
    const SUFFIX: &'static str = "Connection";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        let Slice { items, .. } = self.0;
        match field.node.name.node.as_str() {
            "nodes" => to.objects(items.iter().map(|row| &row.item), field),
            "edges" => to.objects(items.iter().map(Edge), field),
            "pageInfo" => to.object(&Bounds(self.0), field),
            _ => Err(NotPlain),
        }
    }
}

struct Edge<'s, T>(&'s Keyed<T>);

impl<T: Plain> Plain for Edge<'_, T> {
    const NAME: &'static str = T::NAME;
    const SUFFIX: &'static str = "Edge";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "cursor" => to.text(&to.request.ports.seal_cursor(&self.0.key)),
            "node" => to.object(&self.0.item, field),
            _ => Err(NotPlain),
        }
    }
}

struct Bounds<'s, T>(&'s Slice<T>);

impl<T> Plain for Bounds<'_, T> {
    const NAME: &'static str = "PageInfo";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        let Slice { items, has_next, has_previous } = self.0;
        let cursor = |row: Option<&Keyed<T>>| row.map(|row| to.request.ports.seal_cursor(&row.key));
        match field.node.name.node.as_str() {
            "hasNextPage" => to.flag(*has_next),
            "hasPreviousPage" => to.flag(*has_previous),
            "startCursor" => to.optional(cursor(items.first()), |to, cursor| to.text(&cursor)),
            "endCursor" => to.optional(cursor(items.last()), |to, cursor| to.text(&cursor)),
            _ => Err(NotPlain),
        }
    }
}
