//! The generated tables, from their definitions.

use std::fmt::Write as _;
use std::fs;

use rug::Float;
use rug::ops::Pow;

const PRECISION: u32 = 200;
const HEAD: &str =
    "//! Generated; `cargo run --release -- tables` in `nolibc-rs/math/mpfr` checks it, and with
//! `--write` makes it anew.

";

fn number(x: f64) -> Float {
    Float::with_val(PRECISION, x)
}

/// Check every table, or write it.
pub fn main(write: bool) -> bool {
    let tables = [
        ("exp", powers()),
        ("log", logarithms()),
        ("tangent", tangents()),
    ];
    let mut well = true;
    for (directory, text) in tables {
        let file = format!("{}/../src/{directory}/table.rs", env!("CARGO_MANIFEST_DIR"));
        if write {
            fs::write(&file, &text).expect("the table can be written");
        }
        let same = fs::read_to_string(&file).is_ok_and(|present| present == text);
        println!(
            "{directory}: {}",
            if same { "as generated" } else { "DIFFERS" }
        );
        well &= same;
    }
    well
}

fn powers() -> String {
    let rows: Vec<(f64, f32)> = (0..128)
        .map(|k| {
            let power = number(2.0).pow(number(f64::from(k) / 128.0));
            let rounded = power.to_f64();
            let rest: Float = power / rounded - 1u32;
            (rounded, rest.to_f32())
        })
        .collect();
    let mut text = String::from(HEAD);
    text += "/// For k from 0 to 127, the bits of t = 2^(k/128) rounded to nearest.\n";
    text += "pub static POWERS: [u64; 128] = [\n";
    for (power, _) in &rows {
        let _ = writeln!(text, "    0x{:016x},", power.to_bits());
    }
    text +=
        "];\n\n/// 2^(k/128) / t - 1, as the bits of floats.\npub static TAILS: [u32; 128] = [\n";
    // As `cargo fmt` lays them out.
    for line in rows.chunks(8) {
        let words: Vec<String> = line
            .iter()
            .map(|(_, rest)| format!("0x{:08x}", rest.to_bits()))
            .collect();
        let _ = writeln!(text, "    {},", words.join(", "));
    }
    text + "];\n"
}

fn logarithms() -> String {
    let mut text = String::from(HEAD);
    text += "/// For each of the 128 intervals from [`super::FIRST`] on: `inverse`, the multiple of 2^-13
/// nearest to 1 / the interval's centre, as the bits of a float; -log(inverse) as the nearest
/// multiple of 2^-31; and the bits of what that lacks.
pub static LOGARITHMS: [(u32, i32, u64); 128] = [\n";
    for interval in 0..128u64 {
        let ends =
            [interval, interval + 1].map(|i| f64::from_bits(0x3fe5_f000_0000_0000 + (i << 45)));
        let inverse = if ends[0] < 1.0 && 1.0 < ends[1] {
            1.0
        } else {
            (number(2.0) / (number(ends[0]) + ends[1]) * 8192u32)
                .round()
                .to_f64()
                / 8192.0
        };
        let log = -number(inverse).ln();
        let unit = number(2.0).pow(-31);
        let high = Float::with_val(PRECISION, &log / &unit).round();
        let low = log - Float::with_val(PRECISION, &high * &unit);
        // Zero without a sign.
        let low = low.to_f64() + 0.0;
        let _ = writeln!(
            text,
            "    (0x{:08x}, {}, 0x{:016x}),",
            (inverse as f32).to_bits(),
            high.to_f64() as i32,
            low.to_bits()
        );
    }
    text + "];\n"
}

/// The fraction n / d nearest to a number from 0 to 1 among its continued fraction's with d
/// below 2^24.
fn fraction(x: &Float) -> (i32, i32) {
    let (mut last, mut best) = ((1i64, 0i64), (0i64, 1i64));
    let mut rest = x.clone();
    while !rest.is_zero() {
        rest = rest.recip();
        let whole = rest.clone().floor();
        rest -= &whole;
        let whole = whole.to_f64() as i64;
        let next = (whole * best.0 + last.0, whole * best.1 + last.1);
        if next.1 >= 1 << 24 {
            break;
        }
        (last, best) = (best, next);
    }
    (best.0 as i32, best.1 as i32)
}

fn tangents() -> String {
    let mut text = String::from(HEAD);
    text += "/// For k from 0 to 63: numerator and denominator of a fraction near tan(k pi/64), and its arc
/// tangent less k pi/64, as the bits of a float.
pub static TANGENTS: [(i32, i32, u32); 64] = [\n";
    let unit = Float::with_val(PRECISION, rug::float::Constant::Pi) / 64u32;
    for k in 0..64i32 {
        // By symmetry from 0 to pi/4.
        let below = k.min(64 - k);
        let least = below.min(32 - below);
        let (n, d) = match least {
            0 => (0, 1),
            _ => fraction(&Float::with_val(PRECISION, &unit * least).tan()),
        };
        let arc = (number(f64::from(n)) / d).atan();
        let (n, d, arc) = if below == least {
            (n, d, arc)
        } else {
            (d, n, Float::with_val(PRECISION, &unit * 32u32) - arc)
        };
        let rest = arc - Float::with_val(PRECISION, &unit * below);
        let (n, rest) = if below == k { (n, rest) } else { (-n, -rest) };
        // Zero without a sign.
        let rest = rest.to_f32() + 0.0;
        let _ = writeln!(text, "    ({n}, {d}, 0x{:08x}),", rest.to_bits());
    }
    text + "];\n"
}
