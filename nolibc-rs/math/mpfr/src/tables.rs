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
    let tables = [("exp", powers()), ("log", logarithms())];
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
    for (_, rest) in &rows {
        let _ = writeln!(text, "    0x{:08x},", rest.to_bits());
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
