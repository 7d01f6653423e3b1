//! `va_list` and MXCSR, as C code of this CPU has them.

use core::arch::asm;

/// What `va_list` is an array of one of (System V x86-64 psABI, 3.5.7).
#[repr(C)]
#[derive(Clone, Copy)]
pub struct VaList {
    gp_offset: u32,
    fp_offset: u32,
    overflow: *mut u64,
    save_area: *mut u8,
}

const _: () = assert!(size_of::<VaList>() == 24);

const GP_END: u32 = 6 * 8;
const FP_END: u32 = GP_END + 8 * 16;

impl VaList {
    /// A list whose arguments all lie in memory, as if the registers had been
    /// used up: 8 bytes each, a `long double` 16 at a multiple of 16.
    ///
    /// # Safety
    /// `arguments` is valid for whatever is then taken.
    pub unsafe fn in_memory(arguments: *mut u64) -> Self {
        Self {
            gp_offset: GP_END,
            fp_offset: FP_END,
            overflow: arguments,
            save_area: core::ptr::null_mut(),
        }
    }

    /// The next argument of a class that general registers carry; for a narrow
    /// type the upper bits are garbage.
    ///
    /// # Safety
    /// There is such an argument.
    #[inline(always)]
    pub unsafe fn word(&mut self) -> u64 {
        if self.gp_offset >= GP_END {
            // SAFETY: passed on.
            return unsafe { self.overflow_word() };
        }
        let offset = self.gp_offset;
        self.gp_offset += 8;
        // SAFETY: `va_start` saved the six registers at these offsets.
        unsafe { self.save_area.add(offset as usize).cast::<u64>().read() }
    }

    /// The next `double`.
    ///
    /// # Safety
    /// There is such an argument.
    #[inline(always)]
    pub unsafe fn double(&mut self) -> f64 {
        if self.fp_offset >= FP_END {
            // SAFETY: passed on.
            return f64::from_bits(unsafe { self.overflow_word() });
        }
        let offset = self.fp_offset;
        self.fp_offset += 16;
        // SAFETY: `va_start` saved the eight registers at these offsets.
        unsafe { self.save_area.add(offset as usize).cast::<f64>().read() }
    }

    /// The next `long double`: mantissa, and sign with exponent.
    ///
    /// # Safety
    /// There is such an argument.
    pub unsafe fn long_double(&mut self) -> (u64, u16) {
        let unaligned = !self.overflow.addr().is_multiple_of(16);
        // SAFETY: one is passed in memory, at a multiple of 16.
        let place = unsafe { self.overflow.add(usize::from(unaligned)) };
        // SAFETY: it takes two words.
        self.overflow = unsafe { place.add(2) };
        // SAFETY: the same.
        unsafe { (place.read(), place.add(1).cast::<u16>().read()) }
    }

    #[inline(never)]
    unsafe fn overflow_word(&mut self) -> u64 {
        let place = self.overflow;
        // SAFETY: the caller's contract: the argument is there.
        self.overflow = unsafe { place.add(1) };
        // SAFETY: the same.
        unsafe { place.read() }
    }
}

/// The rounding mode of SSE arithmetic: 0 nearest, 1 down, 2 up, 3 toward zero.
#[inline(always)]
pub fn rounding_mode() -> u32 {
    let mut mxcsr = 0_u32;
    // SAFETY: stores MXCSR to a local.
    unsafe { asm!("stmxcsr [{}]", in(reg) &raw mut mxcsr, options(nostack, preserves_flags)) };
    mxcsr >> 13 & 3
}
