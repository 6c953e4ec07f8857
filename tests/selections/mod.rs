//! Selections drawn at random from what a shopper can read: the same answers come back with and without looking ahead.

mod compare;
mod draw;
