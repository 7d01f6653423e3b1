//! Feature `heap-small`: blocks from `linked_list_allocator`, in the place of size classes.
//!
//! Blocks lie in chunks, page runs with a list of free memory each; a chunk goes back to the owner of
//! pages when its last block does. Less code than the other engine, and an operation takes as
//! long as the lists are. A block has a head of 16 bytes before it, with a seal that is broken when the
//! block is given back: a double free and a pointer that is no block are recognised, but a write beside
//! a block may reach a head or a list, and is not found.

use core::alloc::Layout;
use core::ptr::{NonNull, null_mut};

use super::{Heap, MIN_ALIGN, Misuse};
use crate::errno::{Errno, Result};
use crate::pages::{Kind, PAGE_BYTES, UNIT_BYTES};
use crate::sync::Lock;

type Checked<T> = core::result::Result<T, Misuse>;

/// The least that a chunk takes.
const CHUNK_BYTES: usize = 16 * 1024;

/// The start of a chunk.
struct Chunk {
    next: *mut Chunk,
    bytes: usize,
    list: linked_list_allocator::Heap,
}

/// Before a block.
#[repr(C)]
struct Head {
    /// All of it, and the part before the block.
    bytes: u32,
    lead: u32,
    seal: usize,
}

const _: () = assert!(size_of::<Head>() == MIN_ALIGN);
const SEAL: usize = 0x6b63_6f6c_625f_616e;

struct Chunks(*mut Chunk);

// SAFETY: the chunks belong to this value alone.
unsafe impl Send for Chunks {}

/// Taken after the heap's own lock.
static CHUNKS: Lock<Chunks> = Lock::new(Chunks(null_mut()));

impl Chunks {
    /// The place of the pointer to the chunk that `wanted` takes.
    fn find(&mut self, mut wanted: impl FnMut(&mut Chunk) -> bool) -> Option<*mut *mut Chunk> {
        let mut link: *mut *mut Chunk = &raw mut self.0;
        loop {
            // SAFETY: a link is in this value or in a chunk of the list, all of which live.
            let chunk = unsafe { (*link).as_mut() }?;
            if wanted(chunk) {
                return Some(link);
            }
            link = &raw mut chunk.next;
        }
    }

    fn grow(&mut self, heap: &mut Heap, layout: Layout) -> Result<()> {
        let head = size_of::<Chunk>().next_multiple_of(MIN_ALIGN);
        let slack = if layout.align() > MIN_ALIGN {
            layout.align()
        } else {
            0
        };
        let bytes = layout
            .size()
            .checked_add(head + slack)
            .and_then(|bytes| bytes.max(CHUNK_BYTES).checked_next_multiple_of(PAGE_BYTES))
            .ok_or(Errno::ENOMEM)?;
        let units = u32::try_from(bytes / UNIT_BYTES).map_err(|_| Errno::ENOMEM)?;
        let start = heap.take(units, PAGE_BYTES)?.start;
        let start = heap.pages.address(start);
        let chunk = start.cast::<Chunk>();
        // SAFETY: just taken, for so long, and aligned to a page.
        unsafe {
            chunk.write(Chunk {
                next: self.0,
                bytes,
                list: linked_list_allocator::Heap::new(start.add(head), bytes - head),
            });
        }
        self.0 = chunk;
        Ok(())
    }

    /// The link to the chunk around a live block, and the head of the block.
    fn place(&mut self, heap: &Heap, block: NonNull<u8>) -> Checked<(*mut *mut Chunk, *mut Head)> {
        let address = block.addr().get();
        let around = |chunk: &mut Chunk| {
            let start = core::ptr::from_mut(chunk).addr();
            address > start && address - start < chunk.bytes
        };
        let Some(link) = self.find(around) else {
            let unit = heap.pages.unit_of(address).unwrap_or(u32::MAX);
            return Err(match heap.pages.get(unit).kind() {
                Kind::Mapped => Misuse::Mapped,
                Kind::Fixed => Misuse::Foreign,
                _ if heap.pages.owns(unit) => Misuse::NotLive,
                _ => Misuse::Foreign,
            });
        };
        let first = size_of::<Chunk>() + size_of::<Head>();
        // SAFETY: the link leads to the chunk that was found.
        let offset = address - unsafe { *link }.addr();
        let head = block
            .as_ptr()
            .wrapping_sub(size_of::<Head>())
            .cast::<Head>();
        if offset < first || !address.is_multiple_of(MIN_ALIGN) {
            return Err(Misuse::NotLive);
        }
        // SAFETY: within the chunk, after its head, and aligned.
        if unsafe { (*head).seal } != SEAL ^ address {
            return Err(Misuse::NotLive);
        }
        Ok((link, head))
    }
}

/// Free memory in chunks that changed by what `change` did.
fn account(heap: &mut Heap, before: usize, after: usize) {
    heap.note_kept(heap.kept_bytes + after - before);
}

/// The engine.
pub struct Small;

impl Small {
    /// As [`Heap::alloc`].
    pub fn alloc(heap: &mut Heap, len_bytes: usize, align: usize) -> Result<(NonNull<u8>, usize)> {
        let lead = align.max(MIN_ALIGN);
        let bytes = len_bytes
            .max(1)
            .checked_next_multiple_of(MIN_ALIGN)
            .and_then(|len| len.checked_add(lead))
            .filter(|bytes| u32::try_from(*bytes).is_ok())
            .ok_or(Errno::ENOMEM)?;
        let layout = Layout::from_size_align(bytes, lead).map_err(|_| Errno::ENOMEM)?;
        if !heap.may_use(bytes) {
            return Err(Errno::ENOMEM);
        }
        let mut chunks = CHUNKS.lock();
        let mut found = None;
        for is_last in [false, true] {
            chunks.find(|chunk| {
                let before = chunk.list.free();
                found = chunk.list.allocate_first_fit(layout).ok();
                account(heap, before, chunk.list.free());
                found.is_some()
            });
            if found.is_some() || is_last {
                break;
            }
            chunks.grow(heap, layout)?;
            // SAFETY: `grow` has put a chunk there.
            let free = unsafe { (*chunks.0).list.free() };
            account(heap, 0, free);
        }
        let start: NonNull<u8> = found.ok_or(Errno::ENOMEM)?;
        // SAFETY: the lead lies in what was just allocated, and has room for a head.
        unsafe {
            let block = start.add(lead);
            block.cast::<Head>().sub(1).write(Head {
                bytes: bytes as u32,
                lead: lead as u32,
                seal: SEAL ^ block.addr().get(),
            });
            Ok((block, bytes - lead))
        }
    }

    /// As [`Heap::free`].
    pub fn free(heap: &mut Heap, block: NonNull<u8>) -> Checked<()> {
        let mut chunks = CHUNKS.lock();
        let (link, head) = chunks.place(heap, block)?;
        // SAFETY: a live block's head, and the chunk around it; the layout is the block's own.
        unsafe {
            let Head { bytes, lead, .. } = *head;
            (*head).seal = 0;
            let chunk = *link;
            let before = (*chunk).list.free();
            let start = block.sub(lead as usize);
            let layout = Layout::from_size_align_unchecked(bytes as usize, MIN_ALIGN);
            (*chunk).list.deallocate(start, layout);
            account(heap, before, (*chunk).list.free());
            if (*chunk).list.used() == 0 {
                account(heap, (*chunk).list.free(), 0);
                *link = (*chunk).next;
                if let Some(unit) = heap.pages.unit_of(chunk.addr()) {
                    heap.pages
                        .release(unit, ((*chunk).bytes / UNIT_BYTES) as u32);
                }
            }
        }
        Ok(())
    }

    /// As [`Heap::usable_bytes`].
    pub fn usable_bytes(heap: &Heap, block: NonNull<u8>) -> Checked<usize> {
        let (_, head) = CHUNKS.lock().place(heap, block)?;
        // SAFETY: a live block's head.
        let Head { bytes, lead, .. } = unsafe { &*head };
        Ok((bytes - lead) as usize)
    }

    /// As [`Heap::resize`]: a block moves when it becomes longer, or less than half as long.
    pub fn resize(heap: &mut Heap, block: NonNull<u8>, len_bytes: usize) -> Checked<bool> {
        let usable = Self::usable_bytes(heap, block)?;
        Ok(len_bytes <= usable && len_bytes >= usable / 2)
    }
}
