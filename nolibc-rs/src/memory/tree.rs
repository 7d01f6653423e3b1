//! The parts of the window that are in use, in the order of their addresses.
//!
//! A treap (C. R. Aragon, R. G. Seidel, "Randomized search trees", 1989): a binary tree
//! by address whose nodes are a heap by a number that looks random, so that a path has
//! O(log n) nodes expected. Each node knows the ends of its subtree and the longest gap
//! in it, so that the lowest gap that is long enough is found on one path.

use core::ptr::{NonNull, null_mut};

/// What a part is used for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Use {
    /// `mmap`.
    Mapping,
    /// `malloc`: one block, and a page behind it that is never mapped.
    Block,
}

/// A part of the window, and its place in the tree.
pub struct Node {
    /// The first address.
    pub start: usize,
    /// The address behind the last.
    pub end: usize,
    /// What for.
    pub used_as: Use,
    rank: u32,
    left: *mut Node,
    right: *mut Node,
    /// The ends of the subtree.
    low: usize,
    high: usize,
    /// The longest gap in the subtree.
    gap: usize,
}

impl Node {
    /// A part on its own.
    pub fn new(start: usize, end: usize, used_as: Use) -> Self {
        Self {
            start,
            end,
            used_as,
            // Multiplication by 2^64 over the golden ratio; the high bits depend on all others.
            rank: ((start as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32,
            left: null_mut(),
            right: null_mut(),
            low: start,
            high: end,
            gap: 0,
        }
    }
}

/// Parts of the window, none of which overlap.
pub struct Tree(*mut Node);

// SAFETY: the nodes belong to the tree alone while they are in it.
unsafe impl Send for Tree {}

/// # Safety
/// `node` is null or in the tree, and no other reference to it is alive.
unsafe fn node<'a>(node: *mut Node) -> Option<&'a mut Node> {
    // SAFETY: the caller's contract; nodes are live as long as they are in the tree.
    unsafe { node.as_mut() }
}

/// Derive from its children what a node knows of its subtree.
fn update(top: &mut Node) {
    (top.low, top.high, top.gap) = (top.start, top.end, 0);
    // SAFETY: a node's children are in the tree, and other nodes than itself.
    if let Some(left) = unsafe { node(top.left) } {
        top.low = left.low;
        top.gap = left.gap.max(top.start - left.high);
    }
    // SAFETY: as above.
    if let Some(right) = unsafe { node(top.right) } {
        top.high = right.high;
        top.gap = top.gap.max(right.gap).max(right.low - top.end);
    }
}

/// Divide a tree: what starts below `address`, and the rest.
fn split(top: *mut Node, address: usize) -> (*mut Node, *mut Node) {
    // SAFETY: only this path goes down the tree, and holds what is below it.
    let Some(this) = (unsafe { node(top) }) else {
        return (null_mut(), null_mut());
    };
    let halves = if this.start < address {
        let (low, high) = split(this.right, address);
        this.right = low;
        (top, high)
    } else {
        let (low, high) = split(this.left, address);
        this.left = high;
        (low, top)
    };
    update(this);
    halves
}

/// One tree of two; all of `low` lies below all of `high`.
fn merge(low: *mut Node, high: *mut Node) -> *mut Node {
    // SAFETY: two trees that share nothing, each with one path going down.
    let (Some(first), Some(second)) = (unsafe { (node(low), node(high)) }) else {
        return if low.is_null() { high } else { low };
    };
    if first.rank > second.rank {
        first.right = merge(first.right, high);
        update(first);
        low
    } else {
        second.left = merge(low, second.left);
        update(second);
        high
    }
}

impl Tree {
    /// No parts.
    pub const fn new() -> Self {
        Self(null_mut())
    }

    /// Add a part, which overlaps no other.
    ///
    /// # Safety
    /// The node is live, and nobody else uses it until it is removed.
    pub unsafe fn insert(&mut self, part: NonNull<Node>) {
        // SAFETY: the caller's contract.
        let this = unsafe { &mut *part.as_ptr() };
        (this.left, this.right) = (null_mut(), null_mut());
        update(this);
        let (low, high) = split(self.0, this.start);
        self.0 = merge(merge(low, part.as_ptr()), high);
    }

    /// Take out the part that starts at `start`.
    pub fn remove(&mut self, start: usize) -> Option<NonNull<Node>> {
        let (low, rest) = split(self.0, start);
        let (found, high) = split(rest, start.saturating_add(1));
        self.0 = merge(low, high);
        NonNull::new(found)
    }

    /// The first part that ends above `address`.
    pub fn at_or_above(&self, address: usize) -> Option<&Node> {
        let (mut top, mut found) = (self.0, None);
        // SAFETY: shared, as is the borrow of the tree.
        while let Some(this) = unsafe { top.as_ref() } {
            if this.end > address {
                found = Some(this);
                top = this.left;
            } else {
                top = this.right;
            }
        }
        found
    }

    /// The part that contains `address`.
    pub fn at(&self, address: usize) -> Option<&Node> {
        self.at_or_above(address)
            .filter(|part| part.start <= address)
    }

    /// The lowest address from `from` on, a multiple of `align` (a power of two of one page
    /// at least), at which `len` addresses below `to` are in no part.
    pub fn lowest_gap(
        &self,
        (mut from, to): (usize, usize),
        len: usize,
        align: usize,
    ) -> Option<usize> {
        // A gap of this length has room, whatever its alignment.
        let sure = len.checked_add(align - crate::pages::PAGE_BYTES)?;
        let mut top = self.0;
        // SAFETY: shared, as is the borrow of the tree.
        while let Some(this) = unsafe { top.as_ref() } {
            // SAFETY: as above.
            if let Some(left) = unsafe { this.left.as_ref() } {
                if left.gap >= sure || left.low.saturating_sub(from) >= sure {
                    top = this.left;
                    continue;
                }
                from = left.high;
            }
            if this.start.saturating_sub(from) >= sure {
                break;
            }
            from = this.end;
            top = this.right;
        }
        let start = from.checked_next_multiple_of(align)?;
        (start.checked_add(len)? <= to).then_some(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const PAGE: usize = crate::pages::PAGE_BYTES;

    fn lowest(
        model: &BTreeMap<usize, usize>,
        to: usize,
        len: usize,
        align: usize,
    ) -> Option<usize> {
        // As the tree does: only gaps that have room whatever their alignment, but for the last.
        let mut from = PAGE;
        for (&start, &end) in model {
            if start - from >= len + align - PAGE {
                return Some(from.next_multiple_of(align));
            }
            from = end;
        }
        let start = from.next_multiple_of(align);
        (start + len <= to).then_some(start)
    }

    fn depth(top: *mut Node) -> usize {
        // SAFETY: live nodes of the test.
        match unsafe { top.as_ref() } {
            Some(this) => 1 + depth(this.left).max(depth(this.right)),
            None => 0,
        }
    }

    proptest! {
        #[test]
        fn as_a_sorted_map(steps in prop::collection::vec((0..3u8, 1..20usize, 0..4u32), 0..300)) {
            let (mut tree, mut model) = (Tree::new(), BTreeMap::new());
            let to = 2000 * PAGE;
            for (what, number, log) in steps {
                let (len, align) = (number * PAGE, PAGE << log);
                let found = tree.lowest_gap((PAGE, to), len, align);
                prop_assert_eq!(found, lowest(&model, to, len, align));
                if what > 0 {
                    let Some(start) = found else { continue };
                    let part = Box::leak(Box::new(Node::new(start, start + len, Use::Mapping)));
                    // SAFETY: leaked until removed.
                    unsafe { tree.insert(NonNull::from(part)) };
                    model.insert(start, start + len);
                } else if let Some((&start, &end)) = model.iter().nth(number) {
                    prop_assert!(tree.at(end - 1).is_some_and(|part| part.start == start));
                    let part = tree.remove(start).unwrap();
                    // SAFETY: leaked above, and no longer in the tree.
                    let part = unsafe { Box::from_raw(part.as_ptr()) };
                    prop_assert_eq!((part.start, part.end), (start, end));
                    model.remove(&start);
                    prop_assert!(tree.remove(start).is_none() && tree.at(start).is_none());
                }
                let above = model.values().find(|end| **end > number * 100 * PAGE);
                let part = tree.at_or_above(number * 100 * PAGE);
                prop_assert_eq!(part.map(|part| part.end), above.copied());
            }
            for start in model.into_keys() {
                let part = tree.remove(start).unwrap();
                // SAFETY: as above.
                drop(unsafe { Box::from_raw(part.as_ptr()) });
            }
            prop_assert!(tree.0.is_null());
        }
    }

    #[test]
    fn paths_are_short() {
        let mut tree = Tree::new();
        let mut parts: Vec<_> = (0..10_000)
            .map(|at| Node::new(at * PAGE, at * PAGE + PAGE, Use::Mapping))
            .collect();
        for part in &mut parts {
            // SAFETY: they outlive the tree.
            unsafe { tree.insert(NonNull::from(part)) };
        }
        assert!(depth(tree.0) < 50, "{}", depth(tree.0));
    }
}
