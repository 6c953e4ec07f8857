//! The catalogue against a real database: reads, search, plans and the import.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bad_rows;
mod csv;
mod database;
mod import;
mod large;
mod plans;
mod reads;
mod sales;
mod search;
mod typos;
