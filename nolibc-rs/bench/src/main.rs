//! Measures nolibc-rs against other C libraries and allocators, in one process and on the
//! code that users link. `cargo xtask bench SUBJECT` builds and runs it.

mod bytes;
mod glibc;
mod malloc;
mod math;
mod measure;
mod nolibc;
mod rival;
mod table;
mod text;

use std::ffi::OsString;
use std::process::ExitCode;

use measure::{Effort, REGION, Row};
use rival::Rival;
use table::{Table, number};

/// Errors end the program with their text.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const USAGE: &str = "nolibc-bench malloc|text|math|bytes [--quick] [--instructions] \
    [--native] [--only TEXT] [--rival FILE] [--part time|space|loss|refused|worst] \
    [--allocators NAMES] [--convert FROM TO]";

/// What the command line says.
pub struct Options {
    subject: String,
    /// See that all works; the figures are worth little.
    quick: bool,
    /// Count instructions instead of taking times.
    instructions: bool,
    /// Let glibc use all that the processor has.
    native: bool,
    /// Only rows whose name has this in it.
    only: String,
    /// `text`, `math`: a shared library with functions of the same names.
    rival: Option<OsString>,
    /// Only this part of `malloc`.
    part: String,
    /// `malloc`: only these allocators, with commas between; empty: all.
    allocators: String,
    /// Turn a recording into a trace.
    convert: Option<[String; 2]>,
    /// For callgrind: contender, row, iterations.
    region: Option<[String; 3]>,
}

fn options() -> Result<Options> {
    let mut words = std::env::args().skip(1);
    let mut options = Options {
        subject: words.next().ok_or(USAGE)?,
        quick: false,
        instructions: false,
        native: false,
        only: String::new(),
        rival: None,
        part: String::new(),
        allocators: String::new(),
        convert: None,
        region: None,
    };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--quick" => options.quick = true,
            "--instructions" => options.instructions = true,
            "--native" => options.native = true,
            "--only" => options.only = words.next().ok_or(USAGE)?,
            "--rival" => options.rival = Some(words.next().ok_or(USAGE)?.into()),
            "--allocators" => options.allocators = words.next().ok_or(USAGE)?,
            "--part" => options.part = words.next().ok_or(USAGE)?,
            "--convert" => {
                let mut next = || words.next().ok_or(USAGE);
                options.convert = Some([next()?, next()?]);
            }
            REGION => {
                let mut next = || words.next().ok_or(USAGE);
                options.region = Some([next()?, next()?, next()?]);
            }
            _ => return Err(format!("{word}: {USAGE}").into()),
        }
    }
    Ok(options)
}

fn main() -> ExitCode {
    match options().and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    if options.subject == "malloc" {
        return malloc::run(options);
    }
    if !options.native {
        glibc::limit()?;
    }
    nolibc::start();
    let limit = if options.native { "all it has" } else { "SSE2" };
    println!("{}: glibc uses {limit}", options.subject);
    if options.subject == "bytes" {
        return bytes::run(options);
    }
    let rival = options.rival.as_deref().map(Rival::load).transpose()?;
    let rows = match options.subject.as_str() {
        "text" => text::rows(rival)?,
        "math" => math::rows(rival)?,
        other => return Err(format!("{other}: {USAGE}").into()),
    };
    let wanted = |row: &Row| row.name.contains(&options.only);
    let mut rows: Vec<Row> = rows.into_iter().filter(wanted).collect();
    if let Some([contender, name, iterations]) = &options.region {
        let row = rows.iter_mut().find(|row| row.name == *name);
        return measure::region(row.ok_or("no such row")?, contender, iterations.parse()?);
    }
    print(&mut rows, options)
}

/// The names of all contenders, in the order in which rows name them.
fn contenders(rows: &[Row]) -> Vec<&'static str> {
    let mut names = Vec::new();
    for (name, _) in rows.iter().flat_map(|row| &row.contenders) {
        if !names.contains(name) {
            names.push(*name);
        }
    }
    names
}

/// Measure all rows and print them, with the geometric mean of each contender's ratio to ours.
fn print(rows: &mut [Row], options: &Options) -> Result<()> {
    let names = contenders(rows);
    let mut columns: Vec<String> = names.iter().map(|name| name.to_string()).collect();
    columns.extend(names.iter().skip(1).map(|name| format!("{name}/ours")));
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let unit = if options.instructions {
        "instructions"
    } else {
        "ns"
    };
    let table = Table::new(unit, &columns);
    let mut ratios = vec![Vec::new(); names.len()];
    for row in rows {
        let figures = figures(row, options)?;
        let of = |name: &str| figures.iter().find(|figure| figure.0 == name);
        let mut cells: Vec<String> = Vec::new();
        cells.extend(
            names
                .iter()
                .map(|name| of(name).map_or(String::new(), |f| number(f.1))),
        );
        for (at, name) in names.iter().enumerate().skip(1) {
            let ratio = of(name).map(|figure| figure.2);
            ratios[at].extend(ratio);
            cells.push(ratio.map_or(String::new(), |ratio| format!("{ratio:.2}")));
        }
        table.row(&row.name, cells);
    }
    let means = ratios
        .into_iter()
        .skip(1)
        .map(|ratios| format!("{:.2}", measure::geometric_mean(ratios)));
    let blank = std::iter::repeat_n(String::new(), names.len());
    table.row("geometric mean", blank.chain(means));
    Ok(())
}

/// Each contender's name, its figure for a unit, and the ratio to ours.
fn figures(row: &mut Row, options: &Options) -> Result<Vec<(&'static str, f64, f64)>> {
    if !options.instructions {
        let effort = if options.quick {
            Effort::QUICK
        } else {
            Effort::FULL
        };
        let timings = measure::time(row, effort).into_iter();
        return Ok(timings.map(|t| (t.name, t.ns, t.ratio)).collect());
    }
    let iterations = if options.quick { 10 } else { 1000 };
    let mut figures: Vec<(&'static str, f64, f64)> = Vec::new();
    for (name, _) in &row.contenders {
        let words = [
            &options.subject,
            REGION,
            name,
            &row.name,
            &iterations.to_string(),
        ];
        let mut words: Vec<String> = words.map(String::from).into();
        if options.native {
            words.push("--native".into());
        }
        if let Some(rival) = &options.rival {
            words.extend(["--rival".into(), rival.to_string_lossy().into()]);
        }
        let units = (iterations * row.units) as f64;
        let each = measure::instructions(&words)? as f64 / units;
        let ours = figures.first().map_or(each, |first| first.1);
        figures.push((name, each, each / ours));
    }
    Ok(figures)
}
