//! What ld's map file says of an image: how many bytes come from where.

use std::collections::BTreeMap;

/// Bytes of an image by the archive or object they come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// In the file: code, constants and initialised data.
    pub loaded: u64,
    /// Zeros, in memory alone.
    pub bss: u64,
}

/// The shares by file name, of a map that ld wrote.
pub fn shares(map: &str) -> BTreeMap<String, Share> {
    let mut shares = BTreeMap::new();
    // Before this come the sections that were left out.
    let Some((_, placed)) = map.split_once("Linker script and memory map") else {
        return shares;
    };
    let mut name = "";
    for line in placed.lines() {
        // ` .text.f  0x1000  0x20 lib.a(f.o)`, or the same on two lines when the
        // name is long. Output sections stand at the left margin.
        let Some(rest) = line.strip_prefix(' ') else {
            name = "";
            continue;
        };
        let mut words = rest.split_whitespace().peekable();
        if !rest.starts_with(' ') {
            name = words.next().unwrap_or_default();
        }
        let (Some(address), Some(size)) = (words.next().and_then(hex), words.next().and_then(hex))
        else {
            continue;
        };
        let file = words.collect::<Vec<_>>().join(" ");
        // Alignment and symbols have no file.
        if address == 0 || size == 0 || file.is_empty() || !is_loaded(name) {
            continue;
        }
        let share: &mut Share = shares.entry(origin(&file)).or_default();
        let is_bss = [".bss", ".tbss", ".sbss", ".lbss"]
            .iter()
            .any(|prefix| name.starts_with(prefix));
        if is_bss || name == "COMMON" {
            share.bss += size;
        } else {
            share.loaded += size;
        }
    }
    shares
}

/// Whether a section is in memory; those for debuggers are numbered from 0.
fn is_loaded(name: &str) -> bool {
    let apart = [".debug", ".comment", ".stab", ".gnu.warning"];
    (name.starts_with('.') || name == "COMMON") && !apart.iter().any(|part| name.starts_with(part))
}

fn hex(word: &str) -> Option<u64> {
    u64::from_str_radix(word.strip_prefix("0x")?, 16).ok()
}

/// The archive, or the object, without its directory.
fn origin(file: &str) -> String {
    let archive = file.split('(').next().unwrap_or(file);
    let name = archive.rsplit('/').next().unwrap_or(archive);
    // The compiler's temporary files.
    if name.ends_with(".o") && (name.starts_with("caml") || name.starts_with("cc")) {
        return "the program".to_string();
    }
    name.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = "\
Discarded input sections

 .text.unused   0x0000000000000000       0x99 lib/libnolibc.a(nolibc.o)

Linker script and memory map

.text           0x0000000000100000     0x2000
 *(.text .text.*)
 .text.f        0x0000000000100000       0x20 lib/libnolibc.a(nolibc.o)
                0x0000000000100000                f
 .text.a_long_name_that_does_not_fit
                0x0000000000100020       0x30 lib/libnolibc.a(nolibc.o)
 *fill*         0x0000000000100050        0x8
 .text          0x0000000000100060      0x100 /tmp/camlstartup1.o

.bss            0x0000000000200000      0x400
 .bss.x         0x0000000000200000      0x400 lib/nolibc/spt-abi2.o

.debug_info     0x0000000000000000      0x500
 .debug_info    0x0000000000000000      0x500 lib/libasmrun.a(x.o)
 .debug_info    0x0000000000000500      0x500 lib/libasmrun.a(y.o)
";

    #[test]
    fn bytes_are_counted_by_origin() {
        let shares = shares(MAP);
        let share = |loaded, bss| Share { loaded, bss };
        assert_eq!(shares.len(), 3, "{shares:?}");
        assert_eq!(shares["libnolibc.a"], share(0x50, 0));
        assert_eq!(shares["the program"], share(0x100, 0));
        assert_eq!(shares["spt-abi2.o"], share(0, 0x400));
    }
}
