//! The scheduler and what threads wait on, with real stacks, in one thread of the host: a
//! random schedule decides at each step what a thread does, and whether it lets others run.
//!
//! `NOLIBC_TEST_ROUNDS` is the number of schedules, 2000 unless it is set.

use std::ffi::c_void;
use std::sync::Mutex as HostMutex;

use nolibc::thread::stack::Wanted;
use nolibc::thread::{life, sleep_until};

mod world;
use world::{WANTED, World, check_signals, random, rounds, schedule, set_random, take_signals};

/// There is one scheduler, and one thread of the host is in it at a time.
static ONE: HostMutex<()> = HostMutex::new(());

#[test]
fn any_schedule_ends_as_it_should() {
    let _one = ONE.lock().unwrap();
    take_signals();
    for seed in 0..rounds() {
        schedule(seed);
    }
    check_signals();
    nolibc::heap::with(|heap| heap.audit());
}

unsafe extern "C" fn sleep_and_note(world: *mut c_void) -> *mut c_void {
    // SAFETY: as for `run`.
    let world = unsafe { &*world.cast::<World>() };
    let start = nolibc::platform::clock_monotonic();
    let wanted = 1_000 * random(3_000);
    sleep_until(start + wanted).unwrap();
    let slept = nolibc::platform::clock_monotonic() - start;
    assert!(slept >= wanted);
    world.with(|state| state.values.push(start + wanted));
    core::ptr::null_mut()
}

/// Who sleeps is woken in the order of deadlines, however many there are.
#[test]
fn sleepers_wake_in_order() {
    let _one = ONE.lock().unwrap();
    set_random(7);
    let world = World::new(1);
    let pointer = (&raw const world).cast_mut().cast();
    let small = Wanted {
        stack_bytes: 64 << 10,
        ..WANTED
    };
    for _ in 0..5 {
        let ids: Vec<usize> = (0..200)
            .map(|_| life::create(&small, false, sleep_and_note, pointer).unwrap())
            .collect();
        for id in ids {
            life::join(id, None).unwrap();
        }
        let values = world.with(|state| std::mem::take(&mut state.values));
        assert_eq!(values.len(), 200);
        assert!(values.is_sorted(), "{values:?}");
    }
}
