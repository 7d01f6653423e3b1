//! The system calls that the tender's seccomp filter allows; any other one
//! kills the process.
//!
//! Source: Linux x86_64 system call numbers; Solo5 `tenders/spt/spt_core.c` for
//! the filter, the same in 0.7.2 and 0.12.1.

use core::arch::asm;
use core::ffi::c_int;

use super::abi::{EpollEvent, ItimerSpec, Timespec};

/// Interrupted by a signal of the host.
pub const EINTR: isize = -4;
/// Would block.
pub const EAGAIN: isize = -11;
/// No room in a queue.
pub const ENOBUFS: isize = -105;

/// `CLOCK_REALTIME`
pub const CLOCK_REALTIME: usize = 0;
/// `CLOCK_MONOTONIC`
pub const CLOCK_MONOTONIC: usize = 1;

/// `STDOUT_FILENO`
pub const STDOUT: c_int = 1;
const ARCH_SET_FS: usize = 0x1002;
const TFD_TIMER_ABSTIME: usize = 1;

const READ: usize = 0;
const WRITE: usize = 1;
const PREAD: usize = 17;
const PWRITE: usize = 18;
const ARCH_PRCTL: usize = 158;
const CLOCK_GETTIME: usize = 228;
const EXIT_GROUP: usize = 231;
const EPOLL_PWAIT: usize = 281;
const TIMERFD_SETTIME: usize = 286;

/// Call the host's kernel.
///
/// # Safety
/// `arguments` are what call `number` takes, with pointers valid for what it
/// does.
unsafe fn call(number: usize, arguments: [usize; 6]) -> isize {
    let [a, b, c, d, e, f] = arguments;
    let result;
    // SAFETY: by this function's contract; the kernel changes only the result
    // and the two registers named.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") number => result,
            in("rdi") a, in("rsi") b, in("rdx") c,
            in("r10") d, in("r8") e, in("r9") f,
            lateout("rcx") _, lateout("r11") _,
            options(nostack)
        );
    }
    result
}

/// Write to `file`; how many bytes, or a negative errno.
pub fn write(file: c_int, bytes: &[u8]) -> isize {
    let buffer = bytes.as_ptr() as usize;
    // SAFETY: reads the slice.
    unsafe { call(WRITE, [file as usize, buffer, bytes.len(), 0, 0, 0]) }
}

/// Read from `file`; how many bytes, or a negative errno.
pub fn read(file: c_int, bytes: &mut [u8]) -> isize {
    let buffer = bytes.as_mut_ptr() as usize;
    // SAFETY: writes within the slice.
    unsafe { call(READ, [file as usize, buffer, bytes.len(), 0, 0, 0]) }
}

/// Write to `file` at `offset`; how many bytes, or a negative errno.
pub fn pwrite(file: c_int, bytes: &[u8], offset: u64) -> isize {
    let buffer = bytes.as_ptr() as usize;
    let arguments = [file as usize, buffer, bytes.len(), offset as usize, 0, 0];
    // SAFETY: reads the slice.
    unsafe { call(PWRITE, arguments) }
}

/// Read from `file` at `offset`; how many bytes, or a negative errno.
pub fn pread(file: c_int, bytes: &mut [u8], offset: u64) -> isize {
    let buffer = bytes.as_mut_ptr() as usize;
    let arguments = [file as usize, buffer, bytes.len(), offset as usize, 0, 0];
    // SAFETY: writes within the slice.
    unsafe { call(PREAD, arguments) }
}

/// End the process.
pub fn exit_group(status: c_int) -> ! {
    loop {
        // SAFETY: takes a number.
        unsafe { call(EXIT_GROUP, [status as usize, 0, 0, 0, 0, 0]) };
    }
}

/// Read a clock.
pub fn clock_gettime(clock: usize) -> Timespec {
    let mut now = Timespec::default();
    // SAFETY: writes one `timespec`.
    unsafe { call(CLOCK_GETTIME, [clock, &raw mut now as usize, 0, 0, 0, 0]) };
    now
}

/// Arm a timer with an absolute time; 0 or a negative errno.
pub fn timerfd_settime(timer: c_int, time: &ItimerSpec) -> isize {
    let time = &raw const *time as usize;
    // SAFETY: reads one `itimerspec`; null means that the old one is not wanted.
    unsafe {
        call(
            TIMERFD_SETTIME,
            [timer as usize, TFD_TIMER_ABSTIME, time, 0, 0, 0],
        )
    }
}

/// Wait for `timeout_ms` (-1: for ever) for events; how many, or a negative
/// errno.
pub fn epoll_pwait(epoll: c_int, events: &mut [EpollEvent], timeout_ms: isize) -> isize {
    let buffer = events.as_mut_ptr() as usize;
    let arguments = [
        epoll as usize,
        buffer,
        events.len(),
        timeout_ms as usize,
        0,
        0,
    ];
    // SAFETY: writes at most as many events as the slice holds; null means that
    // no signal mask is set.
    unsafe { call(EPOLL_PWAIT, arguments) }
}

/// Set the FS base; 0 or a negative errno.
pub fn set_fs(base: usize) -> isize {
    // SAFETY: takes a number; who uses the thread pointer afterwards is bound
    // by `Machine::set_tls_base`.
    unsafe { call(ARCH_PRCTL, [ARCH_SET_FS, base, 0, 0, 0, 0]) }
}
