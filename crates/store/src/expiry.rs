//! What is abandoned expires.
