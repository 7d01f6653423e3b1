//! The `printf` engine (C23 7.23.6.1).
//!
//! One pass over the format; arguments are taken one at a time through
//! [`Args`], text leaves through [`Sink`]. Beyond C23: `%m`, `%C`, `%S`, the
//! flag `'` (which groups nothing in the "C" locale), and "(null)" and "(nil)"
//! for null, all as in glibc. What the standard leaves undefined (an unknown
//! conversion, a length that does not fit it) and POSIX's `%n$` answer `EINVAL`.
#![forbid(unsafe_code)]

mod float;
mod hex;
mod integer;
mod spec;

use crate::buffer::Gathered;
use crate::decimal::{Extended, Number};
use crate::errno::{Errno, Result};
use crate::multibyte;

pub use spec::{Length, Sign, Spec};

/// Where formatted text goes.
pub trait Sink {
    /// Take `bytes`.
    ///
    /// # Errors
    /// What keeps the text from being written.
    fn write(&mut self, bytes: &[u8]) -> Result<()>;

    /// Take a sign and a text of at most 24 bytes that is in registers. What is stored in
    /// pieces and loaded in one would have to wait for the stores.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    fn write_short(&mut self, sign: Sign, text: Short) -> Result<()> {
        let mut bytes = [sign.byte(); 25];
        if let Some((_, place)) = bytes.split_first_chunk_mut::<1>() {
            place.copy_from_slice(&text.bytes());
        }
        let end = (1 + text.len).min(bytes.len());
        self.write(bytes.get(1 - sign.width()..end).unwrap_or_default())
    }

    /// Take `count` times `byte`.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    fn fill(&mut self, byte: u8, mut count: usize) -> Result<()> {
        let some = [byte; 64];
        while let Some(bytes) = some.get(..count.min(some.len()))
            && !bytes.is_empty()
        {
            self.write(bytes)?;
            count -= bytes.len();
        }
        Ok(())
    }
}

/// A text of at most 24 bytes.
#[derive(Clone, Copy)]
pub struct Short {
    /// Its first 16 bytes, the first one lowest.
    pub low: u128,
    /// The other ones.
    pub high: u64,
    /// How many of these bytes there are.
    pub len: usize,
}

impl Short {
    /// All 24 bytes.
    pub fn bytes(self) -> [u8; 24] {
        let mut bytes = [0; 24];
        if let Some((low, high)) = bytes.split_first_chunk_mut::<16>() {
            *low = self.low.to_le_bytes();
            high.copy_from_slice(&self.high.to_le_bytes());
        }
        bytes
    }
}

/// Gathers small pieces for a sink to which each one is expensive.
pub struct Staged<'a> {
    sink: &'a mut dyn Sink,
    stage: Gathered<192>,
}

impl<'a> Staged<'a> {
    /// In front of `sink`.
    pub fn new(sink: &'a mut dyn Sink) -> Self {
        let stage = Gathered::default();
        Self { sink, stage }
    }

    /// Pass on what was gathered.
    ///
    /// # Errors
    /// What the sink answers.
    pub fn flush(&mut self) -> Result<()> {
        let staged = self.stage.bytes();
        let result = match staged {
            [] => Ok(()),
            _ => self.sink.write(staged),
        };
        self.stage.clear();
        result
    }
}

impl Sink for Staged<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        if self.stage.push(bytes) {
            return Ok(());
        }
        self.flush()?;
        if self.stage.push(bytes) {
            return Ok(());
        }
        self.sink.write(bytes)
    }
}

/// The arguments behind a format, in order.
pub trait Args<'a> {
    /// Any integer; the upper bits of a narrow one are garbage.
    fn word(&mut self) -> u64;
    /// A `double`.
    fn double(&mut self) -> f64;
    /// A `long double`.
    fn long_double(&mut self) -> Extended;
    /// An address, as `%p` shows it.
    fn pointer(&mut self) -> usize;
    /// A string of at most `limit` bytes; `None` for null.
    fn string(&mut self, limit: usize) -> Option<&'a [u8]>;
    /// A wide string of at most `limit` characters; `None` for null.
    fn wide_string(&mut self, limit: usize) -> Option<&'a [u32]>;
    /// Store a count through a pointer to an integer of `size` bytes.
    fn store(&mut self, size: usize, count: i64);
    /// The text of the calling thread's `errno`.
    fn error_text(&mut self) -> &'static [u8];
    /// MXCSR's rounding mode: 0 nearest, 1 down, 2 up, 3 toward zero.
    fn rounding_mode(&self) -> u32;
}

/// Format; answers the number of bytes produced.
///
/// # Errors
/// - `EINVAL`: see the module's introduction;
/// - `EOVERFLOW`: more than `INT_MAX` bytes;
/// - `EILSEQ`: a wide character that is none;
/// - what the sink answers.
pub fn format<'a, A: Args<'a>>(
    sink: &mut dyn Sink,
    mut format: &[u8],
    args: &mut A,
) -> Result<i32> {
    let mut out = Output { sink, total: 0 };
    loop {
        let plain = format
            .iter()
            .position(|&byte| byte == b'%')
            .unwrap_or(format.len());
        let (text, rest) = format.split_at(plain);
        if !text.is_empty() {
            out.reserve(text.len())?;
            out.put(text)?;
        }
        let Some(rest) = rest.get(1..) else { break };
        let mut spec = Spec::NONE;
        let is_double = match spec.plain_double(rest) {
            Some(after) => {
                format = after;
                true
            }
            None => {
                format = spec.parse(rest, args)?;
                // The usual integer is known by one comparison.
                spec.conversion != b'd' && spec.is_double()
            }
        };
        if is_double {
            float::float(&mut out, &mut spec, args.double(), args.rounding_mode())?;
        } else {
            convert(&mut out, &mut spec, args)?;
        }
    }
    Ok(out.total as i32)
}

#[inline(always)]
fn convert<'a, A: Args<'a>>(out: &mut Output<'_>, spec: &mut Spec, args: &mut A) -> Result<()> {
    match spec.conversion {
        b'd' | b'i' | b'u' => {
            let unused = 64 - 8 * spec.length.size() as u32;
            let word = args.word() << unused;
            let (magnitude, sign) = if spec.conversion == b'u' {
                (word >> unused, Sign::NONE)
            } else {
                let value = word as i64 >> unused;
                (value.unsigned_abs(), spec.sign(value < 0))
            };
            integer::decimals(out, spec, magnitude, sign)
        }
        b's' if spec.length == Length::None => {
            let limit = spec.precision.unwrap_or(usize::MAX);
            string(out, spec, args.string(limit), limit)
        }
        b'%' => {
            out.reserve(1)?;
            out.put(b"%")
        }
        _ => convert_rarely(out, spec, args),
    }
}

#[inline(never)]
fn convert_rarely<'a, A: Args<'a>>(
    out: &mut Output<'_>,
    spec: &mut Spec,
    args: &mut A,
) -> Result<()> {
    match spec.conversion {
        b'o' | b'x' | b'X' | b'b' | b'B' => {
            let unused = 64 - 8 * spec.length.size() as u32;
            let word = args.word() << unused;
            integer::powers(out, spec, word >> unused, Sign::NONE)
        }
        b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'a' | b'A'
            if spec.length == Length::LongDouble =>
        {
            let number = Number::from(args.long_double());
            float::any(out, spec, number, true, args.rounding_mode())
        }
        b'c' if spec.length == Length::None => character(out, spec, args.word() as u8),
        b'c' | b'C' if matches!(spec.length, Length::Long | Length::None) => {
            let byte = multibyte::encode(args.word() as u32)?;
            character(out, spec, byte)
        }
        b's' | b'S' if matches!(spec.length, Length::Long | Length::None) => {
            wide_string(out, spec, args)
        }
        b'p' if spec.length == Length::None => integer::pointer(out, spec, args.pointer()),
        b'n' => {
            args.store(spec.length.size(), out.total as i64);
            Ok(())
        }
        b'm' => string(out, spec, Some(args.error_text()), usize::MAX),
        _ => Err(Errno::EINVAL),
    }
}

/// Text, padded with spaces; null has a name, all of it or nothing, like glibc's.
#[inline(never)]
fn string(out: &mut Output<'_>, spec: &mut Spec, text: Option<&[u8]>, limit: usize) -> Result<()> {
    let text = match text {
        Some(text) => text,
        None if limit >= 6 => b"(null)",
        None => b"",
    };
    spec.zero = false;
    hot_field(out, spec, text, 0, 0)
}

fn character(out: &mut Output<'_>, spec: &mut Spec, byte: u8) -> Result<()> {
    string(out, spec, Some(&[byte]), 1)
}

/// `%ls`: a character is a byte, so that the precision counts either.
fn wide_string<'a, A: Args<'a>>(out: &mut Output<'_>, spec: &mut Spec, args: &mut A) -> Result<()> {
    let limit = spec.precision.unwrap_or(usize::MAX);
    let Some(text) = args.wide_string(limit) else {
        return string(out, spec, None, limit);
    };
    for &wide in text {
        multibyte::encode(wide)?;
    }
    spec.zero = false;
    let right = open(out, spec, b"", text.len())?;
    for &wide in text {
        out.put(&[multibyte::encode(wide)?])?;
    }
    out.fill(b' ', right)
}

/// A field with `text` in it, the first `prefix` bytes of which are a sign or a
/// base, and `zeros` behind these.
#[inline(never)]
fn field(
    out: &mut Output<'_>,
    spec: &Spec,
    text: &[u8],
    prefix: usize,
    zeros: usize,
) -> Result<()> {
    let (prefix, body) = text.split_at_checked(prefix).unwrap_or((b"", text));
    let right = open(out, spec, prefix, zeros.saturating_add(body.len()))?;
    out.fill(b'0', zeros)?;
    out.put(body)?;
    out.fill(b' ', right)
}

/// [`field`], sooner for what needs no padding.
#[inline(always)]
fn hot_field(
    out: &mut Output<'_>,
    spec: &Spec,
    text: &[u8],
    prefix: usize,
    zeros: usize,
) -> Result<()> {
    if spec.width <= text.len() && zeros == 0 {
        out.reserve(text.len())?;
        return out.put(text);
    }
    field(out, spec, text, prefix, zeros)
}

/// The padding, the prefix and the zeros before `len` bytes of content; answers
/// the spaces that are to follow it.
#[inline(never)]
fn open(out: &mut Output<'_>, spec: &Spec, prefix: &[u8], len: usize) -> Result<usize> {
    let len = len.saturating_add(prefix.len());
    out.reserve(len.max(spec.width))?;
    let padding = spec.width.saturating_sub(len);
    let (spaces, zeros, right) = match (spec.left, spec.zero) {
        (true, _) => (0, 0, padding),
        (_, true) => (0, padding, 0),
        _ => (padding, 0, 0),
    };
    out.fill(b' ', spaces)?;
    if !prefix.is_empty() {
        out.put(prefix)?;
    }
    out.fill(b'0', zeros)?;
    Ok(right)
}

/// What a call may produce.
const LIMIT: usize = i32::MAX as usize;

/// Counts what is produced.
struct Output<'a> {
    sink: &'a mut dyn Sink,
    /// At most [`LIMIT`].
    total: usize,
}

impl Output<'_> {
    /// Count `len` bytes that will follow.
    #[inline(always)]
    fn reserve(&mut self, len: usize) -> Result<()> {
        if len > LIMIT - self.total {
            return Err(Errno::EOVERFLOW);
        }
        self.total += len;
        Ok(())
    }

    #[inline(always)]
    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.sink.write(bytes)
    }

    /// `count` times `byte`, often none.
    #[inline(always)]
    fn fill(&mut self, byte: u8, count: usize) -> Result<()> {
        if count == 0 {
            Ok(())
        } else {
            self.sink.fill(byte, count)
        }
    }
}
