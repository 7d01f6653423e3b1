use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::string::{String, ToString};
use std::sync::atomic::{AtomicU8, AtomicU32};
use std::vec::Vec;

use super::*;
use crate::abi::StoreMessage;
use crate::ring::Ring;
use crate::store::Kind;

/// Xenstore, with values and watches.
struct Daemon {
    requests: [AtomicU8; 1024],
    answers: [AtomicU8; 1024],
    indexes: [AtomicU32; 4],
    asked: RefCell<Vec<u8>>,
    values: RefCell<BTreeMap<String, String>>,
    watches: RefCell<Vec<(String, String)>>,
    patience: Cell<u32>,
}

const FRONT: &str = "device/vbd/51712";
const BACK: &str = "/local/domain/0/backend/vbd/1/51712";

impl Daemon {
    fn new() -> Self {
        let daemon = Self {
            requests: [const { AtomicU8::new(0) }; 1024],
            answers: [const { AtomicU8::new(0) }; 1024],
            indexes: [const { AtomicU32::new(0) }; 4],
            asked: RefCell::default(),
            values: RefCell::default(),
            watches: RefCell::default(),
            patience: Cell::new(1000),
        };
        daemon.serve_by(BACK, 0);
        daemon
    }

    /// Have the back end be at `path`, of `domain`, and be waiting.
    fn serve_by(&self, path: &str, domain: u16) {
        self.set(&std::format!("{path}/state"), "2");
        self.set(&std::format!("{FRONT}/backend-id"), &domain.to_string());
        self.set(&std::format!("{FRONT}/backend"), path);
    }

    fn set(&self, path: &str, value: &str) {
        let mut values = self.values.borrow_mut();
        values.insert(path.to_string(), value.to_string());
        self.tell(path);
    }

    fn remove(&self, path: &str) {
        let keep = |key: &String, _: &mut String| !key.starts_with(path);
        self.values.borrow_mut().retain(keep);
        self.tell(path);
    }

    fn get(&self, path: &str) -> Option<String> {
        self.values.borrow().get(path).cloned()
    }

    fn state(&self) -> String {
        self.get("device/vbd/51712/state").unwrap_or_default()
    }

    /// Events for those who watch `path`, or what is below.
    fn tell(&self, path: &str) {
        for (watched, token) in self.watches.borrow().iter() {
            if path.starts_with(watched.as_str()) || watched.starts_with(path) {
                let payload = [watched.as_bytes(), b"\0", token.as_bytes(), b"\0"].concat();
                self.answer(Kind::WatchEvent as u32, 0, &payload);
            }
        }
    }

    fn answer(&self, kind: u32, request: u32, payload: &[u8]) {
        let header = StoreMessage {
            kind,
            request,
            transaction: 0,
            len: payload.len() as u32,
        };
        let bytes = [&header.bytes(), payload].concat();
        let ring = Ring {
            bytes: &self.answers,
            taken: &self.indexes[2],
            put: &self.indexes[3],
        };
        assert_eq!(ring.put(&bytes), bytes.len());
    }

    fn serve(&self, header: StoreMessage, payload: &[u8]) {
        let end = payload.iter().position(|&byte| byte == 0).unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let (path, rest) = (text(&payload[..end]), &payload[end + 1..]);
        let refuse = |name: &[u8]| self.answer(Kind::Error as u32, header.request, name);
        if header.kind == Kind::Read as u32 {
            match self.get(&path) {
                Some(value) => self.answer(header.kind, header.request, value.as_bytes()),
                None => refuse(b"ENOENT\0"),
            }
        } else if header.kind == Kind::Write as u32 {
            // What the toolstack took away is not the domain's to make.
            if self.get(&std::format!("{FRONT}/backend")).is_none() {
                return refuse(b"EACCES\0");
            }
            self.answer(header.kind, header.request, b"OK\0");
            self.set(&path, &text(rest));
        } else if header.kind == Kind::Watch as u32 {
            let watch = (path.clone(), text(&rest[..rest.len() - 1]));
            if self.watches.borrow().contains(&watch) {
                return refuse(b"EEXIST\0");
            }
            self.watches.borrow_mut().push(watch);
            self.answer(header.kind, header.request, b"OK\0");
            self.tell(&path);
        } else if header.kind == Kind::Unwatch as u32 {
            let watch = (path, text(&rest[..rest.len() - 1]));
            let mut watches = self.watches.borrow_mut();
            let before = watches.len();
            watches.retain(|other| *other != watch);
            if watches.len() == before {
                return refuse(b"ENOENT\0");
            }
            self.answer(header.kind, header.request, b"OK\0");
        } else {
            panic!("unexpected {header:?}");
        }
    }
}

impl Transport for &Daemon {
    fn requests(&self) -> Ring<'_> {
        Ring {
            bytes: &self.requests,
            taken: &self.indexes[0],
            put: &self.indexes[1],
        }
    }

    fn answers(&self) -> Ring<'_> {
        Ring {
            bytes: &self.answers,
            taken: &self.indexes[2],
            put: &self.indexes[3],
        }
    }

    fn notify(&self) {
        let mut bytes = [0; 1024];
        let count = self.requests().take(&mut bytes);
        let mut asked = self.asked.borrow_mut();
        asked.extend(&bytes[..count]);
        while let Some(header) = asked.first_chunk::<16>() {
            let header = StoreMessage::from_bytes(*header);
            let Some(payload) = asked.get(16..16 + header.len as usize) else {
                return;
            };
            let payload = payload.to_vec();
            asked.drain(..16 + payload.len());
            self.serve(header, &payload);
        }
    }

    fn wait(&self) -> bool {
        self.patience.set(self.patience.get() - 1);
        self.patience.get() > 0
    }
}

/// A front end that is connected.
fn connected(daemon: &Daemon) -> (Client<&Daemon>, Link) {
    let mut store = Client::new(daemon);
    let mut link = Link::find(&mut store, FRONT.as_bytes(), 3).unwrap();
    link.await_state(&mut store, &[INIT_WAIT]).unwrap();
    connect(daemon, &mut store, &mut link);
    assert_eq!(link.domain, 0);
    (store, link)
}

fn connect(daemon: &Daemon, store: &mut Client<&Daemon>, link: &mut Link) {
    let back = String::from_utf8(link.back.bytes().to_vec()).unwrap();
    link.say(store, b"state", CONNECTED).unwrap();
    daemon.set(&(back + "/state"), "4");
    link.phase = Phase::Connected;
    assert_eq!(link.step(store), Ok(Step::Nothing));
}

#[test]
fn one_that_closes_is_connected_anew_when_it_waits() {
    let daemon = Daemon::new();
    let (mut store, mut link) = connected(&daemon);
    let state = std::format!("{BACK}/state");
    daemon.set(&state, "5");
    assert_eq!(link.step(&mut store), Ok(Step::Lost));
    assert_eq!(daemon.state(), "6");
    // It still has our pages.
    assert_eq!(link.step(&mut store), Ok(Step::Nothing));
    daemon.set(&state, "6");
    assert_eq!(link.step(&mut store), Ok(Step::Gone));
    assert_eq!(daemon.state(), "1");
    assert_eq!(link.step(&mut store), Ok(Step::Nothing));
    daemon.set(&state, "2");
    assert_eq!(link.step(&mut store), Ok(Step::Ready));
    connect(&daemon, &mut store, &mut link);
    daemon.set(&state, "6");
    assert_eq!(link.step(&mut store), Ok(Step::Lost));
}

#[test]
fn what_closes_before_it_is_looked_at_is_not_missed() {
    let daemon = Daemon::new();
    let (mut store, mut link) = connected(&daemon);
    daemon.set(&std::format!("{BACK}/state"), "6");
    let steps = [(); 3].map(|()| link.step(&mut store).unwrap());
    assert_eq!(steps, [Step::Lost, Step::Gone, Step::Nothing]);
}

#[test]
fn one_that_dies_silently_is_awaited() {
    let daemon = Daemon::new();
    let (mut store, mut link) = connected(&daemon);
    // It waits, sees that we are connected, and takes the rings as they are.
    daemon.set(&std::format!("{BACK}/state"), "2");
    assert_eq!(link.step(&mut store), Ok(Step::Nothing));
    daemon.set(&std::format!("{BACK}/state"), "4");
    assert_eq!(link.step(&mut store), Ok(Step::Nothing));
    assert_eq!(
        (link.phase, daemon.state().as_str()),
        (Phase::Connected, "4")
    );
}

#[test]
fn another_domain_may_serve_from_now_on() {
    let daemon = Daemon::new();
    let (mut store, mut link) = connected(&daemon);
    daemon.remove("/local/domain/0");
    assert_eq!(link.step(&mut store), Ok(Step::Lost));
    assert_eq!(link.step(&mut store), Ok(Step::Gone));
    assert_eq!(link.step(&mut store), Ok(Step::Nothing));
    daemon.serve_by("/local/domain/7/backend/vbd/1/51712", 7);
    assert_eq!(link.step(&mut store), Ok(Step::Ready));
    assert_eq!(link.domain, 7);
    connect(&daemon, &mut store, &mut link);
    // The state of the other one no more.
    assert_eq!(daemon.watches.borrow().len(), 2);
    // Its state is watched.
    daemon.set("/local/domain/7/backend/vbd/1/51712/state", "6");
    assert_eq!(link.step(&mut store), Ok(Step::Lost));
}

#[test]
fn a_device_may_go_and_come_back() {
    let daemon = Daemon::new();
    let (mut store, mut link) = connected(&daemon);
    daemon.remove(FRONT);
    assert_eq!(link.step(&mut store), Ok(Step::Lost));
    daemon.remove("/local/domain/0");
    assert_eq!(link.step(&mut store), Ok(Step::Gone));
    assert_eq!(link.step(&mut store), Ok(Step::Nothing));
    daemon.serve_by(BACK, 0);
    assert_eq!(link.step(&mut store), Ok(Step::Ready));
}

#[test]
fn nonsense_is_no_back_end() {
    let daemon = Daemon::new();
    daemon.set(&std::format!("{FRONT}/backend-id"), "70000");
    let mut store = Client::new(&daemon);
    let error = Link::find(&mut store, FRONT.as_bytes(), 3).unwrap_err();
    assert_eq!(error, Errno::EINVAL);
    let daemon = Daemon::new();
    let (mut store, mut link) = connected(&daemon);
    daemon.set(&std::format!("{BACK}/state"), "many");
    assert_eq!(link.step(&mut store), Ok(Step::Lost));
}

/// What steps there are until there are none.
fn steps(store: &mut Client<&Daemon>, link: &mut Link) -> Vec<Step> {
    let steps = std::iter::from_fn(|| Some(link.step(store).unwrap()));
    steps.take_while(|step| *step != Step::Nothing).collect()
}

#[test]
fn one_that_is_told_how_to_reach_us_answers_when_it_wants() {
    let daemon = Daemon::new();
    let (mut store, mut link) = connected(&daemon);
    let state = std::format!("{BACK}/state");
    daemon.set(&state, "6");
    daemon.set(&state, "2");
    assert_eq!(steps(&mut store, &mut link), []);
    daemon.set(&state, "6");
    assert_eq!(steps(&mut store, &mut link), [Step::Lost, Step::Gone]);
    daemon.set(&state, "2");
    assert_eq!(link.step(&mut store), Ok(Step::Ready));
    link.say(&mut store, b"state", INITIALISED).unwrap();
    link.phase = Phase::Offered;
    assert_eq!(link.step(&mut store), Ok(Step::Nothing));
    daemon.set(&state, "4");
    assert_eq!(link.step(&mut store), Ok(Step::Answered));
    link.phase = Phase::Connected;
    assert_eq!(link.step(&mut store), Ok(Step::Nothing));
    // Or it goes.
    link.phase = Phase::Offered;
    daemon.set(&state, "6");
    assert_eq!(steps(&mut store, &mut link), [Step::Lost, Step::Gone]);
}

#[test]
fn one_that_cannot_be_connected_may_be_tried_again() {
    let daemon = Daemon::new();
    let (mut store, mut link) = connected(&daemon);
    let state = std::format!("{BACK}/state");
    link.phase = Phase::Offered;
    link.give_up(&mut store).unwrap();
    assert_eq!(daemon.state(), "6");
    assert_eq!(steps(&mut store, &mut link), []);
    daemon.set(&state, "6");
    assert_eq!(steps(&mut store, &mut link), [Step::Gone]);
    assert_eq!(daemon.state(), "1");
    daemon.set(&state, "2");
    assert_eq!(link.step(&mut store), Ok(Step::Ready));
}

#[test]
fn who_gave_up_can_be_followed() {
    let daemon = Daemon::new();
    let (mut store, mut link) = connected(&daemon);
    link.give_up(&mut store).unwrap();
    let link = Link::find(&mut store, FRONT.as_bytes(), 3).unwrap();
    assert_eq!((link.phase, daemon.state().as_str()), (Phase::Awaited, "1"));
}

#[test]
fn a_device_replaced_unseen_is_another_one() {
    for lost_before in [false, true] {
        let daemon = Daemon::new();
        let (mut store, mut link) = connected(&daemon);
        let mut wanted = std::vec![Step::Lost, Step::Gone, Step::Ready];
        if lost_before {
            daemon.set(&std::format!("{BACK}/state"), "5");
            assert_eq!(steps(&mut store, &mut link), [Step::Lost]);
            wanted.remove(0);
        }
        daemon.set(&std::format!("{FRONT}/state"), "1");
        daemon.serve_by(BACK, 0);
        for step in wanted {
            assert_eq!(link.step(&mut store), Ok(step));
            // The new one has not been told that we are closed.
            assert_eq!(daemon.state(), "1");
        }
    }
}
