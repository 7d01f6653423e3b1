//! The scheduler and what threads wait on, with real stacks, in one thread of the host: a
//! random schedule decides at each step what a thread does, and whether it lets others run.
//!
//! `NOLIBC_TEST_ROUNDS` is the number of schedules, 2000 unless it is set.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::sync::Mutex as HostMutex;

use nolibc::Errno;
use nolibc::thread::barrier::Barrier;
use nolibc::thread::condition::Condition;
use nolibc::thread::mutex::{Kind, Mutex};
use nolibc::thread::once::Once;
use nolibc::thread::rwlock::RwLock;
use nolibc::thread::semaphore::Semaphore;
use nolibc::thread::stack::Wanted;
use nolibc::thread::{Clock, Deadline, life, self_id, sleep_until, with_id, yield_now};

/// There is one scheduler, and one thread of the host is in it at a time.
static ONE: HostMutex<()> = HostMutex::new(());

fn rounds() -> u64 {
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
}

/// A number below `limit`.
fn random(limit: u64) -> u64 {
    RANDOM.with_borrow_mut(|state| {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        *state % limit
    })
}

/// Where the schedule may let others run.
fn chance() {
    for _ in 0..random(3) {
        yield_now();
    }
}

const WANTED: Wanted = Wanted {
    stack_bytes: 256 << 10,
    guard_bytes: 4096,
    own: None,
};

/// What the threads of one schedule share.
struct World {
    mutex: Mutex,
    recursive: Mutex,
    changed: Condition,
    permits: Semaphore,
    lock: RwLock,
    barrier: Barrier,
    once: Once,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
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
    values: Vec<u64>,
}

const PERMITS: i64 = 2;

impl World {
    fn new(threads: u32) -> Self {
        Self {
            mutex: Mutex::new(Kind::ErrorCheck),
            recursive: Mutex::new(Kind::Recursive),
            changed: Condition::new(Clock::Monotonic),
            permits: Semaphore::new(PERMITS as u32).unwrap(),
            lock: RwLock::new(),
            barrier: Barrier::new(threads).unwrap(),
            once: Once::new(),
            state: RefCell::default(),
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.borrow_mut())
    }

    /// A time that comes soon, or has come.
    fn soon() -> Deadline {
        let now = nolibc::platform::clock_monotonic() + random(30_000);
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
        match random(if last { 9 } else { 11 }) {
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
                let slept = sleep_until(nolibc::platform::clock_monotonic() + random(20_000));
                assert!(matches!(slept, Ok(()) | Err(Errno::EINTR)));
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

fn schedule(seed: u64) {
    RANDOM.set(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let threads = 1 + random(6) as u32;
    let world = World::new(threads);
    let pointer = (&raw const world).cast_mut().cast();
    let mut ids: Vec<usize> = (0..threads)
        .map(|_| {
            let id = life::create(&WANTED, false, run, pointer).unwrap();
            world.with(|state| state.ids.push(id));
            chance();
            id
        })
        .collect();
    while !ids.is_empty() {
        let id = ids.swap_remove(random(ids.len() as u64) as usize);
        let value = loop {
            match life::join(id, None) {
                Err(Errno::EINTR) => {
                    nolibc::delivery::deliver();
                }
                value => break value.unwrap(),
            }
        };
        assert_eq!(value.addr(), id);
        assert_eq!(with_id(id, |_| ()), Err(Errno::ESRCH));
        chance();
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
    world.lock.destroy().unwrap();
    world.barrier.destroy().unwrap();
}

#[test]
fn any_schedule_ends_as_it_should() {
    let _one = ONE.lock().unwrap();
    let action = nolibc::signal::Action {
        handler: handle as *const () as usize,
        mask: 0,
        flags: 0,
    };
    nolibc::signal::action(SIGUSR1, Some(action)).unwrap();
    for seed in 0..rounds() {
        schedule(seed);
    }
    // Several that are sent before one is handled are one.
    assert!(HANDLED.get() > SENT.get() / 4 && HANDLED.get() <= SENT.get());
    nolibc::heap::with(|heap| heap.audit());
}

unsafe extern "C" fn sleep_and_note(world: *mut c_void) -> *mut c_void {
    // SAFETY: as for `run`.
    let world = unsafe { &*world.cast::<World>() };
    let start = nolibc::platform::clock_monotonic();
    let wanted = 1_000 * random(3_000);
    sleep_until(start + wanted).unwrap();
    let slept = nolibc::platform::clock_monotonic() - start;
    assert!(slept >= wanted);
    world.with(|state| state.values.push(start + wanted));
    core::ptr::null_mut()
}

/// Who sleeps is woken in the order of deadlines, however many there are.
#[test]
fn sleepers_wake_in_order() {
    let _one = ONE.lock().unwrap();
    RANDOM.set(7);
    let world = World::new(1);
    let pointer = (&raw const world).cast_mut().cast();
    let small = Wanted {
        stack_bytes: 64 << 10,
        ..WANTED
    };
    for _ in 0..5 {
        let ids: Vec<usize> = (0..200)
            .map(|_| life::create(&small, false, sleep_and_note, pointer).unwrap())
            .collect();
        for id in ids {
            life::join(id, None).unwrap();
        }
        let values = world.with(|state| std::mem::take(&mut state.values));
        assert_eq!(values.len(), 200);
        assert!(values.is_sorted(), "{values:?}");
    }
}
