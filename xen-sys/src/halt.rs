//! How a CPU waits for an event: in rounds of looking at everything that may have come,
//! and a halt if nothing did.
//!
//! An event that comes between a look and the halt ends the halt. But a look may halt
//! itself, when it waits for an answer of xenstore, and one such halt is ended by all
//! events that came until then: also by those of things that the round had looked at before.
//! So a round during which somebody halted does not end with a halt; another one follows.

use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use core::sync::atomic::{AtomicU32, AtomicU64};

use solo5_sys::Machine;
use solo5_sys::abi::Time;
use solo5_sys::core::cpus::{self, MOST};
use solo5_sys::machine::Errno;

use crate::machine::Xen;
use crate::{gather, hypercall, mirage, suspend};

unsafe extern "C" {
    fn core_wait();
}

/// Halts so far, of all CPUs.
static HALTS: AtomicU32 = AtomicU32::new(0);

/// By CPU: how often threads are preempted there, in nanoseconds; 0: never.
static PERIODS: [AtomicU64; MOST] = [const { AtomicU64::new(0) }; MOST];

fn period(cpu: usize) -> Time {
    PERIODS.get(cpu).map_or(0, |period| period.load(Relaxed))
}

/// Preempt threads of the calling CPU, `cpu`, every `period` nanoseconds from now on; 0: no
/// more.
///
/// # Errors
/// Xen's.
pub fn set_tick(cpu: usize, period: Time) -> Result<(), Errno> {
    // First: if a tick comes in between that suspends the domain, it goes on with this one.
    if let Some(place) = PERIODS.get(cpu) {
        place.store(period, Relaxed);
    }
    hypercall::set_periodic_timer(cpu, period)
}

/// The same, once the domain is a new one.
pub fn resume(cpu: usize) {
    // Xen has taken this period before.
    let _ = set_tick(cpu, period(cpu));
}

/// A round: begun before the first look.
#[derive(Debug)]
#[must_use]
pub struct Round(u32);

impl Round {
    /// Begin one.
    pub fn begin() -> Self {
        Self(HALTS.load(Acquire))
    }

    /// Halt until `deadline`, at about, or until an event comes, one that came since the
    /// round began included.
    pub fn halt(self, deadline: Time) {
        /// Below this, setting the timer takes longer than the wait.
        const SHORT: Time = 20_000;
        /// Xen's times are signed.
        const NEVER: Time = 1 << 62;
        if HALTS.load(Acquire) != self.0 {
            return;
        }
        let now = Xen::clock_monotonic();
        let deadline = deadline.min(mirage::latest(now));
        let left = deadline.saturating_sub(now);
        let cpu = cpus::index::<Xen>();
        if left < SHORT
            || hypercall::set_timer(cpu, suspend::to_system(deadline).min(NEVER)).is_err()
        {
            core::hint::spin_loop();
            return;
        }
        HALTS.fetch_add(1, Release);
        // What it is called for may have come before, and its events be gone.
        if gather::attend() {
            return;
        }
        // What a program takes comes to the first CPU.
        let selector = if cpu == 0 { mirage::take_selector() } else { 0 };
        // SAFETY: the upcall that ends it has its entry in the IDT.
        unsafe { core_wait() };
        mirage::put_selector(selector);
        gather::attend();
    }

    /// The same for an event of a device. Those come to the first CPU: on another one
    /// this ends within a millisecond.
    pub fn halt_for_device(self, deadline: Time) {
        const LOOK: Time = 1_000_000;
        let first = cpus::index::<Xen>() == 0;
        self.halt(if first {
            deadline
        } else {
            deadline.min(Xen::clock_monotonic() + LOOK)
        });
    }

    /// Wait for an event of a device until `deadline`, or less: other domains run, and
    /// other threads where they run without having asked. A tick that ends a halt is no turn for them.
    pub fn pause(self, deadline: Time) {
        if period(cpus::index::<Xen>()) != 0 {
            gather::attend();
            hypercall::r#yield();
        } else {
            self.halt_for_device(deadline);
        }
    }
}
