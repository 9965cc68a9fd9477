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
#[cfg(unix)]
mod interrupted;
mod own_profile;
mod pages;
mod power;
#[path = "files/program.rs"]
mod program;
mod recordings;
mod synth;

/// A file that is not named above would never run.
#[test]
fn every_file_of_tests_is_a_module() {
    let this = include_str!("main.rs");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if path.extension().is_some_and(|extension| extension == "rs") && name != "main" {
            assert!(this.contains(&format!("mod {name};")), "{name}");
        }
    }
}
