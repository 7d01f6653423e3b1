//! `abs`, `div` and their family.

use core::ffi::{c_int, c_long, c_longlong};

macro_rules! arithmetic {
    ($($number:ident, $abs:ident, $div:ident, $result:ident;)*) => {$(
        #[doc = concat!("The absolute value; that of the least `", stringify!($number), "` is itself.\n\nSource: C11 7.22.6.1.")]
        #[unsafe(no_mangle)]
        pub extern "C" fn $abs(value: $number) -> $number {
            value.wrapping_abs()
        }

        #[doc = concat!("What [`", stringify!($div), "`] returns.")]
        #[repr(C)]
        pub struct $result {
            /// The quotient.
            pub quot: $number,
            /// The remainder.
            pub rem: $number,
        }

        /// Quotient, rounded towards zero, and remainder.
        ///
        /// Source: C11 7.22.6.2. Division by zero is a fault, as `/` is in C.
        #[unsafe(no_mangle)]
        pub extern "C" fn $div(numerator: $number, denominator: $number) -> $result {
            if denominator == 0 {
                crate::report::die(concat!(stringify!($div), ": division by zero"));
            }
            $result {
                quot: numerator.wrapping_div(denominator),
                rem: numerator.wrapping_rem(denominator),
            }
        }
    )*};
}

arithmetic! {
    c_int, abs, div, DivT;
    c_long, labs, ldiv, LdivT;
    c_longlong, llabs, lldiv, LldivT;
}
