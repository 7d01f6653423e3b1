//! The host's monotonic clock.
//!
//! The guest cannot find the vDSO, so that each reading would cost a system
//! call (220 ns); see [`crate::clock`] for what is done instead.

use core::arch::x86_64::{__cpuid, _rdtsc};

use super::sys;
use crate::abi::Time;
use crate::clock::{Clock, Source};

static CLOCK: Clock = Clock::new();

/// The time stamp counter and the host's kernel.
struct Kernel;

impl Source for Kernel {
    fn cycles(&self) -> u64 {
        // SAFETY: the instruction has no precondition; the tender does not
        // forbid it, and the start code used it already.
        unsafe { _rdtsc() }
    }

    fn host(&self) -> Time {
        sys::clock_gettime(sys::CLOCK_MONOTONIC).nanoseconds()
    }

    /// CPUID 8000_0007h, EDX bit 8.
    fn is_invariant(&self) -> bool {
        const LEAF: u32 = 0x8000_0007;
        __cpuid(0x8000_0000).eax >= LEAF && __cpuid(LEAF).edx & (1 << 8) != 0
    }
}

/// Time since the host's start; never goes back.
pub fn monotonic() -> Time {
    CLOCK.read(&Kernel)
}

/// The same, asked from the host.
pub fn refresh() -> Time {
    CLOCK.ask(&Kernel)
}
