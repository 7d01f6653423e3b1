//! The CPUs that run threads: what the scheduler knows of each, and how the others join the
//! first one.
//!
//! There is one until a second thread is made. Then all that the machine has are started, each
//! with an idle thread that runs on it when no other does.

use core::sync::atomic::{
    AtomicBool, AtomicPtr, AtomicU8, AtomicU32, AtomicU64, AtomicUsize,
    Ordering::{Acquire, Relaxed, Release},
};

use super::Thread;
use super::link::{Link, Queue};
use crate::heap::near::Near;

/// The most CPUs (`machine_cpu_count`): one bit each in a [`Set`].
pub const MOST: usize = 64;

/// A set of CPUs: bit n is number n.
pub type Set = u64;

/// What a CPU does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(super) enum Busy {
    /// It runs a thread.
    Runs,
    /// It looks for one to run.
    Looks,
    /// It waits until there is one.
    Waits,
}

/// What the scheduler knows of a CPU. Queues, links and `busy` are touched by who holds its
/// lock; all but the last four by others than the CPU itself.
pub struct Cpu {
    pub(super) index: usize,
    /// Threads that are to run on it, and how many.
    ready: Queue,
    waiting: AtomicUsize,
    /// The thread that runs when no other does; none while there is one CPU.
    pub(super) idle: Link,
    /// [`Busy`], as a number.
    busy: AtomicU8,
    /// Blocks of the heap that it keeps; null while there is one CPU.
    near: AtomicPtr<Near>,
    /// A thread that ended on its own stack, which the next one to run gives back.
    pub(super) dead: Link,
    /// Switching points left until the clock is read, and how many that were.
    pub(super) points_left: AtomicU32,
    pub(super) points: AtomicU32,
    /// When it was read last.
    pub(super) looked_at: AtomicU64,
    /// From when on the running thread's time is counted; 0: nobody has asked for it.
    pub(super) since_ns: AtomicU64,
    /// When the running thread is to make room; 0: that is still to be said.
    pub(super) slice_end: AtomicU64,
    pub(super) ticking: AtomicBool,
    /// The stack that handlers of ticks run on: where it stood when one began. Until then a part
    /// of the idle thread's, which that does not use while another runs.
    pub(super) tick_stack: AtomicUsize,
}

// SAFETY: the links are atomic, and used as said above.
unsafe impl Sync for Cpu {}

/// The first one.
pub static BOOT: Cpu = Cpu::new(0);
/// The others.
static OTHERS: [AtomicPtr<Cpu>; MOST - 1] =
    [const { AtomicPtr::new(core::ptr::null_mut()) }; MOST - 1];
/// How many there are, the first one included.
static ONLINE: AtomicUsize = AtomicUsize::new(1);

/// The CPU that calls. Ticks are held off, or another may have taken its place.
#[inline(always)]
pub(super) fn here() -> &'static Cpu {
    // SAFETY: who changes threads says which CPU it is; a CPU stays.
    unsafe { crate::tcb::cpu().as_ref() }.unwrap_or(&BOOT)
}

/// Whether several run threads.
#[inline(always)]
pub fn several() -> bool {
    ONLINE.load(Relaxed) > 1
}

/// How many run threads, or will when there is a second thread.
pub fn count() -> usize {
    match ONLINE.load(Acquire) {
        1 if !join::ASKED.load(Relaxed) => crate::platform::cpu_count(),
        online => online,
    }
}

/// Those that [`count`] counts.
pub fn set() -> Set {
    Set::MAX >> (MOST - count())
}

/// The number of the CPU that calls, as of now.
pub fn current() -> usize {
    here().index
}

/// The blocks of the heap that the calling CPU keeps, or another one that it has just been.
pub fn near() -> Option<&'static Near> {
    here().near()
}

/// Those of all CPUs.
pub fn all_near() -> impl Iterator<Item = &'static Near> {
    all().filter_map(Cpu::near)
}

/// The CPU with this number.
#[inline]
pub(super) fn by_index(index: usize) -> &'static Cpu {
    let other = index.checked_sub(1).and_then(|place| OTHERS.get(place));
    // SAFETY: `join` stores CPUs that stay.
    let other = other.and_then(|cpu| unsafe { cpu.load(Relaxed).as_ref() });
    other.unwrap_or(&BOOT)
}

/// All that run threads.
pub(super) fn all() -> impl Iterator<Item = &'static Cpu> {
    (0..ONLINE.load(Acquire)).map(by_index)
}

impl Cpu {
    /// Where [`Cpu::tick_stack`] stands.
    pub(super) const TICK_STACK_AT: usize = core::mem::offset_of!(Cpu, tick_stack);

    const fn new(index: usize) -> Self {
        Self {
            index,
            ready: Queue::new(),
            waiting: AtomicUsize::new(0),
            idle: Link::none(),
            busy: AtomicU8::new(Busy::Runs as u8),
            near: AtomicPtr::new(core::ptr::null_mut()),
            dead: Link::none(),
            points_left: AtomicU32::new(0),
            points: AtomicU32::new(0),
            looked_at: AtomicU64::new(0),
            since_ns: AtomicU64::new(0),
            slice_end: AtomicU64::new(0),
            ticking: AtomicBool::new(false),
            tick_stack: AtomicUsize::new(0),
        }
    }

    pub(super) fn is(&self, busy: Busy) -> bool {
        self.busy.load(Relaxed) == busy as u8
    }

    pub(super) fn set(&self, busy: Busy) {
        self.busy.store(busy as u8, Relaxed);
    }

    fn near(&'static self) -> Option<&'static Near> {
        // SAFETY: `keep_near` stores what stays.
        unsafe { self.near.load(Acquire).as_ref() }
    }

    /// Keep blocks of the heap from now on.
    pub fn keep_near(&self, near: &'static Near) {
        self.near.store((&raw const *near).cast_mut(), Release);
    }

    /// How many threads are to run on it.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Relaxed)
    }

    /// Have a thread run on it when its turn comes.
    pub(super) fn push(&self, thread: &'static Thread) {
        thread.turn.set_cpu(self.index);
        self.ready.push(thread);
        self.waiting.store(self.waiting() + 1, Relaxed);
    }

    /// Take out a thread that was pushed here.
    pub(super) fn remove(&self, thread: &'static Thread) {
        self.ready.remove(thread);
        self.waiting.store(self.waiting() - 1, Relaxed);
    }

    /// Whether it can run a thread that is to run.
    fn can_take(&self, thread: &Thread) -> bool {
        let turn = &thread.turn;
        let elsewhere = turn.is_on_cpu() && turn.cpu() != self.index;
        turn.may_run_on(self.index) && !elsewhere
    }

    /// Take out who has waited longest and may run on `cpu`.
    pub(super) fn pop_for(&self, cpu: &Cpu) -> Option<&'static Thread> {
        let thread = self.ready.find(|thread| cpu.can_take(thread))?;
        self.remove(thread);
        Some(thread)
    }

    /// Whether somebody is to run on it who may run on `cpu`.
    pub(super) fn has_for(&self, cpu: &Cpu) -> bool {
        self.ready.find(|thread| cpu.can_take(thread)).is_some()
    }

    /// Whether this thread is to run on it.
    pub(super) fn is_to_run(&self, thread: &Thread) -> bool {
        self.ready
            .find(|other| core::ptr::eq(other, thread))
            .is_some()
    }

    /// Whether this is the thread that runs when no other does.
    pub(super) fn is_idle_thread(&self, thread: &Thread) -> bool {
        self.idle
            .get()
            .is_some_and(|idle| core::ptr::eq(idle, thread))
    }
}

#[path = "cpu_join.rs"]
mod join;
pub(super) use join::start_others;

/// One more CPU runs threads, or will in a moment.
fn add(cpu: &'static Cpu) {
    if let Some(place) = cpu.index.checked_sub(1).and_then(|place| OTHERS.get(place)) {
        place.store((&raw const *cpu).cast_mut(), Release);
    }
    ONLINE.store(cpu.index + 1, Release);
}
