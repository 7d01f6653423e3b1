//! `<arpa/...>`

pub mod inet;
