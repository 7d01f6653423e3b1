//! `<pthread.h>`: mutexes, conditions, read-write locks, barriers, spin locks.
//! POSIX.1-2024 says what each does; errors are stated where [`crate::thread`] finds them.

use core::ffi::{c_int, c_uint};

use super::attributes::{ConditionAttributes, MutexAttributes, SharedAttributes};
use super::{code, store};
use crate::errno::{Errno, Result};
use crate::thread::condition::{Barrier, Condition};
use crate::thread::mutex::{Kind, Mutex, Spin};
use crate::thread::rwlock::RwLock;
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
    mutex.lock(None)
}

fn unlock_spin(spin: &Spin) -> Result<()> {
    spin.unlock();
    Ok(())
}

/// The only waiter there could be is the caller, who does not wait.
fn wake(_condition: &Condition) -> Result<()> {
    Ok(())
}

fn forget<T>(_object: &T) -> Result<()> {
    Ok(())
}

calls! {
    pthread_mutex_lock(Mutex) => lock;
    pthread_mutex_trylock(Mutex) => Mutex::try_lock;
    pthread_mutex_unlock(Mutex) => Mutex::unlock;
    pthread_mutex_destroy(Mutex) => Mutex::destroy;
    pthread_cond_signal(Condition) => wake;
    pthread_cond_broadcast(Condition) => wake;
    pthread_cond_destroy(Condition) => Condition::destroy;
    pthread_rwlock_rdlock(RwLock) => RwLock::read;
    pthread_rwlock_tryrdlock(RwLock) => RwLock::try_read;
    pthread_rwlock_wrlock(RwLock) => RwLock::write;
    pthread_rwlock_trywrlock(RwLock) => RwLock::try_write;
    pthread_rwlock_unlock(RwLock) => RwLock::unlock;
    pthread_rwlock_destroy(RwLock) => RwLock::destroy;
    pthread_spin_lock(Spin) => Spin::lock;
    pthread_spin_trylock(Spin) => Spin::try_lock;
    pthread_spin_unlock(Spin) => unlock_spin;
    pthread_spin_destroy(Spin) => forget;
    pthread_barrier_destroy(Barrier) => forget;
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

/// With one thread nobody can signal: once the mutex has been found to be held, the program
/// ends with a report.
///
/// # Safety
/// Both are initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_cond_wait(condition: *mut Condition, mutex: *mut Mutex) -> c_int {
    // SAFETY: the caller's contract.
    code(unsafe { (*condition).wait(&*mutex, None) })
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
    code(unsafe {
        let deadline = Timespec::on(time, (*condition).clock());
        (*condition).wait(&*mutex, Some(deadline))
    })
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
    code(Clock::from_raw(clock).and_then(|clock| {
        // SAFETY: the caller's contract.
        unsafe { (*condition).wait(&*mutex, Some(Timespec::on(time, clock))) }
    }))
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

/// What the caller holds it would wait for in vain: `EDEADLK`, whatever the deadline.
///
/// # Safety
/// The lock is initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_rwlock_timedrdlock(
    lock: *mut RwLock,
    _time: *const Timespec,
) -> c_int {
    // SAFETY: the caller's contract.
    code(unsafe { (*lock).read() })
}

/// As [`pthread_rwlock_timedrdlock`].
///
/// # Safety
/// The lock is initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_rwlock_timedwrlock(
    lock: *mut RwLock,
    _time: *const Timespec,
) -> c_int {
    // SAFETY: the caller's contract.
    code(unsafe { (*lock).write() })
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

/// `PTHREAD_BARRIER_SERIAL_THREAD` if the barrier is for one thread; else the program
/// ends with a report.
///
/// # Safety
/// The barrier is initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_barrier_wait(barrier: *mut Barrier) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { (*barrier).wait() };
    -1
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
