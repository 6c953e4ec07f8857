//! Reports: one content, five forms.

mod annotation;
mod github;
mod json;
mod linted;
mod markdown;
mod model;
mod sarif;
mod text;
mod words;

pub use annotation::{Annotation, Gravity};
pub use github::github;
pub use json::json;
pub use linted::{
    LintReport, annotations as lint_annotations, json as lint_json, markdown as lint_markdown, text as lint_text,
};
pub(crate) use markdown::escaped;
pub use markdown::markdown;
pub use model::{Report, Side, annotations};
pub use sarif::sarif;
pub use text::{excused, text};
pub(crate) use words::sentence;
pub use words::summary;
