//! `include/errno.h` and `src/errno.rs` have the same numbers.

use nolibc::Errno;

#[test]
fn header_and_library_agree() {
    let header = include_str!("../include/errno.h");
    let mut numbers = Vec::new();
    for line in header.lines() {
        let words: Vec<_> = line.split_whitespace().collect();
        if let ["#define", name, value] = words[..]
            && let Ok(number) = value.parse()
        {
            assert_eq!(Errno::from_raw(number).name(), Some(name), "{line}");
            numbers.push(number);
        }
    }
    let known: Vec<i32> = (-200..5000)
        .filter(|&number| Errno::from_raw(number).name().is_some())
        .collect();
    assert_eq!(numbers, known, "one line for each number, in order");
}

#[test]
fn messages_are_glibcs() {
    for number in 0..133 {
        let Some(message) = Errno::from_raw(number).message() else {
            continue;
        };
        // SAFETY: the host's strerror answers a C string.
        let host = unsafe { std::ffi::CStr::from_ptr(libc::strerror(number)) };
        assert_eq!(message, host, "{number}");
    }
}
