//! `cargo xtask bench bytes`: `<string.h>` against glibc and musl, by length, aligned and not.
//!
//! Every call of a row takes the next of many pairs of places, so that neither the places nor,
//! in a mix, the lengths can be learned by a branch predictor. What counts is the ratio to
//! glibc in each row; the least favourable one of each function is printed beside its bound. A
//! ratio above that is measured twice again when all else was, and the median of the three
//! counts: one measurement takes milliseconds, and others use the machine.

use std::ffi::c_void;
use std::time::Duration;

use crate::measure::{self, Effort, Row};
use crate::table::{Table, number};
use crate::{Options, Result, glibc};

/// Any of these functions. What it does not take it does not look at, and what it returns is
/// not looked at: the ABI passes the first three words in registers, whatever they are.
type Function = unsafe extern "C" fn(usize, usize, usize) -> usize;

/// Ours may take so much more time than glibc in any row.
const BOUND: f64 = 1.10;

macro_rules! functions {
    ($($name:literal $what:ident $ours:ident $musl:ident)*) => {
        unsafe extern "C" {
            $(fn $ours(a: usize, b: usize, c: usize) -> usize;
            fn $musl(a: usize, b: usize, c: usize) -> usize;)*
        }
        const FUNCTIONS: &[(&str, What, Function, Function)] =
            &[$(($name, What::$what, $ours, $musl)),*];
    };
}

functions! {
    "memcpy" Copy nolibc_memcpy musl_memcpy
    "memmove" Move nolibc_memmove musl_memmove
    "memset" Set nolibc_memset musl_memset
    "memcmp" Compare nolibc_memcmp musl_memcmp
    "memchr" Find nolibc_memchr musl_memchr
    "strlen" Length nolibc_strlen musl_strlen
    "memrchr" FindLast nolibc_memrchr musl_memrchr
    "strnlen" LengthAtMost nolibc_strnlen musl_strnlen
    "strchr" FindInString nolibc_strchr musl_strchr
    "strcmp" CompareStrings nolibc_strcmp musl_strcmp
    "strcpy" CopyString nolibc_strcpy musl_strcpy
}

/// Of how many of these functions the bound speaks: the first ones.
const BOUNDED: usize = 6;

/// What a function does with two places and a length.
#[derive(Clone, Copy, PartialEq)]
enum What {
    Copy,
    Move,
    Set,
    Compare,
    Find,
    FindLast,
    Length,
    LengthAtMost,
    FindInString,
    CompareStrings,
    CopyString,
}

impl What {
    /// Whether it ends at a byte of memory.
    fn is_search(self) -> bool {
        use What::*;
        !matches!(self, Copy | Move | Set | Compare | FindLast)
    }

    /// Whether it takes two places.
    fn takes_two(self) -> bool {
        use What::*;
        matches!(self, Copy | Move | Compare | CompareStrings | CopyString)
    }

    /// The arguments for `len` bytes at `a` and `b`.
    fn arguments(self, a: usize, b: usize, len: usize) -> [usize; 3] {
        use What::*;
        match self {
            Copy | Move | Compare => [a, b, len],
            Set | FindLast => [a, 5, len],
            Find => [a, 0, len + 1],
            Length => [a, 0, 0],
            LengthAtMost => [a, len + 100, 0],
            FindInString => [a, 7, 0],
            CompareStrings => [a, b, 0],
            // Away from the string itself.
            CopyString => [b, a, 0],
        }
    }
}

/// How the places of a row lie.
#[derive(Clone, Copy, PartialEq)]
enum Places {
    /// Multiples of 64.
    Aligned,
    /// The first (or only) one is odd.
    FirstOdd,
    /// The second one is odd.
    SecondOdd,
    /// Any.
    Any,
    /// The blocks overlap, and the copy goes to lower addresses.
    Down,
    /// The blocks overlap, and the copy goes to higher addresses.
    Up,
    /// At nearly the same offset in two pages.
    SamePart,
}

const PLACES: [(Places, &str); 7] = [
    (Places::Aligned, "aligned"),
    (Places::FirstOdd, "1st odd"),
    (Places::SecondOdd, "2nd odd"),
    (Places::Any, "any"),
    (Places::Down, "down"),
    (Places::Up, "up"),
    (Places::SamePart, "4K alias"),
];

impl Places {
    fn suit(self, what: What) -> bool {
        match self {
            Self::SecondOdd => what.takes_two(),
            Self::Down | Self::Up => what == What::Move,
            Self::SamePart => what == What::Copy,
            _ => true,
        }
    }
}

/// Lengths of a row.
#[derive(Clone, Copy)]
enum Lengths {
    One(usize),
    /// From 1 to so many, all as likely.
    UpTo(usize),
    /// As in programs: most are short, some as long as a packet.
    Packets,
}

const MIXES: [Lengths; 3] = [Lengths::UpTo(16), Lengths::UpTo(64), Lengths::Packets];
const PACKET: usize = 1514;
const LONGEST: usize = 1 << 20;

/// All that differ in method, in ours or in glibc's, and what lies between.
#[rustfmt::skip]
const LENGTHS: [usize; 82] = [
    1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 20, 24, 31, 32, 33, 40, 48, 56, 63, 64, 65, 72, 80,
    81, 96, 97, 100, 112, 127, 128, 129, 144, 160, 192, 200, 224, 255, 256, 257, 300, 320, 384,
    400, 448, 512, 600, 640, 768, 800, 1000, 1024, 1200, 1500, 1514, 1792, 2000, 2047, 2048, 2100,
    2200, 2500, 3000, 3500, 4000, 4096, 5000, 6000, 8192, 10_000, 12_288, 16_384, 24_576, 32_768,
    49_152, 65_536, 100_000, 131_072, 262_144, 524_288, LONGEST,
];
const QUICK_LENGTHS: [usize; 4] = [7, 64, 1000, 65_536];

/// A repeatable sequence of numbers (xorshift).
struct Noise(u64);

impl Noise {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % end
    }
}

impl Lengths {
    fn next(self, noise: &mut Noise) -> usize {
        match self {
            Self::One(len) => len,
            Self::UpTo(end) => 1 + noise.below(end),
            Self::Packets => match noise.below(100) {
                0..40 => noise.below(17),
                40..75 => noise.below(65),
                75..92 => noise.below(257),
                _ => noise.below(PACKET + 1),
            },
        }
    }

    fn name(self) -> String {
        match self {
            Self::One(len) => len.to_string(),
            Self::UpTo(end) => format!("1 to {end}, mixed"),
            Self::Packets => format!("0 to {PACKET}, mixed"),
        }
    }
}

/// Two areas for the life of the program, page-aligned, at different offsets in 4 KiB.
struct Areas {
    a: &'static mut [u8],
    b: &'static mut [u8],
}

/// Room in front of and behind the longest block.
const ROOM: usize = 3 << 16;

impl Areas {
    fn new() -> Self {
        let memory = vec![1; 2 * (LONGEST + 2 * ROOM) + 4096].leak();
        let offset = memory.as_ptr().align_offset(4096);
        let (a, rest) = memory[offset..].split_at_mut(LONGEST + 2 * ROOM);
        Self {
            a,
            b: &mut rest[1536..],
        }
    }

    /// The arguments of the calls of a row, and memory as they want it.
    fn calls(&mut self, what: What, lengths: Lengths, places: Places) -> Vec<[usize; 3]> {
        self.a.fill(1);
        self.b.fill(1);
        let mut noise = Noise(88_172_645_463_325_252);
        let (a, b) = (self.a.as_ptr().addr(), self.b.as_ptr().addr());
        let count = match lengths {
            Lengths::One(_) => 64,
            _ => 16_384,
        };
        let mut calls = Vec::new();
        let mut strings: Vec<(usize, usize, usize, usize)> = Vec::new();
        for at in 0..count {
            let len = lengths.next(&mut noise);
            let (x, y) = (noise.below(64), noise.below(64));
            let (first, second) = match places {
                Places::Aligned => (0, 0),
                Places::FirstOdd => (x | 1, 0),
                Places::SecondOdd => (0, y | 1),
                _ => (x, y),
            };
            // Each string has its own end, in a slot that it shares with none; long ones
            // are one.
            let (slot, first, second, len) = match (what.is_search(), lengths) {
                (false, _) => (ROOM, first, second, len),
                (true, Lengths::One(len)) if len > 4096 => {
                    let odd = |skew: usize| 11 * usize::from(skew != 0 || places == Places::Any);
                    (ROOM, odd(first), odd(second), len)
                }
                (true, Lengths::One(len)) => (at * ((len + 191) & !63), first, second, len),
                (true, _) if at < 512 => (at * 1664, first, second, len),
                (true, _) => strings[noise.below(512)],
            };
            if strings.len() < 512 {
                strings.push((slot, first, second, len));
            }
            let (mut to, mut from) = (a + slot + first, b + slot + second);
            match places {
                Places::Down => from = to + 32 + (y & 31),
                Places::Up => (to, from) = (to + 32 + (y & 31), to),
                Places::SamePart => from = to + len.next_multiple_of(4096) + 4064 + (y & 63),
                _ => {}
            }
            if what.is_search() {
                self.a[slot + first + len] = if what == What::FindInString { 7 } else { 0 };
                self.b[slot + second + len] = 0;
            }
            calls.push(what.arguments(to, from, len));
        }
        calls
    }
}

/// One contender's workload: the next call, again and again.
fn work(function: Function, calls: &[[usize; 3]]) -> impl FnMut() -> usize + 'static {
    let calls = calls.to_vec();
    let mask = calls.len() - 1;
    let mut at = 0;
    move || {
        at = (at + 1) & mask;
        let [a, b, c] = calls[at];
        // SAFETY: `Areas::calls` made these for functions of this kind, inside the areas.
        unsafe { function(a, b, c) }
    }
}

/// Measures a ratio.
type Measurement = dyn Fn(&mut Areas, Effort) -> f64;

/// A ratio of ours to glibc, where it was met, and what measures it again.
struct Cell {
    ratio: f64,
    place: String,
    again: Box<Measurement>,
}

/// Those of a function; how many were measured again.
#[derive(Default)]
struct Ratios {
    cells: Vec<Cell>,
    again: usize,
}

impl Ratios {
    fn measure_again(&mut self, areas: &mut Areas, effort: Effort) {
        for cell in self.cells.iter_mut().filter(|cell| cell.ratio > BOUND) {
            let [second, third] = [(); 2].map(|()| (cell.again)(areas, effort));
            cell.ratio = measure::median(vec![cell.ratio, second, third]);
            self.again += 1;
        }
    }

    fn print(&mut self, name: &str, is_bounded: bool) {
        self.cells.sort_by(|a, b| b.ratio.total_cmp(&a.ratio));
        let Some(Cell { ratio, place, .. }) = self.cells.first() else {
            return;
        };
        let mean = measure::geometric_mean(self.cells.iter().map(|cell| cell.ratio));
        let above = self.cells.iter().filter(|cell| cell.ratio > BOUND).count();
        let verdict = match (is_bounded, above) {
            (false, _) => String::new(),
            (true, 0) => format!(" (bound {BOUND:.2}): kept"),
            (true, _) => format!(" (bound {BOUND:.2}): {above} of {} above", self.cells.len()),
        };
        let again = match self.again {
            0 => String::new(),
            count => format!(", {count} measured again"),
        };
        println!(
            "{name}: ours/glibc {mean:.2} in the mean, at most {ratio:.2} ({place}){verdict}{again}"
        );
    }
}

/// Measure and print.
///
/// # Errors
/// glibc lacks a function.
pub fn run(options: &Options) -> Result<()> {
    if options.instructions {
        return Err("bytes are only timed: `rep movsb` is one instruction".into());
    }
    let effort = Effort {
        rounds: if options.quick { 5 } else { 41 },
        slice: Duration::from_micros(60),
    };
    let lengths: &[usize] = if options.quick {
        &QUICK_LENGTHS
    } else {
        &LENGTHS
    };
    let mut areas = Areas::new();
    let mut summary = Vec::new();
    for (index, (name, what, ours, musl)) in FUNCTIONS.iter().enumerate() {
        if !name.contains(&options.only) {
            continue;
        }
        // SAFETY: a function, to be called as `Function` says.
        let glibc = unsafe { std::mem::transmute::<*mut c_void, Function>(glibc::function(name)?) };
        let places: Vec<_> = PLACES.iter().filter(|place| place.0.suit(*what)).collect();
        let mut columns = vec!["ours", "glibc", "musl"];
        columns.extend(places.iter().map(|place| place.1));
        let table = Table::new(&format!("{name}: ns, ours/glibc"), &columns);
        let mut ratios = Ratios::default();
        for length in lengths.iter().copied().map(Lengths::One).chain(MIXES) {
            let mut times = Vec::new();
            let mut cells = Vec::new();
            for (place, place_name) in &places {
                // A mix is measured once.
                let is_mix = !matches!(length, Lengths::One(_));
                if is_mix && *place != Places::Any {
                    cells.push(String::new());
                    continue;
                }
                let calls = areas.calls(*what, length, *place);
                let mut row = Row::new(*name)
                    .with("ours", work(*ours, &calls))
                    .with("glibc", work(glibc, &calls));
                if *place == Places::Any {
                    row = row.with("musl", work(*musl, &calls));
                }
                let timings = measure::time(&mut row, effort);
                if *place == Places::Any {
                    times.extend(timings.iter().map(|timing| number(timing.ns)));
                }
                let ratio = 1.0 / timings[1].ratio;
                ratios.cells.push(Cell {
                    ratio,
                    place: format!("{}, {place_name}", length.name()),
                    again: Box::new(move |areas, effort| {
                        let calls = areas.calls(*what, length, *place);
                        let mut row = Row::new(*name)
                            .with("ours", work(*ours, &calls))
                            .with("glibc", work(glibc, &calls));
                        1.0 / measure::time(&mut row, effort)[1].ratio
                    }),
                });
                cells.push(format!("{ratio:.2}"));
            }
            times.extend(cells);
            table.row(&length.name(), times);
        }
        println!();
        summary.push((*name, index < BOUNDED, ratios));
    }
    for (name, is_bounded, mut ratios) in summary {
        if is_bounded {
            ratios.measure_again(&mut areas, effort);
        }
        ratios.print(name, is_bounded);
    }
    Ok(())
}
