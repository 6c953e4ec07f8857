//! The policy's file.

use std::path::{Path, PathBuf};

use tidegate_schema_check::policy::Policy;

use super::source::text;
use crate::problem::Problem;

const FILE: &str = "schema-policy.toml";

/// The policy, and the file it is or would be in.
pub(super) fn read(given: Option<PathBuf>) -> Result<(Policy, String), Problem> {
    let wanted = given.is_some();
    let path = given.unwrap_or_else(|| Path::new(FILE).to_owned());
    let name = path.display().to_string();
    if !wanted && !path.exists() {
        return Ok((Policy::default(), name));
    }
    let policy = Policy::parse(&text(&path)?).map_err(|fault| Problem::configuration(format!("{name}: {fault}")))?;
    Ok((policy, name))
}
