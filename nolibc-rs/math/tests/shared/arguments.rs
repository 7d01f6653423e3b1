//! The arguments that every test takes, here and in the guest `math_bits`, and the
//! checksum of results. Integers and exact arithmetic only, so that C makes the same.

/// SplitMix64. Source: Steele, Lea and Flood, Fast splittable pseudorandom number
/// generators, OOPSLA 2014.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// From one number to another.
    fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * ((self.next() >> 11) as f64 / (1u64 << 53) as f64)
    }

    /// The `index`th argument: in turn from one of the ranges, of any sign and a size
    /// from 2^-64 to 2^64, or any bits.
    pub fn double(&mut self, index: usize, ranges: &[f64]) -> f64 {
        match index % 4 {
            0 => self.between(ranges[0], ranges[1]),
            1 => self.between(ranges[2], ranges[3]),
            2 => {
                let bits = self.next();
                f64::from_bits(
                    bits & (1 << 63 | ((1 << 52) - 1)) | (959 + (bits >> 52 & 127)) << 52,
                )
            }
            _ => f64::from_bits(self.next()),
        }
    }

    /// The same for single precision, with sizes from 2^-32 to 2^32.
    pub fn single(&mut self, index: usize, ranges: &[f64]) -> f32 {
        match index % 4 {
            0 => self.between(ranges[0], ranges[1]) as f32,
            1 => self.between(ranges[2], ranges[3]) as f32,
            2 => {
                let bits = self.next() as u32;
                let fraction = bits & (1 << 31 | ((1 << 23) - 1));
                f32::from_bits(fraction | (95 + (bits >> 23 & 63)) << 23)
            }
            _ => f32::from_bits(self.next() as u32),
        }
    }
}

/// The checksum of `count` results of a function, given as bits.
#[derive(Default)]
pub struct Checksum(pub u64);

impl Checksum {
    /// Any NaN is as good as another.
    pub fn double(&mut self, result: f64) {
        self.add(if result.is_nan() {
            0x7ff8 << 48
        } else {
            result.to_bits()
        });
    }

    pub fn single(&mut self, result: f32) {
        self.add(if result.is_nan() {
            0x7fc0_0000
        } else {
            result.to_bits().into()
        });
    }

    fn add(&mut self, bits: u64) {
        self.0 = (self.0.rotate_left(5) ^ bits).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}
