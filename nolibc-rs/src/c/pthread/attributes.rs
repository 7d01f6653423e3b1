//! `<pthread.h>`: attributes of threads, mutexes, conditions, read-write locks, barriers.

use core::ffi::{c_int, c_void};
use core::ptr::NonNull;

use super::{code, store};
use crate::c::sched::SchedParam;
use crate::errno::{Errno, Result};
use crate::thread::mutex::Kind;
use crate::thread::stack::{DEFAULT_BYTES, Wanted};
use crate::thread::{Clock, Thread};

/// `PTHREAD_STACK_MIN`
const STACK_MIN: usize = 16384;
/// What stands in attributes that were initialised.
const INITIALISED: u32 = 0x6174_7472;

/// `pthread_attr_t`
#[repr(C)]
pub struct Attributes {
    mark: u32,
    detached: c_int,
    stack: *mut c_void,
    stack_len: usize,
    guard_len: usize,
    inherit: c_int,
    policy: c_int,
    priority: c_int,
    scope: c_int,
    reserved: usize,
}

const _: () = assert!(size_of::<Attributes>() == 56);

impl Attributes {
    /// Those of a thread that asks for nothing.
    pub const fn usual() -> Self {
        Self {
            mark: INITIALISED,
            detached: 0,
            stack: core::ptr::null_mut(),
            stack_len: DEFAULT_BYTES,
            guard_len: 4096,
            inherit: 0,
            policy: 0,
            priority: 0,
            scope: 0,
            reserved: 0,
        }
    }

    /// Those of a thread that runs.
    pub fn of(thread: &Thread) -> Self {
        let (low, stack_len) = thread.stack();
        let stack = core::ptr::with_exposed_provenance_mut(low);
        let detached = c_int::from(!thread.is_joinable());
        Self {
            detached,
            stack,
            stack_len,
            ..Self::usual()
        }
    }

    /// What a new thread with these is to have, and whether it is detached.
    pub fn wanted(&self) -> (Wanted, bool) {
        let wanted = Wanted {
            stack_bytes: self.stack_len,
            guard_bytes: self.guard_len,
            own: NonNull::new(self.stack.cast()),
        };
        (wanted, self.detached != 0)
    }

    /// # Errors
    /// `EINVAL`: not initialised.
    pub fn check_and_want(&self) -> Result<(Wanted, bool)> {
        if self.mark == INITIALISED {
            Ok(self.wanted())
        } else {
            Err(Errno::EINVAL)
        }
    }
}

/// # Safety
/// `attributes` is initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_attr_init(attributes: *mut Attributes) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { store(attributes, Ok(Attributes::usual())) }
}

/// # Safety
/// `attributes` is initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_attr_destroy(attributes: *mut Attributes) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { (*attributes).mark = 0 };
    0
}

/// Functions that read one member and write it if it is good.
macro_rules! accessors {
    ($of:ty: $($get:ident $set:ident $member:ident: $type:ty, $good:expr;)*) => { $(
        /// Read one attribute.
        ///
        /// # Safety
        /// The attributes are initialised, and the value may be written.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $get(attributes: *const $of, value: *mut $type) -> c_int {
            // SAFETY: the caller's contract.
            unsafe { store(value, Ok((*attributes).$member)) }
        }

        /// Set one attribute, or say why not: `EINVAL` for what does not exist, `ENOTSUP` for
        /// what exists elsewhere.
        ///
        /// # Safety
        /// The attributes are initialised.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $set(attributes: *mut $of, value: $type) -> c_int {
            let good: fn($type) -> Result<()> = $good;
            // SAFETY: the caller's contract.
            code(good(value).map(|()| unsafe { (*attributes).$member = value }))
        }
    )* };
}

fn require(good: bool) -> Result<()> {
    if good { Ok(()) } else { Err(Errno::EINVAL) }
}

/// Of two numbers only the first can be had here.
fn first_of_two(value: c_int) -> Result<()> {
    match value {
        0 => Ok(()),
        1 => Err(Errno::ENOTSUP),
        _ => Err(Errno::EINVAL),
    }
}

accessors! { Attributes:
    pthread_attr_getdetachstate pthread_attr_setdetachstate detached: c_int,
        |state| require(matches!(state, 0 | 1));
    pthread_attr_getstacksize pthread_attr_setstacksize stack_len: usize,
        |len| require(len >= STACK_MIN);
    pthread_attr_getguardsize pthread_attr_setguardsize guard_len: usize, |_| Ok(());
    pthread_attr_getinheritsched pthread_attr_setinheritsched inherit: c_int,
        |inherit| require(matches!(inherit, 0 | 1));
    pthread_attr_getschedpolicy pthread_attr_setschedpolicy policy: c_int,
        |policy| crate::c::sched::check(policy, 0);
    pthread_attr_getscope pthread_attr_setscope scope: c_int, first_of_two;
}

/// # Safety
/// The attributes are initialised, and the value may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_attr_getschedparam(
    attributes: *const Attributes,
    param: *mut SchedParam,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe {
        store(
            param,
            Ok(SchedParam {
                priority: (*attributes).priority,
            }),
        )
    }
}

/// `EINVAL`: a priority other than 0.
///
/// # Safety
/// The attributes are initialised, and the value may be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_attr_setschedparam(
    _attributes: *mut Attributes,
    param: *const SchedParam,
) -> c_int {
    // SAFETY: the caller's contract.
    code(crate::c::sched::check(0, unsafe { (*param).priority }))
}

/// # Safety
/// The attributes are initialised, and the values may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_attr_getstack(
    attributes: *const Attributes,
    stack: *mut *mut c_void,
    len: *mut usize,
) -> c_int {
    // SAFETY: the caller's contract.
    unsafe {
        stack.write((*attributes).stack);
        len.write((*attributes).stack_len);
    }
    0
}

/// `EINVAL`: shorter than `PTHREAD_STACK_MIN`, or not aligned to 16.
///
/// # Safety
/// The attributes are initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_attr_setstack(
    attributes: *mut Attributes,
    stack: *mut c_void,
    len: usize,
) -> c_int {
    let good = len >= STACK_MIN && (stack.addr() | len).is_multiple_of(16);
    code(require(good).map(|()| {
        // SAFETY: the caller's contract.
        unsafe {
            (*attributes).stack = stack;
            (*attributes).stack_len = len;
        }
    }))
}

/// `pthread_mutexattr_t`
#[repr(C)]
pub struct MutexAttributes {
    /// The number of a [`Kind`].
    pub kind: c_int,
    shared: c_int,
    robust: c_int,
    protocol: c_int,
}

const _: () = assert!(size_of::<MutexAttributes>() == 16);

accessors! { MutexAttributes:
    pthread_mutexattr_gettype pthread_mutexattr_settype kind: c_int,
        |kind| Kind::from_raw(kind as u32).map(|_| ());
    pthread_mutexattr_getpshared pthread_mutexattr_setpshared shared: c_int, first_of_two;
    pthread_mutexattr_getrobust pthread_mutexattr_setrobust robust: c_int, first_of_two;
    pthread_mutexattr_getprotocol pthread_mutexattr_setprotocol protocol: c_int,
        |protocol| if protocol == 2 { Err(Errno::ENOTSUP) } else { first_of_two(protocol) };
}

/// # Safety
/// `attributes` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_mutexattr_init(attributes: *mut MutexAttributes) -> c_int {
    let new = MutexAttributes {
        kind: 0,
        shared: 0,
        robust: 0,
        protocol: 0,
    };
    // SAFETY: the caller's contract.
    unsafe { store(attributes, Ok(new)) }
}

/// # Safety
/// `attributes` is initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_mutexattr_destroy(attributes: *mut MutexAttributes) -> c_int {
    // SAFETY: the caller's contract.
    unsafe { (*attributes).kind = -1 };
    0
}

/// `pthread_condattr_t`
#[repr(C)]
pub struct ConditionAttributes {
    /// The number of a [`Clock`].
    pub clock: c_int,
    shared: c_int,
}

accessors! { ConditionAttributes:
    pthread_condattr_getclock pthread_condattr_setclock clock: c_int,
        |clock| Clock::from_raw(clock).map(|_| ());
    pthread_condattr_getpshared pthread_condattr_setpshared shared: c_int, first_of_two;
}

/// # Safety
/// `attributes` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_condattr_init(attributes: *mut ConditionAttributes) -> c_int {
    // SAFETY: the caller's contract.
    unsafe {
        store(
            attributes,
            Ok(ConditionAttributes {
                clock: 0,
                shared: 0,
            }),
        )
    }
}

/// # Safety
/// `attributes` is initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_condattr_destroy(_attributes: *mut ConditionAttributes) -> c_int {
    0
}

/// `pthread_rwlockattr_t` and `pthread_barrierattr_t`
#[repr(C)]
pub struct SharedAttributes {
    shared: c_int,
    reserved: c_int,
}

accessors! { SharedAttributes:
    pthread_rwlockattr_getpshared pthread_rwlockattr_setpshared shared: c_int, first_of_two;
    pthread_barrierattr_getpshared pthread_barrierattr_setpshared shared: c_int, first_of_two;
}

/// # Safety
/// `attributes` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_rwlockattr_init(attributes: *mut SharedAttributes) -> c_int {
    // SAFETY: the caller's contract.
    unsafe {
        store(
            attributes,
            Ok(SharedAttributes {
                shared: 0,
                reserved: 0,
            }),
        )
    }
}

/// # Safety
/// `attributes` is initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_rwlockattr_destroy(_attributes: *mut SharedAttributes) -> c_int {
    0
}

/// # Safety
/// `attributes` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_barrierattr_init(attributes: *mut SharedAttributes) -> c_int {
    // SAFETY: the caller's contract.
    unsafe {
        store(
            attributes,
            Ok(SharedAttributes {
                shared: 0,
                reserved: 0,
            }),
        )
    }
}

/// # Safety
/// `attributes` is initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_barrierattr_destroy(_attributes: *mut SharedAttributes) -> c_int {
    0
}
