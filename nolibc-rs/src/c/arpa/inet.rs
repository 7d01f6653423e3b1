//! `<arpa/inet.h>`

use core::ffi::{c_char, c_int, c_uint, c_void};
use core::ptr::null;

use crate::address;
use crate::c::result::set_errno;
use crate::c::{cstr, slice};
use crate::errno::{Errno, Result};

pub(crate) const AF_INET: c_int = 2;
pub(crate) const AF_INET6: c_int = 10;

macro_rules! byte_order {
    ($($name:ident $from_to:ident $type:ty;)*) => {$(
        /// Between the machine's byte order and the network's.
        ///
        /// # Safety
        /// None beyond the C ABI.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(value: $type) -> $type {
            <$type>::$from_to(value)
        }
    )*};
}

byte_order! {
    htonl to_be u32;
    htons to_be u16;
    ntohl from_be u32;
    ntohs from_be u16;
}

/// A loosely written IPv4 address in the machine's byte order.
///
/// # Safety
/// `text` is null or a string.
unsafe fn loose(text: *const c_char) -> Option<u32> {
    // SAFETY: the caller's contract.
    unsafe { cstr::bytes(text) }
        .ok()
        .and_then(address::parse_loose)
}

/// As POSIX `inet_addr`; all ones for what is no address.
///
/// # Safety
/// As POSIX says: `text` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inet_addr(text: *const c_char) -> u32 {
    // SAFETY: the caller's contract.
    unsafe { loose(text) }.map_or(u32::MAX, u32::to_be)
}

/// As BSD `inet_aton`: 1, or 0 for what is no address.
///
/// # Safety
/// As BSD says: `text` is a string, `address` points to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inet_aton(text: *const c_char, address: *mut u32) -> c_int {
    // SAFETY: the caller's contract.
    let stored = unsafe { loose(text).map(|value| slice::store(address, value.to_be())) };
    c_int::from(stored.is_some_and(|stored| stored.is_ok()))
}

/// As BSD `inet_network`: in the machine's byte order, all ones for what is none.
///
/// # Safety
/// As BSD says: `text` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inet_network(text: *const c_char) -> u32 {
    // SAFETY: the caller's contract.
    unsafe { loose(text) }.unwrap_or(u32::MAX)
}

/// How many bits of an address number the host: classes A, B and C.
fn host_bits(address: u32) -> u32 {
    match address >> 29 {
        0..=3 => 24,
        4..=5 => 16,
        _ => 8,
    }
}

/// `struct in_addr`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct InAddr {
    s_addr: u32,
}

/// As BSD `inet_lnaof`: the host of a classful address.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inet_lnaof(address: InAddr) -> u32 {
    let value = u32::from_be(address.s_addr);
    value & ((1 << host_bits(value)) - 1)
}

/// As BSD `inet_netof`: the network of a classful address.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inet_netof(address: InAddr) -> u32 {
    let value = u32::from_be(address.s_addr);
    value >> host_bits(value)
}

/// As BSD `inet_makeaddr`: a classful address of its network and its host.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inet_makeaddr(net: u32, host: u32) -> InAddr {
    let bits = match net {
        0..0x80 => 24,
        0x80..0x1_0000 => 16,
        _ => 8,
    };
    let address = net << bits | host & ((1 << bits) - 1);
    InAddr {
        s_addr: address.to_be(),
    }
}

/// What `inet_ntoa` answered last.
static mut LAST_TEXT: [c_char; 16] = [0; 16];

/// As POSIX `inet_ntoa`; the next call overwrites the answer.
///
/// # Safety
/// None beyond the C ABI; one thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inet_ntoa(address: InAddr) -> *mut c_char {
    let text = address::format_v4(address.s_addr.to_ne_bytes());
    let buffer = (&raw mut LAST_TEXT).cast();
    // SAFETY: the buffer has 16 bytes, and one thread at a time uses it. An
    // address takes at most 15 and a terminator, so there is no error to tell.
    let _ = unsafe { slice::store_string(buffer, 16, text.bytes()) };
    buffer
}

/// As POSIX `inet_ntop`.
///
/// # Safety
/// As POSIX says: `address` points to one of the family, `text` has room for
/// `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inet_ntop(
    family: c_int,
    address: *const c_void,
    text: *mut c_char,
    len: c_uint,
) -> *const c_char {
    // SAFETY: the caller's contract.
    let stored = unsafe { format(family, address) }
        // SAFETY: the caller's contract.
        .and_then(|found| unsafe { slice::store_string(text, len as usize, found.bytes()) });
    match stored {
        Ok(()) => text,
        Err(error) => {
            set_errno(if error == Errno::ERANGE {
                Errno::ENOSPC
            } else {
                error
            });
            null()
        }
    }
}

/// # Safety
/// `address` is null or points to one of the family.
pub(crate) unsafe fn format(family: c_int, address: *const c_void) -> Result<address::Text> {
    // SAFETY: the caller's contract; the arrays need no alignment.
    unsafe {
        match family {
            AF_INET | AF_INET6 if address.is_null() => Err(Errno::EFAULT),
            AF_INET => Ok(address::format_v4(*address.cast())),
            AF_INET6 => Ok(address::format_v6(*address.cast())),
            _ => Err(Errno::EAFNOSUPPORT),
        }
    }
}

/// As POSIX `inet_pton`.
///
/// # Safety
/// As POSIX says: `text` is a string, `address` has room for one of the family.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn inet_pton(
    family: c_int,
    text: *const c_char,
    address: *mut c_void,
) -> c_int {
    // SAFETY: the caller's contract.
    let text = unsafe { cstr::bytes(text) }.unwrap_or_default();
    // SAFETY: the caller's contract; the arrays need no alignment.
    let stored = unsafe {
        match family {
            AF_INET => address::parse_v4(text).map(|found| slice::store(address.cast(), found)),
            AF_INET6 => address::parse_v6(text).map(|found| slice::store(address.cast(), found)),
            _ => Some(Err(Errno::EAFNOSUPPORT)),
        }
    };
    match stored {
        None => 0,
        Some(Ok(())) => 1,
        Some(Err(error)) => {
            set_errno(error);
            -1
        }
    }
}
