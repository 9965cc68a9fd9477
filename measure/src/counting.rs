//! A profile's netlist at work: how often each net toggled, load by load.

use rayon::prelude::*;

use hdl::Profile;
use synth::{Target, Tools, Traceable};
use testbench::netlist;
use testbench::probe::Probe;

use crate::Error;
use crate::consumption::needed_mhz;
use crate::loads::{Load, frames_of};
use crate::power::saif::Saif;
use crate::power::{Activity, Netlist};

/// A netlist with a probe on it, in Verilator.
pub struct Counting {
    /// The name of its top module.
    pub top: String,
    /// The netlist as files.
    pub traceable: Traceable,
    /// The netlist.
    pub netlist: Netlist,
    /// The probe.
    pub probe: Probe,
    /// Clocks per frame; the clock is as slow as this allows.
    pub clocks_per_frame: u64,
    /// Megahertz of that clock.
    pub mhz: f64,
}

/// What was counted with one load.
pub struct Counted {
    /// All bits sent, per sample.
    pub bits_per_sample: f64,
    /// Toggles, accesses and operations.
    pub activity: Activity,
}

impl Counting {
    /// Synthesises a profile for a chip and builds its simulator.
    ///
    /// # Errors
    /// When a tool fails, or the profile has no frames.
    pub fn new(
        profile: &Profile,
        target: &'static Target,
        loads: &[Load],
    ) -> Result<Counting, Error> {
        let frames = frames_of(profile)?;
        let tools = Tools::locate();
        let yosys = tools.yosys()?;
        let synthesis = netlist::synthesise(&yosys, profile, target.family, target.multipliers)?;
        let traceable = yosys.traceable(&synthesis, target.family)?;
        let top = hdl::verilog::export::top_name(profile);
        let netlist = Netlist::parse(&traceable.json()?, &top)?;
        let probe = Probe::new(&tools.verilator()?, profile, &traceable.verilog()?, true)?;
        let clocks_per_frame = probe.clocks_per_frame(&loads[0].samples)?;
        let mhz = needed_mhz(profile, clocks_per_frame, frames);
        Ok(Counting { top, traceable, netlist, probe, clocks_per_frame, mhz })
    }

    /// Sends each load; every word is compared with the golden model's.
    ///
    /// # Errors
    /// When the simulator fails or a word differs.
    pub fn count(&self, loads: &[Load]) -> Result<Vec<Counted>, Error> {
        let count = |load: &Load| {
            let (saif, bits_per_sample) = toggles(&self.probe, load, self.clocks_per_frame)?;
            Ok(Counted { bits_per_sample, activity: Activity::count(&self.netlist, &saif)? })
        };
        loads.par_iter().map(count).collect()
    }
}

/// Sends a load: how often every net toggled, and all bits sent, per sample.
///
/// # Errors
/// When the simulator fails or a word differs.
pub fn toggles(probe: &Probe, load: &Load, clocks_per_frame: u64) -> Result<(Saif, f64), Error> {
    let run = probe.run(&load.samples, clocks_per_frame)?;
    let saif = Saif::parse(run.saif.as_deref().unwrap_or_default())?;
    Ok((saif, 32.0 * run.words.len() as f64 / load.samples.len() as f64))
}
