//! `<sys/utsname.h>`

use core::ffi::c_int;

use crate::c::result::zero_or_minus_one;
use crate::c::slice;
use crate::c::unistd::system::with_host_name;

const LEN: usize = 65;

/// `struct utsname`.
#[repr(C)]
pub struct Utsname {
    sysname: [u8; LEN],
    nodename: [u8; LEN],
    release: [u8; LEN],
    version: [u8; LEN],
    machine: [u8; LEN],
    domainname: [u8; LEN],
}

fn field(text: &[u8]) -> [u8; LEN] {
    let mut field = [0; LEN];
    // The last byte stays 0.
    for (to, from) in field.iter_mut().take(LEN - 1).zip(text) {
        *to = *from;
    }
    field
}

/// As POSIX `uname`.
///
/// # Safety
/// As POSIX says: `name` points to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn uname(name: *mut Utsname) -> c_int {
    let description = Utsname {
        sysname: field(b"nolibc-rs"),
        nodename: with_host_name(field),
        release: field(env!("CARGO_PKG_VERSION").as_bytes()),
        version: field(b"unikernel"),
        machine: field(b"x86_64"),
        domainname: field(b"(none)"),
    };
    // SAFETY: the caller's contract.
    zero_or_minus_one(unsafe { slice::store(name, description) })
}
