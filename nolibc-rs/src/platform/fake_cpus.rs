//! A machine with several CPUs and ticks, for host tests: one thread of the host is each CPU in
//! turn, on real stacks, and random numbers decide where it changes, so that a schedule can be
//! had again. Time is simulated, and goes on at once where all CPUs halt.
//!
//! CPUs change where locks are taken and let go (`switch_point`), wait (`relax`), halt, read the
//! clock, wake each other and change threads; there ticks come, too. All that `machine.h` says of holding off ticks, of starting and waking CPUs
//! is so here, and a wake that finds a CPU halted may come late. What is not: each CPU sees what the others do at once and in order, so a missing
//! fence is not noticed.
//!
//! The thread of the host has such a machine from [`plug_in`] on.

use std::cell::{Cell, RefCell};

use super::{CpuMain, Nanoseconds, TickHandler};
use crate::arch::switch::{prepare, switch};
use crate::tcb::{self, Tcb};
use crate::thread;

const FRAME_BYTES: usize = 64;
const TICK_STACK_BYTES: usize = 256 << 10;
/// At each place where CPUs may change so much time passes at most.
const STEP_NS: Nanoseconds = 200;
/// About one tick in so many changes of CPUs comes before its time.
const EARLY: u64 = 16;
/// The longest that a wake takes to a CPU that halts.
const LATE_NS: Nanoseconds = 100_000;
/// So many places are passed before something has gone wrong for certain.
const MOST_STEPS: u64 = 20_000_000;

/// How CPUs change.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// What the random numbers begin with.
    pub seed: u64,
    /// CPUs change about once in so many chances; 1 at least.
    pub rarely: u64,
}

/// One CPU. The pointers are addresses, as the library has them.
struct Cpu {
    /// Where it goes on; that of the running one is not up to date.
    stack_pointer: Cell<usize>,
    /// The block at its thread pointer; null: it was not started.
    block: *mut Tcb,
    main: Option<CpuMain>,
    /// It halts until then.
    halted_until: Option<Nanoseconds>,
    woken: bool,
    /// If it halts, that reaches it then.
    woken_at: Nanoseconds,
    /// From one tick to the next, and when that is.
    ticks: Option<(Nanoseconds, Nanoseconds)>,
    /// The end of the stack of its handler.
    tick_stack: usize,
}

struct Machine {
    cpus: Box<[Cpu]>,
    running: usize,
    now_ns: Nanoseconds,
    random: u64,
    rarely: u64,
    steps: u64,
    handler: Option<TickHandler>,
    /// When the device is ready.
    device_ns: Nanoseconds,
    /// Called when all halt and nobody was woken.
    on_halt: fn(),
    /// Nothing changes until it is back.
    all_halt: bool,
    changes: u64,
    ticks: u64,
}

thread_local! {
    static MACHINE: RefCell<Option<Machine>> = const { RefCell::new(None) };
}

/// Give the calling thread of the host a machine with `count` CPUs; it is the first one, and the
/// first thread. `on_halt` is called whenever all of them halt.
pub fn plug_in(count: usize, on_halt: fn()) {
    let cpus = (0..count).map(|_| Cpu {
        stack_pointer: Cell::new(0),
        block: std::ptr::null_mut(),
        main: None,
        halted_until: None,
        woken: false,
        woken_at: 0,
        ticks: None,
        tick_stack: {
            let stack = vec![0u128; TICK_STACK_BYTES / size_of::<u128>()].leak();
            stack.as_mut_ptr_range().end.expose_provenance()
        },
    });
    let mut cpus: Box<[Cpu]> = cpus.collect();
    let block = thread::be_main();
    cpus[0].block = block;
    tcb::stand_for(None, block);
    MACHINE.set(Some(Machine {
        cpus,
        running: 0,
        now_ns: 1,
        random: 1,
        rarely: 1,
        steps: 0,
        handler: None,
        device_ns: Nanoseconds::MAX,
        on_halt,
        all_halt: false,
        changes: 0,
        ticks: 0,
    }));
}

/// Begin another schedule.
pub fn begin(schedule: Schedule) {
    with(|machine| {
        machine.random = schedule.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        machine.rarely = schedule.rarely.max(1);
        machine.steps = 0;
    });
}

/// Have the device (number 0) be ready from this time on.
pub fn ready_at(time_ns: Nanoseconds) {
    with(|machine| machine.device_ns = time_ns);
}

/// Let time pass without a chance for anybody else: the calling thread computes.
pub fn compute(time_ns: Nanoseconds) {
    with(|machine| machine.now_ns += time_ns);
}

/// How often CPUs were changed, and how many ticks came that were not held off.
pub fn figures() -> (u64, u64) {
    with(|machine| (machine.changes, machine.ticks))
}

/// Whether the calling thread of the host has such a machine.
pub fn is_there() -> bool {
    MACHINE.with_borrow(Option::is_some)
}

fn with<T>(work: impl FnOnce(&mut Machine) -> T) -> T {
    MACHINE.with_borrow_mut(|machine| work(machine.as_mut().expect("plug_in comes first")))
}

impl Machine {
    fn random(&mut self, limit: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % limit
    }

    fn here(&mut self) -> &mut Cpu {
        &mut self.cpus[self.running]
    }

    /// Some time passes.
    fn step(&mut self) {
        self.now_ns += self.random(STEP_NS);
        self.steps += 1;
        assert!(self.steps < MOST_STEPS, "the schedule does not end");
    }

    fn device_is_ready(&self) -> bool {
        self.now_ns >= self.device_ns
    }

    fn can_run(&self, index: usize) -> bool {
        let cpu = &self.cpus[index];
        let woken = cpu.woken && self.now_ns >= cpu.woken_at;
        let halts = |until_ns| !woken && self.now_ns < until_ns;
        // The device tells the first CPU.
        let told = index == 0 && self.device_is_ready();
        !cpu.block.is_null() && (told || !cpu.halted_until.is_some_and(halts))
    }

    /// Another CPU that can run.
    fn another(&mut self) -> Option<usize> {
        let count = self.cpus.len();
        let first = self.random(count as u64) as usize;
        let mut all = (0..count).map(|index| (first + index) % count);
        all.find(|&index| index != self.running && self.can_run(index))
    }
}

/// Where another CPU may go on, and where ticks come.
pub(super) fn chance() {
    if !is_there() || with(|machine| machine.all_halt) {
        return;
    }
    with(Machine::step);
    tick_if_due();
    if with(|machine| machine.random(machine.rarely) == 0) {
        change();
    }
}

/// The running CPU waits for another one.
pub(super) fn relax() {
    if is_there() {
        with(Machine::step);
        change();
    }
}

fn change() {
    if let Some(index) = with(Machine::another) {
        switch_to(index);
    }
}

fn switch_to(index: usize) {
    let (from, to) = with(|machine| {
        let from = machine.running;
        machine.running = index;
        machine.changes += 1;
        let cpus = &machine.cpus;
        for (other, cpu) in cpus.iter().enumerate() {
            let same = other != index && cpu.block == cpus[index].block;
            assert!(!same, "two CPUs run one thread");
        }
        tcb::stand_for(Some(cpus[from].block), cpus[index].block);
        (
            cpus[from].stack_pointer.as_ptr(),
            cpus[index].stack_pointer.get(),
        )
    });
    // SAFETY: `cpu_start` made that stack or this function left it; the place for the pointer
    // does not move.
    unsafe { switch(from, to) };
}

/// As `solo5_yield`.
pub(super) fn idle(deadline_ns: Nanoseconds) -> u64 {
    loop {
        let over = with(|machine| {
            machine.step();
            // It may come back without a reason.
            let over = machine.now_ns >= deadline_ns
                || machine.device_is_ready()
                || std::mem::take(&mut machine.here().woken)
                || machine.random(64) == 0;
            machine.here().halted_until = (!over).then_some(deadline_ns);
            over
        });
        if over {
            return with(|machine| u64::from(machine.device_is_ready()));
        }
        match with(Machine::another) {
            Some(index) => switch_to(index),
            None => jump(),
        }
    }
}

/// All CPUs halt: go to the next time at which one does not.
fn jump() {
    let on_its_way = with(|machine| {
        let woken = machine.cpus.iter().filter(|cpu| cpu.woken);
        let first_ns = woken.map(|cpu| cpu.woken_at).min();
        machine.now_ns = machine.now_ns.max(first_ns.unwrap_or(0));
        first_ns.is_some()
    });
    if on_its_way {
        return;
    }
    let on_halt = with(|machine| {
        machine.all_halt = true;
        machine.on_halt
    });
    on_halt();
    with(|machine| {
        machine.all_halt = false;
        let deadlines = machine.cpus.iter().filter_map(|cpu| cpu.halted_until);
        let halted_until = deadlines.fold(Nanoseconds::MAX, Nanoseconds::min);
        let wanted = thread::scheduler::next_deadline();
        assert!(halted_until <= wanted, "nobody watches a deadline");
        let next_ns = halted_until.min(machine.device_ns);
        assert!(next_ns < Nanoseconds::MAX, "all CPUs halt for ever");
        machine.now_ns = machine.now_ns.max(next_ns);
    });
}

/// As `solo5_clock_monotonic`; none: there is no such machine.
pub(super) fn clock() -> Option<Nanoseconds> {
    is_there().then(|| {
        with(|machine| {
            machine.now_ns += machine.random(STEP_NS);
            machine.now_ns
        })
    })
}

/// As `machine_cpu_count`.
pub(super) fn cpu_count() -> usize {
    MACHINE.with_borrow(|machine| machine.as_ref().map_or(1, |machine| machine.cpus.len()))
}

/// As `machine_cpu_start`.
pub(super) fn cpu_start(index: usize, main: CpuMain, stack_top: usize, block: usize) -> bool {
    with(|machine| {
        assert!(machine.handler.is_some());
        let cpu = &mut machine.cpus[index];
        assert!(cpu.block.is_null(), "a CPU is started twice");
        cpu.block = std::ptr::with_exposed_provenance_mut(block);
        cpu.main = Some(main);
        // SAFETY: the caller gives this stack.
        cpu.stack_pointer
            .set(unsafe { prepare(stack_top & !15, begin_cpu) });
    });
    true
}

extern "C" fn begin_cpu() -> ! {
    let main = with(|machine| machine.here().main).expect("cpu_start stored it");
    // SAFETY: on the stack that was given for it.
    unsafe { main(std::ptr::null()) }
}

/// As `machine_cpu_wake`.
pub(super) fn cpu_wake(index: usize) {
    if !is_there() {
        return;
    }
    with(|machine| {
        let now_ns = machine.now_ns;
        let early = machine.random(2) == 0;
        let late_ns = [0, 0, 1000, LATE_NS][machine.random(4) as usize];
        let woken_at = now_ns + machine.random(late_ns + 1);
        let cpu = &mut machine.cpus[index];
        if !std::mem::replace(&mut cpu.woken, true) {
            cpu.woken_at = woken_at;
        }
        // If it runs something else this may be a tick as well.
        if let Some((_, at_ns)) = &mut cpu.ticks
            && cpu.halted_until.is_none()
            && early
        {
            *at_ns = now_ns;
        }
    });
}

/// The running CPU runs on another block from now on.
pub(super) fn set_block(block: usize) {
    with(|machine| {
        let block = std::ptr::with_exposed_provenance_mut(block);
        let old = std::mem::replace(&mut machine.here().block, block);
        tcb::stand_for(Some(old), block);
    });
}

/// As `machine_frame_size`.
pub(super) fn frame_bytes() -> usize {
    if is_there() { FRAME_BYTES } else { 0 }
}

/// As `machine_tick`.
pub(super) fn tick(period_ns: Nanoseconds, handler: TickHandler) -> bool {
    with(|machine| {
        machine.handler = Some(handler);
        let first_ns = machine.now_ns + period_ns;
        machine.here().ticks = (period_ns > 0).then_some((period_ns, first_ns));
    });
    true
}

fn tick_if_due() {
    let due = with(|machine| {
        let now_ns = machine.now_ns;
        let early = machine.random(EARLY * machine.rarely) == 0;
        let Some((period_ns, at_ns)) = &mut machine.here().ticks else {
            return false;
        };
        let due = now_ns >= *at_ns || early;
        if due {
            *at_ns = now_ns + *period_ns;
        }
        due
    });
    if due && tcb::tick() {
        with(|machine| machine.ticks += 1);
        interrupt();
    }
}

/// Keep what runs in its thread's frame, and call the handler.
fn interrupt() {
    let frame = with(|machine| frame_of(machine.here()));
    let stack = with(|machine| machine.here().tick_stack);
    // SAFETY: nobody is on the stack of ticks, as they were not held off; the frame is the
    // thread's.
    unsafe { switch(frame, prepare(stack, handle)) };
}

fn frame_of(cpu: &Cpu) -> *mut usize {
    // SAFETY: the block of a CPU is live.
    let frame = unsafe {
        (*cpu.block)
            .frame
            .load(std::sync::atomic::Ordering::Relaxed)
    };
    assert!(!frame.is_null(), "a tick without a frame");
    frame.cast()
}

extern "C" fn handle() -> ! {
    let (handler, frame) = with(|machine| (machine.handler, frame_of(machine.here())));
    let handler = handler.expect("ticks come when there is one");
    // SAFETY: ticks are held off, and the frame is filled.
    unsafe { resume(handler(frame.cast())) }
}

/// As `machine_resume`.
pub(super) unsafe fn resume(frame: *mut u8) -> ! {
    let mut nowhere = 0;
    assert_eq!(frame.cast(), with(|machine| frame_of(machine.here())));
    tcb::after_tick();
    // SAFETY: `interrupt` filled it, and the caller is the first to go on with it.
    unsafe { switch(&raw mut nowhere, frame.cast::<usize>().read()) };
    unreachable!("nobody comes back to the stack of a tick");
}
