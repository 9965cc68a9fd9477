//! Tests of `src/profiles.rs`: which commands take `--profile`, and how.

use super::*;
use crate::command_line;

/// The commands about one profile's hardware, with what else they need.
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

fn parse(command: &str, profile: &str) -> Result<clap::ArgMatches, clap::Error> {
    let words = ["tierwire"].into_iter().chain(command.split(' '));
    command_line().try_get_matches_from(words.chain(["--profile", profile]))
}

#[test]
fn every_hardware_command_takes_a_profile_by_its_name() {
    for command in COMMANDS {
        let matches = parse(command, "nano").unwrap();
        let (_, arguments) = matches.subcommand().unwrap();
        let choice = Choice::Shipped("nano".into());
        assert_eq!(arguments.get_one::<Choice>("profile"), Some(&choice), "{command}");
        let error = parse(command, "nono").unwrap_err();
        assert_eq!(error.kind(), clap::error::ErrorKind::InvalidValue, "{command}");
        assert!(error.to_string().contains("nano"), "{error}");
    }
}

#[test]
fn every_hardware_command_takes_a_file() {
    for command in COMMANDS {
        let matches = parse(command, "my/own.toml").unwrap();
        let (_, arguments) = matches.subcommand().unwrap();
        let choice = Choice::File("my/own.toml".into());
        assert_eq!(arguments.get_one::<Choice>("profile"), Some(&choice), "{command}");
        let error = choice.load().unwrap_err();
        assert!(error.to_string().starts_with("my/own.toml: "), "{error}");
    }
}

#[test]
fn every_profile_of_ours_loads() {
    for name in ProfileParser::names() {
        assert_eq!(Choice::Shipped(name.into()).load().unwrap().name(), name);
    }
}
