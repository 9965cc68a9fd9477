//! `--profile`: every command about one profile's hardware takes ours by name, and the user's own.

use crate::program::{Folder, recording};

/// These commands, with what else they need.
const COMMANDS: [&str; 16] = [
    "demo",
    "export -o build",
    "simulate a.wav --engine verilog",
    "receive - -o -",
    "send a.wav --to -",
    "prove",
    "signoff",
    "synth --target hx1k",
    "bounds",
    "tables mean-32 --format c",
    "frontier recordings",
    "latency recordings",
    "power recordings",
    "silicon",
    "system recordings",
    "report --target hx1k --recordings recordings -o report",
];

#[test]
fn every_hardware_command_takes_a_profile_by_its_name_or_a_file() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("recordings")).unwrap();
    for name in ["a.wav", "recordings/a.wav"] {
        folder.write(name, &recording(1, 10).bytes());
    }
    for command in COMMANDS {
        let words: Vec<&str> = command.split(' ').collect();
        let with = |profile| folder.run(&[&words[..], &["--profile", profile]].concat());
        let wrong = with("nono");
        assert_eq!(wrong.code, Some(2), "{command}");
        assert!(wrong.stderr.contains("nano"), "{}", wrong.stderr);
        let missing = with("my/own.toml");
        assert_eq!(missing.code, Some(1), "{command}");
        assert!(
            missing.stderr.starts_with("tierwire: my/own.toml: "),
            "{command}: {}",
            missing.stderr
        );
        let help = folder.run(&[&words[..], &["--profile", "nano", "--help"]].concat());
        assert_eq!(help.code, Some(0), "{command}: {}", help.stderr);
    }
}
