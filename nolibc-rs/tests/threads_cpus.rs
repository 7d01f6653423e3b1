//! The scheduler on several CPUs, and with ticks, which `platform::fake_cpus` simulates: what
//! `tests/threads.rs` does, where any two CPUs may change at each lock, with time that is
//! simulated too. Each number of CPUs has a process of its own: a machine's CPUs stay.
//!
//! `NOLIBC_TEST_ROUNDS` is the number of schedules of all of them together, 2000 unless it is set.

use std::ffi::c_void;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use nolibc::platform::{clock_monotonic, fake, fake_cpus, switch_point};
use nolibc::signal;
use nolibc::thread::{alarm, cpu, life, registry, scheduler, yield_now};

mod world;
use world::{WANTED, check_signals, rounds, schedule, take_signals};

/// One with ticks, and several.
const COUNTS: [usize; 4] = [1, 2, 3, 4];
/// In a child: how many CPUs it has.
const COUNT: &str = "NOLIBC_TEST_CPUS";

/// The schedule that runs.
static SEED: AtomicU64 = AtomicU64::new(0);

/// All CPUs halt, and nobody was woken: then nobody may be waiting for one.
fn nobody_is_ready() {
    let ready = registry::find(|thread| thread.is_running());
    let ready = ready.map(|thread| thread.id());
    assert_eq!(ready, None, "a thread is ready, and all CPUs halt");
}

/// `SIGALRM`, as a bit.
const ALARM: u64 = 1 << 13;
static ALARMS: AtomicU64 = AtomicU64::new(0);

unsafe extern "C" fn wait_for_alarm(_: *mut c_void) -> *mut c_void {
    let signal = signal::wait_for(ALARM, None);
    assert_eq!(signal, Ok(signal::SIGALRM));
    ALARMS.fetch_add(1, Relaxed);
    std::ptr::null_mut()
}

/// A thread waits for nothing but `SIGALRM` while another one runs without a call.
fn alarm_comes_to_who_waits() {
    const IN_NS: u64 = 50_000_000;
    fake_cpus::begin(fake_cpus::Schedule { seed: 0, rarely: 4 });
    let old = signal::set_mask(signal::mask() | ALARM);
    let id = life::create(&WANTED, false, wait_for_alarm, std::ptr::null_mut()).unwrap();
    yield_now();
    let start_ns = clock_monotonic();
    alarm::set(alarm::Setting {
        rest_ns: IN_NS,
        interval_ns: 0,
    });
    while ALARMS.load(Relaxed) == 0 {
        assert!(clock_monotonic() - start_ns < 2 * IN_NS, "no alarm");
        fake_cpus::compute(10_000);
        switch_point();
    }
    life::join(id, None).unwrap();
    signal::set_mask(old);
}

fn run(count: usize) {
    std::panic::set_hook(Box::new(move |panic| {
        let seed = SEED.load(Relaxed);
        eprintln!("{count} CPUs, schedule {seed}: {panic}");
    }));
    // The guards of stacks are pages, as on machines with several CPUs, but nobody enforces
    // them: the heap has its memory already.
    nolibc::heap::trim();
    fake::plug_in(0, (0, 0), 0, 1);
    fake_cpus::plug_in(count, nobody_is_ready);
    take_signals();
    alarm_comes_to_who_waits();
    let rounds = rounds().div_ceil(COUNTS.len() as u64);
    for seed in 0..rounds {
        SEED.store(seed, Relaxed);
        let rarely = [1, 4, 32, 256][seed as usize % 4];
        fake_cpus::begin(fake_cpus::Schedule { seed, rarely });
        schedule(seed);
    }
    check_signals();
    nolibc::heap::with(|heap| heap.audit());
    assert_eq!(cpu::count(), count);
    let (changes, ticks) = fake_cpus::figures();
    assert!(ticks > rounds, "{ticks} ticks");
    assert!(count == 1 || changes > rounds, "{changes} changes");
    println!(
        "{count} CPUs: {rounds} schedules, {changes} changes of CPUs, {ticks} ticks, {} switches",
        scheduler::switches()
    );
}

#[test]
fn any_schedule_ends_on_any_number_of_cpus() {
    if let Ok(count) = std::env::var(COUNT) {
        return run(count.parse().unwrap());
    }
    let program = std::env::current_exe().unwrap();
    let children = COUNTS.map(|count| {
        let mut child = Command::new(&program);
        let child = child.env(COUNT, count.to_string()).arg("--nocapture");
        (count, child.spawn().unwrap())
    });
    for (count, mut child) in children {
        assert!(child.wait().unwrap().success(), "{count} CPUs");
    }
}
