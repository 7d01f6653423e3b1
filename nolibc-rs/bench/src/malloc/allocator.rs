//! The allocators, all behind C's functions and called through pointers.
//!
//! Unlike conditions that remain: nolibc takes its lock in every call and is compiled for
//! size; the crates take none and are compiled for speed; glibc's and mimalloc's functions
//! see that there is one thread. talc and linked_list want the size of a block when it is
//! given back, so it stands in 16 bytes before the block, as a C library would have to do.
//! dlmalloc is the crate: without the footers and assertions that ocaml-solo5 compiles in.

use std::alloc::Layout;
use std::cell::UnsafeCell;
use std::ffi::c_void;
use std::mem::transmute;
use std::ptr::{NonNull, null_mut};

use crate::{Result, glibc, nolibc};

/// `malloc`.
pub type Allocate = unsafe extern "C" fn(usize) -> *mut c_void;
/// `memalign`: alignment, then size.
pub type Align = unsafe extern "C" fn(usize, usize) -> *mut c_void;
/// `free`.
pub type Free = unsafe extern "C" fn(*mut c_void);
/// `realloc`.
pub type Resize = unsafe extern "C" fn(*mut c_void, usize) -> *mut c_void;

/// An allocator.
#[derive(Clone, Copy)]
pub struct Allocator {
    /// Its name.
    pub name: &'static str,
    /// Whether all its blocks come from the memory given to `start`.
    pub is_confined: bool,
    /// Takes over memory, once in the life of a process; false: it is not enough.
    pub start: unsafe fn(*mut u8, usize) -> bool,
    /// `malloc`.
    pub allocate: Allocate,
    /// `memalign`.
    pub align: Align,
    /// `free`.
    pub free: Free,
    /// `realloc`.
    pub resize: Resize,
    /// Whether it has an `mmap` of its own, ours; the others' mappings are blocks at pages.
    pub has_mmap: bool,
}

/// All of them; ours first.
pub fn all() -> Result<Vec<Allocator>> {
    let rust = |name, start, allocate, align, free, resize| Allocator {
        name,
        is_confined: true,
        start,
        allocate,
        align,
        free,
        resize,
        has_mmap: false,
    };
    let ours = rust(
        "nolibc",
        start_nolibc,
        nolibc_malloc,
        nolibc_memalign,
        nolibc_free,
        nolibc_realloc,
    );
    // SAFETY: the types of these functions.
    let glibc = unsafe {
        Allocator {
            name: "glibc",
            is_confined: false,
            start: start_nothing,
            allocate: transmute::<*mut c_void, Allocate>(glibc::function("malloc")?),
            align: transmute::<*mut c_void, Align>(glibc::function("memalign")?),
            free: transmute::<*mut c_void, Free>(glibc::function("free")?),
            resize: transmute::<*mut c_void, Resize>(glibc::function("realloc")?),
            has_mmap: false,
        }
    };
    let mimalloc = rust(
        "mimalloc",
        start_mimalloc,
        libmimalloc_sys::mi_malloc,
        mimalloc_align,
        libmimalloc_sys::mi_free,
        libmimalloc_sys::mi_realloc,
    );
    Ok(vec![
        Allocator {
            has_mmap: true,
            ..ours
        },
        rust(
            "dlmalloc",
            Dl::start,
            Dl::allocate,
            Dl::align,
            Dl::free,
            Dl::resize,
        ),
        rust(
            "talc",
            Talc::start,
            Talc::allocate,
            Talc::align,
            Talc::free,
            Talc::resize,
        ),
        rust(
            "rlsf",
            Tlsf::start,
            Tlsf::allocate,
            Tlsf::align,
            Tlsf::free,
            Tlsf::resize,
        ),
        rust(
            "linked_list",
            List::start,
            List::allocate,
            List::align,
            List::free,
            List::resize,
        ),
        mimalloc,
        glibc,
        rust(
            "none",
            Bump::start,
            Bump::allocate,
            Bump::align,
            Bump::free,
            Bump::resize,
        ),
    ])
}

unsafe extern "C" {
    fn nolibc_malloc(len_bytes: usize) -> *mut c_void;
    fn nolibc_memalign(align: usize, len_bytes: usize) -> *mut c_void;
    fn nolibc_free(block: *mut c_void);
    fn nolibc_realloc(block: *mut c_void, len_bytes: usize) -> *mut c_void;
}

unsafe fn start_nolibc(memory: *mut u8, len_bytes: usize) -> bool {
    // SAFETY: the caller's contract.
    unsafe { nolibc::give_memory(memory, len_bytes) };
    true
}

unsafe fn start_nothing(_memory: *mut u8, _len_bytes: usize) -> bool {
    true
}

/// Only the arena, no memory of the system's.
unsafe fn start_mimalloc(memory: *mut u8, len_bytes: usize) -> bool {
    use libmimalloc_sys as mi;
    let mut arena = null_mut();
    // SAFETY: the caller's contract.
    unsafe {
        mi::mi_option_set(mi::mi_option_limit_os_alloc, 1);
        mi::mi_option_set(mi::mi_option_show_errors, 0);
        mi::mi_manage_os_memory_ex(
            memory.cast(),
            len_bytes,
            true,
            true,
            true,
            -1,
            false,
            &raw mut arena,
        )
    }
}

unsafe extern "C" fn mimalloc_align(align: usize, len_bytes: usize) -> *mut c_void {
    // SAFETY: as for C.
    unsafe { libmimalloc_sys::mi_malloc_aligned(len_bytes, align) }
}

/// State of the one thread that measures.
struct Single<T>(UnsafeCell<T>);

// SAFETY: only the thread that measures touches it.
unsafe impl<T> Sync for Single<T> {}

impl<T> Single<T> {
    const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// The state.
    #[expect(clippy::mut_from_ref, reason = "one thread, one use at a time")]
    fn get(&self) -> &mut T {
        // SAFETY: as above; no function below holds it across another's call.
        unsafe { &mut *self.0.get() }
    }
}

/// C's functions over an allocator of its own kind.
macro_rules! functions {
    ($name:ident) => {
        impl $name {
            unsafe extern "C" fn allocate(len_bytes: usize) -> *mut c_void {
                Self::take(16, len_bytes.max(1)).cast()
            }

            unsafe extern "C" fn align(align: usize, len_bytes: usize) -> *mut c_void {
                Self::take(align.max(16), len_bytes.max(1)).cast()
            }
        }
    };
}
functions!(Dl);
functions!(Talc);
functions!(Tlsf);
functions!(List);
functions!(Bump);

/// The crate's port of dlmalloc, with the whole arena as its first segment.
struct Dl;

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

impl Dl {
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

    unsafe extern "C" fn free(block: *mut c_void) {
        // SAFETY: the caller's contract.
        unsafe { DL.get().c_free(block.cast()) }
    }

    unsafe extern "C" fn resize(block: *mut c_void, len_bytes: usize) -> *mut c_void {
        // SAFETY: the caller's contract.
        unsafe { DL.get().c_realloc(block.cast(), len_bytes).cast() }
    }
}

/// What stands before a block: the layout that it was asked for with.
#[derive(Clone, Copy)]
#[repr(C)]
struct Header {
    /// Bytes from the start of what was allocated to the block: the alignment.
    before: usize,
    /// All bytes.
    len_bytes: usize,
}

const HEADER: usize = size_of::<Header>();

impl Header {
    fn layout(self) -> Layout {
        // SAFETY: made from a layout that was valid.
        unsafe { Layout::from_size_align_unchecked(self.len_bytes, self.before) }
    }
}

/// A block with a header.
fn with_header(
    align: usize,
    len_bytes: usize,
    allocate: impl FnOnce(Layout) -> Option<NonNull<u8>>,
) -> *mut u8 {
    let header = Header {
        before: align,
        len_bytes: len_bytes + align,
    };
    match allocate(header.layout()) {
        // SAFETY: the memory is as long as the layout says.
        Some(memory) => unsafe {
            let block = memory.as_ptr().add(align);
            block.sub(HEADER).cast::<Header>().write(header);
            block
        },
        None => null_mut(),
    }
}

/// The start of what was allocated, and its layout.
///
/// # Safety
/// From [`with_header`].
unsafe fn allocated(block: *mut c_void) -> (*mut u8, Header) {
    // SAFETY: the caller's contract.
    unsafe {
        let header = block.cast::<u8>().sub(HEADER).cast::<Header>().read();
        (block.cast::<u8>().sub(header.before), header)
    }
}

/// Move a block: for those that cannot always grow it in place.
unsafe fn moved(
    block: *mut c_void,
    len_bytes: usize,
    allocate: Allocate,
    free: Free,
) -> *mut c_void {
    // SAFETY: the caller's contract.
    unsafe {
        let new = allocate(len_bytes);
        if !new.is_null() {
            let (_, header) = allocated(block);
            let common = (header.len_bytes - header.before).min(len_bytes);
            block
                .cast::<u8>()
                .copy_to_nonoverlapping(new.cast(), common);
            free(block);
        }
        new
    }
}

struct Talc;

static TALC: Single<talc::base::Talc<talc::source::Manual, talc::DefaultBinning>> =
    Single::new(talc::base::Talc::new(talc::source::Manual));

impl Talc {
    unsafe fn start(memory: *mut u8, len_bytes: usize) -> bool {
        // SAFETY: the caller's contract.
        unsafe { TALC.get().claim(memory, len_bytes).is_some() }
    }

    fn take(align: usize, len_bytes: usize) -> *mut u8 {
        // SAFETY: no layout is empty.
        with_header(align, len_bytes, |layout| unsafe {
            TALC.get().allocate(layout)
        })
    }

    unsafe extern "C" fn free(block: *mut c_void) {
        // SAFETY: the caller's contract.
        unsafe {
            let (memory, header) = allocated(block);
            TALC.get().deallocate(memory, header.layout());
        }
    }

    unsafe extern "C" fn resize(block: *mut c_void, len_bytes: usize) -> *mut c_void {
        // SAFETY: the caller's contract.
        unsafe {
            let (memory, header) = allocated(block);
            let new = len_bytes + header.before;
            if TALC
                .get()
                .try_realloc_in_place(memory, header.layout(), new)
            {
                let header = Header {
                    len_bytes: new,
                    ..header
                };
                block
                    .cast::<u8>()
                    .sub(HEADER)
                    .cast::<Header>()
                    .write(header);
                return block;
            }
            moved(block, len_bytes, Self::allocate, Self::free)
        }
    }
}

struct List;

static LIST: Single<linked_list_allocator::Heap> =
    Single::new(linked_list_allocator::Heap::empty());

impl List {
    unsafe fn start(memory: *mut u8, len_bytes: usize) -> bool {
        // SAFETY: the caller's contract.
        unsafe { LIST.get().init(memory, len_bytes) };
        true
    }

    fn take(align: usize, len_bytes: usize) -> *mut u8 {
        with_header(align, len_bytes, |layout| {
            LIST.get().allocate_first_fit(layout).ok()
        })
    }

    unsafe extern "C" fn free(block: *mut c_void) {
        // SAFETY: the caller's contract.
        unsafe {
            let (memory, header) = allocated(block);
            LIST.get()
                .deallocate(NonNull::new_unchecked(memory), header.layout());
        }
    }

    unsafe extern "C" fn resize(block: *mut c_void, len_bytes: usize) -> *mut c_void {
        // SAFETY: the caller's contract.
        unsafe { moved(block, len_bytes, Self::allocate, Self::free) }
    }
}

/// rlsf's `Tlsf`, which finds the size of a block by itself, but wants its alignment: that of
/// pages stands in a table, any other above 16 is treated as that.
struct Tlsf;

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

impl Tlsf {
    unsafe fn start(memory: *mut u8, len_bytes: usize) -> bool {
        let state = TLSF.get();
        state.aligned = vec![false; len_bytes / PAGE + 1];
        state.base = memory.addr();
        let range = std::ptr::slice_from_raw_parts_mut(memory, len_bytes);
        // SAFETY: the caller's contract.
        NonNull::new(range)
            .is_some_and(|range| unsafe { state.heap.insert_free_block_ptr(range).is_some() })
    }

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

    unsafe extern "C" fn free(block: *mut c_void) {
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

    unsafe extern "C" fn resize(block: *mut c_void, len_bytes: usize) -> *mut c_void {
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

/// What the measuring itself costs: the next bytes of the arena, from its start again at its
/// end.
struct Bump;

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

impl Bump {
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

    unsafe extern "C" fn free(_block: *mut c_void) {}

    unsafe extern "C" fn resize(block: *mut c_void, _len_bytes: usize) -> *mut c_void {
        block
    }
}
