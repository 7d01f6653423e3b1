//! `malloc`: blocks of any size out of page runs.
//!
//! Blocks of up to 1616 bytes lie in slabs of one size each, without headers: which
//! blocks of a slab are free stands in a bitmap at its start. Longer blocks are
//! runs of their own and go back to [`Pages`] at once, as do slabs that become
//! empty, but for one of each size. What an address belongs to is read from the
//! table of `Pages`, so a pointer that never was a block, or no longer is, is
//! recognised.

use core::ptr::NonNull;

use crate::errno::{Errno, Result};
use crate::pages::{Kind, Pages, Range, UNIT_BYTES, Unit};
use crate::report;
use crate::sync::Lock;

/// Every block's address is a multiple of this.
pub const MIN_ALIGN: usize = 16;

const SLAB_UNITS: u32 = 16;
const SLAB_BYTES: usize = SLAB_UNITS as usize * UNIT_BYTES;
/// The sizes that slabs hold. From 288 on each is the largest multiple of 16
/// that lets one block less fit into a slab than the size before it.
const SIZES: [u16; 27] = [
    16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 192, 224, 256, 288, 320, 368, 400, 448, 496, 576,
    672, 800, 896, 1008, 1152, 1344, 1616,
];
const LARGEST: usize = 1616;

/// The index in [`SIZES`] of the smallest one that holds 16 times the index bytes.
const CLASSES: [u8; LARGEST / 16 + 1] = {
    let mut classes = [0; LARGEST / 16 + 1];
    let (mut sixteens, mut class) = (0, 0);
    while sixteens < classes.len() {
        if sixteens * 16 > SIZES[class] as usize {
            class += 1;
        }
        classes[sixteens] = class as u8;
        sixteens += 1;
    }
    classes
};

/// What is wrong with a pointer that was given back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Misuse {
    /// Nothing that the heap ever handed out.
    Foreign,
    /// The start of no block that is in use: given back before, or inside a block.
    NotLive,
    /// Belongs to `mmap`.
    Mapped,
}

impl Misuse {
    /// What a person reads.
    pub fn message(self) -> &'static str {
        match self {
            Self::Foreign => "free or realloc of a pointer that malloc did not return",
            Self::NotLive => {
                "free or realloc of memory that is already free, or not a block's start"
            }
            Self::Mapped => "free or realloc of memory that belongs to mmap",
        }
    }
}

/// The start of a slab. The blocks lie at its end, so that a block whose size is
/// a multiple of a power of two is aligned to it.
#[repr(C)]
struct Slab {
    class: u32,
    used: u32,
    next: u32,
    previous: u32,
    /// A one for each free block, counted from the end of the slab.
    free: [u64; 8],
}

const fn capacity(class: usize) -> u32 {
    ((SLAB_BYTES - size_of::<Slab>()) / SIZES[class] as usize) as u32
}

const _: () = assert!(capacity(0) <= 512 && size_of::<Slab>() == 80);

/// What a block occupies, as found from its address.
enum Place {
    InSlab { slab: u32, index: u32, class: usize },
    Run { start: u32, len: u32 },
}

/// Figures for `mallinfo` and the like.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub struct Usage {
    /// All memory, the table of units included.
    pub arena_bytes: usize,
    /// What no new allocation can get.
    pub used_bytes: usize,
    /// The most that `used_bytes` was when a run was taken.
    pub most_used_bytes: usize,
    /// Of those, what is mapped.
    pub mapped_bytes: usize,
    /// The longest free run, within a sixteenth.
    pub longest_free_bytes: usize,
    /// How many free runs there are.
    pub free_runs: usize,
}

/// Blocks and mappings over one range of memory.
pub struct Heap {
    /// Where runs come from and go to.
    pub pages: Pages,
    /// Units in mapped pages.
    pub mapped_units: u32,
    partial: [u32; SIZES.len()],
    empty: [u32; SIZES.len()],
    empty_slabs: u32,
    /// Free blocks in slabs that are not empty, in bytes.
    free_in_slabs: usize,
    most_used_bytes: usize,
    /// 0 is no limit.
    limit_bytes: usize,
}

impl Heap {
    /// A heap without memory.
    pub const fn empty() -> Self {
        Self {
            pages: Pages::empty(),
            mapped_units: 0,
            partial: [0; SIZES.len()],
            empty: [0; SIZES.len()],
            empty_slabs: 0,
            free_in_slabs: 0,
            most_used_bytes: 0,
            limit_bytes: 0,
        }
    }

    /// Take over memory; see [`Pages::take_over`].
    ///
    /// # Safety
    /// The ranges are memory that nothing else uses from now on, and do not overlap.
    pub unsafe fn take_over(&mut self, ranges: &[Range], zeroed: bool) {
        *self = Self::empty();
        // SAFETY: the caller's contract is the same.
        unsafe { self.pages.take_over(ranges, zeroed) };
    }

    /// Take a run; empty slabs are given up when nothing else is left.
    pub fn take(&mut self, len: u32, align_bytes: usize) -> Result<crate::pages::Taken> {
        if !self.may_use(len) {
            return Err(Errno::ENOMEM);
        }
        let mut taken = self.pages.take(len, align_bytes);
        if taken.is_none() && self.trim() {
            taken = self.pages.take(len, align_bytes);
        }
        taken.ok_or(Errno::ENOMEM)
    }

    /// Allocate `len_bytes` at a multiple of `align` (a power of two). The second
    /// value is how many of the first bytes may be other than zero.
    ///
    /// # Errors
    /// `ENOMEM`: no room.
    pub fn alloc(&mut self, len_bytes: usize, align: usize) -> Result<(NonNull<u8>, usize)> {
        if let Some(class) = class_for(len_bytes, align) {
            let block = self.alloc_in_slab(class)?;
            return Ok((block, usize::from(SIZES[class])));
        }
        let len = units_for(len_bytes)?;
        let taken = self.take(len, align)?;
        self.pages.set(taken.start, Unit::new(Kind::Block, len));
        self.note_use();
        let block = NonNull::new(self.pages.address(taken.start)).ok_or(Errno::ENOMEM)?;
        Ok((block, taken.stale as usize * UNIT_BYTES))
    }

    /// Give back a block.
    ///
    /// # Errors
    /// The address is not that of a live block; nothing has changed then.
    pub fn free(&mut self, block: NonNull<u8>) -> core::result::Result<(), Misuse> {
        match self.place(block.addr().get())? {
            Place::InSlab { slab, index, class } => self.free_in_slab(slab, index, class),
            Place::Run { start, len } => {
                self.pages.set(start, Unit::new(Kind::Inside, 0));
                self.pages.release(start, len);
            }
        }
        Ok(())
    }

    /// The bytes that the owner of a block may use.
    ///
    /// # Errors
    /// The address is not that of a live block.
    pub fn usable_bytes(&self, block: NonNull<u8>) -> core::result::Result<usize, Misuse> {
        Ok(match self.place(block.addr().get())? {
            Place::InSlab { class, .. } => usize::from(SIZES[class]),
            Place::Run { len, .. } => len as usize * UNIT_BYTES,
        })
    }

    /// Change the size of a block where it lies. False: it must move.
    ///
    /// # Errors
    /// The address is not that of a live block.
    pub fn resize(
        &mut self,
        block: NonNull<u8>,
        len_bytes: usize,
    ) -> core::result::Result<bool, Misuse> {
        let (start, len) = match self.place(block.addr().get())? {
            Place::InSlab { class, .. } => {
                return Ok(class_for(len_bytes, MIN_ALIGN) == Some(class));
            }
            Place::Run { start, len } => (start, len),
        };
        let Ok(wanted) = units_for(len_bytes) else {
            return Ok(false);
        };
        if len_bytes <= LARGEST / 2 {
            return Ok(false);
        }
        if wanted > len {
            if !self.may_use(wanted - len)
                || self.pages.take_at(start + len, wanted - len).is_none()
            {
                return Ok(false);
            }
        } else if wanted < len {
            self.pages.release(start + wanted, len - wanted);
        }
        self.pages.set(start, Unit::new(Kind::Block, wanted));
        self.note_use();
        Ok(true)
    }

    /// Give empty slabs back; whether there were any.
    pub fn trim(&mut self) -> bool {
        let any = self.empty_slabs > 0;
        for class in 0..SIZES.len() {
            let slab = core::mem::take(&mut self.empty[class]);
            if slab != 0 {
                self.release_slab(slab);
            }
        }
        self.empty_slabs = 0;
        any
    }

    /// The bytes that no new allocation can get.
    pub fn used_bytes(&self) -> usize {
        let units =
            self.pages.total_units() - self.pages.free_units() - self.empty_slabs * SLAB_UNITS;
        units as usize * UNIT_BYTES - self.free_in_slabs
    }

    /// All figures at once.
    pub fn usage(&self) -> Usage {
        let used_bytes = self.used_bytes();
        Usage {
            arena_bytes: self.pages.total_units() as usize * UNIT_BYTES,
            used_bytes,
            most_used_bytes: self.most_used_bytes.max(used_bytes),
            mapped_bytes: self.mapped_units as usize * UNIT_BYTES,
            longest_free_bytes: self.pages.longest_free_run() as usize * UNIT_BYTES,
            free_runs: self.pages.free_runs() as usize,
        }
    }

    fn may_use(&self, more: u32) -> bool {
        let room = self.limit_bytes.saturating_sub(self.used_bytes());
        self.limit_bytes == 0 || more as usize * UNIT_BYTES <= room
    }

    /// The most that may be in use; 0 is no limit.
    pub fn limit_bytes(&self) -> usize {
        self.limit_bytes
    }

    /// Set the most that may be in use; 0 is no limit.
    pub fn set_limit_bytes(&mut self, limit_bytes: usize) {
        self.limit_bytes = limit_bytes;
    }

    /// Remember the most that was in use.
    pub fn note_use(&mut self) {
        self.most_used_bytes = self.most_used_bytes.max(self.used_bytes());
    }

    fn place(&self, address: usize) -> core::result::Result<Place, Misuse> {
        let unit = self.pages.unit_of(address).ok_or(Misuse::Foreign)?;
        let what = self.pages.get(unit);
        let slab = match what.kind() {
            Kind::Slab => unit,
            Kind::InSlab => unit - what.number(),
            Kind::Block if self.pages.address(unit).addr() == address => {
                return Ok(Place::Run {
                    start: unit,
                    len: what.number(),
                });
            }
            Kind::Fixed => return Err(Misuse::Foreign),
            Kind::Mapped => return Err(Misuse::Mapped),
            _ if self.pages.owns(unit) => return Err(Misuse::NotLive),
            _ => return Err(Misuse::Foreign),
        };
        let header = self.slab(slab);
        let class = header.class as usize;
        let size = SIZES.get(class).copied().map_or(1, usize::from);
        let offset = self.pages.address(slab + SLAB_UNITS).addr() - address;
        let index = (offset / size).wrapping_sub(1);
        let Some(word) = header.free.get(index / 64) else {
            return Err(Misuse::NotLive);
        };
        if !offset.is_multiple_of(size)
            || index >= capacity(class) as usize
            || word >> (index % 64) & 1 != 0
        {
            return Err(Misuse::NotLive);
        }
        Ok(Place::InSlab {
            slab,
            index: index as u32,
            class,
        })
    }

    fn slab(&self, slab: u32) -> &Slab {
        let header = self.pages.address(slab).cast::<Slab>();
        // SAFETY: the table says that a slab starts here, and only this module says so.
        let header = unsafe { &*header };
        if header.class as usize >= SIZES.len() {
            report::die_at(
                "the head of a slab was overwritten",
                self.pages.address(slab).addr(),
            );
        }
        header
    }

    fn slab_mut(&mut self, slab: u32) -> &mut Slab {
        self.slab(slab);
        // SAFETY: as above; the exclusive borrow of the heap covers its slabs.
        unsafe { &mut *self.pages.address(slab).cast::<Slab>() }
    }

    fn alloc_in_slab(&mut self, class: usize) -> Result<NonNull<u8>> {
        let size = usize::from(SIZES[class]);
        let mut slab = self.partial[class];
        if slab == 0 {
            slab = core::mem::take(&mut self.empty[class]);
            if slab != 0 {
                self.empty_slabs -= 1;
            } else {
                slab = self.new_slab(class)?;
            }
            self.free_in_slabs += capacity(class) as usize * size;
            self.partial[class] = slab;
            self.note_use();
        }
        let header = self.slab_mut(slab);
        let word = header
            .free
            .iter_mut()
            .enumerate()
            .find(|(_, word)| **word != 0);
        let Some((at, word)) = word else {
            report::die_at(
                "the head of a slab was overwritten",
                self.pages.address(slab).addr(),
            );
        };
        let index = at * 64 + word.trailing_zeros() as usize;
        *word &= *word - 1;
        header.used += 1;
        let (full, next) = (header.used == capacity(class), header.next);
        if full {
            header.next = 0;
            self.partial[class] = next;
            if next != 0 {
                self.slab_mut(next).previous = 0;
            }
        }
        self.free_in_slabs -= size;
        let end = self.pages.address(slab + SLAB_UNITS);
        NonNull::new(end.wrapping_sub((index + 1) * size)).ok_or(Errno::ENOMEM)
    }

    fn free_in_slab(&mut self, slab: u32, index: u32, class: usize) {
        let size = usize::from(SIZES[class]);
        let first = self.partial[class];
        let header = self.slab_mut(slab);
        if let Some(word) = header.free.get_mut(index as usize / 64) {
            *word |= 1 << (index % 64);
        }
        let was_full = header.used == capacity(class);
        header.used -= 1;
        let now_empty = header.used == 0;
        if was_full {
            header.next = first;
            header.previous = 0;
            if first != 0 {
                self.slab_mut(first).previous = slab;
            }
            self.partial[class] = slab;
        }
        self.free_in_slabs += size;
        if now_empty {
            self.retire_slab(slab, class);
        }
    }

    /// A slab has no block in use any more: keep it, or give it back if there is one already.
    fn retire_slab(&mut self, slab: u32, class: usize) {
        let Slab { next, previous, .. } = *self.slab(slab);
        if next != 0 {
            self.slab_mut(next).previous = previous;
        }
        if previous != 0 {
            self.slab_mut(previous).next = next;
        } else {
            self.partial[class] = next;
        }
        self.free_in_slabs -= capacity(class) as usize * usize::from(SIZES[class]);
        if self.empty[class] == 0 {
            let header = self.slab_mut(slab);
            header.next = 0;
            header.previous = 0;
            self.empty[class] = slab;
            self.empty_slabs += 1;
        } else {
            self.release_slab(slab);
        }
    }

    fn new_slab(&mut self, class: usize) -> Result<u32> {
        let slab = self.take(SLAB_UNITS, 1024)?.start;
        self.pages.set(slab, Unit::new(Kind::Slab, SLAB_UNITS));
        for unit in 1..SLAB_UNITS {
            self.pages.set(slab + unit, Unit::new(Kind::InSlab, unit));
        }
        let mut free = [0; 8];
        for (at, word) in free.iter_mut().enumerate() {
            let bits = (capacity(class) as usize).saturating_sub(at * 64).min(64) as u32;
            *word = u64::MAX.checked_shr(64 - bits).unwrap_or(0);
        }
        let header = self.pages.address(slab).cast::<Slab>();
        // SAFETY: the run was just taken, and is aligned for the header.
        unsafe {
            header.write(Slab {
                class: class as u32,
                used: 0,
                next: 0,
                previous: 0,
                free,
            })
        };
        Ok(slab)
    }

    fn release_slab(&mut self, slab: u32) {
        for unit in 0..SLAB_UNITS {
            self.pages.set(slab + unit, Unit::new(Kind::Inside, 0));
        }
        self.pages.release(slab, SLAB_UNITS);
    }
}

/// The slab class for a block; none if it gets a run of its own.
fn class_for(len_bytes: usize, align: usize) -> Option<usize> {
    if len_bytes > LARGEST || align > UNIT_BYTES {
        return None;
    }
    let first = usize::from(*CLASSES.get(len_bytes.div_ceil(16))?);
    let fits = |class: &usize| usize::from(SIZES[*class]).is_multiple_of(align);
    if align <= MIN_ALIGN {
        return Some(first);
    }
    (first..SIZES.len())
        .find(fits)
        .filter(|class| usize::from(SIZES[*class]) <= 2 * len_bytes.max(align))
}

fn units_for(len_bytes: usize) -> Result<u32> {
    if len_bytes > isize::MAX as usize {
        return Err(Errno::ENOMEM);
    }
    let units = len_bytes.max(1).div_ceil(UNIT_BYTES);
    u32::try_from(units).map_err(|_| Errno::ENOMEM)
}

static HEAP: Lock<Heap> = Lock::new(Heap::empty());

/// Work on the program's heap.
pub fn with<T>(work: impl FnOnce(&mut Heap) -> T) -> T {
    #[cfg(not(feature = "export"))]
    host::give_memory();
    work(&mut HEAP.lock())
}

/// The figures, unless the heap is in the middle of something.
pub fn try_usage() -> Option<Usage> {
    HEAP.try_lock().map(|heap| heap.usage())
}

/// Allocate `len_bytes` at a multiple of `align` (a power of two).
///
/// # Errors
/// `ENOMEM`: no room.
pub fn alloc(len_bytes: usize, align: usize) -> Result<NonNull<u8>> {
    if len_bytes > LARGEST {
        crate::thread::check_stack();
    }
    with(|heap| heap.alloc(len_bytes, align)).map(|(block, _)| block)
}

/// As [`alloc`], and all bytes are zero.
///
/// # Errors
/// `ENOMEM`: no room.
pub fn alloc_zeroed(len_bytes: usize, align: usize) -> Result<NonNull<u8>> {
    let (block, stale_bytes) = with(|heap| heap.alloc(len_bytes, align))?;
    // SAFETY: the block was just allocated with that many bytes at least.
    unsafe { block.write_bytes(0, stale_bytes.min(len_bytes)) };
    Ok(block)
}

/// Give back a block. Anything but a live block ends the program with a report.
///
/// # Safety
/// `block` came from this module, is not used again, and was not given back.
pub unsafe fn free(block: NonNull<u8>) {
    with(|heap| heap.free(block)).unwrap_or_else(|misuse| die(misuse, block))
}

/// Change the size of a block, moving it if need be. A block that moves keeps
/// alignment 16 only.
///
/// # Errors
/// `ENOMEM`: no room; the block is as it was.
///
/// # Safety
/// As for [`free`], if the call succeeds.
pub unsafe fn realloc(block: NonNull<u8>, len_bytes: usize) -> Result<NonNull<u8>> {
    if with(|heap| heap.resize(block, len_bytes)).unwrap_or_else(|misuse| die(misuse, block)) {
        return Ok(block);
    }
    let moved = alloc(len_bytes, MIN_ALIGN)?;
    let common = usable_bytes(block).min(len_bytes);
    // SAFETY: both are live blocks, distinct, with that many bytes at least.
    unsafe { moved.copy_from_nonoverlapping(block, common) };
    // SAFETY: the caller gives the block up, and it has just been seen to be live.
    unsafe { free(block) };
    Ok(moved)
}

/// The bytes that the owner of a block may use. Anything but a live block ends
/// the program with a report.
pub fn usable_bytes(block: NonNull<u8>) -> usize {
    with(|heap| heap.usable_bytes(block)).unwrap_or_else(|misuse| die(misuse, block))
}

fn die(misuse: Misuse, block: NonNull<u8>) -> ! {
    report::die_at(misuse.message(), block.addr().get())
}

/// Take over the program's memory.
///
/// # Safety
/// As [`Pages::take_over`]; called once, before any other function here.
pub unsafe fn init(ranges: &[Range], zeroed: bool) {
    // SAFETY: the caller's contract is the same.
    unsafe { HEAP.lock().take_over(ranges, zeroed) };
}

#[cfg(not(feature = "export"))]
mod host {
    /// Host tests of other modules allocate as well: give the heap 64 MiB once.
    pub fn give_memory() {
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| {
            let memory = std::vec![0u8; 64 << 20].leak();
            let start = memory.as_mut_ptr().expose_provenance();
            // SAFETY: leaked, so nobody else ever uses it.
            unsafe {
                super::init(
                    &[super::Range {
                        start,
                        len_bytes: memory.len(),
                    }],
                    true,
                )
            }
        });
    }
}
