//! Start and end of the program: memory, thread, constructors, exit handlers.

use core::ffi::{c_int, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::errno::Result;
use crate::heap;
#[cfg(feature = "export")]
use crate::pages::Range;
use crate::platform;
#[cfg(feature = "export")]
use crate::report;
use crate::sync::Lock;
use crate::thread::{self, scheduler};

/// The number of the one process: what `getpid` answers.
pub const ID: c_int = 1;

/// What a program may ask to be called at its end.
#[derive(Clone, Copy)]
pub enum Handler {
    /// None. Its number is 0, so that a list of them costs no room in the image.
    Nothing,
    /// `atexit`.
    Plain(unsafe extern "C" fn()),
    /// `on_exit`: gets the status as well.
    WithStatus(unsafe extern "C" fn(c_int, *mut c_void), *mut c_void),
    /// `__cxa_atexit`.
    WithArgument(unsafe extern "C" fn(*mut c_void), *mut c_void),
}

const CHUNK: usize = 32;

/// Handlers, the last one registered first; a new chunk when one is full.
struct Handlers {
    first: [Handler; CHUNK],
    more: *mut More,
    len: usize,
}

struct More {
    handlers: [Handler; CHUNK],
    before: *mut More,
}

// SAFETY: handlers run in the thread that ends the program.
unsafe impl Send for Handlers {}

impl Handlers {
    const fn new() -> Self {
        Self {
            first: [Handler::Nothing; CHUNK],
            more: null_mut(),
            len: 0,
        }
    }

    fn chunk(&mut self) -> &mut [Handler; CHUNK] {
        // SAFETY: a chunk in the list is live until `pop` takes it out.
        match unsafe { self.more.as_mut() } {
            Some(more) => &mut more.handlers,
            None => &mut self.first,
        }
    }

    fn push(&mut self, handler: Handler) -> Result<()> {
        if self.len > 0 && self.len.is_multiple_of(CHUNK) {
            let more = heap::alloc(size_of::<More>(), heap::MIN_ALIGN)?.cast::<More>();
            // SAFETY: just allocated for it.
            unsafe {
                more.write(More {
                    handlers: [Handler::Nothing; CHUNK],
                    before: self.more,
                })
            };
            self.more = more.as_ptr();
        }
        let place = self.len % CHUNK;
        if let Some(place) = self.chunk().get_mut(place) {
            *place = handler;
        }
        self.len += 1;
        Ok(())
    }

    fn pop(&mut self) -> Option<Handler> {
        self.len = self.len.checked_sub(1)?;
        let place = self.len % CHUNK;
        let handler = self.chunk().get(place).copied();
        if place == 0 && !self.more.is_null() {
            // SAFETY: live, and made by `push`.
            let before = unsafe { (*self.more).before };
            if let Some(chunk) = core::ptr::NonNull::new(self.more.cast()) {
                // SAFETY: made by `push`, and no longer in the list.
                unsafe { heap::free(chunk) };
            }
            self.more = before;
        }
        handler
    }
}

static AT_EXIT: Lock<Handlers> = Lock::new(Handlers::new());
static AT_QUICK_EXIT: Lock<Handlers> = Lock::new(Handlers::new());

/// Have `handler` called by [`exit`].
///
/// # Errors
/// `ENOMEM`: no room to remember it.
pub fn at_exit(handler: Handler) -> Result<()> {
    AT_EXIT.lock().push(handler)
}

/// Have `handler` called by [`quick_exit`].
///
/// # Errors
/// `ENOMEM`: no room to remember it.
pub fn at_quick_exit(handler: Handler) -> Result<()> {
    AT_QUICK_EXIT.lock().push(handler)
}

fn run(handlers: &Lock<Handlers>, status: i32) {
    loop {
        // The lock is free while a handler runs: it may register more.
        let next = handlers.lock().pop();
        let Some(handler) = next else { return };
        // SAFETY: who registered the function vouched for it.
        unsafe {
            match handler {
                Handler::Nothing => {}
                Handler::Plain(function) => function(),
                Handler::WithStatus(function, argument) => function(status, argument),
                Handler::WithArgument(function, argument) => function(argument),
            }
        }
    }
}

/// The thread that ends the program; 0: none does yet.
static ENDING: AtomicUsize = AtomicUsize::new(0);

/// Have the calling thread end the program. Another one that wants to waits until that is done.
fn begin_to_end() {
    let me = thread::self_id();
    let first = ENDING.compare_exchange(0, me, Relaxed, Relaxed);
    if first.is_err_and(|first| first != me) {
        loop {
            let what = "the end of the program";
            scheduler::prepare(None, None, scheduler::State::Waiting, what).block();
        }
    }
}

/// Run the exit handlers and destructors, flush the streams and end the machine.
pub fn exit(status: i32) -> ! {
    begin_to_end();
    run(&AT_EXIT, status);
    #[cfg(feature = "export")]
    destruct();
    crate::stream::flush_all();
    end(status)
}

/// Run the handlers of `at_quick_exit` and end the machine.
pub fn quick_exit(status: i32) -> ! {
    run(&AT_QUICK_EXIT, status);
    end(status)
}

/// End the machine now; the host sees the low eight bits, as POSIX `_exit` says.
pub fn end(status: i32) -> ! {
    // No other thread takes this one's place any more.
    core::mem::forget(crate::sync::Held::new());
    crate::thread::stack::check(true);
    heap::checked::verify();
    platform::exit(status & 0xff)
}

/// Get memory and the first thread ready.
///
/// # Safety
/// Called once, before anything else, with memory that nobody else uses, except
/// that the stack may lie at its end.
#[cfg(feature = "export")]
pub unsafe fn init(heap_start: usize, heap_size: usize) {
    crate::thread::tls::begin();
    crate::arch::copy::detect();
    platform::start();
    let end = heap_start.saturating_add(heap_size);
    let mut ranges = [Range::EMPTY; 9];
    let mut count = 1;
    let mut memory_bytes = heap_size;
    platform::more_memory(|range| {
        memory_bytes = memory_bytes.saturating_add(range.len_bytes);
        if let Some(place) = ranges.get_mut(count) {
            *place = range;
            count += 1;
        }
    });
    let stack_low = crate::thread::stack::find(heap_start, end);
    ranges[0] = Range {
        start: heap_start,
        len_bytes: stack_low.min(end) - heap_start,
    };
    MEMORY_BYTES.store(memory_bytes, Relaxed);
    // SAFETY: the caller's contract, and the machine's for the other ranges.
    unsafe {
        heap::init(
            ranges.get(..count).unwrap_or_default(),
            platform::memory_is_zeroed(),
        )
    };
    if crate::thread::tls::give_to_main().is_err() {
        report::die("not enough memory for the first thread");
    }
    report::explain_faults();
}

/// The memory that the program was given, its boot stack included where that lies in it.
#[cfg(feature = "export")]
static MEMORY_BYTES: AtomicUsize = AtomicUsize::new(0);

/// Take the environment from the start of a command line; the rest is for `main`.
#[cfg(feature = "export")]
pub fn set_environment(line: &[u8]) -> (c_int, crate::environ::List) {
    let taken = crate::environ::from_command_line(b"unikernel", line);
    if crate::environ::set_defaults(MEMORY_BYTES.load(Relaxed)).is_err() {
        report::die("not enough memory for the environment");
    }
    heap::checked::start_if_asked();
    match taken {
        Ok(Ok(arguments)) => {
            start_in_pwd();
            arguments
        }
        Ok(Err(malformed)) => {
            let (message, at) = malformed.message();
            let mut report = report::Report::new("bad command line: ");
            report.text(message);
            report.text(" at byte ");
            report.decimal(at + 1);
            report.end()
        }
        Err(_) => report::die("not enough memory for the command line"),
    }
}

/// Begin in the directory that PWD names, as a program does that a shell starts.
#[cfg(feature = "export")]
fn start_in_pwd() {
    let Some(path) = crate::environ::get(b"PWD") else {
        return;
    };
    if crate::file::change_directory(path).is_err() {
        let mut report = report::Report::new("bad command line: PWD names no directory: ");
        report.bytes(path);
        report.end()
    }
}

/// Run the program's constructors.
#[cfg(feature = "export")]
pub fn construct() {
    use crate::arch::image::{Functions, functions};
    for which in [Functions::Preinit, Functions::Init] {
        let (list, len) = functions(which);
        for at in 0..len {
            // SAFETY: the linker made the list, of so many functions.
            unsafe { (*list.add(at))() };
        }
    }
}

#[cfg(feature = "export")]
fn destruct() {
    use crate::arch::image::{Functions, functions};
    /// How many were called: one of them may call `exit`.
    static CALLED: AtomicUsize = AtomicUsize::new(0);
    let (list, len) = functions(Functions::Fini);
    while let Some(at) = len.checked_sub(CALLED.fetch_add(1, Relaxed) + 1) {
        // SAFETY: the linker made the list, of so many functions.
        unsafe { (*list.add(at))() };
    }
}
