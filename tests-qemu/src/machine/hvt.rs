//! `hvt`: Solo5's tender that is a small virtual machine monitor over KVM.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::spt::tender_command;
use super::{Boot, Machine, Request, process};

/// Solo5's `solo5-hvt` on this host's KVM.
pub struct Hvt {
    /// The tender.
    pub tender: PathBuf,
}

impl Machine for Hvt {
    fn family(&self) -> &'static str {
        "hvt"
    }

    fn backend(&self) -> &'static str {
        "hvt"
    }

    fn boot(&self, image: &Path, request: &Request) -> Result<Boot> {
        let command = tender_command(&self.tender, image, request);
        process::run(command, None, None, request.timeout)
    }

    fn probe(&self, hello: &Path) -> Result<()> {
        super::probe_kvm(self, hello)
    }
}
