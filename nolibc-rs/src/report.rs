//! The report a dying program prints, without allocating.

use crate::platform;

/// Print `reason` and end the machine with status 255.
pub fn die(reason: &str) -> ! {
    Report::new(reason).end()
}

/// Print `reason` alone.
pub fn line(reason: &str) {
    let mut report = Report::to(platform::console_panic, reason);
    report.text("\n");
    report.flush();
}

/// As [`die`], and say which address it is about.
pub fn die_at(reason: &str, address: usize) -> ! {
    let mut report = Report::new(reason);
    report.text(" at ");
    report.hex(address);
    report.end()
}

/// A report on its way to the console.
pub struct Report {
    line: [u8; 120],
    len: usize,
    write: fn(&[u8]),
}

impl Report {
    /// The first words of a report. The calling thread keeps the CPU from here to the end.
    pub fn new(reason: &str) -> Self {
        platform::hold();
        platform::stop_others();
        Self::to(platform::console_panic, reason)
    }

    /// The same for whoever `write` passes it on to.
    pub fn to(write: fn(&[u8]), reason: &str) -> Self {
        let mut report = Self {
            line: [0; 120],
            len: 0,
            write,
        };
        report.text("nolibc: ");
        report.text(reason);
        report
    }

    fn flush(&mut self) {
        (self.write)(self.line.get(..self.len).unwrap_or(&[]));
        self.len = 0;
    }

    /// Add text.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// Add bytes as they are.
    pub fn bytes(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            if self.len == self.line.len() {
                self.flush();
            }
            if let Some(place) = self.line.get_mut(self.len) {
                *place = byte;
                self.len += 1;
            }
            if byte == b'\n' {
                self.flush();
            }
        }
    }

    /// Add a number in base 16.
    pub fn hex(&mut self, number: usize) {
        self.text("0x");
        let digits = (usize::BITS - number.leading_zeros()).div_ceil(4).max(1);
        for place in (0..digits).rev() {
            let digit = (number >> (4 * place)) as u8 & 15;
            self.bytes(&[digit + if digit < 10 { b'0' } else { b'a' - 10 }]);
        }
    }

    /// Add a number in base 10.
    pub fn decimal(&mut self, number: usize) {
        if number >= 10 {
            self.decimal(number / 10);
        }
        self.bytes(&[b'0' + (number % 10) as u8]);
    }

    /// Add the figures that every report ends with.
    fn figures(&mut self) {
        let name = crate::thread::current().name();
        self.text("\nnolibc: thread ");
        self.bytes(name.split(|&byte| byte == 0).next().unwrap_or_default());
        self.text(", ");
        match crate::heap::try_usage() {
            Some(usage) => usage.describe(self),
            None => self.text("the heap was in the middle of something\n"),
        }
    }

    /// Print what there is and end the machine with status 255.
    pub fn end(&mut self) -> ! {
        self.figures();
        platform::abort()
    }
}

/// Have the figures printed before the machine's own report of a fault, which has its
/// kind, address and registers.
#[cfg(feature = "export")]
pub fn explain_faults() {
    platform::on_fault(|address| {
        let (low, len) = crate::thread::current().stack();
        let guard = low.saturating_sub(4096)..low.saturating_add(4096);
        let overflow = len > 0 && address.is_some_and(|address| guard.contains(&address));
        Report::new(if overflow {
            "the stack is full"
        } else {
            "a fault"
        })
        .figures();
    });
}

#[cfg(feature = "export")]
#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    let mut report = Report::new("panic in the library");
    if let Some(place) = info.location() {
        report.text(" at ");
        report.text(place.file());
        report.text(":");
        report.decimal(place.line() as usize);
    }
    report.end()
}
