//! `cargo xtask bench bytes`: `<string.h>` against glibc and musl, by length, aligned and not.

use std::ffi::{c_char, c_int, c_void};
use std::mem::transmute;

use crate::measure::Row;
use crate::{Result, glibc};

type Copy = unsafe extern "C" fn(*mut c_void, *const c_void, usize) -> *mut c_void;
type Set = unsafe extern "C" fn(*mut c_void, c_int, usize) -> *mut c_void;
type Compare = unsafe extern "C" fn(*const c_void, *const c_void, usize) -> c_int;
type Find = unsafe extern "C" fn(*const c_void, c_int, usize) -> *mut c_void;
type Length = unsafe extern "C" fn(*const c_char) -> usize;

unsafe extern "C" {
    fn nolibc_memcpy(to: *mut c_void, from: *const c_void, len: usize) -> *mut c_void;
    fn musl_memcpy(to: *mut c_void, from: *const c_void, len: usize) -> *mut c_void;
    fn nolibc_memmove(to: *mut c_void, from: *const c_void, len: usize) -> *mut c_void;
    fn musl_memmove(to: *mut c_void, from: *const c_void, len: usize) -> *mut c_void;
    fn nolibc_memset(to: *mut c_void, byte: c_int, len: usize) -> *mut c_void;
    fn musl_memset(to: *mut c_void, byte: c_int, len: usize) -> *mut c_void;
    fn nolibc_memcmp(a: *const c_void, b: *const c_void, len: usize) -> c_int;
    fn musl_memcmp(a: *const c_void, b: *const c_void, len: usize) -> c_int;
    fn nolibc_memchr(a: *const c_void, byte: c_int, len: usize) -> *mut c_void;
    fn musl_memchr(a: *const c_void, byte: c_int, len: usize) -> *mut c_void;
    fn nolibc_strlen(text: *const c_char) -> usize;
    fn musl_strlen(text: *const c_char) -> usize;
}

const LENGTHS: [usize; 12] = [
    1, 8, 15, 32, 64, 127, 256, 512, 1514, 4096, 65_536, 1_048_576,
];
/// The longest mixed length: that of a packet.
const PACKET: usize = 1514;

/// Two areas, at so many bytes after a multiple of 64, for the life of the program.
fn areas(skew: usize) -> (*mut u8, *mut u8) {
    let area = |byte: u8, skew: usize| {
        let memory = vec![byte; (1 << 20) + 4096].leak();
        let offset = memory.as_ptr().align_offset(64);
        memory[offset + skew..].as_mut_ptr()
    };
    (area(b'a', 0), area(b'a', skew))
}

/// The lengths that a workload goes through: one, or a mix that no predictor learns.
fn lengths(len: Option<usize>) -> Vec<usize> {
    let mut state = 12_345u64;
    let mixed = std::iter::repeat_with(|| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize % (PACKET + 1)
    });
    match len {
        Some(len) => vec![len],
        None => mixed.take(4096).collect(),
    }
}

fn with<R>(
    row: Row,
    name: &'static str,
    lengths: &[usize],
    mut call: impl FnMut(usize) -> R + 'static,
) -> Row {
    let lengths = lengths.to_vec();
    let mut at = 0;
    row.with(name, move || {
        at = if at + 1 < lengths.len() { at + 1 } else { 0 };
        call(lengths[at])
    })
}

/// A row for a function of two areas.
macro_rules! row {
    ($name:literal, $type:ty, $ours:ident, $musl:ident, $call:expr, $len:expr, $skew:expr) => {{
        let (a, b) = areas($skew);
        let lengths = lengths($len);
        let what = $len.map_or("mixed".to_string(), |len: usize| len.to_string());
        let row = Row::new(format!(
            "{} {what}{}",
            $name,
            if $skew == 0 { "" } else { " +3" }
        ));
        // SAFETY: the function's type.
        let glibc = unsafe { transmute::<*mut c_void, $type>(glibc::function($name)?) };
        let call = $call;
        let row = with(row, "nolibc", &lengths, move |len| {
            call($ours as $type, a, b, len)
        });
        let row = with(row, "glibc", &lengths, move |len| call(glibc, a, b, len));
        with(row, "musl", &lengths, move |len| {
            call($musl as $type, a, b, len)
        })
    }};
}

/// The length of a string that ends after `len` bytes.
fn length(f: Length, _: *mut u8, text: *mut u8, len: usize) -> usize {
    // SAFETY: the areas are longer than any length and live for ever.
    unsafe {
        text.add(len).write(0);
        let found = f(text.cast());
        text.add(len).write(b'a');
        found
    }
}

/// The workloads.
pub fn rows() -> Result<Vec<Row>> {
    let copy = |f: Copy, a: *mut u8, b: *mut u8, len| {
        // SAFETY: the areas are longer than any length and live for ever.
        unsafe { f(a.cast(), b.cast(), len) }
    };
    let set = |f: Set, a: *mut u8, _, len| {
        // SAFETY: as above.
        unsafe { f(a.cast(), 7, len) }
    };
    let compare = |f: Compare, a: *mut u8, b: *mut u8, len| {
        // SAFETY: as above.
        unsafe { f(a.cast(), b.cast(), len) }
    };
    let find = |f: Find, a: *mut u8, _, len| {
        // SAFETY: as above.
        unsafe { f(a.cast(), 0x5a, len) }
    };
    let mut rows = Vec::new();
    for len in LENGTHS.map(Some).into_iter().chain([None]) {
        for skew in [0, 3] {
            rows.push(row!(
                "memcpy",
                Copy,
                nolibc_memcpy,
                musl_memcpy,
                copy,
                len,
                skew
            ));
            rows.push(row!(
                "memmove",
                Copy,
                nolibc_memmove,
                musl_memmove,
                copy,
                len,
                skew
            ));
            rows.push(row!(
                "memcmp",
                Compare,
                nolibc_memcmp,
                musl_memcmp,
                compare,
                len,
                skew
            ));
        }
        rows.push(row!("memset", Set, nolibc_memset, musl_memset, set, len, 0));
        rows.push(row!(
            "memchr",
            Find,
            nolibc_memchr,
            musl_memchr,
            find,
            len,
            0
        ));
        rows.push(row!(
            "strlen",
            Length,
            nolibc_strlen,
            musl_strlen,
            length,
            len,
            0
        ));
    }
    rows.sort_by_key(|row| row.name.split(' ').next().unwrap_or_default().to_string());
    Ok(rows)
}
