//! A unikernel in Rust: counts its arguments, and says how long that took.
//!
//! `core` and `alloc` on `libnolibc.a`, which runs the `main` below: memory comes from
//! its `malloc`, text goes out through its `write`.

#![no_std]

extern crate alloc;

mod nolibc;

use alloc::collections::BTreeMap;
use alloc::string::String;
use core::ffi::{c_char, c_int};

use nolibc::{arguments, println, seconds};

/// What `libnolibc.a` calls.
///
/// # Safety
/// `argv` holds `argc` strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn main(argc: c_int, argv: *const *const c_char) -> c_int {
    let start = seconds();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    // SAFETY: they are what the library calls `main` with.
    for word in unsafe { arguments(argc, argv) } {
        *counts.entry(word).or_default() += 1;
    }
    for (word, count) in &counts {
        println!("{count} {word}");
    }
    let time = seconds() - start;
    println!("{} words in less than {:.0} s", counts.len(), time + 1.0);
    0
}
