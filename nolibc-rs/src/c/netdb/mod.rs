//! `<netdb.h>`: addresses and ports in digits work; there is no resolver and no
//! database, so names are not found.

pub mod host;

use core::ffi::{c_char, c_int, c_uint, c_void};
use core::ptr::{NonNull, null_mut};

use crate::address;
use crate::c::arpa::inet::{AF_INET, AF_INET6, format};
use crate::c::{cstr, slice};
use crate::heap;

const AF_UNSPEC: c_int = 0;

const SOCK_STREAM: c_int = 1;
const SOCK_DGRAM: c_int = 2;
const SOCK_RAW: c_int = 3;

const AI_PASSIVE: c_int = 0x01;
const AI_CANONNAME: c_int = 0x02;
const AI_NUMERICHOST: c_int = 0x04;
const AI_V4MAPPED: c_int = 0x08;
const AI_KNOWN: c_int = 0x043f;

const NI_NUMERICHOST: c_int = 1;
const NI_NAMEREQD: c_int = 8;
const NI_KNOWN: c_int = 31;

const EAI_BADFLAGS: c_int = -1;
const EAI_NONAME: c_int = -2;
const EAI_FAIL: c_int = -4;
const EAI_FAMILY: c_int = -6;
const EAI_SOCKTYPE: c_int = -7;
const EAI_SERVICE: c_int = -8;
const EAI_MEMORY: c_int = -10;
const EAI_OVERFLOW: c_int = -12;

/// An `EAI_*` code.
type Answer<T> = core::result::Result<T, c_int>;

/// `struct addrinfo`.
#[repr(C)]
pub struct Addrinfo {
    ai_flags: c_int,
    ai_family: c_int,
    ai_socktype: c_int,
    ai_protocol: c_int,
    ai_addrlen: c_uint,
    ai_addr: *mut Socket,
    ai_canonname: *mut c_char,
    ai_next: *mut Addrinfo,
}

const _: () = assert!(size_of::<Addrinfo>() == 48);

/// `struct sockaddr_in` and `struct sockaddr_in6`, which begin alike.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Socket {
    family: u16,
    port: [u8; 2],
    /// The IPv4 address, or the flow of IPv6.
    word: [u8; 4],
    v6: [u8; 16],
    scope: u32,
}

const V4_BYTES: c_uint = 16;
const V6_BYTES: c_uint = 28;

/// One answer of `getaddrinfo`, freed as a whole.
#[repr(C)]
struct Block {
    info: Addrinfo,
    socket: Socket,
    name: [u8; address::LONGEST + 1],
}

/// An address of either family.
#[derive(Clone, Copy)]
enum Host {
    V4([u8; 4]),
    V6([u8; 16]),
}

impl Host {
    fn family(self) -> c_int {
        match self {
            Self::V4(_) => AF_INET,
            Self::V6(_) => AF_INET6,
        }
    }

    fn parse(text: &[u8]) -> Option<Self> {
        match address::parse_v6(text) {
            Some(address) => Some(Self::V6(address)),
            None => address::parse_loose(text).map(|address| Self::V4(address.to_be_bytes())),
        }
    }

    /// The same host as IPv6 address `::ffff:a.b.c.d`.
    fn mapped(self) -> Self {
        match self {
            Self::V4([a, b, c, d]) => {
                Self::V6([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d])
            }
            v6 => v6,
        }
    }

    fn socket(self, port: u16) -> (Socket, c_uint) {
        let mut socket = Socket {
            family: self.family() as u16,
            port: port.to_be_bytes(),
            word: [0; 4],
            v6: [0; 16],
            scope: 0,
        };
        match self {
            Self::V4(address) => {
                socket.word = address;
                (socket, V4_BYTES)
            }
            Self::V6(address) => {
                socket.v6 = address;
                (socket, V6_BYTES)
            }
        }
    }

    fn text(self) -> address::Text {
        match self {
            Self::V4(address) => address::format_v4(address),
            Self::V6(address) => address::format_v6(address),
        }
    }
}

/// Port numbers are decimal.
fn port(service: Option<&[u8]>) -> Answer<u16> {
    let Some(digits) = service else { return Ok(0) };
    let value = digits.iter().try_fold(0u32, |value, byte| match byte {
        b'0'..=b'9' => Some(value.min(100_000) * 10 + u32::from(byte - b'0')),
        _ => None,
    });
    let value = value.filter(|_| !digits.is_empty()).ok_or(EAI_SERVICE)?;
    u16::try_from(value).map_err(|_| EAI_SERVICE)
}

/// The hosts that `host` means, of the wanted family.
fn hosts(host: Option<&[u8]>, family: c_int, flags: c_int) -> Answer<[Option<Host>; 2]> {
    let wanted = |host: Host| family == AF_UNSPEC || host.family() == family;
    let Some(text) = host else {
        let [v4, v6] = if flags & AI_PASSIVE != 0 {
            [Host::V4([0; 4]), Host::V6([0; 16])]
        } else {
            let mut loopback = [0; 16];
            loopback[15] = 1;
            [Host::V4([127, 0, 0, 1]), Host::V6(loopback)]
        };
        return Ok([
            Some(v4).filter(|v4| wanted(*v4)),
            Some(v6).filter(|v6| wanted(*v6)),
        ]);
    };
    match Host::parse(text) {
        Some(host) if wanted(host) => Ok([Some(host), None]),
        Some(host) if flags & AI_V4MAPPED != 0 && wanted(host.mapped()) => {
            Ok([Some(host.mapped()), None])
        }
        None if flags & AI_NUMERICHOST == 0 => Err(EAI_FAIL),
        _ => Err(EAI_NONAME),
    }
}

/// Append an answer to a list and answer where the next one goes.
fn append(
    end: *mut *mut Addrinfo,
    host: Host,
    port: u16,
    kind: (c_int, c_int),
    canonical: bool,
) -> Answer<*mut *mut Addrinfo> {
    let block = heap::alloc(size_of::<Block>(), align_of::<Block>()).map_err(|_| EAI_MEMORY)?;
    let block = block.as_ptr().cast::<Block>();
    let (socket, len) = host.socket(port);
    let mut name = [0; address::LONGEST + 1];
    for (to, from) in name.iter_mut().zip(host.text().bytes()) {
        *to = *from;
    }
    // SAFETY: the block is new, large enough and aligned; `end` points into the
    // caller's list.
    unsafe {
        let info = Addrinfo {
            ai_flags: 0,
            ai_family: host.family(),
            ai_socktype: kind.0,
            ai_protocol: kind.1,
            ai_addrlen: len,
            ai_addr: &raw mut (*block).socket,
            ai_canonname: if canonical {
                (&raw mut (*block).name).cast()
            } else {
                null_mut()
            },
            ai_next: null_mut(),
        };
        block.write(Block { info, socket, name });
        *end = block.cast();
        Ok(&raw mut (*block).info.ai_next)
    }
}

/// # Safety
/// As [`getaddrinfo`].
unsafe fn resolve(
    host: *const c_char,
    service: *const c_char,
    hints: *const Addrinfo,
    list: &mut *mut Addrinfo,
) -> Answer<()> {
    // SAFETY: the caller's contract.
    let (host, service, hints) = unsafe {
        (
            cstr::bytes(host).ok(),
            cstr::bytes(service).ok(),
            hints.as_ref(),
        )
    };
    let wanted = hints.map_or([0; 4], |hints| {
        [
            hints.ai_flags,
            hints.ai_family,
            hints.ai_socktype,
            hints.ai_protocol,
        ]
    });
    let [flags, family, kind, protocol] = wanted;
    if host.is_none() && service.is_none() {
        return Err(EAI_NONAME);
    }
    if flags & !AI_KNOWN != 0 || flags & AI_CANONNAME != 0 && host.is_none() {
        return Err(EAI_BADFLAGS);
    }
    if !matches!(family, AF_UNSPEC | AF_INET | AF_INET6) {
        return Err(EAI_FAMILY);
    }
    if !(0..=SOCK_RAW).contains(&kind) {
        return Err(EAI_SOCKTYPE);
    }
    let port = port(service)?;
    let mut end: *mut *mut Addrinfo = list;
    let mut first = true;
    for host in hosts(host, family, flags)?.into_iter().flatten() {
        for (socket_type, its_protocol) in [(SOCK_STREAM, 6), (SOCK_DGRAM, 17), (SOCK_RAW, 0)] {
            let fits = kind == 0 || kind == socket_type;
            let agrees = protocol == 0 || its_protocol == 0 || protocol == its_protocol;
            if !fits || !agrees {
                continue;
            }
            let protocol = if its_protocol == 0 {
                protocol
            } else {
                its_protocol
            };
            let canonical = first && flags & AI_CANONNAME != 0;
            end = append(end, host, port, (socket_type, protocol), canonical)?;
            first = false;
        }
    }
    if first { Err(EAI_SERVICE) } else { Ok(()) }
}

/// As POSIX `getaddrinfo`, for addresses and ports in digits; `EAI_FAIL` for host
/// names, `EAI_SERVICE` for service names.
///
/// # Safety
/// As POSIX says: the strings are null or strings, `hints` is null or points to
/// some, `result` points to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getaddrinfo(
    host: *const c_char,
    service: *const c_char,
    hints: *const Addrinfo,
    result: *mut *mut Addrinfo,
) -> c_int {
    let mut list = null_mut();
    // SAFETY: the caller's contract.
    match unsafe { resolve(host, service, hints, &mut list) } {
        // SAFETY: the caller's contract.
        Ok(()) if unsafe { slice::store(result, list) }.is_ok() => 0,
        answer => {
            // SAFETY: the list was made here.
            unsafe { freeaddrinfo(list) };
            answer.err().unwrap_or(EAI_FAIL)
        }
    }
}

/// As POSIX `freeaddrinfo`.
///
/// # Safety
/// As POSIX says: `list` came from `getaddrinfo` and is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn freeaddrinfo(list: *mut Addrinfo) {
    let mut next = NonNull::new(list);
    while let Some(info) = next {
        // SAFETY: the caller's contract: each entry is live, and nobody uses it
        // after this.
        unsafe {
            next = NonNull::new(info.as_ref().ai_next);
            heap::free(info.cast());
        }
    }
}

/// Write `text` to a buffer that may be absent.
///
/// # Safety
/// `buffer` is null or has room for `len` bytes.
unsafe fn put(buffer: *mut c_char, len: c_uint, text: &[u8]) -> Answer<()> {
    if buffer.is_null() || len == 0 {
        return Ok(());
    }
    // SAFETY: the caller's contract.
    unsafe { slice::store_string(buffer, len as usize, text) }.map_err(|_| EAI_OVERFLOW)
}

/// # Safety
/// As [`getnameinfo`].
unsafe fn name(
    address: *const Socket,
    address_len: c_uint,
    host: (*mut c_char, c_uint),
    service: (*mut c_char, c_uint),
    flags: c_int,
) -> Answer<()> {
    if flags & !NI_KNOWN != 0 {
        return Err(EAI_BADFLAGS);
    }
    let too_short = address.is_null() || address_len < V4_BYTES;
    if too_short || host.0.is_null() && service.0.is_null() {
        return Err(if too_short { EAI_FAMILY } else { EAI_NONAME });
    }
    // SAFETY: there are 16 bytes of it, and 28 where that is read.
    let (host_text, port) = unsafe {
        let family = c_int::from((&raw const (*address).family).read_unaligned());
        let from: *const c_void = match family {
            AF_INET => (&raw const (*address).word).cast(),
            AF_INET6 if address_len >= V6_BYTES => (&raw const (*address).v6).cast(),
            _ => return Err(EAI_FAMILY),
        };
        let port = (&raw const (*address).port).read();
        (
            format(family, from).map_err(|_| EAI_FAMILY)?,
            u16::from_be_bytes(port),
        )
    };
    if flags & (NI_NAMEREQD | NI_NUMERICHOST) == NI_NAMEREQD && !host.0.is_null() {
        return Err(EAI_NONAME);
    }
    let mut digits = [b'0'; 5];
    let mut rest = port;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let start = digits.iter().position(|digit| *digit != b'0').unwrap_or(4);
    // SAFETY: the caller's contract.
    unsafe {
        put(host.0, host.1, host_text.bytes())?;
        put(
            service.0,
            service.1,
            digits.get(start..).unwrap_or_default(),
        )
    }
}

/// As POSIX `getnameinfo`; the answers are in digits, so `NI_NAMEREQD` fails.
///
/// # Safety
/// As POSIX says: `address` has its length, the buffers theirs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getnameinfo(
    address: *const c_void,
    address_len: c_uint,
    host: *mut c_char,
    host_len: c_uint,
    service: *mut c_char,
    service_len: c_uint,
    flags: c_int,
) -> c_int {
    let (host, service) = ((host, host_len), (service, service_len));
    // SAFETY: the caller's contract.
    unsafe { name(address.cast(), address_len, host, service, flags) }
        .map_or_else(|error| error, |()| 0)
}

/// What an `EAI_*` code means.
///
/// # Safety
/// None beyond the C ABI; the text must not be changed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gai_strerror(error: c_int) -> *const c_char {
    let text = match error {
        0 => c"Success",
        EAI_BADFLAGS => c"Bad value for ai_flags",
        EAI_NONAME => c"Name or service not known",
        -3 => c"Temporary failure in name resolution",
        EAI_FAIL => c"No resolver: only addresses in digits are known",
        -5 => c"No address associated with hostname",
        EAI_FAMILY => c"ai_family not supported",
        EAI_SOCKTYPE => c"ai_socktype not supported",
        EAI_SERVICE => c"Only ports in digits are known",
        EAI_MEMORY => c"Memory allocation failure",
        -11 => c"System error",
        EAI_OVERFLOW => c"Argument buffer overflow",
        _ => c"Unknown error",
    };
    text.as_ptr()
}
