//! The final page tables.
//!
//! Built in ring 3 while the bootstrap tables still allow every write: 4 KiB
//! pages over the image and the pages taken here, 2 MiB pages over the rest.
//! One write to the top table then puts them in the bootstrap's place, and the
//! gate loads CR3 again, which forgets the old translations.
//!
//! On hosts with shadow page tables (kvm-pvm) each write to a table in use
//! costs about 10 microseconds, so there is that one only. Accessed and dirty
//! bits are set beforehand: a first write would otherwise fault there again.
//! What changes later is for [`crate::paging`].

use core::ptr;

use super::layout::{self, CHUNK, PAGE};
use super::{cpu, pages};
use crate::abi::Range;
use crate::paging::entry::{
    ADDRESS, CODE, DATA, LARGE, NO_EXECUTE, PRESENT, READ, TABLE, USED, WRITE, is_table,
};

const DEVICE: u64 = DATA | 1 << 3 | 1 << 4;
const CORE_CODE: u64 = PRESENT | USED;
const CORE_DATA: u64 = PRESENT | WRITE | USED | NO_EXECUTE;

const ENTRIES: usize = 512;
/// Bytes that a page directory covers.
const DIRECTORY: usize = CHUNK * ENTRIES;

/// What to map.
pub struct Plan {
    /// First free byte behind the image: what lies between is kept for the
    /// program to read and write.
    pub kept_end: usize,
    /// End of the RAM that holds the image.
    pub memory_end: usize,
    /// A range below the image that the program may read.
    pub readable: (usize, usize),
    /// Pages among the ring-0 tables with code of ring 0.
    pub code: (usize, usize),
    /// Devices' registers outside RAM, whose pages the program may write.
    pub registers: &'static [usize],
    /// The records of other processors, in what is kept.
    pub records: super::cpus::Records,
    /// Short ranges of RAM above `memory_end`, which the program may write; empty
    /// ones count for nothing.
    pub shared: [(usize, usize); 2],
    /// Ranges of further RAM, aligned to [`CHUNK`], above `memory_end`.
    pub more: &'static [Range],
}

impl Plan {
    /// An upper bound for where the heap will start.
    pub fn bound(&self) -> usize {
        let directories = self
            .more
            .iter()
            .map(|range| range.len as usize / DIRECTORY + 2)
            .sum::<usize>()
            + self.memory_end.div_ceil(DIRECTORY)
            + 1;
        // One table for each chunk of the image and those that these tables may
        // reach into, one each for the guard page and the end of memory, two for
        // each register and four for each shared range, which may lie across.
        let tables =
            self.kept_end / CHUNK + 3 + 2 + 2 * self.registers.len() + 4 * self.shared.len();
        self.kept_end.next_multiple_of(PAGE) + (directories + tables) * PAGE
    }
}

struct Builder {
    /// Where the next table goes.
    next: usize,
    /// Bits that the processor knows.
    mask: u64,
    /// The table of the page directories.
    pdpt: *mut u64,
}

impl Builder {
    /// A zeroed page, to be a table.
    ///
    /// # Safety
    /// `next` is bootstrap-mapped RAM that nobody uses.
    unsafe fn table(&mut self) -> *mut u64 {
        let table = ptr::with_exposed_provenance_mut::<u64>(self.next);
        // SAFETY: by this function's contract.
        unsafe { table.write_bytes(0, ENTRIES) };
        self.next += PAGE;
        table
    }

    /// The directory entry for `address`, whose directory is made if missing.
    ///
    /// # Safety
    /// As [`Builder::table`].
    unsafe fn entry(&mut self, address: usize) -> *mut u64 {
        // SAFETY: an entry within the table, for addresses below 512 GiB; the
        // entry is either empty or holds a directory's address.
        unsafe {
            let slot = self.pdpt.add(address / DIRECTORY % ENTRIES);
            if *slot & PRESENT == 0 {
                *slot = self.table().addr() as u64 | TABLE;
            }
            let directory = ptr::with_exposed_provenance_mut::<u64>((*slot & ADDRESS) as usize);
            directory.add(address / CHUNK % ENTRIES)
        }
    }

    /// Fill the entries of `table`, which maps the chunk at `chunk`, for the
    /// part of `start..end` inside that chunk.
    ///
    /// # Safety
    /// `table` has [`ENTRIES`] entries, and nobody else uses them.
    #[inline(never)]
    unsafe fn fill(&self, table: *mut u64, chunk: usize, start: usize, end: usize, flags: u64) {
        let mut page = start.max(chunk);
        while page < end.min(chunk + CHUNK) {
            // SAFETY: the page lies in the chunk, so the index is below 512.
            unsafe { *table.add((page - chunk) / PAGE) = (page as u64 | flags) & self.mask };
            page += PAGE;
        }
    }

    /// Map the RAM from chunk `first` on, all but the page at `guard`, and the
    /// registers.
    ///
    /// # Safety
    /// As [`Builder::table`].
    unsafe fn memory(&mut self, plan: &Plan, guard: usize, first: usize) {
        // SAFETY: entries and tables of this builder's own.
        unsafe {
            let mut chunk = first * CHUNK;
            while chunk < plan.memory_end {
                let guarded = guard / CHUNK == chunk / CHUNK;
                *self.entry(chunk) = if guarded || chunk + CHUNK > plan.memory_end {
                    let table = self.table();
                    self.fill(table, chunk, chunk, guard, DATA);
                    self.fill(table, chunk, guard + PAGE, plan.memory_end, DATA);
                    table.addr() as u64 | TABLE
                } else {
                    (chunk as u64 | DATA | LARGE) & self.mask
                };
                chunk += CHUNK;
            }
            for range in plan.more {
                let mut chunk = range.start as usize;
                let end = chunk + range.len as usize;
                while chunk < end {
                    *self.entry(chunk) = (chunk as u64 | DATA | LARGE) & self.mask;
                    chunk += CHUNK;
                }
            }
            let registers = plan.registers.iter().map(|&at| (at, DEVICE));
            let shared = plan.shared.into_iter();
            let shared = shared.flat_map(|(start, end)| (start..end).step_by(PAGE));
            let shared = shared.map(|at| (at, DATA));
            let outside = |page: &(usize, u64)| page.0 >= plan.memory_end;
            for (at, flags) in registers.chain(shared).filter(outside) {
                let page = at & !(PAGE - 1);
                let entry = self.entry(at);
                // The last of the RAM may share the chunk, and so its table.
                let table = if is_table(*entry) {
                    ptr::with_exposed_provenance_mut((*entry & ADDRESS) as usize)
                } else {
                    self.table()
                };
                self.fill(table, at & !(CHUNK - 1), page, page + PAGE, flags);
                *entry = table.addr() as u64 | TABLE;
            }
        }
    }

    /// Fill `table`, for the chunk at `chunk`, which the image or `tables`
    /// reach into.
    ///
    /// # Safety
    /// As [`Builder::fill`].
    unsafe fn image(
        &self,
        table: *mut u64,
        chunk: usize,
        plan: &Plan,
        guard: usize,
        tables: (usize, usize),
    ) {
        let parts = [
            (plan.readable.0, plan.readable.1, READ),
            (layout::IMAGE_START, layout::text(), CORE_CODE),
            (layout::text(), layout::rodata(), CODE),
            (layout::rodata(), layout::data(), READ),
            (layout::data(), layout::core_tables(), DATA),
            (layout::core_tables(), layout::pdpt(), CORE_DATA),
            (layout::pdpt(), layout::pdpt() + PAGE, READ),
            (
                layout::pdpt() + PAGE,
                layout::core_tables_after(),
                CORE_DATA,
            ),
            (plan.code.0, plan.code.1, CORE_CODE),
            (layout::core_tables_after(), layout::fault_guard(), DATA),
            (layout::fault_stack(), tables.0, DATA),
            (tables.0, tables.1, READ),
            (tables.1, guard, DATA),
            (guard + PAGE, plan.memory_end, DATA),
        ];
        for (start, end, flags) in parts {
            // SAFETY: by this function's contract.
            unsafe { self.fill(table, chunk, start, end, flags) };
        }
        // SAFETY: by this function's contract.
        unsafe {
            let (start, end) = plan.records.closed();
            self.fill(table, chunk, start, end, CORE_DATA);
            for page in plan.records.guards() {
                if page / CHUNK == chunk / CHUNK {
                    *table.add((page - chunk) / PAGE) = 0;
                }
            }
        }
    }
}

/// Have the bootstrap tables map `start` to `end`, below 512 GiB, until
/// [`build`]. Directories are made at `free`, which moves on.
///
/// # Safety
/// The bootstrap tables are loaded. `free` is bootstrap-mapped RAM that nobody
/// uses.
pub unsafe fn reach(free: &mut usize, start: usize, end: usize) {
    if end <= layout::BOOTSTRAP_END {
        return;
    }
    let mut builder = Builder {
        next: free.next_multiple_of(PAGE),
        mask: !NO_EXECUTE,
        pdpt: ptr::with_exposed_provenance_mut(layout::pdpt()),
    };
    let mut chunk = start & !(CHUNK - 1);
    while chunk < end {
        // SAFETY: only an empty entry is written; new tables come from unused
        // RAM.
        unsafe {
            let entry = builder.entry(chunk);
            if entry.read_volatile() == 0 {
                entry.write_volatile((chunk as u64 | DATA | LARGE) & builder.mask);
            }
        }
        chunk += CHUNK;
    }
    *free = builder.next;
}

/// Build the tables and load them; answers the first byte of the heap, and the
/// table of the page directories. The page at `guard` stays unmapped.
///
/// # Safety
/// To be called once, with the bootstrap tables loaded. RAM from the plan's
/// `kept_end` to its [`bound`](Plan::bound) is unused and bootstrap-mapped, and
/// ends below `guard`.
pub unsafe fn build(plan: &Plan, guard: usize) -> (usize, usize) {
    let tables_start = plan.kept_end.next_multiple_of(PAGE);
    let mut builder = Builder {
        next: tables_start,
        mask: if cpu::has_no_execute() {
            !0
        } else {
            !NO_EXECUTE
        },
        pdpt: ptr::null_mut(),
    };
    // The chunks that hold the image and, at the latest, the end of the tables.
    let image_chunks = plan.bound().div_ceil(CHUNK);

    // SAFETY: everything written up to the last write is a new table in unused
    // RAM.
    unsafe {
        builder.pdpt = builder.table();
        builder.memory(plan, guard, image_chunks);
        // The directory of the image first, so that only tables follow.
        builder.entry(0);
        let tables_end = builder.next + image_chunks * PAGE;
        for index in 0..image_chunks {
            let table = builder.table();
            builder.image(
                table,
                index * CHUNK,
                plan,
                guard,
                (tables_start, tables_end),
            );
            *builder.entry(index * CHUNK) = table.addr() as u64 | TABLE;
        }

        // Tables, code and stack are where they were, in both; the top table
        // itself is closed by this write and not written again.
        let top = ptr::with_exposed_provenance_mut::<u64>(layout::pml4());
        top.write_volatile(builder.pdpt.addr() as u64 | TABLE);
        pages::forget();
        (tables_end, builder.pdpt.addr())
    }
}
