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

use crate::decimal::{Extended, Number};
use crate::errno::{Errno, Result};
use crate::multibyte;

pub use spec::{Length, Spec};

/// Where formatted text goes.
pub trait Sink {
    /// Take `bytes`.
    ///
    /// # Errors
    /// What keeps the text from being written.
    fn write(&mut self, bytes: &[u8]) -> Result<()>;

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

/// The arguments behind a format, in order.
pub trait Args<'a> {
    /// An `int`, or anything that is promoted to it.
    fn int(&mut self) -> i32;
    /// Any 64-bit integer.
    fn long(&mut self) -> i64;
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
) -> Result<usize> {
    let mut out = Output::new(sink);
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
        let (spec, rest) = Spec::parse(rest, args)?;
        format = rest;
        convert(&mut out, &spec, args)?;
    }
    out.finish()
}

fn convert<'a, A: Args<'a>>(out: &mut Output<'_>, spec: &Spec, args: &mut A) -> Result<()> {
    match spec.conversion {
        b'd' | b'i' => {
            let value = spec.length.signed(args)?;
            integer::signed(out, spec, value)
        }
        b'u' | b'o' | b'x' | b'X' | b'b' | b'B' => {
            let value = spec.length.unsigned(args)?;
            integer::unsigned(out, spec, value)
        }
        b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'a' | b'A' => {
            let (number, extended) = match spec.length {
                Length::None | Length::Long => (Number::from(args.double()), false),
                Length::LongDouble => (Number::from(args.long_double()), true),
                _ => return Err(Errno::EINVAL),
            };
            float::float(out, spec, number, extended, args.rounding_mode())
        }
        b'c' if spec.length == Length::None => pad_around(out, spec, &[args.int() as u8]),
        b's' if spec.length == Length::None => {
            let limit = spec.precision.unwrap_or(usize::MAX);
            let text = match args.string(limit) {
                Some(text) => text,
                // Like glibc: all of it or nothing.
                None if limit >= 6 => b"(null)",
                None => b"",
            };
            pad_around(out, spec, text)
        }
        b'c' | b'C' if matches!(spec.length, Length::Long | Length::None) => {
            let byte = multibyte::encode(args.int() as u32)?;
            pad_around(out, spec, &[byte])
        }
        b's' | b'S' if matches!(spec.length, Length::Long | Length::None) => {
            wide_string(out, spec, args)
        }
        b'p' if spec.length == Length::None => integer::pointer(out, spec, args.pointer()),
        b'n' => {
            let size = spec.length.size().ok_or(Errno::EINVAL)?;
            args.store(size, out.total as i64);
            Ok(())
        }
        b'm' => pad_around(out, spec, args.error_text()),
        b'%' => {
            out.reserve(1)?;
            out.put_byte(b'%')
        }
        _ => Err(Errno::EINVAL),
    }
}

/// `%ls`: a character is a byte, so that the precision counts either.
fn wide_string<'a, A: Args<'a>>(out: &mut Output<'_>, spec: &Spec, args: &mut A) -> Result<()> {
    let limit = spec.precision.unwrap_or(usize::MAX);
    let Some(text) = args.wide_string(limit) else {
        return pad_around(out, spec, if limit >= 6 { b"(null)" } else { b"" });
    };
    for &wide in text {
        multibyte::encode(wide)?;
    }
    let padding = out.open(spec, text.len())?;
    out.fill(b' ', if spec.left { 0 } else { padding })?;
    for &wide in text {
        out.put_byte(multibyte::encode(wide)?)?;
    }
    out.fill(b' ', if spec.left { padding } else { 0 })
}

/// `text`, padded with spaces.
fn pad_around(out: &mut Output<'_>, spec: &Spec, text: &[u8]) -> Result<()> {
    let padding = out.open(spec, text.len())?;
    if padding == 0 {
        return out.put(text);
    }
    if spec.left {
        out.put(text)?;
        out.fill(b' ', padding)
    } else {
        out.fill(b' ', padding)?;
        out.put(text)
    }
}

const STAGE: usize = 192;
/// What a call may produce.
const LIMIT: usize = i32::MAX as usize;

/// Counts what is produced and gathers small pieces for the sink.
struct Output<'a> {
    sink: &'a mut dyn Sink,
    stage: [u8; STAGE],
    staged: usize,
    total: usize,
}

impl<'a> Output<'a> {
    fn new(sink: &'a mut dyn Sink) -> Self {
        Self {
            sink,
            stage: [0; STAGE],
            staged: 0,
            total: 0,
        }
    }

    /// Count `len` bytes that will follow.
    fn reserve(&mut self, len: usize) -> Result<()> {
        match self.total.checked_add(len) {
            Some(total) if total <= LIMIT => {
                self.total = total;
                Ok(())
            }
            _ => Err(Errno::EOVERFLOW),
        }
    }

    #[inline(never)]
    /// Count a field with `len` bytes of content; answers the padding it needs.
    fn open(&mut self, spec: &Spec, len: usize) -> Result<usize> {
        self.reserve(len.max(spec.width))?;
        Ok(spec.width.saturating_sub(len))
    }

    #[inline(never)]
    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        let end = self.staged + bytes.len();
        if let Some(place) = self.stage.get_mut(self.staged..end) {
            place.copy_from_slice(bytes);
            self.staged = end;
            return Ok(());
        }
        self.put_slowly(bytes)
    }

    #[cold]
    fn put_slowly(&mut self, bytes: &[u8]) -> Result<()> {
        self.flush()?;
        if bytes.len() >= STAGE {
            return self.sink.write(bytes);
        }
        self.put(bytes)
    }

    /// One byte.
    fn put_byte(&mut self, byte: u8) -> Result<()> {
        match self.stage.get_mut(self.staged) {
            Some(place) => {
                *place = byte;
                self.staged += 1;
                Ok(())
            }
            None => self.put_slowly(&[byte]),
        }
    }

    /// `count` times `byte`, often none.
    fn fill(&mut self, byte: u8, count: usize) -> Result<()> {
        if count == 0 {
            Ok(())
        } else {
            self.fill_some(byte, count)
        }
    }

    #[inline(never)]
    fn fill_some(&mut self, byte: u8, count: usize) -> Result<()> {
        let end = self.staged.saturating_add(count);
        if let Some(place) = self.stage.get_mut(self.staged..end) {
            place.fill(byte);
            self.staged = end;
            return Ok(());
        }
        self.flush()?;
        self.sink.fill(byte, count)
    }

    fn flush(&mut self) -> Result<()> {
        let staged = self.stage.get(..self.staged).unwrap_or_default();
        self.staged = 0;
        if staged.is_empty() {
            Ok(())
        } else {
            self.sink.write(staged)
        }
    }

    fn finish(&mut self) -> Result<usize> {
        self.flush()?;
        Ok(self.total)
    }
}
