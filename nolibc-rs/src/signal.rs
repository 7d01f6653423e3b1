//! Signals of one process that nobody else can signal: what is sent is delivered
//! at once, or waits until a thread that does not block it comes to a point where it can be.
//!
//! This module keeps dispositions, masks and pending signals, and decides what
//! happens next; [`crate::delivery`] calls the handlers.
#![forbid(unsafe_code)]

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::errno::{Errno, Result};
use crate::sync::Lock;
use crate::thread::scheduler::{self, State::Signallable};
use crate::thread::{self, Thread, registry};

/// The highest signal number.
pub const LAST: i32 = 64;

/// The default action is taken.
pub const DEFAULT: usize = 0;
/// Nothing happens.
pub const IGNORE: usize = 1;

/// The handler takes a `siginfo_t`.
pub const SA_SIGINFO: i32 = 4;
/// What the handler interrupts goes on.
pub const SA_RESTART: i32 = 0x1000_0000;
/// The signal is not blocked while its handler runs.
const SA_NODEFER: i32 = 0x4000_0000;
/// The disposition becomes the default when the handler starts.
const SA_RESETHAND: i32 = i32::MIN;

/// What `alarm` sends.
pub const SIGALRM: i32 = 14;
/// What the host sends, by asking that the machine ends.
pub const SIGTERM: i32 = 15;
const SIGKILL: i32 = 9;
const SIGSTOP: i32 = 19;
/// Neither of these can be blocked, ignored or handled.
const UNBLOCKABLE: u64 = bit(SIGKILL) | bit(SIGSTOP);
/// SIGCHLD, SIGCONT, SIGURG, SIGWINCH.
const IGNORED_BY_DEFAULT: u64 = bit(17) | bit(18) | bit(23) | bit(28);

/// The bit of a signal in a set.
pub const fn bit(signal: i32) -> u64 {
    1 << (signal - 1)
}

/// `EINVAL` for what is no signal.
///
/// # Errors
/// `EINVAL`.
pub fn check(signal: i32) -> Result<i32> {
    if (1..=LAST).contains(&signal) {
        Ok(signal)
    } else {
        Err(Errno::EINVAL)
    }
}

/// What happens when a signal is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action {
    /// [`DEFAULT`], [`IGNORE`] or the handler's address.
    pub handler: usize,
    /// Blocked while it runs, besides the signal.
    pub mask: u64,
    /// `SA_*`.
    pub flags: i32,
}

const DEFAULT_ACTION: Action = Action {
    handler: DEFAULT,
    mask: 0,
    flags: 0,
};

/// What has to be done for a signal.
#[derive(Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Call the handler, then restore this mask.
    Handle(i32, Action, u64),
    /// End the program.
    Die(i32),
}

struct State {
    actions: [Action; LAST as usize],
}

static STATE: Lock<State> = Lock::new(State {
    actions: [DEFAULT_ACTION; LAST as usize],
});

/// Signals sent to the process, which no thread has taken yet.
static PENDING: AtomicU64 = AtomicU64::new(0);

impl State {
    fn action(&mut self, signal: i32) -> Result<&mut Action> {
        let index = check(signal)? as usize - 1;
        self.actions.get_mut(index).ok_or(Errno::EINVAL)
    }

    fn is_ignored(&mut self, signal: i32) -> bool {
        match self.action(signal).map(|action| action.handler) {
            Ok(DEFAULT) => bit(signal) & IGNORED_BY_DEFAULT != 0,
            Ok(handler) => handler == IGNORE,
            Err(_) => true,
        }
    }
}

/// The lowest signal of a set.
fn lowest(set: u64) -> Option<i32> {
    (set != 0).then(|| set.trailing_zeros() as i32 + 1)
}

/// Set (with `Some`) and answer the disposition of a signal.
///
/// # Errors
/// `EINVAL`: no such signal, or one whose disposition is fixed.
pub fn action(signal: i32, new: Option<Action>) -> Result<Action> {
    let mut state = STATE.lock();
    let slot = state.action(signal)?;
    let old = *slot;
    if let Some(new) = new {
        if bit(signal) & UNBLOCKABLE != 0 {
            return Err(Errno::EINVAL);
        }
        *slot = new;
        if state.is_ignored(signal) {
            drop(state);
            discard(signal);
        }
    }
    Ok(old)
}

/// Forget a signal, whoever it was sent to.
fn discard(signal: i32) {
    let rest = !bit(signal);
    PENDING.fetch_and(rest, Relaxed);
    registry::find(|thread| {
        thread.signals.pending.fetch_and(rest, Relaxed);
        false
    });
}

/// Send a signal to the process, unless it is ignored. A thread that waits for it, or does not
/// block it, is woken.
///
/// # Errors
/// `EINVAL`: no such signal.
pub fn send(signal: i32) -> Result<()> {
    if !is_wanted(signal)? {
        return Ok(());
    }
    PENDING.fetch_or(bit(signal), Relaxed);
    scheduler::attend(scheduler::SIGNAL, true);
    let mine = thread::current();
    if mine.is_running() && takes(mine, signal) {
        return Ok(());
    }
    registry::find(|thread| takes(thread, signal) && scheduler::interrupt(thread, Signallable));
    Ok(())
}

/// Send a signal to one thread, unless it is ignored.
///
/// # Errors
/// `EINVAL`: no such signal.
pub fn send_to(thread: &'static Thread, signal: i32) -> Result<()> {
    if is_wanted(signal)? {
        thread.signals.pending.fetch_or(bit(signal), Relaxed);
        scheduler::attend(scheduler::SIGNAL, true);
        if takes(thread, signal) {
            scheduler::interrupt(thread, Signallable);
        }
    }
    Ok(())
}

fn is_wanted(signal: i32) -> Result<bool> {
    let mut state = STATE.lock();
    state.action(signal)?;
    Ok(!state.is_ignored(signal))
}

/// Whether a thread waits for a signal, or does not block it.
fn takes(thread: &Thread, signal: i32) -> bool {
    let signals = &thread.signals;
    (signals.awaited.load(Relaxed) | !signals.mask.load(Relaxed)) & bit(signal) != 0
}

/// Whether a signal is pending that `thread` waits for or does not block.
pub fn waits_for(thread: &Thread) -> bool {
    let signals = &thread.signals;
    let taken = signals.awaited.load(Relaxed) | !signals.mask.load(Relaxed);
    (PENDING.load(Relaxed) | signals.pending.load(Relaxed)) & taken != 0
}

/// The signals that are pending for the calling thread.
pub fn pending() -> u64 {
    PENDING.load(Relaxed) | thread::current().signals.pending.load(Relaxed)
}

/// The signals that the calling thread blocks.
pub fn mask() -> u64 {
    thread::current().signals.mask.load(Relaxed)
}

/// Have the calling thread block exactly these signals; answers those blocked before.
pub fn set_mask(mask: u64) -> u64 {
    let signals = &thread::current().signals;
    signals.mask.swap(mask & !UNBLOCKABLE, Relaxed)
}

/// Whether there is something for the calling thread to deliver.
pub fn is_due() -> bool {
    pending() & !mask() != 0
}

/// Take out a pending signal of `set`, blocked or not, as `sigwait` does.
pub fn accept(set: u64) -> Option<i32> {
    let own = &thread::current().signals.pending;
    loop {
        let signal = lowest(pending() & set)?;
        // One sent to the thread itself comes before one that others could take.
        let place = if own.load(Relaxed) & bit(signal) != 0 {
            own
        } else {
            &PENDING
        };
        if place.fetch_and(!bit(signal), Relaxed) & bit(signal) != 0 {
            return Some(signal);
        }
        // Another thread took it.
    }
}

/// Wait until a signal of `set` comes, blocked or not.
///
/// # Errors
/// `EAGAIN`: none did until the deadline. `EINTR`: another one is to be delivered.
pub fn wait_for(set: u64, until_ns: Option<u64>) -> Result<i32> {
    let awaited = &thread::current().signals.awaited;
    loop {
        thread::cancel::test();
        if let Some(signal) = accept(set) {
            return Ok(signal);
        }
        if is_due() {
            return Err(Errno::EINTR);
        }
        awaited.store(set, Relaxed);
        let what = "a signal that nobody sends";
        let state = scheduler::State::Interruptible;
        let wake = scheduler::prepare(None, until_ns, state, what).block();
        awaited.store(0, Relaxed);
        if wake == scheduler::Wake::TimedOut {
            return accept(set).ok_or(Errno::EAGAIN);
        }
    }
}

/// Take out a pending signal that the calling thread does not block, and prepare what its
/// delivery needs.
pub fn take() -> Option<Delivery> {
    let old_mask = mask();
    let Some(signal) = accept(!old_mask) else {
        let others = |thread: &'static Thread| thread.signals.pending.load(Relaxed) != 0;
        let any = || pending() != 0 || registry::find(others).is_some();
        if !any() {
            scheduler::attend(scheduler::SIGNAL, false);
            // One may have been sent meanwhile.
            if any() {
                scheduler::attend(scheduler::SIGNAL, true);
            }
        }
        return None;
    };
    let mut state = STATE.lock();
    let slot = state.action(signal).ok()?;
    let action = *slot;
    if action.handler == DEFAULT {
        return Some(Delivery::Die(signal));
    }
    if action.flags & SA_RESETHAND != 0 {
        *slot = DEFAULT_ACTION;
    }
    let own = if action.flags & SA_NODEFER != 0 {
        0
    } else {
        bit(signal)
    };
    set_mask(old_mask | action.mask | own);
    Some(Delivery::Handle(signal, action, old_mask))
}

/// Whether a signal says that somebody wants the program to end, not that something is wrong
/// with it: SIGHUP, SIGINT, SIGTERM.
pub fn is_wish(signal: i32) -> bool {
    matches!(signal, 1 | 2 | SIGTERM)
}

/// What the report says when a signal ends the program.
pub fn death(signal: i32) -> &'static str {
    match signal {
        1 => "killed by SIGHUP",
        2 => "killed by SIGINT",
        3 => "killed by SIGQUIT",
        4 => "killed by SIGILL",
        5 => "killed by SIGTRAP",
        6 => "killed by SIGABRT",
        7 => "killed by SIGBUS",
        8 => "killed by SIGFPE",
        9 => "killed by SIGKILL",
        10 => "killed by SIGUSR1",
        11 => "killed by SIGSEGV",
        12 => "killed by SIGUSR2",
        13 => "killed by SIGPIPE",
        14 => "killed by SIGALRM",
        15 => "killed by SIGTERM",
        19..=22 => "stopped by a signal, and nobody can continue it",
        24 => "killed by SIGXCPU",
        25 => "killed by SIGXFSZ",
        26 => "killed by SIGVTALRM",
        27 => "killed by SIGPROF",
        _ => "killed by a signal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One test, because there is one state.
    #[test]
    fn life_of_a_signal() {
        assert_eq!(check(0), Err(Errno::EINVAL));
        assert_eq!(send(65), Err(Errno::EINVAL));
        assert_eq!(action(9, Some(DEFAULT_ACTION)), Err(Errno::EINVAL));

        // Ignored by default: never pending.
        send(17).unwrap();
        assert_eq!(take(), None);
        // Death by default.
        send(15).unwrap();
        assert_eq!(take(), Some(Delivery::Die(15)));

        // A handler blocks its own signal and what its mask says.
        let handler = Action {
            handler: 0x1000,
            mask: bit(12),
            flags: 0,
        };
        assert_eq!(action(10, Some(handler)), Ok(DEFAULT_ACTION));
        send(10).unwrap();
        assert_eq!(take(), Some(Delivery::Handle(10, handler, 0)));
        assert_eq!(mask(), bit(10) | bit(12));
        send(10).unwrap();
        send(12).unwrap();
        assert_eq!(take(), None);
        assert_eq!(pending(), bit(10) | bit(12));
        // sigwait accepts blocked ones, lowest first.
        assert_eq!(accept(bit(12) | bit(11)), Some(12));
        assert_eq!(set_mask(u64::MAX), bit(10) | bit(12));
        assert_eq!(mask() & UNBLOCKABLE, 0);
        // Ignoring discards.
        let ignore = Action {
            handler: IGNORE,
            ..DEFAULT_ACTION
        };
        action(10, Some(ignore)).unwrap();
        assert_eq!(pending(), 0);
        set_mask(0);

        // SA_RESETHAND and SA_NODEFER.
        let once = Action {
            flags: SA_RESETHAND | SA_NODEFER,
            ..handler
        };
        action(10, Some(once)).unwrap();
        send(10).unwrap();
        assert_eq!(take(), Some(Delivery::Handle(10, once, 0)));
        assert_eq!(mask(), bit(12));
        assert_eq!(action(10, None), Ok(DEFAULT_ACTION));
        set_mask(0);
    }
}
