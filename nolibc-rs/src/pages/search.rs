//! Which free run a request is taken from.

use super::free::{CLASSES, FreeRun, class_above, class_of};
use super::{GRAIN_BYTES, Pages, Rest, UNIT_BYTES, fits};

/// How many runs of one class are looked at for one that fits well.
const GOOD_ENOUGH: u32 = 4;
/// How many of all classes in which some may be long enough.
const PROBES: u32 = 48;
/// The same before a request is refused.
const LAST_RESORT: u32 = 128;
/// From this length on the place of a run may matter more than its length.
const LONG_BYTES: usize = 4 << 10;
/// For such runs: how many classes are looked at from the first that has one that fits,
const LONG_CLASSES: usize = 10;
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

/// A free run, or null, and the class of its list.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) run: *mut FreeRun,
    pub(super) class: usize,
}

impl Found {
    const NONE: Self = Self {
        run: core::ptr::null_mut(),
        class: 0,
    };

    #[inline(always)]
    fn some(self) -> Option<Self> {
        (!self.run.is_null()).then_some(self)
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
            0 => floor + 1,
            slack => class_above(len_bytes + slack),
        };
        let mut at = self.lists.next_class(floor);
        let mut probes = PROBES;
        while let Some(class) = at {
            let mut run = self.lists.head(class);
            if class >= sure {
                return Some(Found { run, class });
            }
            for _ in 0..GOOD_ENOUGH {
                let (fits, next) = self.probe(run, wanted);
                if fits {
                    return Some(Found { run, class });
                }
                if next.is_null() {
                    break;
                }
                run = next;
            }
            probes = probes.saturating_sub(GOOD_ENOUGH);
            at = self
                .lists
                .next_class(if probes > 0 { class + 1 } else { sure });
        }
        self.search_on(floor, wanted).some()
    }

    /// Whether it is worth an effort to keep long runs whole: not while memory is plentiful, nor when
    /// there is so little left that only a close fit helps.
    #[inline(always)]
    fn is_tight(&self) -> bool {
        let owned_bytes = self.owned_units as usize * UNIT_BYTES;
        12 * self.free_bytes >= owned_bytes && 2 * self.free_bytes < owned_bytes
    }

    /// Before a request is refused.
    #[cold]
    #[inline(never)]
    fn search_on(&self, floor: usize, wanted: Wanted) -> Found {
        let (mut class, mut run) = (floor, core::ptr::null_mut::<FreeRun>());
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
                return Found { run, class };
            }
            run = next;
            if run.is_null() {
                class += 1;
            }
        }
        Found::NONE
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
            let mut run = self.lists.head(class);
            for _ in 0..LONG_DEPTH {
                if run.is_null() {
                    break;
                }
                probes -= 1;
                let (fits, next) = self.probe(run, wanted);
                if fits && (lowest.run.is_null() || run < lowest.run) {
                    lowest = Found { run, class };
                }
                run = next;
            }
            if !lowest.run.is_null() {
                end = end.min(class + LONG_CLASSES);
            }
            at = self.lists.next_class(class + 1);
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
