//! The `printf` engine against glibc's, digit for digit.

#[path = "text/oracle.rs"]
mod oracle;

use oracle::{Block, Random, ours, rounds, same, theirs_lost_zeros};

const EDGES: [f64; 40] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    1.5,
    2.5,
    3.5,
    0.25,
    0.125,
    0.375,
    9.5,
    99.5,
    0.05,
    0.15,
    0.95,
    9.995,
    99999.5,
    999999.5,
    9999995.0,
    0.00001,
    0.0001,
    0.00009999995,
    123456.5,
    1e15,
    1e16,
    1e17,
    1e21,
    1e22,
    1e23,
    400403793615593.5,
    1e100,
    1e300,
    f64::MAX,
    f64::MIN_POSITIVE,
    5e-324,
    2.225073858507201e-308,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
];

fn doubles(format: &str) {
    let mut random = Random(format.len() as u64 ^ 0x5eed);
    for value in EDGES {
        same(format, &Block::default().double(value));
    }
    for e in -1074..1024 {
        let value = if e < -1022 {
            f64::from_bits(1 << (e + 1074))
        } else {
            2_f64.powi(e)
        };
        same(format, &Block::default().double(value));
    }
    for _ in 0..rounds(100_000) {
        same(format, &Block::default().double(random.double()));
    }
}

macro_rules! double_tests {
    ($($name:ident $format:literal)*) => {
        $(#[test] fn $name() { doubles($format) })*
    };
}

double_tests! {
    double_17g "%.17g"
    double_15g "%.15g"
    double_12g "%.12g"
    double_6g "%.6g"
    double_g "%g"
    double_e "%e"
    double_f "%f"
    double_0f "%.0f"
    double_3f "%.3f"
    double_a "%a"
}

#[test]
fn named_examples() {
    assert_eq!(
        ours("%.0f", &Block::default().double(1.5)).as_deref(),
        Some("2")
    );
    let tie = Block::default().double(400403793615593.5);
    assert_eq!(ours("%.15g", &tie).as_deref(), Some("400403793615594"));
}

fn flags(random: &mut Random, allowed: &str) -> String {
    let mut text = String::from("%");
    for flag in allowed.chars() {
        if random.below(4) == 0 {
            text.push(flag);
        }
    }
    text
}

fn width_and_precision(random: &mut Random, most: u64) -> String {
    let mut text = String::new();
    if random.below(2) == 0 {
        text += &random.below(40).max(1).to_string();
    }
    match random.below(4) {
        0 => text.push('.'),
        1 | 2 => {
            text += &format!(
                ".{}",
                if random.below(8) == 0 {
                    random.below(most)
                } else {
                    random.below(25)
                }
            )
        }
        _ => {}
    }
    text
}

#[test]
fn double_formats() {
    let mut random = Random(1);
    for _ in 0..rounds(200_000) {
        let mut format = flags(&mut random, "-+ #0");
        format += &width_and_precision(&mut random, 1200);
        format.push(char::from(b"eEfFgGaA"[random.below(8) as usize]));
        let value = if random.below(20) == 0 {
            EDGES[random.below(40) as usize]
        } else {
            random.double()
        };
        let block = Block::default().double(value);
        if format.contains('#')
            && format.ends_with(['g', 'G'])
            && theirs_lost_zeros(&format, &block)
        {
            continue;
        }
        same(&format, &block);
    }
}

unsafe extern "C" {
    fn fesetround(mode: std::ffi::c_int) -> std::ffi::c_int;
}

#[test]
fn rounding_modes() {
    let mut random = Random(5);
    for round in 0..rounds(100_000) {
        let conversion = char::from(b"efga"[random.below(4) as usize]);
        let format = format!("%.{}{conversion}", random.below(20));
        let value = match EDGES.get(round as usize / 8) {
            Some(edge) => *edge,
            None => random.double(),
        };
        let block = Block::default().double(value);
        for mode in [0x400, 0x800, 0xc00] {
            // SAFETY: one of the four modes, and back again at once.
            let (ours, theirs) = unsafe {
                fesetround(mode);
                let both = (ours(&format, &block), oracle::theirs(&format, &block));
                fesetround(0);
                both
            };
            assert_eq!(ours, theirs, "{format} of {value:e} in mode {mode:#x}");
        }
    }
}

fn long_double(random: &mut Random) -> (u64, u16) {
    let mantissa = match random.below(4) {
        0 => random.next() & random.next() & random.next(),
        1 => u64::MAX << random.below(64),
        _ => random.next(),
    };
    let exponent = match random.below(8) {
        0 => random.next() as u16 & 0x7fff,
        1 => random.below(4) as u16,
        2 => 0x7fff - random.below(3) as u16,
        _ => 0x3fff - 100 + random.below(200) as u16,
    };
    // An integer bit of 0 belongs to the exponent 0 alone, and back.
    let mantissa = match exponent {
        0 => mantissa & !(1 << 63),
        0x7fff => mantissa & 1 << 62 | 1 << 63,
        _ => mantissa | 1 << 63,
    };
    (mantissa, exponent | (random.next() as u16 & 0x8000))
}

#[test]
fn long_doubles() {
    let mut random = Random(2);
    for _ in 0..rounds(40_000) {
        let mut format = flags(&mut random, "-+ #0");
        format += &width_and_precision(&mut random, 6000);
        format.push('L');
        format.push(char::from(b"eEfFgGaA"[random.below(8) as usize]));
        let (mantissa, sign_exponent) = long_double(&mut random);
        let block = Block::default().long_double(mantissa, sign_exponent);
        if !(format.contains('#')
            && format.ends_with(['g', 'G'])
            && theirs_lost_zeros(&format, &block))
        {
            same(&format, &block);
        }
    }
}

#[test]
fn integers() {
    let mut random = Random(3);
    for _ in 0..rounds(200_000) {
        let mut format = flags(&mut random, "-+ #0'");
        format += &width_and_precision(&mut random, 100);
        format += ["", "hh", "h", "l", "ll", "j", "z", "t"][random.below(8) as usize];
        format.push(char::from(b"diuoxXbB"[random.below(8) as usize]));
        let value = match random.below(3) {
            0 => random.below(3),
            1 => random.next() >> random.below(64),
            _ => (random.next() >> random.below(64)).wrapping_neg(),
        };
        same(&format, &Block::default().word(value));
    }
}

#[test]
fn strings_characters_pointers() {
    let mut random = Random(4);
    let texts = [
        c"",
        c"a",
        c"hello",
        c"a longer text, longer than any width that is tried here",
    ];
    for _ in 0..rounds(50_000) {
        let mut format = flags(&mut random, "-");
        let text = texts[random.below(4) as usize].as_ptr() as u64;
        let text = if random.below(8) == 0 { 0 } else { text };
        format += &width_and_precision(&mut random, 100);
        format.push_str("s|%c|%-7p|%p|%%|%+20p");
        let block = Block::default().word(text).word(random.below(94) + 33);
        same(
            &format,
            &block.word(0).word(random.next() >> 17).word(0x1234),
        );
    }
}

#[test]
fn several_arguments() {
    let block = || Block::default().word(7).double(0.1).word(u64::MAX);
    same("a%db%.3fc%ldd", &block().long_double(1 << 63, 0x3fff));
    same("%d %g %lu %Lg!", &block().long_double(3 << 62, 0x3fff));
    same(
        "%*d|%-*d",
        &Block::default()
            .word(6)
            .word(42)
            .word(-6_i64 as u64)
            .word(42),
    );
    same(
        "%*d|%.*d",
        &Block::default()
            .word(-6_i64 as u64)
            .word(42)
            .word(-1_i64 as u64)
            .word(0),
    );
    same(
        "%.*s|",
        &Block::default().word(2).word(c"hello".as_ptr() as u64),
    );
}

#[test]
fn lengths_of_c23() {
    let block = Block::default().word(0xffff_ffff_ffff_fffe);
    for (format, text) in [
        ("%w8d", "-2"),
        ("%w8u", "254"),
        ("%w16u", "65534"),
        ("%w32u", "4294967294"),
        ("%w64u", "18446744073709551614"),
        ("%w64d", "-2"),
        ("%wf8u", "254"),
        ("%wf16u", "18446744073709551614"),
        ("%wf32x", "fffffffffffffffe"),
        ("%wf64X", "FFFFFFFFFFFFFFFE"),
    ] {
        assert_eq!(ours(format, &block).as_deref(), Some(text), "{format}");
    }
}

#[test]
fn counts_are_stored() {
    let mut counts = [-1_i64; 5];
    let mut block = Block::default();
    for count in &mut counts {
        block = block.word((&raw mut *count) as u64);
    }
    assert_eq!(
        ours("ab%hhn%hncde%n%ln%jnf", &block).as_deref(),
        Some("abcdef")
    );
    assert_eq!(counts, [-256 + 2, -65536 + 2, -(1 << 32) + 5, 5, 5]);
}

#[test]
fn refused() {
    let block = Block::default().word(1).word(2).word(3);
    for format in [
        "%",
        "%y",
        "%1$d",
        "%*1$d",
        "%5",
        "%w7d",
        "%hs",
        "%Lc",
        "%2147483648d",
        "%.2147483648d",
        "%l",
        "%-",
    ] {
        assert_eq!(ours(format, &block), None, "{format}");
    }
}
