//! The ring that hvt's tenders from 0.11 on share for networks: the guest hands
//! frames over without leaving its processor, and a thread of the tender's takes them.
//!
//! What the tender writes is checked: it can take only what it was given, and answer
//! only what it was asked. One that does otherwise has broken the ring for good.
//!
//! Source: Solo5 0.12.1, `include/hvt_ring.h`.

use core::mem::{offset_of, size_of};
use core::sync::atomic::{AtomicU32, Ordering, fence};

/// The tender said what cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

/// `HVT_RING_NET_WRITE`
pub const WRITE: u32 = 1;
/// `HVT_RING_NET_READ`
pub const READ: u32 = 2;

/// `HVT_RING_SIZE`
const SIZE: usize = 1024;

/// `struct hvt_ring_entry`
#[repr(C)]
#[derive(Clone, Copy)]
struct Entry {
    operation: u32,
    handle: u32,
    data: u64,
    len: u32,
    id: u32,
    reserved: u64,
}

/// `struct hvt_ring_commit`
#[repr(C)]
#[derive(Clone, Copy)]
struct Commit {
    id: u32,
    result: i32,
    len: u32,
    reserved: u32,
}

/// `struct hvt_ring`: what the guest writes, what the tender writes, and the rings.
#[repr(C)]
struct Layout {
    entry_tail: AtomicU32,
    commit_head: AtomicU32,
    guest: [u32; 14],
    entry_head: AtomicU32,
    commit_tail: AtomicU32,
    needs_kick: AtomicU32,
    tender: [u32; 13],
    entries: [Entry; SIZE],
    commits: [Commit; SIZE],
}

const _: () = {
    assert!(size_of::<Entry>() == 32 && size_of::<Commit>() == 16);
    assert!(offset_of!(Layout, entry_head) == 64);
    assert!(offset_of!(Layout, entries) == 128);
};

/// Bytes of a ring.
pub const BYTES: usize = size_of::<Layout>();

/// The guest's side of a ring. Its own indexes are not read back from there.
pub struct Ring {
    shared: *const Layout,
    /// Entries handed over, and how many of them the tender is done with.
    tail: u32,
    done: u32,
    /// Answers taken.
    answered: u32,
    broken: bool,
}

impl Ring {
    /// The ring at `start`, which is new.
    ///
    /// # Safety
    /// There are [`BYTES`], zero and aligned to 64, that nobody uses but the tender.
    pub const unsafe fn new(start: *mut u8) -> Self {
        Self {
            shared: start.cast(),
            tail: 0,
            done: 0,
            answered: 0,
            broken: false,
        }
    }

    fn shared(&self) -> &Layout {
        // SAFETY: by the contract of `new`. Entries and commits are reached by raw
        // pointers alone, and what else there is are atomics.
        unsafe { &*self.shared }
    }

    /// The number of the entry that is handed over next.
    pub fn next(&self) -> u32 {
        self.tail
    }

    /// Hand an operation over, on `len` bytes at the tender's address `data`; whether
    /// its thread is to be kicked. There must be room: see [`Ring::under_way`].
    pub fn hand_over(&mut self, operation: u32, handle: u64, data: u64, len: usize) -> bool {
        let entry = Entry {
            operation,
            handle: handle as u32,
            data,
            len: len as u32,
            id: self.tail,
            reserved: 0,
        };
        // SAFETY: an index below the ring's size.
        unsafe {
            let entries = (&raw const (*self.shared).entries).cast::<Entry>();
            let place = entries.add(self.tail as usize % SIZE).cast_mut();
            place.write_volatile(entry);
        }
        self.tail = self.tail.wrapping_add(1);
        let shared = self.shared();
        shared.entry_tail.store(self.tail, Ordering::Release);
        // The thread looks at the tail after it has said that it will sleep.
        fence(Ordering::SeqCst);
        !self.is_awake()
    }

    /// Whether the tender's thread looks by itself.
    pub fn is_awake(&self) -> bool {
        self.shared().needs_kick.load(Ordering::Relaxed) == 0
    }

    /// How many entries the tender has and is not done with.
    ///
    /// # Errors
    /// It has lied, now or before.
    pub fn under_way(&mut self) -> Result<u32, Broken> {
        let head = self.shared().entry_head.load(Ordering::Acquire);
        let given = self.tail.wrapping_sub(self.done);
        self.broken |= head.wrapping_sub(self.done) > given;
        if self.broken {
            return Err(Broken);
        }
        self.done = head;
        Ok(self.tail.wrapping_sub(head))
    }

    /// The answer to the entry numbered `id`, the only one that asks for one: its
    /// result, and a length that is the caller's to check.
    ///
    /// # Errors
    /// The tender has lied, now or before.
    pub fn answer(&mut self, id: u32) -> Result<Option<(i32, usize)>, Broken> {
        let tail = self.shared().commit_tail.load(Ordering::Acquire);
        let pending = tail.wrapping_sub(self.answered);
        if pending == 0 && !self.broken {
            return Ok(None);
        }
        // SAFETY: an index below the ring's size; the copy is checked.
        let commit = unsafe {
            let commits = (&raw const (*self.shared).commits).cast::<Commit>();
            commits.add(self.answered as usize % SIZE).read_volatile()
        };
        self.broken |= pending != 1 || commit.id != id;
        if self.broken {
            return Err(Broken);
        }
        self.answered = tail;
        self.shared().commit_head.store(tail, Ordering::Release);
        Ok(Some((commit.result, commit.len as usize)))
    }
}

#[cfg(test)]
mod tests;
