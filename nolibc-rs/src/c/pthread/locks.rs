//! `<pthread.h>`: mutexes, conditions, read-write locks, barriers, spin locks.
//! POSIX.1-2024 says what each does; errors are stated where [`crate::thread`] finds them.

use core::ffi::{c_int, c_uint};

use super::attributes::{ConditionAttributes, MutexAttributes, SharedAttributes};
use super::{code, store};
use crate::c::result::point;
use crate::c::signal;
use crate::errno::{Errno, Result};
use crate::thread::barrier::Barrier;
use crate::thread::condition::Condition;
use crate::thread::mutex::{Kind, Mutex};
use crate::thread::rwlock::RwLock;
use crate::thread::spin::Spin;
use crate::thread::{Clock, Deadline};

/// `struct timespec`
#[repr(C)]
pub struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}

impl Timespec {
    /// # Safety
    /// `time` may be read.
    pub unsafe fn on(time: *const Self, clock: Clock) -> Deadline {
        // SAFETY: the caller's contract.
        let Self {
            seconds,
            nanoseconds,
        } = unsafe { time.read() };
        Deadline {
            clock,
            seconds,
            nanoseconds,
        }
    }
}

/// Functions of one object that answer an error number.
macro_rules! calls {
    ($($name:ident($type:ty) => $method:path;)*) => { $(
        /// As POSIX says of the function of this name.
        ///
        /// # Safety
        /// The object is initialised.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(object: *mut $type) -> c_int {
            // SAFETY: the caller's contract.
            code($method(unsafe { &*object }))
        }
    )* };
}

fn lock(mutex: &Mutex) -> Result<()> {
    mutex.lock_or_wait()
}

fn try_lock(mutex: &Mutex) -> Result<()> {
    tried(mutex.try_lock())
}

/// Who tries and fails may try again and again.
fn tried(answer: Result<()>) -> Result<()> {
    if answer == Err(Errno::EBUSY) {
        point();
    }
    answer
}

fn try_read(lock: &RwLock) -> Result<()> {
    tried(lock.try_read())
}

fn try_write(lock: &RwLock) -> Result<()> {
    tried(lock.try_write())
}

fn try_spin(spin: &Spin) -> Result<()> {
    tried(spin.try_lock())
}

fn unlock(mutex: &Mutex) -> Result<()> {
    let unlocked = mutex.unlock();
    point();
    unlocked
}

fn unlock_spin(spin: &Spin) -> Result<()> {
    spin.unlock();
    Ok(())
}

fn wake_one(condition: &Condition) -> Result<()> {
    condition.signal();
    point();
    Ok(())
}

fn wake_all(condition: &Condition) -> Result<()> {
    condition.broadcast();
    point();
    Ok(())
}

fn read(lock: &RwLock) -> Result<()> {
    lock.read(None)
}

fn write(lock: &RwLock) -> Result<()> {
    lock.write(None)
}

fn unlock_both(lock: &RwLock) -> Result<()> {
    let unlocked = lock.unlock();
    point();
    unlocked
}

fn forget<T>(_object: &T) -> Result<()> {
    Ok(())
}

calls! {
    pthread_mutex_lock(Mutex) => lock;
    pthread_mutex_trylock(Mutex) => try_lock;
    pthread_mutex_unlock(Mutex) => unlock;
    pthread_mutex_destroy(Mutex) => Mutex::destroy;
    pthread_cond_signal(Condition) => wake_one;
    pthread_cond_broadcast(Condition) => wake_all;
    pthread_cond_destroy(Condition) => Condition::destroy;
    pthread_rwlock_rdlock(RwLock) => read;
    pthread_rwlock_tryrdlock(RwLock) => try_read;
    pthread_rwlock_wrlock(RwLock) => write;
    pthread_rwlock_trywrlock(RwLock) => try_write;
    pthread_rwlock_unlock(RwLock) => unlock_both;
    pthread_rwlock_destroy(RwLock) => RwLock::destroy;
    pthread_spin_lock(Spin) => Spin::lock;
    pthread_spin_trylock(Spin) => try_spin;
    pthread_spin_unlock(Spin) => unlock_spin;
    pthread_spin_destroy(Spin) => forget;
    pthread_barrier_destroy(Barrier) => Barrier::destroy;
}

/// # Safety
/// `mutex` may be written; `attributes` are null or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_mutex_init(
    mutex: *mut Mutex,
    attributes: *const MutexAttributes,
) -> c_int {
    // SAFETY: the caller's contract.
    let attributes = unsafe { attributes.as_ref() };
    let kind = attributes.map_or(Ok(Kind::Normal), |attributes| {
        Kind::from_raw(attributes.kind as u32)
    });
    // SAFETY: the caller's contract.
    unsafe { store(mutex, kind.map(Mutex::new)) }
}

/// # Safety
/// The mutex is initialised, and `time` may be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_mutex_timedlock(
    mutex: *mut Mutex,
    time: *const Timespec,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { pthread_mutex_clocklock(mutex, 0, time) }
}

/// # Safety
/// The mutex is initialised, and `time` may be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_mutex_clocklock(
    mutex: *mut Mutex,
    clock: c_int,
    time: *const Timespec,
) -> c_int {
    code(Clock::from_raw(clock).and_then(|clock| {
        // SAFETY: the caller's contract.
        unsafe { (*mutex).lock(Some(Timespec::on(time, clock))) }
    }))
}

/// No mutex is robust: `EINVAL`.
///
/// # Safety
/// None beyond the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_mutex_consistent(_mutex: *mut Mutex) -> c_int {
    Errno::EINVAL.raw()
}

/// # Safety
/// `condition` may be written; `attributes` are null or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_cond_init(
    condition: *mut Condition,
    attributes: *const ConditionAttributes,
) -> c_int {
    // SAFETY: the caller's contract.
    let attributes = unsafe { attributes.as_ref() };
    let clock = attributes.map_or(Ok(Clock::Wall), |attributes| {
        Clock::from_raw(attributes.clock)
    });
    // SAFETY: the caller's contract.
    unsafe { store(condition, clock.map(Condition::new)) }
}

/// Wait on a condition, until the deadline at most; signals that end the wait are delivered.
fn wait(condition: &Condition, mutex: &Mutex, deadline: Option<Deadline>) -> c_int {
    let waited = condition.wait(mutex, deadline);
    signal::deliver_if_due();
    code(waited)
}

/// # Safety
/// Both are initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_cond_wait(condition: *mut Condition, mutex: *mut Mutex) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { wait(&*condition, &*mutex, None) }
}

/// # Safety
/// Both are initialised, and `time` may be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_cond_timedwait(
    condition: *mut Condition,
    mutex: *mut Mutex,
    time: *const Timespec,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe {
        let deadline = Timespec::on(time, (*condition).clock());
        wait(&*condition, &*mutex, Some(deadline))
    }
}

/// # Safety
/// Both are initialised, and `time` may be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_cond_clockwait(
    condition: *mut Condition,
    mutex: *mut Mutex,
    clock: c_int,
    time: *const Timespec,
) -> c_int {
    match Clock::from_raw(clock) {
        // SAFETY: the caller's contract.
        Ok(clock) => unsafe { wait(&*condition, &*mutex, Some(Timespec::on(time, clock))) },
        Err(error) => error.raw(),
    }
}

/// # Safety
/// `lock` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_rwlock_init(
    lock: *mut RwLock,
    _attributes: *const SharedAttributes,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { store(lock, Ok(RwLock::new())) }
}

/// Functions that wait for a read-write lock until a deadline.
macro_rules! timed {
    ($($name:ident($($clock:ident)?) => $method:ident;)*) => { $(
        /// As POSIX says of the function of this name.
        ///
        /// # Safety
        /// The lock is initialised, and `time` may be read.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(
            lock: *mut RwLock,
            $($clock: c_int,)?
            time: *const Timespec,
        ) -> c_int {
            let clock = [$(Clock::from_raw($clock),)? Ok(Clock::Wall)][0];
            // SAFETY: the caller's contract.
            code(clock.and_then(|clock| unsafe {
                (*lock).$method(Some(Timespec::on(time, clock)))
            }))
        }
    )* };
}

timed! {
    pthread_rwlock_timedrdlock() => read;
    pthread_rwlock_clockrdlock(clock) => read;
    pthread_rwlock_timedwrlock() => write;
    pthread_rwlock_clockwrlock(clock) => write;
}

/// # Safety
/// `barrier` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_barrier_init(
    barrier: *mut Barrier,
    _attributes: *const SharedAttributes,
    count: c_uint,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { store(barrier, Barrier::new(count)) }
}

/// Wait until as many threads as the barrier is for have come.
/// `PTHREAD_BARRIER_SERIAL_THREAD` for one of them.
///
/// # Safety
/// The barrier is initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_barrier_wait(barrier: *mut Barrier) -> c_int {
    // SAFETY: the caller's contract.
    -c_int::from(unsafe { (*barrier).wait() })
}

/// `ENOTSUP`: a spin lock for several processes.
///
/// # Safety
/// `spin` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_spin_init(spin: *mut Spin, shared: c_int) -> c_int {
    let allowed = match shared {
        0 => Ok(Spin::default()),
        1 => Err(Errno::ENOTSUP),
        _ => Err(Errno::EINVAL),
    };
    // SAFETY: the caller's contract.
    unsafe { store(spin, allowed) }
}
