//! Both sides of a comparison with the host's libc: one argument block, handed
//! to `vsnprintf` of glibc and to our engine.

use std::ffi::{CString, c_char, c_int};

use nolibc::arch::VaList;
use nolibc::errno::Result;
use nolibc::format::{self, Sink};
use nolibc::varargs::VarArgs;

unsafe extern "C" {
    fn vsnprintf(
        buffer: *mut c_char,
        len: usize,
        format: *const c_char,
        list: *mut VaList,
    ) -> c_int;
}

/// Arguments as a call would lay them out in memory.
#[derive(Default, Clone)]
pub struct Block(Vec<u128>, bool);

impl Block {
    pub fn word(mut self, word: u64) -> Self {
        if self.1 {
            *self.0.last_mut().unwrap() |= u128::from(word) << 64;
        } else {
            self.0.push(word.into());
        }
        self.1 = !self.1;
        self
    }

    pub fn double(self, value: f64) -> Self {
        self.word(value.to_bits())
    }

    pub fn long_double(mut self, mantissa: u64, sign_exponent: u16) -> Self {
        self.0
            .push(u128::from(mantissa) | u128::from(sign_exponent) << 64);
        self.1 = false;
        self
    }

    pub fn list(&mut self) -> VaList {
        // SAFETY: the tests put in what their formats take out.
        unsafe { VaList::in_memory(self.0.as_mut_ptr().cast()) }
    }
}

struct Gather<'a>(&'a mut Vec<u8>);

impl Sink for Gather<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }
}

/// What glibc makes of it.
pub fn theirs(format: &str, block: &Block) -> Option<String> {
    let format = CString::new(format).unwrap();
    let mut buffer = vec![0_u8; 20_000];
    let mut block = block.clone();
    let mut list = block.list();
    // SAFETY: the buffer has that length, and the arguments fit the format.
    let len = unsafe {
        vsnprintf(
            buffer.as_mut_ptr().cast(),
            buffer.len(),
            format.as_ptr(),
            &mut list,
        )
    };
    let len = usize::try_from(len).ok()?;
    assert!(len < buffer.len());
    buffer.truncate(len);
    Some(String::from_utf8(buffer).unwrap())
}

/// What we make of it.
pub fn ours(format: &str, block: &Block) -> Option<String> {
    let mut text = Vec::new();
    let mut block = block.clone();
    let mut list = block.list();
    // SAFETY: the arguments fit the format.
    let mut args = unsafe { VarArgs::new(&mut list) };
    let len = format::format(&mut Gather(&mut text), format.as_bytes(), &mut args).ok()?;
    assert_eq!(len as usize, text.len(), "{format}");
    Some(String::from_utf8(text).unwrap())
}

/// glibc 2.36 forgets the zeros that `#` asks for where `%g` rounds up to the
/// next power of ten: 999999.5 becomes "1.e+06".
pub fn theirs_lost_zeros(format: &str, block: &Block) -> bool {
    let (Some(ours), Some(theirs)) = (ours(format, block), theirs(format, block)) else {
        return false;
    };
    let without = |text: &str| text.replace(['0', ' '], "");
    ours != theirs && theirs.to_lowercase().contains("1.e+") && without(&ours) == without(&theirs)
}

#[track_caller]
pub fn same(format: &str, block: &Block) {
    assert_eq!(
        ours(format, block),
        theirs(format, block),
        "format {format:?}"
    );
}

/// A small generator, so that a failure can be repeated.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        // splitmix64, Steele, Lea and Flood 2014.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ x >> 31
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// Doubles of many kinds: any bits, ordinary sizes, short decimals,
    /// integers, sums of few powers of two.
    pub fn double(&mut self) -> f64 {
        let x = self.next();
        let sign = if x & 1 == 0 { 1.0 } else { -1.0 };
        sign * match self.below(6) {
            0 => f64::from_bits(x),
            1 => (x >> 11) as f64 / 9e15 * 10_f64.powi(self.below(12) as i32 - 3),
            2 => {
                self.below(1_000_000) as f64
                    / [1.0, 10.0, 100.0, 1000.0, 1e4, 1e6][self.below(6) as usize]
            }
            3 => (x >> self.below(64)) as f64,
            4 => (x >> 40) as f64 * 2_f64.powi(self.below(2000) as i32 - 1050),
            _ => f64::from_bits(x >> self.below(52) & !(1 << 63)),
        }
    }
}

/// How many rounds a random test makes: `NOLIBC_TEST_ROUNDS`, or `usual`.
pub fn rounds(usual: u64) -> u64 {
    let wanted = std::env::var("NOLIBC_TEST_ROUNDS").ok();
    wanted.map_or(usual, |text| {
        text.parse().expect("NOLIBC_TEST_ROUNDS is a number")
    })
}
