//! Networks: virtual interfaces whose other end is in another domain.
//!
//! An interface is named by the key `name` of its directory in xenstore, or else
//! `vif` and its number. Frames are copied through pages that the back end may use
//! as long as the interface lives; one that answers nonsense has broken it for good.
//! Checksums are computed by whoever sends, and a frame takes one page.
//!
//! Source: Xen 4.17, `xen/include/public/io/netif.h`.

use core::sync::atomic::AtomicPtr;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use solo5_sys::Machine;
use solo5_sys::abi::{Handle, HandleSet, NetInfo};
use solo5_sys::machine::{Errno, Error};
use solo5_sys::manifest::{HEADER_LEN, check_buffer, check_frame};

use crate::abi::PAGE;
use crate::front::{Broken, Front, Page};
use crate::grant::Access;
use crate::machine::{self, Xen};
use crate::place::{Owned, Place};
use crate::store::{Client, number};
use crate::text::Text;
use crate::toolstack::{self, Backend, CONNECTED, INIT_WAIT};
use crate::vif::{self, RECEIVE_SLOT, SEND_SLOT};
use crate::{event, hypercall, sharing};

/// The most interfaces.
const DEVICES: usize = 2;
/// Frames on their way out.
const SENDING: usize = 8;
/// Pages for frames that come in.
const RECEIVING: usize = 24;
/// Bytes of a frame behind its header.
const MTU: usize = 1500;
/// How long a frame waits for a page, in nanoseconds.
const PATIENCE: u64 = 1_000_000_000;

/// An interface in use.
struct Interface {
    number: u64,
    port: u32,
    mac: [u8; 6],
    send: Front,
    /// Up to which request the back end was told.
    send_told: u32,
    /// Pages that the back end reads, as bits.
    sending: u32,
    send_grants: [u32; SENDING],
    receive: Front,
    receive_told: u32,
    /// Pages that the back end may write, as bits.
    receiving: u32,
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
    let mut set = 0;
    for (handle, slot) in SLOTS.iter().enumerate() {
        // Who has it looks himself.
        let has_frame = slot.interface.try_with(|interface| {
            interface.as_ref().is_some_and(|interface| {
                event::take(interface.port);
                !interface.broken && interface.receive.is_answered(&slot.receive_ring)
            })
        });
        if has_frame == Some(true) {
            set |= 1 << handle;
        }
    }
    set
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
        toolstack::find(store, b"vif", name, by_name)
    });
    let number = found.map_err(|errno| match errno {
        Errno::ENOENT | Errno::EINVAL => Error::Invalid,
        _ => Error::Unspecified,
    })?;
    for slot in &SLOTS {
        let same = |interface: &Interface| interface.number == number;
        let taken = |place: &mut Place<Interface>| Ok(place.as_ref().is_some_and(same));
        if slot.interface.with(PATIENCE, taken)? {
            return Err(Error::Invalid);
        }
    }
    for (handle, slot) in SLOTS.iter().enumerate() {
        let taken = slot.interface.with(PATIENCE, |place| {
            if place.as_ref().is_some() {
                return Ok(None);
            }
            let watch = 32 + handle as u32;
            let connected = toolstack::with(|store| connect(store, slot, watch, number));
            let interface = connected.map_err(|_| Error::Unspecified)?;
            let info = NetInfo {
                mac_address: interface.mac,
                mtu: MTU,
            };
            *place = Place::Taken(interface);
            Ok(Some(info))
        })?;
        if let Some(info) = taken {
            // Hidden from the compiler, which would call the only function there is.
            let function = core::hint::black_box(ready as fn() -> HandleSet);
            READY.store(function as *mut (), Release);
            return Ok((handle as Handle, info));
        }
    }
    Err(Error::Unspecified)
}

type Store = Client<toolstack::Page>;

/// Connect the interface `number`, with the pages of `slot`.
fn connect(
    store: &mut Store,
    slot: &'static Slot,
    watch: u32,
    number: u64,
) -> Result<Interface, Errno> {
    let mut front = Text::new(b"device/vif/");
    front.number(number);
    let backend = Backend::find(store, front.bytes(), watch)?;
    let key = |key: &[u8]| *Text::new(front.bytes()).push(b"/").push(key);
    let mut buffer = [0; 20];
    let mac = store.read(key(b"mac").bytes(), &mut buffer)?;
    let mac = vif::address(mac).ok_or(Errno::EINVAL)?;
    backend.await_state(store, &[INIT_WAIT, CONNECTED])?;
    Front::begin(&slot.send_ring);
    Front::begin(&slot.receive_ring);
    let permit = |page, access| sharing::permit(backend.domain, page, access);
    let send_ring = permit(&slot.send_ring, Access::Write)?;
    let receive_ring = permit(&slot.receive_ring, Access::Write)?;
    let mut send_grants = [0; SENDING];
    for (grant, page) in send_grants.iter_mut().zip(&slot.send) {
        *grant = permit(page, Access::Read)?;
    }
    let mut receive_grants = [0; RECEIVING];
    for (grant, page) in receive_grants.iter_mut().zip(&slot.receive) {
        *grant = permit(page, Access::Write)?;
    }
    let port = hypercall::alloc_unbound(backend.domain)?;
    hypercall::unmask(port)?;
    let mut interface = Interface {
        number,
        port,
        mac,
        send: Front::new(SEND_SLOT),
        send_told: 0,
        sending: 0,
        send_grants,
        receive: Front::new(RECEIVE_SLOT),
        receive_told: 0,
        receiving: 0,
        receive_grants,
        broken: false,
    };
    for index in 0..RECEIVING {
        interface.offer(slot, index);
    }
    let mut say = |name: &[u8], number: u32| {
        store.write(
            key(name).bytes(),
            Text::new(b"").number(number.into()).bytes(),
        )
    };
    say(b"tx-ring-ref", send_ring)?;
    say(b"rx-ring-ref", receive_ring)?;
    say(b"event-channel", port)?;
    say(b"request-rx-copy", 1)?;
    say(b"feature-rx-notify", 1)?;
    // Nobody here would complete a checksum.
    say(b"feature-no-csum-offload", 1)?;
    say(b"state", CONNECTED as u32)?;
    backend.await_state(store, &[CONNECTED])?;
    Ok(interface)
}

impl Interface {
    /// Let the back end write to a page.
    fn offer(&mut self, slot: &Slot, index: usize) {
        let Some(grant) = self.receive_grants.get(index) else {
            return;
        };
        // There are more slots than pages.
        if self
            .receive
            .ask(&slot.receive_ring, &vif::receive(index as u16, *grant))
        {
            self.receiving |= 1 << index;
        }
    }

    /// Take back the pages of frames that were sent.
    fn collect(&mut self, slot: &Slot) -> Result<(), Broken> {
        let mut response = [0];
        while self.send.answer(&slot.send_ring, &mut response)? {
            let (id, _) = vif::sent(response[0]);
            let bit = 1u32.checked_shl(id.into()).unwrap_or(0);
            if self.sending & bit == 0 {
                return Err(Broken);
            }
            self.sending &= !bit;
        }
        Ok(())
    }

    /// Put a frame on its way; false: no page is free.
    fn put(&mut self, slot: &Slot, frame: &[u8]) -> Result<bool, Broken> {
        event::take(self.port);
        self.collect(slot)?;
        let index = self.sending.trailing_ones() as usize;
        let (Some(page), Some(grant)) = (slot.send.get(index), self.send_grants.get(index)) else {
            return Ok(false);
        };
        for (place, bytes) in page.0.iter().zip(frame.chunks(4)) {
            let mut word = [0; 4];
            word.iter_mut()
                .zip(bytes)
                .for_each(|(to, from)| *to = *from);
            place.store(u32::from_le_bytes(word), Relaxed);
        }
        let request = vif::send(index as u16, *grant, frame.len() as u16);
        if !self.send.ask(&slot.send_ring, &request) {
            return Ok(false);
        }
        self.sending |= 1 << index;
        let (wanted, told) = self.send.news(&slot.send_ring, self.send_told);
        self.send_told = told;
        self.notify(wanted)?;
        Ok(true)
    }

    /// Copy a frame that came; `None`: there is none.
    fn get(&mut self, slot: &Slot, buffer: &mut [u8]) -> Result<Option<usize>, Broken> {
        event::take(self.port);
        let mut response = [0; RECEIVE_SLOT];
        while self.receive.answer(&slot.receive_ring, &mut response)? {
            let received = vif::received(response, PAGE);
            let index = usize::from(received.id);
            let bit = 1u32.checked_shl(received.id.into()).unwrap_or(0);
            let page = slot
                .receive
                .get(index)
                .filter(|_| self.receiving & bit != 0);
            let page = page.ok_or(Broken)?;
            self.receiving &= !bit;
            let frame = received.frame.filter(|&(_, len)| len <= buffer.len());
            if let Some((start, len)) = frame {
                for (at, to) in buffer.iter_mut().take(len).enumerate() {
                    let at = start + at;
                    let word = page.0.get(at / 4).map_or(0, |word| word.load(Relaxed));
                    *to = (word >> (at % 4 * 8)) as u8;
                }
            }
            self.offer(slot, index);
            let (wanted, told) = self.receive.news(&slot.receive_ring, self.receive_told);
            self.receive_told = told;
            self.notify(wanted)?;
            if let Some((_, len)) = frame {
                return Ok(Some(len));
            }
        }
        Ok(None)
    }

    fn notify(&self, wanted: bool) -> Result<(), Broken> {
        if wanted && hypercall::send(self.port).is_err() {
            return Err(Broken);
        }
        Ok(())
    }
}

/// Use the interface of `handle`.
fn on<R>(
    handle: Handle,
    mut action: impl FnMut(&'static Slot, &mut Interface) -> Result<R, Broken>,
) -> Result<R, Error> {
    let slot = usize::try_from(handle).ok().and_then(|at| SLOTS.get(at));
    let slot = slot.ok_or(Error::Invalid)?;
    slot.interface.with(PATIENCE, |interface| {
        let interface = interface.as_mut().ok_or(Error::Invalid)?;
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
/// fails, or takes nothing for a second.
pub fn write(handle: Handle, frame: &[u8]) -> Result<(), Error> {
    let deadline = Xen::clock_monotonic() + PATIENCE;
    on(handle, |_, _| Ok(()))?;
    check_frame(MTU, frame)?;
    while !on(handle, |slot, interface| interface.put(slot, frame))? {
        if Xen::clock_monotonic() >= deadline {
            return Err(Error::Unspecified);
        }
        machine::halt_until(deadline);
    }
    Ok(())
}

/// `solo5_net_read`
///
/// # Errors
/// [`Error::Invalid`]: the handle, or any frame would not fit. [`Error::Again`]: none
/// came. [`Error::Unspecified`]: the back end fails.
pub fn read(handle: Handle, buffer: &mut [u8]) -> Result<usize, Error> {
    const _: () = assert!(MTU + HEADER_LEN <= PAGE);
    on(handle, |_, _| Ok(()))?;
    check_buffer(MTU, buffer)?;
    let got = on(handle, |slot, interface| interface.get(slot, buffer))?;
    got.ok_or(Error::Again)
}
