//! `rand`, `random` and `drand48` with their families.

use core::ffi::{c_char, c_int, c_long, c_uint, c_ushort};

use crate::random::{Congruential, Feedback, fraction, from_word, join, split};
use crate::sync::Lock;

static FEEDBACK: Lock<Feedback> = Lock::new(Feedback::new(1));
static CONGRUENTIAL: Lock<Congruential> = Lock::new(Congruential::new());

/// A pseudo-random number from 0 to `RAND_MAX`.
///
/// Source: C11 7.22.2.1; the numbers are glibc's.
#[unsafe(no_mangle)]
pub extern "C" fn rand() -> c_int {
    FEEDBACK.lock().next() as c_int
}

/// Start `rand` and `random` anew.
///
/// Source: C11 7.22.2.2.
#[unsafe(no_mangle)]
pub extern "C" fn srand(seed: c_uint) {
    *FEEDBACK.lock() = Feedback::new(seed);
}

/// A pseudo-random number from a state of the caller's.
///
/// Source: POSIX.1-2008 `rand_r`; the numbers are glibc's.
///
/// # Safety
/// `seed` may be read and written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rand_r(seed: *mut c_uint) -> c_int {
    // SAFETY: the caller's contract.
    from_word(unsafe { &mut *seed }) as c_int
}

/// A pseudo-random number of 31 bits.
///
/// Source: POSIX.1-2024 `random`; the numbers are glibc's.
#[unsafe(no_mangle)]
pub extern "C" fn random() -> c_long {
    FEEDBACK.lock().next().into()
}

/// Start `rand` and `random` anew.
///
/// Source: POSIX.1-2024 `srandom`.
#[unsafe(no_mangle)]
pub extern "C" fn srandom(seed: c_uint) {
    srand(seed);
}

/// The next number of the program's own state.
fn next() -> u64 {
    let mut generator = CONGRUENTIAL.lock();
    generator.state = generator.after(generator.state);
    generator.state
}

/// The next number of a state of the caller's.
///
/// # Safety
/// `state` has three words that may be read and written.
unsafe fn next_of(state: *mut c_ushort) -> u64 {
    let words: *mut [c_ushort; 3] = state.cast();
    // SAFETY: the caller's contract.
    unsafe {
        let number = CONGRUENTIAL.lock().after(join(*words));
        *words = split(number);
        number
    }
}

/// 31 bits without a sign.
fn positive(number: u64) -> c_long {
    (number >> 17) as c_long
}

/// 32 bits with a sign.
fn signed(number: u64) -> c_long {
    ((number >> 16) as i32).into()
}

/// A number from 0 to 1, 1 excluded.
///
/// Source: POSIX.1-2024 `drand48`.
#[unsafe(no_mangle)]
pub extern "C" fn drand48() -> f64 {
    fraction(next())
}

/// [`drand48`] from a state of the caller's.
///
/// Source: POSIX.1-2024 `erand48`.
///
/// # Safety
/// `state` has three words that may be read and written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn erand48(state: *mut c_ushort) -> f64 {
    // SAFETY: the caller's contract.
    fraction(unsafe { next_of(state) })
}

/// A number from 0 to 2^31 - 1.
///
/// Source: POSIX.1-2024 `lrand48`.
#[unsafe(no_mangle)]
pub extern "C" fn lrand48() -> c_long {
    positive(next())
}

/// [`lrand48`] from a state of the caller's.
///
/// Source: POSIX.1-2024 `nrand48`.
///
/// # Safety
/// `state` has three words that may be read and written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nrand48(state: *mut c_ushort) -> c_long {
    // SAFETY: the caller's contract.
    positive(unsafe { next_of(state) })
}

/// A number from -2^31 to 2^31 - 1.
///
/// Source: POSIX.1-2024 `mrand48`.
#[unsafe(no_mangle)]
pub extern "C" fn mrand48() -> c_long {
    signed(next())
}

/// [`mrand48`] from a state of the caller's.
///
/// Source: POSIX.1-2024 `jrand48`.
///
/// # Safety
/// `state` has three words that may be read and written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jrand48(state: *mut c_ushort) -> c_long {
    // SAFETY: the caller's contract.
    signed(unsafe { next_of(state) })
}

/// Start the `drand48` family anew from the low 32 bits of `seed`.
///
/// Source: POSIX.1-2024 `srand48`.
#[unsafe(no_mangle)]
pub extern "C" fn srand48(seed: c_long) {
    *CONGRUENTIAL.lock() = Congruential {
        state: u64::from(seed as u32) << 16 | 0x330e,
        ..Congruential::new()
    };
}

/// Start the `drand48` family anew; answers the state before, which the next such
/// call overwrites.
///
/// Source: POSIX.1-2024 `seed48`.
///
/// # Safety
/// `state` has three words.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seed48(state: *const c_ushort) -> *mut c_ushort {
    static mut BEFORE: [c_ushort; 3] = [0; 3];
    // SAFETY: the caller's contract.
    let words = unsafe { *state.cast::<[c_ushort; 3]>() };
    let mut generator = CONGRUENTIAL.lock();
    // SAFETY: only this function touches it, and it holds the lock.
    unsafe { BEFORE = split(generator.state) };
    *generator = Congruential {
        state: join(words),
        ..Congruential::new()
    };
    (&raw mut BEFORE).cast()
}

/// Set state, factor and addend of the `drand48` family.
///
/// Source: POSIX.1-2024 `lcong48`.
///
/// # Safety
/// `parameters` has seven words.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lcong48(parameters: *const c_ushort) {
    // SAFETY: the caller's contract.
    let [s0, s1, s2, f0, f1, f2, addend] = unsafe { *parameters.cast::<[c_ushort; 7]>() };
    *CONGRUENTIAL.lock() = Congruential {
        state: join([s0, s1, s2]),
        factor: join([f0, f1, f2]),
        addend: addend.into(),
    };
}

/// The number that `l64a` wrote: base 64 with the digits `./0-9A-Za-z`, the least
/// first, at most six.
///
/// Source: POSIX.1-2024 `a64l`.
///
/// # Safety
/// `s` is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn a64l(s: *const c_char) -> c_long {
    // SAFETY: the caller's contract.
    let digits = unsafe { crate::c::string::borrow(s) };
    let mut number = 0u32;
    for (place, digit) in digits.iter().take(6).enumerate() {
        let Some(value) = DIGITS.iter().position(|known| known == digit) else {
            break;
        };
        number |= (value as u32) << (6 * place);
    }
    (number as i32).into()
}

/// The low 32 bits of a number in base 64; the next call overwrites the answer.
///
/// Source: POSIX.1-2024 `l64a`.
///
/// # Safety
/// No other thread calls it while the answer is in use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn l64a(value: c_long) -> *mut c_char {
    static mut TEXT: [u8; 7] = [0; 7];
    let mut text = [0; 7];
    let mut left = value as u32;
    for place in text.iter_mut().take(6) {
        if left == 0 {
            break;
        }
        *place = DIGITS[(left & 63) as usize];
        left >>= 6;
    }
    // SAFETY: POSIX allows one buffer for all calls; its last byte stays 0.
    unsafe { TEXT = text };
    (&raw mut TEXT).cast()
}

const DIGITS: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
