//! Allocators written in Rust that need no header of ours.

use std::alloc::Layout;
use std::cell::UnsafeCell;
use std::ffi::c_void;
use std::ptr::{NonNull, null_mut};

use super::allocator::Allocator;

/// An allocator written in Rust.
pub trait Crate {
    /// Its name.
    const NAME: &str;

    /// Take over memory; false: it is not enough.
    ///
    /// # Safety
    /// Nobody else uses the memory.
    unsafe fn start(memory: *mut u8, len_bytes: usize) -> bool;

    /// A block of one byte or more, or null.
    fn take(align: usize, len_bytes: usize) -> *mut u8;

    /// Give a block back.
    ///
    /// # Safety
    /// It is live.
    unsafe fn free(block: *mut c_void);

    /// Change the length of a block.
    ///
    /// # Safety
    /// It is live.
    unsafe fn resize(block: *mut c_void, len_bytes: usize) -> *mut c_void;
}

/// C's functions over it.
pub fn allocator<C: Crate>() -> Allocator {
    unsafe extern "C" fn allocate<C: Crate>(len_bytes: usize) -> *mut c_void {
        C::take(16, len_bytes.max(1)).cast()
    }
    unsafe extern "C" fn align<C: Crate>(align: usize, len_bytes: usize) -> *mut c_void {
        C::take(align.max(16), len_bytes.max(1)).cast()
    }
    unsafe extern "C" fn free<C: Crate>(block: *mut c_void) {
        // SAFETY: the caller's contract.
        unsafe { C::free(block) }
    }
    unsafe extern "C" fn resize<C: Crate>(block: *mut c_void, len_bytes: usize) -> *mut c_void {
        // SAFETY: the caller's contract.
        unsafe { C::resize(block, len_bytes) }
    }
    Allocator {
        name: C::NAME,
        is_confined: true,
        start: C::start,
        allocate: allocate::<C>,
        align: align::<C>,
        free: free::<C>,
        resize: resize::<C>,
        has_mmap: false,
    }
}

/// State of the one thread that measures.
pub struct Single<T>(UnsafeCell<T>);

// SAFETY: only the thread that measures touches it.
unsafe impl<T> Sync for Single<T> {}

impl<T> Single<T> {
    /// State to begin with.
    pub const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// The state.
    #[expect(clippy::mut_from_ref, reason = "one thread, one use at a time")]
    pub fn get(&self) -> &mut T {
        // SAFETY: as above; no function below holds it across another's call.
        unsafe { &mut *self.0.get() }
    }
}

/// The crate's port of dlmalloc, with the whole arena as its first segment.
pub struct Dl;

/// Hands out the arena once and takes nothing back, as ocaml-solo5's `sbrk` does.
struct Once(UnsafeCell<(*mut u8, usize)>);

// SAFETY: only the thread that measures touches it.
unsafe impl Send for Once {}

// SAFETY: the range is the caller's of `Dl::start`, handed out once.
unsafe impl dlmalloc::Allocator for Once {
    fn alloc(&self, len_bytes: usize) -> (*mut u8, usize, u32) {
        // SAFETY: one thread, and the reference ends here.
        let (memory, rest) = std::mem::replace(unsafe { &mut *self.0.get() }, (null_mut(), 0));
        if len_bytes > rest {
            return (null_mut(), 0, 0);
        }
        (memory, rest, 0)
    }

    fn remap(&self, _: *mut u8, _: usize, _: usize, _: bool) -> *mut u8 {
        null_mut()
    }

    fn free_part(&self, _: *mut u8, _: usize, _: usize) -> bool {
        false
    }

    fn free(&self, _: *mut u8, _: usize) -> bool {
        false
    }

    fn can_release_part(&self, _: u32) -> bool {
        false
    }

    fn allocates_zeros(&self) -> bool {
        false
    }

    fn page_size(&self) -> usize {
        4096
    }
}

static DL: Single<dlmalloc::Dlmalloc<Once>> = Single::new(dlmalloc::Dlmalloc::new_with_allocator(
    Once(UnsafeCell::new((null_mut(), 0))),
));

impl Crate for Dl {
    const NAME: &str = "dlmalloc";

    unsafe fn start(memory: *mut u8, len_bytes: usize) -> bool {
        let arena = Once(UnsafeCell::new((memory, len_bytes)));
        let heap = DL.get();
        *heap = dlmalloc::Dlmalloc::new_with_allocator(arena);
        // It asks for whole granules: the last bytes of the arena, too.
        heap.set_granularity(4096)
    }

    fn take(align: usize, len_bytes: usize) -> *mut u8 {
        // SAFETY: asks for memory, no more.
        unsafe { DL.get().malloc(len_bytes, align) }
    }

    unsafe fn free(block: *mut c_void) {
        // SAFETY: the caller's contract.
        unsafe { DL.get().c_free(block.cast()) }
    }

    unsafe fn resize(block: *mut c_void, len_bytes: usize) -> *mut c_void {
        // SAFETY: the caller's contract.
        unsafe { DL.get().c_realloc(block.cast(), len_bytes).cast() }
    }
}

/// rlsf's `Tlsf`, which finds the size of a block by itself, but wants its alignment: that of
/// pages stands in a table, any other above 16 is treated as that.
pub struct Tlsf;

const PAGE: usize = 4096;

struct TlsfState {
    heap: rlsf::Tlsf<'static, u32, u32, 30, 32>,
    /// For each page of the arena, whether an aligned block starts there.
    aligned: Vec<bool>,
    base: usize,
}

static TLSF: Single<TlsfState> = Single::new(TlsfState {
    heap: rlsf::Tlsf::new(),
    aligned: Vec::new(),
    base: 0,
});

impl Crate for Tlsf {
    const NAME: &str = "rlsf";

    unsafe fn start(memory: *mut u8, len_bytes: usize) -> bool {
        let state = TLSF.get();
        state.aligned = vec![false; len_bytes / PAGE + 1];
        state.base = memory.addr();
        let range = std::ptr::slice_from_raw_parts_mut(memory, len_bytes);
        // SAFETY: the caller's contract.
        NonNull::new(range)
            .is_some_and(|range| unsafe { state.heap.insert_free_block_ptr(range).is_some() })
    }

    fn take(align: usize, len_bytes: usize) -> *mut u8 {
        let align = if align > 16 { align.max(PAGE) } else { 16 };
        let layout = Layout::from_size_align(len_bytes, align);
        let block = layout
            .ok()
            .and_then(|layout| TLSF.get().heap.allocate(layout));
        let block = block.map_or(null_mut(), NonNull::as_ptr);
        if align >= PAGE && !block.is_null() {
            Self::page(block).into_iter().for_each(|is| *is = true);
        }
        block
    }

    unsafe fn free(block: *mut c_void) {
        let block = block.cast::<u8>();
        let align = Self::alignment(block);
        if align >= PAGE {
            Self::page(block).into_iter().for_each(|is| *is = false);
        }
        // SAFETY: the caller's contract; the alignment is the block's.
        unsafe {
            TLSF.get()
                .heap
                .deallocate(NonNull::new_unchecked(block), align)
        }
    }

    unsafe fn resize(block: *mut c_void, len_bytes: usize) -> *mut c_void {
        let align = Self::alignment(block.cast());
        // SAFETY: the caller's contract; the alignment is the block's.
        let new = unsafe {
            let layout = Layout::from_size_align_unchecked(len_bytes.max(1), align);
            TLSF.get()
                .heap
                .reallocate(NonNull::new_unchecked(block.cast()), layout)
        };
        new.map_or(null_mut(), |new| new.as_ptr().cast())
    }
}

impl Tlsf {
    fn page(block: *mut u8) -> Option<&'static mut bool> {
        let state = TLSF.get();
        let offset = block.addr().wrapping_sub(state.base);
        state.aligned.get_mut(offset / PAGE)
    }

    /// The alignment that a block was asked for with.
    fn alignment(block: *mut u8) -> usize {
        let aligned = block.addr().is_multiple_of(PAGE) && Self::page(block).is_some_and(|is| *is);
        if aligned { PAGE } else { 16 }
    }
}

/// What the measuring itself costs: the next bytes of the arena, from its start again at its
/// end.
pub struct Bump;

struct BumpState {
    start: usize,
    next: usize,
    end: usize,
}

static BUMP: Single<BumpState> = Single::new(BumpState {
    start: 0,
    next: 0,
    end: 0,
});

impl Crate for Bump {
    const NAME: &str = "none";

    unsafe fn start(memory: *mut u8, len_bytes: usize) -> bool {
        let start = memory.expose_provenance();
        *BUMP.get() = BumpState {
            start,
            next: start,
            end: start + len_bytes,
        };
        true
    }

    fn take(align: usize, len_bytes: usize) -> *mut u8 {
        let state = BUMP.get();
        let mut block = state.next.next_multiple_of(align);
        if block + len_bytes > state.end {
            block = state.start.next_multiple_of(align);
        }
        state.next = block + len_bytes;
        std::ptr::with_exposed_provenance_mut(block)
    }

    unsafe fn free(_block: *mut c_void) {}

    unsafe fn resize(block: *mut c_void, _len_bytes: usize) -> *mut c_void {
        block
    }
}
