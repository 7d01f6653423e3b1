//! The program's heap while it is checked: see [`Checker`].

use core::ptr::NonNull;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::check::{Checked, Checker};
use super::program::with;
use super::{Heap, MIN_ALIGN};
use crate::errno::Result;
use crate::report;
use crate::sync::Lock;

static ON: AtomicBool = AtomicBool::new(false);
/// Taken before the heap's own lock.
static CHECKER: Lock<Checker> = Lock::new(Checker::new());

/// Whether blocks have guards.
#[inline]
pub fn is_on() -> bool {
    ON.load(Relaxed)
}

/// Give each block guards from now on.
pub fn start() {
    ON.store(true, Relaxed);
}

/// [`start`] if the value of `NOLIBC_MALLOC` is `check`; any other value ends the program with a report.
pub fn start_if_asked() {
    match crate::environ::get(b"NOLIBC_MALLOC").unwrap_or_default() {
        b"" => {}
        b"check" => start(),
        _ => report::die("NOLIBC_MALLOC is set, and not to check, which is all it may be"),
    }
}

/// Damage ends the program, with no lock held, so that the report has figures.
fn checked<T>(work: impl FnOnce(&mut Checker, &mut Heap) -> Checked<T>) -> T {
    let done = {
        let mut checker = CHECKER.lock();
        with(|heap| work(&mut checker, heap))
    };
    done.unwrap_or_else(|damage| damage.die())
}

/// As [`super::alloc`].
#[cold]
pub fn alloc(len_bytes: usize, align: usize) -> Result<NonNull<u8>> {
    checked(|checker, heap| checker.alloc(heap, len_bytes, align))
        .map_err(|_| super::refuse(len_bytes))
}

/// As [`super::free`].
#[cold]
pub fn free(block: NonNull<u8>) {
    checked(|checker, heap| checker.free(heap, block));
}

/// As [`super::usable_bytes`].
#[cold]
pub fn usable_bytes(block: NonNull<u8>) -> usize {
    checked(|checker, heap| checker.usable_bytes(heap, block))
}

/// As [`super::realloc`], but the block always moves if it can.
#[cold]
pub fn realloc(block: NonNull<u8>, len_bytes: usize) -> Result<NonNull<u8>> {
    let usable = usable_bytes(block);
    match alloc(len_bytes, MIN_ALIGN) {
        Ok(moved) => {
            // SAFETY: both are live blocks, distinct, with that many bytes at least.
            unsafe { moved.copy_from_nonoverlapping(block, usable.min(len_bytes)) };
            free(block);
            Ok(moved)
        }
        Err(_) if len_bytes <= usable => {
            checked(|checker, heap| checker.shorten(heap, block, len_bytes));
            Ok(block)
        }
        Err(error) => Err(error),
    }
}

/// Let the heap have one block that was given back; false: there is none.
#[cold]
pub fn make_room() -> bool {
    is_on() && checked(Checker::forget_oldest)
}

/// Look at all blocks.
pub fn verify() {
    if is_on() {
        checked(|checker, heap| checker.verify(heap));
    }
}

/// [`make_room`] until there is nothing left to give; whether there was any.
pub fn trim() -> bool {
    let any = make_room();
    while make_room() {}
    any
}
