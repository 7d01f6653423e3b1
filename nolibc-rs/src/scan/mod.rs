//! The `scanf` engine (C23 7.23.6.2), and reading integers.
//!
//! At most one byte that a directive does not use is taken from the source, and
//! it is given back. A field is the longest start of the input that begins an
//! item of the wanted form; when it is not such an item itself ("0x", "1e+",
//! "infi", fewer bytes than `%5c` asks for), the directive fails, as C says
//! (glibc 2.36 takes some of these for numbers). `m` allocates (POSIX); `%n$`
//! answers `EINVAL`. Integers that do not fit are clamped to 64 bits and then
//! cut, as in glibc; C leaves that undefined.
#![forbid(unsafe_code)]

mod float;
mod input;
mod integer;
mod set;

use crate::decimal::{DOUBLE, EXTENDED, Extended, FLOAT};
use crate::errno::{Errno, Result};
use crate::format::Length;

use input::Input;
use set::Set;

pub use integer::{Integer, parse_integer};

/// Where the text comes from.
pub trait Source {
    /// The next byte; `None` at the end, or where reading fails.
    fn next(&mut self) -> Option<u8>;
    /// The byte that `next` gave last was not used.
    fn back(&mut self, byte: u8);
    /// What `strtod` makes of the text from here on (`strtof` if `single`), how many
    /// bytes that is, and the byte behind them. `None`: this is no string.
    fn number(&self, single: bool) -> Option<(f64, usize, u8)> {
        let _ = single;
        None
    }
    /// Take `count` bytes that `number` saw.
    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.next();
        }
    }
}

/// The pointers behind a format, in order.
pub trait Targets {
    /// Store an integer of `size` bytes through the next pointer.
    fn integer(&mut self, size: usize, value: i64);
    /// Store a `float`.
    fn float(&mut self, value: f32);
    /// Store a `double`.
    fn double(&mut self, value: f64);
    /// Store a `long double`.
    fn long_double(&mut self, value: Extended);
    /// Take the next pointer for text, which `put` then fills; `allocate`: it
    /// points to a pointer, which gets a block of its own.
    fn begin(&mut self, kind: TextKind);
    /// One more byte of the text.
    ///
    /// # Errors
    /// `ENOMEM`: no room for more.
    fn put(&mut self, byte: u8) -> Result<()>;
    /// The text is complete, or else the directive failed.
    ///
    /// # Errors
    /// `ENOMEM`: no room for the terminator.
    fn end(&mut self, complete: bool) -> Result<()>;
}

/// What text is stored as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TextKind {
    /// `l`: wide characters.
    pub wide: bool,
    /// `m`: in a block of its own.
    pub allocate: bool,
    /// A terminator follows (all but `%c`).
    pub terminate: bool,
}

/// What a scan came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// How many targets were stored.
    pub stored: usize,
    /// The input ended too early.
    pub input_failure: bool,
}

/// How a directive may end.
enum Stop {
    /// The input ended before the directive's first byte.
    Input,
    /// The input is not what the directive wants.
    Matching,
    /// The format is wrong, or there is no memory.
    Error(Errno),
}

impl From<Errno> for Stop {
    fn from(error: Errno) -> Self {
        Self::Error(error)
    }
}

type Step<T> = core::result::Result<T, Stop>;

/// One conversion specification.
struct Spec {
    suppress: bool,
    allocate: bool,
    width: Option<usize>,
    length: Length,
    conversion: u8,
}

/// Read by `format`.
///
/// # Errors
/// - `EINVAL`: the format is not one;
/// - `ENOMEM`: no room for what `m` allocates, or for a very long number.
pub fn scan<T: Targets>(
    source: &mut dyn Source,
    format: &[u8],
    targets: &mut T,
) -> Result<Outcome> {
    let mut input = Input::new(source);
    let mut stored = 0;
    let result = directives(&mut input, format, targets, &mut stored);
    input.finish();
    match result {
        Err(Stop::Error(error)) => Err(error),
        Ok(()) | Err(Stop::Matching) => Ok(Outcome {
            stored,
            input_failure: false,
        }),
        Err(Stop::Input) => Ok(Outcome {
            stored,
            input_failure: true,
        }),
    }
}

fn directives<T: Targets>(
    input: &mut Input<'_>,
    mut format: &[u8],
    targets: &mut T,
    stored: &mut usize,
) -> Step<()> {
    while let Some((&byte, rest)) = format.split_first() {
        format = rest;
        input.limit(None);
        if is_space(byte) {
            input.skip_space();
        } else if byte != b'%' {
            input.require(byte)?;
        } else {
            let (spec, rest) = Spec::parse(format)?;
            format = if spec.conversion == b'[' {
                let (set, rest) = Set::parse(rest).ok_or(Errno::EINVAL)?;
                *stored += usize::from(text(input, &spec, targets, Some(&set))?);
                rest
            } else {
                *stored += usize::from(convert(input, &spec, targets)?);
                rest
            };
        }
    }
    Ok(())
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

impl Spec {
    fn parse(mut format: &[u8]) -> Step<(Self, &[u8])> {
        let mut take = |byte| match format.split_first() {
            Some((&first, rest)) if first == byte => {
                format = rest;
                true
            }
            _ => false,
        };
        let suppress = take(b'*');
        // Groups of digits, which the "C" locale does not have.
        while take(b'\'') {}
        let mut width = None;
        while let Some((&digit @ b'0'..=b'9', rest)) = format.split_first() {
            let digit = usize::from(digit - b'0');
            width = Some(
                width
                    .unwrap_or(0_usize)
                    .saturating_mul(10)
                    .saturating_add(digit),
            );
            format = rest;
        }
        let mut allocate = false;
        if let [b'm', rest @ ..] = format {
            allocate = true;
            format = rest;
        }
        let (length, rest) = Length::parse(format).ok_or(Errno::EINVAL)?;
        let (&conversion, rest) = rest.split_first().ok_or(Errno::EINVAL)?;
        let (length, conversion) = match conversion {
            b'C' => (Length::Long, b'c'),
            b'S' => (Length::Long, b's'),
            _ => (length, conversion),
        };
        let spec = Self {
            suppress,
            allocate,
            width,
            length,
            conversion,
        };
        Ok((spec, rest))
    }
}

/// Whether a target was stored that counts.
fn convert<T: Targets>(input: &mut Input<'_>, spec: &Spec, targets: &mut T) -> Step<bool> {
    if !matches!(spec.conversion, b'c' | b'n') {
        input.skip_space();
    }
    input.limit(spec.width);
    if spec.allocate && !matches!(spec.conversion, b'c' | b's') {
        return Err(Errno::EINVAL.into());
    }
    match spec.conversion {
        b'd' => number(input, spec, targets, 10),
        b'i' => number(input, spec, targets, 0),
        b'u' => number(input, spec, targets, 10),
        b'o' => number(input, spec, targets, 8),
        b'x' | b'X' | b'p' => number(input, spec, targets, 16),
        b'b' => number(input, spec, targets, 2),
        b'a' | b'A' | b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => float_number(input, spec, targets),
        b'c' | b's' => text(input, spec, targets, None),
        b'n' => {
            if !spec.suppress {
                let size = spec.length.size();
                targets.integer(size, input.count() as i64);
            }
            Ok(false)
        }
        b'%' => input.require(b'%').map(|()| false),
        _ => Err(Errno::EINVAL.into()),
    }
}

fn number<T: Targets>(
    input: &mut Input<'_>,
    spec: &Spec,
    targets: &mut T,
    base: u32,
) -> Step<bool> {
    let pointer = spec.conversion == b'p';
    let size = match spec.length {
        _ if pointer => 8,
        length => length.size(),
    };
    let integer = if pointer && input.peek() == Some(b'(') {
        // What printf makes of a null pointer.
        b"(nil)".iter().try_for_each(|&byte| input.require(byte))?;
        Integer::default()
    } else {
        integer::read(input, base)?
    };
    if spec.suppress {
        return Ok(false);
    }
    let value = match spec.conversion {
        b'd' | b'i' => integer.signed(i64::MIN, i64::MAX).0,
        _ => integer.unsigned().0 as i64,
    };
    targets.integer(size, value);
    Ok(true)
}

fn float_number<T: Targets>(input: &mut Input<'_>, spec: &Spec, targets: &mut T) -> Step<bool> {
    let format = match spec.length {
        Length::None => FLOAT,
        Length::Long => DOUBLE,
        Length::LongDouble => EXTENDED,
        _ => return Err(Errno::EINVAL.into()),
    };
    let single = spec.length == Length::None;
    if spec.width.is_none()
        && spec.length != Length::LongDouble
        && let Some(value) = input.number(single)
    {
        if spec.suppress {
            return Ok(false);
        }
        if single {
            targets.float(value as f32);
        } else {
            targets.double(value);
        }
        return Ok(true);
    }
    let number = float::read(input, format)?;
    if spec.suppress {
        return Ok(false);
    }
    match spec.length {
        Length::None => targets.float(number.to_float()),
        Length::Long => targets.double(number.to_double()),
        _ => targets.long_double(number.to_extended()),
    }
    Ok(true)
}

/// `%c`, `%s`, and `%[` with its set.
fn text<T: Targets>(
    input: &mut Input<'_>,
    spec: &Spec,
    targets: &mut T,
    set: Option<&Set>,
) -> Step<bool> {
    if !matches!(spec.length, Length::None | Length::Long) {
        return Err(Errno::EINVAL.into());
    }
    let fixed = spec.conversion == b'c';
    let width = spec.width.or(fixed.then_some(1));
    input.limit(width);
    input.peek().ok_or(Stop::Input)?;
    if !spec.suppress {
        targets.begin(TextKind {
            wide: spec.length == Length::Long,
            allocate: spec.allocate,
            terminate: !fixed,
        });
    }
    let mut len = 0;
    let mut result = Ok(());
    while let Some(byte) = input.peek() {
        let wanted = match set {
            Some(set) => set.contains(byte),
            None => fixed || !is_space(byte),
        };
        if !wanted {
            break;
        }
        if !spec.suppress {
            result = targets.put(byte);
            if result.is_err() {
                break;
            }
        }
        input.advance();
        len += 1;
    }
    let complete = result.is_ok() && len > 0 && (!fixed || Some(len) == width);
    if !spec.suppress {
        result = result.and(targets.end(complete));
    }
    result?;
    if complete {
        Ok(!spec.suppress)
    } else {
        Err(Stop::Matching)
    }
}
