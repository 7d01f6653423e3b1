//! Sixteen decimal digits in one register.

use core::arch::x86_64::{
    __m128i, _mm_add_epi8, _mm_and_si128, _mm_andnot_si128, _mm_cmpeq_epi8, _mm_cvtsi32_si128,
    _mm_cvtsi64_si128, _mm_cvtsi128_si64, _mm_loadu_si128, _mm_movemask_epi8, _mm_mul_epu32,
    _mm_mulhi_epu16, _mm_mullo_epi16, _mm_or_si128, _mm_set1_epi8, _mm_set1_epi16, _mm_set1_epi64x,
    _mm_setzero_si128, _mm_slli_epi16, _mm_slli_epi32, _mm_slli_epi64, _mm_slli_si128,
    _mm_srli_epi16, _mm_srli_epi64, _mm_srli_si128, _mm_sub_epi16, _mm_sub_epi32,
    _mm_unpacklo_epi64,
};

/// What eight digits stay below.
const EIGHT_DIGITS: u64 = 100_000_000;

/// Sixteen decimal digits, a byte each, the first one lowest.
#[derive(Clone, Copy)]
pub struct SixteenDigits(__m128i);

impl SixteenDigits {
    /// The last sixteen digits of `number`, and what stands before them.
    ///
    /// Two halves of eight are cut in half three times, all parts of a step at
    /// once; a division by 10^4, 100 or 10 is a multiplication and a shift (as
    /// described in P. Khuong, "How to print integers really fast", pvk.ca, 2017,
    /// for one half).
    #[inline(always)]
    pub fn of(number: u64) -> (u64, Self) {
        let upper = number / EIGHT_DIGITS;
        let first = upper / EIGHT_DIGITS;
        let middle = upper - first * EIGHT_DIGITS;
        let last = number - upper * EIGHT_DIGITS;
        // SAFETY: every x86_64 CPU has SSE2.
        let digits = unsafe {
            // In lanes of 64 bits, below 10^8: 3518437209 is 2^45 / 10^4, rounded up.
            let halves = _mm_unpacklo_epi64(
                _mm_cvtsi64_si128(middle as i64),
                _mm_cvtsi64_si128(last as i64),
            );
            let upper = _mm_mul_epu32(halves, _mm_set1_epi64x(3_518_437_209));
            let upper = _mm_srli_epi64::<45>(upper);
            let lower = _mm_sub_epi32(halves, _mm_mul_epu32(upper, _mm_set1_epi64x(10_000)));
            let fours = _mm_or_si128(upper, _mm_slli_epi64::<32>(lower));
            // In lanes of 32 bits, below 10^4: 5243 is 2^19 / 100, rounded up.
            let upper = _mm_srli_epi16::<3>(_mm_mulhi_epu16(fours, _mm_set1_epi16(5243)));
            let lower = _mm_sub_epi16(fours, _mm_mullo_epi16(upper, _mm_set1_epi16(100)));
            let pairs = _mm_or_si128(upper, _mm_slli_epi32::<16>(lower));
            // In lanes of 16 bits, below 100: 6554 is 2^16 / 10, rounded up.
            let upper = _mm_mulhi_epu16(pairs, _mm_set1_epi16(6554));
            let lower = _mm_sub_epi16(pairs, _mm_mullo_epi16(upper, _mm_set1_epi16(10)));
            _mm_or_si128(upper, _mm_slli_epi16::<8>(lower))
        };
        (first, Self(digits))
    }

    /// A bit for each digit that is not 0, the first one's lowest.
    #[inline(always)]
    pub fn nonzero(self) -> u32 {
        // SAFETY: every x86_64 CPU has SSE2.
        let zeros = unsafe { _mm_movemask_epi8(_mm_cmpeq_epi8(self.0, _mm_setzero_si128())) };
        zeros as u32 ^ 0xffff
    }

    /// The characters of `first` and these, with a point after so many of these, which are at
    /// most 14, and zeros at the end: the first 16 of 24 characters, and the other 8.
    #[inline(always)]
    pub fn with_point(self, first: u8, before: usize) -> (u128, u64) {
        /// 0, up to 16 bytes before the middle; 255 behind.
        static BEHIND: [u8; 32] = {
            let mut bytes = [0; 32];
            let mut at = 16;
            while at < 32 {
                bytes[at] = 255;
                at += 1;
            }
            bytes
        };
        /// A point in the middle.
        static POINT: [u8; 32] = {
            let mut bytes = [0; 32];
            bytes[16] = b'.';
            bytes
        };
        const LAST: u64 = u64::from_le_bytes([b'0'; 8]) << 16;
        let place = before.min(14) + 1;
        let from = |bytes: &[u8; 32], at: usize| {
            // SAFETY: `at` is 0 to 16, so that the load stays inside.
            unsafe { _mm_loadu_si128(bytes.as_ptr().add(at).cast()) }
        };
        // SAFETY: every x86_64 CPU has SSE2; __m128i and u128 are 16 bytes of any bits.
        unsafe {
            let digits = _mm_add_epi8(self.0, _mm_set1_epi8(b'0' as i8));
            let all = _mm_or_si128(
                _mm_slli_si128::<1>(digits),
                _mm_cvtsi32_si128((first | b'0').into()),
            );
            let behind = _mm_and_si128(_mm_slli_si128::<1>(all), from(&BEHIND, 15 - place));
            let ahead = _mm_andnot_si128(from(&BEHIND, 16 - place), all);
            let low = _mm_or_si128(_mm_or_si128(ahead, behind), from(&POINT, 16 - place));
            let last = _mm_cvtsi128_si64(_mm_srli_si128::<14>(digits)) as u64;
            (core::mem::transmute::<__m128i, u128>(low), last | LAST)
        }
    }

    /// The characters.
    #[inline(always)]
    pub fn text(self) -> [u8; 16] {
        // SAFETY: every x86_64 CPU has SSE2; both types are 16 bytes of any bits.
        unsafe { core::mem::transmute(_mm_add_epi8(self.0, _mm_set1_epi8(b'0' as i8))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_the_number() {
        let halves = (0..EIGHT_DIGITS).step_by(997);
        let some = halves.map(|half| (EIGHT_DIGITS - 1 - half) * EIGHT_DIGITS + half);
        let edges = (0..20).flat_map(|n| {
            let power = 10_u64.pow(n);
            [power - 1, power, power + 1]
        });
        for number in some.chain(edges).chain([u64::MAX]) {
            let (first, last) = SixteenDigits::of(number);
            let text = [first.to_string().as_bytes(), &last.text()].concat();
            assert_eq!(text, format!("{number:017}").as_bytes());
            let nonzero = text.iter().skip(text.len() - 16).rev();
            let bits = nonzero.fold(0, |bits, &digit| bits << 1 | u32::from(digit != b'0'));
            assert_eq!(last.nonzero(), bits);
            for before in 0..15 {
                let (low, high) = last.with_point((first % 10) as u8, before);
                let pointed = [low.to_le_bytes().as_slice(), &high.to_le_bytes()].concat();
                let (ahead, behind) = text.split_at(text.len() - 16 + before);
                let ahead = &ahead[ahead.len() - 1 - before..];
                let wanted = [ahead, b".", behind, b"000000"].concat();
                assert_eq!(pointed, wanted);
            }
        }
    }
}
