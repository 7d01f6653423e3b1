//! The `scanf` engine (C11 7.21.6.2), and reading integers.
#![forbid(unsafe_code)]

mod integer;

pub use integer::{Integer, parse_integer};
