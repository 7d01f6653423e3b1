//! What threads do to each other in tests of the scheduler: a random schedule decides at each step
//! what a thread does, and whether it lets others run.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::ptr::NonNull;

use nolibc::Errno;
use nolibc::heap;
use nolibc::platform::{clock_monotonic, fake_cpus, switch_point};
use nolibc::thread::barrier::Barrier;
use nolibc::thread::condition::Condition;
use nolibc::thread::mutex::{Kind, Mutex};
use nolibc::thread::once::Once;
use nolibc::thread::rwlock::RwLock;
use nolibc::thread::semaphore::Semaphore;
use nolibc::thread::stack::Wanted;
use nolibc::thread::{Clock, Deadline, cancel, cpu, current, devices, life, scheduler};
use nolibc::thread::{self_id, sleep_until, with_id, yield_now};

/// How many schedules there are to be, 2000 unless the environment says.
pub fn rounds() -> u64 {
    let rounds = std::env::var("NOLIBC_TEST_ROUNDS").ok();
    rounds
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(2000)
}

const SIGUSR1: i32 = 10;

thread_local! {
    static SENT: Cell<u64> = const { Cell::new(0) };
    static HANDLED: Cell<u64> = const { Cell::new(0) };
    static RANDOM: RefCell<u64> = const { RefCell::new(1) };
    static LAST: RefCell<Last> = const { RefCell::new(Last(None)) };
}

/// A number below `limit`.
pub fn random(limit: u64) -> u64 {
    RANDOM.with_borrow_mut(|state| {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        *state % limit
    })
}

/// Have [`random`] begin anew.
pub fn set_random(seed: u64) {
    RANDOM.set(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
}

/// Where the schedule may let others run.
fn chance() {
    if fake_cpus::is_there() && random(3) == 0 {
        // Without a switching point of its own.
        for _ in 0..random(4) {
            switch_point();
        }
        let longest = [1, 1, 1000, 2_000_000][random(4) as usize];
        return fake_cpus::compute(random(longest));
    }
    for _ in 0..random(3) {
        yield_now();
    }
}

pub const WANTED: Wanted = Wanted {
    stack_bytes: 256 << 10,
    guard_bytes: 4096,
    own: None,
};

/// What the threads of one schedule share.
pub struct World {
    mutex: Mutex,
    recursive: Mutex,
    changed: Condition,
    permits: Semaphore,
    lock: RwLock,
    barrier: Barrier,
    once: Once,
    /// Threads that nobody joins have done what they do.
    done: Semaphore,
    /// Nobody posts it.
    never: Semaphore,
    state: RefCell<State>,
}

#[derive(Default)]
pub struct State {
    /// Threads that can be signalled.
    ids: Vec<usize>,
    once: u32,
    inside: u32,
    total: u64,
    tokens: i64,
    permits: i64,
    readers: i64,
    writers: i64,
    serial: u32,
    pub values: Vec<u64>,
}

const PERMITS: i64 = 2;
/// The most that a sleeper may be late, of simulated time: others compute, and take turns.
const PATIENCE_NS: u64 = 100_000_000;

impl World {
    pub fn new(threads: u32) -> Self {
        Self {
            mutex: Mutex::new(Kind::ErrorCheck),
            recursive: Mutex::new(Kind::Recursive),
            changed: Condition::new(Clock::Monotonic),
            permits: Semaphore::new(PERMITS as u32).unwrap(),
            lock: RwLock::new(),
            barrier: Barrier::new(threads).unwrap(),
            once: Once::new(),
            done: Semaphore::new(0).unwrap(),
            never: Semaphore::new(0).unwrap(),
            state: RefCell::default(),
        }
    }

    /// Something without a switching point.
    pub fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.borrow_mut())
    }

    /// A time that comes soon, or has come.
    fn soon() -> Deadline {
        let now = clock_monotonic() + random(30_000);
        Deadline {
            clock: Clock::Monotonic,
            seconds: (now / 1_000_000_000) as i64,
            nanoseconds: (now % 1_000_000_000) as i64,
        }
    }

    fn exclude(&self) {
        self.with(|state| {
            state.inside += 1;
            assert_eq!(state.inside, 1);
        });
        chance();
        self.with(|state| {
            state.inside -= 1;
            state.total += 1;
        });
    }

    fn step(&self, last: bool) {
        match random(if last { 12 } else { 14 }) {
            0 => {
                self.mutex.lock(None).unwrap();
                assert_eq!(self.mutex.lock(None), Err(Errno::EDEADLK));
                self.exclude();
                self.mutex.unlock().unwrap();
            }
            1 => match self.mutex.lock(Some(Self::soon())) {
                Ok(()) => {
                    self.exclude();
                    self.mutex.unlock().unwrap();
                }
                error => assert_eq!(error, Err(Errno::ETIMEDOUT)),
            },
            2 => {
                let depth = 1 + random(3);
                for _ in 0..depth {
                    self.recursive.lock(None).unwrap();
                    chance();
                }
                for _ in 0..depth {
                    self.recursive.unlock().unwrap();
                }
            }
            3 => {
                let deadline = (random(3) == 0).then(Self::soon);
                loop {
                    match self.permits.wait(deadline) {
                        Ok(()) => break,
                        Err(Errno::EINTR) => {
                            nolibc::delivery::deliver();
                        }
                        Err(error) => {
                            assert!(deadline.is_some());
                            return assert_eq!(error, Errno::ETIMEDOUT);
                        }
                    }
                }
                self.with(|state| {
                    state.permits += 1;
                    assert!(state.permits <= PERMITS);
                });
                chance();
                self.with(|state| state.permits -= 1);
                self.permits.post().unwrap();
            }
            4 => {
                self.lock.read(None).unwrap();
                self.with(|state| {
                    state.readers += 1;
                    assert_eq!(state.writers, 0);
                });
                chance();
                self.with(|state| state.readers -= 1);
                self.lock.unlock().unwrap();
            }
            5 => match self.lock.write(Some(Self::soon())) {
                Ok(()) => {
                    self.with(|state| {
                        state.writers += 1;
                        assert_eq!((state.writers, state.readers), (1, 0));
                    });
                    chance();
                    self.with(|state| state.writers -= 1);
                    self.lock.unlock().unwrap();
                }
                error => assert_eq!(error, Err(Errno::ETIMEDOUT)),
            },
            6 => {
                let until_ns = clock_monotonic() + random(20_000);
                let slept = sleep_until(until_ns);
                assert!(matches!(slept, Ok(()) | Err(Errno::EINTR)));
                if fake_cpus::is_there() {
                    let late_ns = clock_monotonic().saturating_sub(until_ns);
                    assert!(late_ns < PATIENCE_NS, "{late_ns} ns late");
                }
            }
            7 => {
                // A signal for anybody, wherever it is.
                let ids = self.with(|state| state.ids.clone());
                if let Some(id) = ids.get(random(8) as usize)
                    && let Ok(sent) =
                        with_id(*id, |thread| nolibc::signal::send_to(thread, SIGUSR1))
                {
                    sent.unwrap();
                    SENT.set(SENT.get() + 1);
                }
                nolibc::delivery::deliver_if_due();
            }
            8 => {
                self.once.call(|| {
                    chance();
                    self.with(|state| state.once += 1);
                });
                self.with(|state| assert_eq!(state.once, 1));
            }
            9 => {
                let len = 1 + random(2000) as usize;
                let block = heap::quick_alloc(len).unwrap_or_else(|| heap::alloc(len, 16).unwrap());
                let byte = random(256) as u8;
                // SAFETY: a new block of so many bytes.
                unsafe { block.write_bytes(byte, len) };
                chance();
                give_back(block, len, byte);
            }
            10 if fake_cpus::is_there() => {
                fake_cpus::ready_at(clock_monotonic() + random(100_000));
                let deadline = clock_monotonic() + random(100_000);
                let ready = devices::wait(deadline);
                let is_signalled = nolibc::delivery::is_wanted();
                assert!(ready == 1 || clock_monotonic() >= deadline || is_signalled);
                nolibc::delivery::deliver_if_due();
                if random(2) == 0 {
                    fake_cpus::ready_at(u64::MAX);
                }
            }
            11 => {
                let set = cpu::set() & random(u64::MAX);
                if set != 0 {
                    scheduler::allow(current(), set);
                    yield_now();
                    assert_ne!(set >> cpu::current() & 1, 0);
                    chance();
                    assert_ne!(set >> cpu::current() & 1, 0);
                    scheduler::allow(current(), cpu::set());
                }
            }
            10 => {}
            12 => {
                // Give a token.
                self.mutex.lock(None).unwrap();
                self.with(|state| state.tokens += 1);
                if random(2) == 0 {
                    self.changed.signal();
                } else {
                    self.changed.broadcast();
                }
                chance();
                self.mutex.unlock().unwrap();
            }
            _ => {
                // Wait for one, for a while.
                self.mutex.lock(None).unwrap();
                if self.with(|state| state.tokens == 0) {
                    let waited = self.changed.wait(&self.mutex, Some(Self::soon()));
                    assert!(matches!(waited, Ok(()) | Err(Errno::ETIMEDOUT)));
                    assert!(self.mutex.is_mine());
                }
                self.with(|state| state.tokens -= i64::from(state.tokens > 0));
                self.mutex.unlock().unwrap();
            }
        }
        chance();
    }
}

fn give_back(block: NonNull<u8>, len: usize, byte: u8) {
    // SAFETY: `step` filled the block, and does not use it again.
    unsafe {
        let bytes = std::slice::from_raw_parts(block.as_ptr(), len);
        assert!(bytes.iter().all(|&other| other == byte));
        if !heap::quick_free(block.as_ptr()) {
            heap::free(block);
        }
    }
}

/// Take the signal that steps send.
pub fn take_signals() {
    let action = nolibc::signal::Action {
        handler: handle as *const () as usize,
        mask: 0,
        flags: 0,
    };
    nolibc::signal::action(SIGUSR1, Some(action)).unwrap();
}

/// Several signals that are sent before one is handled are one.
pub fn check_signals() {
    assert!(HANDLED.get() > SENT.get() / 4 && HANDLED.get() <= SENT.get());
}

extern "C" fn handle(signal: i32) {
    assert_eq!(signal, SIGUSR1);
    HANDLED.set(HANDLED.get() + 1);
}

unsafe extern "C" fn run(world: *mut c_void) -> *mut c_void {
    // SAFETY: `schedule` passes it, and joins this thread before it goes.
    let world = unsafe { &*world.cast::<World>() };
    let me = self_id();
    for _ in 0..random(12) {
        world.step(false);
        assert_eq!(self_id(), me);
    }
    if world.barrier.wait() {
        world.with(|state| state.serial += 1);
    }
    for _ in 0..random(4) {
        world.step(true);
    }
    world.with(|state| state.values.push(me as u64));
    core::ptr::without_provenance_mut(me)
}

/// Nobody joins it.
unsafe extern "C" fn run_alone(world: *mut c_void) -> *mut c_void {
    // SAFETY: `schedule` waits for `done`.
    let world = unsafe { &*world.cast::<World>() };
    for _ in 0..random(4) {
        world.step(true);
    }
    world.done.post().unwrap();
    core::ptr::null_mut()
}

/// It waits until it is cancelled.
unsafe extern "C" fn run_for_ever(world: *mut c_void) -> *mut c_void {
    // SAFETY: as for `run`.
    let world = unsafe { &*world.cast::<World>() };
    loop {
        match random(3) {
            0 => drop(world.never.wait(None)),
            1 => drop(world.never.wait(Some(World::soon()))),
            _ => drop(sleep_until(clock_monotonic() + random(100_000))),
        }
        nolibc::delivery::deliver_if_due();
        chance();
    }
}

fn join(id: usize) -> *mut c_void {
    loop {
        match life::join(id, None) {
            Err(Errno::EINTR) => {
                nolibc::delivery::deliver();
            }
            value => break value.unwrap(),
        }
    }
}

/// Run one schedule.
pub fn schedule(seed: u64) {
    set_random(seed);
    let threads = 1 + random(6) as u32;
    let alone = random(3);
    let world = Box::new(World::new(threads));
    let pointer = (&raw const *world).cast_mut().cast();
    let create = |detached, start: life::Start| {
        let id = life::create(&WANTED, detached, start, pointer).unwrap();
        world.with(|state| state.ids.push(id));
        chance();
        id
    };
    let mut ids: Vec<usize> = (0..threads).map(|_| create(false, run)).collect();
    for _ in 0..alone {
        let detached = random(2) == 0;
        let id = create(detached, run_alone);
        if !detached {
            life::detach(id).unwrap();
        }
    }
    let victim = (random(3) == 0).then(|| create(false, run_for_ever));
    while !ids.is_empty() {
        let id = ids.swap_remove(random(ids.len() as u64) as usize);
        assert_eq!(join(id).addr(), id);
        assert_eq!(with_id(id, |_| ()), Err(Errno::ESRCH));
        chance();
    }
    if let Some(victim) = victim {
        cancel::cancel(victim).unwrap();
        // What PTHREAD_CANCELED is.
        assert_eq!(join(victim).addr(), usize::MAX);
    }
    for _ in 0..alone {
        while world.done.wait(None) == Err(Errno::EINTR) {
            nolibc::delivery::deliver();
        }
    }
    world.with(|state| {
        assert_eq!(state.values.len(), threads as usize);
        assert_eq!((state.inside, state.serial), (0, 1));
        assert_eq!((state.permits, state.readers, state.writers), (0, 0, 0));
    });
    assert_eq!(world.permits.value(), PERMITS as u32);
    world.mutex.destroy().unwrap();
    world.recursive.destroy().unwrap();
    world.changed.destroy().unwrap();
    world.permits.destroy().unwrap();
    world.done.destroy().unwrap();
    world.never.destroy().unwrap();
    world.lock.destroy().unwrap();
    world.barrier.destroy().unwrap();
    LAST.with_borrow_mut(|last| last.take_over(world));
}

/// The memory of the last world: who was let go of it may not touch it any more.
struct Last(Option<Box<MaybeUninit<World>>>);

const TRACE: u8 = 0xa5;

impl Last {
    fn take_over(&mut self, world: Box<World>) {
        self.check();
        let memory = Box::into_raw(world);
        // SAFETY: the world is dropped in place, and its memory is a box of bytes from then on.
        unsafe {
            memory.drop_in_place();
            memory.cast::<u8>().write_bytes(TRACE, size_of::<World>());
            self.0 = Some(Box::from_raw(memory.cast()));
        }
    }

    fn check(&mut self) {
        if let Some(memory) = self.0.take() {
            // SAFETY: `take_over` filled it.
            let bytes = unsafe {
                std::slice::from_raw_parts(memory.as_ptr().cast::<u8>(), size_of::<World>())
            };
            assert!(bytes.iter().all(|&byte| byte == TRACE), "{bytes:x?}");
        }
    }
}
