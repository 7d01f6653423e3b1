//! Text to binary: what `strtod` and its relatives read (C11 7.22.1.3).

use super::exact::Magnitude;
use super::power::{self, any_power, near_power, ten};
use super::round::{Rounded, round};
use super::word::leading_digits;
use super::{Class, Extended, Number, Rounding};

/// A binary format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Format {
    /// Bits of the mantissa.
    pub precision: u32,
    /// The power of two of the smallest subnormal number.
    pub min_exponent: i32,
    /// Every number is less than 2 to this power.
    pub max_exponent: i32,
}

/// `float`.
pub const FLOAT: Format = Format {
    precision: 24,
    min_exponent: -149,
    max_exponent: 128,
};
/// `double`.
pub const DOUBLE: Format = Format {
    precision: 53,
    min_exponent: -1074,
    max_exponent: 1024,
};
/// `long double`, the x87 80-bit format.
pub const EXTENDED: Format = Format {
    precision: 64,
    min_exponent: -16445,
    max_exponent: 16384,
};

impl Number {
    /// The bits in an IEEE format with a hidden bit; `format` is the one that
    /// the number was rounded to. Those above the format's are 0.
    fn bits(self, format: Format) -> u64 {
        let shift = format.precision - 1;
        let exponents = (format.max_exponent as u64) * 2 - 1;
        match self.class {
            Class::Zero => 0,
            Class::Infinite => exponents << shift,
            Class::Nan => exponents << shift | 1 << (shift - 1),
            Class::Finite { mantissa, exponent } => {
                // A subnormal number has the smallest exponent and no top bit.
                let steps = (exponent - format.min_exponent) as u64;
                (steps << shift) + mantissa
            }
        }
    }

    /// As a `double`.
    pub fn to_double(self) -> f64 {
        f64::from_bits(self.bits(DOUBLE) | u64::from(self.negative) << 63)
    }

    /// As a `float`.
    pub fn to_float(self) -> f32 {
        f32::from_bits(self.bits(FLOAT) as u32 | u32::from(self.negative) << 31)
    }

    /// As a `long double`.
    pub fn to_extended(self) -> Extended {
        let (mantissa, exponent) = match self.class {
            Class::Zero => (0, 0),
            Class::Infinite => (1 << 63, 0x7fff),
            Class::Nan => (3 << 62, 0x7fff),
            Class::Finite { mantissa, exponent } => {
                let normal = i32::from(mantissa >> 63 != 0);
                (mantissa, exponent - EXTENDED.min_exponent + normal)
            }
        };
        Extended {
            mantissa,
            sign_exponent: exponent as u16 | u16::from(self.negative) << 15,
        }
    }
}

/// A number that was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parsed {
    /// The number, in the format asked for.
    pub number: Number,
    /// Overflow, or a subnormal result (or 0) that is not exact: `ERANGE`.
    pub range: bool,
    /// How many bytes of the text it took.
    pub used: usize,
}

/// Read the longest number at the start of `text` (sign first: no white space
/// is skipped), rounded as MXCSR's two bits `mode` say. `None`: no number.
pub fn parse(text: &[u8], format: Format, mode: u32) -> Option<Parsed> {
    let mut scanner = Scanner { text, at: 0 };
    let negative = scanner.take(b'-');
    if !negative {
        scanner.take(b'+');
    }
    let rounding = Rounding::of(mode, negative);
    let (class, range) = scanner.number(format, rounding)?;
    Some(Parsed {
        number: Number { negative, class },
        range,
        used: scanner.at,
    })
}

/// A text that is read from its start on.
pub trait Text {
    /// The byte at `at`, 0 at the end. All before it are known and none is 0.
    fn byte(&self, at: usize) -> u8;
    /// The eight bytes from `at` on, the first one lowest; those behind the
    /// first 0 may be anything. `None`: not all of them can be had.
    fn eight(&self, at: usize) -> Option<u64>;
}

impl Text for &[u8] {
    fn byte(&self, at: usize) -> u8 {
        self.get(at).copied().unwrap_or(0)
    }

    fn eight(&self, at: usize) -> Option<u64> {
        let eight = self.get(at..)?.first_chunk()?;
        Some(u64::from_le_bytes(*eight))
    }
}

/// What most texts are: [`parse`] to the nearest `double`, for at most 19 digits
/// and a normal number that one product with a power of ten tells. Answers the
/// number and how many bytes it took.
#[inline(always)]
pub fn parse_short(text: impl Text) -> Option<(f64, usize)> {
    let first = text.byte(0);
    let start = usize::from(matches!(first, b'-' | b'+'));
    let (mut mantissa, mut at) = (0, start);
    // Where the digits behind the point start.
    let mut point = None;
    loop {
        (mantissa, at) = digits(&text, at, mantissa)?;
        if point.is_some() || text.byte(at) != b'.' {
            break;
        }
        at += 1;
        point = Some(at);
    }
    let next = text.byte(at);
    let count = at - start - usize::from(point.is_some());
    let mut scale = point.map_or(0, |point| point as i32 - at as i32);
    if count == 0 || (mantissa == 0 && next | 0x20 == b'x') {
        return None;
    }
    if next | 0x20 == b'e' {
        let sign = text.byte(at + 1);
        let power = at + 1 + usize::from(matches!(sign, b'-' | b'+'));
        if let Some((value, end)) = exponent(&text, power)? {
            scale += if sign == b'-' { -value } else { value };
            at = end;
        }
    }
    let magnitude = nearest(mantissa, scale)?;
    let sign = u64::from(first == b'-') << 63;
    Some((f64::from_bits(magnitude.to_bits() | sign), at))
}

/// The digits of an exponent from `at` on, and where they end; nothing where there are none.
/// `None`: more than five.
#[inline(always)]
fn exponent(text: &impl Text, at: usize) -> Option<Option<(i32, usize)>> {
    let digit = |at| i32::from(text.byte(at).wrapping_sub(b'0'));
    let first = digit(at);
    if first > 9 {
        return Some(None);
    }
    // Most have two.
    let second = digit(at + 1);
    if second > 9 {
        return Some(Some((first, at + 1)));
    }
    let (mut value, mut end) = (first * 10 + second, at + 2);
    loop {
        let next = digit(end);
        if next > 9 {
            return Some(Some((value, end)));
        }
        if value > 9999 {
            return None;
        }
        value = value * 10 + next;
        end += 1;
    }
}

/// Put the digits from `at` on behind those of `mantissa`; answers where they
/// end. `None`: more than a word holds for certain.
#[inline(always)]
fn digits(text: &impl Text, mut at: usize, mut mantissa: u64) -> Option<(u64, usize)> {
    while let Some(eight) = text.eight(at) {
        let (count, value) = leading_digits(eight);
        if count == 0 {
            return Some((mantissa, at));
        }
        if mantissa >= 100_000_000_000 {
            break;
        }
        mantissa = mantissa * ten(count as usize) + value;
        at += count as usize;
        if count < 8 {
            return Some((mantissa, at));
        }
    }
    loop {
        let digit = text.byte(at).wrapping_sub(b'0');
        if digit > 9 {
            return Some((mantissa, at));
        }
        if mantissa >= 1_000_000_000_000_000_000 {
            return None;
        }
        mantissa = mantissa * 10 + u64::from(digit);
        at += 1;
    }
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
}

/// A run of digits with a point: the first 19 (or 16 hexadecimal) significant
/// ones as an integer, and what became of the others.
#[derive(Default)]
struct Run {
    mantissa: u64,
    /// Any digit at all?
    any: bool,
    /// The power of the base by which `mantissa` is to be multiplied.
    scale: i64,
    /// How many significant digits were left out.
    dropped: usize,
    /// Hexadecimal: the first 16 of these, from the top down.
    tail: u64,
    /// One of the others is not 0.
    sticky: bool,
    /// Where the first significant digit is.
    start: usize,
}

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek(0) == byte;
        self.at += usize::from(found);
        found
    }

    /// Take `word` (lower case) in any case.
    fn take_word(&mut self, word: &[u8]) -> bool {
        let here = self.text.get(self.at..self.at + word.len());
        let found = here.is_some_and(|here| here.eq_ignore_ascii_case(word));
        if found {
            self.at += word.len();
        }
        found
    }

    fn number(&mut self, format: Format, rounding: Rounding) -> Option<(Class, bool)> {
        match self.peek(0) | 0x20 {
            b'i' => {
                self.take_word(b"inf").then_some(())?;
                self.take_word(b"inity");
                Some((Class::Infinite, false))
            }
            b'n' => {
                self.take_word(b"nan").then_some(())?;
                self.skip_nan_text();
                Some((Class::Nan, false))
            }
            _ if self.peek(0) == b'0'
                && self.peek(1) | 0x20 == b'x'
                && self.hexadecimal_follows() =>
            {
                self.at += 2;
                Some(self.hexadecimal(format, rounding))
            }
            _ => self.decimal(format, rounding),
        }
    }

    /// `(n-char-sequence)`; its content is ignored.
    fn skip_nan_text(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if rest.first() == Some(&b'(') {
            let inner = rest.iter().skip(1);
            let count = inner
                .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
                .count();
            if rest.get(count + 1) == Some(&b')') {
                self.at += count + 2;
            }
        }
    }

    fn hexadecimal_follows(&self) -> bool {
        let digit = |ahead| self.peek(ahead).is_ascii_hexdigit();
        digit(2) || (self.peek(2) == b'.' && digit(3))
    }

    /// Digits of `base` with at most one point among them.
    #[inline(never)]
    fn run(&mut self, base: u32) -> Run {
        let limit = if base == 16 {
            1 << 60
        } else {
            1_000_000_000_000_000_000
        };
        let mut run = Run {
            start: self.at,
            ..Run::default()
        };
        let mut point = false;
        while let Some(&byte) = self.text.get(self.at) {
            if let Some(digit) = char::from(byte).to_digit(base) {
                run.any = true;
                if run.mantissa < limit {
                    if run.mantissa == 0 {
                        run.start = self.at;
                    }
                    run.mantissa = run.mantissa * u64::from(base) + u64::from(digit);
                    run.scale -= i64::from(point);
                } else {
                    if base == 16 && run.dropped < 16 {
                        run.tail |= u64::from(digit) << (60 - 4 * run.dropped);
                    } else {
                        run.sticky |= digit != 0;
                    }
                    run.dropped += 1;
                    run.scale += i64::from(!point);
                }
            } else if byte == b'.' && !point {
                point = true;
            } else {
                break;
            }
            self.at += 1;
        }
        run
    }

    /// An exponent after `letter`; 0 and nothing taken where there is none.
    fn exponent(&mut self, letter: u8) -> i64 {
        if self.peek(0) | 0x20 != letter {
            return 0;
        }
        let sign = usize::from(matches!(self.peek(1), b'+' | b'-'));
        if !self.peek(1 + sign).is_ascii_digit() {
            return 0;
        }
        let negative = self.peek(1) == b'-';
        self.at += 1 + sign;
        let mut value = 0_i64;
        while self.peek(0).is_ascii_digit() {
            value = (value * 10 + i64::from(self.peek(0) - b'0')).min(1 << 56);
            self.at += 1;
        }
        if negative { -value } else { value }
    }

    fn hexadecimal(&mut self, format: Format, rounding: Rounding) -> (Class, bool) {
        let run = self.run(16);
        let scale = run.scale.saturating_mul(4) + self.exponent(b'p');
        if run.mantissa == 0 {
            return (Class::Zero, false);
        }
        let scale = scale.clamp(-100_000, 100_000) as i32;
        let mantissa = u128::from(run.mantissa) << 64 | u128::from(run.tail);
        let shift = mantissa.leading_zeros();
        let exponent = scale - 64 - shift as i32;
        round(format, mantissa << shift, exponent, run.sticky, rounding).class(format, rounding)
    }

    fn decimal(&mut self, format: Format, rounding: Rounding) -> Option<(Class, bool)> {
        let begin = self.at;
        let run = self.run(10);
        if !run.any {
            self.at = begin;
            return None;
        }
        let end = self.at;
        let scale = run.scale + self.exponent(b'e');
        if run.mantissa == 0 {
            return Some((Class::Zero, false));
        }
        let scale = scale.clamp(-100_000_000, 100_000_000) as i32;
        let len = run.mantissa.ilog10() as i32 + 1;
        // The power of ten of the first digit.
        let first = scale.saturating_add(len - 1);
        let digits = self.text.get(run.start..end).unwrap_or_default();
        let magnitude = Magnitude { digits, first };
        // Far outside of every format.
        if !(-5050..=5050).contains(&first) {
            let exponent = if first < 0 { -100_000 } else { 100_000 };
            let result = round(format, 1 << 127, exponent, true, rounding);
            return Some(result.class(format, rounding));
        }
        let mut result = match quick(&run, scale, format, rounding) {
            Ok(result) => result,
            Err((low, high)) => magnitude.settle(low, high, format, rounding),
        };
        if result.tiny && result.inexact && run.sticky {
            // Only a long text can be exactly a subnormal number.
            result.inexact = !magnitude.equals(&result);
        }
        Some(result.class(format, rounding))
    }
}

/// `mantissa * 10^scale`, rounded to the nearest `double`. `None`: the error of
/// the power of ten leaves it open, or the result is not a normal number.
#[inline(always)]
fn nearest(mantissa: u64, scale: i32) -> Option<f64> {
    // Both are doubles: one operation, rounded by the CPU (W. D. Clinger, "How to
    // read floating point numbers accurately", 1990).
    if mantissa <= 1 << 53 && (-22..=22).contains(&scale) {
        let power = SMALL_POWERS.get(scale.unsigned_abs() as usize)?;
        return Some(if scale < 0 {
            mantissa as f64 / power
        } else {
            mantissa as f64 * power
        });
    }
    if mantissa == 0 {
        return Some(0.0);
    }
    let shift = mantissa.leading_zeros();
    let power = near_power(scale)?;
    let (high, low) = power::multiply(power.mantissa, mantissa << shift);
    // The product is in [2^189, 2^192).
    let up = high.leading_zeros();
    let upper = (u128::from(high) << 64 | low >> 64) << up;
    let (high, low) = ((upper >> 64) as u64, upper as u64);
    let exponent = power.exponent + 191 - shift as i32 - up as i32;
    if !(-1022..=1022).contains(&exponent) {
        return None;
    }
    // 53 bits stay, the next one decides unless what follows is all ones, which
    // the error (less than 3, times 4 for the shift, of `low`) may turn, or all zeros.
    match high & 0x7ff {
        0x3ff if low > u64::MAX - 12 => return None,
        0x400 if low <= 1 => return None,
        _ => {}
    }
    let rounded = (high >> 11) + (high >> 10 & 1);
    // The leading bit adds 1 to the exponent, as does a carry out of the others.
    let bits = ((exponent + 1022) as u64) << 52;
    Some(f64::from_bits(bits + rounded))
}

/// `10^k`: those that are doubles.
static SMALL_POWERS: [f64; 23] = {
    let mut powers = [1.0; 23];
    let mut k = 1;
    while k < 23 {
        powers[k] = powers[k - 1] * 10.0;
        k += 1;
    }
    powers
};

/// One multiplication by a power of ten; `Err` holds the results between which
/// its error leaves the choice open.
fn quick(
    run: &Run,
    scale: i32,
    format: Format,
    rounding: Rounding,
) -> Result<Rounded, (Rounded, Rounded)> {
    let shift = run.mantissa.leading_zeros();
    let power = any_power(scale);
    let (high, low) = power::multiply(power.mantissa, run.mantissa << shift);
    // The product is in [2^189, 2^192).
    let up = high.leading_zeros();
    let product = u128::from(high) << 64 | low >> 64;
    let mantissa = product << up | u128::from((low as u64).unbounded_shr(64 - up));
    let rest = (low as u64) << up != 0;
    let exponent = power.exponent - shift as i32 + 64 - up as i32;
    // In units of `mantissa`, up to four of which are one of `product`: what the
    // power lacks, what was dropped from the product, and the digits left out, which
    // are less than one unit of 2^shift times the power.
    let mut error = u128::from(power::error(scale)) * 4;
    if run.sticky {
        error += (4 << 64) << shift;
    }
    if error == 0 {
        return Ok(round(format, mantissa, exponent, rest, rounding));
    }
    error += 2;
    let lower = round(format, mantissa, exponent, true, rounding);
    // Far enough from half-way between two normal numbers, more does not matter.
    let half = 1 << (127 - format.precision);
    let smallest = format.min_exponent + format.precision as i32 - 1;
    if rounding == Rounding::Nearest
        && exponent + 127 >= smallest
        && (mantissa & (half * 2 - 1)).abs_diff(half) > error
    {
        return Ok(lower);
    }
    let (upper, over) = mantissa.overflowing_add(error);
    let upper = if over {
        round(format, upper >> 1 | 1 << 127, exponent + 1, true, rounding)
    } else {
        round(format, upper, exponent, true, rounding)
    };
    if lower == upper {
        Ok(lower)
    } else {
        Err((lower, upper))
    }
}
