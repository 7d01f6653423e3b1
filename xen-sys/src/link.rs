//! A front end's way to its back end, by xenstore: who serves a device, in which state
//! he is, and what is done when he goes and another one comes.
//!
//! A back end that closes, is gone or is another one from now on is lost: what it was
//! given is taken back, the front end says that it is closed and then that it begins
//! anew, and connects as at first once there is a back end that waits for it. One that
//! dies without a word and comes back by itself finds the rings as it left them, and
//! nothing is to be done. A device that the toolstack replaced is known by our own
//! state, which begins anew.
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

/// The most steps in a row that a back end may cause.
pub const STEPS: usize = 16;

/// What a back end is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It serves, or did when it was looked at last.
    Connected,
    /// It is no more: it has to let go of what it has.
    Lost,
    /// There is to be one that waits for us.
    Awaited,
    /// It was told how to reach us, and is to say that it is connected.
    Offered,
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
    /// There is one that is to be told how to reach us, as at first.
    Ready,
    /// It is connected.
    Answered,
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
        link.look_for(store)?;
        // Somebody gave up here.
        if link.own_state(store)? == Some(CLOSED) {
            link.leave(store, INITIALISING)?;
        }
        Ok(link)
    }

    /// See who serves.
    fn look_for<T: Transport>(&mut self, store: &mut Client<T>) -> Result<(), Errno> {
        let mut buffer = [0; 200];
        // A domain that was restored watches nothing any more.
        listen(store, self.key(b"backend").bytes(), self.watch)?;
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
        state(store, self.state_key())
    }

    /// The state of the front end: what we said, or what the toolstack did.
    fn own_state<T: Transport>(&self, store: &mut Client<T>) -> Result<Option<u64>, Errno> {
        state(store, self.key(b"state"))
    }

    /// Wait until the state is one of `wanted`.
    ///
    /// # Errors
    /// [`Errno::EIO`]: the back end is closed, or closes, and is not to begin anew;
    /// [`Errno::EAGAIN`]: not in time.
    pub fn await_state<T: Transport>(
        &self,
        store: &mut Client<T>,
        wanted: &[u64],
    ) -> Result<(), Errno> {
        let anew = wanted.contains(&INIT_WAIT);
        loop {
            match self.state(store)? {
                Some(state) if wanted.contains(&state) => return Ok(()),
                Some(CLOSING | CLOSED) if !anew => return Err(Errno::EIO),
                _ => store.await_change(self.watch)?,
            }
        }
    }

    /// Take a step, if something changed since the last one; more may be to do until it
    /// answers [`Step::Nothing`]. After [`Step::Ready`] the caller says how he is reached, after
    /// [`Step::Answered`] that he is connected; then he sets [`phase`](Self::phase), or
    /// calls [`give_up`](Self::give_up).
    ///
    /// # Errors
    /// As [`Client::request`].
    pub fn step<T: Transport>(&mut self, store: &mut Client<T>) -> Result<Step, Errno> {
        if !store.changed(self.watch)? {
            return Ok(Step::Nothing);
        }
        let step = self.look(store);
        if step.is_ok_and(|step| step != Step::Nothing) {
            // What is next may have come already.
            store.note(self.watch);
        }
        step
    }

    fn look<T: Transport>(&mut self, store: &mut Client<T>) -> Result<Step, Errno> {
        match self.phase {
            Phase::Connected | Phase::Offered => {
                let own = self.own_state(store)?;
                if own_is_lost(own) || self.is_lost(store)? {
                    self.phase = Phase::Lost;
                    // One that took the old one's place is not to hear of it.
                    if own != Some(INITIALISING) {
                        self.leave(store, CLOSED)?;
                    }
                    return Ok(Step::Lost);
                }
                let offered = self.phase == Phase::Offered;
                if offered && self.state(store)? == Some(CONNECTED) {
                    return Ok(Step::Answered);
                }
                Ok(Step::Nothing)
            }
            Phase::Lost => {
                let replaced = self.own_state(store)? == Some(INITIALISING);
                if !replaced && !matches!(self.state(store)?, None | Some(CLOSED)) {
                    return Ok(Step::Nothing);
                }
                self.phase = Phase::Awaited;
                self.leave(store, INITIALISING)?;
                Ok(Step::Gone)
            }
            Phase::Awaited => match self.look_for(store) {
                Ok(()) if self.state(store)? == Some(INIT_WAIT) => Ok(Step::Ready),
                Ok(()) | Err(Errno::ENOENT | Errno::EINVAL) => Ok(Step::Nothing),
                Err(errno) => Err(errno),
            },
        }
    }

    /// It cannot be connected: it has to let go of what it has, and may then be tried
    /// again.
    ///
    /// # Errors
    /// [`Errno::EIO`] as of [`Client::request`].
    pub fn give_up<T: Transport>(&mut self, store: &mut Client<T>) -> Result<(), Errno> {
        self.phase = Phase::Lost;
        store.note(self.watch);
        self.leave(store, CLOSED)
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

/// Whether the front end's state is none that we said when we were connected.
fn own_is_lost(state: Option<u64>) -> bool {
    !matches!(state, Some(INITIALISED | CONNECTED))
}

/// The state at `path`, if there is one.
fn state<T: Transport>(store: &mut Client<T>, path: Text) -> Result<Option<u64>, Errno> {
    match store.read_number(path.bytes()) {
        Ok(state) => Ok(Some(state)),
        // What a domain may not read is not its back end's.
        Err(Errno::ENOENT | Errno::EINVAL | Errno(13)) => Ok(None),
        Err(errno) => Err(errno),
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
