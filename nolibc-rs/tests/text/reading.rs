//! Both sides of reading a number: glibc's `strtod` and relatives, and ours.

use std::ffi::{CString, c_char, c_int};

use nolibc::decimal::{self, DOUBLE, Extended, FLOAT, Format};

unsafe extern "C" {
    fn strtod(text: *const c_char, end: *mut *mut c_char) -> f64;
    fn strtof(text: *const c_char, end: *mut *mut c_char) -> f32;
    fn strtold();
}

/// What comes back: bits, how far, range error.
pub type Answer = (u128, usize, bool);

pub fn errno() -> *mut c_int {
    // SAFETY: no requirements.
    unsafe { libc::__errno_location() }
}

pub fn theirs(text: &str, format: Format) -> Answer {
    let text = CString::new(text).unwrap();
    let start = text.as_ptr();
    let mut end = start.cast_mut();
    // SAFETY: a string, a place for its end, and this thread's errno.
    unsafe {
        *errno() = 0;
        let bits = match format {
            FLOAT => u128::from(strtof(start, &mut end).to_bits()),
            DOUBLE => u128::from(strtod(start, &mut end).to_bits()),
            _ => {
                let mut result = Extended {
                    mantissa: 0,
                    sign_exponent: 0,
                };
                // The result is in st(0), which Rust cannot receive.
                std::arch::asm!(
                    "call {function}",
                    "fstp tbyte ptr [r12]",
                    function = sym strtold,
                    in("r12") &raw mut result,
                    in("rdi") start,
                    in("rsi") &raw mut end,
                    clobber_abi("C"),
                );
                u128::from(result.mantissa) | u128::from(result.sign_exponent) << 64
            }
        };
        (
            bits,
            end.offset_from(start) as usize,
            *errno() == libc::ERANGE,
        )
    }
}

pub fn ours(text: &str, format: Format, mode: u32) -> Answer {
    let parsed = decimal::parse(text.as_bytes(), format, mode);
    if format == DOUBLE
        && mode == 0
        && let Some((value, used)) = decimal::parse_short(text.as_bytes())
    {
        let parsed = parsed.expect("both or none");
        let other = parsed.number.to_double();
        assert_eq!(
            (value.to_bits(), used, false),
            (other.to_bits(), parsed.used, parsed.range),
            "{text:?}"
        );
    }
    let Some(parsed) = parsed else {
        return (0, 0, false);
    };
    let bits = match format {
        FLOAT => parsed.number.to_float().to_bits().into(),
        DOUBLE => parsed.number.to_double().to_bits().into(),
        _ => {
            let result = parsed.number.to_extended();
            u128::from(result.mantissa) | u128::from(result.sign_exponent) << 64
        }
    };
    (bits, parsed.used, parsed.range)
}

/// glibc 2.36 loses a bit of a hexadecimal number whose result is subnormal: the
/// one just below the precision of normal numbers. The halves in `hard_cases`
/// and the test below say what is right.
pub fn drops_a_bit(text: &str, format: Format, ours: Answer) -> bool {
    let magnitude = match format {
        FLOAT => ours.0 & 0x7fff_ffff,
        DOUBLE => ours.0 & 0x7fff_ffff_ffff_ffff,
        _ => ours.0 & !(1 << 79),
    };
    text.contains("0x") && magnitude >> (format.precision - 1) == 0
}
