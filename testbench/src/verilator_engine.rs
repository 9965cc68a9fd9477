//! Verilator: the exported Verilog, or the netlist that yosys makes of it, compiled to a program.
//! It is built once per Verilog text and kept in the tools' cache.

use std::path::Path;

use hdl::{Profile, Status};
use synth::{Family, ModelSource, Tools, Verilator};

use crate::driver::{self, Access};
use crate::harness::{Harness, Input};
use crate::netlist;
use crate::simulator::{EngineError, Event, Outcome, Simulator};
use crate::stimulus::{Clock, Offer, Stimulus};

/// What Verilator needs to count toggles of a flat netlist.
pub const COUNTING: [&str; 4] = ["--trace-saif", "--trace-depth", "1", "--trace-underscore"];

/// A profile's hardware in Verilator.
#[derive(Clone, Debug)]
pub struct VerilatorEngine {
    harness: Harness,
    /// Loads the profile's own table set, if tables are loaded.
    own: Vec<Access>,
}

impl VerilatorEngine {
    /// Builds the simulator of a profile, or takes it from the cache.
    ///
    /// # Errors
    /// [`EngineError::Tool`].
    pub fn new(verilator: &Verilator, profile: &Profile) -> Result<VerilatorEngine, EngineError> {
        let verilog = hdl::verilog::export::verilog(profile);
        VerilatorEngine::of_verilog(verilator, profile, &verilog, &[])
    }

    /// Synthesises a profile, and builds the simulator of its netlist; or takes it from the cache.
    ///
    /// # Errors
    /// [`EngineError::Tool`].
    pub fn of_netlist(
        tools: &Tools,
        profile: &Profile,
        family: Family,
    ) -> Result<VerilatorEngine, EngineError> {
        let netlist = netlist::synthesise(&tools.yosys()?, profile, family, true)?.verilog();
        let verilog = std::fs::read_to_string(&netlist)
            .map_err(|source| EngineError::Io { profile: profile.name().into(), source })?;
        VerilatorEngine::of_verilog(&tools.verilator()?, profile, &verilog, &[])
    }

    /// Builds the simulator of any Verilog text with the ports of a profile's top module. With
    /// [`COUNTING`] for `flags` it can count toggles.
    ///
    /// # Errors
    /// [`EngineError::Tool`].
    pub fn of_verilog(
        verilator: &Verilator,
        profile: &Profile,
        verilog: &str,
        flags: &[&str],
    ) -> Result<VerilatorEngine, EngineError> {
        let source = ModelSource {
            name: profile.name(),
            verilog,
            top: &hdl::verilog::export::top_name(profile),
            verilator_flags: flags,
            ..ModelSource::default()
        };
        let counters = u8::from(profile.frames().is_some());
        let registers = u8::from(profile.is_loaded());
        let defines = [
            "-DBOARD=0".into(),
            format!("-DCOUNTERS={counters}"),
            format!("-DREGISTERS={registers}"),
        ];
        let harness = Harness::build(verilator, &source, &defines)?;
        Ok(VerilatorEngine { harness, own: driver::own(profile) })
    }

    /// Runs a stimulus, and counts toggles in this file as Verilator's SAIF: those of all settled
    /// values until the last packet has come.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn count(
        &self,
        stimulus: Stimulus<'_>,
        saif: Option<&Path>,
        seen: &mut dyn FnMut(Event),
    ) -> Result<Outcome, EngineError> {
        let sink = |clock: &Clock| u8::from(clock.take) | u8::from(clock.reset) << 1;
        let mut head: Vec<u8> = stimulus.clocks.iter().map(sink).collect();
        let clocks = head.len() as u64;
        let begins_again = stimulus.accesses.is_none();
        let accesses = stimulus.accesses.as_ref().unwrap_or(&self.own);
        let records = accesses.iter().flat_map(Access::record);
        head.extend(records.flat_map(u64::to_le_bytes));
        let done = self.harness.run(
            Input {
                numbers: &[
                    stimulus.seed,
                    stimulus.packets.unwrap_or(0),
                    stimulus.repeats.into(),
                    clocks,
                    accesses.len() as u64,
                    begins_again.into(),
                ],
                file: saif,
                head: &head,
                records: stimulus.offers.map(record),
            },
            seen,
        )?;
        let counter = |at: usize| done.counters.get(at).map_or(0, |&counter| counter as u16);
        let status = Status {
            frames: counter(0),
            broken_frames: counter(1),
            overruns: counter(2),
            misaligned: counter(3),
        };
        Ok(Outcome { clocks: done.clocks, cpu_seconds: done.cpu_seconds, status, lost: 0 })
    }

    /// Clocks from reset until the profile's own tables are loaded, if they are.
    pub(crate) fn load_clocks(&self) -> u32 {
        // A question is answered a clock after it was asked; then follows the next one.
        2 * self.own.len() as u32 + if self.own.is_empty() { 0 } else { 16 }
    }

    /// What went wrong with a file of a run.
    pub(crate) fn error(&self, source: std::io::Error) -> EngineError {
        self.harness.error(source)
    }
}

impl Simulator for VerilatorEngine {
    fn run(
        &self,
        stimulus: Stimulus<'_>,
        seen: &mut dyn FnMut(Event),
    ) -> Result<Outcome, EngineError> {
        self.count(stimulus, None, seen)
    }
}

/// An offer as the harness reads it.
fn record(offer: Offer) -> u64 {
    let Offer { sample, last, gap, from } = offer;
    let gap = u64::from(gap.min(Offer::LONGEST_GAP));
    u64::from(sample as u16) | u64::from(last) << 16 | gap << 17 | u64::from(from) << 32
}
