//! Compiles the C parts (`csrc/`) into the archive; only the unikernel build wants them.

fn main() {}
