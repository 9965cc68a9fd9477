//! The tests of this crate as one program: linked once, and run side by side.

mod archives;
#[cfg(unix)]
mod bad_input;
mod command_line;
mod compare;
#[cfg(unix)]
mod field_reports;
mod frames;
mod fusesoc;
mod help;
#[cfg(unix)]
mod interrupted;
mod own_profile;
mod pages;
mod power;
mod profile_arguments;
#[path = "files/program.rs"]
mod program;
#[cfg(unix)]
mod receiving;
mod recordings;
mod studies;
mod synth;

#[path = "files/modules.rs"]
mod modules;

#[test]
fn every_file_of_tests_is_a_module() {
    modules::every_file_is_one(env!("CARGO_MANIFEST_DIR"), include_str!("main.rs"));
}
