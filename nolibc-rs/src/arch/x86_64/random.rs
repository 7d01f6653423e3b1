//! The CPU's random numbers: `RDSEED` and `RDRAND` (Intel SDM 7.3.17; "Intel
//! Digital Random Number Generator Software Implementation Guide" 5.2, 5.3).

use core::arch::x86_64::{__cpuid, __cpuid_count, _rdrand64_step, _rdseed64_step};
use core::hint::spin_loop;
use core::sync::atomic::{AtomicU8, Ordering};

const KNOWN: u8 = 1;
const RDRAND: u8 = 2;
const RDSEED: u8 = 4;

/// What CPUID said; 0 before it was asked. Asking leaves a virtual machine.
static FEATURES: AtomicU8 = AtomicU8::new(0);

/// `RDRAND` fails so often in a row only if it is broken.
const RDRAND_TRIES: usize = 10;
/// `RDSEED` runs dry when it is asked often; then `RDRAND` has to do.
const RDSEED_TRIES: usize = 32;

fn features() -> u8 {
    let known = FEATURES.load(Ordering::Relaxed);
    if known != 0 {
        return known;
    }
    let rdrand = __cpuid(1).ecx & 1 << 30 != 0;
    let rdseed = __cpuid(0).eax >= 7 && __cpuid_count(7, 0).ebx & 1 << 18 != 0;
    let mut found = KNOWN;
    found |= if rdrand { RDRAND } else { 0 };
    found |= if rdseed { RDSEED } else { 0 };
    FEATURES.store(found, Ordering::Relaxed);
    found
}

#[target_feature(enable = "rdrand")]
fn rdrand() -> Option<u64> {
    let mut word = 0;
    (_rdrand64_step(&mut word) == 1).then_some(word)
}

#[target_feature(enable = "rdseed")]
fn rdseed() -> Option<u64> {
    let mut word = 0;
    (_rdseed64_step(&mut word) == 1).then_some(word)
}

/// All ones and all zeros are what broken units have answered as success (AMD
/// errata after suspend); of 2^64 words it costs two.
fn plausible(word: &u64) -> bool {
    !matches!(*word, 0 | u64::MAX)
}

fn retry(tries: usize, source: impl Fn() -> Option<u64>) -> Option<u64> {
    for _ in 0..tries {
        match source().filter(plausible) {
            None => spin_loop(),
            word => return word,
        }
    }
    None
}

/// 64 random bits; `None` if this CPU has no source, or it fails.
pub fn word() -> Option<u64> {
    let features = features();
    let mut word = None;
    if features & RDSEED != 0 {
        // SAFETY: CPUID says that the CPU has the instruction.
        word = retry(RDSEED_TRIES, || unsafe { rdseed() });
    }
    if word.is_none() && features & RDRAND != 0 {
        // SAFETY: CPUID says that the CPU has the instruction.
        word = retry(RDRAND_TRIES, || unsafe { rdrand() });
    }
    word
}

/// Whether this CPU has a source.
pub fn is_present() -> bool {
    features() & (RDRAND | RDSEED) != 0
}
