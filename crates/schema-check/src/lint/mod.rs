//! What is well made about a schema: names, descriptions, nullability, deprecations, pages.

mod deprecations;
mod names;
mod pages;
mod rules;
mod shapes;

pub use rules::{Finding, Level, Linted, RULES, Rule, lint};
