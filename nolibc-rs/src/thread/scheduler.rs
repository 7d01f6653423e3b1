//! Who runs: the run queue, waiting, and what wakes.
//!
//! One CPU runs. It changes threads where a thread waits, comes to a switching point ([`point`]),
//! or is interrupted by a tick ([`super::tick`]), which who holds a lock or is about to wait holds
//! off. One lock guards the run queue, all wait queues and the timers. Who changes threads holds
//! it; the thread that goes on lets it go. It is a leaf: nothing else is locked while it is held.
//!
//! Threads take turns in the order in which they became ready. There are no priorities.

use core::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering::Relaxed};

use super::link::{Link, Queue};
use super::timers::Timers;
use super::{Thread, current, deadlock, life, stack, tick};
use crate::arch::switch::switch;
use crate::platform::{self, Nanoseconds};
use crate::sync::{Guard, Lock};

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
    /// Where its stack is while another thread runs.
    stack_pointer: AtomicUsize,
    /// Address and length of the words that say what it waits for.
    what: (AtomicUsize, AtomicUsize),
}

impl Turn {
    /// That of a thread that goes on at `stack_pointer`.
    pub const fn new(stack_pointer: usize) -> Self {
        Self {
            state: AtomicU8::new(State::Running as u8),
            wake: AtomicU8::new(Wake::Woken as u8),
            timed: AtomicU8::new(0),
            queue: AtomicUsize::new(0),
            stack_pointer: AtomicUsize::new(stack_pointer),
            what: (AtomicUsize::new(0), AtomicUsize::new(0)),
        }
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

pub(super) struct Scheduler {
    /// Those that could run.
    ready: Queue,
    timers: Timers,
    /// A thread that ended on its own stack, which the next one to run gives back.
    dead: Link,
}

static SCHEDULER: Lock<Scheduler> = Lock::new(Scheduler {
    ready: Queue::new(),
    timers: Timers::new(),
    dead: Link::none(),
});

/// Why switching points are looked at closely.
static ATTENTION: AtomicU32 = AtomicU32::new(0);
/// There is more than one thread.
pub const SEVERAL: u32 = 1;
/// `SIGALRM` is to be sent at some time.
pub const ALARM: u32 = 2;
/// A signal waits to be delivered.
pub const SIGNAL: u32 = 4;

/// Switching points left until the clock is read, and how many that were.
static POINTS_LEFT: AtomicU32 = AtomicU32::new(0);
static POINTS: AtomicU32 = AtomicU32::new(0);
/// When it was read last.
static LOOKED_AT: AtomicU64 = AtomicU64::new(0);
/// When the running thread is to make room; 0: that is still to be said.
static SLICE_END: AtomicU64 = AtomicU64::new(0);
/// The earliest deadline of a thread.
static NEXT_DEADLINE: AtomicU64 = AtomicU64::new(u64::MAX);
/// How often threads were changed.
static SWITCHES: AtomicU64 = AtomicU64::new(0);

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

/// How often one thread went on in the place of another.
pub fn switches() -> u64 {
    SWITCHES.load(Relaxed)
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
    }
    turn.state.store(state as u8, Relaxed);
    Waiting(thread, held)
}

impl Waiting {
    /// Wait, and say why it is over.
    pub fn block(self) -> Wake {
        look_around();
        let mut scheduler = SCHEDULER.lock();
        let turn = &self.0.turn;
        let to_end = turn.is(State::Interruptible) && self.0.cancel.is_due();
        let to_handle = turn.is(State::Interruptible) || turn.is(State::Signallable);
        if to_end || to_handle && attention() & SIGNAL != 0 && crate::signal::waits_for(self.0) {
            scheduler.wake(self.0, Wake::Interrupted);
        }
        if self.0.turn.is(State::Running) {
            // Woken before: it stands in the run queue and need not.
            scheduler.ready.remove(self.0);
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

    /// Do not wait after all.
    pub fn forget(self) {
        let mut scheduler = SCHEDULER.lock();
        if self.0.turn.is_waiting() {
            scheduler.wake(self.0, Wake::Woken);
        }
        scheduler.ready.remove(self.0);
        drop(scheduler);
        platform::release(self.1);
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
    fn note_deadline(&self) {
        NEXT_DEADLINE.store(self.timers.first().unwrap_or(u64::MAX), Relaxed);
    }

    /// Have a thread that waits go on when its turn comes.
    fn wake(&mut self, thread: &'static Thread, why: Wake) {
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

    fn make_ready(&mut self, thread: &'static Thread) {
        thread.turn.state.store(State::Running as u8, Relaxed);
        self.ready.push(thread);
    }

    /// [`Scheduler::wake`], by a thread that goes on running.
    fn wake_another(&mut self, thread: &'static Thread, why: Wake) {
        self.wake(thread, why);
        tick::begin();
    }

    /// Wake those whose deadline has come.
    fn expire(&mut self) {
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

/// Run another thread in the place of `thread`, which stands in a queue or has ended, until its
/// turn comes again.
fn next(
    mut scheduler: Guard<'static, Scheduler>,
    thread: &'static Thread,
) -> Guard<'static, Scheduler> {
    loop {
        scheduler.expire();
        if let Some(next) = scheduler.ready.pop() {
            SLICE_END.store(0, Relaxed);
            if !core::ptr::eq(next, thread) {
                scheduler = change(scheduler, thread, next);
            }
            return scheduler;
        }
        let until = NEXT_DEADLINE.load(Relaxed).min(super::alarm::deadline());
        if until.saturating_sub(platform::clock_monotonic()) > tick::PERIOD_NS {
            tick::end();
        }
        drop(scheduler);
        if until == u64::MAX && !super::devices::expected() {
            deadlock(thread);
        }
        super::devices::idle(until);
        super::alarm::look();
        scheduler = SCHEDULER.lock();
    }
}

/// Go on with `to`.
fn change(
    scheduler: Guard<'static, Scheduler>,
    from: &'static Thread,
    to: &'static Thread,
) -> Guard<'static, Scheduler> {
    leave_to(scheduler, to);
    // SAFETY: `to` is ready, so its stack was left by this function or is new; and it is in no
    // queue any more, so nobody else goes on with it.
    unsafe {
        switch(
            from.turn.stack_pointer.as_ptr(),
            to.turn.stack_pointer.load(Relaxed),
        );
    }
    // SAFETY: who came here has forgotten its guard, as above.
    unsafe { finish() }
}

/// What comes before going on with `to`.
fn leave_to(scheduler: Guard<'static, Scheduler>, to: &'static Thread) {
    stack::check(false);
    POINTS_LEFT.store(0, Relaxed);
    if !scheduler.ready.is_empty() || NEXT_DEADLINE.load(Relaxed) != u64::MAX {
        tick::begin();
    }
    SWITCHES.store(SWITCHES.load(Relaxed) + 1, Relaxed);
    // The lock is held until `to` lets it go, and it has held off ticks for that.
    core::mem::forget(scheduler);
    stack::watch(to);
    platform::enter(to);
}

/// Take the CPU from a thread that a tick interrupted and that goes on at `stack_pointer`. Comes
/// back if nobody else is to run.
#[cfg(feature = "export")]
pub(super) fn preempt(thread: &'static Thread, stack_pointer: usize) {
    let mut scheduler = SCHEDULER.lock();
    scheduler.expire();
    let Some(to) = scheduler.ready.pop() else {
        let idle = scheduler.timers.first().is_none() && !super::devices::expected();
        drop(scheduler);
        if idle {
            tick::end();
        }
        return;
    };
    SLICE_END.store(0, Relaxed);
    thread.turn.stack_pointer.store(stack_pointer, Relaxed);
    scheduler.ready.push(thread);
    leave_to(scheduler, to);
    let mut nowhere = 0;
    // SAFETY: as in `change`; nobody comes back to this stack.
    unsafe { switch(&raw mut nowhere, to.turn.stack_pointer.load(Relaxed)) };
}

/// What the thread that goes on does first: give back who has just ended.
///
/// # Safety
/// The lock is held, and nobody has a guard.
pub(super) unsafe fn finish() -> Guard<'static, Scheduler> {
    // SAFETY: the caller's contract.
    let mut scheduler = unsafe { SCHEDULER.adopt() };
    if let Some(dead) = scheduler.dead.take() {
        drop(scheduler);
        life::bury(dead);
        scheduler = SCHEDULER.lock();
    }
    scheduler
}

/// Start a new thread: it runs when its turn comes.
pub(super) fn start(thread: &'static Thread) {
    SCHEDULER.lock().make_ready(thread);
    tick::begin();
}

/// End the calling thread, which nobody runs again. Who waits for that is woken, and the
/// thread's memory given back if nobody is to.
pub(super) fn leave(thread: &'static Thread, joiner: &Queue, bury: bool) -> ! {
    let mut scheduler = SCHEDULER.lock();
    thread.turn.state.store(State::Ended as u8, Relaxed);
    while let Some(waiting) = joiner.first() {
        scheduler.wake(waiting, Wake::Woken);
    }
    if bury {
        scheduler.dead.set(Some(thread));
    }
    let _guard = next(scheduler, thread);
    // It stands in no queue, so nobody can have gone on with it.
    crate::report::die("a thread that has ended runs");
}

/// Whether a thread has ended.
pub(super) fn has_ended(thread: &Thread) -> bool {
    thread.turn.is(State::Ended)
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
    if attention() & SEVERAL == 0 {
        return;
    }
    super::devices::look();
    let thread = current();
    let mut scheduler = SCHEDULER.lock();
    scheduler.expire();
    SLICE_END.store(0, Relaxed);
    if !scheduler.ready.is_empty() {
        scheduler.ready.push(thread);
        scheduler = next(scheduler, thread);
    }
    drop(scheduler);
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
    let left = POINTS_LEFT.load(Relaxed);
    if left > 0 {
        POINTS_LEFT.store(left - 1, Relaxed);
        return;
    }
    let now_ns = platform::clock_monotonic();
    let since_ns = now_ns.saturating_sub(LOOKED_AT.load(Relaxed));
    LOOKED_AT.store(now_ns, Relaxed);
    let points = POINTS.load(Relaxed);
    let points = match since_ns {
        0..LOOK_NS => (2 * points + 1).min(MOST_POINTS),
        _ => points / 4,
    };
    POINTS.store(points, Relaxed);
    POINTS_LEFT.store(points, Relaxed);
    super::alarm::look();
    if attention() & SEVERAL == 0 {
        return;
    }
    let end_ns = SLICE_END.load(Relaxed);
    if now_ns >= NEXT_DEADLINE.load(Relaxed) || end_ns != 0 && now_ns >= end_ns {
        yield_now();
    } else if end_ns == 0 {
        SLICE_END.store(now_ns + SLICE_NS, Relaxed);
    }
}
