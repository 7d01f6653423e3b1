//! Powers of ten to 128 bits, from a table of every 27th one.
//!
//! `10^k = 10^(27 j) * 5^r * 2^r` with `r < 27`, and `5^r` fits a word: one
//! multiplication of a table entry gives any power from 10^-351 to 10^377;
//! farther ones (of the 80-bit format) multiply up. Nothing relies on the last
//! bits: callers take the error bound into account and go the exact way when
//! it leaves them undecided.

/// `mantissa * 2^exponent`, a little below or equal to a power of ten.
#[derive(Clone, Copy)]
pub struct Power {
    /// Normalised: the top bit is set.
    pub mantissa: u128,
    /// The power of two.
    pub exponent: i32,
    /// The true mantissa is less than `mantissa + error`; 0: exactly it.
    pub error: u64,
}

const STEP: i32 = 27;
const LARGEST: i32 = 351;

/// `10^(27 j)` for j from -13 to 13, truncated to 128 bits.
#[rustfmt::skip]
static TABLE: [u128; 27] = [
    0x8049a4ac0c5811ae_205b896d777d6278, // 10^-351
    0xcf42894a5dce35ea_52064cac828675b9, // 10^-324
    0xa76c582338ed2621_af2af2b80af6f24e, // 10^-297
    0x873e4f75e2224e68_5a7744a6e804a291, // 10^-270
    0xda7f5bf590966848_af39a475506a899e, // 10^-243
    0xb080392cc4349dec_bd8d794d96aacfb3, // 10^-216
    0x8e938662882af53e_547eb47b7282ee9c, // 10^-189
    0xe65829b3046b0afa_0cb4a5a3112a5112, // 10^-162
    0xba121a4650e4ddeb_92f34d62616ce413, // 10^-135
    0x964e858c91ba2655_3a6a07f8d510f86f, // 10^-108
    0xf2d56790ab41c2a2_fae27299423fb9c3, // 10^-81
    0xc428d05aa4751e4c_aa97e14c3c26b886, // 10^-54
    0x9e74d1b791e07e48_775ea264cf55347d, // 10^-27
    0x8000000000000000_0000000000000000, // 10^0
    0xcecb8f27f4200f3a_0000000000000000, // 10^27
    0xa70c3c40a64e6c51_999090b65f67d924, // 10^54
    0x86f0ac99b4e8dafd_69a028bb3ded71a3, // 10^81
    0xda01ee641a708de9_e80e6f4820cc9495, // 10^108
    0xb01ae745b101e9e4_5ec05dcff72e7f8f, // 10^135
    0x8e41ade9fbebc27d_14588f13be847307, // 10^162
    0xe5d3ef282a242e81_8f1668c8a86da5fa, // 10^189
    0xb9a74a0637ce2ee1_6d953e2bd7173692, // 10^216
    0x95f83d0a1fb69cd9_4abdaf101564f98e, // 10^243
    0xf24a01a73cf2dccf_bc633b39673c8cec, // 10^270
    0xc3b8358109e84f07_0a862f80ec4700c8, // 10^297
    0x9e19db92b4e31ba9_6c07a2c26a8346d1, // 10^324
    0xff6d0b3492801150_9798278aea58efff, // 10^351
];

/// `5^r` for r from 0 to 27: what fits a word.
pub static FIVES: [u64; 28] = {
    let mut fives = [1; 28];
    let mut r = 1;
    while r < 28 {
        fives[r] = fives[r - 1] * 5;
        r += 1;
    }
    fives
};

/// `10^n` for n up to 19.
#[inline(always)]
pub fn ten(n: usize) -> u64 {
    FIVES.get(n).map_or(0, |five| five << n)
}

/// The largest `b` with `2^b <= 10^k`, for |k| up to 6000.
#[inline(always)]
pub const fn floor_log2(k: i32) -> i32 {
    ((k as i64 * 14_267_572_527) >> 32) as i32
}

/// The largest `k` with `10^k <= 2^b`, for |b| up to 20000.
#[inline(always)]
pub const fn floor_log10(b: i32) -> i32 {
    ((b as i64 * 1_292_913_986) >> 32) as i32
}

/// The upper third and the rest of a 192-bit product.
#[inline(always)]
pub const fn multiply(mantissa: u128, factor: u64) -> (u64, u128) {
    let low = (mantissa as u64 as u128) * factor as u128;
    let high = (mantissa >> 64) * factor as u128 + (low >> 64);
    ((high >> 64) as u64, (high << 64) | low as u64 as u128)
}

/// `10^k` for |k| up to 6000.
#[inline(always)]
pub fn power_of_ten(k: i32) -> Power {
    let from_first = k + LARGEST;
    if !(0..2 * LARGEST + STEP).contains(&from_first) {
        return distant_power(k);
    }
    let j = from_first as usize / STEP as usize;
    let r = from_first as usize % STEP as usize;
    let entry = TABLE[j % TABLE.len()];
    let five = FIVES[r % FIVES.len()];
    // Both are normalised, so that the product's first bit or its second is set.
    let (high, low) = multiply(entry, five << five.leading_zeros());
    let shift = high.leading_zeros();
    let upper = u128::from(high) << 64 | low >> 64;
    let mantissa = upper << (shift & 1) | u128::from(low as u64 >> 63 & u64::from(shift));
    // The entry lacks less than 1, which the factor turns into less than two
    // units of the product's 128th bit; the shift drops less than one more.
    let error = if (0..=55).contains(&k) { 0 } else { 4 };
    Power {
        mantissa,
        exponent: floor_log2(k) - 127,
        error,
    }
}

/// Powers beyond the table, only met in the 80-bit format.
#[inline(never)]
fn distant_power(k: i32) -> Power {
    let step = if k < 0 { -LARGEST } else { LARGEST };
    let factor = any_power(step).mantissa;
    let mut left = k;
    let mut product = 1_u128 << 127;
    while left.abs() >= LARGEST {
        product = multiply_high(product, factor);
        left -= step;
    }
    product = multiply_high(product, any_power(left).mantissa);
    Power {
        mantissa: product,
        exponent: floor_log2(k) - 127,
        // At most 17 factors and their at most 18 products, each relatively
        // short by less than 2^-125 and 2^-126: less than 2^-119 in all, and
        // a unit is at least 2^-128.
        error: 512,
    }
}

/// [`power_of_ten`], out of line.
#[inline(never)]
pub fn any_power(k: i32) -> Power {
    power_of_ten(k)
}

/// The top 128 bits of the product of two normalised numbers.
fn multiply_high(a: u128, b: u128) -> u128 {
    let (high, low) = multiply(a, b as u64);
    let middle = ((high as u128) << 64) | (low >> 64);
    let (top, rest) = multiply(a, (b >> 64) as u64);
    let (rest, carry) = rest.overflowing_add(middle);
    let top = top + u64::from(carry);
    let product = ((top as u128) << 64) | (rest >> 64);
    if product >> 127 == 0 {
        product << 1 | (rest >> 63 & 1)
    } else {
        product
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Is `power` within its stated error of 10^k?
    fn check(k: i32) {
        // Compare mantissa * 2^exponent with 10^k as integers.
        use crate::decimal::tests::Natural;
        let power = power_of_ten(k);
        assert_eq!(power.mantissa >> 127, 1, "10^{k}");
        let side = |mantissa: u128, extra: u64| {
            let mut n = Natural::from(mantissa);
            n.add(extra);
            if k < 0 {
                n.multiply_power(5, (-k) as u32);
                n.shift_left(((-k) + power.exponent).max(0) as u32);
            } else {
                n.shift_left((power.exponent - k).max(0) as u32);
            }
            n
        };
        let mut truth = Natural::from(1);
        if k < 0 {
            truth.shift_left(-((-k) + power.exponent).min(0) as u32);
        } else {
            truth.multiply_power(5, k as u32);
            truth.shift_left(-(power.exponent - k).min(0) as u32);
        }
        assert!(side(power.mantissa, 0) <= truth, "10^{k} too large");
        if power.error == 0 {
            assert!(side(power.mantissa, 0) == truth, "10^{k} inexact");
        } else {
            assert!(
                side(power.mantissa, power.error) > truth,
                "10^{k} too small"
            );
        }
    }

    #[test]
    fn powers_are_within_their_error() {
        (-380..400).for_each(check);
        (-5000..5000).step_by(97).for_each(check);
        [-5010, -4999, 4999, 5010].into_iter().for_each(check);
    }

    #[test]
    fn logarithms_agree() {
        for k in -4990..4990 {
            assert_eq!(floor_log10(floor_log2(k) + 1), k);
        }
        for b in -16500..16500 {
            assert!(floor_log2(floor_log10(b)) <= b);
            assert!(floor_log2(floor_log10(b) + 1) >= b);
        }
    }
}
