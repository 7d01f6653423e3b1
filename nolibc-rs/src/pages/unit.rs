//! What the table says of each unit.

use super::{GRAIN_BYTES, UNIT_BYTES};

/// What a unit is: a kind, and a number that the kind gives a meaning.
///
/// A run is at least as long as a unit, so at most one run starts in a unit: the unit's entry is that
/// run's. For [`Kind::Free`] and [`Kind::Block`] the number's lowest bits say where in the unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Unit(u32);

/// The kinds of units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Kind {
    /// Nothing starts here.
    Inside = 0,
    /// A free run starts here; how long it is stands in the run.
    Free = 1,
    /// The last unit that a free run covers to its end; that run starts so many units before.
    FreeEnd = 2,
    /// A block starts here; the number has its length in grains, too.
    Block = 3,
    /// A block of that many units, too long for a [`Kind::Block`], starts with the unit.
    LongBlock = 4,
    /// Part of a slab; the number says which.
    Slab = 5,
    /// Starts a mapped page; the number is the state of the page.
    Mapped = 6,
    /// Belongs to nobody who could give it back; starts that many units of the kind.
    Fixed = 7,
}

/// Enough for any place in a unit.
const OFFSET_BITS: u32 = (UNIT_BYTES / GRAIN_BYTES).ilog2();
const OFFSETS: usize = UNIT_BYTES / GRAIN_BYTES - 1;

impl Unit {
    pub(super) const NUMBER_BITS: u32 = 29;
    /// A number is less than this.
    pub const NUMBERS: usize = 1 << Self::NUMBER_BITS;
    /// The longest block whose length in grains its unit's number has room for.
    pub const LONGEST_BLOCK: usize = ((1 << (Self::NUMBER_BITS - OFFSET_BITS)) - 1) * GRAIN_BYTES;
    /// Nothing starts here.
    pub const INSIDE: Self = Self::new(Kind::Inside, 0);

    /// The entry of the table with these bits.
    pub const fn from_raw(bits: u32) -> Self {
        Self(bits)
    }

    /// A unit of this kind with this number.
    #[inline(always)]
    pub const fn new(kind: Kind, number: u32) -> Self {
        Self((kind as u32) << Self::NUMBER_BITS | number)
    }

    /// A block of `len_bytes` that starts at `start`, counted in bytes from any unit's start.
    ///
    /// Both are multiples of [`GRAIN_BYTES`]. A block longer than [`Self::LONGEST_BLOCK`] has whole
    /// units.
    #[inline(always)]
    pub const fn block(start: usize, len_bytes: usize) -> Self {
        if len_bytes > Self::LONGEST_BLOCK {
            return Self::new(Kind::LongBlock, (len_bytes / UNIT_BYTES) as u32);
        }
        Self::short_block(start, len_bytes)
    }

    /// [`Unit::block`] of [`Unit::LONGEST_BLOCK`] at most.
    #[inline(always)]
    pub(super) const fn short_block(start: usize, len_bytes: usize) -> Self {
        debug_assert!(len_bytes <= Self::LONGEST_BLOCK);
        let offset = (start / GRAIN_BYTES) & OFFSETS;
        // A multiple of a grain, shifted by the offset's bits.
        let grains = len_bytes << OFFSET_BITS >> GRAIN_BYTES.ilog2();
        Self::new(Kind::Block, (grains | offset) as u32)
    }

    /// [`Unit::short_block`] that is longer by so many bytes.
    #[inline(always)]
    pub(super) const fn longer(self, more_bytes: usize) -> Self {
        Self(self.0 + (more_bytes << OFFSET_BITS >> GRAIN_BYTES.ilog2()) as u32)
    }

    /// A free run that starts at `start`.
    #[inline(always)]
    pub(super) const fn free(start: usize) -> Self {
        Self::new(Kind::Free, ((start / GRAIN_BYTES) & OFFSETS) as u32)
    }

    /// What it is.
    #[inline(always)]
    pub const fn kind(self) -> Kind {
        match self.0 >> Self::NUMBER_BITS {
            0 => Kind::Inside,
            1 => Kind::Free,
            2 => Kind::FreeEnd,
            3 => Kind::Block,
            4 => Kind::LongBlock,
            5 => Kind::Slab,
            6 => Kind::Mapped,
            _ => Kind::Fixed,
        }
    }

    /// The number beside the kind.
    #[inline(always)]
    pub const fn number(self) -> u32 {
        self.0 & ((1 << Self::NUMBER_BITS) - 1)
    }

    /// For a free run or a block that is not long: how far from the unit's start it starts.
    #[inline(always)]
    pub const fn offset_bytes(self) -> usize {
        (self.0 as usize & OFFSETS) * GRAIN_BYTES
    }

    /// For a block that is not long: its length.
    #[inline(always)]
    pub const fn block_bytes(self) -> usize {
        (self.number() >> OFFSET_BITS) as usize * GRAIN_BYTES
    }
}
