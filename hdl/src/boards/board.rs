//! **Boards**: the whole compressor on a real board, with its pins.
//!
//! A [`Board`] knows its FPGA, its oscillator, its pins, and which way samples come in. With a
//! profile it gives the Verilog of its top, ready for yosys and nextpnr, and the constraint file
//! that says where each port is. The file is the same for every profile, and is kept in
//! `constraints/`.
//!
//! ```
//! use hdl::{Board, Profile};
//!
//! let board = Board::named("icebreaker").unwrap();
//! let profile = Profile::named("tile256").unwrap();
//! assert_eq!(board.top_name(&profile), "tierwire_icebreaker_tile256");
//! assert!(board.verilog(&profile)?.contains("module tierwire_icebreaker_tile256(\n    input wire clock,"));
//! assert!(board.constraints().contains("set_io host_sclk 36\n"));
//! # Ok::<(), hdl::boards::board_circuit::NoTop>(())
//! ```
//!
//! # Constraint files
//! Written by rust-hdl-fpga-support from the locations that the top's signals were given, after a
//! comment of `#` lines. iCE40: a PCF file, `set_io PORT SITE`, a bus as `PORT[BIT]`, and
//! `set_frequency PORT MHZ` for each clock. ECP5: an LPF file, `LOCATE COMP`, `IOBUF PORT`,
//! `FREQUENCY PORT`. nextpnr passes over names that it does not know; so here each pin is put on
//! the signal itself, and one that the top does not have is refused.

use crate::boards::board_circuit::NoTop;
use crate::boards::board_pins::{self, Pin};
use crate::profile::Profile;
use crate::verilog::export::{self, MemoryFile};
use crate::verilog::module::Module;
use std::fmt::Write as _;

/// The two families of FPGAs, and the form of their constraint files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Lattice iCE40; PCF.
    Ice40,
    /// Lattice ECP5; LPF.
    Ecp5,
}

/// How samples come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SamplePort {
    /// Codes of 10 bits with a strobe: [`parallel_port`](crate::ports::parallel_port).
    Parallel,
    /// Samples of 16 bits over SPI: [`serial_port`](crate::ports::serial_port).
    Serial,
}

/// A board.
#[derive(Clone, Copy, Debug)]
pub struct Board {
    /// Its name: that of its constraint file.
    pub name: &'static str,
    /// Its FPGA's family.
    pub family: Family,
    /// Its FPGA, as nextpnr names it: the argument `--up5k`, `--25k`, ...
    pub device: &'static str,
    /// The FPGA's package, as nextpnr names it.
    pub package: &'static str,
    /// How samples come in.
    pub sample_port: SamplePort,
    /// Lanes of bits to the host.
    pub lanes: usize,
    /// The profile that it is meant for.
    pub profile: &'static str,
    /// Its clocks, and the highest frequency of each in MHz. The first is the oscillator.
    pub clocks: [(&'static str, f64); 3],
    /// Where each port is.
    pub pins: &'static [Pin],
}

/// All of them.
pub const BOARDS: [Board; 5] = [
    Board {
        name: "icebreaker",
        family: Family::Ice40,
        device: "up5k",
        package: "sg48",
        sample_port: SamplePort::Parallel,
        lanes: 1,
        profile: "tile256",
        clocks: [("clock", 12.0), ("sample_strobe", 12.0), ("host_sclk", 30.0)],
        pins: board_pins::ICEBREAKER,
    },
    Board {
        name: "hx8k-breakout",
        family: Family::Ice40,
        device: "hx8k",
        package: "ct256",
        sample_port: SamplePort::Parallel,
        lanes: 1,
        profile: "tile256",
        clocks: [("clock", 12.0), ("sample_strobe", 12.0), ("host_sclk", 30.0)],
        pins: board_pins::HX8K,
    },
    Board {
        name: "icestick",
        family: Family::Ice40,
        device: "hx1k",
        package: "tq144",
        sample_port: SamplePort::Serial,
        lanes: 1,
        profile: "nano",
        clocks: [("clock", 12.0), ("sample_sclk", 12.0), ("host_sclk", 30.0)],
        pins: board_pins::ICESTICK,
    },
    Board {
        name: "ulx3s-25f",
        family: Family::Ecp5,
        device: "25k",
        package: "CABGA381",
        sample_port: SamplePort::Parallel,
        lanes: 4,
        profile: "array1024",
        clocks: [("clock", 25.0), ("sample_strobe", 25.0), ("host_sclk", 28.0)],
        pins: board_pins::ULX3S,
    },
    Board {
        name: "ulx3s-85f",
        family: Family::Ecp5,
        device: "85k",
        package: "CABGA381",
        sample_port: SamplePort::Parallel,
        lanes: 4,
        profile: "array1024",
        clocks: [("clock", 25.0), ("sample_strobe", 25.0), ("host_sclk", 28.0)],
        pins: board_pins::ULX3S,
    },
];

impl Board {
    /// The board of this name, if there is one.
    pub fn named(name: &str) -> Option<Board> {
        BOARDS.into_iter().find(|board| board.name == name)
    }

    /// Name of its top module: `tierwire_icebreaker_tile256`.
    pub fn top_name(&self, profile: &Profile) -> String {
        format!("tierwire_{}_{}", self.name, profile.name()).replace('-', "_")
    }

    /// The oscillator in Hz.
    pub fn clock_hz(&self) -> f64 {
        self.clocks[0].1 * 1e6
    }

    /// One self-contained file.
    ///
    /// # Errors
    /// [`NoTop`].
    pub fn verilog(&self, profile: &Profile) -> Result<String, NoTop> {
        let modules = self.modules(profile)?;
        Ok(export::with_header(self.header(profile), &modules))
    }

    /// The same with each ROM's contents in a file of its own.
    ///
    /// # Errors
    /// [`NoTop`].
    pub fn verilog_and_memory_files(
        &self,
        profile: &Profile,
    ) -> Result<(String, Vec<MemoryFile>), NoTop> {
        let mut modules = self.modules(profile)?;
        let files = export::take_memories(&mut modules);
        Ok((export::with_header(self.header(profile), &modules), files))
    }

    /// Name of its constraint file: `icebreaker.pcf`.
    pub fn constraint_file(&self) -> String {
        let extension = match self.family {
            Family::Ice40 => "pcf",
            Family::Ecp5 => "lpf",
        };
        format!("{}.{extension}", self.name)
    }

    /// Its constraint file.
    ///
    /// # Panics
    /// When a pin is of a port that the top does not have; a test makes every file.
    pub fn constraints(&self) -> String {
        let profile = Profile::named(self.profile).expect("a board's profile is shipped");
        let top = self.circuit(&profile).expect("a board has a top for its own profile");
        format!(
            "# {}: where the ports of its top are.\n\
             # Written by `tierwire constraints` from hdl/src/boards/board_pins.rs; do not edit.\n{}",
            self.name,
            top.constraints(self.family)
        )
    }

    /// Its pins as a table for people, in Markdown.
    pub fn table(&self) -> String {
        let mut table = "| port | where | FPGA pin |\n|---|---|---|\n".to_string();
        for Pin { port, bit, site, place } in self.pins {
            let is_bus = self.pins.iter().any(|pin| pin.port == *port && pin.bit > 0);
            let bit = if is_bus { format!("[{bit}]") } else { String::new() };
            let _ = writeln!(table, "| `{port}{bit}` | {place} | {site} |");
        }
        table
    }

    /// A page with this board's table of pins between `<!-- pins: NAME -->` and `<!-- end -->`;
    /// `None` when the page has no place for it.
    pub fn with_table(&self, page: &str) -> Option<String> {
        let begin = format!("<!-- pins: {} -->\n", self.name);
        let (before, rest) = page.split_once(&begin)?;
        let (_, after) = rest.split_once("<!-- end -->")?;
        Some([before, &begin, &self.table(), "<!-- end -->", after].concat())
    }

    fn modules(&self, profile: &Profile) -> Result<Vec<Module>, NoTop> {
        let raw = self.circuit(profile)?.raw_verilog();
        Ok(export::modules(&raw, &self.top_name(profile)))
    }

    fn header(&self, profile: &Profile) -> String {
        format!(
            "\
// {top}: lossless compressor for {channels} channels of a neural recording
// on the board {board}.
//
// Written by tierwire {version} from its rust-hdl description; do not edit.
// License: {license}.
//
// Profile    {name}
// Table set  {set}, digest {digest:08x}
// Frames     {frames}
// Pins       {file}
",
            top = self.top_name(profile),
            channels = profile.channels(),
            board = self.name,
            version = env!("CARGO_PKG_VERSION"),
            license = env!("CARGO_PKG_LICENSE"),
            name = profile.name(),
            set = profile.table_set().name(),
            digest = profile.table_set().digest(),
            frames = profile.frames().map_or(String::new(), |frames| format!(
                "{} rounds, a keyframe every {}",
                frames.rounds, frames.keyframe_interval
            )),
            file = self.constraint_file(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The ports of a Verilog top with their bits, as nextpnr names them.
    fn ports(verilog: &str, top: &str) -> BTreeSet<String> {
        let start = verilog.find(&format!("module {top}(")).expect("the top");
        let body = &verilog[start..start + verilog[start..].find("endmodule").unwrap()];
        let declared = body.lines().filter_map(|line| {
            let line = line.trim().trim_end_matches([';', ',']);
            line.strip_prefix("input wire").or(line.strip_prefix("output reg"))
        });
        let mut ports = BTreeSet::new();
        for port in declared {
            let words: Vec<&str> = port.split_whitespace().collect();
            match words[..] {
                [name] | ["[0:0]", name] => assert!(ports.insert(name.to_string())),
                [range, name] => {
                    let top = range.trim_start_matches('[').split(':').next().unwrap();
                    let top: usize = top.parse().unwrap();
                    ports.extend((0..=top).map(|bit| format!("{name}[{bit}]")));
                }
                _ => panic!("{port}"),
            }
        }
        ports
    }

    /// The names that a constraint file gives a location.
    fn located(constraints: &str) -> Vec<String> {
        let words = constraints.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        words
            .filter_map(|words| match words[..] {
                ["set_io", name, _] => Some(name.to_string()),
                ["LOCATE", "COMP", name, "SITE", _] => Some(name.trim_matches('"').to_string()),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn every_port_has_one_pin_and_every_pin_a_port() {
        for board in BOARDS {
            for profile in Profile::all() {
                let Ok(verilog) = board.verilog(&profile) else { continue };
                let located = located(&board.constraints());
                let unique: BTreeSet<String> = located.iter().cloned().collect();
                assert_eq!(located.len(), unique.len(), "{}: a port twice", board.name);
                assert_eq!(unique, ports(&verilog, &board.top_name(&profile)), "{}", board.name);
            }
            let sites: BTreeSet<&str> = board.pins.iter().map(|pin| pin.site).collect();
            let places: BTreeSet<&str> = board.pins.iter().map(|pin| pin.place).collect();
            assert_eq!((sites.len(), places.len()), (board.pins.len(), board.pins.len()));
            for (clock, _) in board.clocks {
                assert!(board.pins.iter().any(|pin| pin.port == clock), "{}: {clock}", board.name);
            }
        }
    }

    #[test]
    fn every_board_has_a_top_for_its_own_profile() {
        for board in BOARDS {
            let profile = Profile::named(board.profile).unwrap();
            let verilog = board.verilog(&profile).unwrap();
            assert_eq!(verilog, board.verilog(&profile).unwrap(), "the same every time");
            let (text, files) = board.verilog_and_memory_files(&profile).unwrap();
            assert!(!files.is_empty() && text.len() < verilog.len());
        }
        let icestick = Board::named("icestick").unwrap();
        let refused = icestick.verilog(&Profile::named("tile256").unwrap()).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "icestick has no top for the profile tile256: samples over SPI, 256 channels"
        );
    }

    #[test]
    fn the_committed_constraints_and_tables_are_current() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let read = |file: &str| std::fs::read_to_string(root.join(file)).expect(file);
        let page = read("docs/boards.md");
        for board in BOARDS {
            let file = format!("constraints/{}", board.constraint_file());
            assert_eq!(read(&file), board.constraints(), "run `tierwire constraints`");
            assert_eq!(board.with_table(&page).as_ref(), Some(&page), "run `tierwire constraints`");
        }
        let files = std::fs::read_dir(root.join("constraints")).unwrap();
        assert_eq!(files.count(), BOARDS.len(), "a constraint file of no board");
    }

    #[test]
    #[should_panic(expected = "icebreaker has no sample_clock")]
    fn a_pin_of_a_port_that_is_not_there_is_refused() {
        const WRONG: &[Pin] =
            &[Pin { port: "sample_clock", bit: 0, site: "35", place: "PMOD 2, pin 1" }];
        let board = Board { pins: WRONG, ..Board::named("icebreaker").unwrap() };
        board.constraints();
    }
}
