//! `spt`: Solo5's tender that confines a process with seccomp.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::{Boot, Machine, Request, process};

/// Solo5's `solo5-spt`.
pub struct Spt {
    /// The tender.
    pub tender: PathBuf,
}

impl Machine for Spt {
    fn family(&self) -> &'static str {
        "spt"
    }

    fn backend(&self) -> &'static str {
        "spt"
    }

    fn boot(&self, image: &Path, request: &Request) -> Result<Boot> {
        let command = tender_command(&self.tender, image, request);
        process::run(command, None, None, request.timeout)
    }
}

/// The command that starts an image under a tender. The tender joins the words
/// of a command line with spaces again, so one word carries it as it is.
pub fn tender_command(tender: &Path, image: &Path, request: &Request) -> Command {
    let mut command = Command::new(tender);
    command
        .arg(format!("--mem={}", request.mem_mib))
        .args(request.devices.tender_options())
        .arg("--")
        .arg(image);
    if !request.cmdline.is_empty() {
        command.arg(&request.cmdline);
    }
    command
}
