//! The comparison is proved here: against GraphQL Inspector, and against what operations can see.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod about;
mod conditions;
mod explanations;
mod inspector;
mod mutate;
mod operations;
mod oracle;
mod pairs;
mod pinned;
mod reference;
mod schemas;
mod seeded;
mod setting;
mod shape;
mod waivers;
