//! Mappings and long blocks on a machine with a window, against a plain model: what may be
//! done with each page, and what it holds.

use std::collections::BTreeMap;
use std::ptr::NonNull;

use nolibc::Errno;
use nolibc::heap::Heap;
use nolibc::memory::Protection;
use nolibc::pages::{PAGE_BYTES, Range};
use nolibc::platform::fake;
use proptest::prelude::*;

const ARENA: usize = 1 << 20;
const WINDOW: usize = 16 << 20;

/// A heap on a machine of its own.
struct Arena {
    heap: Heap,
    memory: Vec<u8>,
}

impl Arena {
    fn new(len: usize, greed: u64, seed: u64) -> Self {
        let mut memory = vec![0xa5u8; len + PAGE_BYTES];
        let start = memory.as_mut_ptr().expose_provenance();
        let start = start.next_multiple_of(PAGE_BYTES);
        fake::plug_in(WINDOW, (start, start + len), greed, seed);
        let mut heap = Heap::empty();
        let range = Range {
            start,
            len_bytes: len,
        };
        // SAFETY: the vector is not touched while the heap lives.
        unsafe { heap.take_over(&[range], false) };
        heap.window.open();
        Self { heap, memory }
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        fake::unplug();
        assert!(!self.memory.is_empty());
    }
}

/// What the program knows of a page.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Page {
    protection: Protection,
    fill: u8,
}

#[derive(Clone, Debug)]
enum Step {
    Map {
        pages: usize,
        prot: u32,
        hint: usize,
    },
    MapAt {
        part: Part,
        prot: u32,
        replace: bool,
    },
    Unmap {
        part: Part,
    },
    Protect {
        part: Part,
        prot: u32,
    },
    Forget {
        part: Part,
    },
    Remap {
        part: Part,
        pages: usize,
        may_move: bool,
    },
    Alloc {
        len: usize,
        log: u32,
    },
    Free {
        which: usize,
    },
    Resize {
        which: usize,
        len: usize,
    },
    Limit {
        bytes: usize,
    },
}

/// Some pages around a mapped one, or at any place in the window.
#[derive(Clone, Copy, Debug)]
struct Part {
    which: usize,
    from: usize,
    pages: usize,
}

fn part() -> impl Strategy<Value = Part> {
    (any::<usize>(), 0..20usize, 1..24usize).prop_map(|(which, from, pages)| Part {
        which,
        from,
        pages,
    })
}

fn prot() -> impl Strategy<Value = u32> {
    prop_oneof![3 => Just(0u32), 4 => Just(3u32), 2 => Just(1u32), 1 => 0..8u32]
}

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (prop_oneof![4 => 1..24usize, 1 => 1..900usize], prot(), any::<usize>())
            .prop_map(|(pages, prot, hint)| Step::Map { pages, prot, hint }),
        4 => (part(), prot(), prop_oneof![4 => Just(true), 1 => Just(false)])
            .prop_map(|(part, prot, replace)| Step::MapAt { part, prot, replace }),
        4 => part().prop_map(|part| Step::Unmap { part }),
        4 => (part(), prot()).prop_map(|(part, prot)| Step::Protect { part, prot }),
        2 => part().prop_map(|part| Step::Forget { part }),
        3 => (part(), 1..60usize, any::<bool>())
            .prop_map(|(part, pages, may_move)| Step::Remap { part, pages, may_move }),
        3 => (prop_oneof![2 => 0..6000usize, 1 => 0..700_000usize], 4..18u32)
            .prop_map(|(len, log)| Step::Alloc { len, log }),
        3 => any::<usize>().prop_map(|which| Step::Free { which }),
        3 => (any::<usize>(), 0..700_000usize).prop_map(|(which, len)| Step::Resize { which, len }),
        1 => prop_oneof![Just(0usize), 0..ARENA].prop_map(|bytes| Step::Limit { bytes }),
    ]
}

fn effective(prot: u32) -> Protection {
    Protection::from_bits_truncate(if prot == 0 { 0 } else { prot | 1 })
}

/// The memory of a page, if there is any, and what may be done with it.
fn view(page: usize) -> (Option<*mut u8>, u32) {
    if page < fake::START {
        let memory = std::ptr::with_exposed_provenance_mut(page);
        return (Some(memory), fake::protection_at(page));
    }
    match fake::translate(page) {
        Some((memory, prot)) => (Some(std::ptr::with_exposed_provenance_mut(memory)), prot),
        None => (None, 0),
    }
}

fn holds(page: usize, len: usize, fill: u8) -> bool {
    let (memory, _) = view(page);
    let bytes = memory.map(|memory| {
        // SAFETY: live memory of the arena, always readable on the fake machine.
        unsafe { std::slice::from_raw_parts(memory, len) }
    });
    bytes.map_or(fill == 0, |bytes| bytes.iter().all(|&byte| byte == fill))
}

fn pointer(address: usize) -> NonNull<u8> {
    NonNull::new(std::ptr::with_exposed_provenance_mut(address)).unwrap()
}

fn each_page(start: usize, len: usize) -> impl Iterator<Item = usize> {
    (start..start + len).step_by(PAGE_BYTES)
}

#[derive(Default)]
struct Model {
    pages: BTreeMap<usize, Page>,
    /// Start to usable length and fill.
    blocks: BTreeMap<usize, (usize, u8)>,
    next_fill: u8,
}

impl Model {
    fn fill(&mut self) -> u8 {
        self.next_fill = self.next_fill.wrapping_add(1).max(1);
        self.next_fill
    }

    fn place(&self, part: Part) -> usize {
        let from = part.from * PAGE_BYTES;
        match self.pages.keys().nth(part.which % (self.pages.len() + 2)) {
            Some(page) => page + from,
            None => fake::START + part.which % 512 * PAGE_BYTES,
        }
    }

    fn all_mapped(&self, start: usize, len: usize) -> bool {
        each_page(start, len).all(|page| self.pages.contains_key(&page))
    }

    fn overlaps(&self, start: usize, len: usize) -> bool {
        let block = self.blocks.range(..start + len).next_back();
        block.is_some_and(|(&at, &(have, _))| at + have > start)
            || self
                .pages
                .range(..start + len)
                .next_back()
                .is_some_and(|(&page, _)| page + PAGE_BYTES > start)
    }

    /// A page was mapped anew: it holds zeros, and then what the program writes.
    fn renew(&mut self, page: usize, protection: Protection) {
        self.pages.insert(
            page,
            Page {
                protection,
                fill: 0,
            },
        );
        self.check(page);
        self.write(page);
    }

    fn write(&mut self, page: usize) {
        let fill = self.fill();
        let Some(known) = self.pages.get_mut(&page) else {
            return;
        };
        if known.protection.contains(Protection::WRITE) {
            let memory = view(page).0.unwrap();
            // SAFETY: a mapped page that may be written.
            unsafe { memory.write_bytes(fill, PAGE_BYTES) };
            known.fill = fill;
        }
    }

    fn check(&self, page: usize) {
        let known = self.pages[&page];
        let (memory, prot) = view(page);
        assert_eq!(prot, known.protection.bits(), "{page:#x}");
        assert!(memory.is_some() || known.protection.is_empty());
        // Old bytes of memory at its own address may stay while nobody can look.
        let hidden = page < fake::START && known.protection.is_empty() && known.fill == 0;
        assert!(
            hidden || holds(page, PAGE_BYTES, known.fill),
            "{page:#x} {known:?}"
        );
    }

    fn check_all(&self) {
        for &page in self.pages.keys() {
            self.check(page);
        }
        for (&block, &(len, fill)) in &self.blocks {
            check_block(block, len, fill);
        }
        fake::mapped_pages();
    }

    /// After a refusal each page is as it was, or as it should have become.
    fn resync(&mut self, heap: &Heap, start: usize, len: usize, wanted: Protection) {
        for page in each_page(start, len) {
            if heap.check_mapped(page, PAGE_BYTES).is_err() {
                self.pages.remove(&page);
                continue;
            }
            let old = self.pages[&page];
            let (_, prot) = view(page);
            assert!([old.protection.bits(), wanted.bits()].contains(&prot));
            let fill = if holds(page, PAGE_BYTES, old.fill) {
                old.fill
            } else {
                0
            };
            let protection = Protection::from_bits_truncate(prot);
            self.pages.insert(page, Page { protection, fill });
            self.check(page);
        }
    }
}

fn check_block(block: usize, len: usize, fill: u8) {
    for at in (block..block + len).step_by(PAGE_BYTES) {
        let len = PAGE_BYTES.min(block + len - at);
        assert_eq!(view(at & !(PAGE_BYTES - 1)).1, 3);
        assert!(holds(at, len, fill), "block {block:#x} at {at:#x}");
    }
}

fn fill_block(block: usize, len: usize, fill: u8) {
    for at in (block..block + len).step_by(PAGE_BYTES) {
        let len = PAGE_BYTES.min(block + len - at);
        // SAFETY: a live block, which in the window has whole pages.
        unsafe { view(at).0.unwrap().write_bytes(fill, len) };
    }
}

fn step(arena: &mut Arena, model: &mut Model, step: Step) {
    let heap = &mut arena.heap;
    match step {
        Step::Map { pages, prot, hint } => {
            let protection = Protection::from_bits_truncate(prot);
            let hint = fake::START + hint % WINDOW;
            let Ok(start) = heap.map(pages * PAGE_BYTES - 5, protection, hint) else {
                return;
            };
            let start = start.addr().get();
            assert!(!model.overlaps(start, pages * PAGE_BYTES));
            for page in each_page(start, pages * PAGE_BYTES) {
                model.renew(page, effective(prot));
            }
        }
        Step::MapAt {
            part,
            prot,
            replace,
        } => {
            let (start, len) = (model.place(part), part.pages * PAGE_BYTES);
            let protection = Protection::from_bits_truncate(prot);
            let blocked = model.blocks.iter().any(|(&block, &(have, _))| {
                block < start + len && block + have + PAGE_BYTES > start && block >= fake::START
            });
            let done = heap.map_at(start, len, protection, replace);
            let taken = model.overlaps(start, len);
            match done {
                Ok(at) => {
                    assert_eq!(at.addr().get(), start);
                    assert!(replace || !taken);
                    assert!(!blocked);
                    assert!(start >= fake::START || model.all_mapped(start, len));
                    for page in each_page(start, len) {
                        model.renew(page, effective(prot));
                    }
                }
                Err(Errno::EEXIST) => assert!(!replace && taken),
                Err(error) => {
                    assert_eq!(error, Errno::ENOMEM);
                    model.resync(heap, start, len, effective(prot));
                }
            }
        }
        Step::Unmap { part } => {
            let (start, len) = (model.place(part), part.pages * PAGE_BYTES);
            let done = heap.unmap(start, len);
            for page in each_page(start, len) {
                let gone = heap.check_mapped(page, PAGE_BYTES).is_err();
                assert!(gone || done == Err(Errno::ENOMEM));
                if gone {
                    model.pages.remove(&page);
                }
            }
            // The memory of some pages may be gone already, where all of them were to go.
            for page in each_page(start, len) {
                if let Some(known) = model.pages.get_mut(&page)
                    && view(page).0.is_none()
                {
                    (known.protection, known.fill) = (Protection::empty(), 0);
                }
            }
        }
        Step::Protect { part, prot } => {
            let (start, len) = (model.place(part), part.pages * PAGE_BYTES);
            let done = heap.protect(start, len, Protection::from_bits_truncate(prot));
            if !model.all_mapped(start, len) {
                assert_eq!(done, Err(Errno::ENOMEM));
            } else if done.is_ok() {
                for page in each_page(start, len) {
                    let fill = model.pages[&page].fill;
                    let protection = effective(prot);
                    model.pages.insert(page, Page { protection, fill });
                    model.check(page);
                    model.write(page);
                }
            } else {
                model.resync(heap, start, len, effective(prot));
            }
        }
        Step::Forget { part } => {
            let (start, len) = (model.place(part), part.pages * PAGE_BYTES);
            let done = heap.forget(start, len);
            if !model.all_mapped(start, len) {
                assert_eq!(done, Err(Errno::ENOMEM));
            } else if done.is_ok() {
                for page in each_page(start, len) {
                    let protection = model.pages[&page].protection;
                    model.pages.insert(
                        page,
                        Page {
                            protection,
                            fill: 0,
                        },
                    );
                    model.check(page);
                }
            } else {
                for page in each_page(start, len) {
                    let known = model.pages[&page];
                    let fill = if holds(page, PAGE_BYTES, known.fill) {
                        known.fill
                    } else {
                        0
                    };
                    model.pages.insert(page, Page { fill, ..known });
                }
            }
        }
        Step::Remap {
            part,
            pages,
            may_move,
        } => remap(heap, model, part, pages, may_move),
        Step::Alloc { len, log } => {
            let align = 1usize << log;
            let Ok((block, _)) = heap.alloc(len, align) else {
                return;
            };
            let address = block.addr().get();
            let usable = heap.usable_bytes(block).unwrap();
            assert!(usable >= len && address.is_multiple_of(align));
            assert!(!model.overlaps(address, usable.max(1)));
            let fill = model.fill();
            fill_block(address, usable, fill);
            model.blocks.insert(address, (usable, fill));
        }
        Step::Free { which } => {
            let Some(&address) = model.blocks.keys().nth(which % (model.blocks.len() + 1)) else {
                return;
            };
            let (len, fill) = model.blocks.remove(&address).unwrap();
            check_block(address, len, fill);
            assert!(heap.free(pointer(address + 1)).is_err());
            heap.free(pointer(address)).unwrap();
            assert!(heap.free(pointer(address)).is_err());
        }
        Step::Resize { which, len } => {
            let Some(&address) = model.blocks.keys().nth(which % (model.blocks.len() + 1)) else {
                return;
            };
            let (old, fill) = model.blocks[&address];
            let mut block = pointer(address);
            if !heap.resize(block, len).unwrap() {
                match heap.move_block(block, len) {
                    Ok(moved) => block = moved,
                    Err(_) => return check_block(address, old, fill),
                }
            }
            model.blocks.remove(&address);
            let address = block.addr().get();
            let usable = heap.usable_bytes(block).unwrap();
            assert!(usable >= len && !model.overlaps(address, usable));
            check_block(address, old.min(usable), fill);
            fill_block(address, usable, fill);
            model.blocks.insert(address, (usable, fill));
        }
        Step::Limit { bytes } => heap.set_limit_bytes(bytes),
    }
}

fn remap(heap: &mut Heap, model: &mut Model, part: Part, pages: usize, may_move: bool) {
    let (start, old) = (model.place(part), part.pages * PAGE_BYTES);
    let new = pages * PAGE_BYTES;
    let done = heap.remap(start, old, new, may_move);
    if !model.all_mapped(start, old) {
        return assert_eq!(done, Err(Errno::EFAULT));
    }
    let Ok(moved) = done else {
        assert_eq!(done, Err(Errno::ENOMEM));
        for page in each_page(start, old) {
            // A shorter mapping may have lost the memory behind its new end.
            let known = model.pages[&page];
            if page >= start + new && view(page).0.is_none() {
                let protection = Protection::empty();
                model.pages.insert(
                    page,
                    Page {
                        protection,
                        fill: 0,
                    },
                );
            } else {
                model.pages.insert(page, known);
                model.check(page);
            }
        }
        return;
    };
    let moved = moved.addr().get();
    assert!(may_move || moved == start);
    let known: Vec<_> = each_page(start, old)
        .map(|page| model.pages.remove(&page).unwrap())
        .collect();
    assert!(!model.overlaps(moved, new));
    for (at, page) in each_page(moved, new).enumerate() {
        match known.get(at) {
            Some(&known) => {
                model.pages.insert(page, known);
                model.check(page);
            }
            None => model.renew(page, known.last().unwrap().protection),
        }
    }
    if moved != start {
        for page in each_page(start, old) {
            let still = heap.check_mapped(page, PAGE_BYTES).is_ok();
            if still {
                // No memory for the hole: an empty reservation, given back here.
                assert!(view(page).0.is_none());
                heap.set_limit_bytes(0);
                heap.unmap(page, PAGE_BYTES).unwrap();
            }
        }
    }
}

fn run(steps: Vec<Step>, greed: u64, seed: u64) {
    let mut arena = Arena::new(ARENA, greed, seed);
    let start = arena.heap.usage();
    let mut model = Model::default();
    for (at, next) in steps.into_iter().enumerate() {
        step(&mut arena, &mut model, next);
        if at % 8 == 0 {
            model.check_all();
        }
        let committed = model
            .pages
            .keys()
            .filter(|page| view(**page).0.is_some())
            .count();
        assert_eq!(arena.heap.usage().mapped_bytes, committed * PAGE_BYTES);
    }
    model.check_all();
    arena.heap.set_limit_bytes(0);
    fake::be_content();
    for &block in model.blocks.keys() {
        arena.heap.free(pointer(block)).unwrap();
    }
    for &page in model.pages.keys() {
        arena.heap.unmap(page, PAGE_BYTES).unwrap();
    }
    arena.heap.trim();
    assert_eq!(fake::mapped_pages(), 0);
    let end = arena.heap.usage();
    let tables = fake::table_pages() * PAGE_BYTES;
    assert_eq!(end.used_bytes, start.used_bytes + tables);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn pages_are_as_the_program_knows_them(
        steps in prop::collection::vec(steps(), 0..120),
        greed in 0..8u64,
        seed: u64,
    ) {
        run(steps, greed, seed);
    }
}
