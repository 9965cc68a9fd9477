//! What a profile's hardware does per sample, without watts: for chips whose energies nobody measured.

use std::fmt::Write as _;
use std::path::PathBuf;

use hdl::Profile;
use serde::Serialize;
use synth::Target;

use crate::Error;
use crate::counting::{Counted, Counting};
use crate::loads::{Load, loads};
use crate::power::Activity;
use crate::power::activity::Work;
use crate::power::coefficients::ECP5;

/// The activity with one load.
#[derive(Serialize)]
pub struct OfLoad {
    /// `quiet`, `typical` or `busy`.
    pub load: &'static str,
    /// Samples sent.
    pub samples: usize,
    /// All bits sent, per sample.
    pub bits_per_sample: f64,
    /// The activity, block by block.
    pub activity: Activity,
}

/// The activity of a profile on a chip.
#[derive(Serialize)]
pub struct Toggles {
    /// The profile.
    pub profile: String,
    /// Channels.
    pub channels: usize,
    /// The target.
    pub target: &'static str,
    /// Frames of each load.
    pub frames: usize,
    /// Clocks per frame; the clock is as slow as this allows.
    pub clocks_per_frame: u64,
    /// Megahertz of that clock.
    pub mhz: f64,
    /// Quiet, typical, busy.
    pub loads: Vec<OfLoad>,
}

impl Toggles {
    /// Counts with so many frames of these recordings.
    ///
    /// # Errors
    /// If the recordings are not suitable, or a tool fails.
    pub fn of_files(
        profile: &Profile,
        target: &'static Target,
        files: &[PathBuf],
        frames: usize,
    ) -> Result<Toggles, Error> {
        let loads = loads(files, profile, frames)?;
        let counting = Counting::new(profile, target, &loads)?;
        let of_load = |(load, counted): (&Load, Counted)| OfLoad {
            load: load.name,
            samples: load.samples.len(),
            bits_per_sample: counted.bits_per_sample,
            activity: counted.activity,
        };
        Ok(Toggles {
            profile: profile.name().into(),
            channels: profile.channels(),
            target: target.name,
            frames,
            clocks_per_frame: counting.clocks_per_frame,
            mhz: counting.mhz,
            loads: loads.iter().zip(counting.count(&loads)?).map(of_load).collect(),
        })
    }

    /// As a terminal shows it.
    pub fn text(&self) -> String {
        let Toggles { profile, channels, target, frames, clocks_per_frame, mhz, .. } = self;
        let mut text = format!(
            "NO POWER of {target}: {ECP5}. What was counted:\n\n\
             profile        {profile} ({channels} channels) on {target}\n\
             clock          {mhz:.3} MHz: {clocks_per_frame} clocks a frame\n\
             toggles        of the synthesised netlist's nets between logic cells, settled: glitches are not in it; \
             {frames} frames each\n\n\
             a sample                      bits   toggles   memory accesses   multiplications\n"
        );
        let mut row = |name: &str, bits: Option<f64>, work: &Work, samples: f64| {
            let bits = bits.map_or(String::new(), |bits| format!("{bits:.2}"));
            let [toggles, accesses, operations] =
                [work.toggles as f64, work.accesses, work.operations].map(|n| n / samples);
            let _ = writeln!(
                text,
                "{name:26}  {bits:>6}  {toggles:8.1}  {accesses:16.2}  {operations:16.2}"
            );
        };
        for load in &self.loads {
            let (bits, all) = (Some(load.bits_per_sample), load.activity.total());
            row(load.load, bits, &all, load.samples as f64);
        }
        let Some(typical) = self.loads.get(self.loads.len() / 2) else { return text };
        let mut blocks: Vec<(&String, &Work)> = typical.activity.blocks.iter().collect();
        blocks.sort_by_key(|(_, work)| std::cmp::Reverse(work.toggles));
        for (block, work) in blocks {
            row(&format!("  {block}"), None, work, typical.samples as f64);
        }
        text
    }
}
