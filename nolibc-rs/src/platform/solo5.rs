//! The platform over `solo5.h` and `machine.h` (see `solo5-sys/include`).

use core::ffi::{c_char, c_int, c_long, c_uint, c_void};
use core::sync::atomic::{AtomicPtr, AtomicU8, Ordering::Relaxed};

use super::{Mapped, Mode, Nanoseconds};
use crate::errno::{Errno, Result};
use crate::tcb::Tcb;
use crate::thread::Thread;
use crate::thread::cpu::Cpu;

unsafe extern "C" {
    safe fn solo5_exit(status: c_int) -> !;
    safe fn solo5_abort() -> !;
    safe fn solo5_clock_monotonic() -> u64;
    safe fn solo5_clock_wall() -> u64;
    safe fn solo5_set_tls_base(base: usize) -> c_int;
    fn solo5_console_write(buffer: *const c_char, len: usize);
    fn machine_console_panic(buffer: *const c_char, len: usize);
    fn machine_console_read(buffer: *mut c_void, len: usize) -> c_long;
    safe fn machine_features() -> u64;
    fn machine_on_fault(handler: Option<FaultHandler>) -> c_int;
    fn machine_memory(ranges: *mut MachineRange, len: usize) -> usize;
    fn machine_window(va: *mut *mut c_void, len: *mut usize) -> c_int;
    fn machine_map(va: *mut c_void, pa: u64, len: usize, prot: c_uint) -> c_int;
    fn machine_unmap(va: *mut c_void, len: usize) -> c_int;
    fn machine_protect(va: *mut c_void, len: usize, prot: c_uint) -> c_int;
    safe fn machine_tables(pa: u64, len: usize) -> c_int;
    fn machine_lookup(
        va: *const c_void,
        max: usize,
        pa: *mut u64,
        len: *mut usize,
        prot: *mut c_uint,
    ) -> c_int;
    fn machine_tick(period_ns: u64, handler: Option<TickHandler>) -> c_int;
    safe fn machine_frame_size() -> usize;
    fn machine_resume(frame: *mut u8) -> !;
    safe fn machine_shutdown_requested() -> c_int;
    safe fn machine_cpu_count() -> c_uint;
    fn machine_cpu_start(
        cpu: c_uint,
        function: CpuMain,
        argument: *const c_void,
        stack_top: *mut c_void,
        tls: usize,
    ) -> c_int;
    safe fn machine_cpu_wake(cpu: c_uint);
    safe fn machine_cpu_stop_others();
    fn machine_entropy(buffer: *mut c_void, len: usize) -> c_long;
}

fn count_or_errno(answer: c_long) -> Result<usize> {
    usize::try_from(answer).map_err(|_| Errno::from_raw(-(answer as i32)))
}

/// [`Mode`], as a number.
static MODE: AtomicU8 = AtomicU8::new(Mode::Alone as u8);

/// Who may take the CPU, or run beside it.
#[inline(always)]
pub fn mode() -> Mode {
    match MODE.load(Relaxed) {
        0 => Mode::Alone,
        1 => Mode::Ticks,
        _ => Mode::Several,
    }
}

fn raise(mode: Mode) {
    MODE.store(mode as u8, Relaxed);
    crate::heap::see_who_runs();
}

/// Hold off ticks, once more, until [`release`] is called with the answer; false: there are none.
#[inline(always)]
pub fn hold() -> bool {
    let preempts = mode() != Mode::Alone;
    if preempts {
        crate::tcb::hold();
    }
    preempts
}

/// Hold them off once less, and make up for one that came meanwhile.
#[inline(always)]
pub fn release(held: bool) {
    if held && crate::tcb::release() {
        crate::thread::tick::make_up();
    }
}

/// Where the host twin lets tests switch threads: nothing here.
#[inline(always)]
pub fn switch_point() {}

/// What waits for another thread calls this over and over.
#[inline(always)]
pub fn relax() {
    core::hint::spin_loop();
}

/// Write all of `bytes` to the console. No other caller does meanwhile; who calls the machine himself is
/// not kept out.
pub fn console_write(bytes: &[u8]) {
    // SAFETY: the pointer and the length are a live slice's.
    unsafe { solo5_console_write(bytes.as_ptr().cast(), bytes.len()) }
}

/// Write `bytes` to the console from any context: polled, takes no lock.
pub fn console_panic(bytes: &[u8]) {
    // SAFETY: the pointer and the length are a live slice's.
    unsafe { machine_console_panic(bytes.as_ptr().cast(), bytes.len()) }
}

/// Read what the console has without waiting.
///
/// # Errors
/// `EAGAIN`: nothing yet. `ENOSYS`: this machine has no console input.
pub fn console_read(bytes: &mut [u8]) -> Result<usize> {
    // SAFETY: the pointer and the length are a live exclusive slice's.
    count_or_errno(unsafe { machine_console_read(bytes.as_mut_ptr().cast(), bytes.len()) })
}

/// Fill `bytes` with the machine's entropy; the count may be short.
///
/// # Errors
/// `ENOSYS`: this machine has none.
pub fn entropy(bytes: &mut [u8]) -> Result<usize> {
    // SAFETY: the pointer and the length are a live exclusive slice's.
    count_or_errno(unsafe { machine_entropy(bytes.as_mut_ptr().cast(), bytes.len()) })
}

/// Time since some fixed moment; never goes back.
pub fn clock_monotonic() -> Nanoseconds {
    solo5_clock_monotonic()
}

/// Time since 1970-01-01 00:00 UTC.
pub fn clock_wall() -> Nanoseconds {
    solo5_clock_wall()
}

// With `--wrap=solo5_yield`, which the compiler wrapper passes, what the program calls by that
// name is our `__wrap_solo5_yield`, and the machine's own is `__real_solo5_yield`.
core::arch::global_asm!(
    ".weak __real_solo5_yield",
    ".pushsection .data.rel.ro.nolibc_machine_yield,\"aw\",@progbits",
    ".balign 8",
    "nolibc_machine_yield:",
    ".quad __real_solo5_yield, solo5_yield",
    ".popsection",
);

type Yield = unsafe extern "C" fn(u64, *mut u64);

unsafe extern "C" {
    safe static nolibc_machine_yield: [Option<Yield>; 2];
}

/// Halt until `deadline` on the monotonic clock or until a device is ready; the set of those
/// that are.
pub fn idle(deadline: Nanoseconds) -> u64 {
    let mut ready = 0;
    let [real, plain] = nolibc_machine_yield;
    if let Some(machine_yield) = real.or(plain) {
        // SAFETY: solo5.h: writes one set.
        unsafe { machine_yield(deadline, &raw mut ready) };
    }
    ready
}

/// Whether the host has asked since the last call that the program ends.
pub fn shutdown_requested() -> bool {
    machine_shutdown_requested() != 0
}

/// Make `base` the thread pointer.
#[inline]
pub fn set_tls_base(base: usize) {
    solo5_set_tls_base(base);
}

/// Have `thread` be the calling thread from now on, on this CPU.
#[inline]
pub fn enter(thread: &'static Thread, cpu: &'static Cpu) {
    let block = core::ptr::with_exposed_provenance::<Tcb>(thread.tcb());
    // SAFETY: a thread's block lives as long as it.
    unsafe { (*block).enter(cpu) };
    set_tls_base(thread.tcb());
}

/// How many CPUs the machine has.
pub fn cpu_count() -> usize {
    machine_cpu_count() as usize
}

/// What a CPU runs, with its argument.
pub type CpuMain = unsafe extern "C" fn(*const c_void) -> !;

/// Threads run on several CPUs from now on.
///
/// # Safety
/// One thread runs, and holds no lock.
pub unsafe fn be_several() {
    raise(Mode::Several);
}

/// Have a CPU that never ran call `function`, on a stack and a thread pointer of its own;
/// whether it does.
///
/// # Safety
/// As `machine.h` says.
pub unsafe fn cpu_start(cpu: usize, function: CpuMain, stack_top: usize, tls: usize) -> bool {
    // SAFETY: the caller's contract.
    unsafe {
        machine_cpu_start(
            cpu as c_uint,
            function,
            core::ptr::null(),
            pointer(stack_top),
            tls,
        ) == 0
    }
}

/// End a CPU's [`idle`], the present one or the next. Ticks are held off.
pub fn cpu_wake(cpu: usize) {
    machine_cpu_wake(cpu as c_uint);
}

/// Have all other CPUs do nothing any more.
pub fn stop_others() {
    machine_cpu_stop_others();
}

/// End the machine; `status` reaches the host where it can carry one.
pub fn exit(status: i32) -> ! {
    solo5_exit(status)
}

/// End the machine with status 255.
pub fn abort() -> ! {
    solo5_abort()
}

/// `struct machine_range`
#[repr(C)]
#[derive(Clone, Copy)]
struct MachineRange {
    start: u64,
    len: u64,
}

const MACHINE_ZEROED: u64 = 1 << 20;

/// Whether all memory that the machine offers started as zeros.
pub fn memory_is_zeroed() -> bool {
    machine_features() & MACHINE_ZEROED != 0
}

/// Pass on the ranges of memory that nobody uses, besides the heap that the program is started
/// with.
pub fn more_memory(mut range: impl FnMut(crate::pages::Range)) {
    let mut ranges = [MachineRange { start: 0, len: 0 }; 8];
    // SAFETY: the pointer and the length are a live array's.
    let count = unsafe { machine_memory(ranges.as_mut_ptr(), ranges.len()) };
    for found in ranges.iter().take(count) {
        range(crate::pages::Range {
            start: found.start as usize,
            len_bytes: found.len as usize,
        });
    }
}

const MACHINE_PAGES: u64 = 1 << 21;

fn or_errno(answer: c_int) -> Result<()> {
    match answer {
        0 => Ok(()),
        error => Err(Errno::from_raw(-error)),
    }
}

fn pointer(address: usize) -> *mut c_void {
    core::ptr::with_exposed_provenance_mut(address)
}

/// The first address of the machine's window, and its length: addresses at which memory can be
/// mapped. None: this machine maps nothing, and the functions below fail.
pub fn window() -> Option<(usize, usize)> {
    if machine_features() & MACHINE_PAGES == 0 {
        return None;
    }
    let (mut start, mut len) = (core::ptr::null_mut(), 0);
    // SAFETY: the pointers are to live variables.
    or_errno(unsafe { machine_window(&raw mut start, &raw mut len) }).ok()?;
    Some((start.expose_provenance(), len))
}

/// Map the memory from `memory` on at `address`, in the window.
///
/// # Errors
/// `ENOMEM`: tables are wanted ([`give_tables`]). `EEXIST`: something is mapped there.
pub fn map_pages(address: usize, memory: usize, len: usize, protection: u32) -> Result<()> {
    // SAFETY: makes addresses usable at which nothing was; the memory stays where it is.
    or_errno(unsafe { machine_map(pointer(address), memory as u64, len, protection) })
}

/// Have nothing mapped in a part of the window.
///
/// # Errors
/// `ENOMEM`: tables are wanted.
///
/// # Safety
/// Nobody uses what is mapped there.
pub unsafe fn unmap_pages(address: usize, len: usize) -> Result<()> {
    // SAFETY: the caller's contract.
    or_errno(unsafe { machine_unmap(pointer(address), len) })
}

/// Change the permissions of what is mapped in a part of the window, or of memory at its own
/// address.
///
/// # Errors
/// `ENOMEM`: tables are wanted. `EFAULT`: something there is not mapped.
///
/// # Safety
/// Nobody uses in another way what is there.
pub unsafe fn protect_pages(address: usize, len: usize, protection: u32) -> Result<()> {
    // SAFETY: the caller's contract.
    or_errno(unsafe { machine_protect(pointer(address), len, protection) })
}

/// Give memory for page tables, for ever.
///
/// # Errors
/// The machine refuses it.
pub fn give_tables(memory: usize, len: usize) -> Result<()> {
    or_errno(machine_tables(memory as u64, len))
}

/// What is mapped at an address, and for how many bytes, `max` at most.
pub fn lookup(address: usize, max: usize) -> Mapped {
    let (mut memory, mut len, mut protection) = (u64::MAX, max, 0);
    // SAFETY: the pointers are to live variables.
    unsafe {
        machine_lookup(
            pointer(address),
            max,
            &raw mut memory,
            &raw mut len,
            &raw mut protection,
        )
    };
    Mapped {
        at: (memory != u64::MAX).then_some(memory as usize),
        len_bytes: len,
        protection,
    }
}

/// `struct machine_fault`
#[repr(C)]
struct Fault {
    kind: u32,
    vector: u32,
    code: u64,
    address: u64,
}

type FaultHandler = unsafe extern "C" fn(*const Fault, *mut c_void) -> c_int;

/// What [`on_fault`] was given.
static EXPLAIN: AtomicPtr<()> = AtomicPtr::new(core::ptr::null_mut());

/// Have `explain` called at a fault, with the address of the access if it was one, on a stack
/// of the machine's own, before the machine prints its own report and ends.
pub fn on_fault(explain: fn(Option<usize>)) {
    EXPLAIN.store(explain as *mut (), Relaxed);
    // SAFETY: the handler is as machine.h declares it. A machine without faults refuses.
    unsafe { machine_on_fault(Some(fault)) };
}

unsafe extern "C" fn fault(fault: *const Fault, _frame: *mut c_void) -> c_int {
    // SAFETY: the machine passes a live structure.
    let fault = unsafe { &*fault };
    // Read, write, execute.
    let address = matches!(fault.kind, 1..=3).then_some(fault.address as usize);
    let explain = EXPLAIN.load(Relaxed);
    if !explain.is_null() {
        // SAFETY: only `on_fault` stores there, and a function of this type.
        unsafe { core::mem::transmute::<*mut (), fn(Option<usize>)>(explain)(address) };
    }
    0
}

/// What a tick calls with the frame of the thread that it interrupted; answers the frame to
/// go on with.
pub type TickHandler = unsafe extern "C" fn(*mut u8) -> *mut u8;

/// Have the machine call `handler` every `period_ns`; 0: no more. Whether it does.
///
/// # Safety
/// As `machine.h` says: the blocks at the thread pointers are ready, and the handler answers a
/// frame of the thread whose block that is then.
pub unsafe fn tick(period_ns: Nanoseconds, handler: TickHandler) -> bool {
    if period_ns != 0 && mode() == Mode::Alone {
        raise(Mode::Ticks);
    }
    // SAFETY: the caller's contract.
    unsafe { machine_tick(period_ns, Some(handler)) == 0 }
}

/// The bytes that a tick needs for each thread; 0: this machine does not tick.
pub fn frame_bytes() -> usize {
    machine_frame_size()
}

/// Go on with what a tick interrupted.
///
/// # Safety
/// The frame is the calling thread's, nobody went on with it since, and ticks are held off once.
pub unsafe fn resume(frame: *mut u8) -> ! {
    // SAFETY: the caller's contract.
    unsafe { machine_resume(frame) }
}
