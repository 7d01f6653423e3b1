//! The other processors: their records, how they come to run the program, and what they are
//! told. How they are reached is the machine's ([`Reach`]).

use core::ffi::c_void;
use core::ptr;
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};

use super::layout::{self, PAGE};
use super::record::{Open, core_boot_open};
use super::{Shared, core_run, cpu, tick};
use crate::abi::CpuMain;
use crate::machine::{Errno, Machine};

/// The most processors that are used.
pub const MOST: usize = 64;

/// Bytes of a closed record: `CPU_RECORD_SIZE`.
const CLOSED: usize = 3 * PAGE;
/// Where in it things are (`record.s`, `cpus.s`).
const OPEN: usize = 0;
const FAULT_TOP: usize = 8;
const TICK_TOP: usize = 16;
const OWN: usize = 32;
const STACK_TOP: usize = 2048;
const IST_TOP: usize = 3584;
const GDT: usize = 3584;
const DESCRIPTORS: usize = 9;
const GDT_POINTER: usize = 3664;
const TSS: usize = 3696;
const TSS_SIZE: usize = 104;
/// All ports, and the byte of ones that ends the map.
const IO_MAP_SIZE: usize = 8193;
/// Of an open record with its stacks: the record and the stack of ticks, a guard page, and the
/// fault stack.
const OPEN_SIZE: usize = 8 * PAGE;
const TICK_STACK: usize = PAGE;
const GUARD: usize = TICK_STACK + tick::STACK_SIZE;

const _: () = {
    assert!(size_of::<Open>() <= TICK_STACK);
    assert!(GDT + 8 * DESCRIPTORS <= GDT_POINTER && GDT_POINTER + 10 <= TSS);
    assert!(TSS + TSS_SIZE + IO_MAP_SIZE <= CLOSED);
};

unsafe extern "C" {
    static core_gdt: [u64; DESCRIPTORS];
    /// Where the closed records start.
    static mut core_records: usize;
}

/// Processors besides the first one that have gone to ring 3: bit n is number n.
static OTHERS: AtomicU64 = AtomicU64::new(0);

/// By number: whether a wait is to end.
static WOKEN: [AtomicBool; MOST] = [const { AtomicBool::new(false) }; MOST];

/// One more than the number of the processor that ends the machine; 0: none does.
#[unsafe(no_mangle)]
static core_stopping: AtomicU32 = AtomicU32::new(0);

/// How a machine reaches its processors.
pub trait Reach: Machine {
    /// The number of the calling processor.
    fn number() -> usize;
    /// Have a processor start that never ran, so that it comes to `core_cpu_start`.
    ///
    /// # Errors
    /// It cannot.
    fn start(number: usize) -> Result<(), Errno>;
    /// Start it once more if it did not hear.
    fn start_again(_number: usize) {}
    /// What a processor does first in ring 3.
    fn arrive() {}
    /// Have it take an interrupt that ends its halt.
    fn interrupt(number: usize);
    /// Have it do nothing any more.
    fn stop(number: usize);
}

/// The records of the other processors: where they are, and how many.
#[derive(Clone, Copy)]
pub struct Records {
    start: usize,
    count: usize,
}

impl Records {
    /// None.
    pub const NONE: Self = Self { start: 0, count: 0 };

    /// Bytes that `count` take, at a multiple of a page.
    pub const fn size(count: usize) -> usize {
        count * (CLOSED + OPEN_SIZE)
    }

    /// What ring 3 may not touch.
    pub const fn closed(&self) -> (usize, usize) {
        (self.start, self.start + self.count * CLOSED)
    }

    /// The pages below the fault stacks.
    pub fn guards(&self) -> impl Iterator<Item = usize> {
        let first = self.closed().1 + GUARD;
        (0..self.count).map(move |index| first + index * OPEN_SIZE)
    }

    /// Whether those of `count` processors fit in at `start`, where RAM ends at `end`.
    pub const fn fit(start: usize, count: usize, end: usize) -> bool {
        /// What a program needs at the least besides.
        const REST: usize = 1 << 20;
        let room = start + Self::size(count) + REST;
        room <= end && room <= layout::BOOTSTRAP_END
    }

    /// Write the records of `count` processors at `start`, each with the machine's own word: the
    /// first one is that of number 1.
    ///
    /// # Safety
    /// To be called once, with the bootstrap tables loaded. They fit in there, and nobody uses
    /// the memory.
    pub unsafe fn write(start: usize, count: usize, own: impl Fn(usize) -> usize) -> Self {
        let records = Self { start, count };
        let open = records.closed().1;
        // SAFETY: unused memory, by this function's contract.
        unsafe {
            at::<u8>(start).write_bytes(0, Self::size(count));
            core_records = start;
            for index in 0..count {
                let closed = start + index * CLOSED;
                let open = open + index * OPEN_SIZE;
                write_record(closed, open, index + 1);
                at::<usize>(closed + OWN).write(own(index + 1));
            }
        }
        OPEN_RECORDS.store(open, Ordering::Relaxed);
        COUNT.store(1 + records.count, Ordering::Relaxed);
        records
    }
}

fn at<T>(address: usize) -> *mut T {
    ptr::with_exposed_provenance_mut(address)
}

/// # Safety
/// The memory of a record, zeros, and nobody else's.
unsafe fn write_record(closed: usize, open: usize, number: usize) {
    let tss = (closed + TSS) as u64;
    let limit = (TSS_SIZE + IO_MAP_SIZE - 1) as u64;
    // SAFETY: this function's contract.
    unsafe {
        at::<usize>(closed + OPEN).write(open);
        at::<usize>(closed + FAULT_TOP).write(open + OPEN_SIZE - 8);
        at::<usize>(closed + TICK_TOP).write(open + GUARD - 8);
        let mut gdt = core_gdt;
        gdt[3] = 0x0000_8900_0000_0000 | limit | (tss & 0xff_ffff) << 16 | (tss >> 24) << 56;
        gdt[4] = 0;
        gdt[8] |= number as u64;
        at::<[u64; DESCRIPTORS]>(closed + GDT).write(gdt);
        at::<u16>(closed + GDT_POINTER).write(size_of_val(&gdt) as u16 - 1);
        at::<u64>(closed + GDT_POINTER + 2).write_unaligned((closed + GDT) as u64);
        // RSP0, IST 1, and where the map of ports begins.
        at::<u64>(closed + TSS + 4).write_unaligned((closed + STACK_TOP) as u64);
        at::<u64>(closed + TSS + 36).write_unaligned((closed + IST_TOP) as u64);
        at::<u16>(closed + TSS + 102).write(TSS_SIZE as u16);
        at::<u8>(closed + TSS + TSS_SIZE + IO_MAP_SIZE - 1).write(0xff);
        (*at::<Open>(open))
            .index
            .store(number as u32, Ordering::Relaxed);
    }
}

/// Where the open records start of processors besides the first one.
static OPEN_RECORDS: AtomicUsize = AtomicUsize::new(0);

/// What a processor has of its own that ring 3 may change.
pub fn open(number: usize) -> *const Open {
    match number.checked_sub(1) {
        None => core_boot_open.get(),
        Some(index) => at(OPEN_RECORDS.load(Ordering::Relaxed) + index * OPEN_SIZE),
    }
}

/// How many there are, the first one included.
static COUNT: AtomicUsize = AtomicUsize::new(1);

/// `machine_cpu_count`
pub fn count() -> usize {
    COUNT.load(Ordering::Relaxed)
}

/// `machine_cpu_id`
pub fn index<R: Reach>() -> usize {
    if OTHERS.load(Ordering::Relaxed) == 0 {
        0
    } else {
        R::number()
    }
}

/// What the next processor to start is to run.
struct Start {
    function: CpuMain,
    argument: *const c_void,
    stack_top: usize,
    tls: usize,
}

static START: Shared<Option<Start>> = Shared::new(None);

/// How far that is: [`NOBODY`], or for the processor with that number one of the following.
static STATE: AtomicU32 = AtomicU32::new(NOBODY);
const NOBODY: u32 = 0;

#[derive(Clone, Copy)]
enum Step {
    /// It is to come.
    Asked = 1,
    /// It came, and nothing stops it any more.
    Taken = 2,
    /// It counts among the others.
    Arrived = 3,
}

const fn state(number: usize, step: Step) -> u32 {
    number as u32 * 4 + step as u32
}

fn change_state(old: u32, new: u32) -> bool {
    let changed = STATE.compare_exchange(old, new, Ordering::AcqRel, Ordering::Acquire);
    changed.is_ok()
}

/// `machine_cpu_start`
///
/// # Errors
/// As `machine.h` says.
///
/// # Safety
/// As [`Machine::cpu_start`].
pub unsafe fn start<R: Reach>(
    number: usize,
    function: CpuMain,
    argument: *const c_void,
    stack_top: usize,
    tls: usize,
) -> Result<(), Errno> {
    /// For how long a processor is waited for.
    const PATIENCE: u64 = 2_000_000_000;
    const AGAIN_AFTER: u64 = 1_000_000;
    static STARTED: AtomicUsize = AtomicUsize::new(1);
    if number == 0 || number >= count() || !tick::has_handler() || !cpu::is_tls_base(tls) {
        return Err(Errno::EINVAL);
    }
    let bit = 1 << number;
    if STARTED.fetch_or(bit, Ordering::Relaxed) & bit != 0 {
        return Err(Errno::EEXIST);
    }
    // SAFETY: one processor starts at a time, and it reads this before it says that it arrived.
    unsafe {
        START.get().write(Some(Start {
            function,
            argument,
            stack_top,
            tls,
        }));
    }
    STATE.store(state(number, Step::Asked), Ordering::Release);
    if let Err(error) = R::start(number) {
        // It never ran, and may be asked once more.
        STATE.store(NOBODY, Ordering::Relaxed);
        STARTED.fetch_and(!bit, Ordering::Relaxed);
        return Err(error);
    }
    let start = R::clock_monotonic();
    let mut again = false;
    while STATE.load(Ordering::Acquire) != state(number, Step::Arrived) {
        let waited = R::clock_monotonic() - start;
        // One that comes later finds that nobody asks for it.
        if waited > PATIENCE && change_state(state(number, Step::Asked), NOBODY) {
            return Err(Errno::EIO);
        }
        if waited > AGAIN_AFTER && !again {
            again = true;
            R::start_again(number);
        }
        core::hint::spin_loop();
    }
    Ok(())
}

/// A processor besides the first one begins here, on its fault stack.
pub fn arrive<R: Reach>(number: u32) -> ! {
    R::arrive();
    let number = number as usize;
    if !change_state(state(number, Step::Asked), state(number, Step::Taken)) {
        nowhere();
    }
    // SAFETY: who started this processor waits until it has arrived, and then has nothing to do
    // with what it is to run, whose stack and block are for it alone; a tick has its handler.
    unsafe {
        let Some(start) = (*START.get()).take() else {
            nowhere();
        };
        if cpu::set_tls_base(start.tls).is_err() {
            nowhere();
        }
        OTHERS.fetch_or(1 << number, Ordering::Relaxed);
        STATE.store(state(number, Step::Arrived), Ordering::Release);
        tick::allow();
        core_run(start.argument, start.function, start.stack_top)
    }
}

/// Nobody asks for this processor, which came too late.
fn nowhere() -> ! {
    loop {
        core::hint::spin_loop();
    }
}

/// Whether a processor is on its way to ring 3.
pub fn is_starting() -> bool {
    let state = STATE.load(Ordering::Acquire);
    state != NOBODY && state % 4 != Step::Arrived as u32
}

/// Those in ring 3 besides the calling one: bit n is number n.
pub fn others<R: Reach>() -> u64 {
    let others = OTHERS.load(Ordering::Relaxed);
    if others == 0 {
        return 0;
    }
    (others | 1) & !(1 << R::number())
}

/// Do something about each of [`others`].
pub fn each(numbers: u64, mut action: impl FnMut(usize)) {
    for number in (0..MOST).filter(|number| numbers >> number & 1 != 0) {
        action(number);
    }
}

/// A processor ends the machine: the others answer nobody.
pub fn is_stopping() -> bool {
    core_stopping.load(Ordering::Relaxed) != 0
}

/// `machine_cpu_wake`
pub fn wake<R: Reach>(number: usize) {
    if let Some(woken) = WOKEN.get(number)
        && !woken.swap(true, Ordering::AcqRel)
        && number != index::<R>()
        && number < count()
    {
        R::interrupt(number);
    }
}

/// Whether somebody has called [`wake`] for the calling processor since this was asked.
pub fn is_woken<R: Reach>() -> bool {
    let woken = WOKEN.get(index::<R>());
    woken.is_some_and(|woken| woken.load(Ordering::Relaxed) && woken.swap(false, Ordering::AcqRel))
}

/// `machine_cpu_stop_others`: the first processor to call it goes on.
pub fn stop_others<R: Reach>() {
    if count() == 1 {
        return;
    }
    // Nothing moves the caller to another processor from here on.
    core::mem::forget(tick::Held::new());
    let me = index::<R>() as u32 + 1;
    match core_stopping.compare_exchange(0, me, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => each(others::<R>(), R::stop),
        Err(first) if first == me => {}
        Err(_) => loop {
            core::hint::spin_loop();
        },
    }
}
