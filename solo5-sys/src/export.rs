//! The C functions: check, borrow, call, translate.
//!
//! Each function here is the body of the C function of the same name, for any
//! machine; [`export_machine!`] gives them their symbols.

use core::ffi::{c_char, c_int, c_long, c_uint, c_void};

use crate::abi::{
    self, BlockInfo, FaultHandler, Handle, HandleSet, NAME_SIZE, NetInfo, Range, Time,
};
use crate::log::{self, Level};
use crate::machine::{Errno, Error, Machine};

mod cpus;
pub use cpus::{cpu_count, cpu_id, cpu_start, cpu_wake, tick};

/// The slice at `start`, if there can be one.
///
/// # Safety
/// `start` is null, or valid for reads of `len` elements while the slice lives.
unsafe fn slice<'a, T>(start: *const T, len: usize) -> Option<&'a [T]> {
    let fits = len.checked_mul(size_of::<T>())? <= isize::MAX as usize;
    if start.is_null() || !start.is_aligned() || !fits {
        return None;
    }
    // SAFETY: not null, aligned and not too long by the check above; valid by
    // this function's contract.
    Some(unsafe { core::slice::from_raw_parts(start, len) })
}

/// The exclusive slice at `start`, if there can be one.
///
/// # Safety
/// `start` is null, or valid for reads and writes of `len` elements by nobody
/// else while the slice lives.
unsafe fn slice_mut<'a, T>(start: *mut T, len: usize) -> Option<&'a mut [T]> {
    let fits = len.checked_mul(size_of::<T>())? <= isize::MAX as usize;
    if start.is_null() || !start.is_aligned() || !fits {
        return None;
    }
    // SAFETY: not null, aligned and not too long by the check above; valid by
    // this function's contract.
    Some(unsafe { core::slice::from_raw_parts_mut(start, len) })
}

/// The bytes of a device name; `None` for null or a name too long for a
/// manifest.
///
/// # Safety
/// `name` is null or points to a terminated string.
unsafe fn device_name<'a>(name: *const c_char) -> Option<&'a [u8]> {
    if name.is_null() {
        return None;
    }
    let mut len = 0;
    // SAFETY: all bytes up to the terminator can be read, and the loop stops
    // there.
    while unsafe { name.add(len).read() } != 0 {
        len += 1;
        if len == NAME_SIZE {
            return None;
        }
    }
    // SAFETY: `len` bytes were just read.
    unsafe { slice(name.cast(), len) }
}

fn status(result: Result<(), Error>) -> c_int {
    match result {
        Ok(()) => abi::OK,
        Err(error) => error.raw(),
    }
}

fn count(result: Result<usize, Errno>) -> c_long {
    match result {
        Ok(count) => count as c_long,
        Err(Errno(number)) => -c_long::from(number),
    }
}

fn zero(result: Result<(), Errno>) -> c_int {
    match result {
        Ok(()) => 0,
        Err(Errno(number)) => -number,
    }
}

/// `machine_shutdown_requested`
pub fn shutdown_requested<M: Machine>() -> c_int {
    M::shutdown_requested().into()
}

/// `solo5_exit`
pub fn exit<M: Machine>(status: c_int) -> ! {
    // As the host sees it.
    log::number::<M>(Level::Info, "exit, status ", (status & 0xff) as u64);
    M::exit(status)
}

/// `solo5_abort`
pub fn abort<M: Machine>() -> ! {
    log::line::<M>(Level::Warn, "solo5_abort() called");
    M::exit(abi::EXIT_ABORT)
}

/// `solo5_console_write`
///
/// # Safety
/// As solo5.h says: `buf` is null or valid for reads of `size` bytes.
pub unsafe fn console_write<M: Machine>(buf: *const c_char, size: usize) {
    // SAFETY: by this function's contract.
    if let Some(bytes) = unsafe { slice(buf.cast(), size) } {
        M::console_write(bytes);
    }
}

/// `solo5_yield`
///
/// # Safety
/// As solo5.h says: `ready` is null or may be written.
pub unsafe fn r#yield<M: Machine>(deadline: Time, ready: *mut HandleSet) {
    let set = M::wait(deadline);
    if !ready.is_null() {
        // SAFETY: not null, so it may be written by this function's contract.
        unsafe { ready.write(set) };
    }
}

/// `solo5_set_tls_base`
///
/// # Safety
/// As [`Machine::set_tls_base`].
pub unsafe fn set_tls_base<M: Machine>(base: usize) -> c_int {
    // SAFETY: by this function's contract.
    status(unsafe { M::set_tls_base(base) })
}

/// `solo5_net_acquire`
///
/// # Safety
/// As solo5.h says: `name` is null or a string, `handle` and `info` are null or
/// may be written.
pub unsafe fn net_acquire<M: Machine>(
    name: *const c_char,
    handle: *mut Handle,
    info: *mut NetInfo,
) -> c_int {
    // SAFETY: by this function's contract.
    let Some(name) = (unsafe { device_name(name) }) else {
        return Error::Invalid.raw();
    };
    if handle.is_null() || info.is_null() {
        return Error::Invalid.raw();
    }
    status(M::net_acquire(name).map(|(number, facts)| {
        // SAFETY: neither is null, so both may be written by this function's
        // contract.
        unsafe {
            handle.write(number);
            info.write(facts);
        }
    }))
}

/// `solo5_net_write`
///
/// # Safety
/// As solo5.h says: `buf` is null or valid for reads of `size` bytes.
pub unsafe fn net_write<M: Machine>(handle: Handle, buf: *const u8, size: usize) -> c_int {
    // SAFETY: by this function's contract.
    let frame = unsafe { slice(buf, size) };
    status(
        frame
            .ok_or(Error::Invalid)
            .and_then(|frame| M::net_write(handle, frame)),
    )
}

/// `solo5_net_read`
///
/// # Safety
/// As solo5.h says: `buf` is null or valid for writes of `size` bytes,
/// `read_size` is null or may be written.
pub unsafe fn net_read<M: Machine>(
    handle: Handle,
    buf: *mut u8,
    size: usize,
    read_size: *mut usize,
) -> c_int {
    // SAFETY: by this function's contract.
    let buffer = unsafe { slice_mut(buf, size) };
    let Some(buffer) = buffer.filter(|_| !read_size.is_null()) else {
        return Error::Invalid.raw();
    };
    status(M::net_read(handle, buffer).map(|len| {
        // SAFETY: not null, so it may be written by this function's contract.
        unsafe { read_size.write(len) }
    }))
}

/// `solo5_block_acquire`
///
/// # Safety
/// As [`net_acquire`].
pub unsafe fn block_acquire<M: Machine>(
    name: *const c_char,
    handle: *mut Handle,
    info: *mut BlockInfo,
) -> c_int {
    // SAFETY: by this function's contract.
    let Some(name) = (unsafe { device_name(name) }) else {
        return Error::Invalid.raw();
    };
    if handle.is_null() || info.is_null() {
        return Error::Invalid.raw();
    }
    status(M::block_acquire(name).map(|(number, facts)| {
        // SAFETY: neither is null, so both may be written by this function's
        // contract.
        unsafe {
            handle.write(number);
            info.write(facts);
        }
    }))
}

/// `solo5_block_write`
///
/// # Safety
/// As solo5.h says: `buf` is null or valid for reads of `size` bytes.
pub unsafe fn block_write<M: Machine>(
    handle: Handle,
    offset: u64,
    buf: *const u8,
    size: usize,
) -> c_int {
    // SAFETY: by this function's contract.
    let block = unsafe { slice(buf, size) };
    status(
        block
            .ok_or(Error::Invalid)
            .and_then(|block| M::block_write(handle, offset, block)),
    )
}

/// `solo5_block_read`
///
/// # Safety
/// As solo5.h says: `buf` is null or valid for writes of `size` bytes.
pub unsafe fn block_read<M: Machine>(
    handle: Handle,
    offset: u64,
    buf: *mut u8,
    size: usize,
) -> c_int {
    // SAFETY: by this function's contract.
    let block = unsafe { slice_mut(buf, size) };
    status(
        block
            .ok_or(Error::Invalid)
            .and_then(|block| M::block_read(handle, offset, block)),
    )
}

/// `machine_memory`
///
/// # Safety
/// As machine.h says: `ranges` is null or valid for writes of `n` ranges.
pub unsafe fn memory<M: Machine>(ranges: *mut Range, n: usize) -> usize {
    // SAFETY: by this function's contract.
    M::memory(unsafe { slice_mut(ranges, n) }.unwrap_or_default())
}

/// `machine_window`
///
/// # Safety
/// As machine.h says: each pointer is null or may be written.
pub unsafe fn window<M: Machine>(va: *mut *mut c_void, len: *mut usize) -> c_int {
    if va.is_null() || len.is_null() {
        return zero(Err(Errno::EFAULT));
    }
    zero(M::window().map(|(start, bytes)| {
        // SAFETY: neither is null, so both may be written by this function's
        // contract.
        unsafe {
            va.write(core::ptr::with_exposed_provenance_mut(start));
            len.write(bytes);
        }
    }))
}

/// `machine_map`
///
/// # Safety
/// As [`Machine::map`].
pub unsafe fn map<M: Machine>(va: *mut c_void, pa: u64, len: usize, prot: c_uint) -> c_int {
    // SAFETY: by this function's contract.
    zero(unsafe { M::map(va.addr(), pa, len, prot) })
}

/// `machine_unmap`
///
/// # Safety
/// As [`Machine::unmap`].
pub unsafe fn unmap<M: Machine>(va: *mut c_void, len: usize) -> c_int {
    // SAFETY: by this function's contract.
    zero(unsafe { M::unmap(va.addr(), len) })
}

/// `machine_protect`
///
/// # Safety
/// As [`Machine::protect`].
pub unsafe fn protect<M: Machine>(va: *mut c_void, len: usize, prot: c_uint) -> c_int {
    // SAFETY: by this function's contract.
    zero(unsafe { M::protect(va.addr(), len, prot) })
}

/// `machine_tables`
///
/// # Safety
/// As [`Machine::tables`].
pub unsafe fn tables<M: Machine>(pa: u64, len: usize) -> c_int {
    // SAFETY: by this function's contract.
    zero(unsafe { M::tables(pa, len) })
}

/// `machine_lookup`
///
/// # Safety
/// As machine.h says: `pa`, `len` and `prot` are null or may be written.
pub unsafe fn lookup<M: Machine>(
    va: *const c_void,
    max: usize,
    pa: *mut u64,
    len: *mut usize,
    prot: *mut c_uint,
) -> c_int {
    zero(M::lookup(va.addr(), max).map(|mapped| {
        // SAFETY: a pointer that is not null may be written, by this function's
        // contract.
        unsafe {
            if !pa.is_null() {
                pa.write(mapped.pa.unwrap_or(u64::MAX));
            }
            if !len.is_null() {
                len.write(mapped.len);
            }
            if !prot.is_null() {
                prot.write(mapped.prot);
            }
        }
    }))
}

/// `machine_on_fault`
///
/// # Safety
/// As [`Machine::on_fault`].
pub unsafe fn on_fault<M: Machine>(handler: Option<FaultHandler>) -> c_int {
    // SAFETY: by this function's contract.
    zero(unsafe { M::on_fault(handler) })
}

/// `machine_entropy`
///
/// # Safety
/// As machine.h says: `buf` is null or valid for writes of `len` bytes.
pub unsafe fn entropy<M: Machine>(buf: *mut c_void, len: usize) -> c_long {
    // SAFETY: by this function's contract.
    let buffer = unsafe { slice_mut(buf.cast(), len) };
    count(buffer.ok_or(Errno::EFAULT).and_then(M::entropy))
}

/// `machine_console_read`
///
/// # Safety
/// As machine.h says: `buf` is null or valid for writes of `len` bytes.
pub unsafe fn console_read<M: Machine>(buf: *mut c_void, len: usize) -> c_long {
    // SAFETY: by this function's contract.
    let buffer = unsafe { slice_mut(buf.cast(), len) };
    count(buffer.ok_or(Errno::EFAULT).and_then(M::console_read))
}

/// `machine_console_panic`
///
/// # Safety
/// As machine.h says: `buf` is null or valid for reads of `len` bytes.
pub unsafe fn console_panic<M: Machine>(buf: *const c_char, len: usize) {
    // SAFETY: by this function's contract.
    if let Some(bytes) = unsafe { slice(buf.cast(), len) } {
        M::console_panic(bytes);
    }
}

/// Define the C symbols of a backend for the [`Machine`] given: `solo5.h`,
/// `machine.h`, the stack protector's pair, the byte primitives that compiled
/// code calls, and the panic handler.
///
/// `_start`, the notes ([`crate::abi_notes!`]) and the call of
/// [`crate::start::run`] are the backend's own.
#[macro_export]
macro_rules! export_machine {
    ($machine:ty) => {
        /// The symbols of this backend.
        mod exported {
            use core::ffi::{c_char, c_int, c_long, c_uint, c_void};
            use $crate::abi::{
                BlockInfo, CpuMain, FaultHandler, Frame, Handle, HandleSet, NetInfo, Range,
                TickHandler, Time,
            };
            use $crate::{Machine, abi, bytes, export, guard, machine, tls};

            type M = $machine;

            $crate::export_functions! {
                fn solo5_exit(status: c_int) -> ! = export::exit::<M>;
                fn solo5_abort() -> ! = export::abort::<M>;
                fn solo5_tls_size() -> usize = tls::size;
                fn solo5_tls_tp_offset(tls: usize) -> usize = tls::thread_pointer;
                fn solo5_tls_init(tls: usize) -> c_int = tls::init;
                fn solo5_set_tls_base(base: usize) -> c_int = export::set_tls_base::<M>;
                fn solo5_clock_monotonic() -> Time = M::clock_monotonic;
                fn solo5_clock_wall() -> Time = M::clock_wall;
                fn solo5_yield(deadline: Time, ready: *mut HandleSet) -> () =
                    export::r#yield::<M>;
                fn solo5_console_write(buf: *const c_char, size: usize) -> () =
                    export::console_write::<M>;
                fn solo5_net_acquire(
                    name: *const c_char, handle: *mut Handle, info: *mut NetInfo
                ) -> c_int = export::net_acquire::<M>;
                fn solo5_net_write(handle: Handle, buf: *const u8, size: usize) -> c_int =
                    export::net_write::<M>;
                fn solo5_net_read(
                    handle: Handle, buf: *mut u8, size: usize, read_size: *mut usize
                ) -> c_int = export::net_read::<M>;
                fn solo5_block_acquire(
                    name: *const c_char, handle: *mut Handle, info: *mut BlockInfo
                ) -> c_int = export::block_acquire::<M>;
                fn solo5_block_write(
                    handle: Handle, offset: u64, buf: *const u8, size: usize
                ) -> c_int = export::block_write::<M>;
                fn solo5_block_read(
                    handle: Handle, offset: u64, buf: *mut u8, size: usize
                ) -> c_int = export::block_read::<M>;

                fn machine_memory(ranges: *mut Range, n: usize) -> usize = export::memory::<M>;
                fn machine_window(va: *mut *mut c_void, len: *mut usize) -> c_int =
                    export::window::<M>;
                fn machine_map(va: *mut c_void, pa: u64, len: usize, prot: c_uint) -> c_int =
                    export::map::<M>;
                fn machine_unmap(va: *mut c_void, len: usize) -> c_int = export::unmap::<M>;
                fn machine_protect(va: *mut c_void, len: usize, prot: c_uint) -> c_int =
                    export::protect::<M>;
                fn machine_tables(pa: u64, len: usize) -> c_int = export::tables::<M>;
                fn machine_lookup(
                    va: *const c_void, max: usize,
                    pa: *mut u64, len: *mut usize, prot: *mut c_uint
                ) -> c_int = export::lookup::<M>;
                fn machine_on_fault(handler: Option<FaultHandler>) -> c_int =
                    export::on_fault::<M>;
                fn machine_tick(period: Time, handler: Option<TickHandler>) -> c_int =
                    export::tick::<M>;
                fn machine_cpu_count() -> c_uint = export::cpu_count::<M>;
                fn machine_cpu_id() -> c_uint = export::cpu_id::<M>;
                fn machine_cpu_start(
                    cpu: c_uint, function: Option<CpuMain>, argument: *const c_void,
                    stack_top: *mut c_void, tls: usize
                ) -> c_int = export::cpu_start::<M>;
                fn machine_cpu_wake(cpu: c_uint) -> () = export::cpu_wake::<M>;
                fn machine_cpu_stop_others() -> () = M::cpu_stop_others;
                fn machine_frame_size() -> usize = M::frame_size;
                fn machine_resume(frame: *mut Frame) -> ! = M::resume;
                fn machine_shutdown_requested() -> c_int = export::shutdown_requested::<M>;
                fn machine_entropy(buf: *mut c_void, len: usize) -> c_long =
                    export::entropy::<M>;
                fn machine_console_read(buf: *mut c_void, len: usize) -> c_long =
                    export::console_read::<M>;
                fn machine_console_panic(buf: *const c_char, len: usize) -> () =
                    export::console_panic::<M>;

                fn memcpy(to: *mut u8, from: *const u8, len: usize) -> *mut u8 = bytes::copy;
                fn memmove(to: *mut u8, from: *const u8, len: usize) -> *mut u8 =
                    bytes::copy_overlapping;
                fn memset(to: *mut u8, byte: c_int, len: usize) -> *mut u8 = bytes::fill;
                fn memcmp(left: *const u8, right: *const u8, len: usize) -> c_int =
                    bytes::compare;
                fn strlen(string: *const u8) -> usize = bytes::length;
                fn bcmp(left: *const u8, right: *const u8, len: usize) -> c_int =
                    bytes::compare;
            }

            #[unsafe(no_mangle)]
            extern "C" fn machine_features() -> u64 {
                abi::MACHINE_VERSION | <M as Machine>::FEATURES
            }

            /// The canary, random from [`guard::initialise`] on.
            #[unsafe(no_mangle)]
            static __stack_chk_guard: guard::Canary = guard::Canary::new();

            #[unsafe(no_mangle)]
            extern "C" fn __stack_chk_fail() -> ! {
                machine::die::<M>("Stack corruption detected")
            }

            #[panic_handler]
            fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
                machine::die::<M>("internal error in the machine's backend")
            }
        }
    };
}

/// C functions with the bodies named; every contract is that of `solo5.h` or
/// `machine.h`, passed on unchanged.
#[doc(hidden)]
#[macro_export]
macro_rules! export_functions {
    ($(fn $name:ident($($argument:ident: $type:ty),*) -> $result:ty = $body:expr;)*) => {$(
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $name($($argument: $type),*) -> $result {
            // Some of the bodies are safe.
            let body: unsafe fn($($type),*) -> $result = $body;
            // SAFETY: the C caller keeps the header's contract, which is the
            // body's.
            unsafe { body($($argument),*) }
        }
    )*};
}
