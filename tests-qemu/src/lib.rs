//! Boots guests on every machine and checks what they print.
//!
//! - [`guest`]: a guest and the comment at its head that says what must happen;
//! - [`machine`]: `Machine::boot(image, request) -> Boot { console, status, time }`,
//!   one module per machine;
//! - [`device`]: the taps and files that a machine attaches;
//! - [`lab`]: networks for tests, [`peer`]: who talks to a guest there;
//! - [`suite`]: runs the tests in parallel and reports.
//!
//! `cargo xtask qemu-test` builds the images and calls [`suite`].

pub mod device;
pub mod guest;
pub mod lab;
pub mod machine;
pub mod peer;
pub mod suite;
