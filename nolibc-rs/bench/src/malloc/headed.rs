//! Allocators that want a block's layout when it is given back: it stands in 16 bytes before the
//! block.

use std::alloc::Layout;
use std::ffi::c_void;
use std::ptr::{NonNull, null_mut};

use super::crates::{Crate, Single};

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
unsafe fn moved<C: Crate>(block: *mut c_void, len_bytes: usize) -> *mut c_void {
    // SAFETY: the caller's contract.
    unsafe {
        let new = C::take(16, len_bytes.max(1));
        if !new.is_null() {
            let (_, header) = allocated(block);
            let common = (header.len_bytes - header.before).min(len_bytes);
            block.cast::<u8>().copy_to_nonoverlapping(new, common);
            C::free(block);
        }
        new.cast()
    }
}

/// The crate's.
pub struct Talc;

static TALC: Single<talc::base::Talc<talc::source::Manual, talc::DefaultBinning>> =
    Single::new(talc::base::Talc::new(talc::source::Manual));

impl Crate for Talc {
    const NAME: &str = "talc";

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

    unsafe fn free(block: *mut c_void) {
        // SAFETY: the caller's contract.
        unsafe {
            let (memory, header) = allocated(block);
            TALC.get().deallocate(memory, header.layout());
        }
    }

    unsafe fn resize(block: *mut c_void, len_bytes: usize) -> *mut c_void {
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
            moved::<Self>(block, len_bytes)
        }
    }
}

/// The crate's.
pub struct List;

static LIST: Single<linked_list_allocator::Heap> =
    Single::new(linked_list_allocator::Heap::empty());

impl Crate for List {
    const NAME: &str = "linked_list";

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

    unsafe fn free(block: *mut c_void) {
        // SAFETY: the caller's contract.
        unsafe {
            let (memory, header) = allocated(block);
            LIST.get()
                .deallocate(NonNull::new_unchecked(memory), header.layout());
        }
    }

    unsafe fn resize(block: *mut c_void, len_bytes: usize) -> *mut c_void {
        // SAFETY: the caller's contract.
        unsafe { moved::<Self>(block, len_bytes) }
    }
}
