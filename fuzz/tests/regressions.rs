//! Every input that ever failed, again.

use std::fs;
use std::path::PathBuf;

use fuzz::TARGETS;

#[test]
fn no_input_that_once_failed_fails_again() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("regressions");
    for target in TARGETS {
        let Ok(entries) = fs::read_dir(folder.join(target.name)) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            println!("{}", path.display());
            target.run(&fs::read(path).unwrap());
        }
    }
    // No input is left unread because its folder is of no target.
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name();
        assert!(name == "README.md" || TARGETS.iter().any(|t| name == t.name), "{name:?}");
    }
}
