//! The guest side of `solo5-spt`: a process of the host under seccomp.
//!
//! Faults do not reach the guest, there is no console input and no entropy
//! but the CPU's. Each call is a system call, except that the monotonic clock
//! mostly reads the time stamp counter (see [`clock`]).

mod abi;
mod block;
mod clock;
mod net;
mod sys;

use core::ffi::c_int;
use core::sync::atomic::{AtomicI32, AtomicU64, Ordering};

use crate::abi::{
    BlockInfo, Handle, HandleSet, MACHINE_MEMORY, MACHINE_ZEROED, NetInfo, Range, Time,
};
use crate::machine::{Error, Machine, die};
use crate::manifest::{self, Devices};
use crate::{guard, note, start};
use abi::{BootInfo, CMDLINE_SIZE, EpollEvent, TIMER_DATA, Timespec};

crate::abi_notes!(note::TARGET_SPT, note::VERSION);

static EPOLL: AtomicI32 = AtomicI32::new(-1);
static TIMER: AtomicI32 = AtomicI32::new(-1);
/// What the timer was set for last.
static ARMED: AtomicU64 = AtomicU64::new(0);
/// What the tender attached, by descriptors of the host.
static DEVICES: Devices = Devices::new();
/// The memory between what the tender wrote and the image.
static LOW_START: AtomicU64 = AtomicU64::new(0);
static LOW_LEN: AtomicU64 = AtomicU64::new(0);

/// A guest of `solo5-spt`.
pub struct Spt;

/// The entry. The tender has set the stack pointer as after a call, to the end
/// of memory.
#[unsafe(no_mangle)]
extern "C" fn _start(boot: &BootInfo) -> ! {
    guard::initialise();
    // A use of thread-local storage before there is any must not touch the
    // tender's own.
    // SAFETY: nothing here uses the thread pointer.
    let _ = unsafe { Spt::set_tls_base(0) };
    EPOLL.store(boot.epollfd, Ordering::Relaxed);
    TIMER.store(boot.timerfd, Ordering::Relaxed);

    // SAFETY: the tender leaves it where it is and has room for the longest one.
    unsafe { DEVICES.set(boot.mft.cast(), manifest::MAX_SIZE) };

    let page_up = |address: usize| address.next_multiple_of(4096);
    let low = page_up(boot.cmdline.addr() + CMDLINE_SIZE);
    LOW_START.store(low as u64, Ordering::Relaxed);
    let below = start::image_start().saturating_sub(low) & !4095;
    LOW_LEN.store(below as u64, Ordering::Relaxed);

    // SAFETY: the tender terminates the command line and changes it no more;
    // it has mapped all memory up to `mem_size`, of which the image ends before
    // `image_end`. The boot stack lies at the end.
    unsafe { start::run::<Spt>(boot.cmdline, start::image_end(), boot.mem_size as usize) }
}

/// Have the timer fire at `deadline`; one in the past fires at once.
fn arm_timer(deadline: Time) {
    // All zeroes would disarm it.
    let at = abi::ItimerSpec::at(Timespec::from_nanoseconds(deadline.max(1)));
    if sys::timerfd_settime(TIMER.load(Ordering::Relaxed), &at) < 0 {
        die::<Spt>("the tender's timer refuses a deadline");
    }
}

// SAFETY: `exit` ends the process or loops for ever; `memory` answers pages
// that the tender has mapped and that lie between its own and the image;
// `net::read` checks the length that it answers.
unsafe impl Machine for Spt {
    const FEATURES: u64 = MACHINE_MEMORY | MACHINE_ZEROED;

    #[inline(never)]
    fn console_write(mut bytes: &[u8]) {
        while !bytes.is_empty() {
            match sys::write(sys::STDOUT, bytes) {
                sys::EINTR => {}
                // Whoever gave us this console does not want to block on it,
                // but nobody said that output may be lost.
                sys::EAGAIN => {
                    let in_a_while = clock::monotonic() + 1_000_000;
                    let _ = Self::wait(in_a_while);
                }
                written => match usize::try_from(written) {
                    Ok(len @ 1..) => bytes = bytes.get(len..).unwrap_or_default(),
                    _ => return,
                },
            }
        }
    }

    fn exit(status: c_int) -> ! {
        sys::exit_group(status)
    }

    fn clock_monotonic() -> Time {
        clock::monotonic()
    }

    fn clock_wall() -> Time {
        sys::clock_gettime(sys::CLOCK_REALTIME).nanoseconds()
    }

    fn wait(deadline: Time) -> HandleSet {
        let epoll = EPOLL.load(Ordering::Relaxed);
        loop {
            let now = clock::monotonic();
            let sleep = deadline > now;
            // A timer that fires too early costs one turn; to set it again for
            // every frame costs a system call each.
            let armed = ARMED.load(Ordering::Relaxed);
            if sleep && !(now < armed && armed <= deadline) {
                arm_timer(deadline);
                ARMED.store(deadline, Ordering::Relaxed);
            }
            let mut events = [EpollEvent::EMPTY; 65];
            let count = loop {
                match sys::epoll_pwait(epoll, &mut events, if sleep { -1 } else { 0 }) {
                    sys::EINTR => {}
                    count => break usize::try_from(count).unwrap_or(0),
                }
            };
            let ready = events.iter().take(count).map(|event| event.data);
            let ready = ready
                .filter(|&data| data != TIMER_DATA)
                .fold(0, |set, handle| {
                    set | 1u64.checked_shl(handle as u32).unwrap_or(0)
                });
            if ready != 0 || !sleep || clock::refresh() >= deadline {
                return ready;
            }
        }
    }

    unsafe fn set_tls_base(base: usize) -> Result<(), Error> {
        match sys::set_fs(base) {
            0 => Ok(()),
            _ => Err(Error::Invalid),
        }
    }

    fn net_acquire(name: &[u8]) -> Result<(Handle, NetInfo), Error> {
        DEVICES.take_net(name)
    }

    fn net_write(handle: Handle, frame: &[u8]) -> Result<(), Error> {
        net::write(&DEVICES.net(handle)?, frame)
    }

    fn net_read(handle: Handle, buffer: &mut [u8]) -> Result<usize, Error> {
        net::read(&DEVICES.net(handle)?, buffer)
    }

    fn block_acquire(name: &[u8]) -> Result<(Handle, BlockInfo), Error> {
        DEVICES.take_block(name)
    }

    fn block_write(handle: Handle, offset: u64, block: &[u8]) -> Result<(), Error> {
        block::write(&DEVICES.block(handle)?, offset, block)
    }

    fn block_read(handle: Handle, offset: u64, block: &mut [u8]) -> Result<(), Error> {
        block::read(&DEVICES.block(handle)?, offset, block)
    }

    fn memory(ranges: &mut [Range]) -> usize {
        let len = LOW_LEN.load(Ordering::Relaxed);
        if len == 0 {
            return 0;
        }
        if let Some(range) = ranges.first_mut() {
            *range = Range {
                start: LOW_START.load(Ordering::Relaxed),
                len,
            };
        }
        1
    }
}
