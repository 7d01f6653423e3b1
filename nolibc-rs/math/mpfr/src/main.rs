//! The functions of nolibc-math against MPFR.
//!
//! - `cargo run --release -- accuracy [--count N] [--seed S] [--rival FILE.so] [NAME...]`:
//!   the largest error of each function, in units in the last place, beside its tolerance;
//!   with a rival, also that of the function of the same name in a shared library.
//! - `... checksums`: verify the results that ../tests/functions.h has checksums of, and
//!   write these anew.
//! - `... tables`: check the generated tables; `tables --write` makes them anew.
//! - `... floats [NAME...]`: every function of one float, for all 2^32 of them.

mod error;
mod oracle;
mod rival;
mod tables;
mod tolerances;

#[path = "../../tests/shared/arguments.rs"]
mod arguments;
#[path = "../../tests/shared/functions.rs"]
#[expect(dead_code, reason = "the host's tests use the rest")]
mod functions;

use std::fs;
use std::process::ExitCode;

use error::Worst;
use functions::{COUNTS, Entry};

const LIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/functions.h");

#[derive(Default)]
struct Options {
    count: Option<usize>,
    seed: u64,
    rival: Option<String>,
    write: bool,
    names: Vec<String>,
}

fn options(words: impl Iterator<Item = String>) -> Options {
    let mut options = Options::default();
    let mut words = words;
    while let Some(word) = words.next() {
        match word.as_str() {
            "--count" => options.count = words.next().and_then(|n| n.parse().ok()),
            "--seed" => options.seed = words.next().and_then(|n| n.parse().ok()).unwrap_or(0),
            "--rival" => options.rival = words.next(),
            "--write" => options.write = true,
            _ => options.names.push(word),
        }
    }
    options
}

fn entries(options: &Options) -> Vec<Entry> {
    let list = fs::read_to_string(LIST).expect("tests/functions.h");
    let wanted = |entry: &Entry| options.names.is_empty() || options.names.contains(&entry.name);
    list.lines()
        .filter_map(functions::parse)
        .filter(wanted)
        .collect()
}

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let options = options(words);
    let well = match command.as_str() {
        "accuracy" => accuracy(&options),
        "checksums" => checksums(),
        "tables" => tables::main(options.write),
        "floats" => floats(&options),
        _ => {
            eprintln!("accuracy, checksums, tables or floats; see src/main.rs");
            false
        }
    };
    if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The worst of `count` results, and of a rival's.
fn measure(entry: &Entry, seed: u64, count: usize, rival: Option<&rival::Call>) -> [Worst; 2] {
    let base = if entry.is_single() {
        entry.name.trim_end_matches('f')
    } else {
        &entry.name
    };
    // erff and the like lose one f only.
    let base = if entry.is_single() {
        &entry.name[..entry.name.len() - 1]
    } else {
        base
    };
    let mut worst = [Worst::default(), Worst::default()];
    for call in entry.calls(seed, count) {
        let want = oracle::value(base, call.arguments);
        worst[0].look(&want, call.result, call.arguments, entry.is_single());
        if let Some(rival) = rival {
            worst[1].look(
                &want,
                rival(call.arguments),
                call.arguments,
                entry.is_single(),
            );
        }
    }
    worst
}

fn accuracy(options: &Options) -> bool {
    let count = options.count.unwrap_or(100_000);
    let mut well = true;
    for entry in entries(options) {
        let rival = options
            .rival
            .as_deref()
            .and_then(|file| rival::find(file, &entry));
        let [ours, theirs] = measure(&entry, options.seed, count, rival.as_ref());
        let (bound, reason) = tolerances::of(&entry.name);
        let kept = ours.ulp <= bound;
        well &= kept;
        let mark = if kept { "ok" } else { "FAILED" };
        print!(
            "{mark:<7}{:<11}{:8.4} of {bound:<7}{ours}",
            entry.name, ours.ulp
        );
        if rival.is_some() {
            let worse = if ours.ulp > theirs.ulp && ours.ulp > 0.502 {
                "  WORSE THAN RIVAL"
            } else {
                ""
            };
            print!("  rival {:.4}{worse}", theirs.ulp);
        }
        println!("  {reason}");
    }
    well
}

fn checksums() -> bool {
    let list = fs::read_to_string(LIST).expect("tests/functions.h");
    let mut text = String::new();
    let mut well = true;
    for line in list.lines() {
        let Some(entry) = functions::parse(line) else {
            text += line;
            text += "\n";
            continue;
        };
        let [ours, _] = measure(&entry, 0, COUNTS[1], None);
        let (bound, _) = tolerances::of(&entry.name);
        if ours.ulp > bound {
            println!(
                "{}: {:.4} ULP, more than {bound}{ours}",
                entry.name, ours.ulp
            );
            well = false;
        }
        let mut words: Vec<String> = line
            .trim_end_matches(')')
            .split(", ")
            .map(String::from)
            .collect();
        let at = words.len() - 2;
        for (word, count) in words[at..].iter_mut().zip(COUNTS) {
            *word = format!("0x{:016x}", entry.checksum(count));
        }
        text += &words.join(", ");
        text += ")\n";
    }
    if well {
        fs::write(LIST, text).expect("tests/functions.h can be written");
    }
    well
}

fn floats(options: &Options) -> bool {
    let mut well = true;
    for entry in entries(options)
        .iter()
        .filter(|entry| entry.is_single() && entry.arity() == 1)
    {
        let base = &entry.name[..entry.name.len() - 1];
        let mut worst = Worst::default();
        let step = options
            .count
            .map_or(1, |count| (1usize << 32).div_ceil(count.max(1)));
        for bits in (0..=u32::MAX).step_by(step) {
            let arguments = [f32::from_bits(bits).into(), 0.0, 0.0];
            worst.look(
                &oracle::value(base, arguments),
                entry.call(arguments),
                arguments,
                true,
            );
        }
        let (bound, _) = tolerances::of(&entry.name);
        println!("{:<11}{:10.6} of {bound}{worst}", entry.name, worst.ulp);
        well &= worst.ulp <= bound;
    }
    well
}
