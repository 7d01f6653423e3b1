//! Xen, for a guest that owns its virtual machine (PVH): a domain of its own or
//! dom0 itself.
//!
//! With feature `xen` this is a backend behind `solo5.h` and `machine.h`, over
//! the ring-0 core of solo5-sys; without it the parts that touch no machine, as
//! a library that runs in host tests.
//!
//! | module | what it owns |
//! |---|---|
//! | [`abi`] | numbers and layouts of Xen's public interface, nothing else |
//! | [`clock`] | time from shared memory |
//! | [`grant`], `sharing` | pages that another domain may use: the table, and ours |
//! | [`foreign`] | pages of other domains: mapped, and copied from and to |
//! | [`front`] | rings of requests and responses |
//! | [`link`] | from a front end to its back end, and to the next one |
//! | [`naming`], [`handles`] | which device is meant by a name, and which by a handle |
//! | [`vbd`], [`requests`], `block` | virtual disks: what requests look like, those under way, the disks |
//! | [`vif`], [`frames`], `net` | virtual interfaces, likewise |
//! | [`turn`], `place` | one user at a time; an option in a static |
//! | [`text`] | paths and numbers |
//! | [`ring`] | rings of bytes that another domain shares |
//! | [`store`] | xenstore's protocol |
//! | [`console`] | the rings of the console |
//! | `terminal` | which console there is, and its fallbacks |
//! | `hypercall` | the gate, and a checked function for each call in use |
//! | `toolstack` | this domain's connection to xenstore |
//! | `event` | event channels |
//! | `halt` | how a CPU waits for an event |
//! | `memory` | the memory map, pages that Xen shares |
//! | `smp` | the other virtual CPUs |
//! | `power` | how a domain ends |
//! | `suspend`, `gather` | how it goes on as another one, and where the other CPUs wait for that |
//! | `mirage` | what mirage-xen links against besides |
//! | `raw` | `xen.h`: event channels, grants and xenstore for the program |
//! | `machine` | the start, and solo5-sys's trait |
//!
//! What Xen itself says is believed: it owns the machine. What another domain
//! can write is not.
#![cfg_attr(not(test), no_std)]

pub mod abi;
pub mod clock;
pub mod console;
pub mod foreign;
pub mod frames;
pub mod front;
pub mod grant;
pub mod handles;
pub mod link;
pub mod naming;
pub mod requests;
pub mod ring;
pub mod store;
pub mod text;
pub mod turn;
pub mod vbd;
pub mod vif;

#[cfg(feature = "xen")]
mod block;
#[cfg(feature = "xen")]
mod event;
#[cfg(feature = "xen")]
mod gather;
#[cfg(feature = "xen")]
mod halt;
#[cfg(feature = "xen")]
mod hypercall;
#[cfg(feature = "xen")]
mod machine;
#[cfg(feature = "xen")]
mod memory;
#[cfg(feature = "xen")]
mod mirage;
#[cfg(feature = "xen")]
mod net;
#[cfg(feature = "xen")]
mod place;
#[cfg(feature = "xen")]
mod power;
#[cfg(feature = "xen")]
mod raw;
#[cfg(feature = "xen")]
pub mod sharing;
#[cfg(feature = "xen")]
mod smp;
#[cfg(feature = "xen")]
mod suspend;
#[cfg(feature = "xen")]
mod terminal;
#[cfg(feature = "xen")]
mod toolstack;

#[cfg(feature = "xen")]
core::arch::global_asm!(
    include_str!("../../solo5-sys/src/core/record.s"),
    include_str!("entry.s"),
    include_str!("../../solo5-sys/src/core/protected.s"),
    include_str!("../../solo5-sys/src/core/tables.s"),
    include_str!("../../solo5-sys/src/core/entry.s"),
    include_str!("../../solo5-sys/src/core/traps.s"),
    include_str!("../../solo5-sys/src/core/tick.s"),
    include_str!("../../solo5-sys/src/core/cpus.s"),
    options(att_syntax)
);

#[cfg(feature = "xen")]
solo5_sys::export_core!(crate::machine::Xen);
#[cfg(feature = "xen")]
solo5_sys::export_machine!(crate::machine::Xen);
#[cfg(feature = "xen")]
solo5_sys::abi_notes!(solo5_sys::note::TARGET_XEN, 1);
