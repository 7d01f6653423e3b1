//! Xenstore of this domain: where the toolstack says which devices there are, and
//! where the exit status is left for it, at `data/exit-status`.

use core::ptr;
use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64};

use solo5_sys::Machine;
use solo5_sys::core::{Shared, tables};
use solo5_sys::log;
use solo5_sys::machine::Errno;
use solo5_sys::manifest::{self, Devices};

use crate::abi::{HVM_PARAM_STORE_EVTCHN, HVM_PARAM_STORE_PFN, PAGE, STORE_RING, Store};
use crate::halt::Round;
use crate::machine::Xen;
use crate::naming::{self, Name};
use crate::ring::Ring;
use crate::store::{Client, Transport};
use crate::turn::Turn;
use crate::{event, gather, hypercall, place};

/// The page of the rings; null: there is none.
static STORE: AtomicPtr<Store> = AtomicPtr::new(ptr::null_mut());
static CHANNEL: AtomicU32 = AtomicU32::new(0);
/// Until when the daemon is waited for.
static DEADLINE: AtomicU64 = AtomicU64::new(0);

/// Who uses it.
static TURN: Turn = Turn::new();

/// Events came that no watch's owner took.
static NEWS: AtomicBool = AtomicBool::new(false);

/// The rings in that page.
pub struct Page;

/// What stands in for rings where there is no page: nothing fits, nothing comes.
static NOTHING: AtomicU32 = AtomicU32::new(0);

fn store() -> Option<&'static Store> {
    // SAFETY: null, or the page, which stays mapped.
    unsafe { STORE.load(Relaxed).as_ref() }
}

const NO_RING: Ring<'static> = Ring {
    bytes: &[],
    taken: &NOTHING,
    put: &NOTHING,
};

impl Transport for Page {
    fn requests(&self) -> Ring<'_> {
        store().map_or(NO_RING, |store| Ring {
            bytes: &store.req,
            taken: &store.req_cons,
            put: &store.req_prod,
        })
    }

    fn answers(&self) -> Ring<'_> {
        store().map_or(NO_RING, |store| Ring {
            bytes: &store.rsp,
            taken: &store.rsp_cons,
            put: &store.rsp_prod,
        })
    }

    fn notify(&self) {
        // It fails only without a channel, and then nothing comes.
        let _ = hypercall::send(CHANNEL.load(Relaxed));
    }

    fn wait(&self) -> bool {
        let round = Round::begin();
        if event::take(CHANNEL.load(Relaxed)) {
            return true;
        }
        let deadline = DEADLINE.load(Relaxed);
        round.halt_for_device(deadline);
        Xen::clock_monotonic() < deadline
    }
}

/// Find the page of xenstore. Answers its address; it must stay mapped.
///
/// # Safety
/// To be called once. As [`tables::reach`] of `free`.
pub unsafe fn initialise(free: &mut usize) -> Option<usize> {
    const _: () = assert!(STORE_RING <= PAGE);
    let number = |index| hypercall::get_param(index).unwrap_or(0);
    let page = (number(HVM_PARAM_STORE_PFN) as usize).checked_mul(PAGE)?;
    let port = number(HVM_PARAM_STORE_EVTCHN) as u32;
    if page == 0 || page >= 1 << 32 || hypercall::unmask(port).is_err() {
        return None;
    }
    // SAFETY: by this function's contract.
    unsafe { tables::reach(free, page, page + PAGE) };
    STORE.store(ptr::with_exposed_provenance_mut(page), Relaxed);
    CHANNEL.store(port, Relaxed);
    Some(page)
}

/// Find its channel, once the domain is a new one; the page is in its place, and its rings
/// are empty. Whether there is one, if there was.
pub fn resume() -> bool {
    let port = hypercall::get_param(HVM_PARAM_STORE_EVTCHN).unwrap_or(0) as u32;
    CHANNEL.store(port, Relaxed);
    // Whoever has the turn has it for as long again.
    DEADLINE.store(Xen::clock_monotonic() + PATIENCE, Relaxed);
    store().is_none() || hypercall::unmask(port).is_ok()
}

/// How long somebody may use it, in nanoseconds.
const PATIENCE: u64 = 10_000_000_000;

/// Use xenstore, for at most 10 s, once nobody else does.
///
/// # Errors
/// What `action` answers; [`Errno::ENOSYS`]: this domain has none;
/// [`Errno::EAGAIN`]: somebody used it for 10 s.
pub fn with<R>(action: impl FnOnce(&mut Client<Page>) -> Result<R, Errno>) -> Result<R, Errno> {
    run(place::take(&TURN, PATIENCE), action)
}

/// Use xenstore, for at most 10 s, unless somebody else does: then the first CPU's halt
/// ends when he is through.
///
/// # Errors
/// As [`with`].
pub fn try_with<R>(action: impl FnOnce(&mut Client<Page>) -> Result<R, Errno>) -> Result<R, Errno> {
    run(TURN.ask(), action)
}

/// Use it in the turn that was `taken`, or not.
fn run<R>(
    taken: bool,
    action: impl FnOnce(&mut Client<Page>) -> Result<R, Errno>,
) -> Result<R, Errno> {
    if !taken {
        return Err(Errno::EAGAIN);
    }
    // SAFETY: the turn is ours until the end of this.
    let result = unsafe { in_turn(action) };
    if TURN.give_back() {
        event::look_again();
    }
    result
}

/// [`with`] in the caller's turn.
///
/// # Safety
/// By the caller, who alone uses xenstore.
unsafe fn in_turn<R>(
    action: impl FnOnce(&mut Client<Page>) -> Result<R, Errno>,
) -> Result<R, Errno> {
    static CLIENT: Shared<Client<Page>> = Shared::new(Client::new(Page));
    if store().is_none() {
        return Err(Errno::ENOSYS);
    }
    DEADLINE.store(Xen::clock_monotonic() + PATIENCE, Relaxed);
    // SAFETY: the caller's contract.
    let client = unsafe { &mut *CLIENT.get() };
    let result = action(client);
    NEWS.store(client.has_news(), Relaxed);
    result
}

/// Whether this domain has xenstore.
pub fn is_there() -> bool {
    store().is_some()
}

/// Whether some watch may have an event that its owner has not seen, or somebody may be
/// receiving it. What comes after this ends a halt.
pub fn has_news() -> bool {
    if store().is_none() {
        return false;
    }
    event::take(CHANNEL.load(Relaxed));
    // Whoever empties the ring has the turn, and leaves word before he gives it back.
    !Page.answers().is_empty() || TURN.is_taken() || NEWS.load(Relaxed)
}

/// What the program calls its devices.
static MANIFEST: Devices = Devices::new();

/// A device that the program means by a name.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// Its number in xenstore.
    pub number: u64,
    /// Its index in the manifest, if that has the name.
    pub index: Option<usize>,
    /// How many entries the manifest has.
    pub entries: usize,
}

/// The device that is `name` in the manifest, or in xenstore (`naming.rs`), where
/// names of a class stand for numbers by `number_of`.
///
/// # Errors
/// As [`naming::find`].
pub fn find(
    store: &mut Client<Page>,
    kind: manifest::Kind,
    name: &[u8],
    number_of: impl Fn(&[u8]) -> Option<u64>,
) -> Result<Found, Errno> {
    unsafe extern "C" {
        static core_manifest: u8;
        static core_manifest_end: u8;
    }
    let (start, end) = (&raw const core_manifest, &raw const core_manifest_end);
    // SAFETY: the image's own note, the same one each time.
    unsafe { MANIFEST.set_note(start, end.addr() - start.addr()) };
    let class: &[u8] = match kind {
        manifest::Kind::Block => b"vbd",
        manifest::Kind::Net => b"vif",
    };
    let place = MANIFEST.find(kind, name);
    let wanted = Name {
        name,
        number: number_of(name),
        nth: place.map(|place| place.nth),
    };
    Ok(Found {
        number: naming::find(store, class, &wanted)?,
        index: place.map(|place| place.index),
        entries: MANIFEST.entries(),
    })
}

/// Xenstore for who ends the program.
pub struct Last(());

impl Last {
    /// Wait until nobody uses xenstore, and let nobody use it any more. None: whoever does is not
    /// through in time.
    pub fn take() -> Option<Self> {
        const PATIENCE: u64 = 100_000_000;
        let mut deadline = Xen::clock_monotonic() + PATIENCE;
        while !TURN.take() {
            // The first CPU may have it to suspend the domain, for which this one has to stop.
            if gather::attend() {
                deadline = Xen::clock_monotonic() + PATIENCE;
            }
            if Xen::clock_monotonic() > deadline {
                return None;
            }
            hypercall::r#yield();
        }
        Some(Self(()))
    }

    /// Leave the exit status where the toolstack can find it.
    pub fn leave(self, status: u8) {
        let mut digits = [0; 20];
        let value = log::format(status.into(), 10, &mut digits);
        // SAFETY: the turn is ours from now on.
        // Whoever does not serve xenstore does not ask for the status either.
        let _ = unsafe { in_turn(|store| store.write(b"data/exit-status", value)) };
    }
}
