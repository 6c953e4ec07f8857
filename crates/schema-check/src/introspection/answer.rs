//! What a server answers (GraphQL specification, section 4, "Introspection").

use serde::Deserialize;
use serde_json::Value;

/// Why an answer holds no schema, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntrospectionFault {
    /// The server answered errors.
    #[error("the server refused the introspection: {0}")]
    Refused(String),
    /// There is no data and no error.
    #[error("the answer is not one of a GraphQL server: it has neither data nor errors")]
    NotGraphql,
    /// The data is not what the specification describes.
    #[error("the answer is not what the specification describes: {0}")]
    Malformed(String),
}

/// The data of an answer.
pub(super) fn data(answer: &Value) -> Result<&Value, IntrospectionFault> {
    let errors = answer.get("errors").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if let Some(error) = errors.first() {
        let message = error["message"].as_str().unwrap_or("an error without a message");
        let message: String = message.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect();
        let code = error["extensions"]["code"].as_str().map(|code| format!(" ({code})")).unwrap_or_default();
        return Err(IntrospectionFault::Refused(format!("{message}{code}")));
    }
    answer.get("data").filter(|data| data.is_object()).ok_or(IntrospectionFault::NotGraphql)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SchemaAnswer {
    pub(super) description: Option<String>,
    pub(super) query_type: Named,
    pub(super) mutation_type: Option<Named>,
    pub(super) subscription_type: Option<Named>,
    pub(super) types: Vec<TypeAnswer>,
    #[serde(default)]
    pub(super) directives: Vec<DirectiveAnswer>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Named {
    pub(super) name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TypeAnswer {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) description: Option<String>,
    #[serde(rename = "specifiedByURL")]
    pub(super) specified_by: Option<String>,
    pub(super) is_one_of: Option<bool>,
    pub(super) fields: Option<Vec<FieldAnswer>>,
    pub(super) input_fields: Option<Vec<InputAnswer>>,
    pub(super) interfaces: Option<Vec<Named>>,
    pub(super) enum_values: Option<Vec<EnumValueAnswer>>,
    pub(super) possible_types: Option<Vec<Named>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FieldAnswer {
    pub(super) name: String,
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) args: Vec<InputAnswer>,
    #[serde(rename = "type")]
    pub(super) ty: TypeReference,
    #[serde(default)]
    pub(super) is_deprecated: bool,
    pub(super) deprecation_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InputAnswer {
    pub(super) name: String,
    pub(super) description: Option<String>,
    #[serde(rename = "type")]
    pub(super) ty: TypeReference,
    pub(super) default_value: Option<String>,
    #[serde(default)]
    pub(super) is_deprecated: bool,
    pub(super) deprecation_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EnumValueAnswer {
    pub(super) name: String,
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) is_deprecated: bool,
    pub(super) deprecation_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DirectiveAnswer {
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) is_repeatable: Option<bool>,
    pub(super) locations: Vec<String>,
    #[serde(default)]
    pub(super) args: Vec<InputAnswer>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TypeReference {
    pub(super) kind: String,
    pub(super) name: Option<String>,
    pub(super) of_type: Option<Box<TypeReference>>,
}
