//! `<sys/auxv.h>`

use core::ffi::c_ulong;

use crate::c::result::set_errno;
use crate::errno::Errno;

const AT_PAGESZ: c_ulong = 6;
const AT_CLKTCK: c_ulong = 17;
const AT_SECURE: c_ulong = 23;

/// What an ELF loader would have told the program; 0 and `ENOENT` for what has no
/// meaning here.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getauxval(kind: c_ulong) -> c_ulong {
    match kind {
        AT_PAGESZ => 4096,
        AT_CLKTCK => 100,
        AT_SECURE => 0,
        _ => {
            set_errno(Errno::ENOENT);
            0
        }
    }
}
