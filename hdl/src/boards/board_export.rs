//! **Export** of a board's top: Verilog for yosys and nextpnr, and the constraint file that says where
//! each port is. The constraint file is the same for every profile, and is kept in `constraints/`.
//!
//! ```
//! use hdl::{Board, Profile};
//!
//! let board = Board::named("icebreaker").unwrap();
//! let profile = Profile::named("tile256").unwrap();
//! assert_eq!(board.top_name(&profile), "tierwire_icebreaker_tile256");
//! assert!(board.verilog(&profile)?.contains("module tierwire_icebreaker_tile256("));
//! assert!(board.constraints().contains("set_io host_sclk 36\n"));
//! # Ok::<(), hdl::boards::board_circuit::NoTop>(())
//! ```
//!
//! # Constraint files
//! rust-hdl-fpga-support writes them from the locations of the top's signals. iCE40: a PCF file,
//! `set_io PORT SITE`, a bus as `PORT[BIT]`, and `set_frequency PORT MHZ` for each clock. ECP5: an
//! LPF file, `LOCATE COMP`, `IOBUF PORT`, `FREQUENCY PORT`. nextpnr ignores names that it does not
//! know, so each pin is put on the signal itself, and a pin without a port is refused.

use crate::boards::board::{Board, Family, Pin};
use crate::boards::board_circuit::NoTop;
use crate::profile::Profile;
use crate::verilog::export::{self, MemoryFile};
use crate::verilog::module::Module;
use std::fmt::Write as _;

impl Board {
    /// Name of its top module: `tierwire_icebreaker_tile256`.
    pub fn top_name(&self, profile: &Profile) -> String {
        format!("tierwire_{}_{}", self.name, profile.name()).replace('-', "_")
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

    /// Its constraint file for its own profile.
    ///
    /// # Panics
    /// When the board has no top for it; a test makes every file.
    pub fn constraints(&self) -> String {
        let profile = Profile::named(&self.profile).expect("checked when the board was read");
        self.constraints_of(&profile).expect("a board has a top for its own profile")
    }

    /// Its constraint file for the top of a profile, whose codes may be wider or narrower.
    ///
    /// # Errors
    /// [`NoTop`].
    pub fn constraints_of(&self, profile: &Profile) -> Result<String, NoTop> {
        Ok(format!(
            "# {0}: where the ports of its top are.\n\
             # Written by `tierwire constraints` from boards/{0}.toml; do not edit.\n{1}",
            self.name,
            self.circuit(profile)?.constraints(self.family)
        ))
    }

    /// Its pins as a table for people, in Markdown.
    pub fn table(&self) -> String {
        let mut table = "| port | where | FPGA pin |\n|---|---|---|\n".to_string();
        for Pin { port, bit, site, place } in &self.pins {
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
        Ok(export::modules(&raw, &self.top_name(profile), |_| false))
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
        for board in Board::all() {
            for profile in Profile::all() {
                let Ok(verilog) = board.verilog(&profile) else { continue };
                let located = located(&board.constraints_of(&profile).unwrap());
                let unique: BTreeSet<String> = located.iter().cloned().collect();
                assert_eq!(located.len(), unique.len(), "{}: a port twice", board.name);
                assert_eq!(unique, ports(&verilog, &board.top_name(&profile)), "{}", board.name);
            }
        }
    }

    #[test]
    fn every_board_has_a_top_for_its_own_profile() {
        for board in Board::all() {
            let profile = Profile::named(&board.profile).unwrap();
            let verilog = board.verilog(&profile).unwrap();
            assert_eq!(verilog, board.verilog(&profile).unwrap(), "the same every time");
            let (text, files) = board.verilog_and_memory_files(&profile).unwrap();
            assert!(!files.is_empty() && text.len() < verilog.len());
        }
        let icestick = Board::named("icestick").unwrap();
        let refused = icestick.verilog(&Profile::named("tile256-lms").unwrap()).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "icestick has no top for the profile tile256-lms: samples over SPI, 256 channels"
        );
    }

    #[test]
    fn the_committed_constraints_and_tables_are_current() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let read = |file: &str| std::fs::read_to_string(root.join(file)).expect(file);
        let page = read("docs/boards.md");
        for board in Board::all() {
            let file = format!("constraints/{}", board.constraint_file());
            assert_eq!(read(&file), board.constraints(), "run `tierwire constraints`");
            assert_eq!(board.with_table(&page).as_ref(), Some(&page), "run `tierwire constraints`");
        }
        let files = std::fs::read_dir(root.join("constraints")).unwrap();
        assert_eq!(files.count(), Board::all().len(), "a constraint file of no board");
    }
}
