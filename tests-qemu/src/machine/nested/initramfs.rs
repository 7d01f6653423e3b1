//! The first and only file system of the small Linux: busybox, the tender and
//! its libraries, the modules that KVM and the serial port need, and the agent.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The agent: runs as process 1.
const INIT: &str = include_str!("init.sh");

/// Modules wanted, with their parameters; what they depend on is found.
const MODULES: [(&str, &str); 3] = [
    ("virtio_pci", ""),
    ("virtio_console", ""),
    ("kvm_amd", "npt=1 nested=0"),
];

/// Make the archive (uncompressed cpio, "newc") from unpacked packages.
pub fn build(tree: &Path, tender: &Path) -> Result<Vec<u8>> {
    let mut archive = Archive::default();
    for directory in ["bin", "dev", "proc", "sys", "tmp", "job", "modules"] {
        archive.directory(directory);
    }
    archive.busybox(tree, INIT)?;
    archive.file("bin/solo5-hvt", 0o755, &fs::read(tender)?);
    for library in libraries(tender, None)? {
        let name = library.to_string_lossy().into_owned();
        archive.file(name.trim_start_matches('/'), 0o755, &fs::read(&library)?);
    }
    archive.modules(tree, "order", &MODULES)?;
    Ok(archive.finish())
}

/// Make an archive of one program, the first and only one.
pub fn only(init: &Path) -> Result<Vec<u8>> {
    let mut archive = Archive::default();
    archive.file("init", 0o755, &fs::read(init)?);
    Ok(archive.finish())
}

/// The kernel's own image.
pub fn kernel(tree: &Path) -> Result<PathBuf> {
    for entry in fs::read_dir(tree.join("boot"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("vmlinuz-") {
            return Ok(path);
        }
    }
    anyhow::bail!("there is no boot/vmlinuz-* in {}", tree.display())
}

/// The shared libraries of a program, its interpreter included; those in `from`
/// before the host's.
pub fn libraries(program: &Path, from: Option<&Path>) -> Result<Vec<PathBuf>> {
    let mut command = Command::new("ldd");
    if let Some(directory) = from {
        command.env("LD_LIBRARY_PATH", directory);
    }
    let output = command.arg(program).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let text_says_static = text.contains("statically linked") || !output.status.success();
    if text_says_static {
        return Ok(Vec::new());
    }
    ensure!(
        !text.contains("not found"),
        "{} lacks a library:\n{text}",
        program.display()
    );
    let paths = text.split_whitespace().filter(|word| word.starts_with('/'));
    Ok(paths.map(PathBuf::from).collect())
}

/// Wanted modules and what they depend on, in loading order.
fn modules(
    tree: &Path,
    wanted: &[(&str, &'static str)],
) -> Result<Vec<(String, Vec<u8>, &'static str)>> {
    let mut files = BTreeMap::new();
    for root in ["lib/modules", "usr/lib/modules"] {
        find_modules(&tree.join(root), &mut files)?;
    }
    ensure!(!files.is_empty(), "the kernel's package holds no modules");
    let mut loaded = Vec::new();
    for (name, parameters) in wanted {
        load(name, parameters, &files, &mut loaded)?;
    }
    Ok(loaded)
}

fn load(
    name: &str,
    parameters: &'static str,
    files: &BTreeMap<String, PathBuf>,
    loaded: &mut Vec<(String, Vec<u8>, &'static str)>,
) -> Result<()> {
    // A module without a file is built into the kernel.
    let Some(file) = files.get(name) else {
        return Ok(());
    };
    if loaded.iter().any(|(other, ..)| other == name) {
        return Ok(());
    }
    let bytes = read_module(file)?;
    for dependency in dependencies(&bytes) {
        load(&dependency, "", files, loaded)?;
    }
    loaded.push((name.to_string(), bytes, parameters));
    Ok(())
}

fn find_modules(directory: &Path, files: &mut BTreeMap<String, PathBuf>) -> Result<()> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Ok(());
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            find_modules(&path, files)?;
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if let Some((stem, "" | ".xz" | ".zst")) = name.split_once(".ko") {
            files.insert(stem.replace('-', "_"), path.clone());
        }
    }
    Ok(())
}

fn read_module(file: &Path) -> Result<Vec<u8>> {
    let tool = match file.extension().and_then(|extension| extension.to_str()) {
        Some("xz") => "xz",
        Some("zst") => "zstd",
        _ => return Ok(fs::read(file)?),
    };
    let output = Command::new(tool)
        .args(["-d", "-c"])
        .arg(file)
        .output()
        .with_context(|| format!("cannot start {tool} to unpack {}", file.display()))?;
    ensure!(
        output.status.success(),
        "{tool} failed on {}",
        file.display()
    );
    Ok(output.stdout)
}

/// What `depends=` in a module's `.modinfo` names.
fn dependencies(module: &[u8]) -> Vec<String> {
    const KEY: &[u8] = b"\0depends=";
    let Some(at) = module.windows(KEY.len()).position(|bytes| bytes == KEY) else {
        return Vec::new();
    };
    let value = module[at + KEY.len()..].split(|&byte| byte == 0).next();
    let value = String::from_utf8_lossy(value.unwrap_or_default()).into_owned();
    let names = value.split(',').filter(|name| !name.is_empty());
    names.map(|name| name.replace('-', "_")).collect()
}

/// A cpio archive in the "newc" format, as the kernel's
/// Documentation/driver-api/early-userspace/buffer-format.rst has it.
#[derive(Default)]
pub struct Archive {
    bytes: Vec<u8>,
    made: Vec<String>,
    modules: Vec<String>,
    entries: u32,
}

impl Archive {
    /// Add busybox, and `init` as process 1.
    pub fn busybox(&mut self, tree: &Path, init: &str) -> Result<()> {
        let busybox = ["bin/busybox", "usr/bin/busybox"].map(|name| tree.join(name));
        let busybox = busybox.iter().find(|path| path.exists());
        let busybox = busybox.context("the package busybox-static holds no busybox")?;
        self.file("bin/busybox", 0o755, &fs::read(busybox)?);
        self.file("init", 0o755, init.as_bytes());
        Ok(())
    }

    /// Add the modules wanted, with their parameters, and what they depend on; the
    /// file `list` in `modules` has them as they are to be loaded, without those of the lists before.
    pub fn modules(
        &mut self,
        tree: &Path,
        list: &str,
        wanted: &[(&str, &'static str)],
    ) -> Result<()> {
        let mut order = String::new();
        for (name, bytes, parameters) in modules(tree, wanted)? {
            if self.modules.contains(&name) {
                continue;
            }
            self.file(&format!("modules/{name}.ko"), 0o644, &bytes);
            order.push_str(&format!("{name}.ko {parameters}\n"));
            self.modules.push(name);
        }
        self.file(&format!("modules/{list}"), 0o644, order.as_bytes());
        Ok(())
    }

    /// Add a directory and those that it is in.
    pub fn directory(&mut self, name: &str) {
        if !self.made.iter().any(|made| made == name) {
            if let Some((parent, _)) = name.rsplit_once('/') {
                self.directory(parent);
            }
            self.made.push(name.to_string());
            self.entry(name, 0o040_755, &[]);
        }
    }

    /// Add a file.
    pub fn file(&mut self, name: &str, mode: u32, content: &[u8]) {
        if let Some((parent, _)) = name.rsplit_once('/') {
            self.directory(parent);
        }
        self.entry(name, 0o100_000 | mode, content);
    }

    fn entry(&mut self, name: &str, mode: u32, content: &[u8]) {
        self.entries += 1;
        let size = content.len();
        let fields = [self.entries, mode, 0, 0, 1, 0, size as u32, 0, 0, 0, 0];
        self.bytes.extend_from_slice(b"070701");
        for field in fields.into_iter().chain([name.len() as u32 + 1, 0]) {
            self.bytes
                .extend_from_slice(format!("{field:08X}").as_bytes());
        }
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.push(0);
        self.pad();
        self.bytes.extend_from_slice(content);
        self.pad();
    }

    fn pad(&mut self) {
        let len = self.bytes.len().next_multiple_of(4);
        self.bytes.resize(len, 0);
    }

    /// The archive.
    pub fn finish(mut self) -> Vec<u8> {
        self.entry("TRAILER!!!", 0, &[]);
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_are_read() {
        let module = b"ELF\0license=GPL\0depends=kvm,irq-bypass\0name=x\0";
        assert_eq!(dependencies(module), ["kvm", "irq_bypass"]);
        assert!(dependencies(b"a\0depends=\0b").is_empty());
        assert!(dependencies(b"nothing").is_empty());
    }

    #[test]
    fn cpio_can_be_read_back() {
        let mut archive = Archive::default();
        archive.file("a/b/c", 0o644, b"text");
        let bytes = archive.finish();
        let mut child = Command::new("busybox")
            .args(["cpio", "-t"])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn();
        // Without busybox on the host the boot itself is the test.
        if let Ok(child) = &mut child {
            std::io::Write::write_all(&mut child.stdin.take().unwrap(), &bytes).unwrap();
        }
        if let Ok(child) = child {
            let output = child.wait_with_output().unwrap();
            assert_eq!(String::from_utf8_lossy(&output.stdout), "a\na/b\na/b/c\n");
        }
    }
}
