//! The stack protector's canary.

use core::arch::x86_64::{__cpuid, _rdtsc};
use core::sync::atomic::{AtomicUsize, Ordering};

/// `__stack_chk_guard`, which code compiled with
/// `-mstack-protector-guard=global` reads.
#[repr(transparent)]
pub struct Canary(AtomicUsize);

impl Canary {
    /// A recognisable value that says the canary was never set.
    pub const fn new() -> Self {
        Self(AtomicUsize::new(0x00de_adbe_ef0d_0a00))
    }
}

impl Default for Canary {
    fn default() -> Self {
        Self::new()
    }
}

unsafe extern "C" {
    static __stack_chk_guard: Canary;
}

/// Set the canary to a random value.
///
/// From `RDRAND` where the CPU has it, else from the time stamp counter, which
/// a host can guess. One byte is zero, so that no string function can write the
/// canary back.
///
/// To be called once, from start code, before C code runs. Executes `CPUID`.
pub fn initialise() {
    // SAFETY: the time stamp counter has no precondition.
    let cycles = unsafe { _rdtsc() };
    let value =
        random().unwrap_or_else(|| cycles.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(32));
    // SAFETY: every backend defines it, with this type.
    unsafe {
        __stack_chk_guard
            .0
            .store(value as usize & !0xff00, Ordering::Relaxed)
    };
}

fn random() -> Option<u64> {
    const RDRAND: u32 = 1 << 30;
    if __cpuid(1).ecx & RDRAND == 0 {
        return None;
    }
    (0..10).find_map(|_| {
        let value: u64;
        let valid: u8;
        // SAFETY: the CPU has the instruction; it changes only its operand and
        // the flags.
        unsafe {
            core::arch::asm!(
                "rdrand {}", "setc {}", out(reg) value, out(reg_byte) valid,
                options(nomem, nostack)
            );
        }
        (valid != 0).then_some(value)
    })
}
