//! Who uses something: one at a time. Nobody waits here; whoever is refused can leave
//! word, and is looked after when it is given back.

use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

const FREE: u32 = 0;
const TAKEN: u32 = 1;
/// Taken, and somebody was refused who left word.
const AWAITED: u32 = 2;

/// Whose turn it is: nobody's, or somebody's.
#[derive(Debug)]
pub struct Turn(AtomicU32);

impl Turn {
    /// Nobody's.
    #[expect(clippy::new_without_default, reason = "made in statics")]
    pub const fn new() -> Self {
        Self(AtomicU32::new(FREE))
    }

    /// Take it; false: it is somebody's.
    pub fn take(&self) -> bool {
        self.0
            .compare_exchange(FREE, TAKEN, Acquire, Relaxed)
            .is_ok()
    }

    /// Take it, or else leave word.
    pub fn ask(&self) -> bool {
        let asked = |state| Some(if state == FREE { TAKEN } else { AWAITED });
        self.0.fetch_update(Acquire, Relaxed, asked) == Ok(FREE)
    }

    /// Whether it is somebody's; else all that those did who had it is seen.
    pub fn is_taken(&self) -> bool {
        self.0.load(Acquire) != FREE
    }

    /// Give it back. Answers whether somebody left word meanwhile.
    pub fn give_back(&self) -> bool {
        self.0.swap(FREE, Release) == AWAITED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_it_at_a_time() {
        let turn = Turn::new();
        assert!(!turn.is_taken() && turn.take());
        assert!(turn.is_taken() && !turn.take());
        assert!(!turn.give_back() && !turn.is_taken());
        assert!(turn.ask());
        assert!(!turn.take());
        assert!(!turn.give_back());
    }

    #[test]
    fn who_has_it_hears_who_was_refused() {
        let turn = Turn::new();
        assert!(turn.take());
        assert!(!turn.ask() && !turn.ask() && !turn.take() && turn.is_taken());
        assert!(turn.give_back());
        // Once.
        assert!(turn.take());
        assert!(!turn.give_back());
    }

    #[test]
    fn a_refusal_is_heard_or_the_turn_taken() {
        let (turn, missed) = (Turn::new(), AtomicU32::new(0));
        let work = |_| {
            let mut heard = 0;
            for _ in 0..10_000 {
                if turn.ask() {
                    heard += u32::from(turn.give_back());
                } else {
                    missed.store(1, Relaxed);
                }
            }
            heard
        };
        let heard: u32 = std::thread::scope(|scope| {
            let threads = [0, 1].map(|nth| scope.spawn(move || work(nth)));
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .sum()
        });
        assert_eq!(heard > 0, missed.load(Relaxed) > 0);
        assert!(turn.take());
    }
}
