//! What `<math.h>` needs beyond the crate `nolibc-math`: what C wants rounded in the
//! current mode, and which results are errors.

use crate::arch::environment::{clear, raised, to_integer, to_integer_f32};
use crate::errno::Errno;

/// The error that C11 7.12.1 sees in a result that is not finite: `EDOM` where
/// there is none for these arguments, `ERANGE` where it is too large or a pole.
pub fn error_of(result: f64, a: f64, b: f64) -> Option<Errno> {
    if result.is_nan() {
        (!a.is_nan() && !b.is_nan()).then_some(Errno::EDOM)
    } else {
        (result.is_infinite() && a.is_finite() && b.is_finite()).then_some(Errno::ERANGE)
    }
}

/// Run `f` and let it raise no inexact exception.
fn keeping_exact<T>(f: impl FnOnce() -> T) -> T {
    let inexact = 0x20;
    let before = raised(inexact);
    let result = f();
    clear(inexact & !before);
    result
}

macro_rules! current_mode {
    ($float:ident, $module:ident, $to_integer:ident) => {
        #[doc = concat!("The functions of `", stringify!($float), "` that obey the rounding mode, and `logb`.")]
        pub mod $module {
            use super::{$to_integer, keeping_exact};

            /// From here on every number is an integer.
            const WHOLE: $float = (1u64 << ($float::MANTISSA_DIGITS - 1)) as $float;

            /// C11 7.12.9.4.
            pub fn rint(x: $float) -> $float {
                if x.is_nan() || x.abs() >= WHOLE {
                    return x;
                }
                ($to_integer(x) as $float).copysign(x)
            }

            /// C11 7.12.9.3: [`rint`] that raises no inexact exception.
            pub fn nearbyint(x: $float) -> $float {
                keeping_exact(|| rint(x))
            }

            /// C11 7.12.6.11: the exponent as a number.
            pub fn logb(x: $float) -> $float {
                if x.is_nan() || x.is_infinite() {
                    return x * x;
                }
                if x == 0.0 {
                    return $float::NEG_INFINITY;
                }
                let one_exponent = $float::MAX_EXP - 1;
                let fraction_bits = $float::MANTISSA_DIGITS - 1;
                let magnitude = x.abs().to_bits();
                let exponent = (magnitude >> fraction_bits) as i32;
                if exponent > 0 {
                    return (exponent - one_exponent) as $float;
                }
                // Subnormal: its highest bit says.
                let highest = magnitude.ilog2() as i32;
                (highest - fraction_bits as i32 + 1 - one_exponent) as $float
            }
        }
    };
}

current_mode!(f64, double, to_integer);
current_mode!(f32, single, to_integer_f32);

/// The payload that the text of `nan` means: an integer as C writes it, 0 for
/// anything else.
pub fn nan_payload(text: &[u8]) -> u64 {
    let (digits, radix) = match text {
        [b'0', b'x' | b'X', hex @ ..] => (hex, 16),
        [b'0', octal @ ..] => (octal, 8),
        decimal => (decimal, 10),
    };
    let mut payload = 0u64;
    for &digit in digits {
        let Some(value) = char::from(digit).to_digit(radix) else {
            return 0;
        };
        payload = payload
            .wrapping_mul(radix.into())
            .wrapping_add(value.into());
    }
    payload
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arch::environment::set_rounding;

    unsafe extern "C" {
        #[link_name = "rint"]
        safe fn host_rint(x: f64) -> f64;
        #[link_name = "rintf"]
        safe fn host_rintf(x: f32) -> f32;
        #[link_name = "logb"]
        safe fn host_logb(x: f64) -> f64;
        #[link_name = "logbf"]
        safe fn host_logbf(x: f32) -> f32;
    }

    /// Numbers of every exponent, and those around which rounding turns.
    fn numbers() -> impl Iterator<Item = f64> {
        let specials = [
            0.0,
            0.5,
            1.5,
            2.5,
            4503599627370495.5,
            4503599627370496.0,
            f64::MAX,
        ];
        let tiny = [f64::MIN_POSITIVE, 5e-324, f64::INFINITY];
        let mut bits = 0x9e37_79b9_7f4a_7c15u64;
        let any = (0..200_000).map(move |_| {
            bits = bits.wrapping_mul(0xd129_42f2_6a7c_1a0d).wrapping_add(1);
            f64::from_bits(bits)
        });
        let small = (-2000..2000).map(|i| f64::from(i) / 16.0);
        let all = specials.into_iter().chain(tiny).flat_map(|x| [x, -x]);
        all.chain(any).chain(small).filter(|x| !x.is_nan())
    }

    #[test]
    fn rint_is_glibcs_in_every_mode() {
        for mode in [0, 0x400, 0x800, 0xc00] {
            for x in numbers() {
                set_rounding(mode);
                let ours = (
                    double::rint(x),
                    double::nearbyint(x),
                    single::rint(x as f32),
                );
                let theirs = (host_rint(x), host_rint(x), host_rintf(x as f32));
                set_rounding(0);
                assert_eq!(
                    ours.0.to_bits(),
                    theirs.0.to_bits(),
                    "rint({x:e}), mode {mode:#x}"
                );
                assert_eq!(ours.1.to_bits(), theirs.1.to_bits(), "nearbyint({x:e})");
                assert_eq!(ours.2.to_bits(), theirs.2.to_bits(), "rintf({x:e})");
            }
        }
    }

    #[test]
    fn nearbyint_keeps_the_inexact_flag() {
        clear(0x20);
        assert_eq!(double::nearbyint(1.25), 1.0);
        assert_eq!(raised(0x20), 0);
        assert_eq!(double::rint(1.25), 1.0);
        assert_eq!(raised(0x20), 0x20);
        assert_eq!(double::nearbyint(1.25), 1.0);
        assert_eq!(raised(0x20), 0x20);
    }

    #[test]
    fn logb_is_glibcs() {
        for x in numbers() {
            assert_eq!(double::logb(x), host_logb(x), "{x:e}");
            assert_eq!(single::logb(x as f32), host_logbf(x as f32), "{x:e}");
        }
    }

    #[test]
    fn errors_need_good_arguments() {
        assert_eq!(error_of(f64::NAN, 1.0, 0.0), Some(Errno::EDOM));
        assert_eq!(error_of(f64::NAN, f64::NAN, 0.0), None);
        assert_eq!(error_of(f64::INFINITY, 1.0, 1.0), Some(Errno::ERANGE));
        assert_eq!(error_of(f64::INFINITY, 1.0, f64::INFINITY), None);
    }

    #[test]
    fn payloads_are_c_integers() {
        let cases: [(&[u8], u64); 6] = [
            (b"", 0),
            (b"12", 12),
            (b"0x1F", 31),
            (b"017", 15),
            (b"1z", 0),
            (b"abc", 0),
        ];
        for (text, payload) in cases {
            assert_eq!(nan_payload(text), payload);
        }
    }
}
