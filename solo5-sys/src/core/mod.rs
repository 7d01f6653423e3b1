//! The ring-0 core of the machines that own their processor, and what of it
//! runs in ring 3.
//!
//! The program runs in ring 3. Ring 0 holds the descriptor tables, the page
//! tables, the entries of exceptions and interrupts, and three gates: store
//! entries of page tables, halt until an interrupt, set the thread pointer where
//! the processor cannot (`wrfsbase`). Where there are ticks, two more: have
//! interrupts come while ring 3 runs, and what a tick does. It is assembly only (`*.s` here and in the
//! machines' directories), integer only and without loops. All Rust runs in
//! ring 3.
//!
//! What this gives, with any host: code that cannot be written, data that
//! cannot be executed, a null page and guard pages that fault, tables that no
//! wild write reaches, and faults that are reported exactly. Interrupts are
//! off except inside the halt gate, until the first tick is asked for.
//!
//! The order of things: `_start` (machine) -> `core_start` (ring 0) ->
//! `core_main` (ring 3, on the fault stack, bootstrap page tables: everything
//! below 128 MiB can be written) -> [`start`] -> the program on its own stack.

pub mod cpu;
pub mod cpus;
pub mod fault;
pub mod layout;
pub mod pages;
pub mod record;
pub mod tables;
pub mod tick;

use core::ffi::{c_char, c_void};
use core::ptr;

use crate::abi::{CpuMain, Range};
use crate::machine::{Machine, die};

#[cfg(feature = "hvt")]
core::arch::global_asm!(
    include_str!("record.s"),
    include_str!("../hvt/entry.s"),
    include_str!("tables.s"),
    include_str!("entry.s"),
    include_str!("traps.s"),
    options(att_syntax)
);
#[cfg(feature = "virtio")]
core::arch::global_asm!(
    include_str!("record.s"),
    include_str!("../virtio/entry.s"),
    include_str!("protected.s"),
    include_str!("tables.s"),
    include_str!("entry.s"),
    include_str!("traps.s"),
    include_str!("tick.s"),
    include_str!("cpus.s"),
    include_str!("../virtio/cpus.s"),
    options(att_syntax)
);

/// A machine over this core.
pub trait Core: Machine {
    /// Have other processors forget what they remember of page tables.
    fn flush_others() {}
}

/// Bytes of the stack on which the program starts; the page below it faults.
pub const STACK_SIZE: usize = 512 << 10;

/// A value which ring 0, or the host, changes behind the compiler's back.
#[repr(transparent)]
pub struct Shared<T>(core::cell::UnsafeCell<T>);

// SAFETY: every access goes through `get`, whose users state why nobody else is at it.
unsafe impl<T> Sync for Shared<T> {}

impl<T> Shared<T> {
    /// The value.
    pub const fn new(value: T) -> Self {
        Self(core::cell::UnsafeCell::new(value))
    }

    /// Where it is.
    pub const fn get(&self) -> *mut T {
        self.0.get()
    }
}

unsafe extern "C" {
    fn core_run(argument: *const c_void, function: CpuMain, stack_top: usize) -> !;
}

struct Program {
    line: *const c_char,
    heap_start: usize,
    heap_end: usize,
}

/// Build the final page tables, load them and start the program.
///
/// `memory` is the end of the RAM that holds the image and starts below it;
/// the stack lies at its end, below that a guard page, and from there down to
/// the image is the heap. `plan` has the rest.
///
/// # Safety
/// To be called once, from `core_main`. `line` is a terminated string that
/// stays, within the image or in memory that `plan` keeps. All RAM that is
/// named exists.
pub unsafe fn start<M: Machine>(line: *const c_char, plan: &tables::Plan) -> ! {
    let stack_top = plan.memory_end;
    let guard = stack_top.saturating_sub(STACK_SIZE + layout::PAGE);
    let tables_bound = plan.bound();
    if tables_bound > layout::BOOTSTRAP_END || tables_bound >= guard {
        die::<M>("Not enough memory for the image, its page tables and its stack");
    }
    // SAFETY: called once, from `core_main`; the range below the guard page was
    // just checked to hold the tables.
    let (heap_start, directories) = unsafe { tables::build(plan, guard) };
    let heap = Range {
        start: heap_start as u64,
        len: (guard - heap_start) as u64,
    };
    // SAFETY: called once, with the tables just loaded.
    unsafe { pages::initialise(directories, heap, plan.more) };
    static PROGRAM: Shared<Program> = Shared::new(Program {
        line: ptr::null(),
        heap_start: 0,
        heap_end: 0,
    });
    // SAFETY: written here before the only read, in `run_program`; the new
    // stack is mapped and nothing of the old one is needed any more.
    unsafe {
        PROGRAM.get().write(Program {
            line,
            heap_start,
            heap_end: guard,
        });
        core_run(PROGRAM.get().cast(), run_program::<M>, stack_top)
    }
}

unsafe extern "C" fn run_program<M: Machine>(program: *const c_void) -> ! {
    // SAFETY: `start` passes its own static, filled.
    unsafe {
        let program = &*program.cast::<Program>();
        crate::start::run::<M>(program.line, program.heap_start, program.heap_end)
    }
}

/// Define what the core's entries call, for the [`Machine`] given. Beside this a
/// backend has the assembly: its own entry, which defines the macros that the
/// core's parts use, then those parts.
#[macro_export]
macro_rules! export_core {
    ($machine:ty) => {
        /// `void core_fault(struct open *)`, called by the entry. Returning resumes with the
        /// frame.
        ///
        /// # Safety
        /// As [`handle`]($crate::core::fault::handle).
        #[unsafe(no_mangle)]
        unsafe extern "C" fn core_fault(open: *mut $crate::core::record::Open) {
            // SAFETY: this function's contract.
            unsafe { $crate::core::fault::handle::<$machine>(open) };
        }

        /// `void core_fault_again(struct open *)`, called by the entry for a fault while another
        /// one is being dealt with.
        ///
        /// # Safety
        /// As above.
        #[unsafe(no_mangle)]
        unsafe extern "C" fn core_fault_again(open: *mut $crate::core::record::Open) -> ! {
            // SAFETY: this function's contract.
            unsafe { $crate::core::fault::again::<$machine>(open) }
        }
    };
}

/// What a [`Machine`] over this core has of pages and faults: the functions of the trait, as they
/// stand in every such implementation.
#[macro_export]
macro_rules! core_pages {
    () => {
        fn window() -> Result<(usize, usize), $crate::machine::Errno> {
            Ok($crate::core::pages::window())
        }

        unsafe fn map(
            va: usize,
            pa: u64,
            len: usize,
            prot: ::core::ffi::c_uint,
        ) -> Result<(), $crate::machine::Errno> {
            // SAFETY: by this function's contract.
            unsafe { $crate::core::pages::map(va, pa, len, prot) }
        }

        unsafe fn unmap(va: usize, len: usize) -> Result<(), $crate::machine::Errno> {
            // SAFETY: by this function's contract.
            unsafe { $crate::core::pages::unmap::<Self>(va, len) }
        }

        unsafe fn protect(
            va: usize,
            len: usize,
            prot: ::core::ffi::c_uint,
        ) -> Result<(), $crate::machine::Errno> {
            // SAFETY: by this function's contract.
            unsafe { $crate::core::pages::protect::<Self>(va, len, prot) }
        }

        unsafe fn tables(pa: u64, len: usize) -> Result<(), $crate::machine::Errno> {
            // SAFETY: by this function's contract.
            unsafe { $crate::core::pages::tables::<Self>(pa, len) }
        }

        fn lookup(va: usize, max: usize) -> Result<$crate::abi::Mapped, $crate::machine::Errno> {
            $crate::core::pages::lookup(va, max)
        }

        unsafe fn on_fault(
            handler: Option<$crate::abi::FaultHandler>,
        ) -> Result<(), $crate::machine::Errno> {
            // SAFETY: by this function's contract.
            unsafe { $crate::core::fault::set_handler(handler) };
            Ok(())
        }
    };
}

/// What a [`Machine`] that reaches its processors ([`cpus::Reach`]) has of them, likewise.
#[macro_export]
macro_rules! core_cpus {
    () => {
        fn cpu_count() -> usize {
            $crate::core::cpus::count()
        }

        fn cpu_id() -> usize {
            $crate::core::cpus::index::<Self>()
        }

        unsafe fn cpu_start(
            number: usize,
            function: $crate::abi::CpuMain,
            argument: *const ::core::ffi::c_void,
            stack_top: usize,
            tls: usize,
        ) -> Result<(), $crate::machine::Errno> {
            // SAFETY: by this function's contract.
            unsafe { $crate::core::cpus::start::<Self>(number, function, argument, stack_top, tls) }
        }

        fn cpu_wake(number: usize) {
            $crate::core::cpus::wake::<Self>(number);
        }

        fn cpu_stop_others() {
            $crate::core::cpus::stop_others::<Self>();
        }
    };
}
