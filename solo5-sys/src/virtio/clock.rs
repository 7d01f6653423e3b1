//! Time: the paravirtual clock where the host is KVM; otherwise the time stamp
//! counter, measured when it is first needed, and the real-time clock.
//!
//! Without KVM the wall clock is set once, from a clock that shows whole
//! seconds: it may be up to a second behind, and differences are exact.
//!
//! Source: Linux Documentation/virt/kvm/x86/msr.rst (pvclock).

use core::sync::atomic::{AtomicU64, Ordering, fence};

use super::{Virtio, rtc, timer};
use crate::abi::Time;
use crate::core::{Shared, cpu};
use crate::log::{self, Level};
use crate::scale::{Monotonic, SECOND, Scale};

/// `struct pvclock_vcpu_time_info`
#[repr(C, align(64))]
#[derive(Clone, Copy)]
struct PvClock {
    version: u32,
    padding: u32,
    cycles: u64,
    system_time: u64,
    multiplier: u32,
    shift: i8,
    flags: u8,
    rest: [u8; 2],
}

/// `struct pvclock_wall_clock`
#[repr(C, align(16))]
#[derive(Clone, Copy)]
struct WallClock {
    version: u32,
    seconds: u32,
    nanoseconds: u32,
}

/// Written by KVM; ring 0 told it where.
#[unsafe(no_mangle)]
static core_pvclock: Shared<PvClock> = Shared::new(PvClock {
    version: 0,
    padding: 0,
    cycles: 0,
    system_time: 0,
    multiplier: 0,
    shift: 0,
    flags: 0,
    rest: [0; 2],
});

/// Written by KVM once, when ring 0 asked for it: the wall clock at system time
/// zero.
#[unsafe(no_mangle)]
static core_wall_clock: Shared<WallClock> = Shared::new(WallClock {
    version: 0,
    seconds: 0,
    nanoseconds: 0,
});

#[derive(Clone, Copy)]
enum Source {
    Unknown,
    PvClock,
    Cycles { since: u64, scale: Scale },
}

static SOURCE: Shared<Source> = Shared::new(Source::Unknown);
static CLOCK: Monotonic = Monotonic::new();
/// Wall clock minus monotonic clock; 0 until it is known.
static OFFSET: AtomicU64 = AtomicU64::new(0);

fn pvclock() -> Time {
    loop {
        // SAFETY: the host may write at any time; the copy counts only if the
        // version is even and did not change.
        let (before, clock, after) = unsafe {
            let version = &raw const (*core_pvclock.get()).version;
            let before = version.read_volatile();
            fence(Ordering::Acquire);
            let clock = core_pvclock.get().read_volatile();
            fence(Ordering::Acquire);
            (before, clock, version.read_volatile())
        };
        if before == after && before & 1 == 0 {
            let cycles = cpu::cycles().saturating_sub(clock.cycles);
            let shift = u32::from(clock.shift.unsigned_abs());
            let cycles = if clock.shift < 0 {
                cycles.checked_shr(shift)
            } else {
                cycles.checked_shl(shift)
            };
            let product = u128::from(cycles.unwrap_or(0)) * u128::from(clock.multiplier);
            return clock.system_time.wrapping_add((product >> 32) as u64);
        }
        core::hint::spin_loop();
    }
}

/// Whether all processors may read one and the same paravirtual clock, or use none.
pub fn is_shared() -> bool {
    const STABLE: u8 = 1;
    // SAFETY: the host writes the flags before it runs the guest again.
    let flags = unsafe { (&raw const (*core_pvclock.get()).flags).read_volatile() };
    !cpu::has_pvclock() || flags & STABLE != 0
}

/// Find a source for the clocks.
fn choose() -> Source {
    // SAFETY: the host writes the multiplier before it runs the guest again.
    let multiplier = unsafe { (&raw const (*core_pvclock.get()).multiplier).read_volatile() };
    if cpu::has_pvclock() && multiplier != 0 {
        log::line::<Virtio>(Level::Info, "clock: KVM's paravirtual clock");
        return Source::PvClock;
    }
    let by_date = || {
        // Where this shows a date, the next second will come.
        rtc::seconds()?;
        let start = rtc::next_second(cpu::cycles)?;
        rtc::next_second(cpu::cycles).map(|end| end - start)
    };
    let hz = timer::measure_cycles().or_else(by_date).unwrap_or_else(|| {
        log::line::<Virtio>(Level::Warn, "no timer: the clock assumes 1 GHz");
        SECOND
    });
    log::number::<Virtio>(Level::Info, "clock: time stamp counter, Hz ", hz);
    Source::Cycles {
        since: cpu::cycles(),
        scale: Scale::from_hz(hz),
    }
}

fn source() -> Source {
    // SAFETY: there is one thread of control, and `choose` does not come back
    // here.
    unsafe {
        if let Source::Unknown = *SOURCE.get() {
            *SOURCE.get() = choose();
        }
        *SOURCE.get()
    }
}

/// The monotonic clock.
pub fn monotonic() -> Time {
    CLOCK.advance(match source() {
        Source::Unknown => 0,
        Source::PvClock => pvclock(),
        Source::Cycles { since, scale } => scale.between(since, cpu::cycles()),
    })
}

/// The wall clock.
pub fn wall() -> Time {
    let now = monotonic();
    let known = OFFSET.load(Ordering::Relaxed);
    if known != 0 {
        return known.wrapping_add(now);
    }
    let offset = match source() {
        Source::PvClock => {
            // SAFETY: the host wrote it before the program started.
            let clock = unsafe { core_wall_clock.get().read_volatile() };
            u64::from(clock.seconds) * SECOND + u64::from(clock.nanoseconds)
        }
        _ => (rtc::seconds().unwrap_or(0) * SECOND).wrapping_sub(now),
    };
    // Another processor may have found it just now.
    let first = OFFSET.compare_exchange(0, offset, Ordering::Relaxed, Ordering::Relaxed);
    first.err().unwrap_or(offset).wrapping_add(now)
}
