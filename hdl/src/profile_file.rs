//! **Profile files**: profiles as TOML, those that come with tierwire and a user's own.
//!
//! ```
//! let profile = hdl::Profile::from_toml(
//!     "mine.toml",
//!     r#"
//! name = "mine"
//! table_set = "means-64" # a shipped one; a name that ends in .toml is a file beside this one
//! channels = 100
//! samples_per_s = 30000
//! frames = { rounds = 30, keyframe_interval = 256 } # without this line: packets
//! fifo_words = 64 # without this line: as many as fill a block RAM
//! tables = "loaded" # at run time; without this line they are fixed
//! "#,
//! )?;
//! assert_eq!(profile.channels(), 100);
//! # Ok::<(), hdl::profile_file::InvalidProfile>(())
//! ```
//!
//! With one mean and an even number of channels, `state_ports = 1` puts the state into memories that are read or written at a
//! clock, not both.
//!
//! One channel in packets with the plain bigram has its state in registers and takes a sample at
//! every clock. All others have it in memory.

use crate::profile::{Channels, Profile, Unfit};
use crate::stream::framer::Frames;
use golden_model::TableSet;
use golden_model::predictor::Shape;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

include!(concat!(env!("OUT_DIR"), "/profiles.rs"));

/// Most characters of a name: it becomes part of module and file names.
const MAX_NAME: usize = 64;

/// The file as TOML sees it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    table_set: String,
    channels: usize,
    samples_per_s: f64,
    frames: Option<FramesFields>,
    fifo_words: Option<usize>,
    #[serde(default)]
    tables: Tables,
    #[serde(default)]
    state_ports: Ports,
}

/// How many ports the memories of the state have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "usize")]
enum Ports {
    One,
    #[default]
    Two,
}

impl TryFrom<usize> for Ports {
    type Error = String;

    fn try_from(number: usize) -> Result<Ports, String> {
        match number {
            1 => Ok(Ports::One),
            2 => Ok(Ports::Two),
            _ => Err(format!("state_ports is 1 or 2, not {number}")),
        }
    }
}

/// Where a core's tables come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Tables {
    /// They are part of it.
    #[default]
    Fixed,
    /// A driver brings them.
    Loaded,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct FramesFields {
    rounds: usize,
    keyframe_interval: usize,
}

/// A file is no profile.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {fault}")]
pub struct InvalidProfile {
    /// The file.
    pub file: String,
    /// The reason.
    pub fault: ProfileFault,
}

/// Why a file is no profile.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileFault {
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(std::io::Error),
    /// It is not TOML, or lacks a key, or has one too many.
    #[error("line {line}: {reason}")]
    Toml {
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        reason: String,
    },
    /// The name cannot be part of a Verilog name.
    #[error("the name {0:?} is not a letter followed by at most 63 letters, digits, - and _")]
    Name(String),
    /// There is no such table set.
    #[error("no table set {0:?} comes with tierwire, and only a file's name ends in .toml")]
    NoTableSet(String),
    /// The table set's file cannot be read or is no table set.
    #[error("table set {file}: {reason}")]
    TableSet {
        /// The table set's file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// No hardware.
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

/// What is wrong with a TOML text, and where.
pub(crate) fn toml_fault(text: &str, error: &toml::de::Error) -> (usize, String) {
    let start = error.span().map_or(0, |span| span.start.min(text.len()));
    let line = text.as_bytes()[..start].iter().filter(|&&byte| byte == b'\n').count() + 1;
    (line, error.message().replace('\n', " "))
}

/// Those that come with tierwire, small ones first.
static SHIPPED: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    let read = |(name, text): &(&str, &str)| {
        let profile = Profile::from_toml(&format!("profiles/{name}.toml"), text);
        profile.expect("a shipped profile fits: a test reads each")
    };
    let mut profiles: Vec<Profile> = PROFILES.iter().map(read).collect();
    profiles.sort_by_key(Profile::channels);
    profiles
});

impl Profile {
    /// The profile of this name that comes with tierwire, if there is one.
    pub fn named(name: &str) -> Option<Profile> {
        SHIPPED.iter().find(|profile| profile.name() == name).cloned()
    }

    /// All profiles that come with tierwire, small ones first.
    pub fn all() -> impl Iterator<Item = Profile> {
        SHIPPED.iter().cloned()
    }

    /// Their names.
    pub fn names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(Profile::name)
    }

    /// Reads a profile's file. A table set's file is looked for beside it.
    ///
    /// # Errors
    /// [`InvalidProfile`].
    pub fn from_file(path: &Path) -> Result<Profile, InvalidProfile> {
        let file = path.display().to_string();
        match fs::read_to_string(path) {
            Ok(text) => Profile::from_toml(&file, &text),
            Err(error) => Err(InvalidProfile { file, fault: ProfileFault::Unreadable(error) }),
        }
    }

    /// Reads a profile from the text of its file. `file` is the file's path: errors name it, and a
    /// table set's file is looked for beside it.
    ///
    /// # Errors
    /// [`InvalidProfile`].
    pub fn from_toml(file: &str, text: &str) -> Result<Profile, InvalidProfile> {
        parse(Path::new(file), text).map_err(|fault| InvalidProfile { file: file.into(), fault })
    }
}

fn parse(path: &Path, text: &str) -> Result<Profile, ProfileFault> {
    let file: File = toml::from_str(text).map_err(|error| {
        let (line, reason) = toml_fault(text, &error);
        ProfileFault::Toml { line, reason }
    })?;
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let starts = file.name.starts_with(|c: char| c.is_ascii_alphabetic());
    if !starts || !file.name.chars().all(legal) || file.name.len() > MAX_NAME {
        return Err(ProfileFault::Name(file.name));
    }
    let set = table_set(path, &file.table_set)?;
    let channels = match (file.channels, &file.frames, set.shape()) {
        (1, None, Shape::Bigram) => Channels::One,
        (number, ..) => Channels::Many(number),
    };
    let mut profile = Profile::new(&file.name, set, channels)?.with_rate(file.samples_per_s)?;
    if let Some(words) = file.fifo_words {
        profile = profile.with_fifo(words)?;
    }
    if let Some(FramesFields { rounds, keyframe_interval }) = file.frames {
        profile = profile.with_frames(Frames { rounds, keyframe_interval })?;
    }
    if file.state_ports == Ports::One {
        profile = profile.with_one_port()?;
    }
    Ok(match file.tables {
        Tables::Fixed => profile,
        Tables::Loaded => profile.with_loaded_tables()?,
    })
}

/// The table set of this name, or in this file beside the profile's.
fn table_set(profile: &Path, name: &str) -> Result<TableSet, ProfileFault> {
    if !name.ends_with(".toml") {
        return golden_model::shipped(name).ok_or_else(|| ProfileFault::NoTableSet(name.into()));
    }
    let path = profile.with_file_name(name);
    let fault =
        |reason: String| ProfileFault::TableSet { file: path.display().to_string(), reason };
    let text = fs::read_to_string(&path).map_err(|error| fault(error.to_string()))?;
    TableSet::from_toml(&text).map_err(|error| fault(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_profile_fits_and_is_named_after_its_file() {
        for (name, text) in PROFILES {
            let profile = Profile::from_toml("a file", text).unwrap();
            assert_eq!(profile.name(), *name);
        }
        assert_eq!(Profile::all().count(), PROFILES.len());
        assert!(Profile::named("unknown").is_none());
    }

    /// A profile's file with a line in place of another.
    fn with(old: &str, new: &str) -> Result<Profile, String> {
        let text = "name = \"own\"\ntable_set = \"means-64\"\nchannels = 100\n\
                    samples_per_s = 30000\nframes = { rounds = 30, keyframe_interval = 256 }\n";
        assert!(text.contains(old));
        let profile = Profile::from_toml("own.toml", &text.replace(old, new));
        profile.map_err(|error| error.to_string())
    }

    #[test]
    fn a_file_says_all_of_a_profile() {
        let profile = with("100", "384").unwrap();
        assert_eq!((profile.name(), profile.channels()), ("own", 384));
        assert_eq!((profile.table_set().name(), profile.samples_per_s()), ("means-64", 30e3));
        assert_eq!(profile.frames(), Some(Frames { rounds: 30, keyframe_interval: 256 }));
        assert_eq!(with("30000", "19531.25").unwrap().samples_per_s(), 19531.25);
        assert!(with("frames =", "# frames =").unwrap().frames().is_none());
    }

    #[test]
    fn what_is_wrong_is_named_with_the_file() {
        let wrong = |old, new| with(old, new).unwrap_err();
        let name = "is not a letter followed by at most 63 letters, digits, - and _";
        assert_eq!(wrong("\"own\"", "\"a b\""), format!("own.toml: the name \"a b\" {name}"));
        assert_eq!(wrong("\"own\"", "\"1\""), format!("own.toml: the name \"1\" {name}"));
        assert_eq!(
            wrong("means-64", "means-65"),
            "own.toml: no table set \"means-65\" comes with tierwire, and only a file's name ends \
             in .toml"
        );
        assert!(wrong("means-64", "no.toml").starts_with("own.toml: table set no.toml: "));
        assert_eq!(wrong("100", "1025"), "own.toml: 1025 channels, not 1 to 1024");
        assert_eq!(wrong("100", "0"), "own.toml: 0 channels, not 1 to 1024");
        assert!(wrong("100", "-1").starts_with("own.toml: line 3: "));
        assert!(wrong("30000", "-1").starts_with("own.toml: -1 samples per second"));
        assert!(wrong("rounds = 30", "rounds = 300").starts_with("own.toml: no hardware for"));
        assert!(wrong("channels = 100", "").contains("missing field `channels`"));
        assert!(with("frames =", "tables = \"loaded\"\nframes =").unwrap().is_loaded());
        assert!(wrong("frames =", "tables = \"loaded\" # frames =").ends_with("made with"));
        assert!(wrong("frames =", "state_ports = 1\nframes =").contains("one mean"));
        assert!(wrong("frames =", "state_ports = 3\nframes =").contains("1 or 2, not 3"));
        assert!(wrong("frames =", "tables = \"wide\"\nframes =").contains("unknown variant"));
        assert!(wrong("samples_per_s", "rate").contains("line 4: unknown field `rate`"));
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = Profile::from_file(Path::new("no/such.toml")).unwrap_err();
        assert!(error.to_string().starts_with("no/such.toml: "), "{error}");
        assert!(matches!(error.fault, ProfileFault::Unreadable(_)));
    }
}
