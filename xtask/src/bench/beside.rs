//! What `bench net` and `bench block` share: the same objects, linked with our
//! backends and with Solo5's own bindings, under the same tender or QEMU.
//!
//! Rounds alternate between the two; figures are medians, and the ratio is the
//! median of the rounds' ratios.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};
use tests_qemu::machine::{Boot, Machine, Spt, Status, Virtio};

use crate::doctor::Purpose;
use crate::{paths, setup, sh, sysroot, tenders, upstream};

/// How often.
#[derive(clap::Args)]
pub struct Options {
    /// How often each side runs.
    #[arg(long, value_name = "N", default_value_t = 3)]
    rounds: usize,
}

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
/// `measure` boots one and answers the microseconds for each of `rows`.
///
/// # Errors
/// Something is missing; or those of the two.
pub fn compare<const N: usize>(
    options: &Options,
    rows: [&str; N],
    images: impl Fn(&Side) -> Result<[PathBuf; 2]>,
    measure: impl Fn(&dyn Machine, &Path) -> Result<[f64; N]>,
) -> Result<()> {
    setup::ensure(&[Purpose::Tenders, Purpose::Qemu])?;
    let tree = upstream::tree()?;
    sysroot::ensure()?;
    let tender = tenders::ask(tree.join("tenders/spt/solo5-spt"))?;
    let backend = format!("spt-abi{}", tender.abi);
    let spt = Spt {
        tender: tender.path,
    };
    println!("microseconds for each: Solo5's bindings, ours, ratio (of the speed)");
    for (machine, backend) in [
        (&spt as &dyn Machine, backend.as_str()),
        (&Virtio::TCG, "virtio"),
    ] {
        let side = Side {
            machine,
            backend,
            tree: &tree,
        };
        let [theirs, ours] = images(&side)?;
        let rounds = (0..options.rounds.max(1))
            .map(|_| Ok((measure(machine, &theirs)?, measure(machine, &ours)?)))
            .collect::<Result<Vec<_>>>()?;
        println!("{}, {} rounds:", machine.name(), rounds.len());
        for (row, name) in rows.into_iter().enumerate() {
            let theirs = rounds.iter().map(|(theirs, _)| theirs[row]);
            let ours = rounds.iter().map(|(_, ours)| ours[row]);
            let ratios = theirs.clone().zip(ours.clone());
            println!(
                "  {name:<26} {:>8.2} {:>8.2} {:>6.2}",
                median(theirs),
                median(ours),
                median(ratios.map(|(theirs, ours)| theirs / ours)),
            );
        }
    }
    Ok(())
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
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
