//! What guests compare with: `tests-qemu/guests/c/text_vectors.h` holds formats,
//! arguments and texts as glibc has them, the same as here.
//!
//! `NOLIBC_BLESS=1 cargo test -p nolibc-rs --test vectors` writes the file.

#[path = "text/oracle.rs"]
#[expect(dead_code, reason = "this test needs a part of it")]
mod oracle;
#[path = "text/reading.rs"]
#[expect(dead_code, reason = "this test needs a part of it")]
mod reading;

use std::fmt::Write;
use std::path::Path;

use nolibc::decimal::DOUBLE;
use oracle::{Block, Random, ours, theirs};

const FORMATS: [&str; 10] = [
    "%.17g", "%.15g", "%.12g", "%.6g", "%g", "%e", "%f", "%.0f", "%.3f", "%a",
];

const EDGES: [u64; 24] = [
    0x0000_0000_0000_0000, // 0
    0x8000_0000_0000_0000, // -0
    0x3fe0_0000_0000_0000, // 0.5
    0x3ff8_0000_0000_0000, // 1.5
    0x4004_0000_0000_0000, // 2.5
    0x3fc0_0000_0000_0000, // 0.125
    0x3fa9_9999_9999_999a, // 0.05
    0x4058_e000_0000_0000, // 99.5
    0x40f8_69f8_0000_0000, // 99999.5
    0x412e_847f_0000_0000, // 999999.5
    0x3f1a_36e2_eb1c_432d, // 1e-4
    0x3ee4_f8b5_88e3_68f1, // 1e-5
    0x42f6_c275_6c14_d9c0, // 400403793615593.5 rounded
    0x430c_6bf5_2634_0000, // 1e15
    0x4340_0000_0000_0000, // 2^53
    0x4480_f0cf_064d_d592, // 1e22
    0x44b5_2d02_c7e1_4af6, // 1e23
    0x7fef_ffff_ffff_ffff, // the largest
    0x0010_0000_0000_0000, // the smallest normal
    0x000f_ffff_ffff_ffff, // the largest subnormal
    0x0000_0000_0000_0001, // the smallest
    0x7ff0_0000_0000_0000, // inf
    0xfff0_0000_0000_0000, // -inf
    0x7ff8_0000_0000_0000, // nan
];

/// A line of a table, if both agree.
fn line(table: &mut String, format: &str, bits: u64, block: &Block) {
    let text = theirs(format, block).expect("a format of C");
    assert_eq!(ours(format, block).as_ref(), Some(&text), "{format:?}");
    writeln!(table, "    {{\"{format}\", {bits:#x}, \"{text}\"}},").expect("a string");
}

fn doubles() -> String {
    let mut random = Random(0xd0b1e);
    let mut table = String::new();
    let mut double = |format: &str, bits| {
        line(&mut table, format, bits, &Block::default().word(bits));
    };
    for format in FORMATS {
        EDGES.into_iter().for_each(|bits| double(format, bits));
        for _ in 0..36 {
            double(format, random.double().to_bits());
        }
    }
    for _ in 0..100 {
        let conversion = char::from(b"eEfFgGaA"[random.below(8) as usize]);
        let flag = ["", "-", "+", " ", "0", "+0"][random.below(6) as usize];
        let format = format!(
            "%{flag}{}.{}{conversion}",
            random.below(40) + 1,
            random.below(30)
        );
        double(&format, random.double().to_bits());
    }
    table
}

fn integers() -> String {
    let mut random = Random(0x1a7e6e4);
    let mut table = String::new();
    for round in 0..160 {
        let conversion = char::from(b"diuoxXbB"[random.below(8) as usize]);
        let length = ["", "hh", "h", "l", "ll", "j", "z", "t"][random.below(8) as usize];
        let flag = ["", "-", "+", " ", "0", "#"][random.below(6) as usize];
        let width = if round % 2 == 0 {
            String::new()
        } else {
            format!("{}.{}", random.below(30) + 1, random.below(25))
        };
        let value = random.next() >> random.below(64);
        let format = format!("%{flag}{width}{length}{conversion}");
        line(&mut table, &format, value, &Block::default().word(value));
    }
    table
}

fn texts() -> String {
    let mut random = Random(0x57a70d);
    let mut table = String::new();
    let mut text = |text: &str| {
        let theirs = reading::theirs(text, DOUBLE);
        assert_eq!(reading::ours(text, DOUBLE, 0), theirs, "{text:?}");
        let (bits, used, range) = theirs;
        let range = u8::from(range);
        writeln!(table, "    {{\"{text}\", {bits:#x}, {used}, {range}}},").expect("a string");
    };
    for edge in [
        "",
        "-",
        ".",
        "x",
        "1",
        "-0",
        "1e",
        "1e+",
        "1e5x",
        "0x",
        "0x1",
        "0x.8p1",
        "inf",
        "-Infinity",
        "infinit",
        "nan",
        "nan(",
        "nan(x7)",
        "1e400",
        "-1e400",
        "1e-400",
        "4.9406564584124654e-324",
        "2.4703282292062328e-324",
        "2.4703282292062327e-324",
        "2.2250738585072011e-308",
        "1.7976931348623157e308",
        "1.7976931348623159e308",
        "9007199254740993",
        "9007199254740993.00000000000000000000000000000000000000000000000000000000000000001",
        "8.41e21",
        "1e22",
        "1e23",
        "123456789012345678901234567890",
        "0x1.fffffffffffff8p1023",
        "0.500000000000000166533453693773481063544750213623046875",
    ] {
        text(edge);
    }
    for _ in 0..120 {
        let value = random.double();
        if value.is_finite() {
            text(&format!("{value:.*e}", random.below(20) as usize));
        }
    }
    table
}

#[test]
fn guests_have_the_same() {
    let header = format!(
        "/* Written by nolibc-rs/tests/vectors.rs: what glibc makes of these. */\n\
         static const struct printed doubles[] = {{\n{}}};\n\n\
         static const struct printed integers[] = {{\n{}}};\n\n\
         static const struct parsed texts[] = {{\n{}}};\n",
        doubles(),
        integers(),
        texts()
    );
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("../tests-qemu/guests/c/text_vectors.h");
    if std::env::var_os("NOLIBC_BLESS").is_some() {
        std::fs::write(&path, &header).expect("a file of the project");
    }
    let committed = std::fs::read_to_string(&path).expect("a file of the project");
    assert!(committed == header, "see NOLIBC_BLESS above");
}
