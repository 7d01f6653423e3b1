//! The console's rings, which another domain reads and writes.
//!
//! Source: Xen 4.17, `xen/include/public/io/console.h`.

use crate::abi::Console;
use crate::ring::Ring;

impl Console {
    /// What this domain writes.
    pub fn output(&self) -> Ring<'_> {
        Ring {
            bytes: &self.output,
            taken: &self.out_cons,
            put: &self.out_prod,
        }
    }

    /// What this domain reads.
    pub fn input(&self) -> Ring<'_> {
        Ring {
            bytes: &self.input,
            taken: &self.in_cons,
            put: &self.in_prod,
        }
    }
}
