//! Who runs: each CPU's next thread, and how it comes to it.
//!
//! Each CPU has a queue of threads that are to run on it. A thread that becomes ready goes to the
//! CPU that it ran on last, or to one that waits; a CPU takes from the longest queue, when it is
//! longer than its own: so the threads of all CPUs take turns.
//!
//! A CPU without a thread to run waits in its idle thread, or while there is one CPU in the thread
//! that waits last. One such CPU watches, for all, deadlines and devices.

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::cpu::{self, Busy, Cpu, here};
use super::scheduler::{NEXT_DEADLINE, SCHEDULER, State, next_deadline};
use super::timers::Timers;
use super::{Thread, alarm, current, deadlock, devices, life, run_time, shutdown, stack, tick};
use crate::arch::switch::switch;
use crate::platform::{self, Nanoseconds};
use crate::sync::Guard;

/// How often a CPU looks for devices that watches them but is not told (`devices`).
const LOOK_AGAIN_NS: Nanoseconds = 1_000_000;

/// How often threads were changed.
static SWITCHES: AtomicU64 = AtomicU64::new(0);

/// How often one thread went on in the place of another.
pub fn switches() -> u64 {
    SWITCHES.load(Relaxed)
}

pub(super) struct Scheduler {
    pub timers: Timers,
    /// The CPU that watches for all, and until when.
    watch: Option<(usize, Nanoseconds)>,
}

impl Scheduler {
    pub const fn new() -> Self {
        Self {
            timers: Timers::new(),
            watch: None,
        }
    }

    pub fn note_deadline(&self) {
        NEXT_DEADLINE.store(self.timers.first().unwrap_or(u64::MAX), Relaxed);
    }

    /// Have a thread run when its turn comes, on a CPU that it may run on.
    pub fn make_ready(&mut self, thread: &'static Thread) {
        thread.turn.set_state(State::Running);
        if !cpu::several() {
            return here().push(thread);
        }
        if thread.turn.is_on_cpu() {
            // It was about to wait, and sees that it need not.
            return cpu::by_index(thread.turn.cpu()).push(thread);
        }
        let cpu = Self::choose(thread);
        cpu.push(thread);
        Self::call(cpu);
    }

    /// The CPU that a thread ran on last if that is the calling one, which is likely to be free in a
    /// moment (if it is not, another one takes the thread after the next tick), or waits for
    /// somebody to run; else one that waits; else the one that fewest wait for.
    fn choose(thread: &Thread) -> &'static Cpu {
        let may = |cpu: &&Cpu| thread.turn.may_run_on(cpu.index);
        let last = cpu::by_index(thread.turn.cpu());
        if core::ptr::eq(last, here()) && last.waiting() == 0 && may(&last) {
            return last;
        }
        let cost = |cpu: &&Cpu| {
            let busy = cpu.waiting() > 0 || cpu.is(Busy::Runs);
            (busy, cpu.waiting(), !core::ptr::eq(*cpu, last))
        };
        cpu::all().filter(may).min_by_key(cost).unwrap_or(last)
    }

    /// If a CPU waits, have it look for somebody to run.
    fn call(cpu: &Cpu) {
        if cpu.is(Busy::Waits) {
            cpu.set(Busy::Looks);
            platform::cpu_wake(cpu.index);
        }
    }

    /// Have a thread that runs run again when its turn comes.
    pub fn take_turn(&mut self, cpu: &'static Cpu, thread: &'static Thread) {
        thread.turn.set_on_cpu(false);
        if thread.turn.may_run_on(cpu.index) {
            cpu.push(thread);
        } else {
            self.make_ready(thread);
        }
    }

    /// What a thread may run on has changed: if it is to run, move it.
    pub fn place_again(&mut self, thread: &'static Thread) {
        let cpu = cpu::by_index(thread.turn.cpu());
        if cpu.is_to_run(thread) && !thread.turn.may_run_on(cpu.index) {
            cpu.remove(thread);
            self.make_ready(thread);
        }
    }

    /// Take out who is to run next on a CPU.
    fn pick(&mut self, cpu: &Cpu) -> Option<&'static Thread> {
        if cpu::several() {
            let longest = cpu::all()
                .filter(|other| other.waiting() > cpu.waiting() && other.has_for(cpu))
                .max_by_key(|other| other.waiting());
            if let Some(thread) = longest.and_then(|longest| longest.pop_for(cpu)) {
                return Some(thread);
            }
        }
        cpu.pop_for(cpu)
    }

    /// A deadline was added: whoever watches does so until then.
    pub fn watch_until(&mut self, deadline_ns: Nanoseconds) {
        if let Some((index, until_ns)) = &mut self.watch
            && deadline_ns < *until_ns
        {
            *until_ns = deadline_ns;
            platform::cpu_wake(*index);
        }
    }

    /// Have a CPU that waits take one of those who are to run on this one, if there are any.
    fn share(&self, cpu: &Cpu) {
        let idle = |other: &&'static Cpu| other.is(Busy::Waits) && cpu.has_for(other);
        if cpu::several()
            && cpu.waiting() > 0
            && let Some(idle) = cpu::all().find(idle)
        {
            Self::call(idle);
        }
    }

    /// The calling CPU has a thread to run: another one that waits is to watch now.
    fn pass_watch_on(&self) {
        let until_ns = next_deadline();
        if self.watch.is_some() || until_ns == u64::MAX && !devices::expected() {
            return;
        }
        if let Some(cpu) = cpu::all().find(|cpu| cpu.is(Busy::Waits)) {
            Self::call(cpu);
        }
    }
}

/// Run another thread in the place of `thread`, which stands in a queue or has ended, until its
/// turn comes again.
pub(super) fn next(
    mut scheduler: Guard<'static, Scheduler>,
    thread: &'static Thread,
) -> Guard<'static, Scheduler> {
    loop {
        scheduler.expire();
        let cpu = here();
        if let Some(next) = scheduler.pick(cpu) {
            if cpu::several() {
                scheduler.pass_watch_on();
            }
            return change(scheduler, thread, next);
        }
        match cpu.idle.get() {
            // It comes back when somebody has taken this thread out of a queue.
            Some(idle) if !core::ptr::eq(idle, thread) => return change(scheduler, thread, idle),
            _ => scheduler = wait(scheduler, cpu, thread),
        }
    }
}

/// Let who is to run next do so before `thread`, which runs; if there is anybody.
pub(super) fn make_room(
    mut scheduler: Guard<'static, Scheduler>,
    thread: &'static Thread,
) -> Guard<'static, Scheduler> {
    scheduler.expire();
    let cpu = here();
    let to = scheduler.pick(cpu);
    if to.is_none() && thread.turn.may_run_on(cpu.index) {
        cpu.slice_end.store(0, Relaxed);
        return scheduler;
    }
    scheduler.take_turn(cpu, thread);
    match to {
        Some(to) => change(scheduler, thread, to),
        None => next(scheduler, thread),
    }
}

/// What an idle thread does.
pub(super) fn idle() -> ! {
    loop {
        // It stands in no queue, so this comes back after each thread that ran.
        drop(next(SCHEDULER.lock(), current()));
    }
}

/// Wait until there may be somebody to run.
fn wait(
    mut scheduler: Guard<'static, Scheduler>,
    cpu: &'static Cpu,
    thread: &'static Thread,
) -> Guard<'static, Scheduler> {
    let mut until_ns = next_deadline();
    let from_outside = devices::expected();
    cpu.set(Busy::Waits);
    let hopeless =
        until_ns == u64::MAX && !from_outside && cpu::all().all(|cpu| cpu.is(Busy::Waits));
    // What comes from outside is told the first CPU.
    let watches = match scheduler.watch {
        Some((index, _)) => cpu.index == 0 && index != 0,
        None => true,
    };
    if watches {
        if cpu.index != 0 && from_outside {
            until_ns = until_ns.min(platform::clock_monotonic() + LOOK_AGAIN_NS);
        }
        scheduler.watch = Some((cpu.index, until_ns));
    } else {
        until_ns = u64::MAX;
    }
    if until_ns.saturating_sub(platform::clock_monotonic()) > tick::PERIOD_NS {
        tick::end();
    }
    drop(scheduler);
    if hopeless {
        deadlock(thread);
    }
    let ready = run_time::idle(until_ns);
    // A request ends the wait of whichever CPU sees it.
    shutdown::look();
    let mut scheduler = SCHEDULER.lock();
    cpu.set(Busy::Looks);
    if scheduler.watch.is_some_and(|(index, _)| index == cpu.index) {
        scheduler.watch = None;
    }
    // A device may be ready for who does not watch, and would be again and again.
    if watches || ready != 0 {
        drop(scheduler);
        devices::tell(ready);
        alarm::look();
        scheduler = SCHEDULER.lock();
    }
    scheduler
}

/// Go on with `to`.
fn change(
    scheduler: Guard<'static, Scheduler>,
    from: &'static Thread,
    to: &'static Thread,
) -> Guard<'static, Scheduler> {
    if core::ptr::eq(from, to) {
        from.turn.set_on_cpu(true);
        here().slice_end.store(0, Relaxed);
        return scheduler;
    }
    leave_to(scheduler, from, to);
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
fn leave_to(scheduler: Guard<'static, Scheduler>, from: &'static Thread, to: &'static Thread) {
    stack::check(false);
    let cpu = here();
    if cpu.since_ns.load(Relaxed) != 0 {
        run_time::leave(cpu, from);
    }
    cpu.points_left.store(0, Relaxed);
    cpu.slice_end.store(0, Relaxed);
    from.turn.set_on_cpu(false);
    to.turn.set_on_cpu(true);
    to.turn.set_cpu(cpu.index);
    let idle = cpu.is_idle_thread(to);
    cpu.set(if idle { Busy::Looks } else { Busy::Runs });
    let others = cpu.waiting() > 0 || next_deadline() != u64::MAX;
    if others || cpu::several() && !idle {
        tick::begin();
    }
    SWITCHES.store(SWITCHES.load(Relaxed) + 1, Relaxed);
    // The lock is held until `to` lets it go, and it has held off ticks for that.
    core::mem::forget(scheduler);
    stack::watch(to);
    platform::enter(to, cpu);
}

/// Take the CPU from a thread that a tick interrupted and that goes on at `stack_pointer`. Comes
/// back if nobody else is to run.
pub(super) fn preempt(thread: &'static Thread, stack_pointer: usize) {
    let mut scheduler = SCHEDULER.lock();
    scheduler.expire();
    let cpu = here();
    scheduler.share(cpu);
    let elsewhere = !thread.turn.may_run_on(cpu.index);
    let idle = || cpu.idle.get().filter(|_| elsewhere);
    let Some(to) = scheduler.pick(cpu).or_else(idle) else {
        let needed = next_deadline() != u64::MAX || devices::expected() || cpu::several();
        drop(scheduler);
        if !needed {
            tick::end();
        }
        return;
    };
    thread.turn.stack_pointer.store(stack_pointer, Relaxed);
    scheduler.take_turn(cpu, thread);
    leave_to(scheduler, thread, to);
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
    if let Some(dead) = here().dead.take() {
        drop(scheduler);
        life::bury(dead);
        scheduler = SCHEDULER.lock();
    }
    scheduler
}
