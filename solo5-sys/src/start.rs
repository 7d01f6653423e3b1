//! From a backend's own start code to the program.

use core::ffi::{c_char, c_int};
use core::slice;

use crate::abi::StartInfo;
use crate::log::{self, Level};
use crate::machine::{Machine, die};
use crate::{bytes, cmdline, export};

/// The least heap a program is started with, boot stack included.
const MINIMUM_HEAP: usize = 512 << 10;

unsafe extern "C" {
    // The linker script's: start of the image, ends of its code and of its
    // read-only data, end of the image.
    static _stext: u8;
    static _etext: u8;
    static _erodata: u8;
    static _end: u8;

    /// The program.
    fn solo5_app_main(info: *const StartInfo) -> c_int;
}

/// The first byte of the image.
pub fn image_start() -> usize {
    (&raw const _stext).addr()
}

/// The first page after the image.
pub fn image_end() -> usize {
    (&raw const _end).addr().next_multiple_of(4096)
}

/// Start the program: the rest of the memory up to `memory_end`, from
/// `heap_start` on, is its heap.
///
/// # Safety
/// To be called once. `line` is a terminated string that nobody changes any
/// more. All memory from `heap_start` to `memory_end` is mapped, writable and
/// free, except that the stack in use may lie at its end; `heap_start` is
/// page-aligned.
pub unsafe fn run<M: Machine>(line: *const c_char, heap_start: usize, memory_end: usize) -> ! {
    // SAFETY: a terminated string, by this function's contract.
    let words = unsafe { slice::from_raw_parts(line.cast(), bytes::length(line.cast())) };
    let (len, level) = cmdline::parse(words);
    if let Some(level) = level {
        log::set_level(level);
    }
    let heap_size = memory_end.saturating_sub(heap_start);
    if heap_size < MINIMUM_HEAP {
        die::<M>("Not enough memory: the image leaves less than 512 KiB free");
    }
    log_memory::<M>(heap_start, memory_end);
    let info = StartInfo {
        cmdline: line.wrapping_add(len),
        heap_start,
        heap_size,
    };
    // SAFETY: the program's entry as solo5.h declares it; `info` outlives the
    // call, and the call is the last thing done.
    let status = unsafe { solo5_app_main(&info) };
    export::exit::<M>(status)
}

fn log_memory<M: Machine>(heap_start: usize, memory_end: usize) {
    let text_end = (&raw const _etext).addr();
    let rodata_end = (&raw const _erodata).addr();
    log::range::<M>(Level::Info, "text       ", image_start(), text_end);
    log::range::<M>(Level::Info, "rodata     ", text_end, rodata_end);
    log::range::<M>(Level::Info, "data       ", rodata_end, image_end());
    log::range::<M>(Level::Info, "heap, stack", heap_start, memory_end);
}
