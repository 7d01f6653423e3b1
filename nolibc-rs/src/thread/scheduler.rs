//! Waiting, and what wakes; [`super::dispatch`] says who runs.
//!
//! A CPU changes threads where a thread waits, comes to a switching point ([`point`]), or is
//! interrupted by a tick ([`super::tick`]), which who holds a lock or is about to wait holds
//! off. One lock guards the run queues, all wait queues and the timers. Who changes threads holds
//! it; the thread that goes on lets it go. It is a leaf: nothing else is locked while it is held.
//!
//! Threads take turns in the order in which they became ready. There are no priorities.

use core::sync::atomic::{
    AtomicBool, AtomicU8, AtomicU32, AtomicU64, AtomicUsize,
    Ordering::{Relaxed, SeqCst},
    fence,
};

use super::cpu::{self, here};
use super::dispatch::{Scheduler, make_room, next};
use super::link::Queue;
use super::{Thread, current, tick};
use crate::platform::{self, Nanoseconds};
use crate::sync::Lock;

pub(super) use super::dispatch::finish;
pub use super::dispatch::switches;

/// For how long a thread runs that passes switching points while others are ready.
const SLICE_NS: Nanoseconds = 1_000_000;
/// The clock is read about so often at switching points, and at every one that comes later.
const LOOK_NS: Nanoseconds = 20_000;
/// The most switching points that are passed without.
const MOST_POINTS: u32 = 64;

/// What a thread does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum State {
    /// It runs, or is in the run queue.
    Running,
    /// It waits, or is about to.
    Waiting,
    /// As [`State::Waiting`], and a signal may wake it.
    Signallable,
    /// As [`State::Signallable`], and so may who ends it.
    Interruptible,
    /// It has ended.
    Ended,
}

/// Why a thread goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Wake {
    /// Somebody woke it.
    Woken,
    /// Its deadline came.
    TimedOut,
    /// There is something else for it to do: a signal, or its end.
    Interrupted,
}

/// What the scheduler knows of a thread.
pub(super) struct Turn {
    state: AtomicU8,
    wake: AtomicU8,
    timed: AtomicU8,
    /// The queue that it waits in; 0: none.
    queue: AtomicUsize,
    /// How long it has run, as far as that was counted ([`super::run_time`]).
    pub ran_ns: AtomicU64,
    /// Where its stack is while another thread runs.
    pub stack_pointer: AtomicUsize,
    /// The CPU that it runs on, is to run on, or ran on last.
    cpu: AtomicU8,
    /// It runs on that, though it may be about to wait, or even to be woken again.
    on_cpu: AtomicBool,
    /// Those that it may run on.
    allowed: AtomicU64,
    /// Address and length of the words that say what it waits for.
    what: (AtomicUsize, AtomicUsize),
}

impl Turn {
    /// That of a thread that goes on at `stack_pointer`; 0: it runs.
    pub const fn new(stack_pointer: usize) -> Self {
        Self {
            state: AtomicU8::new(State::Running as u8),
            wake: AtomicU8::new(Wake::Woken as u8),
            timed: AtomicU8::new(0),
            queue: AtomicUsize::new(0),
            ran_ns: AtomicU64::new(0),
            stack_pointer: AtomicUsize::new(stack_pointer),
            cpu: AtomicU8::new(0),
            on_cpu: AtomicBool::new(stack_pointer == 0),
            allowed: AtomicU64::new(cpu::Set::MAX),
            what: (AtomicUsize::new(0), AtomicUsize::new(0)),
        }
    }

    /// The number of the CPU that it runs on, is to run on, or ran on last.
    pub fn cpu(&self) -> usize {
        usize::from(self.cpu.load(Relaxed))
    }

    pub fn set_cpu(&self, index: usize) {
        self.cpu.store(index as u8, Relaxed);
    }

    /// Whether it has not left the stack that it runs on.
    pub fn is_on_cpu(&self) -> bool {
        self.on_cpu.load(Relaxed)
    }

    pub fn set_on_cpu(&self, on_cpu: bool) {
        self.on_cpu.store(on_cpu, Relaxed);
    }

    /// The CPUs that it may run on.
    pub fn allowed(&self) -> cpu::Set {
        self.allowed.load(Relaxed)
    }

    pub fn set_allowed(&self, allowed: cpu::Set) {
        self.allowed.store(allowed, Relaxed);
    }

    pub fn may_run_on(&self, index: usize) -> bool {
        self.allowed() >> index & 1 != 0
    }

    pub fn set_state(&self, state: State) {
        self.state.store(state as u8, Relaxed);
    }

    fn is(&self, state: State) -> bool {
        self.state.load(Relaxed) == state as u8
    }

    /// Whether the thread runs, or is ready to.
    pub fn is_running(&self) -> bool {
        self.is(State::Running)
    }

    fn is_waiting(&self) -> bool {
        self.is(State::Waiting) || self.is(State::Signallable) || self.is(State::Interruptible)
    }

    /// What the thread waits for, if it does.
    pub fn what(&self) -> Option<&'static str> {
        let (start, len) = (self.what.0.load(Relaxed), self.what.1.load(Relaxed));
        if !self.is_waiting() {
            return None;
        }
        let start = core::ptr::with_exposed_provenance::<u8>(start);
        // SAFETY: `prepare` stored the parts of a string constant before the state.
        Some(unsafe { core::str::from_utf8_unchecked(core::slice::from_raw_parts(start, len)) })
    }
}

pub(super) static SCHEDULER: Lock<Scheduler> = Lock::new(Scheduler::new());

/// Why switching points are looked at closely.
static ATTENTION: AtomicU32 = AtomicU32::new(0);
/// There is more than one thread.
pub const SEVERAL: u32 = 1;
/// `SIGALRM` is to be sent at some time.
pub const ALARM: u32 = 2;
/// A signal waits to be delivered.
pub const SIGNAL: u32 = 4;

/// The earliest deadline of a thread.
pub(super) static NEXT_DEADLINE: AtomicU64 = AtomicU64::new(u64::MAX);

/// The earliest time for which a thread, or `SIGALRM`, waits; `u64::MAX`: there is none.
pub(crate) fn next_deadline() -> Nanoseconds {
    NEXT_DEADLINE.load(Relaxed).min(super::alarm::deadline())
}

/// Have switching points looked at closely, or no longer, for one of the reasons above.
pub fn attend(reason: u32, wanted: bool) {
    if wanted {
        ATTENTION.fetch_or(reason, Relaxed);
    } else {
        ATTENTION.fetch_and(!reason, Relaxed);
    }
}

/// Whether there is such a reason.
#[inline(always)]
pub fn attention() -> u32 {
    ATTENTION.load(Relaxed)
}

/// That a thread is about to wait, from [`prepare`] to [`Waiting::block`], and whether that holds
/// off ticks.
#[must_use]
pub struct Waiting(&'static Thread, bool);

/// Have the calling thread wait from now on for what `what` says, in `queue`, until the
/// deadline. It goes on running until it calls [`Waiting::block`], and may be woken before, so
/// nothing is missed that happens between. No switching point lies between, and ticks are held off.
pub fn prepare(
    queue: Option<&Queue>,
    deadline_ns: Option<Nanoseconds>,
    state: State,
    what: &'static str,
) -> Waiting {
    prepare_and(queue, deadline_ns, state, what, |_| {}).0
}

/// [`prepare`], and `more` in the same step.
pub(super) fn prepare_and<T>(
    queue: Option<&Queue>,
    deadline_ns: Option<Nanoseconds>,
    state: State,
    what: &'static str,
    more: impl FnOnce(&mut Scheduler) -> T,
) -> (Waiting, T) {
    let thread = current();
    let held = platform::hold();
    let mut scheduler = SCHEDULER.lock();
    let turn = &thread.turn;
    turn.what
        .0
        .store(what.as_ptr().expose_provenance(), Relaxed);
    turn.what.1.store(what.len(), Relaxed);
    if let Some(queue) = queue {
        queue.push(thread);
        turn.queue
            .store((&raw const *queue).expose_provenance(), Relaxed);
    }
    if let Some(deadline_ns) = deadline_ns {
        // The last moment stands for none.
        let deadline_ns = deadline_ns.min(u64::MAX - 1);
        scheduler.timers.add(thread, deadline_ns);
        turn.timed.store(1, Relaxed);
        scheduler.note_deadline();
        scheduler.watch_until(deadline_ns);
    }
    turn.set_state(state);
    let more = more(&mut scheduler);
    drop(scheduler);
    if cpu::several() {
        // What the caller looks at now it does not look at before it stands in the queue.
        fence(SeqCst);
    }
    (Waiting(thread, held), more)
}

impl Waiting {
    /// Wait, and say why it is over.
    pub fn block(self) -> Wake {
        look_around();
        let mut scheduler = SCHEDULER.lock();
        let turn = &self.0.turn;
        let to_end = turn.is(State::Interruptible) && self.0.cancel.is_due();
        let to_handle = turn.is(State::Interruptible) || turn.is(State::Signallable);
        if to_end || to_handle && crate::signal::waits_for(self.0) {
            scheduler.wake(self.0, Wake::Interrupted);
        }
        if self.0.turn.is(State::Running) {
            // Woken before: it stands in a run queue and need not.
            cpu::by_index(turn.cpu()).remove(self.0);
        } else {
            scheduler = next(scheduler, self.0);
        }
        drop(scheduler);
        platform::release(self.1);
        match self.0.turn.wake.load(Relaxed) {
            0 => Wake::Woken,
            1 => Wake::TimedOut,
            _ => Wake::Interrupted,
        }
    }

    /// Do not wait after all. Whether somebody has woken the thread meanwhile: who wakes one of
    /// several may have meant another.
    pub fn forget(self) -> bool {
        let mut scheduler = SCHEDULER.lock();
        let woken = !self.0.turn.is_waiting();
        if !woken {
            scheduler.wake(self.0, Wake::Woken);
        }
        cpu::by_index(self.0.turn.cpu()).remove(self.0);
        drop(scheduler);
        platform::release(self.1);
        woken
    }
}

/// Threads that wait for each other all the time come by no switching point, and leave no CPU
/// idle: look now and then for what comes by itself.
fn look_around() {
    static WAITS: AtomicU32 = AtomicU32::new(0);
    let waits = WAITS.load(Relaxed).wrapping_add(1);
    WAITS.store(waits, Relaxed);
    if waits.is_multiple_of(64) {
        super::alarm::look();
        super::devices::look();
    }
}

impl Scheduler {
    /// Have a thread that waits go on when its turn comes.
    pub(super) fn wake(&mut self, thread: &'static Thread, why: Wake) {
        let turn = &thread.turn;
        let queue = turn.queue.swap(0, Relaxed);
        let queue = core::ptr::with_exposed_provenance::<Queue>(queue);
        // SAFETY: `prepare` stored it, of an object that lives as long as a thread waits on it.
        if let Some(queue) = unsafe { queue.as_ref() } {
            queue.remove(thread);
        }
        if turn.timed.swap(0, Relaxed) != 0 {
            self.timers.remove(thread);
            self.note_deadline();
        }
        turn.wake.store(why as u8, Relaxed);
        self.make_ready(thread);
    }

    /// [`Scheduler::wake`], by a thread that goes on running.
    fn wake_another(&mut self, thread: &'static Thread, why: Wake) {
        self.wake(thread, why);
        tick::begin();
    }

    /// Wake who has waited longest in `queue`.
    pub(super) fn wake_first(&mut self, queue: &Queue) {
        if let Some(first) = queue.first() {
            self.wake_another(first, Wake::Woken);
        }
    }

    /// Wake all who wait in `queue`.
    pub(super) fn wake_queue(&mut self, queue: &Queue) {
        while let Some(first) = queue.first() {
            self.wake_another(first, Wake::Woken);
        }
    }

    /// Wake those whose deadline has come.
    pub(super) fn expire(&mut self) {
        if NEXT_DEADLINE.load(Relaxed) == u64::MAX {
            return;
        }
        let now_ns = platform::clock_monotonic();
        while let Some(thread) = self.timers.pop(now_ns) {
            thread.turn.timed.store(0, Relaxed);
            self.wake(thread, Wake::TimedOut);
        }
        self.note_deadline();
    }
}

/// Whoever watches deadlines and devices does so until then at most.
pub(super) fn watch_until(deadline_ns: Nanoseconds) {
    if cpu::several() {
        SCHEDULER.lock().watch_until(deadline_ns);
    }
}

/// Start a new thread: it runs when its turn comes.
pub(super) fn start(thread: &'static Thread) {
    thread.turn.set_allowed(current().turn.allowed());
    thread.turn.set_cpu(current().turn.cpu());
    SCHEDULER.lock().make_ready(thread);
    tick::begin();
}

/// Have a thread run on these CPUs only, one of which there is. One that runs on another one
/// changes at its next tick, and the caller when it yields.
pub fn allow(thread: &'static Thread, allowed: cpu::Set) {
    let mut scheduler = SCHEDULER.lock();
    thread.turn.set_allowed(allowed);
    scheduler.place_again(thread);
}

/// End the calling thread, which nobody runs again. Who waits for that is woken, and the
/// thread's memory given back if nobody is to.
pub(super) fn leave(thread: &'static Thread, joiner: &Queue, bury: bool) -> ! {
    let mut scheduler = SCHEDULER.lock();
    thread.turn.set_state(State::Ended);
    while let Some(waiting) = joiner.first() {
        scheduler.wake(waiting, Wake::Woken);
    }
    if bury {
        here().dead.set(Some(thread));
    }
    let _guard = next(scheduler, thread);
    // It stands in no queue, so nobody can have gone on with it.
    crate::report::die("a thread that has ended runs");
}

/// Whether a thread has ended, and left its stack.
pub(super) fn has_ended(thread: &Thread) -> bool {
    let ended = thread.turn.is(State::Ended);
    if ended && cpu::several() {
        // Its CPU has the lock until another thread runs on it.
        drop(SCHEDULER.lock());
    }
    ended
}

/// Wake who has waited longest in `queue`; whether there was anybody.
pub fn wake_one(queue: &Queue) -> bool {
    if queue.is_empty() {
        return false;
    }
    let mut scheduler = SCHEDULER.lock();
    let first = queue.first();
    if let Some(first) = first {
        scheduler.wake_another(first, Wake::Woken);
    }
    first.is_some()
}

/// Wake threads, and only then let go of what they wait for, in one step: none of them runs
/// before it is done, so what they then take and destroy is not touched any more.
pub(super) fn release_to(wake: impl FnOnce(&mut Scheduler)) {
    wake(&mut SCHEDULER.lock());
}

/// Wake all who wait in `queue`, and tell each something first.
pub fn wake_all(queue: &Queue, tell: impl Fn(&Thread)) {
    if queue.is_empty() {
        return;
    }
    let mut scheduler = SCHEDULER.lock();
    while let Some(first) = queue.first() {
        tell(first);
        scheduler.wake_another(first, Wake::Woken);
    }
}

/// Wake a thread where it waits in `state`, or in one where more may wake it; whether it was.
pub fn interrupt(thread: &'static Thread, state: State) -> bool {
    let mut scheduler = SCHEDULER.lock();
    let turn = &thread.turn;
    let waits = turn.is(State::Interruptible) || turn.is(state) && state == State::Signallable;
    if waits {
        scheduler.wake_another(thread, Wake::Interrupted);
    }
    waits
}

/// Let the others run that are ready.
pub fn yield_now() {
    super::alarm::look();
    if attention() & SEVERAL == 0 && !cpu::several() {
        return;
    }
    super::devices::look();
    let thread = current();
    drop(make_room(SCHEDULER.lock(), thread));
    super::cancel::at_once();
}

/// A switching point: let others run if it is time to.
///
/// While there is one thread and nothing to wait for, that is one load and a branch; else a
/// countdown, and now and then a look at the clock. No lock may be held here.
#[inline(always)]
pub fn point() {
    if attention() != 0 {
        look_closely();
    }
}

#[inline(never)]
fn look_closely() {
    let cpu = here();
    let left = cpu.points_left.load(Relaxed);
    if left > 0 {
        cpu.points_left.store(left - 1, Relaxed);
        return;
    }
    let now_ns = platform::clock_monotonic();
    let since_ns = now_ns.saturating_sub(cpu.looked_at.load(Relaxed));
    cpu.looked_at.store(now_ns, Relaxed);
    let points = cpu.points.load(Relaxed);
    let points = match since_ns {
        0..LOOK_NS => (2 * points + 1).min(MOST_POINTS),
        _ => points / 4,
    };
    cpu.points.store(points, Relaxed);
    cpu.points_left.store(points, Relaxed);
    super::alarm::look();
    if attention() & SEVERAL == 0 {
        return;
    }
    let end_ns = cpu.slice_end.load(Relaxed);
    if now_ns >= NEXT_DEADLINE.load(Relaxed) || end_ns != 0 && now_ns >= end_ns {
        yield_now();
    } else if end_ns == 0 {
        cpu.slice_end.store(now_ns + SLICE_NS, Relaxed);
    }
}
