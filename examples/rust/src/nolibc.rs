//! What a Rust program needs of the C library.

use alloc::string::String;
use alloc::vec::Vec;
use core::alloc::{GlobalAlloc, Layout};
use core::ffi::{CStr, c_char, c_int, c_long, c_void};
use core::fmt::{self, Write};

unsafe extern "C" {
    fn aligned_alloc(alignment: usize, len: usize) -> *mut c_void;
    fn free(block: *mut c_void);
    fn write(descriptor: c_int, bytes: *const c_void, len: usize) -> isize;
    fn clock_gettime(clock: c_int, time: *mut Time) -> c_int;
    safe fn abort() -> !;
}

/// `struct timespec`.
#[repr(C)]
struct Time {
    seconds: c_long,
    nanoseconds: c_long,
}

/// `malloc` as Rust's allocator.
struct Malloc;

// SAFETY: `aligned_alloc` answers null or a block of that length and alignment that is
// nobody else's until `free`.
unsafe impl GlobalAlloc for Malloc {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: any alignment that is a power of two and any length can be asked for.
        unsafe { aligned_alloc(layout.align(), layout.size()).cast() }
    }

    unsafe fn dealloc(&self, block: *mut u8, _layout: Layout) {
        // SAFETY: the caller has it from `alloc`.
        unsafe { free(block.cast()) }
    }
}

#[global_allocator]
static MALLOC: Malloc = Malloc;

#[panic_handler]
fn panic(info: &core::panic::PanicInfo) -> ! {
    // Nothing can be done about a console that fails now.
    let _ = writeln!(Console(2), "{info}");
    abort()
}

/// A descriptor on the console.
pub struct Console(pub c_int);

impl Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            // SAFETY: the pointer and the length are those of a slice.
            let count = unsafe { write(self.0, rest.as_ptr().cast(), rest.len()) };
            let count = usize::try_from(count).map_err(|_| fmt::Error)?;
            rest = rest.get(count..).ok_or(fmt::Error)?;
        }
        Ok(())
    }
}

/// A line on standard output.
macro_rules! println {
    ($($argument:tt)*) => {{
        use core::fmt::Write as _;
        // As with a terminal that went away: nobody is left to be told.
        let _ = writeln!($crate::nolibc::Console(1), $($argument)*);
    }};
}
pub(crate) use println;

/// The words after the program's name; bytes that are no UTF-8 are replaced.
///
/// # Safety
/// `argv` holds `argc` strings.
pub unsafe fn arguments(argc: c_int, argv: *const *const c_char) -> Vec<String> {
    let count = usize::try_from(argc).unwrap_or(0);
    (1..count)
        .map(|at| {
            // SAFETY: the caller has so many, each with its end.
            let word = unsafe { CStr::from_ptr(*argv.add(at)) };
            word.to_string_lossy().into_owned()
        })
        .collect()
}

/// Seconds of the monotonic clock.
pub fn seconds() -> f64 {
    const MONOTONIC: c_int = 1;
    let mut time = Time {
        seconds: 0,
        nanoseconds: 0,
    };
    // SAFETY: `time` is a place for it.
    let status = unsafe { clock_gettime(MONOTONIC, &mut time) };
    assert!(status == 0, "this machine has no monotonic clock");
    time.seconds as f64 + time.nanoseconds as f64 / 1e9
}
