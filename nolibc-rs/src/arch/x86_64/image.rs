//! What the linker knows about the image: its thread-local part (x86-64 psABI,
//! TLS variant II) and its lists of constructors.
//!
//! Program headers are not in memory with every linker script, and few scripts
//! name the bounds of `.tdata`. What every linker must know is the offset
//! from the thread pointer that it put into the program's own code: a symbol in
//! `.tbss` tells, by its address in the image and by its offset, which address of the
//! image the thread pointer stands for. GNU ld's `.startof.` and `.sizeof.` give
//! the bounds of sections without help from the script; both answer 0 for a
//! section that is not there. (Solo5's own scripts do not keep constructors
//! when the linker collects garbage sections.)

use core::arch::{global_asm, naked_asm};

global_asm!(
    ".pushsection .tbss,\"awT\",@nobits",
    "nolibc_tls_mark:",
    ".popsection",
    ".weak .startof..tdata, .sizeof..tdata, .startof..tbss",
    ".weak __preinit_array_start, __preinit_array_end",
    ".weak __init_array_start, __init_array_end",
    ".weak __fini_array_start, __fini_array_end",
    ".weak .startof..preinit_array, .sizeof..preinit_array",
    ".weak .startof..init_array, .sizeof..init_array",
    ".weak .startof..fini_array, .sizeof..fini_array",
    ".pushsection .rodata.nolibc_image_bounds,\"a\",@progbits",
    ".balign 8",
    "nolibc_image_bounds:",
    ".quad .startof..tdata, .sizeof..tdata, .startof..tbss",
    ".quad __preinit_array_start, __preinit_array_end",
    ".quad .startof..preinit_array, .sizeof..preinit_array",
    ".quad __init_array_start, __init_array_end",
    ".quad .startof..init_array, .sizeof..init_array",
    ".quad __fini_array_start, __fini_array_end",
    ".quad .startof..fini_array, .sizeof..fini_array",
    ".popsection",
);

#[repr(C)]
struct Bounds {
    tdata_start: usize,
    tdata_len: usize,
    tbss_start: usize,
    arrays: [Array; 3],
}

/// The bounds by the names that scripts and other linkers use, and those of the section.
#[repr(C)]
struct Array {
    named_start: usize,
    named_end: usize,
    section_start: usize,
    section_len: usize,
}

unsafe extern "C" {
    safe static nolibc_image_bounds: Bounds;
}

/// The thread-local part of the image.
pub struct TlsImage {
    /// Initial contents, which start where the part starts.
    pub start: usize,
    /// Bytes of initial contents; the rest is zero.
    pub initialised_len: usize,
    /// Where in the image the thread pointer would be.
    pub thread_pointer: usize,
}

/// The thread-local part of the image.
pub fn tls() -> TlsImage {
    let bounds = &nolibc_image_bounds;
    let thread_pointer = image_thread_pointer();
    let start = if bounds.tdata_len > 0 {
        bounds.tdata_start
    } else {
        bounds.tbss_start
    };
    // Without either section nothing is thread-local.
    let start = if start == 0 { thread_pointer } else { start };
    TlsImage {
        start,
        initialised_len: bounds.tdata_len,
        thread_pointer,
    }
}

/// `uintptr_t image_thread_pointer(void)`: changes `rax` alone.
#[unsafe(naked)]
extern "C" fn image_thread_pointer() -> usize {
    naked_asm!(
        "mov rax, offset nolibc_tls_mark",
        "sub rax, offset nolibc_tls_mark@tpoff",
        "ret"
    )
}

/// The lists of functions that the linker collects.
#[derive(Clone, Copy)]
pub enum Functions {
    /// Before all constructors.
    Preinit,
    /// Constructors.
    Init,
    /// Destructors.
    Fini,
}

/// One list: its address and how many functions it has.
pub fn functions(which: Functions) -> (*const extern "C" fn(), usize) {
    let array = &nolibc_image_bounds.arrays[which as usize];
    let (start, len_bytes) = match array.named_start {
        0 => (array.section_start, array.section_len),
        start => (start, array.named_end - start),
    };
    (
        core::ptr::with_exposed_provenance(start),
        len_bytes / size_of::<usize>(),
    )
}
