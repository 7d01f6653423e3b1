//! `<termios.h>`: the console is a plain line of bytes. Nothing edits, echoes or
//! translates, and nothing can be made to: settings that ask for it are refused.

use core::ffi::c_int;

use crate::c::result::{set_errno, zero_or_minus_one};
use crate::c::slice;
use crate::errno::{Errno, Result};
use crate::file;
use crate::thread::cancel;

/// `struct termios`.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Termios {
    c_iflag: u32,
    c_oflag: u32,
    c_cflag: u32,
    c_lflag: u32,
    c_line: u8,
    c_cc: [u8; 32],
    c_ispeed: u32,
    c_ospeed: u32,
}

const VMIN: usize = 6;
const CS8: u32 = 0o60;
const CREAD: u32 = 0o200;
const CLOCAL: u32 = 0o4000;
const B115200: u32 = 0o10002;

/// What the console does.
const PLAIN: Termios = {
    let mut settings = Termios {
        c_iflag: 0,
        c_oflag: 0,
        c_cflag: CS8 | CREAD | CLOCAL,
        c_lflag: 0,
        c_line: 0,
        c_cc: [0; 32],
        c_ispeed: B115200,
        c_ospeed: B115200,
    };
    settings.c_cc[VMIN] = 1;
    settings
};

const _: () = assert!(size_of::<Termios>() == 60);

/// `ENOTTY` unless `fd` is the console.
fn check(fd: c_int) -> Result<()> {
    if file::is_console(fd)? {
        Ok(())
    } else {
        Err(Errno::ENOTTY)
    }
}

/// As POSIX `tcgetattr`.
///
/// # Safety
/// As POSIX says: `settings` points to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tcgetattr(fd: c_int, settings: *mut Termios) -> c_int {
    // SAFETY: the caller's contract.
    zero_or_minus_one(check(fd).and_then(|()| unsafe { slice::store(settings, PLAIN) }))
}

/// As POSIX `tcsetattr`; `EINVAL` unless the settings are those that
/// [`tcgetattr`] answers, special characters and speeds apart: those mean nothing
/// here.
///
/// # Safety
/// As POSIX says: `settings` points to some.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tcsetattr(fd: c_int, when: c_int, settings: *const Termios) -> c_int {
    zero_or_minus_one(check(fd).and_then(|()| {
        // SAFETY: the caller's contract.
        let wanted = unsafe { settings.as_ref() }.ok_or(Errno::EFAULT)?;
        let as_it_is = Termios {
            c_line: PLAIN.c_line,
            c_cc: PLAIN.c_cc,
            c_ispeed: PLAIN.c_ispeed,
            c_ospeed: PLAIN.c_ospeed,
            ..*wanted
        };
        if !(0..=2).contains(&when) || as_it_is != PLAIN {
            return Err(Errno::EINVAL);
        }
        if when == 2 {
            file::discard_console_input();
        }
        Ok(())
    }))
}

/// As POSIX `tcdrain`, a cancellation point: written bytes have left already.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tcdrain(fd: c_int) -> c_int {
    cancel::test();
    zero_or_minus_one(check(fd))
}

/// `EINVAL`: the console's flow cannot be stopped.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tcflow(fd: c_int, _action: c_int) -> c_int {
    zero_or_minus_one(check(fd).and(Err(Errno::EINVAL)))
}

/// As POSIX `tcflush`.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tcflush(fd: c_int, queue: c_int) -> c_int {
    zero_or_minus_one(check(fd).and_then(|()| {
        if !(0..=2).contains(&queue) {
            return Err(Errno::EINVAL);
        }
        if queue != 1 {
            file::discard_console_input();
        }
        Ok(())
    }))
}

/// `ENOSYS`: the console has no break condition.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tcsendbreak(fd: c_int, _duration: c_int) -> c_int {
    zero_or_minus_one(check(fd).and(Err(Errno::ENOSYS)))
}

/// `ENOTTY`: the console controls nobody.
///
/// # Safety
/// None beyond the C ABI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tcgetsid(fd: c_int) -> c_int {
    super::unistd::identity::no_controlling_terminal(fd)
}

/// As POSIX `cfgetispeed`.
///
/// # Safety
/// As POSIX says: `settings` points to some.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cfgetispeed(settings: *const Termios) -> u32 {
    // SAFETY: the caller's contract.
    unsafe { settings.as_ref() }.map_or(0, |settings| settings.c_ispeed)
}

/// As POSIX `cfgetospeed`.
///
/// # Safety
/// As POSIX says: `settings` points to some.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cfgetospeed(settings: *const Termios) -> u32 {
    // SAFETY: the caller's contract.
    unsafe { settings.as_ref() }.map_or(0, |settings| settings.c_ospeed)
}

/// # Safety
/// `settings` is null or points to some.
unsafe fn set_speed(settings: *mut Termios, speed: u32, set: fn(&mut Termios, u32)) -> c_int {
    // B0 to B38400, B57600 to B4000000.
    if !matches!(speed, 0..=0o17 | 0o10001..=0o10017) {
        set_errno(Errno::EINVAL);
        return -1;
    }
    // SAFETY: the caller's contract.
    let settings = unsafe { settings.as_mut() }.ok_or(Errno::EFAULT);
    zero_or_minus_one(settings.map(|settings| set(settings, speed)))
}

/// As POSIX `cfsetispeed`.
///
/// # Safety
/// As POSIX says: `settings` points to some.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cfsetispeed(settings: *mut Termios, speed: u32) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { set_speed(settings, speed, |settings, speed| settings.c_ispeed = speed) }
}

/// As POSIX `cfsetospeed`.
///
/// # Safety
/// As POSIX says: `settings` points to some.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cfsetospeed(settings: *mut Termios, speed: u32) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { set_speed(settings, speed, |settings, speed| settings.c_ospeed = speed) }
}

/// Both speeds, as BSD `cfsetspeed`.
///
/// # Safety
/// As BSD says: `settings` points to some.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cfsetspeed(settings: *mut Termios, speed: u32) -> c_int {
    // SAFETY: the caller's contract.
    unsafe {
        set_speed(settings, speed, |settings, speed| {
            settings.c_ispeed = speed;
            settings.c_ospeed = speed;
        })
    }
}

/// The settings of a line that passes bytes through, as BSD `cfmakeraw`.
///
/// # Safety
/// As BSD says: `settings` points to some.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cfmakeraw(settings: *mut Termios) {
    // SAFETY: the caller's contract.
    if let Some(settings) = unsafe { settings.as_mut() } {
        let (line, speeds) = (settings.c_line, (settings.c_ispeed, settings.c_ospeed));
        *settings = PLAIN;
        settings.c_line = line;
        (settings.c_ispeed, settings.c_ospeed) = speeds;
    }
}
