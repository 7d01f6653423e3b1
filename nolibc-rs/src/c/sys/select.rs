//! `<sys/select.h>`

use core::ffi::{c_int, c_ulong};

use crate::c::poll::{deadline_after, duration};
use crate::c::result::{or_minus_one, point};
use crate::c::signal::{SigSet, with_mask};
use crate::errno::{Errno, Result};
use crate::file;
use crate::file::abi::{OPEN_MAX, POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, PollFd, Timespec};
use crate::platform::Nanoseconds;
use crate::vector::Vector;

const WORD_BITS: usize = c_ulong::BITS as usize;

/// `fd_set`.
#[repr(C)]
pub struct FdSet {
    words: [c_ulong; OPEN_MAX / WORD_BITS],
}

const _: () = assert!(size_of::<FdSet>() == 128);

impl FdSet {
    fn has(&self, fd: usize) -> bool {
        let word = self.words.get(fd / WORD_BITS);
        word.is_some_and(|word| word >> (fd % WORD_BITS) & 1 != 0)
    }

    fn add(&mut self, fd: usize) {
        if let Some(word) = self.words.get_mut(fd / WORD_BITS) {
            *word |= 1 << (fd % WORD_BITS);
        }
    }

    fn clear(&mut self) {
        self.words = [0; OPEN_MAX / WORD_BITS];
    }
}

/// The three sets of `select`; null is `None`.
struct Sets<'a> {
    readable: Option<&'a mut FdSet>,
    writable: Option<&'a mut FdSet>,
    exceptional: Option<&'a mut FdSet>,
}

impl Sets<'_> {
    /// # Safety
    /// Each is null or points to a set of its own.
    unsafe fn new(readable: *mut FdSet, writable: *mut FdSet, exceptional: *mut FdSet) -> Self {
        // SAFETY: the caller's contract.
        unsafe {
            Self {
                readable: readable.as_mut(),
                writable: writable.as_mut(),
                exceptional: exceptional.as_mut(),
            }
        }
    }

    /// The descriptors that some set has.
    fn wanted(&self, count: usize) -> Result<Vector<PollFd>> {
        let mut wanted = Vector::new();
        let has = |set: &Option<&mut FdSet>, fd| set.as_ref().is_some_and(|set| set.has(fd));
        for fd in 0..count {
            let (read, write) = (has(&self.readable, fd), has(&self.writable, fd));
            if !read && !write && !has(&self.exceptional, fd) {
                continue;
            }
            file::check(fd as c_int)?;
            let events = if read { POLLIN } else { 0 } | if write { POLLOUT } else { 0 };
            let fd = fd as c_int;
            wanted.push(PollFd {
                fd,
                events,
                revents: 0,
            })?;
        }
        Ok(wanted)
    }

    /// Turn what `poll` found into the sets, and count the bits.
    fn report(&mut self, found: &[PollFd]) -> usize {
        for set in [
            &mut self.readable,
            &mut self.writable,
            &mut self.exceptional,
        ]
        .into_iter()
        .flatten()
        {
            set.clear();
        }
        let mut bits = 0;
        let mut note = |set: &mut Option<&mut FdSet>, entry: &PollFd, asked: i16, events: i16| {
            if let Some(set) = set
                && entry.events & asked != 0
                && entry.revents & events != 0
            {
                set.add(entry.fd as usize);
                bits += 1;
            }
        };
        for entry in found {
            let broken = POLLERR | POLLNVAL;
            note(&mut self.readable, entry, POLLIN, POLLIN | POLLHUP | broken);
            note(&mut self.writable, entry, POLLOUT, POLLOUT | broken);
        }
        bits
    }
}

fn wait(mut sets: Sets<'_>, count: c_int, deadline: Option<Nanoseconds>) -> Result<usize> {
    let count = usize::try_from(count).map_err(|_| Errno::EINVAL)?;
    let mut fds = sets.wanted(count.min(OPEN_MAX))?;
    file::poll(&mut fds, deadline)?;
    point();
    Ok(sets.report(&fds))
}

/// `struct timeval`.
#[repr(C)]
pub struct Timeval {
    tv_sec: i64,
    tv_usec: i64,
}

/// As POSIX `select`; a wait that nothing can end ends the machine with a report.
///
/// # Safety
/// As POSIX says: each pointer is null or points to its own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn select(
    count: c_int,
    readable: *mut FdSet,
    writable: *mut FdSet,
    exceptional: *mut FdSet,
    timeout: *mut Timeval,
) -> c_int {
    // SAFETY: the caller's contract.
    let (sets, timeout) = unsafe { (Sets::new(readable, writable, exceptional), timeout.as_ref()) };
    let deadline = timeout.map(|time| {
        let extra = time.tv_usec / 1_000_000;
        let time = Timespec {
            tv_sec: time.tv_sec.saturating_add(extra),
            tv_nsec: time.tv_usec % 1_000_000 * 1000,
        };
        duration(&time).map(deadline_after)
    });
    or_minus_one(
        deadline
            .transpose()
            .and_then(|deadline| wait(sets, count, deadline)),
    )
}

/// As POSIX `pselect`; see [`select`].
///
/// # Safety
/// As POSIX says: each pointer is null or points to its own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pselect(
    count: c_int,
    readable: *mut FdSet,
    writable: *mut FdSet,
    exceptional: *mut FdSet,
    timeout: *const Timespec,
    mask: *const SigSet,
) -> c_int {
    // SAFETY: the caller's contract.
    let (sets, timeout, mask) = unsafe {
        (
            Sets::new(readable, writable, exceptional),
            timeout.as_ref(),
            mask.as_ref(),
        )
    };
    let deadline = timeout.map(|time| duration(time).map(deadline_after));
    or_minus_one(
        deadline
            .transpose()
            .and_then(|deadline| with_mask(mask, || wait(sets, count, deadline))?),
    )
}
