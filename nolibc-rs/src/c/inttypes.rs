//! `<inttypes.h>`
