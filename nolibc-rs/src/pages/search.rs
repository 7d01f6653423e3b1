//! Which free run a request is taken from.

use super::free::{CLASSES, COARSE, FreeRun, class_above, class_of};
use super::{GRAIN_BYTES, Pages, Rest, UNIT_BYTES, fits};

/// How many runs of one class are looked at for those that fit well.
const GOOD_ENOUGH: u32 = 2;
/// The same while memory is scarce.
const CLOSE_DEPTH: u32 = 16;
/// How many of all classes in which some may be long enough.
const PROBES: u32 = 48;
/// The same before a request is refused.
const LAST_RESORT: u32 = 128;
/// From this length on the place of a run may matter more than its length.
const LONG_BYTES: usize = 4 << 10;
/// For such runs: how many classes are looked at from the first that has one that fits,
const LONG_CLASSES: usize = 7;
/// how many runs of each,
const LONG_DEPTH: u32 = 4;
/// and how many in all before the search ends.
const LONG_PROBES: u32 = 48;

/// What is looked for.
#[derive(Clone, Copy)]
struct Wanted {
    len_bytes: usize,
    align_bytes: usize,
    rest: Rest,
}

impl Wanted {
    /// What a run may need besides.
    #[inline(always)]
    fn slack(&self) -> usize {
        let mut slack = 0;
        if self.align_bytes > GRAIN_BYTES {
            slack = self.align_bytes + UNIT_BYTES;
        }
        if self.rest == Rest::IsNone {
            slack += UNIT_BYTES;
        }
        slack
    }

    /// Where in a run it may start.
    #[inline(always)]
    fn start_in(&self, first: usize) -> usize {
        start_in(first, self.align_bytes)
    }
}

/// Where in a run what is aligned may start: what is left before must be a run, too.
#[inline(always)]
pub(super) fn start_in(first: usize, align_bytes: usize) -> usize {
    let mask = align_bytes - 1;
    if align_bytes <= GRAIN_BYTES || first & mask == 0 {
        return first;
    }
    (first + UNIT_BYTES + mask) & !mask
}

/// At no address that a run has; all runs are before it.
const NO_RUN: *mut FreeRun = core::ptr::without_provenance_mut(usize::MAX);

/// A free run, or [`NO_RUN`], and the class of its list.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) run: *mut FreeRun,
    pub(super) class: usize,
}

impl Found {
    const NONE: Self = Self {
        run: NO_RUN,
        class: 0,
    };

    #[inline(always)]
    fn some(self) -> Option<Self> {
        (self.run != NO_RUN).then_some(self)
    }
}

impl Pages {
    /// A free run in which so many aligned bytes lie.
    #[inline(always)]
    pub(super) fn find(&self, len_bytes: usize, align_bytes: usize, rest: Rest) -> Option<Found> {
        let wanted = Wanted {
            len_bytes,
            align_bytes,
            rest,
        };
        if len_bytes >= LONG_BYTES
            && self.is_tight()
            && let Some(found) = self.lowest(wanted).some()
        {
            return Some(found);
        }
        let floor = class_of(len_bytes);
        // The first class of which all runs are long enough: `class_above`, but with nothing besides it
        // may be one more.
        let sure = match wanted.slack() {
            0 => floor + usize::from(floor >= COARSE),
            slack => class_above(len_bytes + slack),
        };
        let mut at = self.lists.next_class(floor);
        if at.is_some_and(|class| class >= COARSE)
            && self.is_scarce()
            && let Some(found) = self.closest(wanted, floor).some()
        {
            return Some(found);
        }
        let mut probes = PROBES;
        while let Some(class) = at {
            let run = self.lists.head(class);
            if class >= sure {
                return Some(Found { run, class });
            }
            let run = self.lowest_of(run, GOOD_ENOUGH, wanted);
            if run != NO_RUN {
                return Some(Found { run, class });
            }
            probes = probes.saturating_sub(GOOD_ENOUGH);
            at = self
                .lists
                .next_class(if probes > 0 { class + 1 } else { sure });
        }
        self.search_on(wanted)
    }

    /// Whether it is worth an effort to keep long runs whole: not while memory is plentiful, nor when
    /// there is so little left that only a close fit helps.
    #[inline(always)]
    fn is_tight(&self) -> bool {
        self.free_bytes < self.half_bytes && !self.is_scarce()
    }

    /// Whether there is so little left that only a close fit helps.
    #[inline(always)]
    fn is_scarce(&self) -> bool {
        self.free_bytes < self.few_bytes
    }

    /// Of the runs of the first class that has one that fits, the shortest of a few.
    #[inline(never)]
    fn closest(&self, wanted: Wanted, floor: usize) -> Found {
        let mut at = self.lists.next_class(floor);
        let mut probes = PROBES;
        while let Some(class) = at.filter(|_| probes >= CLOSE_DEPTH) {
            let mut run = self.lists.head(class);
            let mut closest = (usize::MAX, NO_RUN);
            for _ in 0..CLOSE_DEPTH {
                let known = self.read(run);
                if known.len_bytes < closest.0 && self.probe(run, wanted).0 {
                    closest = (known.len_bytes, run);
                }
                if known.next.is_null() {
                    break;
                }
                run = known.next;
            }
            if closest.1 != NO_RUN {
                return Found {
                    run: closest.1,
                    class,
                };
            }
            probes -= CLOSE_DEPTH;
            at = self.lists.next_class(class + 1);
        }
        Found::NONE
    }

    /// Before a request is refused.
    #[cold]
    #[inline(never)]
    fn search_on(&self, wanted: Wanted) -> Option<Found> {
        let mut class = class_of(wanted.len_bytes);
        let mut run = core::ptr::null_mut::<FreeRun>();
        for _ in 0..LAST_RESORT {
            if run.is_null() {
                match self.lists.next_class(class) {
                    Some(next) => class = next,
                    None => break,
                }
                run = self.lists.head(class);
            }
            let (fits, next) = self.probe(run, wanted);
            if fits {
                return Some(Found { run, class });
            }
            run = next;
            if run.is_null() {
                class += 1;
            }
        }
        None
    }

    /// Of a few runs that fit about equally well, the one at the lowest address.
    ///
    /// That leaves the long runs at high addresses whole, as address-ordered first fit does,
    /// and wastes little more than best fit (P. R. Wilson et al., "Dynamic storage
    /// allocation: a survey and critical review", 1995).
    #[inline(never)]
    fn lowest(&self, wanted: Wanted) -> Found {
        let mut at = self.lists.next_class(class_of(wanted.len_bytes));
        let mut lowest = Found::NONE;
        let mut end = CLASSES;
        let mut probes = LONG_PROBES;
        while let Some(class) = at.filter(|class| *class < end && probes >= LONG_DEPTH) {
            let run = self.lowest_of(self.lists.head(class), LONG_DEPTH, wanted);
            probes -= LONG_DEPTH;
            if run < lowest.run {
                lowest = Found { run, class };
            }
            if lowest.run != NO_RUN {
                end = end.min(class + LONG_CLASSES);
            }
            at = self.lists.next_class(class + 1);
        }
        lowest
    }

    /// Of the first runs of a list from `run` on, of those that fit, the one at the lowest address.
    #[inline(always)]
    fn lowest_of(&self, mut run: *mut FreeRun, depth: u32, wanted: Wanted) -> *mut FreeRun {
        let mut lowest = NO_RUN;
        for _ in 0..depth {
            let (fits, next) = self.probe(run, wanted);
            if fits && run < lowest {
                lowest = run;
            }
            if next.is_null() {
                break;
            }
            run = next;
        }
        lowest
    }

    /// Whether what is wanted fits into a free run; and the run behind it in its list.
    #[inline(always)]
    fn probe(&self, run: *mut FreeRun, wanted: Wanted) -> (bool, *mut FreeRun) {
        let known = self.read(run);
        let first = run.addr();
        let room = known
            .len_bytes
            .saturating_sub(wanted.start_in(first) - first);
        (fits(wanted.len_bytes, room, wanted.rest), known.next)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Pages, Range};

    /// Memory of this length.
    fn pages(memory: &mut [u8]) -> Pages {
        let range = Range {
            start: memory.as_mut_ptr().expose_provenance(),
            len_bytes: memory.len(),
        };
        let mut pages = Pages::empty();
        // SAFETY: the callers' memory is not touched while the pages live.
        unsafe { pages.take_over(&[range], true) };
        pages
    }

    fn take(pages: &mut Pages, len_bytes: usize) -> Option<usize> {
        pages.take_block(len_bytes, 16).map(|run| run.start)
    }

    /// Make free runs of these lengths, none beside another: where they start.
    fn make_free<const N: usize>(pages: &mut Pages, lens: [usize; N]) -> [usize; N] {
        let starts = lens.map(|len| {
            let start = take(pages, len).unwrap();
            take(pages, 512).unwrap();
            start
        });
        for (start, len) in starts.into_iter().zip(lens) {
            pages.release_bytes(start, len);
        }
        starts
    }

    #[test]
    fn the_shortest_run_that_fits_is_taken() {
        let mut memory = vec![0; 1 << 16];
        let mut pages = pages(&mut memory);
        let [long, fits, short] = make_free(&mut pages, [1200, 1168, 1136]);
        assert_eq!(take(&mut pages, 1152), Some(fits));
        assert_eq!(take(&mut pages, 1152), Some(long));
        assert_eq!(take(&mut pages, 1136), Some(short));
    }

    #[test]
    fn while_memory_is_scarce_long_runs_fit_closely() {
        // All of one class; the one that fits best is not among the first two of its list, nor is it at
        // the lowest address.
        const LENS: [usize; 4] = [16_848, 16_624, 16_768, 16_800];
        for scarce in [false, true] {
            let mut memory = vec![0; 1 << 20];
            let mut pages = pages(&mut memory);
            let [_, fits, ..] = make_free(&mut pages, LENS);
            if scarce {
                let rest = pages.free_bytes() - LENS.into_iter().sum::<usize>();
                take(&mut pages, rest / 16 * 16).unwrap();
            }
            let taken = take(&mut pages, 16_400);
            assert_eq!(taken == Some(fits), scarce, "{taken:?}");
        }
    }

    #[test]
    fn of_two_runs_that_fit_the_lower_is_taken() {
        const LEN_BYTES: usize = 9600;
        let mut memory = vec![0; 1 << 18];
        let mut pages = pages(&mut memory);
        let take = |pages: &mut Pages| take(pages, LEN_BYTES);
        let taken = [(); 4].map(|()| take(&mut pages).unwrap());
        let (low, high) = (taken[0], taken[2]);
        for first in [low, high] {
            pages.release_bytes(first, LEN_BYTES);
            pages.release_bytes(low + high - first, LEN_BYTES);
            assert_eq!(take(&mut pages), Some(low));
            assert_eq!(take(&mut pages), Some(high));
        }
    }
}
