//! What `bench net` and `bench block` share: the same objects, linked with our
//! backends and with Solo5's own bindings, under the same tender or QEMU.
//!
//! The two take turns; figures are medians, and the ratio is the median of the pairs'
//! ratios, with their quartiles.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};
use tests_qemu::machine::{Boot, Machine, Spt, Status, Virtio};

use crate::doctor::Purpose;
use crate::{paths, setup, sh, sysroot, tenders, upstream};

/// How often, and where.
#[derive(clap::Args)]
pub struct Options {
    /// How often each side runs.
    #[arg(long, value_name = "N", default_value_t = 5,
          value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// On this machine alone: spt or virtio.
    #[arg(short, long, value_name = "NAME", value_parser = ["spt", "virtio"])]
    backend: Option<String>,
}

/// Microseconds for each row, of Solo5's bindings and of ours, measured one right
/// after the other.
pub type Pair<const N: usize> = [[f64; N]; 2];

/// A machine, with images for it.
pub struct Side<'l> {
    /// What boots them.
    pub machine: &'l dyn Machine,
    /// The name of our backend.
    backend: &'l str,
    /// Solo5's tree.
    pub tree: &'l Path,
}

impl Side<'_> {
    /// Link `objects` with our backend; the image's name begins with `name`.
    ///
    /// # Errors
    /// Those of the linker.
    pub fn ours(&self, name: &str, objects: &[PathBuf]) -> Result<PathBuf> {
        let image = paths::out().join(format!("upstream/{name}.{}", self.backend));
        sh::run(
            Command::new(sysroot::tool("gcc"))
                .args(objects)
                .args(["-z", &format!("nolibc-backend={}", self.backend), "-o"])
                .arg(&image),
        )?;
        Ok(image)
    }
}

/// Compare on spt and on virtio. `images` makes that with Solo5's bindings and ours;
/// `measure` boots both once and answers the pairs, of `rows`. It is given the number of
/// the round.
///
/// # Errors
/// Something is missing; or those of the two.
pub fn compare<const N: usize>(
    options: &Options,
    rows: [&str; N],
    images: impl Fn(&Side) -> Result<[PathBuf; 2]>,
    measure: impl Fn(&dyn Machine, &[PathBuf; 2], u32) -> Result<Vec<Pair<N>>>,
) -> Result<()> {
    setup::ensure(&[Purpose::Tenders, Purpose::Qemu])?;
    let tree = upstream::tree()?;
    sysroot::ensure()?;
    let tender = tenders::ask(tree.join("tenders/spt/solo5-spt"))?;
    let backend = format!("spt-abi{}", tender.abi);
    let spt = Spt {
        tender: tender.path,
    };
    println!("microseconds for each: Solo5's bindings, ours, ratio of the speeds (its quartiles)");
    for (machine, backend) in [
        (&spt as &dyn Machine, backend.as_str()),
        (&Virtio::TCG, "virtio"),
    ] {
        let only = options.backend.as_deref();
        if only.is_some_and(|name| name != machine.backend()) {
            continue;
        }
        let side = Side {
            machine,
            backend,
            tree: &tree,
        };
        let images = images(&side)?;
        let mut pairs = Vec::new();
        for round in 0..options.rounds {
            pairs.extend(measure(machine, &images, round)?);
        }
        print(machine.name(), &rows, &pairs);
    }
    Ok(())
}

/// Print the medians of the sides, and of the ratios, for each row.
pub fn print<const N: usize>(machine: String, rows: &[&str; N], pairs: &[Pair<N>]) {
    println!("{machine}, {} pairs:", pairs.len());
    for (row, name) in rows.iter().enumerate() {
        let side = |side: usize| quartiles(pairs.iter().map(|pair| pair[side][row]));
        let [_, theirs, _] = side(0);
        let [_, ours, _] = side(1);
        let [low, ratio, high] = quartiles(pairs.iter().map(|pair| pair[0][row] / pair[1][row]));
        println!("  {name:<26} {theirs:>8.2} {ours:>8.2} {ratio:>6.2} ({low:.2}-{high:.2})");
    }
}

/// The quartiles; there is a value.
fn quartiles(values: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| values[quarter * (values.len() - 1) / 4])
}

/// Refuse a boot that the guest has not ended with success.
///
/// # Errors
/// It is one.
pub fn check(boot: &Boot) -> Result<()> {
    // Solo5's own guests power off on virtio, and no status is left.
    let ended = matches!(boot.status, Status::Exit(_));
    ensure!(
        ended && boot.console.contains("SUCCESS"),
        "{}; the console:\n{}",
        boot.status,
        boot.console
    );
    Ok(())
}
