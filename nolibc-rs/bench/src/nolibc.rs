//! nolibc in this process: the library that users link, every symbol renamed to
//! `nolibc_*`, over a machine that is this process.
//!
//! The library's thread pointer is the process's own: `errno` and what else it keeps there
//! lie where glibc's block has nothing (offsets 0x50 to 0x60).

use std::ffi::{c_char, c_int, c_void};
use std::sync::Once;

unsafe extern "C" {
    fn nolibc__nolibc_init(heap_start: usize, heap_size: usize);
}

/// Give the library `memory`, once in the life of a process.
///
/// # Safety
/// The memory is the library's from now on.
pub unsafe fn give_memory(memory: *mut u8, len_bytes: usize) {
    // SAFETY: the caller's contract; the stack lies elsewhere.
    unsafe { nolibc__nolibc_init(memory.expose_provenance(), len_bytes) }
}

/// Give the library 64 MiB, unless it has memory.
pub fn start() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let memory = vec![0u8; 64 << 20].leak();
        // SAFETY: leaked, so nobody else ever uses it.
        unsafe { give_memory(memory.as_mut_ptr(), memory.len()) }
    });
}

#[unsafe(no_mangle)]
extern "C" fn nolibc_solo5_exit(status: c_int) -> ! {
    std::process::exit(status)
}

#[unsafe(no_mangle)]
extern "C" fn nolibc_solo5_abort() -> ! {
    std::process::abort()
}

fn clock_ns(clock: libc::clockid_t) -> u64 {
    let mut now = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: writes a live local.
    unsafe { libc::clock_gettime(clock, &mut now) };
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

#[unsafe(no_mangle)]
extern "C" fn nolibc_solo5_clock_monotonic() -> u64 {
    clock_ns(libc::CLOCK_MONOTONIC)
}

#[unsafe(no_mangle)]
extern "C" fn nolibc_solo5_clock_wall() -> u64 {
    clock_ns(libc::CLOCK_REALTIME)
}

/// The thread pointer stays glibc's.
#[unsafe(no_mangle)]
extern "C" fn nolibc_solo5_set_tls_base(base: usize) -> c_int {
    // The host keeps its thread pointer. What the library looks for in the block there, from
    // the thread on (0x58 to 0x78), stands where glibc's own block has nothing.
    let block = std::ptr::with_exposed_provenance::<usize>(base);
    // SAFETY: the library passes a block of its own; the words are read and copied.
    unsafe {
        let [thread, hold, frame, cpu] = [11, 12, 13, 14].map(|word| block.add(word).read());
        std::arch::asm!(
            "mov fs:[0x58], {thread}",
            "mov fs:[0x60], {hold}",
            "mov fs:[0x68], {frame}",
            "mov fs:[0x70], {cpu}",
            thread = in(reg) thread,
            hold = in(reg) hold,
            frame = in(reg) frame,
            cpu = in(reg) cpu,
            options(nostack, preserves_flags)
        );
    }
    0
}

#[unsafe(no_mangle)]
extern "C" fn nolibc_solo5_yield(deadline: u64, _ready: *mut u64) {
    while nolibc_solo5_clock_monotonic() < deadline {
        std::thread::yield_now();
    }
}

#[unsafe(no_mangle)]
extern "C" fn nolibc_solo5_console_write(text: *const c_char, len: usize) {
    // SAFETY: the library passes a live slice.
    unsafe { libc::write(libc::STDERR_FILENO, text.cast::<c_void>(), len) };
}

/// musl's own lies where glibc keeps the key that it mangles pointers with.
#[unsafe(no_mangle)]
extern "C" fn musl____errno_location() -> *mut c_int {
    // SAFETY: glibc's, always valid.
    unsafe { libc::__errno_location() }
}
