//! The other CPUs, stopped where they can do without what Xen shares with them, so that the first
//! one can suspend the domain (`suspend.rs`).
//!
//! A CPU stops where a tick may take it from its thread, or in a halt. In either place it uses no
//! event channel and no grant, and nothing of the program or of this backend is half done that
//! [`Held`] keeps together.

use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use core::sync::atomic::{AtomicPtr, AtomicU32};

use solo5_sys::Machine;
use solo5_sys::abi::{Frame, TickHandler, Time};
use solo5_sys::core::cpus::{self, MOST};
use solo5_sys::core::tick::{self, Held};

use crate::machine::Xen;
use crate::{event, halt, hypercall, power, suspend};

/// How often the other CPUs were called and let go: odd, they are to stop.
static CALLS: AtomicU32 = AtomicU32::new(0);
/// By CPU: for which call it has stopped.
static STOPPED: [AtomicU32; MOST] = [const { AtomicU32::new(0) }; MOST];
/// What the program has ticks call.
static HANDLER: AtomicPtr<()> = AtomicPtr::new(core::ptr::null_mut());

/// All other CPUs stand still until this is dropped, and the calling thread keeps the first one.
pub struct Gathered {
    /// Those, as bits.
    pub others: u64,
    _held: Held,
}

/// Why they do not stand still.
pub enum Refusal {
    /// The caller does not run on the first CPU.
    NotTheFirst,
    /// One of them did not come in time, or has not started yet.
    Late,
}

impl Gathered {
    /// Stop them.
    ///
    /// # Errors
    /// That of [`Refusal`].
    pub fn new() -> Result<Self, Refusal> {
        const PATIENCE: Time = 1_000_000_000;
        const AGAIN_AFTER: Time = 1_000_000;
        let held = Held::new();
        if cpus::index::<Xen>() != 0 {
            return Err(Refusal::NotTheFirst);
        }
        let call = CALLS.load(Relaxed) + 1;
        CALLS.store(call, Release);
        let mut gathered = Self {
            others: 0,
            _held: held,
        };
        let start = Xen::clock_monotonic();
        let mut called = start;
        loop {
            gathered.others = cpus::others::<Xen>();
            let mut missing = 0;
            cpus::each(gathered.others, |cpu| {
                let stopped = STOPPED.get(cpu).map(|stopped| stopped.load(Acquire));
                if stopped != Some(call) {
                    missing |= 1 << cpu;
                }
            });
            if missing == 0 {
                break;
            }
            let now = Xen::clock_monotonic();
            if now >= called {
                cpus::each(missing, event::wake);
                called = now + AGAIN_AFTER;
            }
            if now - start > PATIENCE {
                return Err(Refusal::Late);
            }
            // It may have to share a processor with them.
            hypercall::r#yield();
        }
        // Whoever would have one start stands still. One that arrived meanwhile does not.
        let is_all = !cpus::is_starting() && cpus::others::<Xen>() == gathered.others;
        is_all.then_some(gathered).ok_or(Refusal::Late)
    }
}

impl Drop for Gathered {
    fn drop(&mut self) {
        CALLS.fetch_add(1, Release);
    }
}

/// Stop here if the first CPU has called; whether it had.
pub fn attend() -> bool {
    let call = CALLS.load(Acquire);
    call & 1 != 0 && stop(call)
}

#[cold]
fn stop(call: u32) -> bool {
    let _held = Held::new();
    let cpu = cpus::index::<Xen>();
    let (1.., Some(stopped)) = (cpu, STOPPED.get(cpu)) else {
        return false;
    };
    let era = suspend::era();
    stopped.store(call, Release);
    while CALLS.load(Acquire) == call {
        core::hint::spin_loop();
    }
    if suspend::era() != era {
        hypercall::reload_task();
        halt::resume(cpu);
    }
    true
}

/// Have ticks call `handler`, once the CPU has seen whether it is to stop, or to suspend the domain.
pub fn set_handler(handler: TickHandler) {
    HANDLER.store(handler as *mut (), Relaxed);
    tick::set_handler(on_tick);
}

unsafe extern "C" fn on_tick(frame: *mut Frame) -> *mut Frame {
    if !attend() && suspend::is_wanted() {
        power::is_asked();
        // The look has halted, which this CPU may have been about to do: that is to end.
        event::look_again();
    }
    let handler = HANDLER.load(Relaxed);
    // SAFETY: `set_handler` stores these functions and no other, before ticks come here.
    let handler = unsafe { core::mem::transmute::<*mut (), TickHandler>(handler) };
    // SAFETY: the frame is the handler's, as the caller has it.
    unsafe { handler(frame) }
}
