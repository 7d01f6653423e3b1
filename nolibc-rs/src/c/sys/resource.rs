//! `<sys/resource.h>`

use core::ffi::{c_int, c_long, c_uint, c_ulong};

use super::time::Timeval;
use crate::c::result::{or_minus_one, zero_or_minus_one};
use crate::clock::Clock;
use crate::errno::{Errno, Result};
use crate::heap;
use crate::thread;

/// `struct rusage`.
#[repr(C)]
#[derive(Default)]
pub struct Rusage {
    user: Timeval,
    system: Timeval,
    most_resident_kib: c_long,
    others: [c_long; 13],
}

const _: () = assert!(size_of::<Rusage>() == 144);

/// `struct rlimit`.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Rlimit {
    soft: c_ulong,
    hard: c_ulong,
}

/// What the program or the calling thread has used: CPU time, and the most memory at once (the program's). All other
/// members are 0, and so are those of children.
///
/// Source: POSIX.1-2024 `getrusage`; members as on Linux. Fails with `EINVAL`.
///
/// # Safety
/// `usage` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getrusage(who: c_int, usage: *mut Rusage) -> c_int {
    const CHILDREN: c_int = -1;
    const THREAD: c_int = 1;
    let clock = match who {
        THREAD => Clock::Thread,
        _ => Clock::Cpu,
    };
    let answer = match who {
        0 | THREAD => Ok(Rusage {
            user: Timeval::from_nanoseconds(clock.now()),
            most_resident_kib: (heap::usage().most_used_bytes / 1024) as c_long,
            ..Rusage::default()
        }),
        CHILDREN => Ok(Rusage::default()),
        _ => Err(Errno::EINVAL),
    };
    zero_or_minus_one(answer.map(|answer| {
        // SAFETY: the caller's contract.
        unsafe { *usage = answer };
    }))
}

/// The limit that holds for a resource, soft and hard alike.
fn limit(resource: c_int) -> Result<Rlimit> {
    const INFINITY: c_ulong = c_ulong::MAX;
    const DATA: c_int = 2;
    const STACK: c_int = 3;
    const PROCESSES: c_int = 6;
    const FILES: c_int = 7;
    const ADDRESS_SPACE: c_int = 9;
    let limit = match resource {
        DATA | ADDRESS_SPACE => heap::usage().arena_bytes as c_ulong,
        STACK => thread::current().stack().1 as c_ulong,
        PROCESSES => 1,
        FILES => 1024,
        0..=ADDRESS_SPACE => INFINITY,
        _ => return Err(Errno::EINVAL),
    };
    Ok(Rlimit {
        soft: limit,
        hard: limit,
    })
}

/// What limits a resource.
///
/// Source: POSIX.1-2024 `getrlimit`. Fails with `EINVAL`.
///
/// # Safety
/// `answer` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getrlimit(resource: c_int, answer: *mut Rlimit) -> c_int {
    zero_or_minus_one(limit(resource).map(|limit| {
        // SAFETY: the caller's contract.
        unsafe { *answer = limit };
    }))
}

/// Limit a resource. The limits here are the machine's own and cannot be changed.
///
/// Source: POSIX.1-2024 `setrlimit`.
///
/// # Errors
/// `EINVAL`: no such resource, or the soft limit is above the hard one. `EPERM`:
/// other limits than those that hold.
///
/// # Safety
/// `wanted` may be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn setrlimit(resource: c_int, wanted: *const Rlimit) -> c_int {
    // SAFETY: the caller's contract.
    let wanted = unsafe { *wanted };
    zero_or_minus_one(match limit(resource) {
        Err(error) => Err(error),
        Ok(_) if wanted.soft > wanted.hard => Err(Errno::EINVAL),
        Ok(limit) if wanted == limit => Ok(()),
        Ok(_) => Err(Errno::EPERM),
    })
}

/// Whether `which` and `who` name the one process, its group or its user.
fn find(which: c_int, who: c_uint) -> Result<()> {
    const USER: c_int = 2;
    let own = if which == USER {
        0
    } else {
        crate::process::ID as c_uint
    };
    match which {
        0..=USER if who == 0 || who == own => Ok(()),
        0..=USER => Err(Errno::ESRCH),
        _ => Err(Errno::EINVAL),
    }
}

/// The priority of the one process: 0.
///
/// Source: POSIX.1-2024 `getpriority`. Fails with `EINVAL` or `ESRCH`.
#[unsafe(no_mangle)]
pub extern "C" fn getpriority(which: c_int, who: c_uint) -> c_int {
    or_minus_one(find(which, who).map(|()| 0))
}

/// Set the priority of the one process, which competes with nobody: it stays 0.
///
/// Source: POSIX.1-2024 `setpriority`. Fails with `EINVAL`, `ESRCH`, or `EPERM`
/// for a priority other than 0.
#[unsafe(no_mangle)]
pub extern "C" fn setpriority(which: c_int, who: c_uint, priority: c_int) -> c_int {
    zero_or_minus_one(match find(which, who) {
        Ok(()) if priority != 0 => Err(Errno::EPERM),
        found => found,
    })
}
