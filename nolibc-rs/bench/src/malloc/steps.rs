//! The worst of some operations in instructions: a process is taken through them one by one, which
//! takes so long that it is not done with all.

use std::hint::black_box;
use std::ptr::null_mut;

use super::allocator::Allocator;
use super::child::Arena;
use super::replay::Replay;
use super::workload::{Op, Workload};
use crate::Result;
use crate::table::Table;

/// How many operations are counted, after six tenths of all.
const COUNTED: usize = 1000;

/// The operations before those that are counted, and these.
fn parts(workload: &Workload) -> (&[Op], &[Op]) {
    let (before, rest) = workload.ops.split_at(workload.ops.len() * 6 / 10);
    (before, &rest[..COUNTED.min(rest.len())])
}

/// Called between operations; where the instructions of one end.
#[inline(never)]
extern "C" fn mark() {
    black_box(());
}

/// Run a workload, stopped from the start.
fn run(arena: &Arena, allocator: &Allocator, workload: &Workload, len: usize) -> ! {
    if !arena.start(allocator, len) {
        // SAFETY: ends this process.
        unsafe { libc::_exit(1) }
    }
    let mut replay = Replay::new(allocator, workload);
    let (before, counted) = parts(workload);
    for op in before {
        // SAFETY: just started.
        unsafe { replay.step(op) };
    }
    // SAFETY: the parent waits for this stop; the allocator has been started.
    unsafe {
        libc::ptrace(libc::PTRACE_TRACEME, 0, 0, 0);
        libc::raise(libc::SIGSTOP);
        for op in counted {
            mark();
            replay.step(op);
        }
        mark();
        libc::_exit(0)
    }
}

/// The instructions between one mark and the next, until the process ends.
fn counts(child: libc::pid_t) -> Result<Vec<u32>> {
    // The word of a stopped process's registers that holds its instruction pointer.
    const RIP: usize = 16 * size_of::<u64>();
    let mut counts = Vec::new();
    let mut count = 0;
    loop {
        let mut status = 0;
        // SAFETY: a child of our own, which asked for it.
        let at = unsafe {
            if libc::waitpid(child, &mut status, 0) != child {
                return Err(std::io::Error::last_os_error().into());
            }
            if libc::WIFEXITED(status) || libc::WIFSIGNALED(status) {
                break;
            }
            let at = libc::ptrace(libc::PTRACE_PEEKUSER, child, RIP, 0);
            libc::ptrace(libc::PTRACE_SINGLESTEP, child, 0, 0);
            at
        };
        if at as usize == mark as *const () as usize {
            counts.push(count);
            count = 0;
        } else {
            count += 1;
        }
    }
    Ok(counts)
}

/// Print quantiles of the instructions of an operation for one workload, in an arena of `len`
/// bytes, those of the harness included.
pub fn print(allocators: &[Allocator], workload: &Workload, len: usize) -> Result<()> {
    let columns = ["p50", "p99", "p99.9", "max", "of op"];
    let title = format!("{}: instructions", workload.name);
    let table = Table::new(&title, &columns);
    let arena = Arena::new(len)?;
    for allocator in allocators {
        // SAFETY: this process has one thread.
        let child = match unsafe { libc::fork() } {
            -1 => return Err(std::io::Error::last_os_error().into()),
            0 => run(&arena, allocator, workload, len),
            child => child,
        };
        let counts = counts(child)?;
        // SAFETY: ended already, if all went well.
        unsafe { libc::waitpid(child, null_mut(), libc::WNOHANG) };
        let (_, counted) = parts(workload);
        if counts.len() != counted.len() + 1 {
            table.row(allocator.name, columns.map(|_| "-".to_string()));
            continue;
        }
        // The first count is what was before the first operation.
        let mut ops: Vec<_> = counts.into_iter().skip(1).zip(counted).collect();
        ops.sort_by_key(|(count, _)| *count);
        let part = |part: f64| ops[(part * (ops.len() - 1) as f64) as usize];
        let mut cells: Vec<_> = [0.5, 0.99, 0.999, 1.0]
            .map(|p| part(p).0.to_string())
            .into();
        let worst = part(1.0).1;
        cells.push(format!("{:?} {}", worst.kind, worst.len_bytes));
        table.row(allocator.name, cells);
    }
    Ok(())
}
