//! Binary to decimal: a number's digits, rounded at a given place.

use super::Rounding;
use super::expand::{self, DoubleRoom, ExtendedRoom, LIMB, LIMB_DIGITS};
use super::power::ten;
use crate::arch::digits::SixteenDigits;

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
        let text = ascii(last);
        let zeros = text
            .iter()
            .rev()
            .take_while(|&&digit| digit == b'0')
            .count();
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
    #[inline(never)]
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

/// The 19 decimal digits of a limb.
#[inline(never)]
fn ascii(limb: u64) -> [u8; LIMB_DIGITS] {
    let mut text = [0; LIMB_DIGITS];
    let (first, last) = SixteenDigits::of(limb);
    if let Some((head, tail)) = text.split_first_chunk_mut::<3>() {
        tail.copy_from_slice(&last.text());
        *head = [first / 100, first / 10 % 10, first % 10].map(|digit| b'0' + digit as u8);
    }
    text
}

/// Round `mantissa * 2^exponent` (`mantissa` not 0) at `cut` and hand the
/// digits to `then`, from the number's exact expansion.
pub fn with_digits(
    mantissa: u64,
    exponent: i32,
    cut: Cut,
    rounding: Rounding,
    then: &mut dyn FnMut(&Digits<'_>),
) {
    if (-1075..=1024).contains(&exponent) {
        exact_double(mantissa, exponent, cut, rounding, then);
    } else {
        exact_extended(mantissa, exponent, cut, rounding, then);
    }
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
