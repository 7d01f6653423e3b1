//! Reading numbers against glibc: any text, to every format, and as an integer.
#![no_main]

#[path = "../../tests/text/reading.rs"]
mod reading;

use std::ffi::CString;

use libfuzzer_sys::fuzz_target;
use nolibc::decimal::{DOUBLE, EXTENDED, FLOAT};
use nolibc::scan::parse_integer;

fuzz_target!(|bytes: &[u8]| {
    // White space is skipped before the text gets here.
    let text: Vec<u8> = bytes
        .iter()
        .copied()
        .take_while(|&byte| byte != 0)
        .collect();
    if text
        .first()
        .is_some_and(|byte| matches!(byte, b' ' | b'\t'..=b'\r'))
    {
        return;
    }
    let Ok(text) = String::from_utf8(text) else {
        return;
    };
    for format in [DOUBLE, FLOAT, EXTENDED] {
        let (ours, theirs) = (
            reading::ours(&text, format, 0),
            reading::theirs(&text, format),
        );
        // glibc keeps a number that stands in the parentheses.
        let named = ours.1 == theirs.1 && text.to_ascii_lowercase().contains("nan(");
        assert!(
            ours == theirs || named || reading::drops_a_bit(&text, format, ours),
            "{text:?} as {format:?}: {ours:x?} and {theirs:x?}"
        );
    }
    integer(&text, i32::from(bytes.len() as u8 % 37));
});

fn integer(text: &str, base: i32) {
    let c = CString::new(text).expect("no zeros");
    let mut end = c.as_ptr().cast_mut();
    // SAFETY: a string, a place for its end, and this thread's errno.
    let (value, used, range) = unsafe {
        *reading::errno() = 0;
        let value = libc::strtol(c.as_ptr(), &mut end, base);
        let range = *reading::errno() == libc::ERANGE;
        (value, end.offset_from(c.as_ptr()) as usize, range)
    };
    if let Ok(ours) = parse_integer(&text.as_bytes(), base) {
        let (number, error) = ours.signed(i64::MIN, i64::MAX);
        assert_eq!(
            (number, ours.used, error.is_some()),
            (value, used, range),
            "{text:?} in base {base}"
        );
    }
}
