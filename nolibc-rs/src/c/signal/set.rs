//! Signal sets.

use core::ffi::{c_int, c_ulong};

use crate::c::result::{or_minus_one, zero_or_minus_one};
use crate::c::slice;
use crate::errno::Errno;
use crate::signal::{self as inner, bit};

/// `sigset_t`: only the first word is used.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SigSet {
    words: [c_ulong; 16],
}

impl SigSet {
    /// No signals.
    pub const EMPTY: Self = Self { words: [0; 16] };

    pub(super) const fn new(bits: u64) -> Self {
        let mut set = Self::EMPTY;
        set.words[0] = bits;
        set
    }

    pub(super) const fn bits(&self) -> u64 {
        self.words[0]
    }
}

/// As POSIX `sigemptyset`.
///
/// # Safety
/// As POSIX says: `set` points to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sigemptyset(set: *mut SigSet) -> c_int {
    // SAFETY: the caller's contract.
    zero_or_minus_one(unsafe { slice::store(set, SigSet::EMPTY) })
}

/// As POSIX `sigfillset`.
///
/// # Safety
/// As POSIX says: `set` points to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sigfillset(set: *mut SigSet) -> c_int {
    // SAFETY: the caller's contract.
    zero_or_minus_one(unsafe { slice::store(set, SigSet::new(u64::MAX)) })
}

/// # Safety
/// `set` is null or points to a set.
unsafe fn change(set: *mut SigSet, signal: c_int, change: impl FnOnce(&mut u64, u64)) -> c_int {
    zero_or_minus_one(inner::check(signal).and_then(|signal| {
        // SAFETY: the caller's contract.
        let set = unsafe { set.as_mut() }.ok_or(Errno::EFAULT)?;
        change(&mut set.words[0], bit(signal));
        Ok(())
    }))
}

/// As POSIX `sigaddset`.
///
/// # Safety
/// As POSIX says: `set` was initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sigaddset(set: *mut SigSet, signal: c_int) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { change(set, signal, |bits, bit| *bits |= bit) }
}

/// As POSIX `sigdelset`.
///
/// # Safety
/// As POSIX says: `set` was initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sigdelset(set: *mut SigSet, signal: c_int) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { change(set, signal, |bits, bit| *bits &= !bit) }
}

/// As POSIX `sigismember`.
///
/// # Safety
/// As POSIX says: `set` was initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sigismember(set: *const SigSet, signal: c_int) -> c_int {
    // SAFETY: the caller's contract.
    let set = unsafe { set.as_ref() }.ok_or(Errno::EFAULT);
    or_minus_one(set.and_then(|set| {
        let bit = bit(inner::check(signal)?);
        Ok(c_int::from(set.bits() & bit != 0))
    }))
}

const _: () = assert!(size_of::<SigSet>() == 128);
