//! What a disagreement is about.

use tidegate_schema_check::Contract;

/// The type or directive at the start of a path, in both schemas.
pub(crate) fn about(path: &str, base: &Contract, head: &Contract) -> String {
    let owner = path.split('.').next().unwrap_or_default();
    let part = |contract: &Contract| match owner.strip_prefix('@') {
        Some(name) => contract.schema().directive_definitions.get(name).map(ToString::to_string),
        None => contract.schema().types.get(owner).map(ToString::to_string),
    };
    format!("{}\n->\n{}", part(base).unwrap_or_default(), part(head).unwrap_or_default())
}
