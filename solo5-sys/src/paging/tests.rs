//! Random calls against a plain model, on a processor that remembers everything
//! it may.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::entry::{PRESENT, USED, USER, WRITE};
use super::*;

/// The fixed tables, below the RAM that the program may use.
const TOP: u64 = 0;
const DIRECTORIES: u64 = PAGE;
const WINDOW_DIRECTORIES: u64 = 2 * PAGE;
const RAM_DIRECTORY: u64 = 3 * PAGE;
const LAST_TABLE: u64 = 4 * PAGE;

const HEAP: Range = Range {
    start: CHUNK,
    len: 5 * CHUNK + 40 * PAGE,
};
static MORE: [Range; 1] = [Range {
    start: 8 * CHUNK,
    len: 2 * CHUNK,
}];

/// Address, bytes, RAM, permissions.
type Leaf = (u64, u64, u64, c_uint);

#[derive(Default)]
struct Hardware {
    memory: BTreeMap<u64, u64>,
    /// Pages that serve as tables, or are about to.
    serving: BTreeSet<u64>,
    /// What a processor may remember: leaves, and links (address, bytes, table).
    leaves: BTreeSet<Leaf>,
    links: BTreeSet<(u64, u64, u64)>,
    writes: usize,
}

impl Hardware {
    fn entry(&self, at: u64) -> u64 {
        self.memory.get(&at).copied().unwrap_or(0)
    }

    /// Walk as a processor does: no bit but the architecture's counts.
    fn walk(
        &self,
        table: u64,
        span: u64,
        base: u64,
        leaf: &mut impl FnMut(Leaf, u64),
        link: &mut impl FnMut(u64, u64, u64),
    ) {
        for (&at, &entry) in self.memory.range(table..table + PAGE) {
            let address = base + (at - table) / 8 * span;
            if entry & PRESENT == 0 {
                continue;
            }
            if span == PAGE || entry & LARGE != 0 {
                assert!(span <= CHUNK);
                assert_eq!(entry & (USED | USER), USED | USER);
                assert_eq!(entry & ADDRESS & (span - 1), 0);
                let write = if entry & WRITE != 0 { MACHINE_WRITE } else { 0 };
                let execute = if entry & NO_EXECUTE == 0 {
                    MACHINE_EXECUTE
                } else {
                    0
                };
                let prot = MACHINE_READ | write | execute;
                leaf((address, span, entry & ADDRESS, prot), entry);
            } else {
                assert_eq!(entry & !ADDRESS, TABLE);
                let below = entry & ADDRESS;
                link(address, span, below);
                self.walk(below, span / ENTRIES, address, leaf, link);
            }
        }
    }

    fn is_writable(&self, address: u64) -> bool {
        let (mut table, mut span) = (TOP, REGION);
        loop {
            let entry = self.entry(table + address / span % ENTRIES * 8);
            if entry & (PRESENT | WRITE) != PRESENT | WRITE {
                return false;
            }
            if span == PAGE || entry & LARGE != 0 {
                return true;
            }
            (table, span) = (entry & ADDRESS, span / ENTRIES);
        }
    }

    fn now(&self) -> (BTreeSet<Leaf>, BTreeSet<(u64, u64, u64)>) {
        let (mut leaves, mut links) = (BTreeSet::new(), BTreeSet::new());
        self.walk(
            TOP,
            REGION,
            0,
            &mut |leaf, _| {
                leaves.insert(leaf);
            },
            &mut |address, span, table| {
                links.insert((address, span, table));
            },
        );
        (leaves, links)
    }

    fn remember(&mut self) {
        let (leaves, links) = self.now();
        self.leaves.extend(leaves);
        self.links.extend(links);
        let tables: BTreeSet<u64> = self.links.iter().map(|(.., table)| *table).collect();
        assert_eq!(
            tables.len(),
            self.links.len(),
            "a table is remembered elsewhere"
        );
    }

    /// Nothing that may be remembered differs from what is.
    fn assert_not_stale(&self) {
        let (leaves, links) = self.now();
        let mut possible: BTreeSet<Leaf> = self.leaves.difference(&leaves).copied().collect();
        for &(address, span, table) in self.links.difference(&links) {
            self.walk(
                table,
                span / ENTRIES,
                address,
                &mut |leaf, _| {
                    possible.insert(leaf);
                },
                &mut |_, _, _| (),
            );
        }
        // The same page may be remembered as part of a larger one.
        let pages = |leaves: &BTreeSet<Leaf>| -> BTreeMap<u64, (u64, c_uint)> {
            let pages = leaves.iter().flat_map(|&(address, len, pa, prot)| {
                each(0, len).map(move |offset| (address + offset, (pa + offset, prot)))
            });
            pages.collect()
        };
        if !possible.is_empty() {
            let real = pages(&leaves);
            for leaf in possible {
                for (address, found) in pages(&BTreeSet::from([leaf])) {
                    assert_eq!(real.get(&address), Some(&found), "stale at {address:#x}");
                }
            }
        }
    }
}

#[derive(Clone)]
struct Fake(Rc<RefCell<Hardware>>);

impl Tables for Fake {
    unsafe fn read(&self, at: u64) -> u64 {
        let hardware = self.0.borrow();
        assert!(at <= LAST_TABLE + PAGE || hardware.serving.contains(&(at & ADDRESS)));
        hardware.entry(at)
    }

    unsafe fn write(&mut self, at: u64, entries: &[u64], forget: bool) {
        let mut hardware = self.0.borrow_mut();
        let page = at & ADDRESS;
        assert!(at < LAST_TABLE + PAGE || hardware.serving.contains(&page));
        assert!(!entries.is_empty() && at + entries.len() as u64 * 8 <= page + PAGE);
        hardware.writes += 1;
        for (index, &entry) in entries.iter().enumerate() {
            hardware.memory.insert(at + index as u64 * 8, entry);
        }
        hardware.remember();
        if forget {
            hardware.leaves.clear();
            hardware.links.clear();
            hardware.remember();
        }
    }

    unsafe fn store(&mut self, at: u64, entry: u64) {
        let mut hardware = self.0.borrow_mut();
        assert!(hardware.serving.contains(&(at & ADDRESS)));
        assert!(hardware.is_writable(at), "the program cannot write {at:#x}");
        hardware.memory.insert(at, entry);
    }
}

/// What `machine.h` says.
#[derive(Clone, Default, PartialEq, Debug)]
struct Model {
    /// Mapped pages by address; of the RAM, those with other permissions than
    /// to read and write.
    pages: BTreeMap<u64, (u64, c_uint)>,
    serving: BTreeSet<u64>,
}

fn each(start: u64, len: u64) -> impl Iterator<Item = u64> {
    (start..start + len).step_by(PAGE as usize)
}

fn is_in_ram(start: u64, len: u64) -> bool {
    [HEAP, MORE[0]]
        .iter()
        .any(|ram| start >= ram.start && start + len <= ram.start + ram.len)
}

fn effective(prot: c_uint) -> c_uint {
    if prot == 0 { 0 } else { prot | MACHINE_READ }
}

impl Model {
    fn is_free_ram(&self, pa: u64, len: u64) -> bool {
        is_in_ram(pa, len) && !each(pa, len).any(|page| self.serving.contains(&page))
    }

    fn at(&self, page: u64) -> Option<(u64, c_uint)> {
        let ram = || is_in_ram(page, PAGE).then_some((page, MACHINE_READ | MACHINE_WRITE));
        self.pages.get(&page).copied().or_else(ram)
    }

    fn map(&mut self, va: u64, pa: u64, len: u64, prot: c_uint) -> Result<(), Errno> {
        if !self.is_free_ram(pa, len) {
            return Err(Errno::EINVAL);
        }
        if each(va, len).any(|page| self.pages.contains_key(&page)) {
            return Err(Errno::EEXIST);
        }
        for page in each(va, len) {
            self.pages.insert(page, (pa + (page - va), effective(prot)));
        }
        Ok(())
    }

    fn unmap(&mut self, va: u64, len: u64) -> Result<(), Errno> {
        self.pages.retain(|page, _| !(va..va + len).contains(page));
        Ok(())
    }

    fn protect(&mut self, va: u64, len: u64, prot: c_uint) -> Result<(), Errno> {
        if va < WINDOW.0 && !self.is_free_ram(va, len) {
            return Err(Errno::EINVAL);
        }
        if each(va, len).any(|page| self.at(page).is_none()) {
            return Err(Errno::EFAULT);
        }
        for page in each(va, len) {
            if let Some((pa, _)) = self.at(page) {
                self.pages.insert(page, (pa, effective(prot)));
            }
        }
        Ok(())
    }

    fn take_over(&mut self, pa: u64, len: u64) -> Result<(), Errno> {
        if !self.is_free_ram(pa, len) {
            return Err(Errno::EINVAL);
        }
        if each(pa, len).any(|page| {
            self.at(page)
                .is_none_or(|(_, prot)| prot & MACHINE_WRITE == 0)
        }) {
            return Err(Errno::EFAULT);
        }
        for page in each(pa, len) {
            self.serving.insert(page);
            self.pages.insert(page, (page, MACHINE_READ));
        }
        Ok(())
    }
}

/// xorshift64*; Vigna, "An experimental exploration of Marsaglia's xorshift generators".
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % bound
    }

    fn of<const N: usize>(&mut self, choices: [u64; N]) -> u64 {
        choices[self.below(N as u64) as usize]
    }

    /// Few pages, often up to a boundary of 2 MiB.
    fn pages(&mut self, most: u64) -> (u64, u64) {
        let start = match self.below(3) {
            0 => self.below(most / CHUNK) * CHUNK,
            1 => self.below(most / CHUNK) * CHUNK + CHUNK - PAGE * (1 + self.below(3)),
            _ => self.below(most / PAGE) * PAGE,
        };
        let len = match self.below(4) {
            0 => CHUNK * (1 + self.below(2)),
            1 => CHUNK + PAGE * self.below(4) - PAGE,
            _ => PAGE * (1 + self.below(5)),
        };
        (start, len)
    }
}

struct Test {
    hardware: Rc<RefCell<Hardware>>,
    paging: Paging<Fake>,
    model: Model,
}

fn machine() -> Test {
    let mut hardware = Hardware::default();
    hardware.memory.insert(TOP, DIRECTORIES | TABLE);
    hardware.memory.insert(DIRECTORIES, RAM_DIRECTORY | TABLE);
    // The bootstrap's leftovers.
    hardware.memory.insert(WINDOW_DIRECTORIES, 0x7000 | TABLE);
    hardware
        .memory
        .insert(WINDOW_DIRECTORIES + 24, 0x8000 | TABLE);
    for chunk in [1, 2, 3, 4, 5, 8, 9] {
        let entry = (chunk * CHUNK) | DATA_PAGE | LARGE;
        hardware.memory.insert(RAM_DIRECTORY + chunk * 8, entry);
    }
    // The last chunk of the heap has a table from the start.
    let last = RAM_DIRECTORY + 6 * 8;
    hardware.memory.insert(last, LAST_TABLE | TABLE);
    for page in 0..40 {
        let entry = (6 * CHUNK + page * PAGE) | DATA_PAGE;
        hardware.memory.insert(LAST_TABLE + page * 8, entry);
    }
    hardware.remember();
    let hardware = Rc::new(RefCell::new(hardware));
    let places = Places {
        top: TOP,
        ram: DIRECTORIES,
        window: WINDOW_DIRECTORIES,
        heap: HEAP,
        more: &MORE,
        no_execute: true,
    };
    Test {
        // SAFETY: the tables just made, and nobody else has them.
        paging: unsafe { Paging::new(Fake(hardware.clone()), places) },
        hardware,
        model: Model::default(),
    }
}

const DATA_PAGE: u64 = super::entry::DATA;

impl Test {
    /// Everything that can be seen is as the model says.
    fn check(&self) {
        let hardware = self.hardware.borrow();
        hardware.assert_not_stale();
        let mut real = BTreeMap::new();
        for (address, len, pa, prot) in hardware.now().0 {
            for page in each(0, len) {
                assert_eq!(real.insert(address + page, (pa + page, prot)), None);
            }
        }
        let ram = each(HEAP.start, HEAP.len).chain(each(MORE[0].start, MORE[0].len));
        let wanted: BTreeMap<_, _> = ram
            .chain(self.model.pages.keys().copied())
            .filter_map(|page| Some((page, self.model.at(page)?)))
            .filter(|(_, (_, prot))| *prot != 0)
            .collect();
        assert!(real == wanted);

        // Each page that serves is either a table or spare.
        let mut used = BTreeSet::new();
        let table = |_, _, table| {
            if table > LAST_TABLE {
                assert!(used.insert(table), "twice in the tree: {table:#x}");
            }
        };
        hardware.walk(TOP, REGION, 0, &mut |_, _| (), &mut { table });
        let mut spare = self.paging.spare;
        for _ in 0..self.paging.spares {
            assert!(used.insert(spare), "spare and in use: {spare:#x}");
            let rest = hardware.memory.range(spare + 8..spare + PAGE);
            assert!(rest.map(|(_, entry)| *entry).all(|entry| entry == 0));
            spare = hardware.entry(spare);
        }
        assert_eq!(spare, 0);
        assert_eq!(used, self.model.serving);
    }

    fn lookups(&self, random: &mut Random) {
        for _ in 0..20 {
            let (start, len) = random.pages(12 * CHUNK);
            let va = start + random.of([0, WINDOW.0, WINDOW.0 + DIRECTORY - 2 * CHUNK]);
            // Before the RAM there are tables that nothing describes.
            let found = self.paging.lookup(va, len).unwrap();
            let pages: Vec<_> = each(va, len).map(|page| self.model.at(page)).collect();
            let run = pages
                .iter()
                .enumerate()
                .take_while(|&(index, page)| {
                    *page == pages[0].map(|(pa, prot)| (pa + index as u64 * PAGE, prot))
                })
                .count();
            assert_eq!(found.len as u64, run as u64 * PAGE);
            assert_eq!(found.pa, pages[0].map(|(pa, _)| pa));
            assert_eq!(found.prot, pages[0].map_or(0, |(_, prot)| prot));
        }
    }

    /// Run `call`, with few tables and then with `most`, which is how many it may
    /// want.
    fn run(
        &mut self,
        random: &mut Random,
        most: u64,
        call: impl Fn(&mut Paging<Fake>) -> Result<(), Errno>,
        on_model: impl Fn(&mut Model) -> Result<(), Errno>,
    ) {
        let before = self.hardware.borrow().writes;
        // The list goes on behind those that are counted.
        let few = random.below(3).min(self.paging.spares);
        let hidden = self.paging.spares - few;
        self.paging.spares = few;
        let mut answer = call(&mut self.paging);
        assert!(self.paging.spares < 1 << 40, "more taken than there were");
        self.paging.spares += hidden;
        if answer == Err(Errno::ENOMEM) {
            assert_eq!(self.hardware.borrow().writes, before);
            assert!(few < most, "{most} tables were to suffice");
            self.give(random, most);
            if self.paging.spares >= most {
                answer = call(&mut self.paging);
                assert_ne!(answer, Err(Errno::ENOMEM));
            }
        }
        if answer != Err(Errno::ENOMEM) {
            let writes = self.hardware.borrow().writes;
            assert_eq!(answer, on_model(&mut self.model));
            assert!(answer.is_ok() || writes == self.hardware.borrow().writes);
        }
    }

    /// Try to hand over some `count` pages, as often as it takes.
    fn give(&mut self, random: &mut Random, count: u64) {
        for _ in 0..40 {
            if self.paging.spares >= count {
                return;
            }
            let len = (1 + random.below(count + 3)) * PAGE;
            let pa = CHUNK + random.below(9 * ENTRIES) * PAGE;
            self.take_over(pa, len);
        }
    }

    fn take_over(&mut self, pa: u64, len: u64) {
        // Not what is mapped in the window: the caller's duty.
        let is_mapped = self
            .model
            .pages
            .iter()
            .any(|(va, (page, _))| va != page && (pa..pa + len).contains(page));
        if is_mapped {
            return;
        }
        let mut after = self.model.clone();
        let wanted = after.take_over(pa, len);
        let writes = self.hardware.borrow().writes;
        if wanted.is_ok() {
            self.hardware.borrow_mut().serving = after.serving.clone();
            self.model = after;
        }
        // SAFETY: nobody uses the fake RAM.
        assert_eq!(unsafe { self.paging.take_over(pa, len) }, wanted);
        assert!(wanted.is_ok() || writes == self.hardware.borrow().writes);
    }

    fn step(&mut self, random: &mut Random) {
        let (start, len) = random.pages(3 * CHUNK);
        let va = start
            + random.of([
                WINDOW.0,
                WINDOW.0 + DIRECTORY - 2 * CHUNK,
                WINDOW.1 - 9 * CHUNK,
            ]);
        let prot = random.below(8) as c_uint;
        match random.below(8) {
            0..3 => {
                let elsewhere = random.pages(10 * CHUNK).0;
                let pa = random.of([CHUNK + start, elsewhere]);
                let most = len / CHUNK + len / DIRECTORY + 4;
                self.run(
                    random,
                    most,
                    // SAFETY: nobody uses the fake RAM, here and below.
                    |paging| unsafe { paging.map(va, pa, len, prot) },
                    |model| model.map(va, pa, len, prot),
                );
            }
            3..5 => self.run(
                random,
                2,
                // SAFETY: as above.
                |paging| unsafe { paging.unmap(va, len) },
                |model| model.unmap(va, len),
            ),
            5 => self.run(
                random,
                2,
                // SAFETY: as above.
                |paging| unsafe { paging.protect(va, len, prot) },
                |model| model.protect(va, len, prot),
            ),
            6 => {
                let (va, len) = random.pages(10 * CHUNK);
                self.run(
                    random,
                    2,
                    // SAFETY: as above.
                    |paging| unsafe { paging.protect(va, len, prot) },
                    |model| model.protect(va, len, prot),
                );
            }
            _ if random.below(8) == 0 => {
                let (pa, len) = random.pages(10 * CHUNK);
                self.take_over(pa, len.min(20 * PAGE));
            }
            _ => {}
        }
    }
}

/// A table that a call gives back may be the one that it needs.
#[test]
fn a_table_is_given_back_and_taken() {
    let mut random = Random(1);
    let mut test = machine();
    test.take_over(CHUNK, 4 * PAGE);
    let va = WINDOW.0 + CHUNK;
    let map = |test: &mut Test, va, pa, len| {
        // SAFETY: nobody uses the fake RAM, here and below.
        assert_eq!(unsafe { test.paging.map(va, pa, len, 3) }, Ok(()));
        assert_eq!(test.model.map(va, pa, len, 3), Ok(()));
        test.check();
    };
    map(&mut test, va, 3 * CHUNK + PAGE, 5 * PAGE);
    map(&mut test, va + CHUNK, 8 * CHUNK, CHUNK);
    assert_eq!(test.paging.spares, 1);
    // The one that is spare now goes elsewhere.
    map(&mut test, va + 2 * CHUNK, 2 * CHUNK + PAGE, PAGE);
    test.take_over(CHUNK + 4 * PAGE, PAGE);
    test.run(
        &mut random,
        2,
        // SAFETY: as above.
        |paging| unsafe { paging.unmap(va, CHUNK + 7 * PAGE) },
        |model| model.unmap(va, CHUNK + 7 * PAGE),
    );
    test.check();
    test.lookups(&mut random);
}

#[test]
fn random_calls_do_what_the_model_says() {
    for seed in 0..2 {
        let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ seed);
        let mut test = machine();
        for _ in 0..80 {
            test.step(&mut random);
            test.check();
            test.lookups(&mut random);
        }
        // What the window took comes back.
        let before = test.paging.spares;
        test.run(
            &mut random,
            2,
            // SAFETY: as above.
            |paging| unsafe { paging.unmap(WINDOW.0, WINDOW.1 - WINDOW.0) },
            |model| model.unmap(WINDOW.0, WINDOW.1 - WINDOW.0),
        );
        test.check();
        assert!(test.paging.spares >= before);
        let (_, links) = test.hardware.borrow().now();
        let in_window = links.iter().filter(|(address, ..)| *address >= WINDOW.0);
        assert!(in_window.count() <= 1);
    }
}
