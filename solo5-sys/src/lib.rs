//! The machines of Solo5 behind one C header, `solo5.h`.
//!
//! A backend is a type that implements [`Machine`]; [`export_machine!`] turns
//! it into the checked C functions of `include/solo5.h` and
//! `include/machine.h`. A cargo feature chooses one of the backends here, and
//! the archive is then linked into one relocatable object whose only global
//! symbols are those functions, `_start`, and the pair of the stack protector.
//!
//! Without a feature this is what the backends share, as a library: it runs in
//! host tests and serves backends in other crates.
#![cfg_attr(not(test), no_std)]

pub mod abi;
pub mod bytes;
pub mod clock;
pub mod cmdline;
#[cfg(feature = "core")]
pub mod core;
pub mod export;
pub mod firmware;
pub mod guard;
pub mod log;
pub mod machine;
pub mod manifest;
pub mod note;
pub mod paging;
pub mod patience;
pub mod ring;
pub mod scale;
pub mod start;
pub mod tls;
pub mod virtqueue;

pub use machine::Machine;

#[cfg(feature = "hvt")]
mod hvt;
#[cfg(feature = "spt")]
mod spt;
#[cfg(feature = "stub")]
mod stub;
#[cfg(feature = "virtio")]
mod virtio;

#[cfg(feature = "hvt")]
export_machine!(crate::hvt::Hvt);
#[cfg(feature = "spt")]
export_machine!(crate::spt::Spt);
#[cfg(feature = "stub")]
export_machine!(crate::stub::Stub);
#[cfg(feature = "virtio")]
export_machine!(crate::virtio::Virtio);
