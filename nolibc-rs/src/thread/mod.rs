//! Threads and what they wait on.
//!
//! [`scheduler`] and `dispatch` say who runs, [`cpu`] where, [`life`] how threads begin and end, [`stack`] and `tls` where
//! they live, [`registry`] who they are. Everything that a thread can wait on is a
//! [`link::Queue`] and what [`scheduler::prepare`] does with it.
//!
//! A wait that nothing could ever end, of all threads, ends the program with a report.

pub mod alarm;
pub mod barrier;
pub mod cancel;
pub mod condition;
pub mod cpu;
pub mod deadline;
pub mod devices;
mod dispatch;
pub mod key;
pub mod life;
pub mod link;
pub mod mutex;
pub mod once;
pub mod registry;
pub mod run_time;
pub mod rwlock;
pub mod scheduler;
pub mod semaphore;
mod shutdown;
pub mod spin;
pub mod stack;
pub mod tick;
mod timers;
#[cfg(feature = "export")]
pub mod tls;
mod word;

use core::ffi::c_int;
use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

use crate::arch::setjmp::Context;
use crate::errno::{Errno, Result};
use crate::platform::{self, Nanoseconds};
use crate::report;
use crate::sync::Lock;
use scheduler::{State, Wake, prepare};

pub use cancel::Cleanup;
pub use deadline::{Clock, Deadline};
pub use registry::with_id;
pub use scheduler::{point, yield_now};

/// A thread of control.
pub struct Thread {
    id: AtomicUsize,
    turn: scheduler::Turn,
    places: link::Places,
    timer: timers::Timer,
    place: stack::Place,
    /// The thread pointer.
    tcb: AtomicUsize,
    life: life::Life,
    cancel: cancel::Cancel,
    values: key::Values,
    /// Blocked signals, and those sent to this thread alone.
    pub(crate) signals: Signals,
    /// The devices that were ready when it was woken for them.
    devices: AtomicU64,
    /// What `pthread_getname_np` answers, ended by 0.
    name: Lock<[u8; 16]>,
}

// SAFETY: the values are touched by the thread alone; all else is atomic.
unsafe impl Sync for Thread {}

const _: () = assert!(size_of::<Thread>() <= 704);

/// The signals of a thread, as sets.
pub(crate) struct Signals {
    pub mask: AtomicU64,
    pub pending: AtomicU64,
    /// What it waits for in `sigwait`.
    pub awaited: AtomicU64,
}

/// The thread that the program starts in.
static MAIN: Thread = Thread::with(
    registry::MAIN_ID,
    life::Life::main(),
    0,
    stack::Place::new(),
    *b"main\0\0\0\0\0\0\0\0\0\0\0\0",
);

/// A block for the first thread, which the calling thread of the host is.
#[cfg(not(feature = "export"))]
pub(crate) fn be_main() -> *mut crate::tcb::Tcb {
    use crate::tcb::Tcb;
    let main = (&raw const MAIN).cast_mut();
    let block = std::boxed::Box::new(Tcb::new(core::ptr::null_mut(), 0, main));
    let block = core::ptr::from_mut(std::boxed::Box::leak(block));
    MAIN.tcb.store(block.expose_provenance(), Relaxed);
    block
}

/// The calling thread.
#[inline(always)]
pub fn current() -> &'static Thread {
    // SAFETY: the running thread is live.
    let thread = unsafe { crate::tcb::thread().as_ref() };
    // A thread of the host is none of ours.
    if cfg!(feature = "export") {
        // SAFETY: `tls::begin` and `tls::fill` have stored it.
        unsafe { thread.unwrap_unchecked() }
    } else {
        thread.unwrap_or(&MAIN)
    }
}

/// The number that stands for the calling thread in C; never 0.
#[inline(always)]
pub fn self_id() -> usize {
    current().id.load(Relaxed)
}

impl Thread {
    const fn with(
        id: usize,
        life: life::Life,
        stack_pointer: usize,
        place: stack::Place,
        name: [u8; 16],
    ) -> Self {
        Self {
            id: AtomicUsize::new(id),
            turn: scheduler::Turn::new(stack_pointer),
            places: link::Places::new(),
            timer: timers::Timer::new(),
            place,
            tcb: AtomicUsize::new(0),
            life,
            cancel: cancel::Cancel::new(),
            values: key::Values::new(),
            signals: Signals {
                mask: AtomicU64::new(0),
                pending: AtomicU64::new(0),
                awaited: AtomicU64::new(0),
            },
            devices: AtomicU64::new(0),
            name: Lock::new(name),
        }
    }

    /// A thread without a number.
    fn new(life: life::Life, stack_pointer: usize, place: stack::Place) -> Self {
        Self::with(0, life, stack_pointer, place, [0; 16])
    }

    /// Take over what a new thread has from the one that makes it.
    fn inherit(&self, maker: &Self) {
        let mask = maker.signals.mask.load(Relaxed);
        self.signals.mask.store(mask, Relaxed);
        *self.name.lock() = maker.name();
    }

    /// The CPUs that it may run on.
    pub fn allowed(&self) -> cpu::Set {
        self.turn.allowed()
    }

    /// The thread pointer.
    pub fn tcb(&self) -> usize {
        self.tcb.load(Relaxed)
    }

    /// The number that stands for it in C.
    pub fn id(&self) -> usize {
        self.id.load(Relaxed)
    }

    /// Whether it runs, or would if a CPU had time for it.
    pub fn is_running(&self) -> bool {
        self.turn.is_running()
    }

    /// The name, ended by 0.
    pub fn name(&self) -> [u8; 16] {
        *self.name.lock()
    }

    /// [`Thread::name`] for a report, which asks wherever the thread is, and does not wait.
    pub fn name_at_once(&self) -> [u8; 16] {
        let unknown = *b"?\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
        self.name.try_lock().map_or(unknown, |name| *name)
    }

    /// Change the name.
    ///
    /// # Errors
    /// `ERANGE`: it has more than 15 bytes.
    pub fn set_name(&self, name: &[u8]) -> Result<()> {
        let mut bytes = [0; 16];
        let room = bytes.get_mut(..name.len()).filter(|room| room.len() < 16);
        room.ok_or(Errno::ERANGE)?.copy_from_slice(name);
        *self.name.lock() = bytes;
        Ok(())
    }
}

/// Sleep until `deadline_ns` on the monotonic clock. A cancellation point.
///
/// # Errors
/// `EINTR`: a signal is to be delivered.
pub fn sleep_until(deadline_ns: Nanoseconds) -> Result<()> {
    loop {
        cancel::test();
        if platform::clock_monotonic() >= deadline_ns {
            yield_now();
            return Ok(());
        }
        match prepare(None, Some(deadline_ns), State::Interruptible, "time").block() {
            Wake::Woken => {}
            Wake::TimedOut => return Ok(()),
            Wake::Interrupted if crate::delivery::is_wanted() => {
                cancel::test();
                return Err(Errno::EINTR);
            }
            Wake::Interrupted => {}
        }
    }
}

/// Complete a context that `sigsetjmp` has filled: 0, always.
pub extern "C" fn save_signal_mask(context: &mut Context, save_mask: c_int) -> c_int {
    context.mask_saved = u64::from(save_mask != 0);
    context.mask[0] = crate::signal::mask();
    0
}

/// End the program: all threads wait, `last` was the last one to, and nothing can wake them.
fn deadlock(last: &'static Thread) -> ! {
    let mut waiting = 0;
    registry::find(|thread| {
        waiting += usize::from(thread.turn.what().is_some());
        false
    });
    if let (1, Some(what)) = (waiting, last.turn.what()) {
        let mut report = report::Report::new("deadlock: the only thread waits for ");
        report.text(what);
        report.end();
    }
    let mut report = report::Report::new("deadlock: all threads wait, ");
    report.decimal(waiting);
    report.text(" of them");
    registry::find(|thread| {
        if let Some(what) = thread.turn.what() {
            report.text("\nnolibc: thread ");
            report.bytes(name_of(&thread.name_at_once()));
            report.text(" (");
            report.decimal(thread.id());
            report.text(") waits for ");
            report.text(what);
        }
        false
    });
    report.end()
}

/// A name without what stands after it.
pub fn name_of(name: &[u8; 16]) -> &[u8] {
    name.split(|&byte| byte == 0).next().unwrap_or_default()
}
