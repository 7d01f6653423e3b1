//! Starting the other CPUs of the machine.

use core::ffi::c_void;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::{BOOT, Cpu, MOST, add};
use crate::errno::Result;
use crate::heap::{self, near::Near};
use crate::platform;
use crate::sync::Held;
use crate::tcb::Tcb;
use crate::thread::life::Life;
use crate::thread::stack::{Memory, Wanted};
use crate::thread::{Thread, dispatch, run_time, tick};

/// That was done, or tried.
pub(super) static ASKED: AtomicBool = AtomicBool::new(false);

const IDLE: Wanted = Wanted {
    // What the host's own functions need is more.
    stack_bytes: if cfg!(feature = "export") {
        16 << 10
    } else {
        256 << 10
    },
    guard_bytes: 4096,
    own: None,
};

/// Have all CPUs of the machine run threads, if that was not done before. The calling thread is
/// the only one, and holds no lock. Without memory for them, or if they do not answer, there
/// are fewer.
pub fn start_others() {
    if ASKED.swap(true, Relaxed) {
        return;
    }
    let count = platform::cpu_count().min(MOST);
    if count < 2 || platform::frame_bytes() == 0 {
        return;
    }
    let Ok(idle) = idle_thread(0) else { return };
    if !tick::begin_at_once() {
        return;
    }
    give_idle(&BOOT, idle);
    keep_near(&BOOT);
    // SAFETY: the caller's contract.
    unsafe { platform::be_several() };
    for index in 1..count {
        if start(index).is_err() {
            break;
        }
    }
    // Those that do not run were allowed until now.
    let all = super::set();
    let current = crate::thread::current();
    if current.turn.allowed() & all == 0 {
        current.turn.set_allowed(all);
    }
}

/// Have a CPU keep blocks of the heap, if there is memory for a list of them.
fn keep_near(cpu: &Cpu) {
    if let Ok(place) = heap::alloc(size_of::<Near>(), align_of::<Near>()) {
        let place = place.cast::<Near>();
        // SAFETY: new, and never given back.
        cpu.keep_near(unsafe {
            place.write(Near::new());
            place.as_ref()
        });
    }
}

/// A thread that is to run when no other does.
fn idle_thread(index: usize) -> Result<&'static Thread> {
    let memory = Memory::take(&IDLE)?;
    let thread = memory.settle(Life::main(), resumed);
    // It does not go on with what a signal asks for.
    thread.signals.mask.store(u64::MAX, Relaxed);
    thread.turn.set_allowed(1 << index);
    let mut name = *b"idle\0\0\0\0\0\0\0\0\0\0\0\0";
    core::mem::swap(&mut name, &mut thread.name.lock());
    Ok(thread)
}

/// Have a CPU run this thread when no other is to run.
fn give_idle(cpu: &Cpu, idle: &'static Thread) {
    let (low, len) = idle.stack();
    cpu.tick_stack.store((low + len / 2) & !15, Relaxed);
    cpu.idle.set(Some(idle));
}

fn start(index: usize) -> Result<()> {
    let place: NonNull<Cpu> = heap::alloc(size_of::<Cpu>(), align_of::<Cpu>())?.cast();
    let idle = idle_thread(index)?;
    // SAFETY: new, and never given back.
    let cpu = unsafe {
        place.write(Cpu::new(index));
        place.as_ref()
    };
    give_idle(cpu, idle);
    keep_near(cpu);
    idle.turn.set_cpu(index);
    let block = core::ptr::with_exposed_provenance::<Tcb>(idle.tcb());
    // SAFETY: a thread's block lives as long as it.
    unsafe { (*block).enter(cpu) };
    let (low, len) = idle.stack();
    run_time::begin(cpu, add);
    // SAFETY: the stack and the block are the new thread's, which nobody else runs; ticks have
    // been asked for.
    if unsafe { platform::cpu_start(index, started, low + len, idle.tcb()) } {
        return Ok(());
    }
    // It may still come, to its own memory, so that stays; nobody gives it a thread.
    super::ONLINE.store(index, Relaxed);
    Err(crate::errno::Errno::EIO)
}

/// Where a CPU begins, in its idle thread, with ticks held off once.
unsafe extern "C" fn started(_argument: *const c_void) -> ! {
    platform::set_busy(true);
    dispatch::idle()
}

/// Where the idle thread of the first CPU begins: others have run before.
extern "C" fn resumed() -> ! {
    // SAFETY: who changed to this thread has left the lock to it.
    drop(unsafe {
        // Ticks are held off for good, also while `finish` gives back who has ended.
        core::mem::forget(Held::new());
        dispatch::finish()
    });
    dispatch::idle()
}
