//! Hypercalls: a 32-bit write of a structure's address to a port.
//!
//! The tender knows RAM by its own addresses, all below 4 GiB. A stack or a
//! buffer of the program may lie in the window instead, in any number of pieces;
//! so structures, and such buffers, are copied.
//!
//! One CPU runs, and nothing preempts a call, so the copies have one place each.
//!
//! Source: Solo5 `include/hvt_abi.h`, 0.7.2 and 0.12.1.

use core::ffi::c_int;
use core::mem::{offset_of, size_of};
use core::ptr;

use crate::core::{Shared, cpu};
use crate::machine::Error;

/// The longest buffer that is copied: a jumbo frame.
pub const LONGEST: usize = 9216;
const PORT: u16 = 0x500;

/// The structure of a hypercall.
pub trait Call: Copy {
    /// Which one.
    const NUMBER: u16;
}

macro_rules! calls {
    ($($(#[$doc:meta])* $name:ident = $number:literal { $($field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[repr(C)]
        #[derive(Clone, Copy)]
        pub struct $name {
            $(pub $field: $type,)*
        }

        impl Call for $name {
            const NUMBER: u16 = $number;
        }

        const _: () = assert!(size_of::<$name>() <= size_of::<[u64; PLACE]>());
    )*};
}

calls! {
    /// `struct hvt_hc_walltime`
    WallTime = 1 { nanoseconds: u64, }
    /// `struct hvt_hc_puts`
    Puts = 2 { data: u64, len: usize, }
    /// `struct hvt_hc_poll`
    Poll = 3 { timeout: u64, ready: u64, result: c_int, }
    /// `struct hvt_hc_block_write`
    BlockWrite = 4 { handle: u64, offset: u64, data: u64, len: usize, result: c_int, }
    /// `struct hvt_hc_block_read`
    BlockRead = 5 { handle: u64, offset: u64, data: u64, len: usize, result: c_int, }
    /// `struct hvt_hc_net_write`
    NetWrite = 6 { handle: u64, data: u64, len: usize, result: c_int, }
    /// `struct hvt_hc_net_read`
    NetRead = 7 { handle: u64, data: u64, len: usize, result: c_int, }
    /// `struct hvt_hc_halt`
    Halt = 8 { cookie: u64, status: c_int, }
}

const _: () = {
    assert!(offset_of!(Poll, result) == 16);
    assert!(offset_of!(BlockRead, result) == 32);
    assert!(offset_of!(NetRead, result) == 24);
    assert!(offset_of!(Halt, status) == 8);
};

/// Words of the longest structure.
const PLACE: usize = 5;

/// Have the tender act on `call`; answers what it made of it. The addresses in it
/// are those that [`lend`] and [`borrow`] give, or null.
pub fn make<T: Call>(call: T) -> T {
    static ARGUMENT: Shared<[u64; PLACE]> = Shared::new([0; PLACE]);
    let place = ARGUMENT.get().cast::<T>();
    // SAFETY: long enough and aligned for every structure, and nobody else is at
    // it; the image ends below 4 GiB. The tender reads and writes the structure
    // and the buffers it names.
    unsafe {
        place.write_volatile(call);
        cpu::out32(PORT + T::NUMBER, place.expose_provenance() as u32);
        place.read_volatile()
    }
}

static COPY: Shared<[u8; LONGEST]> = Shared::new([0; LONGEST]);

/// Whether the tender finds these bytes where the program does.
fn is_ram(bytes: &[u8]) -> bool {
    bytes.as_ptr().addr() + bytes.len() <= 1 << 32
}

/// Call `what` with the tender's address of `bytes`, which it may read.
///
/// # Errors
/// [`Error::Unspecified`]: they would have to be copied and are more than
/// [`LONGEST`].
pub fn lend<R>(bytes: &[u8], what: impl FnOnce(u64) -> R) -> Result<R, Error> {
    if is_ram(bytes) {
        return Ok(what(bytes.as_ptr().expose_provenance() as u64));
    }
    // SAFETY: one call at a time; see the module.
    let copy = unsafe { &mut *COPY.get() };
    let front = copy.get_mut(..bytes.len()).ok_or(Error::Unspecified)?;
    front.copy_from_slice(bytes);
    Ok(what(front.as_mut_ptr().expose_provenance() as u64))
}

/// Call `what` with the tender's address for `bytes`, which it may write.
///
/// # Errors
/// As [`lend`].
pub fn borrow<R>(bytes: &mut [u8], what: impl FnOnce(u64) -> R) -> Result<R, Error> {
    if is_ram(bytes) {
        return Ok(what(bytes.as_mut_ptr().expose_provenance() as u64));
    }
    if bytes.len() > LONGEST {
        return Err(Error::Unspecified);
    }
    let copy = COPY.get().cast::<u8>();
    let result = what(copy.expose_provenance() as u64);
    // SAFETY: so many bytes are there, and the tender is done with them.
    unsafe { ptr::copy_nonoverlapping(copy, bytes.as_mut_ptr(), bytes.len()) };
    Ok(result)
}
