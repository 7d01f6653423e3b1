//! `<netinet/in.h>`

/// `in6addr_any`.
#[unsafe(no_mangle)]
pub static in6addr_any: [u8; 16] = [0; 16];

/// `in6addr_loopback`.
#[unsafe(no_mangle)]
pub static in6addr_loopback: [u8; 16] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
