//! The tests of this crate as one program: linked once, and run side by side.

mod cache;
mod missing;
mod nextpnr;
mod prover;
#[path = "files/script.rs"]
mod script;
mod synthesis;
mod verilator;
mod yosys;

#[path = "../../tests/files/modules.rs"]
mod modules;

#[test]
fn every_file_of_tests_is_a_module() {
    modules::every_file_is_one(env!("CARGO_MANIFEST_DIR"), include_str!("main.rs"));
}
