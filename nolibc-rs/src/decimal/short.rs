//! The first digits of a number, up to 17, from one product with a power of ten.

use super::digits::{Cut, rounds_up};
use super::power::{self, power_of_ten, ten};
use super::word::{EIGHT_DIGITS, eight_digits};
use super::{Class, Number, Rounding};

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

    /// Round `number` at `cut`. `None`: it is no number, or it takes more
    /// digits, or the error of the power of ten leaves the rounding open.
    ///
    /// A number below 10^(first + 1) * 2 is scaled so that `first` is the power
    /// of ten of the last digit wanted. The power of ten is a little too small;
    /// only where the remainder is as close to the half-way point as that error
    /// can the digits be others than those of the exact number.
    #[inline(always)]
    pub fn of(number: &Number, cut: Cut, rounding: Rounding) -> Option<Self> {
        let (mantissa, exponent) = match (number.class, cut) {
            (Class::Finite { mantissa, exponent }, _) => (mantissa, exponent),
            (Class::Zero, Cut::Significant(..=17) | Cut::Fraction(..=PLACES)) => {
                return Some(Self::ZERO);
            }
            _ => return None,
        };
        let shift = mantissa.leading_zeros();
        let mantissa = mantissa << shift;
        let exponent = exponent - shift as i32;
        // 10^first <= number < 2 * 10^(first + 1).
        let first = power::floor_log10(exponent + 63);
        let (len, scale, fixed) = match cut {
            Cut::Significant(len @ 1..=17) => (len as i32, len as i32 - 1 - first, false),
            Cut::Fraction(places @ 0..=PLACES) => {
                let len = first + 1 + places as i32;
                if len < 0 && rounding == Rounding::Nearest {
                    return Some(Self::ZERO);
                }
                // Without a digit, the one that decides is produced and dropped.
                (len, places as i32 + i32::from(len == 0), true)
            }
            _ => return None,
        };
        if !(0..=DIGITS - i32::from(fixed)).contains(&len) {
            return None;
        }
        let power = power_of_ten(scale);
        let (high, low) = power::multiply(power.mantissa, mantissa);
        // The product is in [2^190, 2^192) and the scaled number in [1, 2 * 10^17),
        // so that the point is at bit 128 + 5 to 128 + 63.
        let point = (-(exponent + power.exponent) - 128) as u32;
        let all = high >> (point & 63);
        let fraction = (high << (point.wrapping_neg() & 63)) | ((low >> 64) as u64 >> (point & 63));

        // A digit too many?
        let limit = ten(len as usize);
        let drop = if fixed { len == 0 } else { all >= limit };
        let tenth = all / 10;
        let (mut whole, last, half) = if drop {
            (tenth, all - tenth * 10, 5 << 60)
        } else {
            (all, 0, 1 << 59)
        };
        let remainder = last << 60 | fraction >> 4;
        // The unit of `fraction` is 8 times what the power's mantissa may lack in
        // the product, or more; `remainder` drops less than one of its own.
        let up = if rounding == Rounding::Nearest && remainder.abs_diff(half) > 1 {
            remainder > half
        } else {
            let rest = fraction & 15 != 0 || low << (64 - (point & 63)) != 0;
            settle(rounding, power.error, (remainder, half), rest, whole)?
        };
        whole += u64::from(up);
        let count = len + i32::from(whole >= limit);
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

    /// The first digit, and the other 16, 0 to 9, a byte each, the first of
    /// them lowest.
    #[inline(always)]
    pub fn spread(&self) -> (u8, u128) {
        let upper = self.digits / EIGHT_DIGITS;
        let first = upper / EIGHT_DIGITS;
        let (middle, last) = (
            eight_digits(upper - first * EIGHT_DIGITS),
            eight_digits(self.digits - upper * EIGHT_DIGITS),
        );
        (first as u8, u128::from(last) << 64 | u128::from(middle))
    }
}

/// The rounding of what is close to the half-way point, and in the other
/// directions; `None` if the power's error decides. A unit is twice `half`, of
/// which the number has `remainder`, and `rest`: something yet below.
#[cold]
#[inline(never)]
fn settle(
    rounding: Rounding,
    error: u64,
    (remainder, half): (u64, u64),
    rest: bool,
    whole: u64,
) -> Option<bool> {
    if error != 0 {
        let open = match rounding {
            Rounding::Nearest => true,
            _ => remainder <= 1 || half * 2 - remainder <= 2,
        };
        if open {
            return None;
        }
    }
    Some(rounds_up(
        rounding,
        remainder,
        half * 2,
        rest,
        whole & 1 != 0,
    ))
}
