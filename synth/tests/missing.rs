//! What is missing on a machine is named, with what to do about it.

use std::fs;
use std::path::PathBuf;

use synth::{ToolError, Tools};
use tempfile::TempDir;

use crate::script::write_script;

/// A program that does what a shell script says.
fn program(folder: &TempDir, script: &str) -> PathBuf {
    let file = folder.path().join("program");
    write_script(&file, script);
    file
}

#[test]
fn no_python_at_all() {
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
    let folder = TempDir::new().unwrap();
    let python = program(&folder, "case \"$2\" in *version_info*) echo 3.12;; *) exit 1;; esac");
    let error = Tools::at(folder.path()).with_python(python).yosys().unwrap_err();
    assert!(matches!(error, ToolError::PipMissing { .. }), "{error}");
    assert!(error.to_string().contains("apt install python3-pip"), "{error}");
}

#[test]
fn a_pip_that_fails() {
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
    let folder = TempDir::new().unwrap();
    let error = Tools::at(folder.path()).with_compiler("no-such-c++").verilator().unwrap_err();
    assert!(matches!(error, ToolError::CompilerMissing { .. }), "{error}");
}
