//! `--profile`, `--target` and `--engine`: which hardware.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use hdl::Profile;
use link::StreamFormat;
use synth::{TARGETS, Target};
use testbench::engine::Engine;

/// The default of commands that measure.
pub const MEASURED: &str = "tile256";

/// A profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// One of ours, by its name.
    Shipped(String),
    /// One of the user's own, in a file.
    File(PathBuf),
}

impl Choice {
    /// Reads it.
    pub fn load(&self) -> anyhow::Result<Profile> {
        match self {
            Choice::Shipped(name) => {
                Profile::named(name).with_context(|| format!("no profile {name:?}"))
            }
            Choice::File(path) => Ok(Profile::from_file(path)?),
        }
    }
}

/// How `--profile` is understood: the name of one of ours, or a file `*.toml`.
#[derive(Clone)]
pub struct ProfileParser;

impl ProfileParser {
    fn names() -> Vec<&'static str> {
        Profile::names().collect()
    }
}

impl TypedValueParser for ProfileParser {
    type Value = Choice;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Choice, clap::Error> {
        if Path::new(value).extension().is_some_and(|extension| extension == "toml") {
            return Ok(Choice::File(value.into()));
        }
        let names = PossibleValuesParser::new(ProfileParser::names());
        names.parse_ref(command, argument, value).map(Choice::Shipped)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let own = PossibleValue::new("FILE.toml").help("a profile of your own");
        Some(Box::new(ProfileParser::names().into_iter().map(PossibleValue::new).chain([own])))
    }
}

/// What the receiver of a profile's frames has to know.
pub fn stream_format(profile: &Profile) -> anyhow::Result<StreamFormat> {
    let name = profile.name();
    let layout =
        profile.layout().with_context(|| format!("profile {name} sends packets, not frames"))?;
    let (set, samples_per_s) = (profile.table_set().clone(), profile.samples_per_s());
    Ok(StreamFormat { profile: name.into(), set, others: vec![], layout, samples_per_s })
}

/// How `--target` is understood.
pub fn target_parser() -> impl TypedValueParser<Value = &'static Target> {
    PossibleValuesParser::new(TARGETS.iter().map(|target| target.name))
        .map(|name| Target::named(&name).expect("clap lets through names of targets only"))
}

/// How `--engine` is understood.
pub fn engine_parser() -> impl TypedValueParser<Value = Engine> {
    let value = |engine: Engine| {
        let value = PossibleValue::new(engine.name()).help(engine.summary());
        if engine == Engine::NetlistIce40 { value.alias("netlist") } else { value }
    };
    PossibleValuesParser::new(Engine::ALL.map(value)).map(|name| {
        let named = Engine::ALL.into_iter().find(|engine| engine.name() == name);
        named.unwrap_or(Engine::NetlistIce40) // by its alias
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command_line;

    /// The commands about one profile's hardware, with what else they need.
    const COMMANDS: [&str; 15] = [
        "demo",
        "export -o build",
        "simulate a.wav --engine verilog",
        "receive - -o -",
        "send a.wav --to -",
        "prove",
        "signoff",
        "synth --target hx1k",
        "bounds",
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
}
