//! What a backend provides.

use core::ffi::{c_int, c_uint, c_void};

use crate::abi::{
    self, BlockInfo, CpuMain, FaultHandler, Frame, Handle, HandleSet, Mapped, NetInfo, Range,
    TickHandler, Time,
};

/// Why a call of `solo5.h` failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The same call may succeed later.
    Again,
    /// An argument is wrong.
    Invalid,
    /// No reason that can be named.
    Unspecified,
}

impl Error {
    /// The `solo5_result_t` of this error.
    pub const fn raw(self) -> c_int {
        match self {
            Error::Again => 1,
            Error::Invalid => 2,
            Error::Unspecified => 3,
        }
    }
}

/// Why a call of `machine.h` failed: an errno of Linux.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errno(pub c_int);

impl Errno {
    /// There is no such thing.
    pub const ENOENT: Self = Self(2);
    /// Nothing yet.
    pub const EAGAIN: Self = Self(11);
    /// A device that does not answer.
    pub const EIO: Self = Self(5);
    /// Something is missing that the caller can hand over.
    pub const ENOMEM: Self = Self(12);
    /// A bad pointer.
    pub const EFAULT: Self = Self(14);
    /// Something is in use.
    pub const EBUSY: Self = Self(16);
    /// Something is there already.
    pub const EEXIST: Self = Self(17);
    /// A bad argument.
    pub const EINVAL: Self = Self(22);
    /// This machine does not have it.
    pub const ENOSYS: Self = Self(38);
}

/// A machine: what stands behind `solo5.h` and `machine.h`.
///
/// There is one machine, so these are functions without a receiver; a
/// backend's state lies in statics that its start code fills before
/// [`crate::start::run`]. Slices and lengths have been checked by the callers
/// in [`crate::export`].
///
/// # Implementation safety
/// - [`exit`](Machine::exit) does not return, whatever the host does.
/// - [`memory`](Machine::memory) answers ranges that are mapped, readable and
///   writable, page-aligned, apart from each other, from the image, from the
///   heap of the start information and from everything the backend keeps.
/// - [`net_read`](Machine::net_read), [`entropy`](Machine::entropy) and
///   [`console_read`](Machine::console_read) answer at most the length of the
///   buffer that they were given.
/// - What the host writes is copied and checked before it is used.
/// - No function unwinds.
pub unsafe trait Machine {
    /// The feature bits of `machine.h`, without the version.
    const FEATURES: u64 = 0;

    /// Write to the console; what the host cannot take is lost.
    fn console_write(bytes: &[u8]);

    /// End the machine; the host learns `status` where it can.
    fn exit(status: c_int) -> !;

    /// Time since some moment in the past; never goes back.
    fn clock_monotonic() -> Time;

    /// Time since 1970-01-01 00:00 UTC.
    fn clock_wall() -> Time;

    /// Sleep until `deadline` or until a network device has a packet, and
    /// answer the devices that have one. Input ends it only after
    /// [`console_read`](Machine::console_read) answered [`Errno::EAGAIN`].
    fn wait(deadline: Time) -> HandleSet;

    /// Make `base` the thread pointer.
    ///
    /// # Errors
    /// [`Error::Invalid`]: the CPU cannot take this address.
    ///
    /// # Safety
    /// Every later use of thread-local storage goes through `base`: it points
    /// to a block that is laid out for it, or no such use follows.
    unsafe fn set_tls_base(base: usize) -> Result<(), Error>;

    /// Take a network device.
    ///
    /// # Errors
    /// [`Error::Invalid`]: no such device, or taken; [`Error::Unspecified`]: no
    /// driver.
    fn net_acquire(_name: &[u8]) -> Result<(Handle, NetInfo), Error> {
        Err(Error::Unspecified)
    }

    /// Send one frame.
    ///
    /// # Errors
    /// [`Error::Invalid`]: a handle that was never given, or the size.
    fn net_write(_handle: Handle, _frame: &[u8]) -> Result<(), Error> {
        Err(Error::Invalid)
    }

    /// Receive one frame and answer its size.
    ///
    /// # Errors
    /// [`Error::Again`]: none there; [`Error::Invalid`] as above.
    fn net_read(_handle: Handle, _buffer: &mut [u8]) -> Result<usize, Error> {
        Err(Error::Invalid)
    }

    /// Take a block device.
    ///
    /// # Errors
    /// As [`net_acquire`](Machine::net_acquire).
    fn block_acquire(_name: &[u8]) -> Result<(Handle, BlockInfo), Error> {
        Err(Error::Unspecified)
    }

    /// Write one block at byte `offset`.
    ///
    /// # Errors
    /// [`Error::Invalid`]: handle, offset or size.
    fn block_write(_handle: Handle, _offset: u64, _block: &[u8]) -> Result<(), Error> {
        Err(Error::Invalid)
    }

    /// Read one block at byte `offset`.
    ///
    /// # Errors
    /// [`Error::Invalid`]: handle, offset or size.
    fn block_read(_handle: Handle, _offset: u64, _block: &mut [u8]) -> Result<(), Error> {
        Err(Error::Invalid)
    }

    /// RAM besides the heap: fill `ranges` as far as it goes and answer how
    /// many there are.
    fn memory(_ranges: &mut [Range]) -> usize {
        0
    }

    /// Addresses at which nothing lies until [`map`](Machine::map): start and
    /// bytes.
    ///
    /// # Errors
    /// [`Errno::ENOSYS`], as of the five functions that follow: this machine
    /// has no pages to map. Their other errors are those of `machine.h`, and
    /// after an error nothing has changed.
    fn window() -> Result<(usize, usize), Errno> {
        Err(Errno::ENOSYS)
    }

    /// Map the RAM `pa..pa + len` at `va`.
    ///
    /// # Errors
    /// As `machine.h` says.
    ///
    /// # Safety
    /// None of these functions runs meanwhile. Whoever uses that RAM knows that
    /// it can be reached there as well.
    unsafe fn map(_va: usize, _pa: u64, _len: usize, _prot: c_uint) -> Result<(), Errno> {
        Err(Errno::ENOSYS)
    }

    /// Have nothing mapped in `va..va + len`.
    ///
    /// # Errors
    /// As `machine.h` says.
    ///
    /// # Safety
    /// None of these functions runs meanwhile. Nobody uses these addresses any
    /// more.
    unsafe fn unmap(_va: usize, _len: usize) -> Result<(), Errno> {
        Err(Errno::ENOSYS)
    }

    /// Set the permissions of `va..va + len`.
    ///
    /// # Errors
    /// As `machine.h` says.
    ///
    /// # Safety
    /// None of these functions runs meanwhile. Nobody needs there what `prot`
    /// does not allow.
    unsafe fn protect(_va: usize, _len: usize, _prot: c_uint) -> Result<(), Errno> {
        Err(Errno::ENOSYS)
    }

    /// Take the RAM `pa..pa + len` for page tables.
    ///
    /// # Errors
    /// As `machine.h` says.
    ///
    /// # Safety
    /// None of these functions runs meanwhile. Nobody uses that RAM any more,
    /// and it is not mapped in the window.
    unsafe fn tables(_pa: u64, _len: usize) -> Result<(), Errno> {
        Err(Errno::ENOSYS)
    }

    /// What is mapped from `va` on, for at most `max` bytes.
    ///
    /// # Errors
    /// As `machine.h` says.
    fn lookup(_va: usize, _max: usize) -> Result<Mapped, Errno> {
        Err(Errno::ENOSYS)
    }

    /// Set or clear the program's fault handler.
    ///
    /// # Errors
    /// [`Errno::ENOSYS`]: faults do not reach this machine.
    ///
    /// # Safety
    /// `handler` may be called on any fault, on a stack of the machine's own,
    /// with exclusive pointers to a fault and to a frame; a frame that it
    /// changes is one that the program may resume with.
    unsafe fn on_fault(_handler: Option<FaultHandler>) -> Result<(), Errno> {
        Err(Errno::ENOSYS)
    }

    /// Call `handler` every `period`; 0: no more.
    ///
    /// # Errors
    /// [`Errno::ENOSYS`]: nothing ticks here. [`Errno::EINVAL`]: no handler.
    ///
    /// # Safety
    /// As `machine.h` says of the handler and of the block at the thread pointer.
    unsafe fn tick(_period: Time, _handler: Option<TickHandler>) -> Result<(), Errno> {
        Err(Errno::ENOSYS)
    }

    /// Bytes that what a tick interrupts takes; 0 where nothing ticks.
    fn frame_size() -> usize {
        0
    }

    /// Go on with what a tick interrupted.
    ///
    /// # Safety
    /// As `machine.h` says.
    unsafe fn resume(_frame: *mut Frame) -> ! {
        Self::exit(abi::EXIT_ABORT)
    }

    /// Whether the host has asked since the last call that the program ends. A request
    /// ends one [`wait`](Machine::wait).
    fn shutdown_requested() -> bool {
        false
    }

    /// How many processors there are.
    fn cpu_count() -> usize {
        1
    }

    /// The number of the calling one; the first is 0.
    fn cpu_id() -> usize {
        0
    }

    /// Have a processor run `function`, on a stack and a thread pointer of its own.
    ///
    /// # Errors
    /// As `machine.h` says.
    ///
    /// # Safety
    /// As `machine.h` says.
    unsafe fn cpu_start(
        _number: usize,
        _function: CpuMain,
        _argument: *const c_void,
        _stack_top: usize,
        _tls: usize,
    ) -> Result<(), Errno> {
        Err(Errno::ENOSYS)
    }

    /// End a processor's [`wait`](Machine::wait), the present one or the next.
    fn cpu_wake(_number: usize) {}

    /// Have all others do nothing any more. Only the first processor to call this comes back.
    fn cpu_stop_others() {}

    /// Fill the front of `buffer` with random bytes and answer how many.
    ///
    /// # Errors
    /// [`Errno::ENOSYS`]: this machine has none.
    fn entropy(_buffer: &mut [u8]) -> Result<usize, Errno> {
        Err(Errno::ENOSYS)
    }

    /// Read what the console has; 0 is the end of input.
    ///
    /// # Errors
    /// [`Errno::EAGAIN`]: nothing yet; [`Errno::ENOSYS`]: no input.
    fn console_read(_buffer: &mut [u8]) -> Result<usize, Errno> {
        Err(Errno::ENOSYS)
    }

    /// Write to the console from any context.
    fn console_panic(bytes: &[u8]) {
        Self::console_write(bytes);
    }
}

/// Print `Solo5: ABORT: <reason>` and end `M` with [`abi::EXIT_ABORT`].
pub fn die<M: Machine>(reason: &str) -> ! {
    M::console_panic(b"Solo5: ABORT: ");
    M::console_panic(reason.as_bytes());
    M::console_panic(b"\n");
    M::exit(abi::EXIT_ABORT)
}
