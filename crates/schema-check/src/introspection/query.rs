//! The questions. Editions differ in what they may ask (`specifiedByURL` since October 2021, `isOneOf` since September
//! 2025), and a server refuses a question with one unknown field; so it is first asked what it knows.

use serde_json::Value;

use super::answer::{IntrospectionFault, data};

/// What a server can be asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Abilities {
    schema_description: bool,
    specified_by: bool,
    one_of: bool,
    repeatable: bool,
    input_deprecation: bool,
    argument_deprecation: bool,
    directive_argument_deprecation: bool,
    input_value_deprecation: bool,
}

/// Asks what can be asked.
pub const PROBE: &str = "query TidegateSchemaProbe {
  schema: __type(name: \"__Schema\") { fields { name args { name } } }
  type: __type(name: \"__Type\") { fields { name args { name } } }
  field: __type(name: \"__Field\") { fields { name args { name } } }
  directive: __type(name: \"__Directive\") { fields { name args { name } } }
  input: __type(name: \"__InputValue\") { fields { name args { name } } }
}";

/// Reads the answer to [`PROBE`].
pub fn abilities(answer: &Value) -> Result<Abilities, IntrospectionFault> {
    let data = data(answer)?;
    let field =
        |ty: &str, name: &str| data[ty]["fields"].as_array().into_iter().flatten().find(|field| field["name"] == name);
    let argument = |ty: &str, name: &str| {
        let arguments = field(ty, name).and_then(|field| field["args"].as_array());
        arguments.into_iter().flatten().any(|argument| argument["name"] == "includeDeprecated")
    };
    Ok(Abilities {
        schema_description: field("schema", "description").is_some(),
        specified_by: field("type", "specifiedByURL").is_some(),
        one_of: field("type", "isOneOf").is_some(),
        repeatable: field("directive", "isRepeatable").is_some(),
        input_deprecation: argument("type", "inputFields"),
        argument_deprecation: argument("field", "args"),
        directive_argument_deprecation: argument("directive", "args"),
        input_value_deprecation: field("input", "isDeprecated").is_some(),
    })
}

/// Asks for the whole schema.
#[must_use]
pub fn query(abilities: Abilities) -> String {
    let when = |can: bool, text: &'static str| if can { text } else { "" };
    let all = |can: bool| when(can, "(includeDeprecated: true)");
    // A type in a list in a non-null in … : nine levels are more than any schema has.
    let of = (0..9).fold("kind name".to_owned(), |inner, _| format!("kind name ofType {{ {inner} }}"));
    let input = format!(
        "name description type {{ {of} }} defaultValue {}",
        when(abilities.input_value_deprecation, "isDeprecated deprecationReason")
    );
    format!(
        "query TidegateSchema {{
  __schema {{
    {}
    queryType {{ name }}
    mutationType {{ name }}
    subscriptionType {{ name }}
    types {{
      kind name description {} {}
      fields(includeDeprecated: true) {{
        name description isDeprecated deprecationReason
        args{} {{ {input} }}
        type {{ {of} }}
      }}
      inputFields{} {{ {input} }}
      interfaces {{ name }}
      enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }}
      possibleTypes {{ name }}
    }}
    directives {{ name description {} locations args{} {{ {input} }} }}
  }}
}}",
        when(abilities.schema_description, "description"),
        when(abilities.specified_by, "specifiedByURL"),
        when(abilities.one_of, "isOneOf"),
        all(abilities.argument_deprecation),
        all(abilities.input_deprecation),
        when(abilities.repeatable, "isRepeatable"),
        all(abilities.directive_argument_deprecation),
    )
}
