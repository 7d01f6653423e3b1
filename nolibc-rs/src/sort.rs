//! Sorting in place: `qsort`.
//!
//! Introsort (Musser 1997): quicksort on the median of three or of nine, heapsort
//! where that goes wrong, insertion sort for short runs. It allocates nothing, its
//! stack is at most log2(count) small frames deep, and it makes O(count log count)
//! comparisons on any input. A comparison that contradicts itself gives some
//! order, never an access outside the array. Equal elements change places.

use core::cmp::Ordering;

/// Runs of at most this many elements are sorted by insertion.
const SHORT: usize = 12;
/// From this many elements on, the pivot is the median of nine.
const LONG: usize = 64;

/// Elements of one size in a row, and how to compare two of them.
pub struct Array<'a> {
    base: *mut u8,
    size: usize,
    compare: &'a mut dyn FnMut(*const u8, *const u8) -> Ordering,
}

/// Sort `count` elements of `size` bytes each. Comparisons get pointers into the
/// array.
///
/// # Safety
/// `base` is valid for reading and writing `count * size` bytes, which nobody else
/// touches but `compare`, and that only reads.
pub unsafe fn sort(
    base: *mut u8,
    count: usize,
    size: usize,
    compare: &mut dyn FnMut(*const u8, *const u8) -> Ordering,
) {
    if count < 2 || size == 0 {
        return;
    }
    let bad_splits = 2 * count.ilog2();
    let mut array = Array {
        base,
        size,
        compare,
    };
    // SAFETY: the caller's contract; `start + count` is `count`.
    unsafe { array.quicksort(0, count, bad_splits) }
}

impl Array<'_> {
    /// The address of an element.
    fn at(&self, index: usize) -> *mut u8 {
        self.base.wrapping_add(index * self.size)
    }

    fn order(&mut self, a: usize, b: usize) -> Ordering {
        let (a, b) = (self.at(a), self.at(b));
        (self.compare)(a, b)
    }

    fn less(&mut self, a: usize, b: usize) -> bool {
        self.order(a, b) == Ordering::Less
    }

    /// Exchange two elements.
    ///
    /// # Safety
    /// Both are in the array.
    unsafe fn swap(&mut self, a: usize, b: usize) {
        const WORD: usize = size_of::<u64>();
        if a == b {
            return;
        }
        let (a, b) = (self.at(a), self.at(b));
        let mut done = 0;
        // SAFETY: two different elements do not overlap, and `done` stays below
        // their size.
        unsafe {
            while done + WORD <= self.size {
                let (x, y) = (a.add(done).cast::<u64>(), b.add(done).cast::<u64>());
                let word = x.read_unaligned();
                x.write_unaligned(y.read_unaligned());
                y.write_unaligned(word);
                done += WORD;
            }
            while done < self.size {
                a.add(done).swap(b.add(done));
                done += 1;
            }
        }
    }

    /// Sort the `count` elements from `start` on.
    ///
    /// # Safety
    /// They are in the array.
    unsafe fn quicksort(&mut self, mut start: usize, mut count: usize, mut bad_splits: u32) {
        while count > SHORT {
            if bad_splits == 0 {
                // SAFETY: the caller's contract.
                return unsafe { self.heapsort(start, count) };
            }
            bad_splits -= 1;
            // SAFETY: the caller's contract; the parts are inside the run.
            unsafe {
                let middle = self.partition(start, count);
                let (left, right) = (middle - start, start + count - middle - 1);
                if left < right {
                    self.quicksort(start, left, bad_splits);
                    start = middle + 1;
                    count = right;
                } else {
                    self.quicksort(middle + 1, right, bad_splits);
                    count = left;
                }
            }
        }
        // SAFETY: the caller's contract.
        unsafe { self.insertion_sort(start, count) }
    }

    /// The index of the middle one of three elements.
    fn median(&mut self, a: usize, b: usize, c: usize) -> usize {
        let (low, high) = if self.less(b, a) { (b, a) } else { (a, b) };
        if self.less(c, low) {
            low
        } else if self.less(high, c) {
            high
        } else {
            c
        }
    }

    /// Split a run at some element: those before it are not greater, those behind
    /// it not less. Answers where that element is then.
    ///
    /// # Safety
    /// The run of at least three elements is in the array.
    unsafe fn partition(&mut self, start: usize, count: usize) -> usize {
        let (middle, last) = (start + count / 2, start + count - 1);
        let pivot = if count < LONG {
            self.median(start, middle, last)
        } else {
            let step = count / 8;
            let low = self.median(start, start + step, start + 2 * step);
            let centre = self.median(middle - step, middle, middle + step);
            let high = self.median(last - 2 * step, last - step, last);
            self.median(low, centre, high)
        };
        // The pivot waits in front. Both scans stop at equal elements, so that a
        // run of equal ones is split in the middle.
        // SAFETY: all indices stay from `start` to `last`.
        unsafe {
            self.swap(start, pivot);
            let (mut left, mut right) = (start + 1, last);
            loop {
                while left <= right && self.less(left, start) {
                    left += 1;
                }
                while left <= right && self.less(start, right) {
                    right -= 1;
                }
                if left >= right {
                    break;
                }
                self.swap(left, right);
                left += 1;
                right -= 1;
            }
            self.swap(start, right);
            right
        }
    }

    /// # Safety
    /// The run is in the array.
    unsafe fn insertion_sort(&mut self, start: usize, count: usize) {
        for next in start + 1..start + count {
            let mut hole = next;
            while hole > start && self.less(hole, hole - 1) {
                // SAFETY: both are in the run.
                unsafe { self.swap(hole, hole - 1) };
                hole -= 1;
            }
        }
    }

    /// # Safety
    /// The run is in the array.
    unsafe fn heapsort(&mut self, start: usize, count: usize) {
        // SAFETY: every index is below `count`.
        unsafe {
            for root in (0..count / 2).rev() {
                self.sift_down(start, root, count);
            }
            for end in (1..count).rev() {
                self.swap(start, start + end);
                self.sift_down(start, 0, end);
            }
        }
    }

    /// Let the element at `root` of a heap sink to its place.
    ///
    /// # Safety
    /// The heap of `count` elements from `start` on is in the array.
    unsafe fn sift_down(&mut self, start: usize, mut root: usize, count: usize) {
        loop {
            let mut child = 2 * root + 1;
            if child >= count {
                return;
            }
            if child + 1 < count && self.less(start + child, start + child + 1) {
                child += 1;
            }
            if !self.less(start + root, start + child) {
                return;
            }
            // SAFETY: both are below `count`.
            unsafe { self.swap(start + root, start + child) };
            root = child;
        }
    }
}

/// The index of an element that compares equal: `compare` says how the one with
/// the given index stands to the one that is looked for.
pub fn search(count: usize, mut compare: impl FnMut(usize) -> Ordering) -> Option<usize> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        match compare(middle) {
            Ordering::Less => low = middle + 1,
            Ordering::Equal => return Some(middle),
            Ordering::Greater => high = middle,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Sort keys that sit in elements of `size` bytes, and count the comparisons.
    fn sorted(keys: &[u16], size: usize) -> (Vec<u16>, usize) {
        let mut bytes = Vec::new();
        for key in keys {
            bytes.extend(key.to_be_bytes());
            bytes.extend((2..size).map(|i| key.to_be_bytes()[i % 2] ^ i as u8));
        }
        let mut calls = 0;
        let range = bytes.as_ptr_range();
        let mut compare = |a: *const u8, b: *const u8| {
            calls += 1;
            assert!(
                range.contains(&a) && range.contains(&b),
                "pointers into the array"
            );
            // SAFETY: the start of an element, as checked.
            let key = |p: *const u8| unsafe { p.cast::<[u8; 2]>().read() };
            key(a).cmp(&key(b))
        };
        // SAFETY: `size` bytes were written for each key.
        unsafe { sort(bytes.as_mut_ptr(), keys.len(), size, &mut compare) };
        let keys = bytes.chunks(size).map(|element| {
            let key = [element[0], element[1]];
            assert!(
                (2..size).all(|i| element[i] == key[i % 2] ^ i as u8),
                "torn element"
            );
            u16::from_be_bytes(key)
        });
        (keys.collect(), calls)
    }

    proptest! {
        #[test]
        fn sorts_any_keys_in_any_size(keys: Vec<u16>, size in 2usize..40) {
            let mut expected = keys.clone();
            expected.sort();
            prop_assert_eq!(sorted(&keys, size).0, expected);
        }

        #[test]
        fn sorts_many_equal_keys(keys in prop::collection::vec(0u16..4, 0..500)) {
            let mut expected = keys.clone();
            expected.sort();
            prop_assert_eq!(sorted(&keys, 8).0, expected);
        }

        #[test]
        fn survives_contradictions(count in 0usize..300, answers: Vec<i8>) {
            let mut bytes: Vec<u8> = (0..count).map(|i| i as u8).collect();
            let mut at = 0;
            let mut compare = |_: *const u8, _: *const u8| {
                at += 1;
                answers.get(at % answers.len().max(1)).unwrap_or(&-1).cmp(&0)
            };
            // SAFETY: `count` bytes.
            unsafe { sort(bytes.as_mut_ptr(), count, 1, &mut compare) };
            let mut expected: Vec<u8> = (0..count).map(|i| i as u8).collect();
            expected.sort();
            bytes.sort();
            prop_assert_eq!(bytes, expected, "a permutation");
        }
    }

    /// McIlroy's adversary (A Killer Adversary for Quicksort, 1999): it decides the
    /// order of the elements while they are compared, always against the pivot.
    #[test]
    fn an_adversary_cannot_make_it_quadratic() {
        const COUNT: usize = 20_000;
        let gas = COUNT as u32;
        let mut values = vec![gas; COUNT];
        let mut solid = 0;
        let mut candidate = 0;
        let mut calls = 0usize;
        let mut items: Vec<u32> = (0..gas).collect();
        let mut compare = |a: *const u8, b: *const u8| {
            calls += 1;
            // SAFETY: an element of `items`.
            let item = |p: *const u8| unsafe { p.cast::<u32>().read() } as usize;
            let (x, y) = (item(a), item(b));
            if values[x] == gas && values[y] == gas {
                let frozen = if x == candidate { x } else { y };
                values[frozen] = solid;
                solid += 1;
            }
            if values[x] == gas {
                candidate = x;
            } else if values[y] == gas {
                candidate = y;
            }
            values[x].cmp(&values[y])
        };
        // SAFETY: `COUNT` numbers of four bytes.
        unsafe { sort(items.as_mut_ptr().cast(), COUNT, 4, &mut compare) };
        let bound = 6 * COUNT * COUNT.ilog2() as usize;
        assert!(calls < bound, "{calls} comparisons, bound {bound}");
        assert!(items.is_sorted_by_key(|&item| values[item as usize]));
    }

    #[test]
    fn patterns_take_few_comparisons() {
        let count = 10_000u16;
        let patterns: [(&str, Vec<u16>); 5] = [
            ("ascending", (0..count).collect()),
            ("descending", (0..count).rev().collect()),
            ("equal", vec![7; count.into()]),
            (
                "organ pipe",
                (0..count / 2).chain((0..count / 2).rev()).collect(),
            ),
            ("saw", (0..count).map(|i| i % 100).collect()),
        ];
        for (name, keys) in patterns {
            let (result, calls) = sorted(&keys, 2);
            assert!(result.is_sorted(), "{name}");
            let bound = 3 * keys.len() * keys.len().ilog2() as usize;
            assert!(calls < bound, "{name}: {calls} comparisons, bound {bound}");
        }
    }

    #[test]
    fn search_finds_what_is_there() {
        let numbers: Vec<u32> = (0..100).map(|i| 3 * i).collect();
        for wanted in 0..310 {
            let found = search(numbers.len(), |i| numbers[i].cmp(&wanted));
            assert_eq!(found, numbers.binary_search(&wanted).ok());
        }
    }
}
