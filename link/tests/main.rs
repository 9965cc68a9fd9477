//! The tests of this crate as one program.

mod loopback;
mod page;
mod receiver;
mod sent;
mod sinks;

#[path = "../../tests/files/modules.rs"]
mod modules;

#[test]
fn every_file_of_tests_is_a_module() {
    modules::every_file_is_one(env!("CARGO_MANIFEST_DIR"), include_str!("main.rs"));
}
