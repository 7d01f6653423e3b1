//! Signals of one process that nobody else can signal: what is sent is delivered
//! at once, or waits until it is unblocked.
//!
//! This module keeps dispositions, mask and pending signals, and decides what
//! happens next; the outer layer calls the handlers.
#![forbid(unsafe_code)]

use crate::errno::{Errno, Result};
use crate::sync::Lock;

/// The highest signal number.
pub const LAST: i32 = 64;

/// The default action is taken.
pub const DEFAULT: usize = 0;
/// Nothing happens.
pub const IGNORE: usize = 1;

/// The handler takes a `siginfo_t`.
pub const SA_SIGINFO: i32 = 4;
/// The signal is not blocked while its handler runs.
const SA_NODEFER: i32 = 0x4000_0000;
/// The disposition becomes the default when the handler starts.
const SA_RESETHAND: i32 = i32::MIN;

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

/// What the outer layer has to do for a signal.
#[derive(Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Call the handler, then restore this mask.
    Handle(i32, Action, u64),
    /// End the program.
    Die(i32),
}

struct State {
    mask: u64,
    pending: u64,
    actions: [Action; LAST as usize],
}

static STATE: Lock<State> = Lock::new(State {
    mask: 0,
    pending: 0,
    actions: [DEFAULT_ACTION; LAST as usize],
});

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
            state.pending &= !bit(signal);
        }
    }
    Ok(old)
}

/// Make a signal pending, unless it is ignored.
///
/// # Errors
/// `EINVAL`: no such signal.
pub fn send(signal: i32) -> Result<()> {
    let mut state = STATE.lock();
    state.action(signal)?;
    if !state.is_ignored(signal) {
        state.pending |= bit(signal);
    }
    Ok(())
}

/// The pending signals.
pub fn pending() -> u64 {
    STATE.lock().pending
}

/// The blocked signals.
pub fn mask() -> u64 {
    STATE.lock().mask
}

/// Block exactly these signals; answers those blocked before.
pub fn set_mask(mask: u64) -> u64 {
    core::mem::replace(&mut STATE.lock().mask, mask & !UNBLOCKABLE)
}

/// Take out a pending signal of `set`, blocked or not, as `sigwait` does.
pub fn accept(set: u64) -> Option<i32> {
    let mut state = STATE.lock();
    let signal = lowest(state.pending & set)?;
    state.pending &= !bit(signal);
    Some(signal)
}

/// Take out a pending signal that is not blocked, and prepare what its delivery
/// needs.
pub fn take() -> Option<Delivery> {
    let mut state = STATE.lock();
    let signal = lowest(state.pending & !state.mask)?;
    state.pending &= !bit(signal);
    let old_mask = state.mask;
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
    state.mask = (old_mask | action.mask | own) & !UNBLOCKABLE;
    Some(Delivery::Handle(signal, action, old_mask))
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
