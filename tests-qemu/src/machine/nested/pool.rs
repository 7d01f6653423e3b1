//! Small Linuxes that guests run in: resumed from one snapshot, and used again as long
//! as they are in order.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result, anyhow, ensure};

use super::vm::{self, Launch, Shape, Snapshot, Start, Vm};
use crate::device::Devices;
use crate::machine::{Boot, Request, Status};

/// The machines of one shape.
pub struct Pool {
    shape: &'static Shape,
    /// Show consoles on standard output as they come.
    pub live: bool,
    /// Starts QEMU.
    pub launch: Box<Launch>,
    snapshot: OnceLock<Result<Snapshot, String>>,
    idle: Mutex<Vec<Vm>>,
}

impl Pool {
    /// None yet.
    pub fn new(shape: &'static Shape) -> Pool {
        Pool {
            shape,
            live: false,
            launch: Box::new(vm::launch),
            snapshot: OnceLock::new(),
            idle: Mutex::default(),
        }
    }

    /// One that waits, if there are no devices, or a new one, from the snapshot that `prepare`
    /// makes when it is the first.
    fn take(&self, devices: &Devices, prepare: impl FnOnce() -> Result<Snapshot>) -> Result<Vm> {
        if devices.is_empty() {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(vm) = idle.pop() {
                return Ok(vm);
            }
        }
        let first = || prepare().map_err(|error| format!("{error:#}"));
        let snapshot = self.snapshot.get_or_init(first).as_ref();
        let snapshot = snapshot.map_err(|error| anyhow!("{error}"))?;
        Vm::start(
            self.shape,
            &Start::Snapshot(snapshot),
            devices,
            &*self.launch,
        )
    }

    /// Boot the image at `path` with `words`, as the small Linux takes them.
    ///
    /// # Errors
    /// The image cannot be read, the snapshot not be made, or the machine around the guest died.
    pub fn boot(
        &self,
        path: &Path,
        request: &Request,
        words: &str,
        prepare: impl FnOnce() -> Result<Snapshot>,
    ) -> Result<Boot> {
        let read =
            |path: &Path| fs::read(path).with_context(|| format!("cannot read {}", path.display()));
        let mut files = vec![("image", read(path)?)];
        if let Some(path) = &request.ramdisk {
            files.push(("ramdisk", read(path)?));
        }
        let room = self.shape.room;
        let devices = &request.devices;
        ensure!(
            devices.nets.len() <= room.nets && devices.blocks.len() <= room.blocks,
            "on {} a guest has at most {} networks and {} block devices",
            self.shape.name,
            room.nets,
            room.blocks
        );
        let mut vm = self.take(devices, prepare)?;
        let start = Instant::now();
        let (console, status) =
            vm.run(&files, request.mem_mib, words, request.timeout, |text| {
                if self.live {
                    let mut out = std::io::stdout();
                    // A closed pipe is for whoever reads it.
                    let _ = out.write_all(text).and_then(|()| out.flush());
                }
            })?;
        let time = start.elapsed();
        // What is attached is this guest's alone.
        if status != Status::TimedOut && devices.is_empty() {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.push(vm);
        }
        Ok(Boot {
            console: String::from_utf8_lossy(&console).into_owned(),
            status,
            time,
        })
    }
}
