//! The byte primitives against simple models, between two pages that cannot be
//! touched, in all small sizes, alignments and overlaps.

use std::cmp::Ordering;
use std::ffi::{c_int, c_void};

use nolibc::arch::compare::{bcmp, memcmp, strcmp, strncmp};
use nolibc::arch::copy::{detect, memcpy, memmove, memset};
use nolibc::arch::search::{memchr, memrchr, rawmemchr, strchrnul, strlen, strnlen};

const PAGE: usize = 4096;

/// Readable memory with an inaccessible page on each side.
struct Fenced {
    base: *mut u8,
    pages: usize,
}

impl Fenced {
    fn new(pages: usize) -> Self {
        let len = (pages + 2) * PAGE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        // SAFETY: a fresh mapping, of which the inner pages are opened.
        let base = unsafe {
            let base = libc::mmap(std::ptr::null_mut(), len, libc::PROT_NONE, flags, -1, 0);
            assert_ne!(base, libc::MAP_FAILED);
            let inner = base.byte_add(PAGE);
            let access = libc::PROT_READ | libc::PROT_WRITE;
            assert_eq!(libc::mprotect(inner, pages * PAGE, access), 0);
            inner.cast()
        };
        Self { base, pages }
    }

    fn all(&mut self) -> &mut [u8] {
        // SAFETY: the inner pages are open as long as this lives.
        unsafe { std::slice::from_raw_parts_mut(self.base, self.pages * PAGE) }
    }

    /// The last `len` bytes, or the first: flush with a fence.
    fn edge(&mut self, len: usize, at_end: bool) -> &mut [u8] {
        let all = self.all();
        let start = if at_end { all.len() - len } else { 0 };
        &mut all[start..start + len]
    }
}

impl Drop for Fenced {
    fn drop(&mut self) {
        // SAFETY: the mapping made in `new`.
        unsafe { libc::munmap(self.base.byte_sub(PAGE).cast(), (self.pages + 2) * PAGE) };
    }
}

/// A repeatable sequence of bytes (xorshift).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.next() as u8;
        }
    }
}

fn pointer(bytes: &[u8]) -> *const c_void {
    bytes.as_ptr().cast()
}

/// `memcpy` or `memmove` inside one buffer or between two.
///
/// The bounds are checked here, so that a test cannot ask for what C forbids.
fn copy(
    function: unsafe extern "C" fn(*mut c_void, *const c_void, usize) -> *mut c_void,
    dst: &mut [u8],
    src: &[u8],
) {
    assert_eq!(dst.len(), src.len());
    let start: *mut c_void = dst.as_mut_ptr().cast();
    // SAFETY: two slices of this length.
    let answer = unsafe { function(start, pointer(src), src.len()) };
    assert_eq!(answer, start);
}

fn move_within(bytes: &mut [u8], from: usize, to: usize, size: usize) {
    assert!(from + size <= bytes.len() && to + size <= bytes.len());
    let base = bytes.as_mut_ptr();
    // SAFETY: both blocks lie in the slice.
    unsafe { memmove(base.add(to).cast(), base.add(from).cast(), size) };
}

fn fill(bytes: &mut [u8], c: c_int) {
    let start: *mut c_void = bytes.as_mut_ptr().cast();
    // SAFETY: a slice of this length.
    assert_eq!(unsafe { memset(start, c, bytes.len()) }, start);
}

/// What `memcmp` says, after `bcmp` agreed on whether there is a difference.
fn order(a: &[u8], b: &[u8]) -> Ordering {
    assert_eq!(a.len(), b.len());
    // SAFETY: two slices of this length.
    let (answer, differ) = unsafe {
        (
            memcmp(pointer(a), pointer(b), a.len()),
            bcmp(pointer(a), pointer(b), a.len()),
        )
    };
    assert_eq!(answer != 0, differ != 0);
    answer.cmp(&0)
}

fn offset(base: &[u8], found: *const c_void) -> Option<usize> {
    (!found.is_null()).then(|| found.addr() - base.as_ptr().addr())
}

fn find(bytes: &[u8], c: u8) -> Option<usize> {
    // SAFETY: a slice of this length.
    offset(bytes, unsafe {
        memchr(pointer(bytes), c.into(), bytes.len())
    })
}

fn find_last(bytes: &[u8], c: u8) -> Option<usize> {
    // SAFETY: a slice of this length.
    offset(bytes, unsafe {
        memrchr(pointer(bytes), c.into(), bytes.len())
    })
}

/// `memchr` without a limit, and `rawmemchr`.
fn find_for_sure(bytes: &[u8], c: u8) -> Option<usize> {
    assert!(bytes.contains(&c));
    // SAFETY: the byte is there, so the search ends inside the slice.
    let (unlimited, raw) = unsafe {
        (
            memchr(pointer(bytes), c.into(), usize::MAX),
            rawmemchr(pointer(bytes), c.into()),
        )
    };
    assert_eq!(unlimited, raw);
    offset(bytes, raw)
}

fn length(string: &[u8]) -> usize {
    assert!(string.contains(&0));
    // SAFETY: it has a terminator.
    unsafe { strlen(string.as_ptr().cast()) }
}

fn length_at_most(string: &[u8], n: usize) -> usize {
    assert!(string.contains(&0) || n <= string.len());
    // SAFETY: it has a terminator or that many bytes.
    unsafe { strnlen(string.as_ptr().cast(), n) }
}

fn find_or_end(string: &[u8], c: c_int) -> usize {
    assert!(string.contains(&0));
    // SAFETY: it has a terminator.
    let found = unsafe { strchrnul(string.as_ptr().cast(), c) };
    found.addr() - string.as_ptr().addr()
}

fn string_order(a: &[u8], b: &[u8]) -> Ordering {
    assert!(a.contains(&0) && b.contains(&0));
    // SAFETY: both have terminators.
    unsafe { strcmp(a.as_ptr().cast(), b.as_ptr().cast()) }.cmp(&0)
}

fn string_order_at_most(a: &[u8], b: &[u8], n: usize) -> Ordering {
    assert!(
        [a, b]
            .iter()
            .all(|string| string.contains(&0) || n <= string.len())
    );
    // SAFETY: each has a terminator or that many bytes.
    unsafe { strncmp(a.as_ptr().cast(), b.as_ptr().cast(), n) }.cmp(&0)
}

fn sizes() -> impl Iterator<Item = usize> {
    (0..=300).chain([
        511, 512, 513, 1000, 1024, 1500, 2047, 2048, 2049, 3000, 4000,
    ])
}

/// Sizes on both sides of where methods change, and of pages.
const LARGE: [usize; 11] = [
    4095,
    4096,
    4097,
    8191,
    8192,
    16_384,
    65_535,
    65_536,
    (1 << 20) - 1,
    1 << 20,
    (1 << 20) + 1,
];

/// At which edge each of two blocks lies.
const EDGES: [(bool, bool); 4] = [(true, true), (true, false), (false, true), (false, false)];

/// Run with and without the CPU's own string instructions.
fn both_ways(test: impl Fn()) {
    test();
    detect();
    test();
}

#[test]
fn copies_at_the_edges_of_pages() {
    both_ways(|| {
        let mut noise = Noise(1);
        let (mut from, mut to) = (Fenced::new(2), Fenced::new(2));
        for size in sizes() {
            for (src_end, dst_end) in EDGES {
                let src = from.edge(size, src_end);
                noise.fill(src);
                to.all().fill(0xee);
                copy(memcpy, to.edge(size, dst_end), src);
                assert_eq!(to.edge(size, dst_end), src, "{size} bytes");
                let count = |bytes: &[u8]| bytes.iter().filter(|&&byte| byte == 0xee).count();
                let untouched = count(to.all()) - count(src);
                assert_eq!(untouched, 2 * PAGE - size, "wrote outside, {size} bytes");
            }
        }
    });
}

#[test]
fn copies_at_every_alignment() {
    both_ways(|| {
        let mut noise = Noise(2);
        let mut source = vec![0; 5000];
        noise.fill(&mut source);
        for size in sizes().filter(|&size| size > 100 || size % 7 == 0) {
            for (shift, other) in (0..16).flat_map(|a| (0..16).map(move |b| (a, b))) {
                let mut target = vec![0x55; 5000];
                let region = 16 + shift..16 + shift + size;
                copy(
                    memmove,
                    &mut target[region.clone()],
                    &source[other..][..size],
                );
                assert_eq!(target[region.clone()], source[other..][..size]);
                assert!(target[..region.start].iter().all(|&byte| byte == 0x55));
                assert!(target[region.end..].iter().all(|&byte| byte == 0x55));
            }
        }
    });
}

#[test]
fn moves_overlapping_blocks() {
    both_ways(|| {
        let mut noise = Noise(3);
        let mut start = vec![0; 9000];
        noise.fill(&mut start);
        for size in sizes() {
            let shifts = (0..=70).chain([100, 127, 128, 129, 255, 256, size, size + 1]);
            for shift in shifts {
                for (from, to) in [(64, 64 + shift), (64 + shift, 64)] {
                    let mut ours = start.clone();
                    move_within(&mut ours, from, to, size);
                    let mut model = start.clone();
                    model.copy_within(from..from + size, to);
                    assert!(ours == model, "{size} bytes from {from} to {to}");
                }
            }
        }
    });
}

#[test]
fn fills_at_the_edges_of_pages() {
    both_ways(|| {
        let mut memory = Fenced::new(2);
        for size in sizes() {
            for at_end in [true, false] {
                for shift in 0..17 {
                    let all = memory.all();
                    all.fill(1);
                    let start = if at_end {
                        all.len() - size - shift
                    } else {
                        shift
                    };
                    fill(&mut all[start..start + size], 0x1a5);
                    assert!(all[start..start + size].iter().all(|&byte| byte == 0xa5));
                    let untouched = all.iter().filter(|&&byte| byte == 1).count();
                    assert_eq!(untouched, all.len() - size);
                }
            }
        }
    });
}

#[test]
fn compares_at_the_edges_of_pages() {
    let mut noise = Noise(4);
    let (mut first, mut second) = (Fenced::new(2), Fenced::new(2));
    for size in sizes() {
        for (end, other_end) in EDGES {
            let a = first.edge(size, end);
            noise.fill(a);
            let b = second.edge(size, other_end);
            b.copy_from_slice(a);
            assert_eq!(order(a, b), Ordering::Equal);
            for place in (0..size.min(140)).chain(size.saturating_sub(70)..size) {
                b[place] = b[place].wrapping_add(1 + (noise.next() % 255) as u8);
                // What comes later must not matter.
                let later = place + 1 + (noise.next() as usize) % (size - place);
                if let Some(byte) = b.get_mut(later) {
                    *byte = !*byte;
                }
                assert_eq!(order(a, b), (*a).cmp(b), "{size} bytes, place {place}");
                b.copy_from_slice(a);
            }
        }
    }
}

#[test]
fn searches_at_the_edges_of_pages() {
    let mut memory = Fenced::new(2);
    for size in sizes() {
        for at_end in [true, false] {
            memory.all().fill(7);
            let block = memory.edge(size, at_end);
            block.fill(1);
            assert_eq!(find(block, 7), None, "{size} bytes");
            assert_eq!(find_last(block, 7), None, "{size} bytes");
            for place in (0..size.min(150)).chain(size.saturating_sub(70)..size) {
                block[place] = 7;
                assert_eq!(find(block, 7), Some(place), "{size} bytes");
                assert_eq!(find_last(block, 7), Some(place), "{size} bytes");
                assert_eq!(find_for_sure(block, 7), Some(place));
                if place + 1 < size {
                    block[size - 1] = 7;
                    assert_eq!(find(block, 7), Some(place));
                    assert_eq!(find_last(block, 7), Some(size - 1));
                    block[size - 1] = 1;
                }
                block[place] = 1;
            }
        }
    }
}

#[test]
fn searches_stay_between_their_ends() {
    for start in 1..70 {
        for size in 0..140 {
            let mut text = vec![3; 300];
            text[start - 1] = 9;
            text[start + size] = 9;
            let block = &text[start..start + size];
            assert_eq!(find(block, 9), None);
            assert_eq!(find_last(block, 9), None);
        }
    }
}

#[test]
fn strings_end_at_the_edge_of_a_page() {
    let mut memory = Fenced::new(2);
    for len in sizes() {
        for at_end in [true, false] {
            memory.all().fill(0xff);
            let string = memory.edge(len + 1, at_end);
            string[..len].fill(b'x');
            string[len] = 0;
            assert_eq!(length(string), len);
            let limits = [
                0,
                1,
                len / 2,
                len.saturating_sub(1),
                len,
                len + 1,
                len + 100,
                usize::MAX,
            ];
            for n in limits {
                assert_eq!(length_at_most(string, n), len.min(n), "{len}, limit {n}");
            }
            assert_eq!(find_or_end(string, c_int::from(b'y')), len);
            assert_eq!(find_or_end(string, 0), len);
            for place in 0..len.min(100) {
                string[place] = b'y';
                assert_eq!(find_or_end(string, 0x100 + c_int::from(b'y')), place);
                string[place] = b'x';
            }
            // No terminator at all: the limit alone keeps it in the page.
            let block = memory.edge(len, at_end);
            block.fill(b'x');
            assert_eq!(length_at_most(block, len), len);
        }
    }
}

#[test]
fn strings_compare_at_the_edges_of_pages() {
    let mut noise = Noise(5);
    let (mut first, mut second) = (Fenced::new(2), Fenced::new(2));
    for len in sizes() {
        for (end, other_end) in EDGES {
            let a = first.edge(len + 1, end);
            noise.fill(a);
            a.iter_mut().for_each(|byte| *byte |= 1);
            a[len] = 0;
            let b = second.edge(len + 1, other_end);
            b.copy_from_slice(a);
            assert_eq!(string_order(a, b), Ordering::Equal);
            assert_eq!(string_order_at_most(a, b, usize::MAX), Ordering::Equal);
            for place in (0..len.min(80)).chain(len.saturating_sub(40)..len) {
                for change in [b[place] ^ 0x80, b[place] ^ 2, 0] {
                    let old = std::mem::replace(&mut b[place], change);
                    let expected = (*a).cmp(b);
                    assert_eq!(string_order(a, b), expected, "{len} bytes, place {place}");
                    assert_eq!(string_order(b, a), expected.reverse());
                    assert_eq!(string_order_at_most(a, b, place), Ordering::Equal);
                    assert_eq!(string_order_at_most(a, b, place + 1), expected);
                    b[place] = old;
                }
            }
            // Without terminators the limit alone keeps them in their pages.
            let a = first.edge(len, end);
            a.fill(b'x');
            let b = second.edge(len, other_end);
            b.fill(b'x');
            assert_eq!(string_order_at_most(a, b, len), Ordering::Equal);
        }
    }
}

#[test]
fn large_blocks_at_odd_addresses() {
    let mut noise = Noise(6);
    let mut source = vec![0; (1 << 20) + 9000];
    noise.fill(&mut source);
    let (clean, filled) = (vec![0x55; source.len()], vec![7; source.len()]);
    both_ways(|| {
        let mut target = clean.clone();
        for size in LARGE {
            for (to, from) in [(0, 0), (1, 0), (63, 33), (4096, 0), (4095, 31)] {
                let (end, wanted) = (to + size, &source[from..from + size]);
                copy(memcpy, &mut target[to..end], wanted);
                assert!(target[to..end] == *wanted);
                assert_eq!(order(&target[to..end], wanted), Ordering::Equal);
                target[end - 1] ^= 1;
                assert_ne!(order(&target[to..end], wanted), Ordering::Equal);
                fill(&mut target[to..end], 7);
                assert!(target[to..end] == filled[to..end]);
                assert!(target[..to] == clean[..to] && target[end..] == clean[end..]);
                assert_eq!(find(&target[to..end], 8), None);
                assert_eq!(find_last(&target[to..end], 8), None);
                target[end - 1] = 8;
                assert_eq!(find(&target[to..end], 8), Some(size - 1));
                target[end - 1] = 0;
                assert_eq!(length(&target[to..end]), size - 1);
                fill(&mut target[to..end], 0x55);
            }
            for shift in [1, 16, 31, 64, 4000, 4096, 4097] {
                for (from, to) in [(0, shift), (shift, 0)] {
                    target.copy_from_slice(&source);
                    move_within(&mut target, from, to, size);
                    assert!(target[to..to + size] == source[from..from + size]);
                    assert!(target[to + size..] == source[to + size..]);
                    assert!(target[..to] == source[..to]);
                }
            }
            target.fill(0x55);
        }
    });
}

#[test]
fn copies_at_every_place_in_two_lines() {
    let mut noise = Noise(7);
    let mut source = vec![0; 3000];
    noise.fill(&mut source);
    both_ways(|| {
        let mut target = vec![0; 3000];
        for size in [1, 7, 16, 33, 65, 100, 129, 200, 257, 2050] {
            for (to, from) in (0..64).flat_map(|a| (0..64).map(move |b| (a, b))) {
                target.fill(0x55);
                copy(
                    memcpy,
                    &mut target[64 + to..][..size],
                    &source[from..][..size],
                );
                assert_eq!(target[64 + to..][..size], source[from..][..size]);
                assert_eq!([target[63 + to], target[64 + to + size]], [0x55; 2]);
            }
        }
    });
}

/// Strings and blocks that begin shortly before a page and end in the next one, or
/// before it: what is read of the next page must not matter.
#[test]
fn searches_over_the_end_of_a_page() {
    let mut memory = Fenced::new(2);
    for start in PAGE - 100..=PAGE {
        for len in 0..220 {
            let all = memory.all();
            all.fill(0);
            all[start..start + len].fill(b'x');
            let string = &mut all[start..];
            assert_eq!(length(string), len, "from {start}");
            assert_eq!(find_or_end(string, c_int::from(b'y')), len);
            assert_eq!(find_for_sure(string, 0), Some(len));
            for n in [len / 2, len, len + 1, len + 17, len + 90] {
                assert_eq!(length_at_most(string, n), len.min(n));
                let expected = (len < n).then_some(len);
                assert_eq!(find(&string[..n], 0), expected, "{n} from {start}");
                assert_eq!(find_last(&string[..n], b'x'), n.min(len).checked_sub(1));
            }
        }
    }
}

#[test]
fn comparisons_over_the_end_of_a_page() {
    let mut noise = Noise(8);
    let (mut first, mut second) = (Fenced::new(2), Fenced::new(2));
    for (start, other) in (PAGE - 34..=PAGE).flat_map(|a| (PAGE - 34..=PAGE).map(move |b| (a, b))) {
        for len in (0..36).chain([64, 70]) {
            let (a, b) = (first.all(), second.all());
            a.fill(1);
            b.fill(2);
            noise.fill(&mut a[start..start + len]);
            a[start..start + len].iter_mut().for_each(|byte| *byte |= 1);
            b[other..other + len].copy_from_slice(&a[start..start + len]);
            assert_eq!(
                order(&a[start..][..len], &b[other..][..len]),
                Ordering::Equal
            );
            a[start + len] = 0;
            b[other + len] = 0;
            assert_eq!(string_order(&a[start..], &b[other..]), Ordering::Equal);
            if len > 0 {
                let place = noise.next() as usize % len;
                b[other + place] ^= 0x80;
                let expected = a[start + place].cmp(&b[other + place]);
                assert_eq!(order(&a[start..][..len], &b[other..][..len]), expected);
                assert_eq!(string_order(&a[start..], &b[other..]), expected);
                let n = len + 10;
                assert_eq!(string_order_at_most(&a[start..], &b[other..], n), expected);
                assert_eq!(
                    string_order_at_most(&a[start..], &b[other..], place),
                    Ordering::Equal
                );
            }
        }
    }
}
