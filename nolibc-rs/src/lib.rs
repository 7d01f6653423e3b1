//! A freestanding C runtime on which OCaml 5 boots with no operating system.
//!
//! Two layers. [`c`] is the outer one: it translates C strings, `errno`, `-1`
//! and `va_list`, one file per C header, and holds no algorithm. Everything
//! else is the inner layer: slices, [`Result`], types. Below both stands
//! [`platform`], the only module that calls the machine.
//!
//! With the feature `export` this is `libnolibc.a`. Without it the crate is an
//! ordinary library over `std` whose inner layer runs in host tests.
#![cfg_attr(feature = "export", no_std)]

pub mod errno;
pub mod platform;
pub mod sync;

pub mod address;
pub mod buffer;
pub mod bytes;
pub mod calendar;
pub mod clock;
pub mod decimal;
pub mod delivery;
pub mod entropy;
pub mod environ;
pub mod file;
pub mod format;
pub mod heap;
pub mod math;
pub mod memory;
pub mod multibyte;
pub mod pages;
pub mod process;
pub mod random;
pub mod report;
pub mod scan;
pub mod signal;
pub mod sort;
pub mod stream;
pub mod tcb;
pub mod thread;
pub mod vector;

pub mod varargs;

#[path = "arch/x86_64/mod.rs"]
pub mod arch;

#[cfg(feature = "export")]
pub mod c;

pub use errno::{Errno, Result};
