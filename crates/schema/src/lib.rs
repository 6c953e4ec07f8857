//! The storefront's GraphQL contract: every type, the thin field methods, the roots, and the ports that fields with IO
//! call. It knows no database: [`sdl`] prints the contract from the types alone.
//!
//! To add a field: plain data is a method that returns what the model holds; what needs IO is a method on a port
//! (`ports.rs`), implemented in the resolvers. Every type, field, argument and enum value carries a description written
//! for a front-end developer; a test fails on one without.

pub mod cart;
pub mod catalog;
pub mod checkout;
pub mod connection;
pub mod context;
pub mod directive;
pub mod error;
pub mod identity;
pub mod money;
pub mod node;
pub mod order;
pub mod plain;
pub mod ports;
pub mod root;
pub mod scalar;
pub mod shop;
pub mod user_error;

use async_graphql::{EmptySubscription, SDLExportOptions, Schema, ValidationMode};

/// The storefront schema.
pub type Storefront = Schema<root::Query, root::Mutation, EmptySubscription>;

/// Builds the executing schema. Texts are validated before they reach it, so it runs in fast mode and without
/// extensions: any one of them would move every field to the engine's slow path.
#[must_use]
pub fn storefront() -> Storefront {
    builder().validation_mode(ValidationMode::Fast).finish()
}

/// Builds the same schema with the engine's own validation, as its stock HTTP service would run it: the reference in
/// tests.
#[must_use]
pub fn storefront_strict() -> Storefront {
    builder().finish()
}

fn builder() -> async_graphql::SchemaBuilder<root::Query, root::Mutation, EmptySubscription> {
    Schema::build(root::Query::default(), root::Mutation::default(), EmptySubscription)
        .register_output_type::<node::Node>()
        .register_output_type::<user_error::UserError>()
        .directive(directive::InContextDirective)
        .disable_suggestions()
}

/// The contract as text, in a stable order: what `schema.graphql` holds.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .include_specified_by()
        .prefer_single_line_descriptions()
        .use_space_ident()
        .indent_width(2);
    let text = storefront().sdl_with_options(options);
    format!("{}\n", text.trim_end())
}
