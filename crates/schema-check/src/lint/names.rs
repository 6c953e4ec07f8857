//! Names and descriptions.

use super::rules::Subject;
use crate::parts::PartKind;

pub(super) fn types(subject: &Subject<'_>) -> Vec<(String, String)> {
    named(
        subject,
        &[PartKind::Type],
        |name| name.starts_with(|c: char| c.is_ascii_uppercase()) && !name.contains('_'),
        "PascalCase",
    )
}

pub(super) fn members(subject: &Subject<'_>) -> Vec<(String, String)> {
    let kinds =
        [PartKind::Field, PartKind::Argument, PartKind::InputField, PartKind::Directive, PartKind::DirectiveArgument];
    named(
        subject,
        &kinds,
        |name| name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.contains('_'),
        "camelCase",
    )
}

pub(super) fn enum_values(subject: &Subject<'_>) -> Vec<(String, String)> {
    let upper = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    };
    named(subject, &[PartKind::EnumValue], upper, "UPPER_CASE")
}

fn named(subject: &Subject<'_>, kinds: &[PartKind], fine: impl Fn(&str) -> bool, form: &str) -> Vec<(String, String)> {
    let other = subject.parts.iter().filter(|part| kinds.contains(&part.kind) && !fine(part.name));
    other.map(|part| (part.coordinate.clone(), format!("`{}` is not in {form}", part.name))).collect()
}

pub(super) fn descriptions(subject: &Subject<'_>) -> Vec<(String, String)> {
    let bare = subject.parts.iter().filter(|part| !part.described);
    let message = "it has no description: say what a client can rely on";
    bare.map(|part| (part.coordinate.clone(), message.to_owned())).collect()
}
