//! Why a document or its variables are not executed.

/// Codes a refusal can carry; they are sent to the client as `extensions.code`.
pub mod code {
    /// The text is longer than the limit.
    pub const QUERY_TOO_LARGE: &str = "QUERY_TOO_LARGE";
    /// Brackets, selections or fragments are nested too deep.
    pub const QUERY_TOO_DEEP: &str = "QUERY_TOO_DEEP";
    /// The expanded document, its pages or its parts are too many.
    pub const QUERY_TOO_COMPLEX: &str = "QUERY_TOO_COMPLEX";
    /// More aliases or root fields than the limit.
    pub const TOO_MANY_ALIASES: &str = "TOO_MANY_ALIASES";
    /// More tokens than the limit.
    pub const TOO_MANY_TOKENS: &str = "TOO_MANY_TOKENS";
    /// More directives than the limit.
    pub const TOO_MANY_DIRECTIVES: &str = "TOO_MANY_DIRECTIVES";
    /// More mutation fields than the limit, or a field that must be alone is not.
    pub const TOO_MANY_MUTATIONS: &str = "TOO_MANY_MUTATIONS";
    /// The text is not GraphQL.
    pub const GRAPHQL_PARSE_FAILED: &str = "GRAPHQL_PARSE_FAILED";
    /// The document does not fit the schema.
    pub const GRAPHQL_VALIDATION_FAILED: &str = "GRAPHQL_VALIDATION_FAILED";
    /// A literal or a variable has a value that its type does not accept.
    pub const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
    /// The document has no operation of that name, or several and no name was given.
    pub const OPERATION_NOT_FOUND: &str = "OPERATION_NOT_FOUND";
    /// `first` or `last` exceeds the largest page.
    pub const PAGE_TOO_LARGE: &str = "PAGE_TOO_LARGE";
    /// The operation is a subscription.
    pub const SUBSCRIPTIONS_NOT_SUPPORTED: &str = "SUBSCRIPTIONS_NOT_SUPPORTED";
}

/// A place in the document's text, both counted from 1, columns in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

/// One reason for which nothing was executed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// One of [`code`].
    pub code: &'static str,
    /// For the developer of the client; holds no value that the client sent.
    pub message: String,
    /// Where in the document, empty when the whole document is meant.
    pub locations: Vec<Location>,
    /// Where in the variables, such as `input.lines.3.quantity`.
    pub input_path: Option<String>,
}

/// The longest message, in characters: a client's own names are repeated to it, but not without end.
const MESSAGE_CHARS: usize = 300;

impl Refusal {
    /// A refusal of the whole document.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        let mut message = message.into();
        if let Some((end, _)) = message.char_indices().nth(MESSAGE_CHARS) {
            message.truncate(end);
            message.push('…');
        }
        Self { code, message, locations: Vec::new(), input_path: None }
    }

    /// A variable is null where its type would let it, but its place does not.
    pub(crate) fn null_variable(name: &str) -> Self {
        let message = format!("Variable \"${name}\" is null where a value is needed.");
        Self::new(code::BAD_USER_INPUT, message).in_input(name.to_owned())
    }

    /// The same refusal, pointing at a place.
    #[must_use]
    pub fn at(mut self, location: Option<Location>) -> Self {
        self.locations.extend(location);
        self
    }

    /// The same refusal, pointing into the variables.
    #[must_use]
    pub fn in_input(mut self, path: String) -> Self {
        self.input_path = Some(path);
        self
    }
}
