//! `<unistd.h>`, split by subject.

pub mod descriptors;
pub mod getopt;
pub mod identity;
pub mod paths;
pub mod process;
pub mod system;
