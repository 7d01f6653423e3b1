//! The floating-point environment: the control and status words of x87 and SSE,
//! and the conversions that obey their rounding mode.
//!
//! Rust code is compiled for the default environment. What runs here in another
//! one is these few instructions and the C program's own arithmetic.

use core::arch::asm;

/// All exceptions of C: invalid, division by zero, overflow, underflow, inexact.
/// The sixth of the CPU, denormal operand, is no business of C's.
pub const ALL: u32 = 0x3d;
/// The bits of the x87 control word that hold the rounding mode; those of the SSE
/// control word are the same, three places higher.
pub const ROUNDING: u32 = 0xc00;
const SSE_SHIFT: u32 = 3;
const DEFAULT_MXCSR: u32 = 0x1f80;
/// Where the SSE control word has its masks: seven places above the flags.
const MASK_SHIFT: u32 = 7;

/// `fenv_t`: what `fnstenv` stores, and the SSE control word.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct Environment {
    control: u32,
    status: u32,
    others: [u32; 5],
    mxcsr: u32,
}

const _: () = assert!(size_of::<Environment>() == 32);

fn mxcsr() -> u32 {
    let mut word = 0u32;
    // SAFETY: stores four bytes to a live local.
    unsafe { asm!("stmxcsr [{}]", in(reg) &raw mut word, options(nostack, preserves_flags)) };
    word
}

fn set_mxcsr(word: u32) {
    // SAFETY: loads four bytes; every caller changes only flags, masks and the
    // rounding mode of a word that was valid.
    unsafe { asm!("ldmxcsr [{}]", in(reg) &raw const word, options(nostack, preserves_flags)) };
}

fn x87_status() -> u32 {
    let word: u16;
    // SAFETY: stores the status word to ax.
    unsafe { asm!("fnstsw ax", out("ax") word, options(nostack, preserves_flags)) };
    word.into()
}

/// Store the x87 environment and load it again, changed by `change`.
fn update_x87(change: impl FnOnce(&mut Environment)) {
    let mut environment = Environment::default();
    // SAFETY: `fnstenv` stores 28 bytes to a live local and masks exceptions, which
    // `fldenv` puts back as they were or as `change` wants them.
    unsafe {
        asm!("fnstenv [{}]", in(reg) &raw mut environment, options(nostack, preserves_flags));
        change(&mut environment);
        asm!("fldenv [{}]", in(reg) &raw const environment, options(nostack, preserves_flags));
    }
}

/// Which of `exceptions` have been raised.
pub fn raised(exceptions: u32) -> u32 {
    (x87_status() | mxcsr()) & exceptions & ALL
}

/// Forget that `exceptions` were raised.
pub fn clear(exceptions: u32) {
    let exceptions = exceptions & ALL;
    if x87_status() & exceptions != 0 {
        update_x87(|environment| environment.status &= !exceptions);
    }
    set_mxcsr(mxcsr() & !exceptions);
}

/// Mark `exceptions` as raised.
pub fn raise(exceptions: u32) {
    set_mxcsr(mxcsr() | exceptions & ALL);
}

/// The rounding mode, as the x87 control word holds it.
pub fn rounding() -> u32 {
    mxcsr() >> SSE_SHIFT & ROUNDING
}

/// Set the rounding mode of both units; `mode` has no other bits than [`ROUNDING`].
pub fn set_rounding(mode: u32) {
    let mode = mode & ROUNDING;
    update_x87(|environment| environment.control = environment.control & !ROUNDING | mode);
    set_mxcsr(mxcsr() & !(ROUNDING << SSE_SHIFT) | mode << SSE_SHIFT);
}

impl Environment {
    /// The environment in force.
    pub fn current() -> Self {
        let mut saved = Self::default();
        update_x87(|environment| saved = *environment);
        saved.mxcsr = mxcsr();
        saved
    }

    /// Put this environment in force.
    pub fn set(&self) {
        update_x87(|environment| *environment = *self);
        set_mxcsr(self.mxcsr);
    }

    /// Put the environment in force in which a program starts.
    pub fn set_default() {
        // SAFETY: no x87 value is live across a call.
        unsafe { asm!("fninit", options(nostack, preserves_flags)) };
        set_mxcsr(DEFAULT_MXCSR);
    }
}

/// Mask all exceptions, so that none traps.
pub fn mask_all() {
    update_x87(|environment| environment.control |= ALL);
    set_mxcsr(mxcsr() | ALL << MASK_SHIFT);
}

/// Round to an integer in the current mode; the least one when it does not fit.
pub fn to_integer(x: f64) -> i64 {
    let integer;
    // SAFETY: converts a register. Not `pure`: the rounding mode is an input.
    unsafe { asm!("cvtsd2si {}, {}", out(reg) integer, in(xmm_reg) x, options(nostack, nomem)) };
    integer
}

/// [`to_integer`] of single precision.
pub fn to_integer_f32(x: f32) -> i64 {
    let integer;
    // SAFETY: as above.
    unsafe { asm!("cvtss2si {}, {}", out(reg) integer, in(xmm_reg) x, options(nostack, nomem)) };
    integer
}

#[cfg(test)]
mod tests {
    use super::*;

    unsafe extern "C" {
        safe fn fegetround() -> i32;
        safe fn fesetround(mode: i32) -> i32;
        safe fn fetestexcept(exceptions: i32) -> i32;
        safe fn feraiseexcept(exceptions: i32) -> i32;
    }

    /// Every test leaves the environment of its thread as it found it.
    fn undisturbed(test: impl FnOnce()) {
        let before = Environment::current();
        test();
        before.set();
        assert_eq!(fegetround(), 0);
    }

    #[test]
    fn rounding_modes_are_glibcs() {
        undisturbed(|| {
            for mode in [0x400, 0x800, 0xc00, 0] {
                set_rounding(mode);
                assert_eq!(fegetround(), mode as i32);
                assert_eq!(rounding(), mode);
            }
            for mode in [0x400, 0x800, 0xc00, 0] {
                fesetround(mode);
                assert_eq!(rounding(), mode as u32);
            }
        });
    }

    #[test]
    fn conversions_obey_the_mode() {
        undisturbed(|| {
            let expected = [
                (0, [2, 2, -2, -2]),
                (0x400, [1, 2, -2, -3]),
                (0x800, [2, 3, -1, -2]),
            ];
            for (mode, integers) in expected.into_iter().chain([(0xc00, [1, 2, -1, -2])]) {
                set_rounding(mode);
                let doubles = [1.5, 2.5, -1.5, -2.5].map(to_integer);
                let floats = [1.5, 2.5, -1.5, -2.5].map(to_integer_f32);
                set_rounding(0);
                assert_eq!(doubles, integers, "mode {mode:#x}");
                assert_eq!(floats, integers, "mode {mode:#x}");
            }
        });
    }

    #[test]
    fn flags_are_glibcs() {
        undisturbed(|| {
            clear(ALL);
            for flag in [0x01, 0x04, 0x08, 0x10, 0x20] {
                raise(flag);
                assert_eq!(fetestexcept(0x3d), flag as i32);
                assert_eq!(raised(ALL), flag);
                clear(flag);
                assert_eq!(fetestexcept(0x3d), 0);
                feraiseexcept(flag as i32);
                assert_ne!(raised(flag), 0);
                clear(ALL);
                assert_eq!(raised(ALL), 0);
            }
        });
    }

    #[test]
    fn flags_of_x87_count() {
        undisturbed(|| {
            clear(ALL);
            // SAFETY: leaves the x87 stack empty.
            unsafe {
                asm!(
                    "fld1",
                    "fldz",
                    "fdivp st(1), st",
                    "fstp st(0)",
                    options(nostack)
                )
            };
            assert_eq!(raised(ALL), 4);
            clear(4);
            assert_eq!(raised(ALL), 0);
        });
    }

    #[test]
    fn an_environment_comes_back() {
        undisturbed(|| {
            clear(ALL);
            set_rounding(0x800);
            raise(0x10);
            let saved = Environment::current();
            Environment::set_default();
            assert_eq!((rounding(), raised(ALL)), (0, 0));
            saved.set();
            assert_eq!((rounding(), raised(ALL)), (0x800, 0x10));
            mask_all();
            assert_eq!((rounding(), raised(ALL)), (0x800, 0x10));
        });
    }
}
