//! The twin of `tick.rs` where nothing ticks: host tests.

use super::Thread;

pub(super) const PERIOD_NS: u64 = 5_000_000;

pub(super) fn bytes() -> usize {
    0
}

pub(super) unsafe fn give_frame(_thread: &Thread, _frame: *mut u8) {}

pub(super) fn make_main_ready() -> crate::errno::Result<()> {
    Ok(())
}

pub(super) fn begin() {}

pub(super) fn end() {}
