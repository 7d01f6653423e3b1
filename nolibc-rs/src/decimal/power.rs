//! Powers of ten to 128 bits, from a table of every 16th one.
//!
//! `10^k = 10^(16 j) * 10^r` with `r < 16`, and `10^r` fits a word: one
//! multiplication of a table entry gives any power from 10^-352 to 10^367;
//! farther ones (of the 80-bit format) multiply up. Nothing relies on the last
//! bits: callers take the error bound into account and go the exact way when
//! it leaves them undecided.

/// `mantissa * 2^exponent`, a little below or equal to a power of ten.
#[derive(Clone, Copy)]
pub struct Power {
    /// The top bit or the next one is set.
    pub mantissa: u128,
    /// The power of two.
    pub exponent: i32,
}

const STEP: i32 = 16;
const LARGEST: i32 = 352;

/// `10^(16 j)` for j from -22 to 22, truncated to 128 bits.
#[rustfmt::skip]
static TABLE: [u128; 45] = [
    0xcd42a11346f34f7d_0092757bf2623727, // 10^-352
    0xe3e27a444d8d98b7_fd1b1b2308169b25, // 10^-336
    0xfd00b897478238d0_8920b098955522b4, // 10^-320
    0x8c71dcd9ba0b4925_9ff0c08b7f1d0b14, // 10^-304
    0x9becce62836ac577_4ee367f9430aec32, // 10^-288
    0xad1c8eab5ee43b66_da3243650005eecf, // 10^-272
    0xc0314325637a1939_fa911155fefb5308, // 10^-256
    0xd5605fcdcf32e1d6_fb1e4a9a90880a64, // 10^-240
    0xece53cec4a314ebd_a4f8bf5635246428, // 10^-224
    0x8380dea93da4bc60_4247cb9e59f71e6d, // 10^-208
    0x91ff83775423cc06_7b6306a34627ddcf, // 10^-192
    0xa21727db38cb002f_b8ada00e5a506a7c, // 10^-176
    0xb3f4e093db73a093_59ed216765690f56, // 10^-160
    0xc7caba6e7c5382c8_fe64a52ee96b8fc0, // 10^-144
    0xddd0467c64bce4a0_ac7cb3f6d05ddbde, // 10^-128
    0xf64335bcf065d37d_4d4617b5ff4a16d5, // 10^-112
    0x88b402f7fd75539b_11dbcb0218ebb414, // 10^-96
    0x97c560ba6b0919a5_dccd879fc967d41a, // 10^-80
    0xa87fea27a539e9a5_3f2398d747b36224, // 10^-64
    0xbb127c53b17ec159_5560c018580d5d52, // 10^-48
    0xcfb11ead453994ba_67de18eda5814af2, // 10^-32
    0xe69594bec44de15b_4c2ebe687989a9b3, // 10^-16
    0x8000000000000000_0000000000000000, // 10^0
    0x8e1bc9bf04000000_0000000000000000, // 10^16
    0x9dc5ada82b70b59d_f020000000000000, // 10^32
    0xaf298d050e4395d6_9670b12b7f410000, // 10^48
    0xc2781f49ffcfa6d5_3cbf6b71c76b25fb, // 10^64
    0xd7e77a8f87daf7fb_dc33745ec97be906, // 10^80
    0xefb3ab16c59b14a2_c5cfe94ef3ea101e, // 10^96
    0x850fadc09923329e_03e2cf6bc604ddb0, // 10^112
    0x93ba47c980e98cdf_c66f336c36b10137, // 10^128
    0xa402b9c5a8d3a6e7_5f16206c9c6209a6, // 10^144
    0xb616a12b7fe617aa_577b986b314d6009, // 10^160
    0xca28a291859bbf93_7d7b8f7503cfdcfe, // 10^176
    0xe070f78d3927556a_85bbe253f47b1417, // 10^192
    0xf92e0c3537826145_a7709a56ccdf8a82, // 10^208
    0x8a5296ffe33cc92f_82bd6b70d99aaa6f, // 10^224
    0x9991a6f3d6bf1765_acca6da1e0a8ef29, // 10^240
    0xaa7eebfb9df9de8d_ddbb901b98feeab7, // 10^256
    0xbd49d14aa79dbc82_4b2d8644d8a74e18, // 10^272
    0xd226fc195c6a2f8c_73832eec6fff3111, // 10^288
    0xe950df20247c83fd_47c6b82ef32a2069, // 10^304
    0x81842f29f2cce375_e6a1158300d46640, // 10^320
    0x8fcac257558ee4e6_213a4f0aa5e8a7b1, // 10^336
    0x9fa42700db900ad2_5ebf18b6d27795ff, // 10^352
];

/// `10^n`: what fits a word.
static TENS: [u64; 20] = {
    let mut tens = [1; 20];
    let mut n = 1;
    while n < 20 {
        tens[n] = tens[n - 1] * 10;
        n += 1;
    }
    tens
};

/// `10^r` for r below 16, its first bit moved to the top.
static FACTORS: [u64; STEP as usize] = {
    let mut factors = [0; STEP as usize];
    let mut r = 0;
    while r < factors.len() {
        factors[r] = TENS[r] << TENS[r].leading_zeros();
        r += 1;
    }
    factors
};

/// `10^n` for n up to 19.
#[inline(always)]
pub fn ten(n: usize) -> u64 {
    TENS.get(n).copied().unwrap_or(0)
}

/// How many decimal digits a number has; 0 has one.
#[inline(always)]
pub fn digit_count(number: u64) -> u32 {
    // 1233 / 2^12 is a little more than the logarithm of 2.
    let number = number | 1;
    let count = ((u64::BITS - number.leading_zeros()) * 1233) >> 12;
    count + u32::from(number >= ten(count as usize))
}

/// The largest `b` with `2^b <= 10^k`, for |k| up to 6000.
#[inline(always)]
pub const fn floor_log2(k: i32) -> i32 {
    ((k as i64 * 1_783_446_566) >> 29) as i32
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

/// `10^k`, if the table gives it.
#[inline(always)]
pub fn near_power(k: i32) -> Option<Power> {
    let from_first = (k + LARGEST) as usize;
    let (j, r) = (from_first / STEP as usize, from_first % STEP as usize);
    // Both factors are normalised.
    let (high, low) = multiply(*TABLE.get(j)?, FACTORS[r]);
    Some(Power {
        mantissa: u128::from(high) << 64 | low >> 64,
        exponent: floor_log2(k - r as i32) + floor_log2(r as i32) - 126,
    })
}

/// What the mantissa of the power of ten is less than the true one by, at most;
/// 0: it is exactly that.
///
/// A table entry lacks less than 1, which the factor turns into less than a unit
/// of the product's 128th bit, and less than one is dropped. Of a distant power at
/// most 15 factors and their at most 15 products are each relatively short by less
/// than 2^-124 and 2^-126: less than 2^-119 in all, and a unit is at least 2^-128.
pub fn error(k: i32) -> u64 {
    match k {
        0..=54 => 0,
        _ if (-LARGEST..LARGEST + STEP).contains(&k) => 2,
        _ => 512,
    }
}

/// `10^k` for |k| up to 6000.
#[inline(never)]
pub fn any_power(k: i32) -> Power {
    if let Some(power) = near_power(k) {
        return power;
    }
    // Only met in the 80-bit format.
    let step = if k < 0 { -LARGEST } else { LARGEST };
    let factor = any_power(step);
    let mut left = k - step;
    let mut product = factor;
    while left.abs() >= LARGEST {
        product = product_of(product, factor);
        left -= step;
    }
    product_of(product, any_power(left))
}

/// The top 128 bits of a product, the first one set.
fn product_of(a: Power, b: Power) -> Power {
    let (high, low) = multiply(a.mantissa, b.mantissa as u64);
    let middle = ((high as u128) << 64) | (low >> 64);
    let (top, rest) = multiply(a.mantissa, (b.mantissa >> 64) as u64);
    let (rest, carry) = rest.overflowing_add(middle);
    let top = top + u64::from(carry);
    let shift = top.leading_zeros();
    let product = ((top as u128) << 64) | (rest >> 64);
    Power {
        mantissa: product << shift | u128::from((rest as u64).unbounded_shr(64 - shift)),
        exponent: a.exponent + b.exponent + 128 - shift as i32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Is `power` within its stated error of 10^k?
    fn check(k: i32) {
        // Compare mantissa * 2^exponent with 10^k as integers.
        use crate::decimal::tests::Natural;
        let power = any_power(k);
        assert_ne!(power.mantissa >> 126, 0, "10^{k}");
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
        let error = error(k);
        if error == 0 {
            assert!(side(power.mantissa, 0) == truth, "10^{k} inexact");
        } else {
            assert!(side(power.mantissa, error) > truth, "10^{k} too small");
        }
    }

    #[test]
    fn powers_are_within_their_error() {
        (-380..400).for_each(check);
        (-5000..5000).step_by(97).for_each(check);
        [-5010, -4999, 4999, 5010].into_iter().for_each(check);
    }

    #[test]
    fn digits_are_counted() {
        let edges = (0..64).map(|b| 1 << b).chain(TENS);
        for number in edges
            .flat_map(|edge| [edge - 1, edge, edge + 1])
            .chain([u64::MAX])
        {
            assert_eq!(digit_count(number) as usize, number.to_string().len());
        }
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
