//! The allocators, all behind C's functions and called through pointers.
//!
//! Unlike conditions that remain: nolibc takes its lock in every call and is compiled for
//! size; the crates take none and are compiled for speed; glibc's and mimalloc's functions
//! see that there is one thread. talc and linked_list want the size of a block when it is
//! given back, so it stands in 16 bytes before the block, as a C library would have to do.
//! dlmalloc is the crate: without the footers and assertions that ocaml-solo5 compiles in.

use std::ffi::c_void;
use std::mem::transmute;
use std::ptr::null_mut;

use super::crates::{Bump, Dl, Tlsf, allocator};
use super::headed::{List, Talc};
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
    Ok(vec![
        NOLIBC,
        allocator::<Dl>(),
        allocator::<Talc>(),
        allocator::<Tlsf>(),
        allocator::<List>(),
        MIMALLOC,
        glibc()?,
        allocator::<Bump>(),
    ])
}

const NOLIBC: Allocator = Allocator {
    name: "nolibc",
    is_confined: true,
    start: start_nolibc,
    allocate: nolibc_malloc,
    align: nolibc_memalign,
    free: nolibc_free,
    resize: nolibc_realloc,
    has_mmap: true,
};

const MIMALLOC: Allocator = Allocator {
    name: "mimalloc",
    is_confined: true,
    start: start_mimalloc,
    allocate: libmimalloc_sys::mi_malloc,
    align: mimalloc_align,
    free: libmimalloc_sys::mi_free,
    resize: libmimalloc_sys::mi_realloc,
    has_mmap: false,
};

fn glibc() -> Result<Allocator> {
    // SAFETY: the types of these functions.
    Ok(unsafe {
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
    })
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
