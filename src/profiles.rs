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
