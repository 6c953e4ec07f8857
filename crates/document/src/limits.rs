//! The numbers above which a document is refused.

/// What a custom scalar accepts, checked before anything runs.
#[derive(Clone, Copy, Debug)]
pub struct ScalarRule {
    /// The scalar's name in the schema.
    pub name: &'static str,
    /// Says what is expected when a value is refused, such as "a UUID".
    pub check: fn(&serde_json::Value) -> Result<(), &'static str>,
}

/// Bounds of a document and of its variables.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of text.
    pub text_bytes: usize,
    /// Lexical tokens, comments and commas not counted.
    pub tokens: usize,
    /// Nesting of `(`, `[` and `{` together.
    pub brackets: usize,
    /// Bytes of one name.
    pub name_bytes: usize,
    /// Bytes of one string literal.
    pub string_bytes: usize,
    /// Fields on the longest path after fragments are expanded, introspection included.
    pub depth: u32,
    /// Selection sets on the longest path: fields, inline fragments and spreads.
    pub height: u32,
    /// Fields at the root after expansion.
    pub root_fields: u64,
    /// Aliases after expansion.
    pub aliases: u64,
    /// Directives in the text.
    pub directives: usize,
    /// Fields at the root of one mutation.
    pub mutation_fields: usize,
    /// Mutation fields that must be the only one of their operation.
    pub exclusive_fields: Vec<&'static str>,
    /// Fields, fragments and directives after expansion.
    pub expanded_nodes: u64,
    /// Literal values and variables in arguments after expansion.
    pub expanded_values: u64,
    /// Operations in one document.
    pub operations: usize,
    /// Variables of one operation.
    pub variables: usize,
    /// Page size where neither `first` nor `last` is given.
    pub page_default: u64,
    /// Largest page.
    pub page_max: u64,
    /// Objects that all pages together may ask for.
    pub objects: u64,
    /// Items of one list in arguments and variables.
    pub list_items: usize,
    /// Nesting of lists and input objects in one value.
    pub input_depth: usize,
    /// Bytes of variable values counted once per place where they are used after expansion.
    pub variable_bytes: u64,
    /// Errors reported for one document.
    pub errors: usize,
    /// What custom scalars accept.
    pub scalars: Vec<ScalarRule>,
    /// Fields of the query that resolve what is selected of them by themselves: what the engine gets to run does not
    /// hold it, so that it need not be copied, visited and dropped for each request.
    pub apart: &'static [&'static str],
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            text_bytes: 64 * 1024,
            tokens: 10_000,
            brackets: 64,
            name_bytes: 256,
            string_bytes: 16 * 1024,
            depth: 15,
            height: 40,
            root_fields: 30,
            aliases: 100,
            directives: 100,
            mutation_fields: 4,
            // A checkout, because its retry must be it alone; the others, because many in one request would be many
            // tries for the price of one.
            exclusive_fields: vec![
                "checkoutComplete",
                "login",
                "loginCodeSend",
                "customerRegister",
                "customerVerificationSend",
                "customerVerifyEmail",
                "customerDelete",
                "passwordResetSend",
                "passwordReset",
                "passwordChange",
                "emailChangeRequest",
                "orderLinkSend",
            ],
            expanded_nodes: 5_000,
            expanded_values: 20_000,
            operations: 10,
            variables: 100,
            page_default: 24,
            page_max: 250,
            objects: 20_000,
            list_items: 250,
            input_depth: 16,
            variable_bytes: 8 * 1024 * 1024,
            errors: 10,
            scalars: Vec::new(),
            apart: &[],
        }
    }
}
