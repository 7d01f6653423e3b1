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

    /// Where in a run it may start: what is left before must be a run, too.
    #[inline(always)]
    fn start_in(&self, first: usize) -> usize {
        let mask = self.align_bytes - 1;
        if self.align_bytes <= GRAIN_BYTES || first & mask == 0 {
            return first;
        }
        (first + UNIT_BYTES + mask) & !mask
    }
}

/// A free run, the class of its list, and where in it what is wanted starts.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) run: *mut FreeRun,
    pub(super) class: usize,
    pub(super) start: usize,
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
            && let Some(found) = self.lowest(wanted)
        {
            return Some(found);
        }
        let floor = class_of(len_bytes);
        let sure = class_above(len_bytes + wanted.slack());
        let mut at = self.lists.next_class(floor);
        let mut probes = PROBES;
        while let Some(class) = at {
            let mut run = self.lists.head(class);
            if class >= sure {
                let start = self.offset_of(wanted.start_in(run.addr()));
                return Some(Found { run, class, start });
            }
            for _ in 0..GOOD_ENOUGH {
                let (start, next) = self.probe(run, wanted);
                if let Some(start) = start {
                    return Some(Found { run, class, start });
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
        self.search_on(floor, wanted)
    }

    /// Whether it is worth an effort to keep long runs whole: not while memory is plentiful, nor when
    /// there is so little left that only a close fit helps.
    #[inline(always)]
    fn is_tight(&self) -> bool {
        let owned_bytes = self.owned_units as usize * UNIT_BYTES;
        (owned_bytes / 12..owned_bytes / 2).contains(&self.free_bytes)
    }

    /// Before a request is refused.
    #[cold]
    #[inline(never)]
    fn search_on(&self, floor: usize, wanted: Wanted) -> Option<Found> {
        let mut class = self.lists.next_class(floor)?;
        let mut run = self.lists.head(class);
        for _ in 0..LAST_RESORT {
            let (start, next) = self.probe(run, wanted);
            if let Some(start) = start {
                return Some(Found { run, class, start });
            }
            run = next;
            if run.is_null() {
                class = self.lists.next_class(class + 1)?;
                run = self.lists.head(class);
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
    fn lowest(&self, wanted: Wanted) -> Option<Found> {
        let mut class = self.lists.next_class(class_of(wanted.len_bytes))?;
        let mut lowest: Option<Found> = None;
        let mut end = CLASSES;
        let mut probes = LONG_PROBES;
        while class < end && probes >= LONG_DEPTH {
            let mut run = self.lists.head(class);
            for _ in 0..LONG_DEPTH {
                if run.is_null() {
                    break;
                }
                probes -= 1;
                let (start, next) = self.probe(run, wanted);
                if let Some(start) = start
                    && lowest.is_none_or(|lowest| start < lowest.start)
                {
                    lowest = Some(Found { run, class, start });
                }
                run = next;
            }
            if lowest.is_some() {
                end = end.min(class + LONG_CLASSES);
            }
            match self.lists.next_class(class + 1) {
                Some(next) => class = next,
                None => break,
            }
        }
        lowest
    }

    /// Where in a free run what is wanted fits; and the run behind it in its list.
    #[inline(always)]
    fn probe(&self, run: *mut FreeRun, wanted: Wanted) -> (Option<usize>, *mut FreeRun) {
        let known = self.read(run);
        let first = run.addr();
        let start = wanted.start_in(first);
        let room = known.len_bytes.saturating_sub(start - first);
        let start = fits(wanted.len_bytes, room, wanted.rest).then(|| self.offset_of(start));
        (start, known.next)
    }
}
