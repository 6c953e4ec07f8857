//! Prints the answer as a schema: types and directives by name, members in the server's order.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize as _;
use serde_json::Value;

use super::answer::{DirectiveAnswer, InputAnswer, IntrospectionFault, SchemaAnswer, TypeAnswer, TypeReference, data};
use crate::parts::SPECIFIED_DIRECTIVES;

const SPECIFIED_SCALARS: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];

/// What a server says of a deprecation without a reason (section 3.13.3, "@deprecated").
const DEFAULT_REASON: &str = "No longer supported";

/// The schema that an answer to [`super::query`] describes, as text. Applied directives are not in it: a server does
/// not tell them, but for `@deprecated`, `@specifiedBy` and `@oneOf`.
pub fn sdl(answer: &Value) -> Result<String, IntrospectionFault> {
    let data = data(answer)?;
    let schema = data.get("__schema").filter(|schema| schema.is_object());
    let schema = schema.ok_or_else(|| malformed("it has no `__schema`".to_owned()))?;
    let schema = SchemaAnswer::deserialize(schema).map_err(|error| IntrospectionFault::Malformed(error.to_string()))?;
    let mut parts = vec![roots(&schema)];
    let types: BTreeMap<&str, &TypeAnswer> = schema.types.iter().map(|ty| (ty.name.as_str(), ty)).collect();
    let own = types.into_iter().filter(|(name, _)| !name.starts_with("__") && !SPECIFIED_SCALARS.contains(name));
    for (_, ty) in own {
        parts.push(of_type(ty)?);
    }
    let directives: BTreeMap<&str, &DirectiveAnswer> =
        schema.directives.iter().map(|directive| (directive.name.as_str(), directive)).collect();
    for (_, directive) in directives.into_iter().filter(|(name, _)| !SPECIFIED_DIRECTIVES.contains(name)) {
        parts.push(of_directive(directive)?);
    }
    let text = parts.join("\n");
    Ok(text)
}

fn roots(schema: &SchemaAnswer) -> String {
    let mut text = description(schema.description.as_deref(), "");
    text += "schema {\n";
    let roots = [
        ("query", Some(&schema.query_type)),
        ("mutation", schema.mutation_type.as_ref()),
        ("subscription", schema.subscription_type.as_ref()),
    ];
    for (operation, root) in roots {
        if let Some(root) = root {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "  {operation}: {}", root.name);
        }
    }
    text + "}\n"
}

fn of_type(ty: &TypeAnswer) -> Result<String, IntrospectionFault> {
    let mut text = description(ty.description.as_deref(), "");
    let name = &ty.name;
    match ty.kind.as_str() {
        "SCALAR" => {
            let by = ty.specified_by.as_ref().map(|url| format!(" @specifiedBy(url: {})", quoted(url)));
            let _ = writeln!(text, "scalar {name}{}", by.unwrap_or_default());
        }
        "OBJECT" | "INTERFACE" => {
            let keyword = if ty.kind == "OBJECT" { "type" } else { "interface" };
            let interfaces: Vec<&str> = ty.interfaces.iter().flatten().map(|of| of.name.as_str()).collect();
            let implements =
                if interfaces.is_empty() { String::new() } else { format!(" implements {}", interfaces.join(" & ")) };
            let _ = writeln!(text, "{keyword} {name}{implements} {{");
            for field in ty.fields.iter().flatten() {
                text += &description(field.description.as_deref(), "  ");
                let arguments = arguments(&field.args, "  ")?;
                let deprecated = deprecated(field.is_deprecated, field.deprecation_reason.as_deref());
                let _ = writeln!(text, "  {}{arguments}: {}{deprecated}", field.name, reference(&field.ty)?);
            }
            text += "}\n";
        }
        "UNION" => {
            let members: Vec<&str> = ty.possible_types.iter().flatten().map(|of| of.name.as_str()).collect();
            let _ = writeln!(text, "union {name} = {}", members.join(" | "));
        }
        "ENUM" => {
            let _ = writeln!(text, "enum {name} {{");
            for value in ty.enum_values.iter().flatten() {
                text += &description(value.description.as_deref(), "  ");
                let deprecated = deprecated(value.is_deprecated, value.deprecation_reason.as_deref());
                let _ = writeln!(text, "  {}{deprecated}", value.name);
            }
            text += "}\n";
        }
        "INPUT_OBJECT" => {
            let one_of = if ty.is_one_of == Some(true) { " @oneOf" } else { "" };
            let _ = writeln!(text, "input {name}{one_of} {{");
            for field in ty.input_fields.iter().flatten() {
                text += &description(field.description.as_deref(), "  ");
                let _ = writeln!(text, "  {}", input(field)?);
            }
            text += "}\n";
        }
        other => return Err(malformed(format!("{name} has the kind {other:?}"))),
    }
    Ok(text)
}

fn of_directive(directive: &DirectiveAnswer) -> Result<String, IntrospectionFault> {
    let arguments = arguments(&directive.args, "")?;
    let repeatable = if directive.is_repeatable == Some(true) { " repeatable" } else { "" };
    let locations = directive.locations.join(" | ");
    let description = description(directive.description.as_deref(), "");
    Ok(format!("{description}directive @{}{arguments}{repeatable} on {locations}\n", directive.name))
}

/// On one line, unless one is described.
fn arguments(arguments: &[InputAnswer], indent: &str) -> Result<String, IntrospectionFault> {
    if arguments.is_empty() {
        return Ok(String::new());
    }
    let texts = arguments.iter().map(input).collect::<Result<Vec<_>, _>>()?;
    if arguments.iter().all(|argument| argument.description.is_none()) {
        return Ok(format!("({})", texts.join(", ")));
    }
    let mut text = "(\n".to_owned();
    for (argument, line) in arguments.iter().zip(texts) {
        text += &description(argument.description.as_deref(), &format!("{indent}  "));
        let _ = writeln!(text, "{indent}  {line}");
    }
    Ok(format!("{text}{indent})"))
}

fn input(input: &InputAnswer) -> Result<String, IntrospectionFault> {
    let default = input.default_value.as_ref().map(|value| format!(" = {value}")).unwrap_or_default();
    let deprecated = deprecated(input.is_deprecated, input.deprecation_reason.as_deref());
    Ok(format!("{}: {}{default}{deprecated}", input.name, reference(&input.ty)?))
}

fn deprecated(is: bool, reason: Option<&str>) -> String {
    match reason {
        Some(DEFAULT_REASON) | None if is => " @deprecated".to_owned(),
        Some(reason) if is => format!(" @deprecated(reason: {})", quoted(reason)),
        _ => String::new(),
    }
}

fn reference(ty: &TypeReference) -> Result<String, IntrospectionFault> {
    let inner = || ty.of_type.as_deref().ok_or_else(|| malformed(format!("a {} of nothing", ty.kind)));
    match ty.kind.as_str() {
        "NON_NULL" => Ok(format!("{}!", reference(inner()?)?)),
        "LIST" => Ok(format!("[{}]", reference(inner()?)?)),
        _ => ty.name.clone().ok_or_else(|| malformed("a type without a name".to_owned())),
    }
}

fn malformed(what: String) -> IntrospectionFault {
    IntrospectionFault::Malformed(what)
}

/// A description on lines of its own; an empty one, which some servers give for none, says nothing.
fn description(text: Option<&str>, indent: &str) -> String {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return String::new();
    };
    // A block takes no control characters, and loses blank lines and common indentation at its ends.
    let plain = text.chars().all(|c| c == '\n' || c == '\t' || !c.is_control());
    let kept = text.trim() == text && !text.lines().skip(1).any(|line| line.starts_with([' ', '\t']));
    if text.contains('\n') && plain && kept {
        let lines = text.replace("\"\"\"", "\\\"\"\"");
        let lines: Vec<String> = lines
            .split('\n')
            .map(|line| if line.is_empty() { String::new() } else { format!("{indent}{line}") })
            .collect();
        return format!("{indent}\"\"\"\n{}\n{indent}\"\"\"\n", lines.join("\n"));
    }
    format!("{indent}{}\n", quoted(text))
}

/// A string of GraphQL (section 2.9.4, "String Value").
fn quoted(text: &str) -> String {
    let mut quoted = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

#[cfg(test)]
#[path = "print_tests.rs"]
mod tests;
