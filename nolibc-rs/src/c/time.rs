//! `<time.h>`: UTC is the only time zone, so `localtime` is `gmtime`, `mktime` is
//! `timegm`, and `TZ` is not looked at.

use core::ffi::{CStr, c_char, c_int, c_long};
use core::ptr::null_mut;
use core::slice::from_raw_parts_mut;

use super::locale::Locale;
use super::result::{set_errno, zero_or_minus_one};
use super::string::borrow;
use crate::calendar::{self, Fields, text};
use crate::clock::{self, Clock, SECOND};
use crate::errno::{Errno, Result};

const UTC: &CStr = c"UTC";

/// `struct tm`.
#[repr(C)]
pub struct Tm {
    fields: Fields,
    offset_seconds: c_long,
    zone: *const c_char,
}

const _: () = {
    assert!(size_of::<Tm>() == 56);
    assert!(core::mem::offset_of!(Tm, offset_seconds) == 40);
};

impl Tm {
    fn utc(fields: Fields) -> Self {
        Self {
            fields,
            offset_seconds: 0,
            zone: UTC.as_ptr(),
        }
    }
}

/// `struct timespec`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Timespec {
    seconds: i64,
    nanoseconds: c_long,
}

impl Timespec {
    /// The same moment or duration, from nanoseconds.
    pub fn from_nanoseconds(time: u64) -> Self {
        Self {
            seconds: (time / SECOND) as i64,
            nanoseconds: (time % SECOND) as c_long,
        }
    }

    fn nanoseconds(self) -> Result<u64> {
        clock::nanoseconds(self.seconds, self.nanoseconds)
    }
}

/// Seconds since 1970.
///
/// Source: C11 7.27.2.4.
///
/// # Safety
/// `now` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn time(now: *mut i64) -> i64 {
    let seconds = (Clock::Wall.now() / SECOND) as i64;
    if !now.is_null() {
        // SAFETY: the caller's contract.
        unsafe { *now = seconds };
    }
    seconds
}

/// Seconds between two times.
///
/// Source: C11 7.27.2.2.
#[unsafe(no_mangle)]
pub extern "C" fn difftime(end: i64, start: i64) -> f64 {
    match end.checked_sub(start) {
        Some(difference) => difference as f64,
        None => end as f64 - start as f64,
    }
}

/// CPU time of the program in microseconds: what it has run, without its sleep.
///
/// Source: C11 7.27.2.1; POSIX fixes the unit.
#[unsafe(no_mangle)]
pub extern "C" fn clock() -> c_long {
    (Clock::Cpu.now() / 1000) as c_long
}

/// The time of day, for C.
///
/// Source: C11 7.27.2.5. Answers `base`, or 0 for any other than `TIME_UTC`.
///
/// # Safety
/// `now` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn timespec_get(now: *mut Timespec, base: c_int) -> c_int {
    const TIME_UTC: c_int = 1;
    if base != TIME_UTC {
        return 0;
    }
    // SAFETY: the caller's contract.
    unsafe { *now = Timespec::from_nanoseconds(Clock::Wall.now()) };
    base
}

/// Broken-down time in UTC.
///
/// Source: POSIX.1-2024 `gmtime_r`. Null with `EOVERFLOW` where the year does not
/// fit an `int`.
///
/// # Safety
/// `when` may be read and `tm` written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gmtime_r(when: *const i64, tm: *mut Tm) -> *mut Tm {
    // SAFETY: the caller's contract.
    match Fields::from_seconds(unsafe { *when }) {
        Ok(fields) => {
            // SAFETY: the caller's contract.
            unsafe { *tm = Tm::utc(fields) };
            tm
        }
        Err(error) => {
            set_errno(error);
            null_mut()
        }
    }
}

/// Broken-down time in UTC; the next such call of any thread overwrites it.
///
/// Source: C11 7.27.3.3. Null with `EOVERFLOW` where the year does not fit.
///
/// # Safety
/// `when` may be read; no other thread calls it while the answer is in use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gmtime(when: *const i64) -> *mut Tm {
    static mut BROKEN_DOWN: Tm = Tm {
        fields: Fields {
            second: 0,
            minute: 0,
            hour: 0,
            day: 0,
            month: 0,
            year: 0,
            weekday: 0,
            yearday: 0,
            daylight: 0,
        },
        offset_seconds: 0,
        zone: UTC.as_ptr(),
    };
    // SAFETY: the caller's contract; C allows one object for all calls.
    unsafe { gmtime_r(when, &raw mut BROKEN_DOWN) }
}

/// [`gmtime_r`]: local time is UTC.
///
/// Source: POSIX.1-2024 `localtime_r`.
///
/// # Safety
/// As [`gmtime_r`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn localtime_r(when: *const i64, tm: *mut Tm) -> *mut Tm {
    // SAFETY: the caller's contract.
    unsafe { gmtime_r(when, tm) }
}

/// [`gmtime`]: local time is UTC.
///
/// Source: C11 7.27.3.4.
///
/// # Safety
/// As [`gmtime`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn localtime(when: *const i64) -> *mut Tm {
    // SAFETY: the caller's contract.
    unsafe { gmtime(when) }
}

/// Seconds since 1970 of a broken-down time in UTC, whose members are brought into
/// their ranges.
///
/// Source: POSIX.1-2024 `timegm`. -1 with `EOVERFLOW` where the year does not fit.
///
/// # Safety
/// `tm` may be read and written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn timegm(tm: *mut Tm) -> i64 {
    // SAFETY: the caller's contract.
    let seconds = unsafe { (*tm).fields }.to_seconds();
    match Fields::from_seconds(seconds) {
        Ok(fields) => {
            // SAFETY: the caller's contract.
            unsafe { *tm = Tm::utc(fields) };
            seconds
        }
        Err(error) => {
            set_errno(error);
            -1
        }
    }
}

/// [`timegm`]: local time is UTC. Daylight saving time, which UTC does not have, is
/// not looked at.
///
/// Source: C11 7.27.2.3.
///
/// # Safety
/// As [`timegm`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mktime(tm: *mut Tm) -> i64 {
    // SAFETY: the caller's contract.
    unsafe { timegm(tm) }
}

/// [`mktime`].
///
/// Source: BSD and GNU.
///
/// # Safety
/// As [`timegm`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn timelocal(tm: *mut Tm) -> i64 {
    // SAFETY: the caller's contract.
    unsafe { timegm(tm) }
}

/// A date as text with a newline, like `Thu Jan  1 00:00:00 1970`.
///
/// Source: POSIX.1-2008 `asctime_r`. Null with `EOVERFLOW` where the year is too
/// long for the 26 bytes.
///
/// # Safety
/// `tm` may be read, `buffer` is valid for writing 26 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn asctime_r(tm: *const Tm, buffer: *mut c_char) -> *mut c_char {
    // SAFETY: the caller's contract.
    let Some(date) = text::ascii(unsafe { &(*tm).fields }) else {
        set_errno(Errno::EOVERFLOW);
        return null_mut();
    };
    // SAFETY: the caller's contract.
    unsafe { buffer.cast::<[u8; 26]>().write_unaligned(date) };
    buffer
}

/// A date as text; the next such call of any thread overwrites it.
///
/// Source: C11 7.27.3.1. Null with `EOVERFLOW` where the year is too long.
///
/// # Safety
/// `tm` may be read; no other thread calls it while the answer is in use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn asctime(tm: *const Tm) -> *mut c_char {
    static mut DATE: [c_char; 26] = [0; 26];
    // SAFETY: the caller's contract; C allows one buffer for all calls.
    unsafe { asctime_r(tm, (&raw mut DATE).cast()) }
}

/// [`asctime_r`] of a time.
///
/// Source: POSIX.1-2008 `ctime_r`.
///
/// # Safety
/// `when` may be read, `buffer` is valid for writing 26 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ctime_r(when: *const i64, buffer: *mut c_char) -> *mut c_char {
    let mut tm = Tm::utc(Fields::default());
    // SAFETY: the caller's contract.
    unsafe {
        if gmtime_r(when, &raw mut tm).is_null() {
            return null_mut();
        }
        asctime_r(&raw const tm, buffer)
    }
}

/// [`asctime`] of a time.
///
/// Source: C11 7.27.3.2.
///
/// # Safety
/// As [`gmtime`] and [`asctime`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ctime(when: *const i64) -> *mut c_char {
    // SAFETY: the caller's contract.
    unsafe {
        let tm = gmtime(when);
        if tm.is_null() {
            null_mut()
        } else {
            asctime(tm)
        }
    }
}

/// Write a date as `format` says. Answers the length, or 0 where `size` bytes are
/// too few.
///
/// Source: C11 7.27.3.5 and POSIX.1-2024, with glibc's flags and `%k %l %P`.
///
/// # Safety
/// `dst` is valid for writing `size` bytes, `format` is a C string, `tm` may be
/// read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strftime(
    dst: *mut c_char,
    size: usize,
    format: *const c_char,
    tm: *const Tm,
) -> usize {
    let Some(room) = size.checked_sub(1) else {
        return 0;
    };
    // SAFETY: the caller's contract; the last byte is kept for the terminator.
    unsafe {
        let zone = text::Zone {
            offset_seconds: (*tm).offset_seconds,
            name: UTC.to_bytes(),
        };
        let buffer = from_raw_parts_mut(dst.cast(), room);
        let len = text::format(buffer, borrow(format), &(*tm).fields, zone);
        *dst.add(len.unwrap_or(0)) = 0;
        len.unwrap_or(0)
    }
}

/// [`strftime`] in a locale, which can only be "C".
///
/// Source: POSIX.1-2024 `strftime_l`.
///
/// # Safety
/// As [`strftime`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strftime_l(
    dst: *mut c_char,
    size: usize,
    format: *const c_char,
    tm: *const Tm,
    _locale: *mut Locale,
) -> usize {
    // SAFETY: the caller's contract.
    unsafe { strftime(dst, size, format, tm) }
}

/// Read a date as `format` says. Answers where it ended, or null where the text
/// does not match.
///
/// Source: POSIX.1-2024 `strptime`, with glibc's `%F %s %z`.
///
/// # Safety
/// `s` and `format` are C strings, `tm` may be read and written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strptime(
    s: *const c_char,
    format: *const c_char,
    tm: *mut Tm,
) -> *mut c_char {
    // SAFETY: the caller's contract; the length is that of a part of the text.
    unsafe {
        let Some(parsed) = calendar::parse::parse(borrow(s), borrow(format), (*tm).fields) else {
            return null_mut();
        };
        (*tm).fields = parsed.fields;
        if let Some(offset) = parsed.offset_seconds {
            (*tm).offset_seconds = offset;
        }
        s.add(parsed.len).cast_mut()
    }
}

/// The resolution of a clock: a nanosecond, the unit in which the machine answers.
///
/// Source: POSIX.1-2024 `clock_getres`. Fails with `EINVAL`.
///
/// # Safety
/// `resolution` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn clock_getres(clock: c_int, resolution: *mut Timespec) -> c_int {
    let known = Clock::from_id(clock).map(|_| ());
    if known.is_ok() && !resolution.is_null() {
        // SAFETY: the caller's contract.
        unsafe { *resolution = Timespec::from_nanoseconds(1) };
    }
    zero_or_minus_one(known)
}

/// What a clock says.
///
/// Source: POSIX.1-2024 `clock_gettime`. Fails with `EINVAL`.
///
/// # Safety
/// `now` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn clock_gettime(clock: c_int, now: *mut Timespec) -> c_int {
    zero_or_minus_one(Clock::from_id(clock).map(|clock| {
        // SAFETY: the caller's contract.
        unsafe { *now = Timespec::from_nanoseconds(clock.now()) };
    }))
}

/// Set a clock: the machine's cannot be set.
///
/// Source: POSIX.1-2024 `clock_settime`. Fails with `EPERM`, or `EINVAL` where
/// there is no such clock, none that can be set, or no such time.
///
/// # Safety
/// `now` may be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn clock_settime(clock: c_int, now: *const Timespec) -> c_int {
    zero_or_minus_one(match Clock::from_id(clock) {
        // SAFETY: the caller's contract.
        Ok(Clock::Wall) => unsafe { *now }.nanoseconds().and(Err(Errno::EPERM)),
        _ => Err(Errno::EINVAL),
    })
}

/// The clock of a process's CPU time: there is one process.
///
/// Source: POSIX.1-2024 `clock_getcpuclockid`. Returns `ESRCH` for another one.
///
/// # Safety
/// `clock` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn clock_getcpuclockid(pid: c_int, clock: *mut c_int) -> c_int {
    const CLOCK_PROCESS_CPUTIME_ID: c_int = 2;
    if pid != 0 && pid != crate::process::ID {
        return Errno::ESRCH.raw();
    }
    // SAFETY: the caller's contract.
    unsafe { *clock = CLOCK_PROCESS_CPUTIME_ID };
    0
}

/// Sleep on a clock until it says `time`; a signal that ends the sleep is delivered. Then what is
/// left goes to `remaining`.
///
/// # Safety
/// `remaining` is null or may be written.
unsafe fn sleep_until(clock: Clock, time: u64, remaining: *mut Timespec) -> Result<()> {
    let slept = clock.sleep_until(time);
    if slept == Err(Errno::EINTR) {
        let left = time.saturating_sub(clock.now());
        // SAFETY: the caller's contract.
        if let Some(remaining) = unsafe { remaining.as_mut() } {
            *remaining = Timespec::from_nanoseconds(left);
        }
    }
    slept
}

/// Sleep for a time, or until one, on a clock. When a signal comes, what was left of a time
/// goes to `remaining`.
///
/// Source: POSIX.1-2024 `clock_nanosleep`. Returns `EINTR`, `EINVAL`, also for the thread's
/// CPU clock, or `EOPNOTSUPP` for the program's.
///
/// # Safety
/// `request` may be read; `remaining` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn clock_nanosleep(
    clock: c_int,
    flags: c_int,
    request: *const Timespec,
    remaining: *mut Timespec,
) -> c_int {
    const TIMER_ABSTIME: c_int = 1;
    let sleep = || {
        let clock = Clock::from_id(clock)?;
        // SAFETY: the caller's contract.
        let time = unsafe { *request }.nanoseconds()?;
        if flags & TIMER_ABSTIME != 0 {
            return clock.sleep_until(time);
        }
        // SAFETY: the caller's contract.
        unsafe { sleep_until(clock, clock.now().saturating_add(time), remaining) }
    };
    let slept = sleep();
    crate::c::signal::deliver_if_due();
    slept.err().map_or(0, Errno::raw)
}

/// Sleep for a time. When a signal comes, what was left goes to `remaining`.
///
/// Source: POSIX.1-2024 `nanosleep`. Fails with `EINTR` and `EINVAL`.
///
/// # Safety
/// `request` may be read; `remaining` is null or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nanosleep(request: *const Timespec, remaining: *mut Timespec) -> c_int {
    // SAFETY: the caller's contract.
    zero_or_minus_one(unsafe { *request }.nanoseconds().and_then(|time| {
        let clock = Clock::Monotonic;
        // SAFETY: the caller's contract.
        unsafe { sleep_until(clock, clock.now().saturating_add(time), remaining) }
    }))
}

/// Two names of the one zone.
#[repr(transparent)]
pub struct ZoneNames([*const c_char; 2]);

// SAFETY: they point to constants.
unsafe impl Sync for ZoneNames {}

/// The names of the time zone, without and with daylight saving time.
#[unsafe(no_mangle)]
pub static tzname: ZoneNames = ZoneNames([UTC.as_ptr(); 2]);

/// Seconds west of UTC.
#[unsafe(no_mangle)]
pub static timezone: c_long = 0;

/// Whether the zone ever has daylight saving time.
#[unsafe(no_mangle)]
pub static daylight: c_int = 0;

/// Read the time zone: there is only UTC, so nothing is to be done.
///
/// Source: POSIX.1-2024 `tzset`.
#[unsafe(no_mangle)]
pub extern "C" fn tzset() {}
