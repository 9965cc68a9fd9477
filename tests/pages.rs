//! The commands in README and `docs/`: `tierwire` knows each of them, with its options and values.

use std::path::Path;
use std::process::Command;

#[test]
fn every_command_in_the_pages_is_known() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut commands = 0;
    let docs = std::fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    for page in docs.chain(["README.md", "EXPERIMENTS.md"].map(|name| root.join(name))) {
        if page.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let text = std::fs::read_to_string(&page).unwrap();
        for line in text.split("```sh\n").skip(1).flat_map(|rest| {
            let (code, _) = rest.split_once("```").expect("the end of the code");
            code.lines()
        }) {
            let command = line.split('#').next().unwrap();
            let Some(arguments) = command.strip_prefix("tierwire ") else { continue };
            commands += 1;
            // With --help nothing runs, but wrong commands, options and values before it are errors.
            let run = Command::new(env!("CARGO_BIN_EXE_tierwire"))
                .args(arguments.split_whitespace())
                .arg("--help")
                .output()
                .unwrap();
            let why = String::from_utf8_lossy(&run.stderr);
            assert!(run.status.success(), "{}: {command}: {why}", page.display());
        }
    }
    assert!(commands > 20, "only {commands} commands were found");
}
