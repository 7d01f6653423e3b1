//! What cannot work on a unikernel: the one table of functions that only fail.
//!
//! Each row has the function's true prototype, what it answers, the `errno` it
//! sets and the reason.

use core::ffi::{c_char, c_int, c_uint, c_void};

use super::result::set_errno;
use crate::errno::Errno;
use crate::thread::cancel;

/// `MAP_FAILED`'s twin for `shmat`.
const FAILED: *mut c_void = usize::MAX as *mut c_void;

macro_rules! absent {
    ($before:expr; $($name:ident($($argument:ident: $type:ty),*) -> $answer:ty = $value:expr, $errno:ident, $reason:literal;)*) => {$(
        #[doc = concat!("Always fails with `", stringify!($errno), "`: ", $reason, ".")]
        ///
        /// # Safety
        /// None: no argument is looked at.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($argument: $type),*) -> $answer {
            $(let _ = $argument;)*
            let () = $before;
            set_errno(Errno::$errno);
            $value
        }
    )*};
}

absent! {
    ();
    // <unistd.h>
    fork() -> c_int = -1, ENOSYS, "one program owns the machine";
    vfork() -> c_int = -1, ENOSYS, "one program owns the machine";
    execve(path: *const c_char, argv: *const *mut c_char, envp: *const *mut c_char) -> c_int = -1, ENOSYS, "one program owns the machine";
    execv(path: *const c_char, argv: *const *mut c_char) -> c_int = -1, ENOSYS, "one program owns the machine";
    execvp(file: *const c_char, argv: *const *mut c_char) -> c_int = -1, ENOSYS, "one program owns the machine";
    execvpe(file: *const c_char, argv: *const *mut c_char, envp: *const *mut c_char) -> c_int = -1, ENOSYS, "one program owns the machine";
    chroot(path: *const c_char) -> c_int = -1, ENOSYS, "there is nothing to keep the program from";
    setsid() -> c_int = -1, EPERM, "the process leads its session already";

    // <grp.h>
    initgroups(user: *const c_char, gid: u32) -> c_int = -1, EPERM, "there are no groups";

    // <sys/socket.h>
    socket(domain: c_int, kind: c_int, protocol: c_int) -> c_int = -1, EAFNOSUPPORT, "the network belongs to the program";
    socketpair(domain: c_int, kind: c_int, protocol: c_int, fds: *mut c_int) -> c_int = -1, EAFNOSUPPORT, "the network belongs to the program";

    // <sys/shm.h>
    shmget(key: c_int, len: usize, flags: c_int) -> c_int = -1, ENOSYS, "there is nobody to share with";
    shmat(id: c_int, address: *const c_void, flags: c_int) -> *mut c_void = FAILED, EINVAL, "no segment exists";
    shmdt(address: *const c_void) -> c_int = -1, EINVAL, "no segment exists";
    shmctl(id: c_int, command: c_int, status: *mut c_void) -> c_int = -1, EINVAL, "no segment exists";
}

// Cancellation points (POSIX.1-2024 2.9.5.2).
absent! {
    cancel::test();
    // <sys/wait.h>
    wait(status: *mut c_int) -> c_int = -1, ECHILD, "there are no children";
    wait3(status: *mut c_int, options: c_int, usage: *mut c_void) -> c_int = -1, ECHILD, "there are no children";
    wait4(pid: c_int, status: *mut c_int, options: c_int, usage: *mut c_void) -> c_int = -1, ECHILD, "there are no children";
    waitpid(pid: c_int, status: *mut c_int, options: c_int) -> c_int = -1, ECHILD, "there are no children";
    waitid(kind: c_uint, id: u32, info: *mut c_void, options: c_int) -> c_int = -1, ECHILD, "there are no children";
}
