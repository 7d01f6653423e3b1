//! Changing from one stack to another (System V x86-64 psABI: what a callee keeps).

use core::arch::naked_asm;

/// What a stack holds that waits to be gone on with, from its pointer upwards: the control
/// words of SSE and x87, r15, r14, r13, r12, rbx, rbp, and where to go on.
const WORDS: usize = 8;

/// `void switch(uintptr_t *from, uintptr_t to)`: leave the caller's stack, its pointer in
/// `*from`, and go on with the stack whose pointer is `to`. Keeps rbx, rbp, r12 to r15, MXCSR's
/// and the x87 unit's control bits, and exceptions that the latter has noted in MXCSR; returns when somebody goes on with the old stack.
///
/// # Safety
/// `to` was stored by this function or made by [`prepare`], and nobody went on with it since.
#[unsafe(naked)]
pub unsafe extern "C" fn switch(from: *mut usize, to: usize) {
    naked_asm!(
        "push rbp",
        "push rbx",
        "push r12",
        "push r13",
        "push r14",
        "push r15",
        "sub rsp, 8",
        "stmxcsr [rsp]",
        "fnstcw [rsp + 4]",
        "fnstsw ax",
        "and eax, 0x3f",
        "jz 2f",
        "or [rsp], eax",
        "fnclex",
        "2:",
        "mov [rdi], rsp",
        "mov rsp, rsi",
        "ldmxcsr [rsp]",
        "fldcw [rsp + 4]",
        "add rsp, 8",
        "pop r15",
        "pop r14",
        "pop r13",
        "pop r12",
        "pop rbx",
        "pop rbp",
        "ret"
    )
}

/// MXCSR and the x87 control word, as the calling thread has them.
fn control() -> usize {
    let mut words = [0u32; 2];
    // SAFETY: stores four and two bytes, for which there is room.
    unsafe {
        core::arch::asm!(
            "stmxcsr [{words}]",
            "fnstcw [{words} + 4]",
            words = in(reg) words.as_mut_ptr(),
            options(nostack, preserves_flags)
        );
    }
    words[0] as usize | (words[1] as usize) << 32
}

/// Have a new stack, which ends at `end` (a multiple of 16), start with `entry`, in the caller's
/// floating-point environment; the answer is its pointer.
///
/// # Safety
/// The words below `end` are nobody else's.
pub unsafe fn prepare(end: usize, entry: extern "C" fn() -> !) -> usize {
    // A function is entered 8 bytes below a multiple of 16; what stands there is where it
    // would return to, and ends a backtrace.
    let top = core::ptr::with_exposed_provenance_mut::<usize>(end);
    // SAFETY: the caller's contract.
    unsafe {
        let words = top.sub(1 + WORDS);
        words.write_bytes(0, 1 + WORDS);
        words.write(control());
        words.add(WORDS - 1).write(entry as usize);
        words.addr()
    }
}

/// [`prepare`] for a stack that has room for its words only: `function` runs on the stack whose
/// pointer, a multiple of 16, stands `STACK` bytes behind where the thread's word at `WORD`
/// points when it is gone on with.
///
/// # Safety
/// As for [`prepare`]; and nobody uses that stack then.
pub unsafe fn prepare_elsewhere<const WORD: usize, const STACK: usize>(
    end: usize,
    function: extern "C" fn() -> !,
) -> usize {
    /// The word that becomes rbx.
    const RBX: usize = 5;
    // SAFETY: the caller's contract.
    let pointer = unsafe { prepare(end, begin_elsewhere::<WORD, STACK>) };
    let words = core::ptr::with_exposed_provenance_mut::<usize>(pointer);
    // SAFETY: one of the words that `prepare` wrote.
    unsafe { words.add(RBX).write(function as usize) };
    pointer
}

/// Where what [`prepare_elsewhere`] has prepared begins.
#[unsafe(naked)]
extern "C" fn begin_elsewhere<const WORD: usize, const STACK: usize>() -> ! {
    naked_asm!(
        "mov rax, fs:{word}",
        "mov rsp, [rax + {stack}]",
        "call rbx",
        "ud2",
        word = const WORD,
        stack = const STACK,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    thread_local! {
        static HERE: Cell<usize> = const { Cell::new(0) };
        static THERE: Cell<usize> = const { Cell::new(0) };
        static STEPS: Cell<u32> = const { Cell::new(0) };
    }

    extern "C" fn other() -> ! {
        loop {
            let start = crate::arch::stack_pointer();
            assert!(start > 0);
            STEPS.set(STEPS.get() * 10 + 2);
            let mut mine = 0;
            let back = HERE.get();
            // Whoever comes back finds the pointer through THERE: it is stored before the
            // switch, from a word that lives in this frame.
            THERE.with(|there| {
                // SAFETY: HERE was stored by the switch that came here.
                unsafe { switch(there.as_ptr(), back) };
            });
            mine += 1;
            assert_eq!(mine, 1);
        }
    }

    #[test]
    fn two_stacks_take_turns() {
        let mut stack = vec![0u128; 4096];
        let end = stack.as_mut_ptr_range().end.expose_provenance();
        // SAFETY: the vector's own words.
        THERE.set(unsafe { prepare(end, other) });
        // Where the stack stands when the first function is entered (psABI 3.4.1).
        assert_eq!((THERE.get() + 8 * WORDS) % 16, 8);
        for _ in 0..3 {
            STEPS.set(STEPS.get() * 10 + 1);
            let to = THERE.get();
            // SAFETY: made by `prepare`, then stored by `switch`.
            HERE.with(|here| unsafe { switch(here.as_ptr(), to) });
        }
        assert_eq!(STEPS.get(), 121_212);
    }
}
