//! The domain saved, and going on later or elsewhere, as `xl save`, `xl restore` and `xl
//! migrate` have it.
//!
//! It is another domain then. Memory and CPUs are as they were; event channels, grants
//! and watches of xenstore are gone, and the devices new: their drivers find those like
//! devices whose back end has changed. What a program had by `xen.h` is gone for
//! good. Clocks go on: the monotonic one from where it was, since Xen's begins elsewhere.
//!
//! The first CPU suspends it, because Xen's toolstack says there whether it goes on as it was; the
//! others stand still meanwhile (`gather.rs`).
//!
//! Source: Xen 4.17, `xen/include/public/sched.h`, docs/misc/xenstore-paths.pandoc.

use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use core::sync::atomic::{AtomicI64, AtomicU32, AtomicU64};

use solo5_sys::Machine;
use solo5_sys::abi::Time;
use solo5_sys::core::cpus;
use solo5_sys::machine::die;

use crate::gather::{Gathered, Refusal};
use crate::machine::Xen;
use crate::{event, halt, hypercall, memory, raw, sharing, smp, terminal, toolstack};

/// How many domains this one has been before.
static ERA: AtomicU32 = AtomicU32::new(0);
/// What our clock is ahead of Xen's, in nanoseconds.
static AHEAD: AtomicI64 = AtomicI64::new(0);

/// How many domains this one has been before.
pub fn era() -> u32 {
    ERA.load(Acquire)
}

/// What `read` answers where no suspension comes in between.
pub fn in_one_era<R>(read: impl Fn() -> R) -> R {
    loop {
        let before = era();
        let value = read();
        if era() == before {
            return value;
        }
    }
}

/// Xen's time, in ours.
pub fn from_system(time: Time) -> Time {
    time.saturating_add_signed(AHEAD.load(Relaxed))
}

/// Our time, in Xen's.
pub fn to_system(time: Time) -> Time {
    time.saturating_sub_signed(AHEAD.load(Relaxed))
}

/// The toolstack wants it suspended, and another CPU than the first one has heard of that, or
/// the others did not come: when the first one is to look for the request; [`NEVER`]: it need not.
static WANTED_AT: AtomicU64 = AtomicU64::new(NEVER);
const NEVER: Time = Time::MAX;

/// When the calling CPU is to look for a request, if it is the one that is to.
pub fn wanted_at() -> Time {
    let at = WANTED_AT.load(Relaxed);
    let is_mine = at != NEVER && cpus::index::<Xen>() == 0;
    if is_mine { at } else { NEVER }
}

/// Whether it is to look now.
pub fn is_wanted() -> bool {
    let at = wanted_at();
    at != NEVER && Xen::clock_monotonic() >= at
}

/// The same, once.
pub fn take_want() -> bool {
    WANTED_AT.swap(NEVER, Relaxed) != NEVER
}

/// All CPUs where the domain can be suspended; `None`: not now, and the first CPU looks again.
pub fn prepare() -> Option<Gathered> {
    /// How long the others run before they are called again.
    const PAUSE: Time = 500_000_000;
    match Gathered::new() {
        Ok(gathered) => return Some(gathered),
        Err(Refusal::NotTheFirst) => {
            WANTED_AT.store(0, Relaxed);
            event::look_again();
        }
        Err(Refusal::Late) => WANTED_AT.store(Xen::clock_monotonic() + PAUSE, Relaxed),
    }
    None
}

/// Suspend it, once the toolstack has been told so. Whether it is a new one now, and what is
/// watched in xenstore has to be watched anew.
pub fn run(gathered: &Gathered) -> bool {
    terminal::drain();
    let before = Xen::clock_monotonic();
    // SAFETY: the other CPUs stand still; it is the page that `share` has put there.
    match unsafe { hypercall::suspend(memory::shared_frame()) } {
        Ok(true) => {}
        Ok(false) => return false,
        Err(_) => {
            die::<Xen>("Xen does not suspend the domain, or shares no page with the restored one")
        }
    }
    ERA.fetch_add(1, Release);
    AHEAD.store(before.wrapping_sub(Xen::system_time()) as i64, Relaxed);
    // SAFETY: the page is there, and all channels are masked.
    let initialised = unsafe { event::initialise() };
    let mut others = Ok(());
    cpus::each(gathered.others, |cpu| others = others.and(smp::resume(cpu)));
    let resumed = initialised.and(others).and(sharing::resume());
    if resumed.is_err() || !toolstack::resume() {
        die::<Xen>("Xen does not give the domain that was restored what it had");
    }
    terminal::resume();
    raw::forget();
    halt::resume(0);
    true
}
