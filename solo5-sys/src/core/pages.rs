//! The page functions of `machine.h`: [`Paging`] over the gate.

use core::ffi::c_uint;
use core::ptr;

use super::{Core, Shared, cpu, layout};
use crate::abi::{Mapped, Range};
use crate::machine::Errno;
use crate::paging::{Paging, Places, Tables, WINDOW};

unsafe extern "C" {
    fn core_write_tables(to: *mut u64, from: *const u64, count: usize, forget: u64);
}

/// Forget what the processor remembers of page tables.
pub fn forget() {
    // SAFETY: nothing is written; the gate takes the top table's address.
    unsafe {
        core_write_tables(
            ptr::with_exposed_provenance_mut(layout::pml4()),
            ptr::null(),
            0,
            1,
        );
    }
}

/// Tables at their own addresses, which ring 3 may read and ring 0 writes.
struct Direct {
    /// This processor forgot what it remembered, and others are to do so before the call ends.
    forgot: bool,
}

impl Tables for Direct {
    unsafe fn read(&self, at: u64) -> u64 {
        // SAFETY: tables can be read, by this function's contract an entry of
        // one is at `at`.
        unsafe { ptr::with_exposed_provenance::<u64>(at as usize).read_volatile() }
    }

    unsafe fn write(&mut self, at: u64, entries: &[u64], forget: bool) {
        self.forgot |= forget;
        // SAFETY: room for these entries, by this function's contract.
        unsafe {
            core_write_tables(
                ptr::with_exposed_provenance_mut(at as usize),
                entries.as_ptr(),
                entries.len(),
                forget.into(),
            );
        }
    }

    unsafe fn store(&mut self, at: u64, entry: u64) {
        // SAFETY: RAM which nobody uses, by this function's contract.
        unsafe { ptr::with_exposed_provenance_mut::<u64>(at as usize).write_volatile(entry) };
    }
}

static PAGING: Shared<Option<Paging<Direct>>> = Shared::new(None);

/// Start with the tables below `directories`.
///
/// # Safety
/// To be called once, when they are loaded. `heap` and `more` are RAM in them,
/// which the program may use.
pub unsafe fn initialise(directories: usize, heap: Range, more: &'static [Range]) {
    let places = Places {
        top: layout::pml4() as u64,
        ram: directories as u64,
        window: layout::pdpt() as u64,
        heap,
        more,
        no_execute: cpu::has_no_execute(),
    };
    // SAFETY: nobody else changes the tables, or uses this static yet; the
    // bootstrap's directories are for the first four GiB.
    unsafe {
        PAGING
            .get()
            .write(Some(Paging::new(Direct { forgot: false }, places)))
    };
}

/// Run `action`.
///
/// # Safety
/// Nobody else does so meanwhile.
unsafe fn with<R>(
    action: impl FnOnce(&mut Paging<Direct>) -> Result<R, Errno>,
) -> Result<R, Errno> {
    // SAFETY: exclusive by this function's contract.
    let paging = unsafe { &mut *PAGING.get() };
    let paging = paging.as_mut().ok_or(Errno::ENOSYS)?;
    action(paging)
}

/// [`with`], after which other processors forget what this one had to.
///
/// # Safety
/// As [`with`].
unsafe fn change<C: Core, R>(
    action: impl FnOnce(&mut Paging<Direct>) -> Result<R, Errno>,
) -> Result<R, Errno> {
    // SAFETY: by this function's contract.
    unsafe {
        with(|paging| {
            let result = action(paging);
            if core::mem::take(&mut paging.tables().forgot) {
                C::flush_others();
            }
            result
        })
    }
}

/// `machine_window`
pub fn window() -> (usize, usize) {
    (WINDOW.0 as usize, (WINDOW.1 - WINDOW.0) as usize)
}

/// `machine_map`
///
/// # Errors
/// As `machine.h` says.
///
/// # Safety
/// As [`Machine::map`](crate::Machine::map).
pub unsafe fn map(va: usize, pa: u64, len: usize, prot: c_uint) -> Result<(), Errno> {
    // SAFETY: by this function's contract.
    unsafe { with(|paging| paging.map(va as u64, pa, len as u64, prot)) }
}

/// `machine_unmap`
///
/// # Errors
/// As `machine.h` says.
///
/// # Safety
/// As [`Machine::unmap`](crate::Machine::unmap).
pub unsafe fn unmap<C: Core>(va: usize, len: usize) -> Result<(), Errno> {
    // SAFETY: by this function's contract.
    unsafe { change::<C, _>(|paging| paging.unmap(va as u64, len as u64)) }
}

/// `machine_protect`
///
/// # Errors
/// As `machine.h` says.
///
/// # Safety
/// As [`Machine::protect`](crate::Machine::protect).
pub unsafe fn protect<C: Core>(va: usize, len: usize, prot: c_uint) -> Result<(), Errno> {
    // SAFETY: by this function's contract.
    unsafe { change::<C, _>(|paging| paging.protect(va as u64, len as u64, prot)) }
}

/// `machine_tables`
///
/// # Errors
/// As `machine.h` says.
///
/// # Safety
/// As [`Machine::tables`](crate::Machine::tables).
pub unsafe fn tables<C: Core>(pa: u64, len: usize) -> Result<(), Errno> {
    // SAFETY: by this function's contract.
    unsafe { change::<C, _>(|paging| paging.take_over(pa, len as u64)) }
}

/// `machine_lookup`
///
/// # Errors
/// As `machine.h` says.
pub fn lookup(va: usize, max: usize) -> Result<Mapped, Errno> {
    // SAFETY: `machine.h` has the caller see to that.
    unsafe { with(|paging| paging.lookup(va as u64, max as u64)) }
}
