//! The older functions for hosts, and the databases that do not exist.

use core::ffi::{c_char, c_int, c_uint, c_void};
use core::ptr::{self, null_mut};

use crate::address;
use crate::c::arpa::inet::AF_INET;
use crate::c::{cstr, slice};
use crate::errno::Errno;

/// `h_errno`.
static mut H_ERRNO: c_int = 0;

const HOST_NOT_FOUND: c_int = 1;
const NO_RECOVERY: c_int = 3;

/// Where `h_errno` is.
///
/// # Safety
/// None beyond the C ABI; one thread at a time uses it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __h_errno_location() -> *mut c_int {
    &raw mut H_ERRNO
}

/// What a value of `h_errno` means.
///
/// # Safety
/// None beyond the C ABI; the text must not be changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hstrerror(error: c_int) -> *const c_char {
    let text = match error {
        0 => c"Resolver Error 0 (no error)",
        HOST_NOT_FOUND => c"Unknown host",
        2 => c"Host name lookup failure",
        NO_RECOVERY => c"No resolver: only addresses in digits are known",
        4 => c"No address associated with name",
        _ => c"Unknown resolver error",
    };
    text.as_ptr()
}

/// `struct hostent`.
#[repr(C)]
pub struct Hostent {
    h_name: *mut c_char,
    h_aliases: *mut *mut c_char,
    h_addrtype: c_int,
    h_length: c_int,
    h_addr_list: *mut *mut c_char,
}

/// What the pointers of a [`Hostent`] point to.
#[repr(C)]
struct HostBlock {
    address: [u8; 4],
    list: [*mut c_char; 2],
    none: [*mut c_char; 1],
    name: [u8; 16],
}

/// As glibc's `gethostbyname_r`, for IPv4 addresses in digits; 0 and a null result
/// for names, with `NO_RECOVERY`; `ERANGE` if `buffer` is too small.
///
/// # Safety
/// As glibc says: `name` is a string, the buffer has its length, the others point
/// to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gethostbyname_r(
    name: *const c_char,
    host: *mut Hostent,
    buffer: *mut c_char,
    buffer_len: usize,
    result: *mut *mut Hostent,
    error: *mut c_int,
) -> c_int {
    if host.is_null() || buffer.is_null() || result.is_null() || error.is_null() {
        return Errno::EFAULT.raw();
    }
    let skip = buffer.align_offset(align_of::<HostBlock>());
    // SAFETY: none is null, and all point to room by the caller's contract; the
    // block is written only if it fits.
    unsafe {
        *result = null_mut();
        *error = NO_RECOVERY;
        let address = cstr::bytes(name).ok().and_then(address::parse_loose);
        let Some(address) = address.map(u32::to_be_bytes) else {
            return 0;
        };
        if buffer_len < skip.saturating_add(size_of::<HostBlock>()) {
            return Errno::ERANGE.raw();
        }
        let block = buffer.add(skip).cast::<HostBlock>();
        let mut text = [0; 16];
        for (to, from) in text.iter_mut().zip(address::format_v4(address).bytes()) {
            *to = *from;
        }
        block.write(HostBlock {
            address,
            list: [(&raw mut (*block).address).cast(), null_mut()],
            none: [null_mut()],
            name: text,
        });
        host.write(Hostent {
            h_name: (&raw mut (*block).name).cast(),
            h_aliases: (&raw mut (*block).none).cast(),
            h_addrtype: AF_INET,
            h_length: 4,
            h_addr_list: (&raw mut (*block).list).cast(),
        });
        *error = 0;
        *result = host;
    }
    0
}

/// What `gethostbyname` answered last.
static mut LAST_HOST: (
    core::mem::MaybeUninit<Hostent>,
    core::mem::MaybeUninit<[u64; 8]>,
) = (
    core::mem::MaybeUninit::uninit(),
    core::mem::MaybeUninit::uninit(),
);

const _: () = assert!(size_of::<HostBlock>() <= size_of::<[u64; 8]>());

/// As `gethostbyname`, for IPv4 addresses in digits; the next call overwrites the
/// answer.
///
/// # Safety
/// `name` is a string; one thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gethostbyname(name: *const c_char) -> *mut Hostent {
    let mut result = null_mut();
    // SAFETY: the buffers are large enough, and one thread at a time uses them.
    unsafe {
        gethostbyname_r(
            name,
            (&raw mut LAST_HOST.0).cast(),
            (&raw mut LAST_HOST.1).cast(),
            size_of::<[u64; 8]>(),
            &mut result,
            &raw mut H_ERRNO,
        );
    }
    result
}

/// Null, and `h_errno` is `HOST_NOT_FOUND`: there is no resolver.
///
/// # Safety
/// None: no argument is looked at; one thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gethostbyaddr(
    _address: *const c_void,
    _len: c_uint,
    _family: c_int,
) -> *mut Hostent {
    // SAFETY: one thread at a time uses it.
    unsafe { (&raw mut H_ERRNO).write(HOST_NOT_FOUND) };
    null_mut()
}

/// 0 and a null result, with `HOST_NOT_FOUND`: there is no resolver.
///
/// # Safety
/// As glibc says: `result` and `error` point to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gethostbyaddr_r(
    _address: *const c_void,
    _len: c_uint,
    _family: c_int,
    _host: *mut Hostent,
    _buffer: *mut c_char,
    _buffer_len: usize,
    result: *mut *mut Hostent,
    error: *mut c_int,
) -> c_int {
    // SAFETY: the caller's contract.
    let stored =
        unsafe { slice::store(result, ptr::null_mut()).and(slice::store(error, HOST_NOT_FOUND)) };
    stored.map_or_else(Errno::raw, |()| 0)
}

macro_rules! no_database {
    ($($name:ident($($argument:ident: $type:ty),*);)*) => {$(
        /// Null: there is no database, so nothing is found.
        ///
        /// # Safety
        /// None: no argument is looked at.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($argument: $type),*) -> *mut c_void {
            $(let _ = $argument;)*
            null_mut()
        }
    )*};
}

no_database! {
    gethostent();
    getnetbyaddr(net: u32, family: c_int);
    getnetbyname(name: *const c_char);
    getnetent();
    getprotobyname(name: *const c_char);
    getprotobynumber(number: c_int);
    getprotoent();
    getservbyname(name: *const c_char, protocol: *const c_char);
    getservbyport(port: c_int, protocol: *const c_char);
    getservent();
}

macro_rules! nothing_to_open {
    ($($set:ident $end:ident;)*) => {$(
        /// There is no database to start again with.
        ///
        /// # Safety
        /// None beyond the C ABI.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $set(_stay_open: c_int) {}

        /// There is no database to close.
        ///
        /// # Safety
        /// None beyond the C ABI.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $end() {}
    )*};
}

nothing_to_open! {
    sethostent endhostent;
    setnetent endnetent;
    setprotoent endprotoent;
    setservent endservent;
}
