//! Results are, bit for bit, those that were compared with MPFR.
//!
//! MPFR itself is in the workspace `nolibc-rs/math/mpfr`, because building it takes
//! minutes; there every result that a checksum is of was found within its tolerance.

#[path = "shared/arguments.rs"]
mod arguments;
#[path = "shared/functions.rs"]
#[expect(dead_code, reason = "the comparison with MPFR uses the rest")]
mod functions;

use functions::{COUNTS, LIST};

#[test]
fn results_are_those_compared_with_mpfr() {
    let list = std::fs::read_to_string(LIST).expect("the list is there");
    let entries: Vec<_> = list.lines().filter_map(functions::parse).collect();
    assert!(
        entries.len() > 80,
        "the list has {} functions",
        entries.len()
    );
    let mut wrong = Vec::new();
    for entry in &entries {
        for (count, checksum) in COUNTS.into_iter().zip(entry.checksums) {
            if entry.checksum(count) != checksum {
                wrong.push(format!("{} of {count} arguments", entry.name));
            }
        }
    }
    assert!(wrong.is_empty(), "other results than compared: {wrong:?}");
}
