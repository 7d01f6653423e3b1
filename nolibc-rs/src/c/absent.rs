//! What cannot work on a unikernel: the one table of functions that only fail.
//!
//! Each row has the function's true prototype, what it answers, the `errno` it
//! sets and the reason.

use core::ffi::{c_char, c_int, c_void};

use super::result::set_errno;
use crate::errno::Errno;

/// `MAP_FAILED`'s twin for `shmat`.
const FAILED: *mut c_void = usize::MAX as *mut c_void;

macro_rules! absent {
    ($($name:ident($($type:ty),*) -> $answer:ty = $value:expr, $errno:ident, $reason:literal;)*) => {$(
        #[doc = concat!("Always fails with `", stringify!($errno), "`: ", $reason, ".")]
        ///
        /// # Safety
        /// None: no argument is looked at.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($(_: $type),*) -> $answer {
            set_errno(Errno::$errno);
            $value
        }
    )*};
}

absent! {
    // <unistd.h>
    fork() -> c_int = -1, ENOSYS, "one program owns the machine";
    vfork() -> c_int = -1, ENOSYS, "one program owns the machine";
    execve(*const c_char, *const *mut c_char, *const *mut c_char) -> c_int = -1, ENOSYS, "one program owns the machine";
    execv(*const c_char, *const *mut c_char) -> c_int = -1, ENOSYS, "one program owns the machine";
    execvp(*const c_char, *const *mut c_char) -> c_int = -1, ENOSYS, "one program owns the machine";
    execvpe(*const c_char, *const *mut c_char, *const *mut c_char) -> c_int = -1, ENOSYS, "one program owns the machine";
    chroot(*const c_char) -> c_int = -1, ENOSYS, "there is nothing to keep the program from";
    setsid() -> c_int = -1, EPERM, "the process leads its session already";

    // <grp.h>
    initgroups(*const c_char, u32) -> c_int = -1, EPERM, "there are no groups";

    // <sys/wait.h>
    wait(*mut c_int) -> c_int = -1, ECHILD, "there are no children";
    wait3(*mut c_int, c_int, *mut c_void) -> c_int = -1, ECHILD, "there are no children";
    wait4(c_int, *mut c_int, c_int, *mut c_void) -> c_int = -1, ECHILD, "there are no children";
    waitpid(c_int, *mut c_int, c_int) -> c_int = -1, ECHILD, "there are no children";
    waitid(c_int, u32, *mut c_void, c_int) -> c_int = -1, ECHILD, "there are no children";

    // <sys/socket.h>
    socket(c_int, c_int, c_int) -> c_int = -1, EAFNOSUPPORT, "the network belongs to the program";
    socketpair(c_int, c_int, c_int, *mut c_int) -> c_int = -1, EAFNOSUPPORT, "the network belongs to the program";

    // <sys/shm.h>
    shmget(c_int, usize, c_int) -> c_int = -1, ENOSYS, "there is nobody to share with";
    shmat(c_int, *const c_void, c_int) -> *mut c_void = FAILED, EINVAL, "no segment exists";
    shmdt(*const c_void) -> c_int = -1, EINVAL, "no segment exists";
    shmctl(c_int, c_int, *mut c_void) -> c_int = -1, EINVAL, "no segment exists";
}
