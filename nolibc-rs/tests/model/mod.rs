//! The heap beside a plain model: bytes say what to do, everything is done with both, and after
//! each step both must agree.
//!
//! Blocks lie in `linked_list_allocator` on the model's side, with the same contents; what is mapped
//! is a map from page to what it holds. The property test feeds random bytes, the fuzz target chosen
//! ones.

use std::alloc::Layout;
use std::collections::BTreeMap;
use std::ptr::NonNull;

use nolibc::heap::{Freed, Heap};
use nolibc::memory::Protection;
use nolibc::pages::{PAGE_BYTES, Range};

/// The most memory that the heap gets.
const ARENA_BYTES: usize = 1 << 20;
/// Enough that the model is never full before the heap.
const MODEL_BYTES: usize = 16 << 20;

/// The decisions, read from bytes; zeros when there are no more.
struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
    fn byte(&mut self) -> usize {
        let Some((&first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        first.into()
    }

    fn word(&mut self) -> usize {
        self.byte() << 8 | self.byte()
    }

    /// Lengths: mostly small, sometimes as long as all memory, rarely beyond reason.
    fn len(&mut self) -> usize {
        match self.byte() {
            0..=99 => self.word() % 1700,
            100..=159 => self.word() % 9000,
            160..=199 => self.byte() % 20 * PAGE_BYTES,
            200..=229 => self.word() * 8,
            230..=247 => self.word() * 32 % ARENA_BYTES,
            248..=250 => isize::MAX as usize - 4 + self.byte() % 8,
            251..=253 => usize::MAX - self.byte(),
            _ => usize::MAX / 2 - self.word() * 256,
        }
    }

    fn align(&mut self) -> usize {
        match self.byte() {
            0..=150 => 16,
            byte @ 151..=240 => 1 << (byte % 13),
            byte @ 241..=250 => 1 << (12 + byte % 9),
            byte => 1 << (64 - (255 - byte).max(1)),
        }
        .max(16)
    }
}

struct Block {
    usable: usize,
    model: NonNull<u8>,
    layout: Layout,
}

#[derive(Clone, Copy)]
struct Page {
    accessible: bool,
    holds: u8,
}

/// Both sides.
struct World<'a> {
    choices: Choices<'a>,
    heap: Heap,
    model: linked_list_allocator::Heap,
    blocks: BTreeMap<usize, Block>,
    pages: BTreeMap<usize, Page>,
    /// Addresses that were given back.
    gone: Vec<usize>,
    ranges: Vec<Range>,
    fill: u8,
}

fn pointer(address: usize) -> Option<NonNull<u8>> {
    NonNull::new(std::ptr::with_exposed_provenance_mut(address))
}

/// Live memory of one of both sides.
fn bytes<'a>(address: usize, len: usize) -> &'a mut [u8] {
    // SAFETY: callers pass memory that lies in a buffer of this thread's, and use one slice of it at a time.
    unsafe { std::slice::from_raw_parts_mut(std::ptr::with_exposed_provenance_mut(address), len) }
}

fn protection(accessible: bool) -> Protection {
    if accessible {
        Protection::READ | Protection::WRITE
    } else {
        Protection::empty()
    }
}

/// Do what `choices` say.
///
/// # Panics
/// Heap and model disagree, or a figure is wrong.
pub fn run(choices: &[u8]) {
    thread_local! {
        static MEMORY: (usize, usize) = {
            let buffer = |len: usize| vec![0xa5u8; len].leak().as_mut_ptr().expose_provenance();
            (buffer(ARENA_BYTES + PAGE_BYTES), buffer(MODEL_BYTES))
        };
    }
    MEMORY.with(|&(arena, model)| {
        let arena = arena.next_multiple_of(PAGE_BYTES);
        World::new(choices, arena, model).run();
    });
}

impl<'a> World<'a> {
    fn new(choices: &'a [u8], arena: usize, model: usize) -> Self {
        let mut choices = Choices(choices);
        let shape = choices.byte();
        let zeroed = shape & 1 != 0;
        let pages = [4, 9, 32, 64, 128, 256][shape / 2 % 6];
        bytes(arena, pages * PAGE_BYTES).fill(if zeroed { 0 } else { 0xa5 });
        let range = |from: usize, pages: usize| Range {
            start: arena + from * PAGE_BYTES,
            len_bytes: pages * PAGE_BYTES,
        };
        // In one piece, with a hole, or two that touch.
        let ranges = match shape / 12 % 3 {
            1 if pages >= 32 => vec![range(0, pages / 2), range(pages / 2 + 3, pages / 2 - 3)],
            2 if pages >= 32 => vec![range(pages / 2, pages / 2), range(0, pages / 2)],
            _ => vec![range(0, pages)],
        };
        let mut heap = Heap::empty();
        let mut list = linked_list_allocator::Heap::empty();
        // SAFETY: the buffers belong to this thread, which runs one world at a time.
        unsafe {
            heap.take_over(&ranges, zeroed);
            list.init(std::ptr::with_exposed_provenance_mut(model), MODEL_BYTES);
        }
        Self {
            choices,
            heap,
            model: list,
            blocks: BTreeMap::new(),
            pages: BTreeMap::new(),
            gone: Vec::new(),
            ranges,
            fill: 0,
        }
    }

    fn run(mut self) {
        let start = self.heap.usage();
        while !self.choices.0.is_empty() {
            self.step();
            self.agree();
        }
        self.heap.set_limit_bytes(0);
        while let Some((&address, _)) = self.blocks.first_key_value() {
            self.free(address);
        }
        for (page, _) in std::mem::take(&mut self.pages) {
            self.heap.unmap(page, PAGE_BYTES).unwrap();
        }
        self.heap.trim();
        self.agree();
        let end = self.heap.usage();
        assert_eq!(
            (end.used_bytes, end.free_bytes, end.free_runs),
            (start.used_bytes, start.free_bytes, start.free_runs)
        );
    }

    /// The figures are the model's.
    fn agree(&self) {
        let audit = self.heap.audit();
        let blocks: usize = self.blocks.values().map(|block| block.usable).sum();
        assert_eq!(
            (audit.block_bytes, audit.blocks),
            (blocks, self.blocks.len())
        );
        assert_eq!(audit.mapped_bytes, self.pages.len() * PAGE_BYTES);
    }

    fn step(&mut self) {
        match self.choices.byte() % 32 {
            0..=7 => self.alloc(false),
            8 | 9 => self.alloc(true),
            10..=15 => {
                if let Some(address) = self.choose() {
                    self.free(address);
                }
            }
            16..=18 => self.realloc(),
            19 | 20 => self.map(),
            21 | 22 => self.unmap(),
            23 => self.map_again(),
            24 => self.protect(),
            25 => self.forget(),
            26 => self.resize_mapping(),
            27 | 28 => self.misuse(),
            29 => {
                let slack = self.choices.word() * 4;
                self.heap.set_limit_bytes(self.heap.used_bytes() + slack);
            }
            30 => self.heap.set_limit_bytes(0),
            _ => {
                self.heap.trim();
            }
        }
    }

    fn choose(&mut self) -> Option<usize> {
        let which = self.choices.byte();
        let nth = which % self.blocks.len().max(1);
        self.blocks.keys().nth(nth).copied()
    }

    fn next_fill(&mut self) -> u8 {
        self.fill = self.fill.wrapping_add(1).max(1);
        self.fill
    }

    /// `[address, address + len)` is the heap's memory and nobody's.
    fn is_nobodys(&self, address: usize, len: usize) {
        let within = |range: &Range| {
            address >= range.start && address + len <= range.start + range.len_bytes
        };
        assert!(self.ranges.iter().any(within), "{address:#x} is not ours");
        let block = self.blocks.range(..address + len).next_back();
        let page = self.pages.range(..address + len).next_back();
        assert!(block.is_none_or(|(&start, block)| start + block.usable <= address));
        assert!(page.is_none_or(|(&start, _)| start + PAGE_BYTES <= address));
    }

    /// A block on both sides, holding the same. `None`: refused, and nothing has changed.
    fn alloc_both(&mut self, len: usize, align: usize, zeroed: bool) -> Option<usize> {
        let before = self.heap.usage();
        let limit = self.heap.limit_bytes();
        let quick = match self.choices.byte() % 3 {
            0 if align == 16 => self.heap.quick_alloc(len),
            1 if len > 512 => self.heap.quick_alloc_run(len, align),
            _ => None,
        };
        let quick = quick.map(|block| (block, len));
        let Ok((block, stale)) = quick.map_or_else(|| self.heap.alloc(len, align), Ok) else {
            let after = self.heap.usage();
            assert_eq!(after.used_bytes, before.used_bytes);
            // What fits into the longest run with its alignment, as a slab does, is not refused.
            let wanted = len.saturating_add(16384);
            let room = limit == 0 && before.longest_free_bytes >= wanted && align <= 4096;
            assert!(!room, "{len} of {before:?} refused");
            return None;
        };
        let used = self.heap.used_bytes();
        assert!(limit == 0 || used <= limit.max(before.used_bytes) + 8192);
        let address = block.expose_provenance().get();
        assert!(address.is_multiple_of(align), "{address:#x} for {align}");
        let usable = self.usable(block, len);
        let ours = bytes(address, usable);
        if zeroed {
            assert!(
                ours.get(stale..len)
                    .is_none_or(|rest| rest.iter().all(|&byte| byte == 0))
            );
            ours[..stale.min(len)].fill(0);
            assert!(ours[..len].iter().all(|&byte| byte == 0));
        }
        self.insert(address, usable);
        Some(address)
    }

    /// How long a block is that the heap has just handed out.
    fn usable(&self, block: NonNull<u8>, len: usize) -> usize {
        let usable = self.heap.usable_bytes(block).unwrap();
        assert!(usable >= len && usable > 0);
        self.is_nobodys(block.addr().get(), usable);
        usable
    }

    /// A block that the heap has: the model gets one, too, and both are filled.
    fn insert(&mut self, address: usize, usable: usize) {
        let fill = self.next_fill();
        let layout = Layout::from_size_align(usable, 16).unwrap();
        let model = self.model.allocate_first_fit(layout).unwrap();
        bytes(address, usable).fill(fill);
        bytes(model.expose_provenance().get(), usable).fill(fill);
        let block = Block {
            usable,
            model,
            layout,
        };
        self.blocks.insert(address, block);
    }

    fn alloc(&mut self, zeroed: bool) {
        let (len, align) = (self.choices.len(), self.choices.align());
        self.alloc_both(len, align, zeroed);
    }

    fn same(&self, address: usize, len: usize) {
        let block = &self.blocks[&address];
        let model = bytes(block.model.addr().get(), len);
        assert_eq!(bytes(address, len), model, "block {address:#x}");
    }

    fn free(&mut self, address: usize) {
        let usable = self.blocks[&address].usable;
        self.same(address, usable);
        self.forget_block(address);
        bytes(address, usable).fill(0xdd);
        let heap_block = pointer(address).unwrap();
        let freed = match self.choices.byte() % 2 {
            0 => self.heap.quick_free(address),
            _ => Freed::NotYet,
        };
        match freed {
            Freed::Done => {}
            Freed::Run { start } => self.heap.free_run(start),
            Freed::NotYet => self.heap.free(heap_block).unwrap(),
        }
        assert!(self.heap.free(heap_block).is_err(), "freed twice");
        self.gone.push(address);
    }

    /// In place if it can be, else as `realloc` does it.
    fn realloc(&mut self) {
        let Some(address) = self.choose() else { return };
        let len = self.choices.len();
        let old = self.blocks[&address].usable;
        let block = pointer(address).unwrap();
        let is_quick = self.choices.byte().is_multiple_of(2);
        let quick = match is_quick {
            true if self.heap.quick_grow(address, len) => Some(block),
            true => self.heap.quick_realloc(block, len),
            false => None,
        };
        let stays = match quick {
            Some(moved) => moved == block,
            None => self.heap.resize(block, len).unwrap(),
        };
        if !stays {
            if let Some(moved) = quick {
                let held = bytes(self.blocks[&address].model.addr().get(), old).to_vec();
                self.gone.push(address);
                self.forget_block(address);
                let usable = self.usable(moved, len);
                let (moved, common) = (moved.expose_provenance().get(), old.min(len));
                assert_eq!(bytes(moved, common), &held[..common], "block {moved:#x}");
                self.insert(moved, usable);
                return;
            }
            let Some(moved) = self.alloc_both(len, 16, false) else {
                self.same(address, old);
                return;
            };
            let common = old.min(len);
            bytes(moved, common).copy_from_slice(bytes(address, common));
            let (from, to) = (self.blocks[&address].model, self.blocks[&moved].model);
            let (from, to) = (from.addr().get(), to.addr().get());
            bytes(to, common).copy_from_slice(bytes(from, common));
            self.free(address);
            self.same(moved, common);
            return;
        }
        let usable = self.heap.usable_bytes(block).unwrap();
        assert!(usable >= len);
        self.same(address, old.min(usable));
        self.forget_block(address);
        self.is_nobodys(address, usable);
        self.insert(address, usable);
    }

    /// A block that the heap has taken back.
    fn forget_block(&mut self, address: usize) {
        let block = self.blocks.remove(&address).unwrap();
        // SAFETY: allocated with this layout.
        unsafe { self.model.deallocate(block.model, block.layout) };
    }

    /// A page that became accessible holds what it held, or zeros; then it gets something new.
    fn settle(&mut self, page: usize, accessible: bool, held: u8) {
        let mut holds = held;
        if accessible {
            let ours = bytes(page, PAGE_BYTES);
            assert!(ours.iter().all(|&byte| byte == held), "page {page:#x}");
            holds = self.next_fill();
            ours.fill(holds);
        }
        self.pages.insert(page, Page { accessible, holds });
    }

    fn map(&mut self) {
        let (len, accessible) = (self.choices.len(), !self.choices.byte().is_multiple_of(3));
        let before = self.heap.used_bytes();
        let Ok(start) = self.heap.map(len, protection(accessible), 0) else {
            assert_eq!(self.heap.used_bytes(), before);
            return;
        };
        assert!(len > 0);
        let start = start.expose_provenance().get();
        assert!(start.is_multiple_of(PAGE_BYTES));
        let len = len.next_multiple_of(PAGE_BYTES);
        let taken = self.heap.used_bytes() - before;
        if taken < len && !accessible {
            // A reservation that goes on behind the end of memory.
            self.is_nobodys(start, taken);
            assert_eq!(self.heap.check_mapped(start, len), Ok(()));
            self.heap.unmap(start, len).unwrap();
            assert_eq!(self.heap.used_bytes(), before);
            return;
        }
        self.is_nobodys(start, len);
        assert_eq!(taken, len);
        for page in (start..start + len).step_by(PAGE_BYTES) {
            self.settle(page, accessible, 0);
        }
    }

    /// Some pages from a mapped one on; whether all of them are mapped.
    fn some_pages(&mut self) -> Option<(usize, usize, bool)> {
        let (which, pages) = (self.choices.byte(), self.choices.byte() % 20);
        let nth = which % self.pages.len().max(1);
        let start = self.pages.keys().nth(nth).copied()?;
        let mut all = (0..pages).map(|page| start + page * PAGE_BYTES);
        let mapped = all.all(|page| self.pages.contains_key(&page));
        Some((start, pages, mapped))
    }

    fn unmap(&mut self) {
        let Some((start, pages, _)) = self.some_pages() else {
            return;
        };
        let done = self.heap.unmap(start, pages * PAGE_BYTES);
        assert_eq!(done.is_ok(), pages > 0);
        for page in 0..pages {
            self.pages.remove(&(start + page * PAGE_BYTES));
        }
    }

    fn map_again(&mut self) {
        let Some((start, pages, mapped)) = self.some_pages() else {
            return;
        };
        let accessible = self.choices.byte().is_multiple_of(2);
        let done = self
            .heap
            .map_at(start, pages * PAGE_BYTES, protection(accessible), true);
        assert_eq!(done.is_ok(), pages > 0 && mapped);
        if done.is_ok() {
            for page in 0..pages {
                self.settle(start + page * PAGE_BYTES, accessible, 0);
            }
        }
    }

    fn protect(&mut self) {
        let Some((start, pages, mapped)) = self.some_pages() else {
            return;
        };
        let accessible = self.choices.byte().is_multiple_of(2);
        let done = self
            .heap
            .protect(start, pages * PAGE_BYTES, protection(accessible));
        assert_eq!(done.is_ok(), mapped);
        if done.is_ok() {
            for page in (start..start + pages * PAGE_BYTES).step_by(PAGE_BYTES) {
                self.settle(page, accessible, self.pages[&page].holds);
            }
        }
    }

    fn forget(&mut self) {
        let Some((start, pages, mapped)) = self.some_pages() else {
            return;
        };
        let done = self.heap.forget(start, pages * PAGE_BYTES);
        assert_eq!(done.is_ok(), mapped);
        if done.is_ok() {
            for page in (start..start + pages * PAGE_BYTES).step_by(PAGE_BYTES) {
                self.settle(page, self.pages[&page].accessible, 0);
            }
        }
    }

    fn resize_mapping(&mut self) {
        let Some((start, pages, mapped)) = self.some_pages() else {
            return;
        };
        let (old, new) = (pages * PAGE_BYTES, self.choices.byte() % 24 * PAGE_BYTES);
        let done = self.heap.resize_mapping(start, old, new);
        assert_eq!(done.is_ok(), pages > 0 && new > 0 && mapped);
        if done != Ok(true) {
            return;
        }
        for page in (start + new..start + old).step_by(PAGE_BYTES) {
            self.pages.remove(&page);
        }
        for page in (start + old..start + new).step_by(PAGE_BYTES) {
            self.is_nobodys(page, PAGE_BYTES);
            // New pages are like the last of the old ones.
            let accessible = self.pages[&(start + old - PAGE_BYTES)].accessible;
            self.settle(page, accessible, 0);
        }
    }

    /// A pointer that is no live block is refused, and nothing changes.
    fn misuse(&mut self) {
        let (kind, by) = (self.choices.byte() % 5, self.choices.word());
        let address = match kind {
            0 => self.gone.get(by % self.gone.len().max(1)).copied(),
            1 => self
                .choose()
                .map(|block| block + 1 + by % (self.blocks[&block].usable - 1).max(1)),
            2 => self.pages.keys().nth(by % self.pages.len().max(1)).copied(),
            3 => self.ranges.first().map(|range| range.start + by),
            _ => Some([1, 16, usize::MAX, usize::MAX - 15, by, by << 40][by % 6]),
        };
        let Some(wrong) = address.and_then(pointer) else {
            return;
        };
        if self.blocks.contains_key(&wrong.addr().get()) {
            return;
        }
        let before = self.heap.usage();
        let freed = self.heap.quick_free(wrong.addr().get());
        assert!(matches!(freed, Freed::NotYet), "{wrong:?} is no block");
        assert!(!self.heap.quick_grow(wrong.addr().get(), by));
        assert!(self.heap.quick_realloc(wrong, by).is_none());
        assert!(self.heap.free(wrong).is_err(), "{wrong:?} is no block");
        assert!(self.heap.usable_bytes(wrong).is_err());
        assert!(self.heap.resize(wrong, by).is_err());
        assert_eq!(self.heap.usage(), before);
    }
}
