//! The last resort of reading: comparing the text, digit by digit, with the
//! exact expansion of a binary number.

use core::cmp::Ordering;

use super::Rounding;
use super::expand::{self, DoubleRoom, ExtendedRoom, LIMB_DIGITS};
use super::parse::Format;
use super::round::Rounded;

/// A positive decimal number as written.
pub struct Magnitude<'a> {
    /// Digits from the first significant one on, with at most one point, which
    /// is passed over.
    pub digits: &'a [u8],
    /// The power of ten of the first digit.
    pub first: i32,
}

impl Magnitude<'_> {
    /// Round to one of the numbers from `low` to `high`.
    #[inline(never)]
    pub fn settle(
        &self,
        low: Rounded,
        high: Rounded,
        format: Format,
        rounding: Rounding,
    ) -> Rounded {
        let (mut low, mut high) = (low.ordinal(format), high.ordinal(format));
        while low < high {
            let middle = low + (high - low) / 2;
            let upper = match rounding {
                Rounding::Nearest => match self.compare_with_middle(middle, format) {
                    Ordering::Less => false,
                    Ordering::Equal => middle & 1 != 0,
                    Ordering::Greater => true,
                },
                Rounding::Away => self.compare_with(middle, format) == Ordering::Greater,
                Rounding::Truncate => self.compare_with(middle + 1, format) != Ordering::Less,
            };
            if upper {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let mut result = Rounded::at(low, format);
        result.tiny |= self.tiny_below_normal(&result, format, rounding);
        result
    }

    /// Whether a number that rounds to the smallest normal one would round to
    /// less in a format with the same precision and no smallest exponent.
    fn tiny_below_normal(&self, result: &Rounded, format: Format, rounding: Rounding) -> bool {
        let smallest = 1_u128 << (format.precision - 1);
        if result.ordinal(format) != smallest {
            return false;
        }
        match rounding {
            Rounding::Nearest => {
                self.compare(smallest * 4 - 1, format.min_exponent - 2) == Ordering::Less
            }
            Rounding::Away => {
                self.compare(smallest * 2 - 1, format.min_exponent - 1) != Ordering::Greater
            }
            Rounding::Truncate => false,
        }
    }

    /// Is it exactly that number?
    pub fn equals(&self, number: &Rounded) -> bool {
        self.compare(number.mantissa.into(), number.exponent) == Ordering::Equal
    }

    fn compare_with(&self, ordinal: u128, format: Format) -> Ordering {
        let number = Rounded::at(ordinal, format);
        self.compare(number.mantissa.into(), number.exponent)
    }

    /// Against the number half-way between this one and the next.
    fn compare_with_middle(&self, ordinal: u128, format: Format) -> Ordering {
        let number = Rounded::at(ordinal, format);
        self.compare(u128::from(number.mantissa) * 2 + 1, number.exponent - 1)
    }

    fn compare(&self, mantissa: u128, exponent: i32) -> Ordering {
        if (-1075..=1000).contains(&exponent) {
            self.compare_double(mantissa, exponent)
        } else {
            self.compare_extended(mantissa, exponent)
        }
    }

    #[inline(never)]
    fn compare_double(&self, mantissa: u128, exponent: i32) -> Ordering {
        let DoubleRoom {
            mut words,
            mut limbs,
        } = DoubleRoom::new();
        self.compare_in(mantissa, exponent, &mut words, &mut limbs)
    }

    #[inline(never)]
    fn compare_extended(&self, mantissa: u128, exponent: i32) -> Ordering {
        let ExtendedRoom {
            mut words,
            mut limbs,
        } = ExtendedRoom::new();
        self.compare_in(mantissa, exponent, &mut words, &mut limbs)
    }

    fn compare_in(
        &self,
        mantissa: u128,
        exponent: i32,
        words: &mut [u64],
        limbs: &mut [u64],
    ) -> Ordering {
        let (count, mut fraction) = expand::split(mantissa, exponent, words, limbs);
        let integer_limbs = (self.first.max(-1) + 1) as usize;
        let integer_limbs = integer_limbs.div_ceil(LIMB_DIGITS);
        if integer_limbs != count {
            return integer_limbs.cmp(&count);
        }
        let mut text = TextLimbs {
            bytes: self.digits.iter(),
            first: self.first,
            next: (count * LIMB_DIGITS) as i32 - 1,
        };
        for limb in limbs.iter().take(count) {
            match text.next_limb().cmp(limb) {
                Ordering::Equal => {}
                unequal => return unequal,
            }
        }
        while !fraction.is_zero() {
            match text.next_limb().cmp(&fraction.next_limb()) {
                Ordering::Equal => {}
                unequal => return unequal,
            }
        }
        if text.bytes.any(|byte| matches!(byte, b'1'..=b'9')) {
            Ordering::Greater
        } else {
            Ordering::Equal
        }
    }
}

/// The text's digits, 19 at a time, aligned to the point.
struct TextLimbs<'a> {
    bytes: core::slice::Iter<'a, u8>,
    first: i32,
    /// The power of ten of the next digit.
    next: i32,
}

impl TextLimbs<'_> {
    fn next_limb(&mut self) -> u64 {
        let mut limb = 0;
        for _ in 0..LIMB_DIGITS {
            let digit = if self.next > self.first {
                0
            } else {
                let byte = self.bytes.find(|&&byte| byte != b'.');
                byte.map_or(0, |byte| byte.wrapping_sub(b'0'))
            };
            limb = limb * 10 + u64::from(digit);
            self.next -= 1;
        }
        limb
    }
}
