//! A front end's way to its back end, by xenstore: who serves a device, in which state
//! he is, and what is done when he goes and another one comes.
//!
//! A back end that closes, is gone or is another one from now on is lost: what it was
//! given is taken back, the front end says that it is closed and then that it begins
//! anew, and connects as at first once there is a back end that waits for it. One that
//! dies without a word and comes back by itself finds the rings as it left them, and
//! nothing is to be done.
//!
//! Source: Xen 4.17, `xen/include/public/io/xenbus.h`.

use solo5_sys::machine::Errno;

use crate::store::{Client, Transport};
use crate::text::Text;

/// `XenbusStateInitialising`: the front end begins.
const INITIALISING: u64 = 1;
/// `XenbusStateInitWait`: the back end is ready for the front end.
pub const INIT_WAIT: u64 = 2;
/// `XenbusStateInitialised`: one side has said all that the other one wants.
pub const INITIALISED: u64 = 3;
/// `XenbusStateConnected`
pub const CONNECTED: u64 = 4;
/// `XenbusStateClosing`
const CLOSING: u64 = 5;
/// `XenbusStateClosed`
const CLOSED: u64 = 6;

/// What a back end is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It serves, or did when it was looked at last.
    Connected,
    /// It is no more: it has to let go of what it has.
    Lost,
    /// There is to be one that waits for us.
    Awaited,
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing to do.
    Nothing,
    /// The back end is lost: what it has answered is all that it will.
    Lost,
    /// It has let go of what it had: that is to be taken back.
    Gone,
    /// There is one that is to be connected, as at first.
    Ready,
}

/// The way of one device.
#[derive(Debug)]
pub struct Link {
    /// The domain of the back end.
    pub domain: u16,
    /// What it is doing.
    pub phase: Phase,
    front: Text,
    back: Text,
    watch: u32,
}

impl Link {
    /// That of the device at `front`; its changes come as those of `watch`.
    ///
    /// # Errors
    /// Those of [`Client::request`]; what xenstore has is no path and no domain.
    pub fn find<T: Transport>(
        store: &mut Client<T>,
        front: &[u8],
        watch: u32,
    ) -> Result<Self, Errno> {
        let mut link = Self {
            domain: 0,
            phase: Phase::Awaited,
            front: Text::new(front),
            back: Text::new(b""),
            watch,
        };
        listen(store, link.key(b"backend").bytes(), watch)?;
        link.look_for(store)?;
        Ok(link)
    }

    /// See who serves.
    fn look_for<T: Transport>(&mut self, store: &mut Client<T>) -> Result<(), Errno> {
        let mut buffer = [0; 200];
        let back = Text::new(store.read(self.key(b"backend").bytes(), &mut buffer)?);
        let domain = store.read_number(self.key(b"backend-id").bytes())?;
        self.domain = domain.try_into().map_err(|_| Errno::EINVAL)?;
        if self.back.bytes() != back.bytes() && !self.back.bytes().is_empty() {
            // A domain may have a small number of watches only.
            let ended = store.unwatch(self.state_key().bytes(), self.watch);
            if ended == Err(Errno::EIO) {
                return ended;
            }
        }
        self.back = back;
        listen(store, self.state_key().bytes(), self.watch)
    }

    /// The path of the back end's state.
    fn state_key(&self) -> Text {
        let mut path = self.back;
        *path.push(b"/state")
    }

    /// The path of a key of the front end.
    pub fn key(&self, key: &[u8]) -> Text {
        let mut path = self.front;
        *path.push(b"/").push(key)
    }

    /// Set the number at a key of the front end.
    ///
    /// # Errors
    /// Those of [`Client::write`].
    pub fn say<T: Transport>(
        &self,
        store: &mut Client<T>,
        key: &[u8],
        number: u64,
    ) -> Result<(), Errno> {
        let mut value = Text::new(b"");
        store.write(self.key(key).bytes(), value.number(number).bytes())
    }

    /// The number at a key of the back end.
    ///
    /// # Errors
    /// Those of [`Client::read_number`].
    pub fn ask<T: Transport>(&self, store: &mut Client<T>, key: &[u8]) -> Result<u64, Errno> {
        let mut path = self.back;
        store.read_number(path.push(b"/").push(key).bytes())
    }

    /// The state of the back end; `None`: it is not there.
    fn state<T: Transport>(&self, store: &mut Client<T>) -> Result<Option<u64>, Errno> {
        match self.ask(store, b"state") {
            Ok(state) => Ok(Some(state)),
            // What a domain may not read is not its back end's.
            Err(Errno::ENOENT | Errno::EINVAL | Errno(13)) => Ok(None),
            Err(errno) => Err(errno),
        }
    }

    /// Wait until the state is one of `wanted`.
    ///
    /// # Errors
    /// [`Errno::EIO`]: the back end is closed, or closes; [`Errno::EAGAIN`]: not in
    /// time.
    pub fn await_state<T: Transport>(
        &self,
        store: &mut Client<T>,
        wanted: &[u64],
    ) -> Result<(), Errno> {
        loop {
            match self.state(store)? {
                Some(state) if wanted.contains(&state) => return Ok(()),
                Some(CLOSING | CLOSED) => return Err(Errno::EIO),
                _ => store.await_change(self.watch)?,
            }
        }
    }

    /// Take a step, if something changed since the last one. After [`Step::Ready`] the
    /// caller connects, and then sets [`phase`](Self::phase).
    ///
    /// # Errors
    /// As [`Client::request`].
    pub fn step<T: Transport>(&mut self, store: &mut Client<T>) -> Result<Step, Errno> {
        if !store.changed(self.watch)? {
            return Ok(Step::Nothing);
        }
        match self.phase {
            Phase::Connected if self.is_lost(store)? => {
                self.phase = Phase::Lost;
                self.leave(store, CLOSED)?;
                // What it says to that may have come already.
                store.note(self.watch);
                Ok(Step::Lost)
            }
            Phase::Lost if matches!(self.state(store)?, None | Some(CLOSED)) => {
                self.phase = Phase::Awaited;
                self.leave(store, INITIALISING)?;
                store.note(self.watch);
                Ok(Step::Gone)
            }
            Phase::Awaited => match self.look_for(store) {
                Ok(()) if self.state(store)? == Some(INIT_WAIT) => Ok(Step::Ready),
                Ok(()) | Err(Errno::ENOENT | Errno::EINVAL) => Ok(Step::Nothing),
                Err(errno) => Err(errno),
            },
            _ => Ok(Step::Nothing),
        }
    }

    fn is_lost<T: Transport>(&self, store: &mut Client<T>) -> Result<bool, Errno> {
        let mut buffer = [0; 200];
        match store.read(self.key(b"backend").bytes(), &mut buffer) {
            Ok(path) if path == self.back.bytes() => {}
            Ok(_) | Err(Errno::ENOENT) => return Ok(true),
            Err(errno) => return Err(errno),
        }
        Ok(matches!(self.state(store)?, None | Some(CLOSING | CLOSED)))
    }

    /// Say a state in which nothing is connected; the toolstack may have taken the
    /// device away, and then nobody listens.
    fn leave<T: Transport>(&self, store: &mut Client<T>, state: u64) -> Result<(), Errno> {
        match self.say(store, b"state", state) {
            Err(Errno::EIO) => Err(Errno::EIO),
            _ => Ok(()),
        }
    }
}

/// Watch a path, which may be watched already.
fn listen<T: Transport>(store: &mut Client<T>, path: &[u8], watch: u32) -> Result<(), Errno> {
    match store.watch(path, watch) {
        Ok(()) | Err(Errno::EEXIST) => Ok(()),
        Err(errno) => Err(errno),
    }
}

#[cfg(test)]
mod tests;
