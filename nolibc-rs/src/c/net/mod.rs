//! `<net/...>`

pub mod r#if;
