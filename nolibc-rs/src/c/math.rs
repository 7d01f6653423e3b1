//! `<math.h>`
