//! Raw facts: what the tender hands over, and the structures of the host's
//! system calls.
//!
//! Source: Solo5 0.12.1 `include/spt_abi.h` (ABI version 2) and 0.7.2's
//! (version 1), which differ in the version alone; Linux `struct epoll_event`
//! and `struct itimerspec` on x86_64.

use core::ffi::{c_char, c_int, c_void};
use core::mem::{offset_of, size_of};

/// `struct spt_boot_info`
#[repr(C)]
pub struct BootInfo {
    /// Bytes of memory, from address 0 on.
    pub mem_size: u64,
    /// End of the image.
    pub kernel_end: u64,
    /// A buffer of [`CMDLINE_SIZE`] bytes.
    pub cmdline: *const c_char,
    /// The manifest.
    pub mft: *const c_void,
    /// The epoll set of all network devices and the timer.
    pub epollfd: c_int,
    /// A timer of the monotonic clock.
    pub timerfd: c_int,
}

/// `SPT_CMDLINE_SIZE`; the command line is the last that the tender writes.
pub const CMDLINE_SIZE: usize = 8192;

/// `SPT_INTERNAL_TIMERFD`: the timer's data in the epoll set; a device's is its
/// handle.
pub const TIMER_DATA: u64 = 0xffff_fffe;

/// `struct epoll_event`
#[repr(C, packed)]
#[derive(Clone, Copy)]
pub struct EpollEvent {
    pub events: u32,
    pub data: u64,
}

impl EpollEvent {
    pub const EMPTY: Self = Self { events: 0, data: 0 };
}

const NANOSECONDS: u64 = 1_000_000_000;

/// `struct timespec`
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct Timespec {
    sec: i64,
    nsec: i64,
}

impl Timespec {
    pub fn from_nanoseconds(time: u64) -> Self {
        Self {
            sec: (time / NANOSECONDS) as i64,
            nsec: (time % NANOSECONDS) as i64,
        }
    }

    pub fn nanoseconds(self) -> u64 {
        (self.sec as u64)
            .wrapping_mul(NANOSECONDS)
            .wrapping_add(self.nsec as u64)
    }
}

/// `struct itimerspec`
#[repr(C)]
pub struct ItimerSpec {
    interval: Timespec,
    value: Timespec,
}

impl ItimerSpec {
    /// Once, at `value`.
    pub fn at(value: Timespec) -> Self {
        Self {
            interval: Timespec::default(),
            value,
        }
    }
}

const _: () = {
    assert!(size_of::<BootInfo>() == 40);
    assert!(offset_of!(BootInfo, cmdline) == 16);
    assert!(offset_of!(BootInfo, epollfd) == 32);
    assert!(offset_of!(BootInfo, timerfd) == 36);
    assert!(size_of::<EpollEvent>() == 12);
    assert!(offset_of!(EpollEvent, data) == 4);
    assert!(size_of::<ItimerSpec>() == 32);
};
