//! How the machine ends.
//!
//! A domain ends with a reason, of which the toolstack tells a crash from a
//! power-off. Where the program is dom0, Xen stops the whole machine, having
//! written out its console. Under QEMU the exit status n (0 to 255) leaves before
//! that as one byte through an `isa-debugcon` at port 0x5e9 (0xe9 is Xen's own),
//! and the machine is then reset, which ends QEMU with `-no-reboot`.
//!
//! The toolstack asks for an end by a word at `control/shutdown` in xenstore, which is
//! watched from the first [`wait`](solo5_sys::Machine::wait) on, and looked at in each, and taken by writing
//! nothing there. After `reboot` the domain's reason is that, for which the toolstack
//! starts it again. After `suspend` it is suspended (`suspend.rs`).
//!
//! Source: Xen 4.17, `docs/misc/xenstore-paths.pandoc`, `xen/include/public/sched.h`.

use core::ffi::c_int;
use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicBool, AtomicU32};

use solo5_sys::core::cpu;
use solo5_sys::machine::Errno;

use crate::abi::{SHUTDOWN_CRASH, SHUTDOWN_POWEROFF, SHUTDOWN_REBOOT};
use crate::store::{Client, WATCHES};
use crate::toolstack::Page;
use crate::{hypercall, mirage, suspend, toolstack};

const DEBUG_CONSOLE: u16 = 0x5e9;
/// What QEMU's device answers.
const THERE: u8 = 0xe9;
/// The status of a death with a report.
const DEATH: c_int = 255;

const REQUEST: &[u8] = b"control/shutdown";
/// The last one: the devices' are the first ones.
const WATCH: u32 = WATCHES - 1;

/// The reason for which the domain ends if all goes well.
static REASON: AtomicU32 = AtomicU32::new(SHUTDOWN_POWEROFF);
/// The first look is behind us.
static WATCHED: AtomicBool = AtomicBool::new(false);
/// Somebody asked, and the program has not been told.
static ASKED: AtomicBool = AtomicBool::new(false);

/// Whether somebody asked that the domain ends.
pub fn is_asked() -> bool {
    if !mirage::takes_events() && toolstack::is_there() {
        // Where xenstore does not answer nobody asks; whoever uses it now is waited for by
        // asking again.
        let _ = if !WATCHED.load(Relaxed) {
            toolstack::try_with(begin)
        } else if suspend::is_wanted() {
            // In the turn: who wanted it may have that still.
            toolstack::try_with(|store| {
                if suspend::take_want() {
                    store.note(WATCH);
                }
                look(store)
            })
        } else if toolstack::has_news() {
            toolstack::try_with(look)
        } else {
            Ok(())
        };
    }
    ASKED.load(Relaxed)
}

/// The same, once.
pub fn take_request() -> bool {
    ASKED.swap(false, Relaxed)
}

fn begin(store: &mut Client<Page>) -> Result<(), Errno> {
    // Once, whatever comes of it.
    WATCHED.store(true, Relaxed);
    let features = [
        b"control/feature-poweroff".as_slice(),
        b"control/feature-reboot",
        b"control/feature-suspend",
    ];
    for feature in features {
        // A toolstack that keeps these to itself asks all the same.
        if store.write(feature, b"1") == Err(Errno::EIO) {
            return Err(Errno::EIO);
        }
    }
    store.watch(REQUEST, WATCH)?;
    look(store)
}

fn look(store: &mut Client<Page>) -> Result<(), Errno> {
    if !store.changed(WATCH)? {
        return Ok(());
    }
    const SUSPEND: &[u8] = b"suspend";
    let mut buffer = [0; 16];
    let reason = match store.read(REQUEST, &mut buffer) {
        Ok(b"poweroff" | b"halt") => SHUTDOWN_POWEROFF,
        Ok(b"reboot") => SHUTDOWN_REBOOT,
        Ok(SUSPEND) => {
            let Some(gathered) = suspend::prepare() else {
                return Ok(());
            };
            // The toolstack may have given up meanwhile.
            if store.read(REQUEST, &mut buffer)? != SUSPEND {
                return Ok(());
            }
            store.write(REQUEST, b"")?;
            let is_new = suspend::run(&gathered);
            drop(gathered);
            if is_new {
                store.note_all();
                begin(store)?;
            }
            return Ok(());
        }
        Err(Errno::EIO) => return Err(Errno::EIO),
        _ => return Ok(()),
    };
    store.write(REQUEST, b"")?;
    REASON.store(reason, Relaxed);
    ASKED.store(true, Relaxed);
    Ok(())
}

/// End the machine.
pub fn off(status: c_int) -> ! {
    // SAFETY: the device shows what it is and only takes bytes. A domain other
    // than dom0 reaches no device at all.
    let told = unsafe {
        let there = cpu::in8(DEBUG_CONSOLE) == THERE;
        if there {
            cpu::out8(DEBUG_CONSOLE, status as u8);
        }
        there
    };
    let reason = match status {
        _ if told => SHUTDOWN_REBOOT,
        DEATH => SHUTDOWN_CRASH,
        _ => REASON.load(Relaxed),
    };
    loop {
        hypercall::shutdown(reason);
    }
}
