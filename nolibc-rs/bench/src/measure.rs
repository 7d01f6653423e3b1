//! Measuring: every round runs all contenders once, in an order that turns, so that what
//! disturbs the machine for a while disturbs all of them; medians over the rounds. Time is that
//! of the processor in this thread: other programs' turns do not count.

use std::hint::black_box;
use std::process::Command;
use std::time::Duration;

use crate::Result;

/// Runs a workload so many times.
pub type Work = Box<dyn FnMut(u64)>;

/// One workload, and who runs it. The first contender is ours.
pub struct Row {
    /// What the table calls it.
    pub name: String,
    /// What one iteration counts as: operations, calls, bytes...
    pub units: u64,
    /// Names and workloads.
    pub contenders: Vec<(&'static str, Work)>,
}

impl Row {
    /// A workload that nobody runs yet; one iteration is one unit.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            units: 1,
            contenders: Vec::new(),
        }
    }

    /// Say how many units one iteration is.
    pub fn units(mut self, units: u64) -> Self {
        self.units = units;
        self
    }

    /// Add a contender; `work` runs one iteration.
    pub fn with<T>(mut self, name: &'static str, mut work: impl FnMut() -> T + 'static) -> Self {
        let many = move |iterations| {
            for _ in 0..iterations {
                black_box(work());
            }
        };
        self.contenders.push((name, Box::new(many)));
        self
    }
}

/// How long to measure.
#[derive(Clone, Copy)]
pub struct Effort {
    /// How often each contender runs.
    pub rounds: usize,
    /// For about how long each time.
    pub slice: Duration,
}

impl Effort {
    /// What figures are worth writing down after.
    pub const FULL: Self = Self {
        rounds: 21,
        slice: Duration::from_millis(4),
    };
    /// To see that all works.
    pub const QUICK: Self = Self {
        rounds: 5,
        slice: Duration::from_micros(500),
    };
}

/// What one contender took.
pub struct Timing {
    /// Its name.
    pub name: &'static str,
    /// Nanoseconds for each unit, the median of the rounds.
    pub ns: f64,
    /// Its time as a multiple of the first contender's, the median over the rounds.
    pub ratio: f64,
}

/// The workload under measurement, called so for callgrind's sake.
#[unsafe(no_mangle)]
#[inline(never)]
pub fn nolibc_bench_region(work: &mut dyn FnMut(u64), iterations: u64) {
    work(iterations);
}

fn once(work: &mut Work, iterations: u64) -> f64 {
    let start = processor_ns();
    nolibc_bench_region(work, iterations);
    (processor_ns() - start) as f64
}

/// The time that this thread has had a processor.
pub fn processor_ns() -> u64 {
    let mut now = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: writes a live local.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut now) };
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// How many iterations take `slice`; warms up.
fn calibrate(work: &mut Work, slice: Duration) -> u64 {
    let mut iterations = 1;
    loop {
        let ns = once(work, iterations);
        let wanted = slice.as_nanos() as f64;
        if ns * 2.0 >= wanted || iterations >= 1 << 40 {
            return ((iterations as f64 * wanted / ns.max(1.0)) as u64).max(1);
        }
        iterations *= 2;
    }
}

/// Time a workload.
pub fn time(row: &mut Row, effort: Effort) -> Vec<Timing> {
    let count = row.contenders.len();
    let mut iterations = Vec::new();
    for (_, work) in &mut row.contenders {
        // An interruption makes it look slow; not three times, one hopes.
        let attempts = [(); 3].map(|()| calibrate(work, effort.slice));
        iterations.push(attempts.into_iter().max().unwrap_or(1));
    }
    let mut rounds = vec![Vec::new(); count];
    for round in 0..effort.rounds {
        for turn in 0..count {
            let at = (round + turn) % count;
            let units = (iterations[at] * row.units) as f64;
            let ns = once(&mut row.contenders[at].1, iterations[at]) / units;
            rounds[at].push(ns);
        }
    }
    let timing = |at: usize| Timing {
        name: row.contenders[at].0,
        ns: median(rounds[at].clone()),
        ratio: median(paired(&rounds[at], &rounds[0])),
    };
    (0..count).map(timing).collect()
}

fn paired(times: &[f64], ours: &[f64]) -> Vec<f64> {
    times
        .iter()
        .zip(ours)
        .map(|(time, ours)| time / ours)
        .collect()
}

/// The middle value; of an even number of values the lower one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len().saturating_sub(1) / 2;
    values.get(middle).copied().unwrap_or(f64::NAN)
}

/// The geometric mean; of no values, NaN.
pub fn geometric_mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let logarithms: Vec<f64> = values.into_iter().map(f64::ln).collect();
    (logarithms.iter().sum::<f64>() / logarithms.len() as f64).exp()
}

/// What makes this program run one contender's share of one workload and nothing else.
pub const REGION: &str = "--region";

/// Instructions of one run of this program with `arguments`, counted by callgrind between the
/// start and the end of the region.
///
/// # Errors
/// There is no valgrind, or the run fails.
pub fn instructions(arguments: &[String]) -> Result<u64> {
    let output = std::env::temp_dir().join(format!("nolibc-bench.{}", std::process::id()));
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--toggle-collect=nolibc_bench_region"])
        .arg(format!("--callgrind-out-file={}", output.display()))
        .arg(std::env::current_exe()?)
        .args(arguments)
        .output()?;
    let text = std::fs::read_to_string(&output).unwrap_or_default();
    // It may not be there.
    let _ = std::fs::remove_file(&output);
    let total = text
        .lines()
        .find_map(|line| line.strip_prefix("totals: "))
        .and_then(|total| total.trim().parse().ok());
    total.filter(|_| run.status.success()).ok_or_else(|| {
        let log = String::from_utf8_lossy(&run.stderr);
        format!("callgrind of {arguments:?}: {}\n{log}", run.status).into()
    })
}

/// Run one contender's share of a row, for callgrind.
pub fn region(row: &mut Row, contender: &str, iterations: u64) -> Result<()> {
    let mut contenders = row.contenders.iter_mut();
    let (_, work) = contenders
        .find(|(name, _)| *name == contender)
        .ok_or("no such contender")?;
    // What is done once only, such as finding a function, is not of interest.
    work(1);
    nolibc_bench_region(work, iterations);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_and_medians() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.0);
        assert!(median(Vec::new()).is_nan());
        assert!((geometric_mean([1.0, 4.0]) - 2.0).abs() < 1e-12);
    }
}
