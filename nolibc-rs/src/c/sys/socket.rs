//! `<sys/socket.h>`: there are no sockets, so no descriptor is one. `socket` and
//! `socketpair` stand in the table of [`crate::c::absent`]. The first ones are cancellation points
//! (POSIX.1-2024 2.9.5.2).

use core::ffi::{c_int, c_uint, c_void};

use crate::c::result::or_minus_one;
use crate::errno::Errno;
use crate::file;
use crate::thread::cancel;

macro_rules! not_a_socket {
    ($before:expr; $($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {$(
        /// -1, and `errno` is `EBADF` if the descriptor is not open, else `ENOTSOCK`.
        ///
        /// # Safety
        /// None: only the descriptor is looked at.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(fd: c_int, $($argument: $type),*) -> $answer {
            $(let _ = $argument;)*
            let () = $before;
            or_minus_one(file::check(fd).and(Err::<$answer, _>(Errno::ENOTSOCK)))
        }
    )*};
}

not_a_socket! {
    cancel::test();
    accept(address: *mut c_void, len: *mut c_uint) -> c_int;
    accept4(address: *mut c_void, len: *mut c_uint, flags: c_int) -> c_int;
    connect(address: *const c_void, len: c_uint) -> c_int;
    recv(buffer: *mut c_void, len: usize, flags: c_int) -> isize;
    recvfrom(buffer: *mut c_void, len: usize, flags: c_int, address: *mut c_void, address_len: *mut c_uint) -> isize;
    recvmsg(message: *mut c_void, flags: c_int) -> isize;
    send(buffer: *const c_void, len: usize, flags: c_int) -> isize;
    sendmsg(message: *const c_void, flags: c_int) -> isize;
    sendto(buffer: *const c_void, len: usize, flags: c_int, address: *const c_void, address_len: c_uint) -> isize;
}

not_a_socket! {
    ();
    bind(address: *const c_void, len: c_uint) -> c_int;
    getpeername(address: *mut c_void, len: *mut c_uint) -> c_int;
    getsockname(address: *mut c_void, len: *mut c_uint) -> c_int;
    getsockopt(level: c_int, option: c_int, value: *mut c_void, len: *mut c_uint) -> c_int;
    listen(backlog: c_int) -> c_int;
    setsockopt(level: c_int, option: c_int, value: *const c_void, len: c_uint) -> c_int;
    shutdown(how: c_int) -> c_int;
    sockatmark() -> c_int;
}
