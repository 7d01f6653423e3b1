//! `<stdlib.h>`, by subject.

pub mod arithmetic;
pub mod environment;
pub mod memory;
pub mod number;
pub mod path;
pub mod process;
pub mod random;
pub mod search;
pub mod subopt;
