//! Ticks and processors.

use core::ffi::{c_int, c_uint, c_void};

use super::zero;
use crate::abi::{CpuMain, TickHandler, Time};
use crate::machine::{Errno, Machine};

/// `machine_tick`
///
/// # Safety
/// As [`Machine::tick`].
pub unsafe fn tick<M: Machine>(period: Time, handler: Option<TickHandler>) -> c_int {
    // SAFETY: the caller's contract is the same.
    zero(unsafe { M::tick(period, handler) })
}

/// `machine_cpu_count`
pub fn cpu_count<M: Machine>() -> c_uint {
    M::cpu_count() as c_uint
}

/// `machine_cpu_id`
pub fn cpu_id<M: Machine>() -> c_uint {
    M::cpu_id() as c_uint
}

/// `machine_cpu_start`
///
/// # Safety
/// As [`Machine::cpu_start`].
pub unsafe fn cpu_start<M: Machine>(
    cpu: c_uint,
    function: Option<CpuMain>,
    argument: *const c_void,
    stack_top: *mut c_void,
    tls: usize,
) -> c_int {
    let started = function.ok_or(Errno::EINVAL).and_then(|function| {
        // SAFETY: by this function's contract.
        unsafe { M::cpu_start(cpu as usize, function, argument, stack_top.addr(), tls) }
    });
    zero(started)
}

/// `machine_cpu_wake`
pub fn cpu_wake<M: Machine>(cpu: c_uint) {
    M::cpu_wake(cpu as usize);
}
