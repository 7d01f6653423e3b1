//! Reading numbers against glibc: value, end, `ERANGE`, in every rounding mode.

#[path = "text/oracle.rs"]
#[expect(dead_code, reason = "this test needs a part of it")]
mod oracle;
#[path = "text/reading.rs"]
mod reading;

use std::ffi::{CString, c_int};

use nolibc::decimal::{DOUBLE, EXTENDED, FLOAT};
use nolibc::scan::parse_integer;
use oracle::{Random, rounds};
use reading::{drops_a_bit, errno, ours, theirs};

unsafe extern "C" {
    fn fesetround(mode: c_int) -> c_int;
}

const MODES: [c_int; 4] = [0, 0x400, 0x800, 0xc00];

#[test]
fn subnormal_hexadecimals() {
    let mut random = Random(15);
    for _ in 0..rounds(50_000) {
        // Half a float's precision more, all of which a double holds.
        let digits = random.next() >> 28 | 1 << 35;
        let power = -149 - random.below(40) as i32;
        let text = format!("{digits:#x}p{power}");
        let exact = digits as f64 * 2_f64.powi(power + 100) * 2_f64.powi(-100);
        // Rust's conversion rounds to nearest.
        let bits = u128::from((exact as f32).to_bits());
        let inexact = f64::from(exact as f32) != exact;
        let tiny = exact < f64::from(f32::MIN_POSITIVE) * (1.0 - 2_f64.powi(-25));
        assert_eq!(
            ours(&text, FLOAT, 0),
            (bits, text.len(), tiny && inexact),
            "{text}"
        );
    }
}

#[track_caller]
fn same(text: &str) {
    for (mode, number) in MODES.into_iter().zip(0..) {
        for format in [DOUBLE, FLOAT, EXTENDED] {
            // SAFETY: one of the four modes, and back again at once.
            let theirs = unsafe {
                fesetround(mode);
                let theirs = theirs(text, format);
                fesetround(0);
                theirs
            };
            let ours = ours(text, format, number);
            if ours != theirs && drops_a_bit(text, format, ours) {
                continue;
            }
            assert_eq!(ours, theirs, "{text:?} as {format:?} in mode {number}");
        }
    }
}

#[test]
fn forms() {
    for text in [
        "",
        "-",
        "+",
        ".",
        "-.",
        "e5",
        "1",
        "-1",
        "+1",
        "1.",
        ".5",
        "-.5e1",
        "1e",
        "1e+",
        "1e-",
        "1e5x",
        "1.5.2",
        "0",
        "-0",
        "0e999999999999999999999",
        "0x",
        "0x.",
        "0x1",
        "0X1P+3",
        "0x1p",
        "0x1p-",
        "0x.8",
        "0x1.8p1",
        "0xg",
        "0x.p1",
        "-0x0p5",
        "0x0.0",
        "inf",
        "-INF",
        "infinity",
        "Infinit",
        "infinityx",
        "nan",
        "-nan",
        "nan(",
        "nan()",
        "nan(_x",
        "nan(-)",
        "in",
        "na",
        "1_000",
        "1,5",
        "00012",
        "0001.e1",
        "1e00000000000000000001",
        "1e-00000000000000000001",
        "1e18446744073709551617",
        "1e-18446744073709551617",
        "0.0000e5",
        "1E5",
        "5.e0",
    ] {
        same(text);
    }
}

#[test]
fn hard_cases() {
    for text in [
        "9007199254740992",
        "9007199254740993",
        "9007199254740994",
        "9007199254740995",
        "9007199254740993.0",
        "9007199254740993.00000000000000000000000000000000000000000000000001",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.797693134862315807e308",
        "1.797693134862315808e308",
        "1.7976931348623159e308",
        "1e309",
        "-1e400",
        "4.9406564584124654e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "2.470328229206232720e-324",
        "2.470328229206232721e-324",
        "1e-324",
        "1e-400",
        "2.2250738585072014e-308",
        "2.2250738585072011e-308",
        "2.2250738585072012e-308",
        "2.22507385850720125e-308",
        "2.2250738585072013830902327173324040642192159804623318306e-308",
        "6.631236846766476e-316",
        "3.2378839133029012895883524125015321748630094890131e-319",
        "1e23",
        "8.41e21",
        "9.5e-300",
        "1e22",
        "1e-22",
        "1.448997445238699",
        "0.500000000000000166533453693773481063544750213623046875",
        "3.518437208883201171875e13",
        "62.5364939768271845828",
        "8.10109172351e-10",
        "1.50000000000000011102230246251565",
        "104308485241983990666713401708072175773165034278682682111762292935e-42",
        "1.17549435e-38",
        "1.1754943e-38",
        "1.4e-45",
        "7e-46",
        "7.006492321624085e-46",
        "3.4028235e38",
        "3.4028236e38",
        "3.40282357e38",
        "1.00000017881393421514957253748434595763683319091796875001",
        "16777217",
        "16777219",
        "16777217.0000001",
        "1.18973149535723176502e+4932",
        "1.18973149535723176509e+4932",
        "1.2e4932",
        "3.64519953188247460253e-4951",
        "1.8e-4951",
        "1.9e-4951",
        "3.3621031431120935063e-4932",
        "3.36210314311209350626e-4932",
        "1e-5000",
        "1e5000",
        "18446744073709551615",
        "18446744073709551616",
        "18446744073709551617",
        "36893488147419103233",
        "36893488147419103231",
        "36893488147419103233.5",
        "340282366920938463463374607431768211455",
        "0x1.fffffffffffff7p1023",
        "0x1.fffffffffffff8p1023",
        "0x1.fffffffffffff7ffp1023",
        "0x1p1024",
        "0x1p-1074",
        "0x1p-1075",
        "0x1.8p-1075",
        "0x1.0000000000001p-1075",
        "0x0.fffffffffffff8p-1022",
        "0x0.fffffffffffffcp-1022",
        "0x0.fffffffffffffbp-1022",
        "0x1.00000000000008p0",
        "0x1.000000000000080000000000000000000001p0",
        "0x123456789abcdef0123456789p-40",
        "0x1p99999999999999999999",
        "0x1p-99999999999999999999",
        "0x0.000000000000000000001p80",
        "0x1.fffffffffffffffep16383",
        "0x1.ffffffffffffffffp16383",
        "0x1p-16445",
        "0x1p-16446",
        "0x1.1p-16446",
        "0x1.fffffffffffffffep-16383",
        "0x1.ffffffffffffffffp-16383",
    ] {
        same(text);
        same(&format!("-{text}"));
    }
}

/// The exact decimal text of `mantissa * 2^exponent`, by glibc's printf.
fn exact_text(value: f64) -> String {
    let block = oracle::Block::default().double(value);
    oracle::theirs("%.1100f", &block).unwrap()
}

#[test]
fn long_texts_at_halfway_points() {
    let mut random = Random(11);
    for _ in 0..rounds(1_000) {
        // A number and its successor in float are exact doubles, and so is the
        // middle; doubles themselves test the exactness of subnormal numbers.
        let low = f32::from_bits(random.next() as u32 & 0x7fff_ffff);
        let high = f32::from_bits(low.to_bits() + 1);
        if !high.is_finite() {
            continue;
        }
        let middle = (f64::from(low) + f64::from(high)) / 2.0;
        let text = exact_text(middle);
        same(&text);
        same(&format!("{text}1"));
        same(text.trim_end_matches('0'));
        let mut below = text.trim_end_matches('0').to_string();
        if below.pop().is_some_and(|last| last != '.') {
            same(&format!("{below}49999999999"));
        }
    }
    for bits in [
        1,
        2,
        3,
        0x000f_ffff_ffff_ffff,
        0x0010_0000_0000_0000,
        0x0008_0000_0000_0001,
    ] {
        let text = exact_text(f64::from_bits(bits));
        same(&text);
        same(&format!("{text}00000"));
        same(&format!("{text}00001"));
    }
}

#[test]
fn digits_of_doubles() {
    let mut random = Random(12);
    for _ in 0..rounds(30_000) {
        let value = random.double();
        if !value.is_finite() {
            continue;
        }
        same(&format!("{value:e}"));
        same(&format!("{value:.*e}", random.below(25) as usize));
    }
}

#[test]
fn random_texts() {
    let mut random = Random(13);
    for _ in 0..rounds(30_000) {
        let mut text = String::new();
        for _ in 0..random.below(28) {
            text.push(char::from(b'0' + random.below(10) as u8));
        }
        if random.below(2) == 0 {
            text.insert(random.below(text.len() as u64 + 1) as usize, '.');
        }
        match random.below(4) {
            0 => {}
            1 => text += &format!("e{}", random.below(60) as i64 - 30),
            2 => text += &format!("e{}", random.below(700) as i64 - 350),
            _ => text += &format!("e{}", random.below(10_000) as i64 - 5_000),
        }
        same(&text);
        let hex: String = (0..random.below(30))
            .map(|_| char::from(b"0123456789abcdefABCDEF.8f"[random.below(25) as usize]))
            .collect();
        same(&format!("0x{hex}p{}", random.below(2200) as i64 - 1100));
    }
}

#[test]
fn integers() {
    let mut random = Random(14);
    let fixed = [
        "",
        "-",
        "+",
        "0",
        "-0",
        "0x",
        "0x1",
        "0xg",
        "0X1f",
        "-0x10",
        "08",
        "010",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "18446744073709551615",
        "18446744073709551616",
        "-18446744073709551615",
        "-18446744073709551616",
        "99999999999999999999999z",
        "zz",
        "0b11",
    ];
    for round in 0..rounds(50_000) {
        let text = match fixed.get(round as usize) {
            Some(text) => (*text).to_string(),
            None => (0..random.below(24))
                .map(|_| char::from(b"+-0x123456789azAZ@`/:"[random.below(21) as usize]))
                .collect(),
        };
        for base in [0, 2, 8, 10, 16, 36, random.below(38) as i32] {
            let c = CString::new(text.as_str()).unwrap();
            let mut end = c.as_ptr().cast_mut();
            // SAFETY: a string, a place for its end, and this thread's errno.
            let (signed, unsigned, used, range, invalid) = unsafe {
                *errno() = 0;
                let signed = libc::strtol(c.as_ptr(), &mut end, base);
                let range = *errno() == libc::ERANGE;
                let invalid = *errno() == libc::EINVAL;
                let used = end.offset_from(c.as_ptr()) as usize;
                *errno() = 0;
                let unsigned = libc::strtoul(c.as_ptr(), &mut end, base);
                (
                    signed,
                    unsigned,
                    used,
                    (range, *errno() == libc::ERANGE),
                    invalid,
                )
            };
            let Ok(ours) = parse_integer(&text.as_bytes(), base) else {
                assert!(invalid || base == 1, "{text} in base {base}");
                continue;
            };
            let (a, b) = (ours.signed(i64::MIN, i64::MAX), ours.unsigned());
            let answer = (a.0, b.0, ours.used, (a.1.is_some(), b.1.is_some()));
            assert_eq!(
                answer,
                (signed, unsigned, used, range),
                "{text:?} in base {base}"
            );
        }
    }
}
