//! Event channels, in the ABI of two levels, on the boot CPU.
//!
//! Ring 0 takes the upcall (`entry.s`): it clears what would raise it again,
//! notices that something came, and takes the timer's event; every other
//! channel's bit stays until its owner takes it with [`take`]. So there is
//! nothing to dispatch, and an owner that takes the bit before it looks at what
//! it stands for misses nothing.
//!
//! Source: Xen 4.17, `xen/include/public/event_channel.h`.

use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};

use solo5_sys::machine::Errno;

use crate::abi::{EVENT_WORDS, HVM_PARAM_CALLBACK_IRQ, HVM_PARAM_CALLBACK_TYPE_VECTOR, VIRQ_TIMER};
use crate::hypercall;
use crate::memory::shared_info;

/// The vector of upcalls: its entry is the core's `core_tick`.
const VECTOR: u64 = 48;

/// The timer's port; ring 0 takes its events.
#[unsafe(no_mangle)]
static core_timer_port: AtomicU32 = AtomicU32::new(0);

/// Have events come. All channels are masked, but for the timer's.
///
/// # Safety
/// To be called once, when the shared page is there, with interrupts off.
pub unsafe fn initialise() -> Result<(), Errno> {
    for word in &shared_info().evtchn_mask {
        word.store(u64::MAX, Relaxed);
    }
    // SAFETY: the vector has its entry in the IDT.
    unsafe {
        hypercall::set_param(
            HVM_PARAM_CALLBACK_IRQ,
            HVM_PARAM_CALLBACK_TYPE_VECTOR | VECTOR,
        )?;
    }
    let port = hypercall::bind_virq(VIRQ_TIMER, 0)?;
    core_timer_port.store(port, Relaxed);
    hypercall::unmask(port)
}

fn bit(port: u32) -> (usize, u64) {
    (port as usize / 64 % EVENT_WORDS, 1 << (port % 64))
}

/// Whether an event came on `port` that nobody took.
pub fn is_pending(port: u32) -> bool {
    let (word, bit) = bit(port);
    let word = shared_info().evtchn_pending.get(word);
    word.is_some_and(|word| word.load(Acquire) & bit != 0)
}

/// Take the event of `port`, if one came; its owner then looks at what it stands
/// for.
pub fn take(port: u32) -> bool {
    let (word, bit) = bit(port);
    let word = shared_info().evtchn_pending.get(word);
    is_pending(port) && word.is_some_and(|word| word.fetch_and(!bit, AcqRel) & bit != 0)
}
