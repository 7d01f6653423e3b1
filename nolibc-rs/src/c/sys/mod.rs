//! `<sys/...>`

pub mod auxv;
pub mod file;
pub mod ioctl;
pub mod ipc;
pub mod mman;
pub mod prctl;
pub mod random;
pub mod resource;
pub mod select;
pub mod socket;
pub mod stat;
pub mod statvfs;
pub mod time;
pub mod times;
pub mod types;
pub mod uio;
pub mod utsname;
