//! Schemas as documents that can be changed.

pub(crate) mod base;
pub(crate) mod conform;
pub(crate) mod elements;
pub(crate) mod literal;
pub(crate) mod skeleton;
