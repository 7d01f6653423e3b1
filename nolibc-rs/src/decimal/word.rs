//! Eight digits at a time, a byte each in one word.

/// `0` in every byte.
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// How many of eight characters are digits, from the first one (lowest) on, and
/// what number these are.
///
/// Digits are told by a carry out of the byte; a carry from a byte that is none
/// spoils only those after it. The number is put together by halves, as
/// [`SixteenDigits`](crate::arch::digits::SixteenDigits) takes it apart.
#[inline(always)]
pub fn leading_digits(characters: u64) -> (u32, u64) {
    let values = characters ^ ZEROS;
    let others = (values.wrapping_add(0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080;
    let count = others.trailing_zeros() / 8;
    // The last digit comes to the top.
    let word = values.unbounded_shl(64 - 8 * count);
    let pairs = word.wrapping_mul(10).wrapping_add(word >> 8);
    let even = (pairs & 0x0000_00ff_0000_00ff).wrapping_mul(100 + (1_000_000 << 32));
    let odd = (pairs >> 16 & 0x0000_00ff_0000_00ff).wrapping_mul(1 + (10_000 << 32));
    (count, even.wrapping_add(odd) >> 32)
}

/// The eight hexadecimal digits of a number, 0 to 15, a byte each, the first
/// one lowest.
#[inline(always)]
pub fn eight_nibbles(number: u32) -> u64 {
    let mut word = u64::from(number);
    word = (word | word << 16) & 0x0000_ffff_0000_ffff;
    word = (word | word << 8) & 0x00ff_00ff_00ff_00ff;
    word = (word | word << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    word.swap_bytes()
}

/// The characters of such digits, letters as upper or lower case has them.
#[inline(always)]
pub fn hexadecimal(nibbles: u64, upper: bool) -> u64 {
    // 1 in each byte that holds 10 or more.
    let letters = ((nibbles + 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101;
    let step = if upper { b'A' } else { b'a' } - b'0' - 10;
    nibbles + ZEROS + letters * u64::from(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_up_to_another_character() {
        for (text, count, value) in [
            (b"00000000", 8, 0),
            (b"12345678", 8, 12_345_678),
            (b"99999999", 8, 99_999_999),
            (b"1234567.", 7, 1_234_567),
            (b"1/345678", 1, 1),
            (b"12:45678", 2, 12),
            (b".2345678", 0, 0),
            (b"407\x80\xff\xff99", 3, 407),
            (b"5\x00\x00\x00\x00\x00\x00\x00", 1, 5),
        ] {
            assert_eq!(leading_digits(u64::from_le_bytes(*text)), (count, value));
        }
        for byte in (0..=255).filter(|byte: &u8| !byte.is_ascii_digit()) {
            let text = [b'4', b'2', byte, b'1', b'1', b'1', b'1', b'1'];
            assert_eq!(leading_digits(u64::from_le_bytes(text)), (2, 42));
        }
    }

    #[test]
    fn nibbles_are_those_of_the_number() {
        for number in [0, 1, 0x0123_4567, 0x89ab_cdef, 0xfedc_ba98, u32::MAX] {
            let nibbles = eight_nibbles(number);
            let text = |upper| hexadecimal(nibbles, upper).to_le_bytes();
            assert_eq!(text(false).as_slice(), format!("{number:08x}").as_bytes());
            assert_eq!(text(true).as_slice(), format!("{number:08X}").as_bytes());
        }
    }
}
