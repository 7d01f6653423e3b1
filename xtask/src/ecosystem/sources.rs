//! The sources: Debian's source packages, each as its authors released it, checked
//! against a SHA-256.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::debian::Apt;
use crate::ocaml::check;
use crate::{paths, sh};

/// Where a package is looked for, newest first.
const SUITES: [&str; 3] = ["sid", "trixie", "bookworm"];

/// A source package: Debian's name, version, the archive's ending, its SHA-256, the
/// directory that it is unpacked into.
type Source = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

#[rustfmt::skip]
pub const SOURCES: &[Source] = &[
    ("findlib", "1.9.8", "gz", "662c910f774e9fee3a19c4e057f380581ab2fc4ee52da4761304ac9c31b8869d", "findlib"),
    ("ocamlbuild", "0.16.1", "gz", "2ba6857f2991b7f69368e8db818b163d31cf5a367f15f5953bf8f01a77b3d4fc", "ocamlbuild"),
    ("ocaml-topkg", "1.0.7", "bz2", "5fc22ad3f3ad6d127cb1245d18580881478da2d6de50b2315e6dd4586c52be19", "topkg"),
    ("ocaml-dune", "3.17.2", "bz2", "9deafeed0ecfe9e65e642cd8e6197f0864f73fcd7b94b5b199ae4d2e07a2ea64", "dune"),
    ("ocaml-csexp", "1.5.2", "bz2", "1a14dd04bb4379a41990248550628c77913a9c07f3c35c1370b6960e697787ff", "csexp"),
    ("cppo", "1.8.0", "gz", "6e62a8ee0217c9cc38d5860110eb18eb8d89c05c420353d298e1431fe8bac00f", "cppo"),
    ("cmdliner", "1.1.1", "bz2", "a1ae87c3a79940ef8d1dd59f7440f776d1dc926e019846dd32202e464627b5fb", "cmdliner"),
    ("ocaml-fmt", "0.9.0", "bz2", "f1fb20805a22dd75a137d72704a370e7789cf6bdf63948e6817d1c226c141261", "fmt"),
    ("ocaml-logs", "0.7.0", "bz2", "86f4a02807eb1a297aae44977d9f61e419c31458a5d7b23c6f55575e8e69d5ca", "logs"),
    ("uutf", "1.0.3", "bz2", "8772a5613d1e70298ce14df33241a3685f21e4ef6bdb4cf03fe985fb1eca0568", "uutf"),
    ("ocaml-astring", "0.8.5", "bz2", "865692630c07c3ab87c66cdfc2734c0fdfc9c34a57f8e89ffec7c7d15e7a70fa", "astring"),
    ("react", "1.2.2", "bz2", "c4add315d6f1f153d115ee7ca8dd60c1265ff4d408c266125fcb5124fd228f99", "react"),
    ("xmlm", "1.4.0", "bz2", "091252258e3dd16320c3ce4ddb21bcd57efd9c8c2ebfb799ee6a543ed492d9fa", "xmlm"),
    ("gmp", "6.3.0+dfsg", "xz", "bd2966e6d277f79328e894a5a9f3ba3fbf2ed2be81def5f48623e30c23fb1572", "gmp"),
    ("ocaml-zarith", "1.14", "gz", "878e204fac83b547a66f8fc1f32ad8b30167f41d64892025d5f8e9104da47c0d", "zarith"),
    ("ocaml-re", "1.14.0", "gz", "dcb6f525d17597a265a894c9cf22caa37804118a841918fffa4767572ae172c4", "all/re"),
    ("ocaml-angstrom", "0.16.1", "gz", "143536fb4d049574c539b9990840615e078ed3dd94e1d24888293f68349a100b", "all/angstrom"),
    ("ocaml-bigstringaf", "0.10.0", "gz", "ed92f5b05fbc11b9defcec734d59b1068f3717a9ae4f9705c16c7f7ac3729f28", "all/bigstringaf"),
    ("yojson", "2.0.2", "gz", "04dcb4164d36a58a8615da79f51a3a614ac1539253ddc859410143bc696b6ef7", "all/yojson"),
    ("ocplib-endian", "1.2", "gz", "97ae74e8aeead46a0475df14af637ce78e2372c07258619ad8967506f2d4b320", "all/ocplib-endian"),
    ("lwt", "5.6.1", "gz", "eb49470d2e18492f2502f69012066001f8a5384d4ca0a75000a8a8659f8a67a0", "all/lwt"),
    ("ocaml-cstruct", "6.2.0", "gz", "629a4bf17893c48c2f7b951eddc875a61de18bf190bb5a096976837198349cd4", "all/cstruct"),
    ("ocaml-stringext", "1.6.0", "bz2", "db41f5d52e9eab17615f110b899dfeb27dd7e7f89cd35ae43827c5119db206ea", "all/stringext"),
    ("ocaml-ohex", "0.2.0", "gz", "a6b57badba34b00c774b6b7862d8e7889115ab8dee2d72bc64cb2aa0cce7d8ec", "all/ohex"),
    ("ocaml-eqaf", "0.10", "gz", "4afa0d2517c3c72b55948c776b8be3c20eb3b68f1547f3a0749743175ab1419b", "all/eqaf"),
    ("ocaml-base64", "3.5.2", "gz", "279ce9cbbb4bb00d6f380c61ed70fb8f63e24ddf2ec4c40d818d189f84bfb905", "all/base64"),
    ("ocaml-domain-local-await", "1.0.1", "gz", "5190ea9c229c8808105cbc3ae4e7e020432868a890f883b5936e8f184b1f0f58", "all/domain-local-await"),
    ("ocaml-thread-table", "1.0.0", "gz", "854ee2f7b53b6db223774f5fd4154932690d71892cef0d5c20cef710a480c73a", "all/thread-table"),
    ("ocaml-backoff", "0.1.1", "gz", "cf48753023c3a51a9b51df8da187bdeed8003d6d0fae5b48dc622bd8720867e7", "all/backoff"),
    ("ocaml-sexplib0", "0.17.0", "gz", "5b0910b5dab8ec63633be5dbf92a3e4863d415d803cad9dddf99dba43ce7498b", "all/sexplib0"),
    ("ocaml-pp", "2.0.0", "bz2", "8651351518b092b4a2def4e08171c276152f92fb6a84a8b19b6b929ccdb44419", "all/pp"),
    ("ocaml-alcotest", "1.9.1", "gz", "9659376cc5434220bcbc8fe8649588208eeb32126f6b9cc7d649c35f653627fa", "all/alcotest"),
    ("cryptokit", "1.20.1", "gz", "b933c32b4e03e7236add969c2f583df241aeff8eabd2cabb1f345a78250fcea6", "all/cryptokit"),
];

/// Have all sources at hand and unpack them, each into its directory.
pub fn unpack(work: &Path) -> Result<()> {
    fetch()?;
    for (package, version, ending, sha256, directory) in SOURCES {
        let archive = paths::downloads().join(file(package, version, ending));
        check(&archive, sha256)?;
        let into = work.join(directory);
        fs::create_dir_all(&into)?;
        let mut tar = Command::new("tar");
        tar.args(["--strip-components=1", "--no-same-owner", "-xf"]);
        sh::run(tar.arg(&archive).arg("-C").arg(&into))?;
    }
    Ok(())
}

fn file(package: &str, version: &str, ending: &str) -> String {
    format!("{package}_{version}.orig.tar.{ending}")
}

/// Fetch what is not there; all that cannot be had is named.
fn fetch() -> Result<()> {
    let is_missing = |source: &&Source| {
        let (package, version, ending, ..) = source;
        !paths::downloads()
            .join(file(package, version, ending))
            .exists()
    };
    let missing: Vec<_> = SOURCES.iter().filter(is_missing).collect();
    if missing.is_empty() {
        return Ok(());
    }
    fs::create_dir_all(paths::downloads())?;
    let scratch = tempfile::tempdir_in(paths::downloads())?;
    let apt = Apt::new(scratch.path(), &SUITES)?;
    let mut reasons = Vec::new();
    for (package, version, ending, sha256, _) in missing {
        let name = file(package, version, ending);
        let fetched = apt.source(package, version).and_then(|()| {
            check(&apt.file(&name), sha256)?;
            fs::rename(apt.file(&name), paths::downloads().join(&name))
                .with_context(|| format!("cannot keep {name}"))
        });
        if let Err(error) = fetched {
            reasons.push(format!("{package} {version}: {error:#}"));
        }
    }
    if !reasons.is_empty() {
        bail!("these could not be had:\n  {}", reasons.join("\n  "));
    }
    Ok(())
}
