//! Event channels, in the ABI of two levels.
//!
//! Each CPU has two of its own, its timer's and one by which others wake it; all else
//! comes to the first CPU. Ring 0 takes the upcall (`entry.s`): it clears what would
//! raise it again, notices that something came, and takes the events of those two; every
//! other channel's bit stays until its owner takes it with [`take`]. So there is
//! nothing to dispatch, and an owner that takes the bit before it looks at what
//! it stands for misses nothing.
//!
//! Source: Xen 4.17, `xen/include/public/event_channel.h`.

use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};

use solo5_sys::core::cpus;
use solo5_sys::core::tick::Held;
use solo5_sys::machine::Errno;

use crate::abi::{EVENT_WORDS, HVM_PARAM_CALLBACK_IRQ, HVM_PARAM_CALLBACK_TYPE_VECTOR, VIRQ_TIMER};
use crate::memory::shared_info;
use crate::{hypercall, suspend};

/// The vector of upcalls: its entry is the core's `core_tick`.
const VECTOR: u64 = 48;

/// Have events come. All channels are masked, but for the first CPU's own.
///
/// # Safety
/// To be called once in each domain, when the shared page is there, with interrupts off or
/// all channels masked.
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
    bind(0)
}

/// Give a CPU the channels that ring 0 takes the events of.
///
/// # Errors
/// Xen's.
pub fn bind(cpu: usize) -> Result<(), Errno> {
    let timer = hypercall::bind_virq(VIRQ_TIMER, cpu as u32)?;
    let waker = hypercall::bind_ipi(cpu as u32)?;
    for (place, port) in own(cpu).iter().zip([timer, waker]) {
        place.store(port, Relaxed);
        hypercall::unmask(port)?;
    }
    Ok(())
}

/// The ports of a CPU's own channels, which ring 0 reads: its timer's, and the one that
/// wakes it.
fn own(cpu: usize) -> &'static [AtomicU32; 2] {
    // SAFETY: every CPU's record stays where it is, and this part of it is atomic.
    unsafe { &(*cpus::open(cpu)).own }
}

/// Have a CPU take an upcall.
pub fn wake(cpu: usize) {
    let [_, waker] = own(cpu);
    // It fails only without a channel, and then that CPU does not run.
    let _ = hypercall::send(waker.load(Relaxed));
}

/// Have the first CPU, to which the events of devices come, look at them again.
pub fn look_again() {
    wake(0);
}

/// A channel of a device, and in which of the domains that this one has been.
#[derive(Debug)]
pub struct Port {
    number: u32,
    era: u32,
}

impl Port {
    /// None.
    pub const NONE: Self = Self { number: 0, era: 0 };

    /// A new one, which `domain` may bind, and whose events end halts.
    ///
    /// # Errors
    /// Xen's.
    pub fn offer(domain: u16) -> Result<Self, Errno> {
        let _held = Held::new();
        let number = hypercall::alloc_unbound(domain)?;
        let port = Self {
            number,
            era: suspend::era(),
        };
        hypercall::unmask(number)?;
        Ok(port)
    }

    /// Its number.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Whether it was made in a domain that is no more.
    pub fn is_stale(&self) -> bool {
        self.number != 0 && self.era != suspend::era()
    }

    /// Do something with it, unless it is none, or of a domain that is no more: its number may
    /// be another one's. No suspension comes in between.
    fn with(&self, action: impl FnOnce(u32) -> Result<(), Errno>) -> Result<(), Errno> {
        let _held = Held::new();
        if self.number == 0 || self.era != suspend::era() {
            return Ok(());
        }
        action(self.number)
    }

    /// Take its event, if one came.
    pub fn take(&self) {
        let _ = self.with(|number| {
            take(number);
            Ok(())
        });
    }

    /// Notify the other end, if there is one.
    ///
    /// # Errors
    /// Xen's.
    pub fn send(&self) -> Result<(), Errno> {
        self.with(hypercall::send)
    }

    /// Give it up.
    pub fn close(&mut self) {
        // It fails only without a channel.
        let _ = self.with(hypercall::close);
        *self = Self::NONE;
    }
}

fn bit(port: u32) -> (usize, u64) {
    (port as usize / 64 % EVENT_WORDS, 1 << (port % 64))
}

/// Have events of `port` end no halt.
pub fn mask(port: u32) {
    let (word, bit) = bit(port);
    if let Some(word) = shared_info().evtchn_mask.get(word) {
        word.fetch_or(bit, AcqRel);
    }
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
