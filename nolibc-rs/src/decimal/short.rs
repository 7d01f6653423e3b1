//! The first digits of a number, up to 17, from one product with a power of ten.

use super::digits::Cut;
use super::power::{self, ten};
use crate::arch::digits::SixteenDigits;

/// A number rounded to at most 17 significant digits.
#[derive(Clone, Copy)]
pub struct Short {
    /// 17 digits as an integer; the first is not 0 unless the number is.
    digits: u64,
    /// The power of ten of the first digit; 0 for 0.
    exponent: i32,
}

const DIGITS: i32 = 17;
/// Most digits behind the point that are tried here.
const PLACES: usize = 40;

impl Short {
    const ZERO: Self = Self {
        digits: 0,
        exponent: 0,
    };

    /// Round a double to nearest at `cut`, its sign left aside. `None`: it is not a
    /// normal number or 0, or it takes more digits, or the error of the power of ten
    /// leaves the rounding open.
    ///
    /// A number below 10^(first + 1) * 2 is scaled so that `first` is the power
    /// of ten of the last digit wanted. The power of ten is a little too small;
    /// only where the fraction is as close to the half-way point as that error
    /// can the digits be others than those of the exact number.
    #[inline(always)]
    pub fn nearest(value: f64, cut: Cut) -> Option<Self> {
        let bits = value.to_bits();
        let biased = (bits >> 52) as i32 & 0x7ff;
        if !matches!(biased, 1..0x7ff) {
            let few = matches!(cut, Cut::Significant(..=17) | Cut::Fraction(..=PLACES));
            return (bits << 1 == 0 && few).then_some(Self::ZERO);
        }
        let mantissa = bits << 11 | 1 << 63;
        let exponent = biased - 1023;
        // 10^first <= number < 2 * 10^(first + 1).
        let first = power::floor_log10(exponent);
        // How many digits there will be, and from which number on one is too many.
        let (len, scale, most) = match cut {
            Cut::Significant(len @ 1..=17) => (len, len as i32 - 1 - first, ten(len)),
            Cut::Fraction(places @ 0..=PLACES) => match first + 1 + places as i32 {
                ..0 => return Some(Self::ZERO),
                // The digit that decides is produced and dropped.
                0 => (0, places as i32 + 1, 1),
                len @ 1..DIGITS => (len as usize, places as i32, u64::MAX),
                _ => return None,
            },
            _ => return None,
        };
        let power = power::near_power(scale)?;
        let (high, low) = power::multiply(power.mantissa, mantissa);
        // The product is in [2^189, 2^192) and the scaled number in [1, 2 * 10^17),
        // so that the point is at bit 128 + 4 to 128 + 63.
        let point = (-(exponent - 63 + power.exponent) - 128) as u32 & 63;
        let all = high >> point;
        let fraction = (high << (point.wrapping_neg() & 63)) | ((low >> 64) as u64 >> point);

        let drop = all >= most;
        let (whole, behind, half) = if drop {
            let tenth = all / 10;
            (tenth, (all - tenth * 10) << 60 | fraction >> 4, 5 << 60)
        } else {
            (all, fraction, 1 << 63)
        };
        // The product lacks less than 3 units of its 128th bit, a unit of `behind` is
        // at least 16 of these, and less than one was dropped: less than 2 are missing.
        let up = if behind.wrapping_sub(half - 1) > 1 {
            behind > half
        } else if power::error(scale) != 0 {
            return None;
        } else {
            let rest = low << (64 - point) != 0 || (drop && fraction & 15 != 0);
            behind == half && (rest || whole & 1 != 0)
        };
        let whole = whole + u64::from(up);
        let count = len as i32 + i32::from(whole >= ten(len));
        if count == 0 {
            return Some(Self::ZERO);
        }
        // 10^17, of which the last digit is left out, or 17 digits.
        let digits = match usize::try_from(DIGITS - count) {
            Ok(missing) => whole * ten(missing),
            Err(_) => whole / 10,
        };
        Some(Self {
            digits,
            exponent: count - 1 - scale + i32::from(drop),
        })
    }

    /// The power of ten of the first digit.
    pub fn exponent(&self) -> i32 {
        self.exponent
    }

    /// The first digit, and the other 16.
    #[inline(always)]
    pub fn split(&self) -> (u64, SixteenDigits) {
        SixteenDigits::of(self.digits)
    }
}
