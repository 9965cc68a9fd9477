//! **Boards**: FPGA, clocks and pins, and which way samples come in.
//!
//! Each board is a file in `boards/`; what is wrong with one is found when it is read. With a
//! profile a board has a top: see [`board_circuit`](crate::boards::board_circuit) and
//! [`board_export`](crate::boards::board_export).

use crate::profile::Profile;
use crate::profile_file::toml_fault;
use crate::shape::SAMPLE;
use std::collections::BTreeSet;
use std::sync::LazyLock;

include!(concat!(env!("OUT_DIR"), "/boards.rs"));

/// The two families of FPGAs, and the form of their constraint files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Lattice iCE40; PCF.
    Ice40,
    /// Lattice ECP5; LPF.
    Ecp5,
}

/// How samples come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SamplePort {
    /// The converter's codes with a strobe: [`parallel_port`](crate::ports::parallel_port).
    Parallel,
    /// Samples of 16 bits over SPI: [`serial_port`](crate::ports::serial_port).
    Serial,
}

/// One bit of a port of a board's top, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// The port.
    pub port: String,
    /// Which bit of it; 0 where it has one.
    #[serde(default)]
    pub bit: usize,
    /// The FPGA's pin, in the package's own naming.
    pub site: String,
    /// Where the user finds it on the board.
    pub place: String,
}

/// A board.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// Its name: that of its constraint file.
    pub name: String,
    /// Its FPGA's family.
    pub family: Family,
    /// Its FPGA, as nextpnr names it: the argument `--up5k`, `--25k`, ...
    pub device: String,
    /// The FPGA's package, as nextpnr names it.
    pub package: String,
    /// How samples come in.
    pub sample_port: SamplePort,
    /// Lanes of bits to the host.
    pub lanes: usize,
    /// The profile that it is meant for.
    pub profile: String,
    /// The oscillator, in MHz.
    pub clock_mhz: f64,
    /// The highest frequency of the recorder's clock or strobe, in MHz.
    pub sample_clock_mhz: f64,
    /// The highest frequency of the host's clock, in MHz.
    pub host_clock_mhz: f64,
    /// Another board, whose pins these are.
    #[serde(default)]
    pins_of: Option<String>,
    /// Where each port is. There may be more bits of a code than its profile has, for wider converters.
    #[serde(default)]
    pub pins: Vec<Pin>,
}

/// A file is no board.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {fault}")]
pub struct InvalidBoard {
    /// The file.
    pub file: String,
    /// The reason.
    pub fault: BoardFault,
}

/// Why a file is no board.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BoardFault {
    /// It is not TOML, or lacks a key, or has one too many.
    #[error("line {line}: {reason}")]
    Toml {
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        reason: String,
    },
    /// It is not named after its file.
    #[error("the name is {0:?}, not the file's")]
    Name(String),
    /// No such profile comes with tierwire.
    #[error("no profile {0:?} comes with tierwire")]
    NoProfile(String),
    /// The profile has packets, which no board's top sends.
    #[error("the profile {0:?} has no frames")]
    Packets(String),
    /// A clock has no frequency.
    #[error("{0}: not a number above 0")]
    Frequency(&'static str),
    /// A port without a pin.
    #[error("no pin for {0}")]
    NoPin(String),
    /// A pin for a port that the top does not have, or a second one.
    #[error("a pin for {0}, which has none left")]
    SurplusPin(String),
    /// Two pins in one place.
    #[error("two pins at {0}")]
    SamePlace(String),
    /// Pins of another board that there is not, or that has none of its own, or pins twice.
    #[error("pins_of = {0:?}: no board with pins of its own")]
    PinsOf(String),
}

static BOARDS_READ: LazyLock<Vec<Board>> = LazyLock::new(|| {
    let read = |(name, text): &(&str, &str)| {
        Board::from_toml(name, text).expect("a shipped board is valid: a test reads each")
    };
    BOARDS.iter().map(read).collect()
});

impl Board {
    /// The board of this name, if there is one.
    pub fn named(name: &str) -> Option<&'static Board> {
        Board::all().iter().find(|board| board.name == name)
    }

    /// All of them.
    pub fn all() -> &'static [Board] {
        &BOARDS_READ
    }

    /// Reads a board from the text of its file `boards/NAME.toml`.
    ///
    /// # Errors
    /// [`InvalidBoard`].
    pub fn from_toml(name: &str, text: &str) -> Result<Board, InvalidBoard> {
        let board = parse(text).and_then(|board| board.checked(name));
        board.map_err(|fault| InvalidBoard { file: format!("boards/{name}.toml"), fault })
    }

    /// Its clocks with the highest frequency of each in MHz: oscillator, recorder, host.
    pub fn clocks(&self) -> [(&'static str, f64); 3] {
        let sample_clock = match self.sample_port {
            SamplePort::Parallel => "sample_strobe",
            SamplePort::Serial => "sample_sclk",
        };
        [
            ("clock", self.clock_mhz),
            (sample_clock, self.sample_clock_mhz),
            ("host_sclk", self.host_clock_mhz),
        ]
    }

    /// Bits of the widest code that its pins can take.
    pub(super) fn code_bits(&self) -> usize {
        let of_code = |pin: &&Pin| pin.port == "sample_code";
        self.pins.iter().filter(of_code).map(|pin| pin.bit + 1).max().unwrap_or(0)
    }

    /// Its ports with a code of so many bits, with the bits of each.
    fn ports(&self, code_bits: usize) -> Vec<(&'static str, usize)> {
        let mut ports = self.clocks().map(|(port, _)| (port, 1)).to_vec();
        ports.extend([("host_cs_n", 1), ("host_miso", self.lanes), ("host_ready", 1)]);
        ports.extend(match self.sample_port {
            SamplePort::Parallel => [("sample_code", code_bits), ("round_end", 1)],
            SamplePort::Serial => [("sample_cs_n", 1), ("sample_mosi", 1)],
        });
        ports
    }

    /// The same board, if all of it is right.
    fn checked(self, name: &str) -> Result<Board, BoardFault> {
        if self.name != name {
            return Err(BoardFault::Name(self.name));
        }
        let profile = Profile::named(&self.profile);
        let profile = profile.ok_or_else(|| BoardFault::NoProfile(self.profile.clone()))?;
        if profile.frames().is_none() {
            return Err(BoardFault::Packets(self.profile));
        }
        for (port, mhz) in self.clocks() {
            if !(mhz.is_finite() && mhz > 0.0) {
                return Err(BoardFault::Frequency(port));
            }
        }
        let mut without = BTreeSet::new();
        let code_bits = self.code_bits().clamp(profile.token_bits(), SAMPLE);
        for (port, bits) in self.ports(code_bits) {
            without.extend((0..bits).map(|bit| format!("{port}[{bit}]")));
        }
        let mut taken = BTreeSet::new();
        for Pin { port, bit, site, place } in &self.pins {
            let port = format!("{port}[{bit}]");
            if !without.remove(&port) {
                return Err(BoardFault::SurplusPin(port));
            }
            for place in [site, place] {
                if !taken.insert(place) {
                    return Err(BoardFault::SamePlace(place.clone()));
                }
            }
        }
        match without.into_iter().next() {
            Some(port) => Err(BoardFault::NoPin(port)),
            None => Ok(self),
        }
    }
}

/// A board with the pins of another one, where it says so.
fn parse(text: &str) -> Result<Board, BoardFault> {
    let from_toml = |text: &str| {
        toml::from_str::<Board>(text).map_err(|error| {
            let (line, reason) = toml_fault(text, &error);
            BoardFault::Toml { line, reason }
        })
    };
    let mut board = from_toml(text)?;
    if let Some(other) = &board.pins_of {
        let no_pins = || BoardFault::PinsOf(other.clone());
        let (_, text) = BOARDS.iter().find(|(name, _)| name == other).ok_or_else(no_pins)?;
        let pins = from_toml(text)?.pins;
        if pins.is_empty() || !board.pins.is_empty() {
            return Err(no_pins());
        }
        board.pins = pins;
    }
    Ok(board)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_board_is_valid() {
        for (name, text) in BOARDS {
            let board = Board::from_toml(name, text).unwrap();
            assert_eq!(Board::named(name).unwrap().pins, board.pins);
        }
        assert_eq!(Board::all().len(), BOARDS.len());
        assert!(Board::named("unknown").is_none());
    }

    /// What is wrong with the iCEstick's file when a part of it is replaced.
    fn wrong(old: &str, new: &str) -> String {
        let (name, text) = BOARDS.iter().find(|(name, _)| *name == "icestick").unwrap();
        assert!(text.contains(old), "{old}");
        Board::from_toml(name, &text.replacen(old, new, 1)).unwrap_err().to_string()
    }

    #[test]
    fn what_is_wrong_is_named_with_the_file() {
        let name = |reason: &str| format!("boards/icestick.toml: {reason}");
        assert_eq!(
            wrong("\"icestick\"", "\"stick\""),
            name("the name is \"stick\", not the file's")
        );
        assert_eq!(wrong("\"nano\"", "\"mini\""), name("no profile \"mini\" comes with tierwire"));
        assert_eq!(wrong("\"nano\"", "\"seed\""), name("the profile \"seed\" has no frames"));
        assert_eq!(wrong("clock_mhz = 12.0", "clock_mhz = 0"), name("clock: not a number above 0"));
        assert_eq!(
            wrong("\"sample_mosi\"", "\"sample_miso\""),
            name("a pin for sample_miso[0], which has none left")
        );
        assert_eq!(
            wrong("\"sample_mosi\"", "\"clock\""),
            name("a pin for clock[0], which has none left")
        );
        assert_eq!(wrong("lanes = 1", "lanes = 2"), name("no pin for host_miso[1]"));
        assert_eq!(wrong("site = \"79\"", "site = \"78\""), name("two pins at 78"));
        let pins_of = wrong("pins = [", "pins_of = \"no\"\npins = [");
        assert_eq!(pins_of, name("pins_of = \"no\": no board with pins of its own"));
        assert!(wrong("lanes", "lane").starts_with(&name("line ")));
        assert!(wrong("ice40", "ice5").starts_with(&name("line ")));
    }
}
