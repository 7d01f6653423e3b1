//! One process for each measurement: an allocator gets its memory once in the life of one.

use std::ptr::null_mut;
use std::time::{Duration, Instant};

use super::allocator::Allocator;
use crate::Result;

/// The memory an allocator works in: at the same address in each process.
pub struct Arena {
    address: *mut u8,
    len_bytes: usize,
}

/// mimalloc wants its memory aligned like this.
const ALIGN: usize = 64 << 20;

impl Arena {
    /// Reserve addresses.
    ///
    /// # Errors
    /// There are not so many.
    pub fn new(len_bytes: usize) -> Result<Self> {
        // SAFETY: new memory.
        let address = unsafe {
            libc::mmap(
                null_mut(),
                len_bytes + ALIGN,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if address == libc::MAP_FAILED {
            return Err("no memory for an arena".into());
        }
        let address = address.cast::<u8>();
        let address = address.wrapping_add(address.align_offset(ALIGN));
        // SAFETY: the mapping just made; without huge pages it is only slower.
        unsafe { libc::madvise(address.cast(), len_bytes, libc::MADV_HUGEPAGE) };
        Ok(Self { address, len_bytes })
    }

    /// Touch the first bytes, so that no page fault is measured.
    pub fn touch(&self, len_bytes: usize) {
        for at in (0..len_bytes.min(self.len_bytes)).step_by(4096) {
            // SAFETY: inside the mapping.
            unsafe { self.address.add(at).write_volatile(0) };
        }
    }

    /// Have an allocator take over the first bytes.
    pub fn start(&self, allocator: &Allocator, len_bytes: usize) -> bool {
        // SAFETY: nobody else uses the mapping in this process.
        unsafe { (allocator.start)(self.address, len_bytes.min(self.len_bytes)) }
    }
}

/// Run `work` in a process of its own and take the numbers it answers; none if it dies or takes
/// longer than `limit`.
///
/// # Errors
/// There can be no process.
pub fn fork<const N: usize>(
    limit: Duration,
    work: impl FnOnce() -> [u64; N],
) -> Result<Option<[u64; N]>> {
    let mut pipe = [0; 2];
    // SAFETY: writes a live local.
    if unsafe { libc::pipe(pipe.as_mut_ptr()) } != 0 {
        return Err(std::io::Error::last_os_error().into());
    }
    let [from, to] = pipe;
    // SAFETY: this process has one thread.
    match unsafe { libc::fork() } {
        -1 => Err(std::io::Error::last_os_error().into()),
        0 => {
            let answer = work();
            // SAFETY: numbers to our own pipe; nothing of the parent's is run at the end.
            unsafe {
                libc::write(to, answer.as_ptr().cast(), size_of_val(&answer));
                libc::_exit(0)
            }
        }
        child => Ok(answer(child, from, to, limit)),
    }
}

/// Wait for a child's numbers.
fn answer<const N: usize>(
    child: libc::pid_t,
    from: i32,
    to: i32,
    limit: Duration,
) -> Option<[u64; N]> {
    let mut numbers = [0u64; N];
    let mut poll = libc::pollfd {
        fd: from,
        events: libc::POLLIN,
        revents: 0,
    };
    let start = Instant::now();
    // SAFETY: descriptors and a child of our own; buffers as long as they say.
    let got = unsafe {
        libc::close(to);
        let left = limit.saturating_sub(start.elapsed()).as_millis();
        let ready = libc::poll(&mut poll, 1, left as i32);
        if ready != 1 {
            libc::kill(child, libc::SIGKILL);
        }
        let len = libc::read(from, numbers.as_mut_ptr().cast(), size_of_val(&numbers));
        libc::close(from);
        libc::waitpid(child, null_mut(), 0);
        len == size_of_val(&numbers) as isize
    };
    got.then_some(numbers)
}
