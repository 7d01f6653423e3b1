//! The command line and the environment.
//!
//! The command line is split into words as a shell does it, without
//! expansions:
//!
//! - spaces, tabs, newlines and carriage returns separate words;
//! - between single quotes every byte stands for itself;
//! - between double quotes too, but a backslash before `"`, `\` or `$` or a grave accent is dropped,
//!   and one before a newline is dropped together with it;
//! - elsewhere a backslash makes the next byte stand for itself.
//!
//! A leading run of words `NAME=value` is the environment, where NAME has letters,
//! digits and underscores and does not start with a digit. A word `--` right
//! after it (or at the start of the line) ends it and is dropped. All other words are
//! arguments, in order; a later `--` is one of them. The program begins in the directory
//! that PWD names, and without it in `/`.

use core::ffi::{CStr, c_char, c_int};
use core::ptr::{NonNull, null_mut};
use core::sync::atomic::AtomicPtr;
use core::sync::atomic::Ordering::Relaxed;

use crate::bytes;
use crate::errno::{Errno, Result};
use crate::heap;
use crate::sync::Lock;

/// Why a command line is refused; the number is the offset of the byte that is to blame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Malformed {
    /// A quote is not closed.
    OpenQuote(usize),
    /// The line ends in a backslash.
    LoneBackslash(usize),
}

impl Malformed {
    /// What a person reads, and the offset.
    pub fn message(self) -> (&'static str, usize) {
        match self {
            Self::OpenQuote(at) => ("a quote is not closed; it opens", at),
            Self::LoneBackslash(at) => ("nothing follows the backslash", at),
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Take quotes and backslashes out of one word in `line[at..]`, and pass on its bytes.
/// Answers the offset after the word.
fn word(
    line: &[u8],
    mut at: usize,
    mut byte_out: impl FnMut(u8),
) -> core::result::Result<usize, Malformed> {
    let mut quote: Option<(u8, usize)> = None;
    while let Some(&byte) = line.get(at) {
        match (quote, byte) {
            (None, _) if is_space(byte) => break,
            (None, b'\'' | b'"') => quote = Some((byte, at)),
            (Some((open, _)), _) if open == byte => quote = None,
            (Some((b'\'', _)), _) => byte_out(byte),
            (None, b'\\') => {
                at += 1;
                byte_out(*line.get(at).ok_or(Malformed::LoneBackslash(at - 1))?);
            }
            (Some(_), b'\\') => match line.get(at + 1) {
                Some(&next @ (b'"' | b'\\' | b'$' | b'`')) => {
                    at += 1;
                    byte_out(next);
                }
                Some(b'\n') => at += 1,
                _ => byte_out(byte),
            },
            _ => byte_out(byte),
        }
        at += 1;
    }
    match quote {
        Some((_, open)) => Err(Malformed::OpenQuote(open)),
        None => Ok(at),
    }
}

fn is_assignment(word: &[u8]) -> bool {
    let name = word.split(|&byte| byte == b'=').next().unwrap_or_default();
    let good = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    name.len() < word.len()
        && name.iter().all(good)
        && name.first().is_some_and(|byte| !byte.is_ascii_digit())
}

/// What a word of the command line is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// `NAME=value` for the environment.
    Assignment,
    /// An argument of the program.
    Argument,
}

/// Split `line`; each word goes to `word_out`, in `buffer`, which must have room for
/// a word as long as the line.
///
/// # Errors
/// The line is malformed; words before the mistake have been passed on.
pub fn split(
    line: &[u8],
    buffer: &mut [u8],
    mut word_out: impl FnMut(Role, &[u8]),
) -> core::result::Result<(), Malformed> {
    let mut role = Role::Assignment;
    let mut at = 0;
    loop {
        while line.get(at).is_some_and(|byte| is_space(*byte)) {
            at += 1;
        }
        if at >= line.len() {
            return Ok(());
        }
        let start = at;
        let mut len = 0;
        at = word(line, at, |byte| {
            if let Some(place) = buffer.get_mut(len) {
                *place = byte;
                len += 1;
            }
        })?;
        let word = buffer.get(..len).unwrap_or_default();
        if role == Role::Assignment && !is_assignment(word) {
            role = Role::Argument;
            if line.get(start..at) == Some(b"--") {
                continue;
            }
        }
        word_out(role, word);
    }
}

/// The bytes of one of OCaml's minor heaps when `OCAMLRUNPARAM` has no `s`.
const MINOR_HEAP_BYTES: u64 = 256 * 1024 * 8;

/// The value of `letter=` in an `OCAMLRUNPARAM` as OCaml's runtime reads it: the
/// last one counts; decimal or 0x; k, M and G scale.
fn parameter(text: &[u8], letter: u8) -> Option<u64> {
    let mut found = None;
    for item in text.split(|&byte| byte == b',') {
        let [name, b'=', number @ ..] = item else {
            continue;
        };
        if *name == letter {
            found = Some(scaled(number));
        }
    }
    found
}

fn scaled(number: &[u8]) -> u64 {
    let (digits, radix) = match number.strip_prefix(b"0x") {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let mut value = 0u64;
    for &byte in digits {
        match char::from(byte).to_digit(radix) {
            Some(digit) => {
                value = value
                    .saturating_mul(radix.into())
                    .saturating_add(digit.into())
            }
            None => {
                let shift = match byte {
                    b'k' => 10,
                    b'M' => 20,
                    b'G' => 30,
                    _ => 0,
                };
                return value.saturating_mul(1 << shift);
            }
        }
    }
    value
}

/// How many domains OCaml shall make room for, when the user does not say: it
/// reserves a minor heap for each. One sixteenth of `memory_bytes` may go
/// there, to the nearest number of domains.
///
/// Source: DESIGN.md, Memory: 1 at 5 MB, 2 at 64 MB, 16 at 512 MB.
pub fn domains(parameters: &[u8], memory_bytes: usize) -> Option<u32> {
    if parameter(parameters, b'd').is_some() {
        return None;
    }
    let minor =
        parameter(parameters, b's').map_or(MINOR_HEAP_BYTES, |words| words.saturating_mul(8));
    let share = minor.saturating_mul(16).max(1);
    let domains = (memory_bytes as u64).saturating_add(share / 2) / share;
    Some(domains.clamp(1, 128) as u32)
}

/// A list of pointers to strings that ends with null, as C has it.
pub type List = *mut *mut c_char;

/// `environ`. The program may put a list of its own there at any time.
#[cfg_attr(feature = "export", unsafe(no_mangle))]
#[cfg_attr(
    not(feature = "export"),
    expect(non_upper_case_globals, reason = "the name that POSIX gives it")
)]
pub static environ: AtomicPtr<*mut c_char> = AtomicPtr::new(null_mut());

/// What of the environment lies in memory that this module allocated.
struct Own {
    list: List,
    capacity: usize,
    strings: List,
    strings_len: usize,
    strings_capacity: usize,
}

// SAFETY: the pointers are to memory that this value owns.
unsafe impl Send for Own {}

static OWN: Lock<Own> = Lock::new(Own::new());

fn entries() -> impl Iterator<Item = *mut c_char> {
    let list = environ.load(Relaxed);
    (0..).map_while(move |at| {
        if list.is_null() {
            return None;
        }
        // SAFETY: the list ends with null, and no entry after that is read.
        let entry = unsafe { *list.add(at) };
        (!entry.is_null()).then_some(entry)
    })
}

/// The bytes of an entry or a value.
fn text<'a>(string: *const c_char) -> &'a [u8] {
    // SAFETY: every entry of an environment is a terminated string, and nobody
    // changes it while it is looked at.
    unsafe { CStr::from_ptr(string) }.to_bytes()
}

/// The place of the value in an entry for `name`.
fn value_of(entry: *mut c_char, name: &[u8]) -> Option<*mut c_char> {
    let rest = text(entry).strip_prefix(name)?;
    (rest.first() == Some(&b'=')).then(|| entry.wrapping_add(name.len() + 1))
}

/// Where the value of a variable stands, as a terminated string.
pub fn get_pointer(name: &[u8]) -> Option<*mut c_char> {
    if name.is_empty() || name.contains(&b'=') {
        return None;
    }
    entries().find_map(|entry| value_of(entry, name))
}

/// The value of a variable, until the variable is changed.
pub fn get(name: &[u8]) -> Option<&'static [u8]> {
    get_pointer(name).map(|value| text(value))
}

/// Set a variable to a copy of `value`.
///
/// # Errors
/// `EINVAL`: the name is empty or has a `=`. `ENOMEM`: no room.
pub fn set(name: &[u8], value: &[u8], overwrite: bool) -> Result<()> {
    if name.is_empty() || name.contains(&b'=') {
        return Err(Errno::EINVAL);
    }
    if !overwrite && get_pointer(name).is_some() {
        return Ok(());
    }
    let own = &mut *OWN.lock();
    let string = copy(&[name, b"=", value])?;
    let kept = own.remember(string).and_then(|()| own.put(string, name));
    if kept.is_err() {
        own.forget(string);
    }
    kept
}

/// Make `assignment` itself part of the environment; without a `=` in it, unset
/// the variable of that name, as glibc does.
///
/// # Errors
/// `EINVAL`: the name is empty. `ENOMEM`: no room.
pub fn put(assignment: *mut c_char) -> Result<()> {
    let bytes = text(assignment);
    let name = bytes.split(|&byte| byte == b'=').next().unwrap_or_default();
    if name.len() == bytes.len() {
        return unset(name);
    }
    if name.is_empty() {
        return Err(Errno::EINVAL);
    }
    OWN.lock().put(assignment, name)
}

/// Remove a variable; it is no error if there is none.
///
/// # Errors
/// `EINVAL`: the name is empty or has a `=`.
pub fn unset(name: &[u8]) -> Result<()> {
    if name.is_empty() || name.contains(&b'=') {
        return Err(Errno::EINVAL);
    }
    let own = &mut *OWN.lock();
    let list = environ.load(Relaxed);
    let len = entries().count();
    let mut kept = 0;
    for at in 0..len {
        // SAFETY: `at` and `kept` are below the length of the list.
        let entry = unsafe { *list.add(at) };
        if value_of(entry, name).is_some() {
            own.forget(entry);
            continue;
        }
        // SAFETY: as above.
        unsafe { *list.add(kept) = entry };
        kept += 1;
    }
    if kept < len {
        // SAFETY: as above.
        unsafe { *list.add(kept) = null_mut() };
    }
    Ok(())
}

/// Remove all variables.
pub fn clear() {
    let own = &mut *OWN.lock();
    environ.store(null_mut(), Relaxed);
    while let Some(last) = own.strings_len.checked_sub(1) {
        // SAFETY: below the length of the list of strings.
        own.forget(unsafe { *own.strings.add(last) });
    }
}

impl Own {
    const fn new() -> Self {
        Self {
            list: null_mut(),
            capacity: 0,
            strings: null_mut(),
            strings_len: 0,
            strings_capacity: 0,
        }
    }

    /// Add an entry, in the place of the one for `name` if there is one.
    fn put(&mut self, string: *mut c_char, name: &[u8]) -> Result<()> {
        let list = environ.load(Relaxed);
        if let Some(at) = entries().position(|entry| value_of(entry, name).is_some()) {
            // SAFETY: `at` is below the length of the list.
            let old = unsafe { list.add(at).replace(string) };
            if old != string {
                self.forget(old);
            }
            return Ok(());
        }
        let len = entries().count();
        if list != self.list || len + 2 > self.capacity {
            let capacity = (2 * len).max(16);
            let grown = allocate(capacity)?;
            for at in 0..len {
                // SAFETY: both lists have more than `at` entries.
                unsafe { *grown.add(at) = *list.add(at) };
            }
            // SAFETY: nobody uses the old list from here on, if it was ours.
            unsafe { release(self.list.cast()) };
            (self.list, self.capacity) = (grown, capacity);
            environ.store(grown, Relaxed);
        }
        // SAFETY: the list is ours and has room for the entry and the end.
        unsafe {
            *self.list.add(len) = string;
            *self.list.add(len + 1) = null_mut();
        }
        Ok(())
    }

    fn remember(&mut self, string: *mut c_char) -> Result<()> {
        if self.strings_len == self.strings_capacity {
            let capacity = (2 * self.strings_capacity).max(16);
            let grown = allocate(capacity).inspect_err(|_| {
                // SAFETY: nobody has seen the string yet.
                unsafe { release(string.cast()) };
            })?;
            // SAFETY: the new list is longer; the old one is given up.
            unsafe {
                for at in 0..self.strings_len {
                    *grown.add(at) = *self.strings.add(at);
                }
                release(self.strings.cast());
            }
            (self.strings, self.strings_capacity) = (grown, capacity);
        }
        // SAFETY: below the capacity.
        unsafe { *self.strings.add(self.strings_len) = string };
        self.strings_len += 1;
        Ok(())
    }

    /// Give back a string if it is ours.
    fn forget(&mut self, string: *mut c_char) {
        for at in 0..self.strings_len {
            // SAFETY: `at` and the last index are below the length; a string
            // in the list is live and leaves it here.
            unsafe {
                if *self.strings.add(at) == string {
                    self.strings_len -= 1;
                    *self.strings.add(at) = *self.strings.add(self.strings_len);
                    release(string.cast());
                    return;
                }
            }
        }
    }
}

fn allocate(len: usize) -> Result<List> {
    Ok(
        heap::alloc_zeroed(len * size_of::<*mut c_char>(), heap::MIN_ALIGN)?
            .as_ptr()
            .cast(),
    )
}

/// # Safety
/// `block` is null or came from the heap and is not used again.
unsafe fn release(block: *mut u8) {
    if let Some(block) = NonNull::new(block) {
        // SAFETY: the caller's contract.
        unsafe { heap::free(block) };
    }
}

/// A terminated string of `parts`.
fn copy(parts: &[&[u8]]) -> Result<*mut c_char> {
    let len: usize = parts.iter().map(|part| part.len()).sum();
    let string = heap::alloc(len + 1, heap::MIN_ALIGN)?.as_ptr();
    let mut end = string;
    for part in parts {
        // SAFETY: the block has room for all parts and the end.
        unsafe {
            end.copy_from_nonoverlapping(part.as_ptr(), part.len());
            end = end.add(part.len());
        }
    }
    // SAFETY: as above.
    unsafe { *end = 0 };
    Ok(string.cast())
}

/// What `main` gets: `argc` and `argv`, which the program may change and which
/// end with null. The assignments at the start of `line` are in the
/// environment then.
///
/// # Errors
/// `ENOMEM`: no room. The inner error: the line is malformed.
pub fn from_command_line(
    name: &[u8],
    line: &[u8],
) -> Result<core::result::Result<(c_int, List), Malformed>> {
    // A word has two bytes of the line at least, its separator included.
    let room = line.len() / 2 + 3;
    let arguments = allocate(room)?;
    let buffer = heap::alloc_zeroed(line.len().max(1), heap::MIN_ALIGN)?;
    // SAFETY: just allocated, and initialised, with that length.
    let words = unsafe { core::slice::from_raw_parts_mut(buffer.as_ptr(), line.len()) };
    let mut argc = 0;
    let mut add = |role: Role, word: &[u8]| {
        if role == Role::Assignment {
            let mut halves = word.splitn(2, |&byte| byte == b'=');
            let name = halves.next().unwrap_or_default();
            return set(name, halves.next().unwrap_or_default(), true);
        }
        let string = copy(&[word])?;
        // SAFETY: there is room for as many words as the line can have.
        unsafe { *arguments.add(argc) = string };
        argc += 1;
        Ok(())
    };
    let mut added = add(Role::Argument, name);
    let done = split(line, words, |role, word| {
        added = added.and_then(|()| add(role, word));
    });
    // SAFETY: no reference into the buffer is left.
    unsafe { release(buffer.as_ptr()) };
    added?;
    Ok(done.map(|()| (argc as c_int, arguments)))
}

/// Give what OCaml's runtime reads a value that fits this machine, where the user
/// gave none: how many domains there is room for, and a directory for
/// `Runtime_events` that can be written to (its own choice, `/`, cannot).
///
/// # Errors
/// `ENOMEM`: no room for the text.
pub fn set_defaults(memory_bytes: usize) -> Result<()> {
    set(b"OCAML_RUNTIME_EVENTS_DIR", b"/tmp", false)?;
    limit_domains(memory_bytes)
}

/// Tell OCaml's runtime how many domains there is room for, unless the user did.
///
/// # Errors
/// `ENOMEM`: no room for the text.
fn limit_domains(memory_bytes: usize) -> Result<()> {
    // OCaml looks at the second name only if there is no first.
    let given = get(b"OCAMLRUNPARAM")
        .or_else(|| get(b"CAMLRUNPARAM"))
        .unwrap_or_default();
    let Some(domains) = domains(given, memory_bytes) else {
        return Ok(());
    };
    let mut digits = [0; 20];
    let digits = bytes::decimal(domains.into(), &mut digits);
    let between: &[u8] = if given.is_empty() { b"d=" } else { b",d=" };
    let value = copy(&[given, between, digits])?;
    let set = set(b"OCAMLRUNPARAM", text(value), true);
    // SAFETY: `set` has made a copy.
    unsafe { release(value.cast()) };
    set
}
