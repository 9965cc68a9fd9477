//! Every input that ever failed, again.

use std::fs;
use std::path::PathBuf;

use fuzz::TARGETS;

#[test]
fn inputs_that_once_failed_are_survived() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("regressions");
    for target in TARGETS {
        let Ok(entries) = fs::read_dir(folder.join(target.name)) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            println!("{}", path.display());
            target.run(&fs::read(path).unwrap());
        }
    }
    let known = |entry: fs::DirEntry| TARGETS.iter().any(|t| entry.file_name() == t.name);
    assert!(fs::read_dir(folder).unwrap().all(|entry| known(entry.unwrap())));
}
