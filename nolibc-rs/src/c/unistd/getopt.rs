//! `getopt` (POSIX.1-2024): options are single letters, the first operand ends
//! them.

use core::ffi::{CStr, c_char, c_int};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicUsize, Ordering};

/// The argument of the last option.
#[unsafe(no_mangle)]
pub static mut optarg: *mut c_char = null_mut();
/// The index in `argv` of what comes next; a program sets it to 1 to start again.
#[unsafe(no_mangle)]
pub static mut optind: c_int = 1;
/// Whether to print messages.
#[unsafe(no_mangle)]
pub static mut opterr: c_int = 1;
/// The option letter that was wrong.
#[unsafe(no_mangle)]
pub static mut optopt: c_int = 0;

/// Letters of `argv[optind]` that were handled; 0 at the start of a word.
static HANDLED: AtomicUsize = AtomicUsize::new(0);

/// How `options` describes a letter.
#[derive(PartialEq, Eq)]
enum Meaning {
    Unknown,
    Plain,
    TakesArgument,
}

fn meaning(options: &[u8], letter: u8) -> Meaning {
    let place = options.iter().position(|byte| *byte == letter);
    match place {
        Some(place) if letter != b':' => match options.get(place + 1) {
            Some(b':') => Meaning::TakesArgument,
            _ => Meaning::Plain,
        },
        _ => Meaning::Unknown,
    }
}

fn complain(program: &[u8], what: &[u8], letter: u8) {
    for part in [program, what, &[letter, b'\n']] {
        // A message that cannot be printed is lost: POSIX asks for no more.
        let _ = crate::file::write(2, part);
    }
}

/// As POSIX `getopt`; the last operand ends the options (no permutation).
///
/// # Safety
/// As POSIX says: `argv` holds `argc` strings and a null, `options` is a string;
/// one thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getopt(
    argc: c_int,
    argv: *const *mut c_char,
    options: *const c_char,
) -> c_int {
    // SAFETY: the caller's contract, which also covers the four variables.
    unsafe {
        let word = if argv.is_null() || options.is_null() || optind < 0 || optind >= argc {
            null_mut()
        } else {
            *argv.add(optind as usize)
        };
        if word.is_null() {
            return -1;
        }
        let letters = CStr::from_ptr(word).to_bytes();
        if letters.first() != Some(&b'-') || letters == b"-" {
            return -1;
        }
        if letters == b"--" {
            optind += 1;
            return -1;
        }
        let options = CStr::from_ptr(options).to_bytes();
        // Beyond the end, the program changed `optind` or `argv`, and the word is new.
        let at = HANDLED.load(Ordering::Relaxed).max(1);
        let (at, letter) = match letters.get(at) {
            Some(&letter) => (at, letter),
            None => (1, letters.get(1).copied().unwrap_or_default()),
        };
        let last = at + 1 >= letters.len();
        HANDLED.store(if last { 0 } else { at + 1 }, Ordering::Relaxed);
        optind += c_int::from(last);
        let quiet = options.first() == Some(&b':') || opterr == 0;
        let program = || match (*argv).is_null() {
            true => &[][..],
            false => CStr::from_ptr(*argv).to_bytes(),
        };
        match meaning(options, letter) {
            Meaning::Plain => c_int::from(letter),
            Meaning::Unknown => {
                optopt = letter.into();
                if !quiet {
                    complain(program(), b": illegal option -- ", letter);
                }
                b'?'.into()
            }
            Meaning::TakesArgument => {
                HANDLED.store(0, Ordering::Relaxed);
                if !last {
                    optarg = word.add(at + 1);
                    optind += 1;
                } else if optind < argc {
                    optarg = *argv.add(optind as usize);
                    optind += 1;
                } else {
                    optopt = letter.into();
                    if !quiet {
                        complain(program(), b": option requires an argument -- ", letter);
                    }
                    let colon = options.first() == Some(&b':');
                    return if colon { b':' } else { b'?' }.into();
                }
                letter.into()
            }
        }
    }
}
