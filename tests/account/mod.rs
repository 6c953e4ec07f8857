//! Accounts: from registering to being erased.

mod addresses;
mod cart_merge;
mod codes;
mod cost;
mod email_keys;
mod emails;
mod erase;
mod lockout;
mod login;
mod merge;
mod nodes;
mod order_links;
mod passwords;
mod profile;
mod races;
mod replay;
mod reset;
mod sessions;
mod sign_up;
mod throttle;
