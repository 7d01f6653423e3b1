//! What `<math.h>` needs beyond the `libm` crate.
