//! What waivers ask for besides kinds and severities.

use tidegate_schema_check::Contract;

use crate::waivers::Disagreement;

/// Whether a condition of `waivers.toml` holds for a disagreement.
pub(crate) fn holds(condition: &str, _found: &Disagreement, _base: &Contract, _head: &Contract) -> bool {
    panic!("waivers.toml names the condition {condition:?}, which conditions.rs does not know")
}
