//! The program's heap while it is checked: see [`Checker`].

use core::ptr::NonNull;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::Heap;
use super::check::{Checked, Checker};
use super::program::{configure, with};
use crate::errno::Result;
use crate::report;
use crate::sync::Lock;

static ON: AtomicBool = AtomicBool::new(false);
/// Taken before the heap's own lock.
static CHECKER: Lock<Checker> = Lock::new(Checker::new());

/// Whether blocks have guards.
#[inline]
pub fn is_on() -> bool {
    cfg!(not(feature = "heap-small")) && ON.load(Relaxed)
}

/// Give each block guards from now on.
pub fn start() {
    if cfg!(feature = "heap-small") {
        report::die("this library was built with heap-small, which cannot check blocks");
    }
    ON.store(true, Relaxed);
    configure(Heap::start_checks);
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
#[inline(never)]
fn checked(work: &mut dyn FnMut(&mut Checker, &mut Heap) -> Checked<usize>) -> usize {
    let mut checker = CHECKER.lock();
    with(|heap| work(&mut checker, heap)).unwrap_or_else(|_| {
        let damage = checker.damage();
        drop(checker);
        damage.die()
    })
}

/// As [`super::alloc`].
#[cold]
pub fn alloc(len_bytes: usize, align: usize) -> Result<NonNull<u8>> {
    let address = checked(&mut |checker, heap| {
        let block = checker.alloc(heap, len_bytes, align)?;
        Ok(block.map_or(0, |block| block.addr().get()))
    });
    NonNull::new(core::ptr::with_exposed_provenance_mut(address))
        .ok_or_else(|| super::refuse(len_bytes))
}

/// As [`super::free`].
#[cold]
pub fn free(block: NonNull<u8>) {
    checked(&mut |checker, heap| checker.free(heap, block).map(|()| 0));
}

/// As [`super::usable_bytes`].
#[cold]
pub fn usable_bytes(block: NonNull<u8>) -> usize {
    checked(&mut |checker, heap| checker.usable_bytes(heap, block))
}

/// Make a live block shorter where it lies.
#[cold]
pub fn shorten(block: NonNull<u8>, len_bytes: usize) {
    checked(&mut |checker, heap| checker.shorten(heap, block, len_bytes).map(|()| 0));
}

/// Let the heap have one block that was given back; false: there is none.
#[cold]
pub fn make_room() -> bool {
    is_on() && checked(&mut |checker, heap| checker.forget_oldest(heap).map(usize::from)) != 0
}

/// Look at all blocks.
#[cold]
pub fn verify() {
    if is_on() {
        checked(&mut |checker, heap| checker.verify(heap).map(|()| 0));
    }
}

/// [`make_room`] until there is nothing left to give; whether there was any.
pub fn trim() -> bool {
    let any = make_room();
    while make_room() {}
    any
}
