//! The engine's stock HTTP service on the same schema as reference: the same data for every valid request. Where it
//! differs, a test says how and why.

mod changes;
mod deviations;
mod documents;
mod http;
mod stock;
