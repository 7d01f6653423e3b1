//! `<sched.h>`: one policy, and which CPUs run what.

use core::ffi::c_int;

use crate::c::result::{or_minus_one, zero_or_minus_one};
use crate::errno::{Errno, Result};
use crate::thread::scheduler::{self, attention, yield_now};
use crate::thread::{Thread, cpu, self_id, with_id};

/// `struct sched_param`
#[repr(C)]
pub struct SchedParam {
    /// `sched_priority`
    pub priority: c_int,
}

/// `cpu_set_t`
#[repr(C)]
pub struct CpuSet([u64; 16]);

/// Bytes of a set with all CPUs that there can be.
const BYTES: usize = cpu::MOST / 8;

impl CpuSet {
    /// Fill a set with the CPUs that a thread may run on.
    ///
    /// # Errors
    /// `EINVAL`: no room. `ESRCH`: no such thread.
    ///
    /// # Safety
    /// `len` bytes at `set` may be written.
    pub unsafe fn of(id: usize, set: *mut Self, len: usize) -> Result<()> {
        let allowed = with_id(id, Thread::allowed)? & cpu::set();
        if len < BYTES {
            return Err(Errno::EINVAL);
        }
        // SAFETY: the caller's contract.
        unsafe {
            set.cast::<u8>().write_bytes(0, len);
            set.cast::<cpu::Set>().write_unaligned(allowed);
        }
        Ok(())
    }

    /// Have a thread run on the CPUs of a set.
    ///
    /// # Errors
    /// `EINVAL`: none of them exists. `ESRCH`: no such thread.
    ///
    /// # Safety
    /// `len` bytes at `set` may be read.
    pub unsafe fn apply(id: usize, set: *const Self, len: usize) -> Result<()> {
        let mut bytes = [0; BYTES];
        for (index, byte) in bytes.iter_mut().enumerate().take(len) {
            // SAFETY: the caller's contract.
            *byte = unsafe { set.cast::<u8>().add(index).read() };
        }
        let allowed = cpu::Set::from_le_bytes(bytes) & cpu::set();
        if allowed == 0 {
            return with_id(id, |_| ()).and(Err(Errno::EINVAL));
        }
        with_id(id, |thread| scheduler::allow(thread, allowed))?;
        yield_now();
        Ok(())
    }
}

/// Whether a policy exists and a priority is one of it; only `SCHED_OTHER` can be had.
///
/// # Errors
/// `EINVAL`: no such policy or priority. `ENOTSUP`: another policy.
pub fn check(policy: c_int, priority: c_int) -> Result<()> {
    let (least, most) = priorities(policy)?;
    match policy {
        _ if !(least..=most).contains(&priority) && policy == 0 => Err(Errno::EINVAL),
        0 => Ok(()),
        _ => Err(Errno::ENOTSUP),
    }
}

/// Source: Linux sched(7).
fn priorities(policy: c_int) -> Result<(c_int, c_int)> {
    match policy {
        1 | 2 => Ok((1, 99)),
        0 | 3 | 5 => Ok((0, 0)),
        _ => Err(Errno::EINVAL),
    }
}

/// There is one process: 0, or the number that `getpid` or `gettid` answers.
fn this_process(pid: c_int) -> Result<()> {
    with_id(thread_of(pid)?, |_| ())
}

/// The number of the thread that `gettid` says this of; 0: the caller.
fn thread_of(pid: c_int) -> Result<usize> {
    match usize::try_from(pid) {
        Ok(0) => Ok(self_id()),
        Ok(id) => Ok(id),
        Err(_) => Err(Errno::ESRCH),
    }
}

/// Let the other threads run that are ready.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sched_yield() -> c_int {
    if attention() != 0 {
        yield_now();
        crate::c::signal::deliver_if_due();
    }
    0
}

/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sched_get_priority_min(policy: c_int) -> c_int {
    or_minus_one(priorities(policy).map(|(least, _)| least))
}

/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sched_get_priority_max(policy: c_int) -> c_int {
    or_minus_one(priorities(policy).map(|(_, most)| most))
}

/// `SCHED_OTHER`. `ESRCH`: no such process.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sched_getscheduler(pid: c_int) -> c_int {
    zero_or_minus_one(this_process(pid))
}

/// Only what is can be set. `ESRCH`, `EINVAL`: as elsewhere. `EPERM`: another policy.
///
/// # Safety
/// `param` may be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sched_setscheduler(
    pid: c_int,
    policy: c_int,
    param: *const SchedParam,
) -> c_int {
    // SAFETY: the caller's contract.
    let priority = unsafe { param.as_ref() }.map(|param| param.priority);
    let set = priority.ok_or(Errno::EINVAL).and_then(|priority| {
        this_process(pid)?;
        check(policy, priority)
    });
    let no_right = |error| {
        if error == Errno::ENOTSUP {
            Errno::EPERM
        } else {
            error
        }
    };
    zero_or_minus_one(set.map_err(no_right))
}

/// # Safety
/// `param` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sched_getparam(pid: c_int, param: *mut SchedParam) -> c_int {
    zero_or_minus_one(this_process(pid).map(|()| {
        // SAFETY: the caller's contract.
        unsafe { param.write(SchedParam { priority: 0 }) }
    }))
}

/// # Safety
/// `param` may be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sched_setparam(pid: c_int, param: *const SchedParam) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { sched_setscheduler(pid, 0, param) }
}

/// Slices have no promised length: 0 seconds, which Linux answers for `SCHED_FIFO`.
///
/// # Safety
/// `time` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sched_rr_get_interval(pid: c_int, time: *mut [i64; 2]) -> c_int {
    zero_or_minus_one(this_process(pid).map(|()| {
        // SAFETY: the caller's contract.
        unsafe { time.write([0, 0]) }
    }))
}

/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sched_getcpu() -> c_int {
    cpu::current() as c_int
}

/// # Safety
/// `len` bytes at `set` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sched_getaffinity(pid: c_int, len: usize, set: *mut CpuSet) -> c_int {
    // SAFETY: the caller's contract.
    zero_or_minus_one(thread_of(pid).and_then(|id| unsafe { CpuSet::of(id, set, len) }))
}

/// # Safety
/// `len` bytes at `set` may be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sched_setaffinity(pid: c_int, len: usize, set: *const CpuSet) -> c_int {
    // SAFETY: the caller's contract.
    zero_or_minus_one(thread_of(pid).and_then(|id| unsafe { CpuSet::apply(id, set, len) }))
}
