//! The backend objects.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use super::Backend;
use crate::{paths, symbols};

/// Build the object of `backend` into `directory`; one for each ABI version if
/// it runs under a tender of Solo5's.
pub fn build(backend: &Backend, directory: &Path) -> Result<()> {
    let name = &backend.name;
    if !matches!(name.as_str(), "hvt" | "spt") {
        return object(backend, name, &directory.join(format!("{name}.o")));
    }
    for (version, features) in [(1, format!("{name},abi1")), (2, name.to_owned())] {
        object(
            backend,
            &features,
            &directory.join(format!("{name}-abi{version}.o")),
        )?;
    }
    Ok(())
}

fn object(backend: &Backend, features: &str, output: &Path) -> Result<()> {
    let Backend {
        name,
        package,
        script,
    } = backend;
    let (library, _) = super::compile(package, features)?;
    let list = paths::root().join("solo5-sys/exports.txt");
    // Cargo gives all of them one file name, so times say nothing: it is the
    // content that decides.
    let work = paths::out()
        .join("work")
        .join(output.file_name().unwrap_or_default());
    super::write(&work.with_extension("a"), &super::read(&library)?)?;
    let library = work.with_extension("a");
    let more = paths::root().join(package).join("exports.txt");
    if !super::outdated(&work, output, &[&library, &list, &more, script])? {
        return Ok(());
    }
    let mut exports = symbols::exports(&list)?;
    if more != list {
        exports.extend(symbols::exports(&more)?);
    }
    super::relocatable(&library, &exports, &work)?;
    check(name, &exports, &work, script)?;
    super::publish(&work, output)
}

/// A backend is closed: it wants the program and its linker script's names.
fn check(name: &str, exports: &[String], object: &Path, script: &Path) -> Result<()> {
    let defined = symbols::nm(object, "--defined-only")?;
    for export in exports {
        if !defined.contains(export) {
            bail!("backend {name} does not define {export}");
        }
    }
    let script = fs::read_to_string(script)?;
    for wanted in symbols::nm(object, "--undefined-only")? {
        let from_script = script.split_whitespace().any(|word| word == wanted);
        if wanted != "solo5_app_main" && !from_script {
            bail!(
                "backend {name} wants {wanted}, which is neither the program's nor its linker script's"
            );
        }
    }
    Ok(())
}
