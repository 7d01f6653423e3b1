//! `<sys/socket.h>`: there are no sockets, so no descriptor is one. `socket` and
//! `socketpair` stand in the table of [`crate::c::absent`].

use core::ffi::{c_int, c_uint, c_void};

use crate::c::result::or_minus_one;
use crate::errno::Errno;
use crate::file;

macro_rules! not_a_socket {
    ($($name:ident($($type:ty),*) -> $answer:ty;)*) => {$(
        /// -1, and `errno` is `EBADF` if the descriptor is not open, else `ENOTSOCK`.
        ///
        /// # Safety
        /// None: only the descriptor is looked at.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(fd: c_int, $(_: $type),*) -> $answer {
            or_minus_one(file::check(fd).and(Err::<$answer, _>(Errno::ENOTSOCK)))
        }
    )*};
}

not_a_socket! {
    accept(*mut c_void, *mut c_uint) -> c_int;
    accept4(*mut c_void, *mut c_uint, c_int) -> c_int;
    bind(*const c_void, c_uint) -> c_int;
    connect(*const c_void, c_uint) -> c_int;
    getpeername(*mut c_void, *mut c_uint) -> c_int;
    getsockname(*mut c_void, *mut c_uint) -> c_int;
    getsockopt(c_int, c_int, *mut c_void, *mut c_uint) -> c_int;
    listen(c_int) -> c_int;
    recv(*mut c_void, usize, c_int) -> isize;
    recvfrom(*mut c_void, usize, c_int, *mut c_void, *mut c_uint) -> isize;
    recvmsg(*mut c_void, c_int) -> isize;
    send(*const c_void, usize, c_int) -> isize;
    sendmsg(*const c_void, c_int) -> isize;
    sendto(*const c_void, usize, c_int, *const c_void, c_uint) -> isize;
    setsockopt(c_int, c_int, *const c_void, c_uint) -> c_int;
    shutdown(c_int) -> c_int;
    sockatmark() -> c_int;
}
