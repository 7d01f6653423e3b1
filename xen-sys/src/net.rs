//! Networks: virtual interfaces whose other end is in another domain.
//!
//! Frames are copied through pages that the back end may use
//! as long as it serves the interface; one that answers nonsense has broken it, until it
//! closes. One that closes, or is replaced, is waited for, and the next one is given
//! what was not sent.
//! Checksums are computed by whoever sends. A frame takes one page, or, where the toolstack
//! tells an MTU above 1500 and the back end can do that, a few.
//!
//! Source: Xen 4.17, `xen/include/public/io/netif.h`.

use core::sync::atomic::AtomicPtr;
use core::sync::atomic::Ordering::{Acquire, Release};

use solo5_sys::Machine;
use solo5_sys::abi::{Handle, HandleSet, NetInfo};
use solo5_sys::core::tick::Held;
use solo5_sys::machine::{Errno, Error};
use solo5_sys::manifest::{HEADER_LEN, Kind, check_buffer, check_frame};

use crate::abi::PAGE;
use crate::event::Port;
use crate::frames::{Inbox, Outbox, PARTS, RECEIVING, SENDING};
use crate::front::{Broken, Front, Page};
use crate::grant::Access;
use crate::halt::Round;
use crate::handles::Handles;
use crate::link::{CONNECTED, INIT_WAIT, Link, Phase, STEPS, Step};
use crate::machine::Xen;
use crate::place::{self, Owned};
use crate::store::{Client, number};
use crate::text::Text;
use crate::{block, sharing, toolstack, vif};

/// The most interfaces.
const DEVICES: usize = 2;
/// Bytes of a frame behind its header, unless the toolstack says something else.
const MTU: usize = 1500;
/// The fewest of IPv4 (RFC 791), and the most that there are pages for.
const MTUS: core::ops::RangeInclusive<usize> = 68..=PARTS * PAGE - HEADER_LEN;
/// How long a frame waits for a page, in nanoseconds.
const PATIENCE: u64 = 1_000_000_000;

/// An interface in use.
struct Interface {
    link: Link,
    number: u64,
    port: Port,
    mac: [u8; 6],
    mtu: usize,
    out: Outbox,
    /// Of the rings, to send and to receive.
    ring_grants: [u32; 2],
    send_grants: [u32; SENDING],
    inbox: Inbox,
    receive_grants: [u32; RECEIVING],
    broken: bool,
}

struct Slot {
    send_ring: Page,
    receive_ring: Page,
    send: [Page; SENDING],
    receive: [Page; RECEIVING],
    interface: Owned<Interface>,
}

static SLOTS: [Slot; DEVICES] = [const {
    Slot {
        send_ring: Page::new(),
        receive_ring: Page::new(),
        send: [const { Page::new() }; SENDING],
        receive: [const { Page::new() }; RECEIVING],
        interface: Owned::new(),
    }
}; DEVICES];

static HANDLES: Handles<DEVICES> = Handles::new(block::DEVICES);

/// What asks which interfaces have a frame, once there is one: [`ready`]. So a
/// program without networks is linked without this module.
static READY: AtomicPtr<()> = AtomicPtr::new(core::ptr::null_mut());

/// The handles of interfaces that have a frame.
pub fn ready_handles() -> HandleSet {
    let function = READY.load(Acquire);
    if function.is_null() {
        return 0;
    }
    // SAFETY: `acquire` stores this function and no other.
    let function = unsafe { core::mem::transmute::<*mut (), fn() -> HandleSet>(function) };
    function()
}

fn ready() -> HandleSet {
    let mut places = 0;
    for (nth, slot) in SLOTS.iter().enumerate() {
        // Whoever has it says when he is through.
        let has_frame = slot.interface.try_with(|interface| {
            interface.as_mut().is_some_and(|interface| {
                interface.look(slot);
                !interface.inbox.is_empty()
                    || interface.is_up() && interface.inbox.has_frame(&slot.receive_ring)
            })
        });
        if has_frame == Some(true) {
            places |= 1 << nth;
        }
    }
    HANDLES.set(places)
}

/// `solo5_net_acquire`
///
/// # Errors
/// [`Error::Invalid`]: there is no such interface, or it is taken.
/// [`Error::Unspecified`]: no xenstore, no room for another one, or the back end does
/// not come up.
pub fn acquire(name: &[u8]) -> Result<(Handle, NetInfo), Error> {
    let found = toolstack::with(|store| {
        let by_name = |name: &[u8]| name.strip_prefix(b"vif").and_then(number);
        toolstack::find(store, Kind::Net, name, by_name)
    });
    let found = found.map_err(|errno| match errno {
        Errno::ENOENT | Errno::EINVAL => Error::Invalid,
        _ => Error::Unspecified,
    })?;
    let number = found.number;
    let make = |nth: usize| {
        let slot = SLOTS.get(nth).ok_or(Error::Invalid)?;
        let handle = HANDLES.choose(nth, found.index, found.entries)?;
        let watch = 32 + nth as u32;
        let new = toolstack::with(|store| Interface::new(store, slot, watch, number));
        let interface = new.map_err(|_| Error::Unspecified)?;
        let info = NetInfo {
            mac_address: interface.mac,
            mtu: interface.mtu,
        };
        HANDLES.give(nth, handle);
        Ok((interface, (handle, info)))
    };
    let interfaces = SLOTS.iter().map(|slot| &slot.interface);
    let is_same = |interface: &Interface| interface.number == number;
    let (handle, info) = place::occupy(interfaces, is_same, make)?;
    // Hidden from the compiler, which would call the only function there is.
    let function = core::hint::black_box(ready as fn() -> HandleSet);
    READY.store(function as *mut (), Release);
    Ok((handle, info))
}

type Store = Client<toolstack::Page>;

impl Interface {
    /// Connect the interface `number`, with the pages of `slot`.
    fn new(store: &mut Store, slot: &'static Slot, watch: u32, number: u64) -> Result<Self, Errno> {
        let mut front = Text::new(b"device/vif/");
        let link = Link::find(store, front.number(number).bytes(), watch)?;
        let mut buffer = [0; 20];
        let mac = store.read(link.key(b"mac").bytes(), &mut buffer)?;
        let mac = vif::address(mac).ok_or(Errno::EINVAL)?;
        let told = match store.read_number(link.key(b"mtu").bytes()) {
            Ok(mtu) => usize::try_from(mtu).unwrap_or(MTU),
            Err(Errno::EIO) => return Err(Errno::EIO),
            Err(_) => MTU,
        };
        link.await_state(store, &[INIT_WAIT, CONNECTED])?;
        let most = match takes_parts(&link, store)? {
            true => *MTUS.end(),
            false => MTU,
        };
        let mut interface = Self {
            link,
            number,
            port: Port::NONE,
            mac,
            mtu: told.clamp(*MTUS.start(), most),
            out: Outbox::new(),
            ring_grants: [0; 2],
            send_grants: [0; SENDING],
            inbox: Inbox::new(),
            receive_grants: [0; RECEIVING],
            broken: false,
        };
        let offered = interface.offer(store, slot);
        let answered = offered.and_then(|()| interface.link.await_state(store, &[CONNECTED]));
        let connected = answered.and_then(|()| interface.connect());
        if connected.is_err() {
            // What comes next finds that it failed, or fails likewise.
            let _ = interface.link.give_up(store);
            interface.take_back();
        }
        connected.map(|()| interface)
    }

    /// Tell a back end that waits for it what it is given.
    fn offer(&mut self, store: &mut Store, slot: &'static Slot) -> Result<(), Errno> {
        // The program was told how long frames may be.
        let has_parts = self.mtu > MTU;
        if has_parts && !takes_parts(&self.link, store)? {
            return Err(Errno::EINVAL);
        }
        Front::begin(&slot.send_ring);
        Front::begin(&slot.receive_ring);
        let domain = self.link.domain;
        let permit = |page, access| sharing::permit(domain, page, access);
        let rings = [&slot.send_ring, &slot.receive_ring];
        for (grant, page) in self.ring_grants.iter_mut().zip(rings) {
            *grant = permit(page, Access::Write)?;
        }
        for (grant, page) in self.send_grants.iter_mut().zip(&slot.send) {
            *grant = permit(page, Access::Read)?;
        }
        for (grant, page) in self.receive_grants.iter_mut().zip(&slot.receive) {
            *grant = permit(page, Access::Write)?;
        }
        self.port = Port::offer(domain)?;
        self.out.renew(&slot.send_ring, &self.send_grants);
        self.inbox.renew(&slot.receive_ring, &self.receive_grants);
        let [send_ring, receive_ring] = self.ring_grants;
        let mut say = |name: &[u8], number: u32| self.link.say(store, name, number.into());
        say(b"tx-ring-ref", send_ring)?;
        say(b"rx-ring-ref", receive_ring)?;
        say(b"event-channel", self.port.number())?;
        say(b"request-rx-copy", 1)?;
        say(b"feature-rx-notify", 1)?;
        say(b"feature-sg", has_parts.into())?;
        // Nobody here would complete a checksum.
        say(b"feature-no-csum-offload", 1)?;
        say(b"state", CONNECTED as u32)?;
        self.link.phase = Phase::Offered;
        Ok(())
    }

    /// Be served by a back end that is connected.
    fn connect(&mut self) -> Result<(), Errno> {
        self.link.phase = Phase::Connected;
        self.broken = false;
        self.notify(true).map_err(|Broken| Errno::EIO)
    }

    /// Take back what the back end was given. What it has written to pages when the domain was
    /// written down may not have been written down with them.
    fn take_back(&mut self) {
        if self.port.is_stale() {
            self.inbox.forget();
        }
        sharing::revoke(&core::mem::take(&mut self.ring_grants));
        sharing::revoke(&core::mem::take(&mut self.send_grants));
        sharing::revoke(&core::mem::take(&mut self.receive_grants));
        self.port.close();
    }

    fn is_up(&self) -> bool {
        self.link.phase == Phase::Connected && !self.broken
    }

    /// See whether the back end is still the same.
    fn look(&mut self, slot: &'static Slot) {
        self.port.take();
        if toolstack::has_news() {
            // What fails is tried again when something changes.
            let _ = toolstack::try_with(|store| self.follow(store, slot));
        }
    }

    /// Take the steps that the back end causes.
    fn follow(&mut self, store: &mut Store, slot: &'static Slot) -> Result<(), Errno> {
        for _ in 0..STEPS {
            let done = match self.link.step(store)? {
                Step::Nothing => return Ok(()),
                Step::Lost => {
                    // What it broke, the next one has not.
                    let _held = Held::new();
                    if !self.port.is_stale() {
                        let _ = self.out.collect(&slot.send_ring);
                        let _ = self.inbox.collect(&slot.receive_ring, &self.receive_grants);
                    }
                    self.broken = false;
                    Ok(())
                }
                Step::Gone => {
                    self.take_back();
                    Ok(())
                }
                Step::Ready => self.offer(store, slot),
                Step::Answered => self.connect(),
            };
            if done.is_err() {
                self.link.give_up(store)?;
            }
        }
        Ok(())
    }

    /// Put a frame on its way; false: no page is free, or there is no back end.
    fn put(&mut self, slot: &Slot, frame: &[u8]) -> Result<bool, Broken> {
        // No suspension comes in between.
        let _held = Held::new();
        if self.link.phase != Phase::Connected || self.port.is_stale() {
            return Ok(false);
        }
        self.out.collect(&slot.send_ring)?;
        let (ring, grants) = (&slot.send_ring, &self.send_grants);
        if !self.out.send(ring, &slot.send, grants, frame) {
            return Ok(false);
        }
        let wanted = self.out.is_to_be_told(&slot.send_ring);
        self.notify(wanted)?;
        Ok(true)
    }

    /// Copy a frame that came; `None`: there is none.
    fn get(&mut self, slot: &Slot, buffer: &mut [u8]) -> Result<Option<usize>, Broken> {
        // No suspension comes in between.
        let _held = Held::new();
        if self.port.is_stale() {
            return Ok(None);
        }
        let is_up = self.is_up();
        if is_up && self.inbox.is_empty() {
            self.inbox
                .collect(&slot.receive_ring, &self.receive_grants)?;
        }
        // A ring that is offered has begun, without the pages that were unread then.
        let has_ring = is_up || self.link.phase == Phase::Offered && !self.broken;
        let (mut len, mut told) = (0, Ok(()));
        while let Some(arrived) = self.inbox.read() {
            let start = len;
            len += usize::from(arrived.len);
            let to = buffer.get_mut(start..len);
            if let (Some(to), Some(page)) = (to, slot.receive.get(usize::from(arrived.page))) {
                page.get(arrived.start.into(), to);
            }
            if has_ring {
                self.inbox
                    .offer(&slot.receive_ring, &self.receive_grants, arrived.page);
            }
            if is_up {
                let wanted = self.inbox.is_to_be_told(&slot.receive_ring);
                told = told.and(self.notify(wanted));
            }
            if arrived.goes_on {
                continue;
            }
            told?;
            if len <= buffer.len() {
                return Ok(Some(len));
            }
            // Longer than any that may be sent.
            len = 0;
        }
        Ok(None)
    }

    fn notify(&self, wanted: bool) -> Result<(), Broken> {
        if wanted && self.port.send().is_err() {
            return Err(Broken);
        }
        Ok(())
    }
}

/// Whether the back end takes frames of several parts.
fn takes_parts(link: &Link, store: &mut Store) -> Result<bool, Errno> {
    match link.ask(store, b"feature-sg") {
        Ok(answer) => Ok(answer == 1),
        Err(Errno::EIO) => Err(Errno::EIO),
        Err(_) => Ok(false),
    }
}

/// Use the interface of `handle`.
fn on<R>(
    handle: Handle,
    mut action: impl FnMut(&'static Slot, &mut Interface) -> Result<R, Broken>,
) -> Result<R, Error> {
    let slot = HANDLES.nth(handle).and_then(|nth| SLOTS.get(nth));
    let slot = slot.ok_or(Error::Invalid)?;
    slot.interface.with(PATIENCE, |interface| {
        let interface = interface.as_mut().ok_or(Error::Invalid)?;
        interface.look(slot);
        if interface.broken {
            return Err(Error::Unspecified);
        }
        action(slot, interface).map_err(|Broken| {
            interface.broken = true;
            Error::Unspecified
        })
    })
}

/// `solo5_net_write`
///
/// # Errors
/// [`Error::Invalid`]: the handle or the size. [`Error::Unspecified`]: the back end
/// fails, or takes nothing for a second; the frame is then not on its way.
pub fn write(handle: Handle, frame: &[u8]) -> Result<(), Error> {
    let deadline = Xen::clock_monotonic() + PATIENCE;
    let mtu = on(handle, |_, interface| Ok(interface.mtu))?;
    check_frame(mtu, frame)?;
    loop {
        let round = Round::begin();
        if on(handle, |slot, interface| interface.put(slot, frame))? {
            return Ok(());
        }
        if Xen::clock_monotonic() >= deadline {
            return Err(Error::Unspecified);
        }
        round.pause(deadline);
    }
}

/// `solo5_net_read`
///
/// # Errors
/// [`Error::Invalid`]: the handle, or any frame would not fit. [`Error::Again`]: none
/// came. [`Error::Unspecified`]: the back end fails.
pub fn read(handle: Handle, buffer: &mut [u8]) -> Result<usize, Error> {
    const _: () = assert!(MTU + HEADER_LEN <= PAGE);
    let mtu = on(handle, |_, interface| Ok(interface.mtu))?;
    check_buffer(mtu, buffer)?;
    let got = on(handle, |slot, interface| interface.get(slot, buffer))?;
    got.ok_or(Error::Again)
}
