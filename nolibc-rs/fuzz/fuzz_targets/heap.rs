//! The heap against its model: see `tests/model`.
#![no_main]

#[path = "../../tests/model/mod.rs"]
mod model;

libfuzzer_sys::fuzz_target!(|choices: &[u8]| model::run(choices));
