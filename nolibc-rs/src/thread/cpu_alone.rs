//! The twin of `cpu_join.rs` for host tests: there is one CPU.

use core::sync::atomic::AtomicBool;

pub(super) static ASKED: AtomicBool = AtomicBool::new(true);

pub fn start_others() {}
