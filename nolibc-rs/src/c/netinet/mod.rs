//! `<netinet/...>`

pub mod r#in;
