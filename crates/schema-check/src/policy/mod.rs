//! What a shop makes of the changes: `schema-policy.toml`.

mod file;
mod judge;
mod scope;

pub(crate) use file::covers;
pub use file::{
    Exemption, FailOn, LintExemption, LintPolicy, OperationExemption, Override, Policy, PolicyFault, UnreachableTypes,
    Unreleased, UsagePolicy, Window,
};
pub use judge::{Excuse, Facts, Judged, JudgedOperation, User, Verdict, judge};
pub use scope::Scope;
