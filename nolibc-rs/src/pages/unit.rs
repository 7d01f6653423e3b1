//! What the table says of each unit, in a byte.

use super::{GRAIN_BYTES, UNIT_BYTES};

/// What a unit is.
///
/// A run is at least as long as a unit, so at most one run starts in a unit: the unit's entry is that
/// run's, and says where in the unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Unit(u8);

/// The kinds of units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Nothing starts here.
    Inside,
    /// Belongs to nobody who could give it back.
    Fixed,
    /// The last unit before that in which a block starts behind a gap.
    Gap,
    /// The last unit that a free run covers to its end, if that does not start in it.
    FreeEnd,
    /// A free run starts here; how long it is stands in the run.
    Free,
    /// A block starts here.
    Block,
    /// Part of a slab, which starts with this unit or some units before.
    Slab,
    /// Starts a mapped page; the next entry, a [`Kind::Digit`], has the state of the page.
    Mapped,
    /// Nothing starts here; if this is the first unit inside a block, how many that covers.
    Digit,
}

/// The last unit before a block behind a gap.
const GAP: u8 = 2;
/// The last unit of a free run that starts so many units before.
const FREE_END: u8 = 2;
/// The last unit of a free run that starts further before; how far stands in its last bytes.
const LONG_FREE_END: u8 = STARTS - 1;
/// From here to [`SLAB`] a run starts in the unit, the lowest bits say where.
const STARTS: u8 = 32;
const FREE: u8 = 32;
const BLOCK: u8 = 64;
const SLAB: u8 = 96;
/// With lowest bits of zero, as all entries of what may start behind a block at a unit; no digit of a block
/// is zero.
const MAPPED: u8 = DIGIT;
const DIGIT: u8 = 128;
const OFFSETS: u8 = STARTS - 1;

const _: () = assert!(UNIT_BYTES / GRAIN_BYTES == STARTS as usize);

impl Unit {
    /// Nothing starts here.
    pub const INSIDE: Self = Self(0);
    /// Belongs to nobody who could give it back.
    pub const FIXED: Self = Self(1);
    /// The last unit before a block behind a gap.
    pub(super) const GAP: Self = Self(GAP);
    /// Starts a mapped page.
    pub(super) const MAPPED: Self = Self(MAPPED);
    /// A slab has no more units.
    pub const SLAB_UNITS: usize = (DIGIT - SLAB) as usize;
    /// The last unit of a free run that is this long, or longer.
    pub(super) const LONG_FREE_END: Self = Self(LONG_FREE_END);
    /// A shorter free run starts so few units before its last one that [`Unit::free_end`] can say it.
    pub(super) const SHORT_FREE_BYTES: usize = (LONG_FREE_END - FREE_END) as usize * UNIT_BYTES;
    /// A digit is at most this.
    pub(super) const LAST_DIGIT: usize = (u8::MAX - DIGIT) as usize;

    /// The entry of the table with these bits.
    pub const fn from_raw(bits: u8) -> Self {
        Self(bits)
    }

    const fn starts(kind: u8, start: usize) -> Self {
        Self(kind | (start / GRAIN_BYTES) as u8 & OFFSETS)
    }

    /// A block starts at `start`, counted in bytes from any unit's start.
    #[inline(always)]
    pub(super) const fn block(start: usize) -> Self {
        Self::starts(BLOCK, start)
    }

    /// A free run starts at `start`.
    #[inline(always)]
    pub(super) const fn free(start: usize) -> Self {
        Self::starts(FREE, start)
    }

    /// The last unit of a free run that starts so many units before, and is not long; of one that
    /// starts in it, something else.
    #[inline(always)]
    pub(super) const fn free_end(units: usize) -> Self {
        Self(FREE_END + units as u8)
    }

    /// Part of the slab that starts so many units before, less than [`Self::SLAB_UNITS`].
    pub(super) const fn slab(units: usize) -> Self {
        Self(SLAB | units as u8)
    }

    /// One of these digits.
    #[inline(always)]
    pub(super) const fn digit(digit: usize) -> Self {
        Self(DIGIT | digit as u8)
    }

    /// What it is.
    #[inline(always)]
    pub const fn kind(self) -> Kind {
        match self.0 {
            0 => Kind::Inside,
            1 => Kind::Fixed,
            GAP => Kind::Gap,
            3..STARTS => Kind::FreeEnd,
            FREE..BLOCK => Kind::Free,
            BLOCK..SLAB => Kind::Block,
            SLAB..DIGIT => Kind::Slab,
            MAPPED => Kind::Mapped,
            129.. => Kind::Digit,
        }
    }

    /// How far from the unit's start the run starts that starts here.
    #[inline(always)]
    pub const fn offset_bytes(self) -> usize {
        (self.0 & OFFSETS) as usize * GRAIN_BYTES
    }

    /// Whether it is a block that starts at `start`, counted in bytes from any unit's start.
    #[inline(always)]
    pub const fn is_block_at(self, start: usize) -> bool {
        // In grains; the bits that there should not be come first.
        let grain = (start % UNIT_BYTES).rotate_right(GRAIN_BYTES.ilog2());
        (self.0 as usize).wrapping_sub(BLOCK as usize) == grain
    }

    /// Whether it is a free run's start or its end.
    #[inline(always)]
    pub(super) const fn is_of_free(self) -> bool {
        self.0.wrapping_sub(FREE_END + 1) < BLOCK - (FREE_END + 1)
    }

    /// [`Unit::is_of_free`], or a gap.
    #[inline(always)]
    pub(super) const fn is_of_free_or_gap(self) -> bool {
        self.0.wrapping_sub(GAP) < BLOCK - GAP
    }

    /// How many units before this end of a free run that is not long it starts.
    #[inline(always)]
    pub(super) const fn units_of_free(self) -> usize {
        (self.0 - FREE_END) as usize
    }

    /// Whether a free run starts here.
    #[inline(always)]
    pub(super) const fn is_free(self) -> bool {
        self.0 & !OFFSETS == FREE
    }

    /// How many units before this one the slab starts of which this is part, if it is.
    #[inline(always)]
    pub const fn as_slab(self) -> Option<usize> {
        if self.0 & !OFFSETS != SLAB {
            return None;
        }
        Some((self.0 & OFFSETS) as usize)
    }

    /// The digit, if it is one.
    #[inline(always)]
    pub(super) const fn as_digit(self) -> Option<usize> {
        if self.0 < DIGIT {
            return None;
        }
        Some((self.0 - DIGIT) as usize)
    }
}
