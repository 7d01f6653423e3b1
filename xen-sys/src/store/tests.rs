use std::cell::{Cell, RefCell};
use std::sync::atomic::AtomicU8;
use std::sync::atomic::AtomicU32;
use std::vec::Vec;

use super::*;

/// What answers: gets the requests so far, and answers bytes; ends with `None`.
type Daemon<'a> = dyn FnMut(&mut Vec<u8>) -> Option<Vec<u8>> + 'a;

struct Fake<'a> {
    requests: [AtomicU8; 64],
    answers: [AtomicU8; 64],
    indexes: [AtomicU32; 4],
    daemon: RefCell<&'a mut Daemon<'a>>,
    asked: RefCell<Vec<u8>>,
    pending: RefCell<Vec<u8>>,
    notified: Cell<u32>,
    patience: Cell<u32>,
}

impl<'a> Fake<'a> {
    fn new(daemon: &'a mut Daemon<'a>) -> Self {
        Self {
            requests: [const { AtomicU8::new(0) }; 64],
            answers: [const { AtomicU8::new(0) }; 64],
            // Indexes that wrap on the way.
            indexes: [const { AtomicU32::new(u32::MAX - 100) }; 4],
            daemon: RefCell::new(daemon),
            asked: RefCell::default(),
            pending: RefCell::default(),
            notified: Cell::new(0),
            patience: Cell::new(1000),
        }
    }
}

impl Transport for Fake<'_> {
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
        self.notified.set(self.notified.get() + 1);
    }

    fn wait(&self) -> bool {
        self.patience.set(self.patience.get() - 1);
        if self.patience.get() == 0 {
            return false;
        }
        let mut bytes = [0; 64];
        let count = self.requests().take(&mut bytes);
        self.asked.borrow_mut().extend(&bytes[..count]);
        let mut pending = self.pending.borrow_mut();
        if pending.is_empty() {
            let mut asked = self.asked.borrow_mut();
            match (self.daemon.borrow_mut())(&mut asked) {
                Some(answer) => pending.extend(answer),
                None => return count > 0,
            }
        }
        let sent = self.answers().put(&pending);
        pending.drain(..sent);
        true
    }
}

fn message(kind: u32, request: u32, payload: &[u8]) -> Vec<u8> {
    let header = StoreMessage {
        kind,
        request,
        transaction: 0,
        len: payload.len() as u32,
    };
    let mut bytes = header.bytes().to_vec();
    bytes.extend(payload);
    bytes
}

/// The first whole request in `asked`, taken out.
fn take_request(asked: &mut Vec<u8>) -> Option<(StoreMessage, Vec<u8>)> {
    let header: [u8; HEADER] = asked.get(..HEADER)?.try_into().ok()?;
    let header = StoreMessage::from_bytes(header);
    let payload = asked.get(HEADER..HEADER + header.len as usize)?.to_vec();
    asked.drain(..HEADER + payload.len());
    Some((header, payload))
}

#[test]
fn values_are_read_and_written() {
    let mut value = Vec::new();
    let mut daemon = |asked: &mut Vec<u8>| {
        let (header, payload) = take_request(asked)?;
        let at = payload.iter().position(|&byte| byte == 0)?;
        assert_eq!(&payload[..at], b"data/x");
        if header.kind == Kind::Write as u32 {
            value = payload[at + 1..].to_vec();
            return Some(message(header.kind, header.request, b"OK\0"));
        }
        Some(message(header.kind, header.request, &value))
    };
    let mut client = Client::new(Fake::new(&mut daemon));
    let long = [b'7'; 300];
    assert_eq!(client.write(b"data/x", &long), Ok(()));
    let mut buffer = [0; 400];
    assert_eq!(client.read(b"data/x", &mut buffer), Ok(&long[..]));
    // A value that does not fit is refused, and what follows it is not lost.
    assert_eq!(client.read(b"data/x", &mut [0; 299]), Err(Errno::EINVAL));
    assert_eq!(client.write(b"data/x", b"42"), Ok(()));
    assert_eq!(client.read_number(b"data/x"), Ok(42));
    assert_eq!(client.write(b"data/x", b"4 2"), Ok(()));
    assert_eq!(client.read_number(b"data/x"), Err(Errno::EINVAL));
    assert!(client.transport.notified.get() > 0);
}

#[test]
fn errors_have_their_names() {
    for (name, errno) in [
        (&b"ENOENT\0"[..], Errno(2)),
        (b"EACCES", Errno(13)),
        (b"EWHATEVER\0", Errno::EIO),
        (b"", Errno::EIO),
        (&[b'E'; 4000], Errno::EIO),
    ] {
        let mut daemon = |asked: &mut Vec<u8>| {
            let (header, _) = take_request(asked)?;
            Some(message(Kind::Error as u32, header.request, name))
        };
        let mut client = Client::new(Fake::new(&mut daemon));
        assert_eq!(client.read(b"x", &mut [0; 9]), Err(errno));
        // The connection lives.
        assert_eq!(client.read(b"x", &mut [0; 9]), Err(errno));
        assert!(!client.broken);
    }
}

#[test]
fn events_come_between_answers() {
    let mut daemon = |asked: &mut Vec<u8>| {
        let (header, _) = take_request(asked)?;
        let mut bytes = message(Kind::WatchEvent as u32, 0, b"a/b\x005\0");
        bytes.extend(message(header.kind, header.request, b"OK\0"));
        bytes.extend(message(Kind::WatchEvent as u32, 0, b"a\x0063\0"));
        // Nobody's.
        for token in [&b"a\x0064\0"[..], b"a\0x\0", b"a", b"", b"\0\0\0"] {
            bytes.extend(message(Kind::WatchEvent as u32, 0, token));
        }
        Some(bytes)
    };
    let mut client = Client::new(Fake::new(&mut daemon));
    assert_eq!(client.watch(b"a", 5), Ok(()));
    let mut came = [0; 2];
    for _ in 0..50 {
        client.transport.wait();
        for (count, watch) in came.iter_mut().zip([5, 63]) {
            *count += u32::from(client.changed(watch) == Ok(true));
        }
    }
    assert_eq!(came, [1, 1]);
    assert_eq!(client.watch(b"a", 64), Err(Errno::EINVAL));
}

#[test]
fn nonsense_ends_the_connection() {
    let request = 1;
    let too_long = StoreMessage {
        kind: Kind::Read as u32,
        request,
        transaction: 0,
        len: STORE_PAYLOAD as u32 + 1,
    };
    for answer in [
        message(Kind::Read as u32, 2, b"another's"),
        message(Kind::Write as u32, request, b"another kind"),
        message(99, request, b""),
        too_long.bytes().to_vec(),
        // Cut short, and then nothing.
        message(Kind::Read as u32, request, b"value")[..18].to_vec(),
    ] {
        let mut answers = [Some(answer)].into_iter();
        let mut daemon = |_: &mut Vec<u8>| answers.next().flatten();
        let mut client = Client::new(Fake::new(&mut daemon));
        assert_eq!(client.read(b"x", &mut [0; 99]), Err(Errno::EIO));
        assert_eq!(client.write(b"x", b""), Err(Errno::EIO));
        assert_eq!(client.watch(b"x", 0), Err(Errno::EIO));
    }
    let mut daemon = |_: &mut Vec<u8>| None;
    let mut client = Client::new(Fake::new(&mut daemon));
    assert_eq!(client.write(&[b'x'; 5000], b""), Err(Errno::EINVAL));
    assert!(!client.broken);
}

#[test]
fn indexes_that_jump_do_no_harm() {
    for jump in [1, 63, 65, 1 << 20, 1 << 31, u32::MAX] {
        let mut daemon = |_: &mut Vec<u8>| None;
        let mut client = Client::new(Fake::new(&mut daemon));
        client.transport.indexes[3].fetch_add(jump, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(client.read(b"x", &mut [0; 99]), Err(Errno::EIO));
        let mut daemon = |_: &mut Vec<u8>| None;
        let mut client = Client::new(Fake::new(&mut daemon));
        client.transport.indexes[0].fetch_sub(jump, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(client.write(b"x", b"y"), Err(Errno::EIO));
    }
}
