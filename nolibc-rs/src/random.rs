//! Pseudo-random numbers for `rand`, `random` and `drand48`. None is fit for
//! secrets; [`crate::entropy`] is.

/// The additive feedback generator x^31 + x^3 + 1 of BSD and glibc: the same seed
/// gives the same numbers as there.
pub struct Feedback {
    words: [u32; Self::DEGREE],
    /// Which word is replaced next.
    at: usize,
}

impl Feedback {
    const DEGREE: usize = 31;
    const SEPARATION: usize = 3;

    /// The generator of a seed; 0 is the same as 1.
    pub const fn new(seed: u32) -> Self {
        // Park and Miller's minimal standard generator fills the words.
        const MODULUS: i64 = 0x7fff_ffff;
        let mut words = [0; Self::DEGREE];
        let mut value = if seed == 0 { 1 } else { seed as i32 as i64 };
        let mut i = 0;
        while i < Self::DEGREE {
            words[i] = value as u32;
            value = 16807 * value % MODULUS;
            if value < 0 {
                value += MODULUS;
            }
            i += 1;
        }
        let mut generator = Self {
            words,
            at: Self::SEPARATION,
        };
        let mut discarded = 0;
        while discarded < 10 * Self::DEGREE {
            generator.next();
            discarded += 1;
        }
        generator
    }

    /// A number of 31 bits.
    pub const fn next(&mut self) -> u32 {
        let back = (self.at + Self::DEGREE - Self::SEPARATION) % Self::DEGREE;
        let word = self.words[self.at].wrapping_add(self.words[back]);
        self.words[self.at] = word;
        self.at = (self.at + 1) % Self::DEGREE;
        word >> 1
    }
}

/// A number of 31 bits from a state of one word: `rand_r`. The steps are glibc's.
pub fn from_word(state: &mut u32) -> u32 {
    let mut bits = |count: u32| {
        *state = state.wrapping_mul(1_103_515_245).wrapping_add(12345);
        (*state >> 16) & ((1 << count) - 1)
    };
    let high = bits(11);
    let middle = bits(10);
    high << 20 | middle << 10 | bits(10)
}

/// The linear congruential generator modulo 2^48 that POSIX prescribes.
pub struct Congruential {
    /// The last number.
    pub state: u64,
    /// What it is multiplied with.
    pub factor: u64,
    /// What is added then.
    pub addend: u64,
}

impl Congruential {
    /// POSIX's factor and addend, and no seed yet.
    pub const fn new() -> Self {
        Self {
            state: 0,
            factor: 0x5_deec_e66d,
            addend: 0xb,
        }
    }

    /// The number after `state`.
    pub fn after(&self, state: u64) -> u64 {
        let next = self.factor.wrapping_mul(state).wrapping_add(self.addend);
        next & 0xffff_ffff_ffff
    }
}

impl Default for Congruential {
    fn default() -> Self {
        Self::new()
    }
}

/// A number of 48 bits from its three words, the lowest first.
pub fn join(words: [u16; 3]) -> u64 {
    let [low, middle, high] = words.map(u64::from);
    low | middle << 16 | high << 32
}

/// The three words of a number of 48 bits.
pub fn split(number: u64) -> [u16; 3] {
    [number as u16, (number >> 16) as u16, (number >> 32) as u16]
}

/// 48 bits as a number from 0 to 1, 1 excluded.
pub fn fraction(number: u64) -> f64 {
    number as f64 / (1u64 << 48) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    unsafe extern "C" {
        safe fn srandom(seed: u32);
        safe fn random() -> i64;
        safe fn rand_r(seed: &mut u32) -> i32;
        safe fn srand48(seed: i64);
        safe fn mrand48() -> i64;
        safe fn drand48() -> f64;
    }

    #[test]
    fn random_is_glibcs() {
        for seed in [0, 1, 42, 0x8000_0001, u32::MAX] {
            let mut ours = Feedback::new(seed);
            srandom(seed);
            for _ in 0..1000 {
                assert_eq!(i64::from(ours.next()), random(), "seed {seed}");
            }
        }
    }

    #[test]
    fn rand_r_is_glibcs() {
        let (mut ours, mut theirs) = (7, 7);
        for _ in 0..1000 {
            let number = from_word(&mut ours);
            assert_eq!(number as i32, rand_r(&mut theirs));
        }
    }

    #[test]
    fn drand48_is_glibcs() {
        let mut ours = Congruential::new();
        ours.state = 0x1234_5678 << 16 | 0x330e;
        srand48(0x1234_5678);
        for _ in 0..1000 {
            ours.state = ours.after(ours.state);
            assert_eq!(fraction(ours.state), drand48());
            ours.state = ours.after(ours.state);
            assert_eq!((ours.state >> 16) as i32 as i64, mrand48());
        }
    }
}
