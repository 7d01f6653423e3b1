//! Binary to decimal: a number's digits, rounded at a given place.

use super::Rounding;
use super::expand::{self, DoubleRoom, ExtendedRoom, LIMB, LIMB_DIGITS};
use super::power::{self, FIVES, power_of_ten};

/// The place at which the digits end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cut {
    /// After this many significant digits, at least 1.
    Significant(usize),
    /// After this many digits behind the point.
    Fraction(usize),
}

/// Decimal digits of a number.
#[derive(Clone, Copy)]
pub struct Digits<'a> {
    /// 19 digits each, most significant first.
    limbs: &'a [u64],
    /// Leading zeros of the first limb.
    skip: usize,
    /// How many digits are held; all after them are 0. None for 0.
    len: usize,
    /// The power of ten of the first digit.
    exponent: i32,
}

impl<'a> Digits<'a> {
    /// The digits of 0.
    pub const ZERO: Self = Self {
        limbs: &[],
        skip: 0,
        len: 0,
        exponent: 0,
    };

    /// How many digits are held; all after them are 0. None for 0.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether this is 0.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The power of ten of the first digit.
    pub fn exponent(&self) -> i32 {
        self.exponent
    }

    /// The same number without zeros at its end.
    pub fn trimmed(mut self) -> Self {
        // What `len` leaves out is 0, so whole limbs can be looked at.
        let mut end = (self.skip + self.len).div_ceil(LIMB_DIGITS);
        while end > 0 && self.limbs.get(end - 1) == Some(&0) {
            end -= 1;
        }
        let Some(&last) = end.checked_sub(1).and_then(|index| self.limbs.get(index)) else {
            return Self { len: 0, ..self };
        };
        let zeros = trailing_zeros(last);
        self.len = self.len.min(end * LIMB_DIGITS - zeros - self.skip);
        self
    }

    /// The digits as text, to be taken from the first one on.
    pub fn text(&self) -> DigitText<'a> {
        let mut limbs = self.limbs.iter();
        DigitText {
            text: limbs.next().map_or([0; LIMB_DIGITS], |&limb| ascii(limb)),
            limbs,
            at: self.skip,
            left: self.len,
        }
    }
}

/// The text of [`Digits`].
pub struct DigitText<'a> {
    /// Of the current limb.
    text: [u8; LIMB_DIGITS],
    /// The next digit in it.
    at: usize,
    /// Digits that are left.
    left: usize,
    limbs: core::slice::Iter<'a, u64>,
}

impl DigitText<'_> {
    /// Up to `count` more digits; none when all were taken.
    pub fn take(&mut self, count: usize) -> &[u8] {
        if self.at == LIMB_DIGITS {
            self.text = ascii(self.limbs.next().copied().unwrap_or(0));
            self.at = 0;
        }
        let start = self.at;
        let count = count.min(self.left).min(LIMB_DIGITS - start);
        self.at += count;
        self.left -= count;
        self.text.get(start..self.at).unwrap_or_default()
    }
}

const EIGHT_DIGITS: u64 = 100_000_000;

/// Eight digits of a number below 10^8, a byte each, the first one lowest.
///
/// The number is cut in half three times, all parts of a step in one word; a
/// division of a part below 10^4 by 100, or 100 by 10, is a multiplication and
/// a shift (as described in P. Khuong, "How to print integers really fast",
/// pvk.ca, 2017).
fn eight_digits(number: u64) -> u64 {
    let halves = (number / 10_000) | ((number % 10_000) << 32);
    let hundreds = ((halves * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let pairs = hundreds | ((halves - hundreds * 100) << 16);
    let tens = ((pairs * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | ((pairs - tens * 10) << 8)
}

/// How many zeros end the 19 digits of a limb, which is not 0.
fn trailing_zeros(limb: u64) -> usize {
    let mut rest = limb;
    let mut zeros = 0;
    loop {
        let digits = eight_digits(rest % EIGHT_DIGITS);
        if digits != 0 || zeros > LIMB_DIGITS {
            return zeros + (digits.leading_zeros() / 8) as usize;
        }
        rest /= EIGHT_DIGITS;
        zeros += 8;
    }
}

/// The 19 decimal digits of a limb.
fn ascii(limb: u64) -> [u8; LIMB_DIGITS] {
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    let (upper, last) = (limb / EIGHT_DIGITS, limb % EIGHT_DIGITS);
    let (first, middle) = (upper / EIGHT_DIGITS, upper % EIGHT_DIGITS);
    let mut text = [0; LIMB_DIGITS];
    let (three, rest) = text.split_at_mut(3);
    let (eight, last_eight) = rest.split_at_mut(8);
    three.copy_from_slice(&(eight_digits(first * 100_000) | ZEROS).to_le_bytes()[..3]);
    eight.copy_from_slice(&(eight_digits(middle) | ZEROS).to_le_bytes());
    last_eight.copy_from_slice(&(eight_digits(last) | ZEROS).to_le_bytes());
    text
}

/// `10^n` for n up to 19.
fn ten(n: usize) -> u64 {
    FIVES.get(n).map_or(0, |five| five << n)
}

/// Round `mantissa * 2^exponent` (`mantissa` not 0) at `cut` and hand the
/// digits to `then`.
pub fn with_digits(
    mantissa: u64,
    exponent: i32,
    cut: Cut,
    rounding: Rounding,
    then: &mut dyn FnMut(&Digits<'_>),
) {
    if let Some((limb, len, power)) = quick(mantissa, exponent, cut, rounding) {
        return then(&Digits {
            limbs: &[limb],
            skip: LIMB_DIGITS - len,
            len,
            exponent: power,
        });
    }
    if (-1075..=1024).contains(&exponent) {
        exact_double(mantissa, exponent, cut, rounding, then);
    } else {
        exact_extended(mantissa, exponent, cut, rounding, then);
    }
}

/// The digits, at most 18 of them, as an integer; how many; the power of ten of
/// the first. `None` where they are too many, or where the error of the power
/// leaves the rounding open.
fn quick(mantissa: u64, exponent: i32, cut: Cut, rounding: Rounding) -> Option<(u64, usize, i32)> {
    let shift = mantissa.leading_zeros();
    let mantissa = mantissa << shift;
    let exponent = exponent - shift as i32;
    // 10^first <= number < 10^(first + 2).
    let mut first = power::floor_log10(exponent + 63);
    let (len, scale) = match cut {
        Cut::Significant(len @ 1..=17) => (len, len as i32 - 1 - first),
        Cut::Fraction(places @ 0..=5000) => {
            let len = first + 1 + places as i32;
            if !(1..=17).contains(&len) {
                return None;
            }
            (len as usize, places as i32)
        }
        _ => return None,
    };
    let power = power_of_ten(scale);
    let (high, low) = power::multiply(power.mantissa, mantissa);
    // The product is in [2^190, 2^192) and the scaled number in [1, 10^18), so
    // that the point is at bit 131 to 191.
    let point = (-(exponent + power.exponent) - 128) as u32;
    let mut whole = high >> point;
    let fraction = (high << (64 - point)) | ((low >> 64) as u64 >> point);
    let rest = low << (64 - point) != 0;

    let (mut unit, mut remainder) = (1_u128 << 64, u128::from(fraction));
    let significant = matches!(cut, Cut::Significant(_));
    if significant && whole >= ten(len) {
        unit *= 10;
        remainder |= u128::from(whole % 10) << 64;
        whole /= 10;
        first += 1;
    }
    if power.error != 0 {
        // A unit of `fraction` is at least 8 times what one of the power's
        // mantissa makes in the product.
        let margin = u128::from(power.error / 8 + 1);
        let open = match rounding {
            Rounding::Nearest => remainder.abs_diff(unit / 2) <= margin,
            _ => remainder <= margin || unit - remainder <= margin,
        };
        if open {
            return None;
        }
    }
    if rounds_up(rounding, remainder, unit, rest, whole & 1 != 0) {
        whole += 1;
    }
    let mut len = len;
    if significant {
        if whole == ten(len) {
            whole /= 10;
            first += 1;
        }
    } else {
        while whole >= ten(len) {
            len += 1;
            first = first.max(len as i32 - 1 - scale);
        }
    }
    Some((whole, len, first))
}

/// Whether a number with `remainder` out of `unit` (and `rest`: something yet
/// below) goes up.
fn rounds_up<T: PartialOrd + core::ops::Sub<Output = T> + Copy + Default>(
    rounding: Rounding,
    remainder: T,
    unit: T,
    rest: bool,
    odd: bool,
) -> bool {
    let other = unit - remainder;
    match rounding {
        Rounding::Nearest => remainder > other || (remainder == other && (rest || odd)),
        Rounding::Away => rest || remainder != T::default(),
        Rounding::Truncate => false,
    }
}

#[inline(never)]
fn exact_double(
    mantissa: u64,
    exponent: i32,
    cut: Cut,
    rounding: Rounding,
    then: &mut dyn FnMut(&Digits<'_>),
) {
    let DoubleRoom {
        mut words,
        mut limbs,
    } = DoubleRoom::new();
    exact(
        (mantissa, exponent),
        &mut words,
        &mut limbs,
        cut,
        rounding,
        then,
    );
}

#[inline(never)]
fn exact_extended(
    mantissa: u64,
    exponent: i32,
    cut: Cut,
    rounding: Rounding,
    then: &mut dyn FnMut(&Digits<'_>),
) {
    let ExtendedRoom {
        mut words,
        mut limbs,
    } = ExtendedRoom::new();
    exact(
        (mantissa, exponent),
        &mut words,
        &mut limbs,
        cut,
        rounding,
        then,
    );
}

/// The digits from the number's exact expansion.
#[inline(never)]
fn exact(
    (mantissa, exponent): (u64, i32),
    words: &mut [u64],
    limbs: &mut [u64],
    cut: Cut,
    rounding: Rounding,
    then: &mut dyn FnMut(&Digits<'_>),
) {
    let (mut count, mut fraction) = expand::split(mantissa.into(), exponent, words, limbs);
    let mut first_limb = count as i32 - 1; // its place, counted in limbs
    let mut places = 0; // digits behind the point that were produced
    while !fraction.is_zero() {
        let enough = match cut {
            // One digit more than needed: the one that decides.
            Cut::Significant(len) => count * LIMB_DIGITS > len + LIMB_DIGITS,
            Cut::Fraction(len) => places > len,
        };
        if enough {
            break;
        }
        let limb = fraction.next_limb();
        places += LIMB_DIGITS;
        if count == 0 && limb == 0 {
            first_limb -= 1;
            continue;
        }
        let Some(place) = limbs.get_mut(count) else {
            break;
        };
        *place = limb;
        count += 1;
    }
    let rest = !fraction.is_zero();
    let limbs = limbs.get_mut(..count).unwrap_or_default();
    then(&round_limbs(limbs, first_limb, rest, cut, rounding));
}

/// Round the digits in `limbs` at `cut`. `first_limb` is the place of the first
/// one, counted in limbs from the one before the point; `rest` tells that
/// something follows the last one.
fn round_limbs(
    limbs: &mut [u64],
    first_limb: i32,
    rest: bool,
    cut: Cut,
    rounding: Rounding,
) -> Digits<'_> {
    let skip = limbs.first().map_or(0, |&first| leading_zeros(first));
    let held = limbs.len() * LIMB_DIGITS - skip;
    let exponent = (first_limb + 1) * LIMB_DIGITS as i32 - 1 - skip as i32;
    let keep = match cut {
        Cut::Significant(len) => len as i64,
        Cut::Fraction(len) if held == 0 => {
            return smallest(limbs, len, rest && rounding == Rounding::Away);
        }
        Cut::Fraction(len) => i64::from(exponent) + 1 + len as i64,
    };
    if keep < 0 {
        let Cut::Fraction(len) = cut else {
            return Digits::ZERO;
        };
        return smallest(limbs, len, rounding == Rounding::Away);
    }
    let keep = keep as usize;
    if keep >= held {
        return Digits {
            limbs,
            skip,
            len: held,
            exponent,
        };
    }
    let Some((unit, up)) = truncate(limbs, skip + keep, rest, rounding) else {
        return Digits::ZERO;
    };
    if !up {
        if keep == 0 {
            return Digits::ZERO;
        }
        return Digits {
            limbs,
            skip,
            len: keep,
            exponent,
        };
    }
    if add_unit(limbs, (skip + keep) / LIMB_DIGITS, unit) {
        return one(limbs, exponent + 1);
    }
    // The first limb may have grown by a digit, or `keep` was 0 and the first
    // digit is the unit itself.
    let grown = skip
        - limbs
            .first()
            .map_or(0, |&first| leading_zeros(first))
            .min(skip);
    Digits {
        limbs,
        skip: skip - grown,
        len: keep + grown,
        exponent: exponent + grown as i32,
    }
}

/// Clear the digits of the limb that the cut goes through, which lies behind the
/// first `place` digits. Answers the unit of the last digit kept, in that limb,
/// and whether it must be added; `None` if there is no such limb.
fn truncate(
    limbs: &mut [u64],
    place: usize,
    rest: bool,
    rounding: Rounding,
) -> Option<(u64, bool)> {
    // The cut lies in this limb or at its start.
    let (index, offset) = (place / LIMB_DIGITS, place % LIMB_DIGITS);
    let mut behind = limbs.get(index + 1..).unwrap_or_default().iter();
    let below = behind.any(|&limb| limb != 0);
    let limb = limbs.get_mut(index)?;
    let unit = if offset == 0 {
        LIMB
    } else {
        ten(LIMB_DIGITS - offset)
    };
    let remainder = *limb % unit;
    *limb -= remainder;
    // The last digit that stays: of this limb or of the one before.
    let odd = match (offset, index) {
        (0, 0) => false,
        (0, _) => limbs.get(index - 1).is_some_and(|limb| limb & 1 != 0),
        _ => limbs.get(index).is_some_and(|limb| (limb / unit) & 1 != 0),
    };
    let up = rounds_up(rounding, remainder, unit, rest || below, odd);
    Some((unit, up))
}

/// Add `unit` to the limb at `index`; a limb that reaches 10^19 becomes 0 and
/// carries. Answers whether a carry leaves the first limb.
fn add_unit(limbs: &mut [u64], index: usize, unit: u64) -> bool {
    let mut carry = unit;
    let upto = limbs.get_mut(..=index).unwrap_or_default();
    for limb in upto.iter_mut().rev() {
        if *limb < LIMB - carry {
            *limb += carry;
            return false;
        }
        *limb -= LIMB - carry;
        carry = 1;
    }
    true
}

/// 0, or one unit of the `places`-th digit behind the point.
fn smallest(limbs: &mut [u64], places: usize, up: bool) -> Digits<'_> {
    if up {
        one(limbs, -(places.min(1 << 30) as i32))
    } else {
        Digits::ZERO
    }
}

/// A power of ten.
fn one(limbs: &mut [u64], exponent: i32) -> Digits<'_> {
    match limbs.first_mut() {
        Some(first) => *first = 1,
        None => {
            return Digits {
                limbs: &[1],
                skip: LIMB_DIGITS - 1,
                len: 1,
                exponent,
            };
        }
    }
    Digits {
        limbs: limbs.get(..1).unwrap_or_default(),
        skip: LIMB_DIGITS - 1,
        len: 1,
        exponent,
    }
}

/// Leading zeros of a limb's 19 digits.
fn leading_zeros(limb: u64) -> usize {
    let mut zeros = LIMB_DIGITS;
    let mut power = 1;
    while zeros > 0 && limb >= power {
        zeros -= 1;
        power = power.saturating_mul(10);
    }
    zeros
}
