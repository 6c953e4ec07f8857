//! The gateway: HTTP, documents, configuration, telemetry and commands.
//!
//! One request goes a straight line: `http` bounds and negotiates, the bearer token becomes a viewer,
//! `tidegate-document` turns the text into an operation, the engine runs it with resolvers made for this request, and
//! `http` writes the answer and one log line. A process holds code, configuration, the keys, compiled documents and
//! connections; it remembers nothing of a client.
//!
//! [`app::build`] makes the application, [`app::router`] its routes, [`server::start`] runs it on a listener; tests use
//! the same three.

pub mod app;
mod background;
pub mod cli;
pub mod config;
mod dev;
mod http;
pub mod issuers;
pub mod keys;
mod logs;
pub mod mail;
pub mod problem;
mod scalars;
pub mod server;
