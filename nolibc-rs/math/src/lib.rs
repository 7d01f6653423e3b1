//! The functions of `<math.h>` for `double` and `float`.
//!
//! Results are the same bits on every processor: nothing needs more than SSE2, and no
//! multiplication and addition are fused but in `fma` itself, which is exact. Errors
//! are given in units in the last place (ULP) of the result; 0.5 is correct rounding.
//! Functions round to nearest; what they return in another rounding mode is off by
//! a few ULP at most.
//!
//! Nothing sets `errno` here. Exception flags are raised as the arithmetic raises
//! them; spurious underflow and inexact happen.
#![no_std]

mod bessel;
mod bits;
mod exp;
mod gamma;
mod hyperbolic;
mod inverse_hyperbolic;
mod log;
mod pow;
mod remainder;
mod root;
mod single;
mod tangent;

pub use bessel::{y0, yn};
pub use exp::{exp, exp2, exp10, expm1};
pub use gamma::tgamma;
pub use hyperbolic::{cosh, sinh, tanh};
pub use inverse_hyperbolic::{acosh, asinh, atanh};
pub use log::{log, log1p, log2, log10};
pub use pow::pow;
pub use remainder::{fmod, remainder, remquo};
pub use root::{cbrt, hypot};
pub use single::*;
pub use tangent::tan;

pub use libm::{
    acos, asin, atan, atan2, ceil, ceilf, copysign, copysignf, cos, cosf, erf, erfc, fabs, fabsf,
    fdim, fdimf, floor, floorf, fma, fmaf, fmax, fmaxf, fmin, fminf, frexp, frexpf, ilogb, ilogbf,
    j0, j1, jn, lgamma_r, modf, modff, nextafter, nextafterf, round, roundeven, roundevenf, roundf,
    scalbn, scalbnf, sin, sincos, sincosf, sinf, sqrt, sqrtf, tanf, trunc, truncf, y1,
};
