//! `tierwire.core`: FuseSoC lints and simulates the core, and a wrong bit fails.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use synth::{Fusesoc, ToolError, Tools};

use crate::program::TIERWIRE;

/// FuseSoC, or `None` where there is no make; in CI there has to be one.
fn fusesoc() -> Option<Fusesoc> {
    match Tools::locate().fusesoc() {
        Err(why @ ToolError::MakeMissing) if std::env::var_os("CI").is_none() => {
            // Not by `eprintln!`: cargo keeps to itself what a test that passes prints by that.
            let told = format!("tierwire.core IS NOT TESTED: {why}\n");
            std::io::stderr().write_all(told.as_bytes()).unwrap();
            None
        }
        found => Some(found.unwrap()),
    }
}

fn in_repository(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

/// Runs a target on what a program exports, in a folder with only the core file and its generator.
/// Returns whether that succeeded, and the output.
fn run(fusesoc: &Fusesoc, target: &str, exported_by: &Path) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("scripts")).unwrap();
    for file in ["tierwire.core", "scripts/fusesoc_export.py"] {
        fs::copy(in_repository(file), folder.path().join(file)).unwrap();
    }
    let mut command = fusesoc.command(folder.path());
    command.args(["run", "--target", target, "tierwire"]);
    let ran = command.env("TIERWIRE", exported_by).env("RIGHT_TIERWIRE", TIERWIRE).output();
    let ran = ran.unwrap();
    let said = [ran.stdout, ran.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (ran.status.success(), said.concat())
}

#[test]
fn the_core_passes_lint() {
    let Some(fusesoc) = fusesoc() else { return };
    let (good, said) = run(&fusesoc, "lint", TIERWIRE.as_ref());
    assert!(good, "{said}");
}

#[test]
fn the_core_sends_the_words_expected() {
    let Some(fusesoc) = fusesoc() else { return };
    for target in ["sim", "sim_nano"] {
        let (good, said) = run(&fusesoc, target, TIERWIRE.as_ref());
        assert!(good && said.lines().any(|line| line.starts_with("PASS: ")), "{said}");
    }
}

#[test]
fn a_wrong_bit_does_not_pass() {
    let Some(fusesoc) = fusesoc() else { return };
    let (good, said) = run(&fusesoc, "sim_nano", &in_repository("tests/files/wrong_bit.py"));
    assert!(!good && said.lines().any(|line| line.starts_with("FAIL: word 100 is ")), "{said}");
}

#[test]
fn the_core_files_version_is_the_workspaces() {
    let core = fs::read_to_string(in_repository("tierwire.core")).unwrap();
    let name = format!("name: tierwire:tierwire:tierwire:{}\n", env!("CARGO_PKG_VERSION"));
    assert!(core.contains(&name), "tierwire.core: {name}");
}
