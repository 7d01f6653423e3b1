//! The exact decimal expansion of `mantissa * 2^exponent`, 19 digits at a time.
//!
//! The integer part is divided down, the fraction multiplied up, as one learns
//! it at school, on words on the caller's stack.

/// A limb holds 19 digits, the most that fit a word.
pub const LIMB: u64 = 10_000_000_000_000_000_000;
/// Digits in a limb.
pub const LIMB_DIGITS: usize = 19;

/// Room for the expansions of one format.
pub struct Room<const WORDS: usize, const LIMBS: usize> {
    pub words: [u64; WORDS],
    pub limbs: [u64; LIMBS],
}

impl<const WORDS: usize, const LIMBS: usize> Room<WORDS, LIMBS> {
    pub fn new() -> Self {
        Self {
            words: [0; WORDS],
            limbs: [0; LIMBS],
        }
    }
}

/// `double` and its halfway points: 2^-1075 to 2^1024, at most 767 significant
/// digits (and one for a halfway point) after at most two integer limbs.
pub type DoubleRoom = Room<18, 46>;
/// The 80-bit format: 2^-16446 to 2^16384, at most 11515 significant digits.
pub type ExtendedRoom = Room<259, 612>;

/// What is left of a fraction: limbs come out of the top.
pub struct Fraction<'w> {
    /// Least significant first; the point is above the last one.
    words: &'w mut [u64],
    /// All words below this one are 0.
    lowest: usize,
}

impl Fraction<'_> {
    /// Nothing but zeros is left.
    pub fn is_zero(&self) -> bool {
        self.words.iter().skip(self.lowest).all(|&word| word == 0)
    }

    /// The next 19 digits.
    pub fn next_limb(&mut self) -> u64 {
        let mut carry = 0;
        let mut lowest = self.lowest;
        for word in self.words.iter_mut().skip(lowest) {
            let product = u128::from(*word) * u128::from(LIMB) + u128::from(carry);
            *word = product as u64;
            carry = (product >> 64) as u64;
        }
        while self.words.get(lowest) == Some(&0) {
            lowest += 1;
        }
        self.lowest = lowest;
        carry
    }
}

/// Split `mantissa * 2^exponent`: the limbs of the integer part go to the start
/// of `limbs`, most significant first and none for 0, and their number comes
/// back with the fraction.
///
/// The rooms above are large enough for every value of their format; a value
/// that does not fit would lose its top.
pub fn split<'w>(
    mantissa: u128,
    exponent: i32,
    words: &'w mut [u64],
    limbs: &mut [u64],
) -> (usize, Fraction<'w>) {
    words.fill(0);
    if exponent >= 0 {
        deposit(words, mantissa, exponent as usize);
        let count = divide_down(words, limbs);
        let fraction = Fraction { words, lowest: 0 };
        return (count, fraction);
    }
    let bits = exponent.unsigned_abs() as usize;
    let integer = if bits < 128 { mantissa >> bits } else { 0 };
    let (quotient, low) = (
        (integer / u128::from(LIMB)) as u64,
        (integer % u128::from(LIMB)) as u64,
    );
    let count = match (quotient, low) {
        (0, 0) => 0,
        (0, _) => store(limbs, &[low]),
        _ => store(limbs, &[quotient, low]),
    };
    let below = if bits < 128 {
        mantissa & ((1 << bits) - 1)
    } else {
        mantissa
    };
    let used = bits.div_ceil(64).min(words.len());
    let words = words.get_mut(..used).unwrap_or_default();
    deposit(words, below, used * 64 - bits);
    let mut fraction = Fraction { words, lowest: 0 };
    while fraction.words.get(fraction.lowest) == Some(&0) {
        fraction.lowest += 1;
    }
    (count, fraction)
}

fn store(limbs: &mut [u64], values: &[u64]) -> usize {
    for (limb, value) in limbs.iter_mut().zip(values) {
        *limb = *value;
    }
    values.len()
}

/// Put `value * 2^shift` into `words`, least significant first.
fn deposit(words: &mut [u64], value: u128, shift: usize) {
    let (word, bit) = (shift / 64, shift % 64);
    let low = value << bit;
    let top = if bit == 0 { 0 } else { value >> (128 - bit) };
    let parts = [low as u64, (low >> 64) as u64, top as u64];
    for (place, part) in words.iter_mut().skip(word).zip(parts) {
        *place = part;
    }
}

/// Divide `words` to zero, and answer how many limbs came out.
fn divide_down(words: &mut [u64], limbs: &mut [u64]) -> usize {
    let mut length = words.len();
    let mut count = 0;
    loop {
        while length > 0 && words.get(length - 1) == Some(&0) {
            length -= 1;
        }
        let Some(limb) = limbs.get_mut(count) else {
            break;
        };
        if length == 0 {
            break;
        }
        let mut remainder = 0;
        for word in words.iter_mut().take(length).rev() {
            (*word, remainder) = divide_by_limb(remainder, *word);
        }
        *limb = remainder;
        count += 1;
    }
    limbs.get_mut(..count).unwrap_or_default().reverse();
    count
}

/// Divide `high * 2^64 + low` by [`LIMB`]; `high` is less than it.
///
/// Source: Moeller and Granlund, "Improved division by invariant integers"
/// (2011), algorithm 4. `LIMB` has its top bit set, as that needs.
fn divide_by_limb(high: u64, low: u64) -> (u64, u64) {
    const RECIPROCAL: u64 = (u128::MAX / LIMB as u128 - (1 << 64)) as u64;
    let estimate =
        u128::from(RECIPROCAL) * u128::from(high) + (u128::from(high) << 64 | u128::from(low));
    let mut quotient = ((estimate >> 64) as u64).wrapping_add(1);
    let mut remainder = low.wrapping_sub(quotient.wrapping_mul(LIMB));
    if remainder > estimate as u64 {
        quotient = quotient.wrapping_sub(1);
        remainder = remainder.wrapping_add(LIMB);
    }
    if remainder >= LIMB {
        quotient = quotient.wrapping_add(1);
        remainder -= LIMB;
    }
    (quotient, remainder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_agrees_with_the_plain_one() {
        let mut x = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..100_000 {
            x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let high = x % LIMB;
            let low = x.rotate_left(29) | (x & 1).wrapping_neg();
            let whole = u128::from(high) << 64 | u128::from(low);
            let (quotient, remainder) = divide_by_limb(high, low);
            assert_eq!(u128::from(quotient), whole / u128::from(LIMB));
            assert_eq!(u128::from(remainder), whole % u128::from(LIMB));
        }
        for (high, low) in [
            (0, 0),
            (LIMB - 1, u64::MAX),
            (LIMB - 1, 0),
            (0, LIMB),
            (0, LIMB - 1),
        ] {
            let whole = u128::from(high) << 64 | u128::from(low);
            let (quotient, _) = divide_by_limb(high, low);
            assert_eq!(u128::from(quotient), whole / u128::from(LIMB));
        }
    }
}
