//! The estimated power of a profile's hardware, from its netlist's toggles with real recordings.

use std::path::PathBuf;

use crate::Error;
use crate::power::coefficients::{ECP5, PIN_EDGE_PJ};
use crate::power::estimate::Pace;
use crate::power::{Device, Estimate, Glitches};
use hdl::{Frames, Profile};
use serde::Serialize;
use synth::{Target, Tools};

use crate::counting::{Counted, Counting};
use crate::glitches;
use crate::loads::{Load, loads};

/// The index of the typical load.
const TYPICAL: usize = 1;

/// The estimate for one load.
#[derive(Serialize)]
pub struct OfLoad {
    /// `quiet`, `typical` or `busy`.
    pub load: &'static str,
    /// The number of recordings in it.
    pub recordings: usize,
    /// All bits sent, per sample.
    pub bits_per_sample: f64,
    /// The estimate.
    pub estimate: Estimate,
}

/// The estimates for a profile on a chip.
#[derive(Serialize)]
pub struct Consumption {
    /// The profile.
    pub profile: String,
    /// The target.
    pub target: &'static str,
    /// Where the numbers are from.
    pub basis: &'static str,
    /// Channels.
    pub channels: usize,
    /// Samples of a channel per second.
    #[serde(skip)]
    pub samples_per_s: f64,
    /// Frames of each load.
    pub frames: usize,
    /// Clocks per frame; the clock is as slow as this allows.
    pub clocks_per_frame: u64,
    /// Megahertz of that clock.
    pub mhz: f64,
    /// The glitches of the placed design, with typical signals.
    pub glitches: Glitches,
    /// Quiet, typical, busy.
    pub loads: Vec<OfLoad>,
}

/// The target of this name and its device.
fn target(name: &str) -> Result<(&'static Target, Device), Error> {
    let target = Target::named(name).ok_or_else(|| Error::NoTarget(name.into()))?;
    let device = Device::named(target.name);
    Ok((target, device.ok_or(Error::NoEstimate(target.name, ECP5))?))
}

/// The clock that processes a frame in exactly the time of its recording.
pub fn needed_mhz(profile: &Profile, clocks_per_frame: u64, frames: Frames) -> f64 {
    clocks_per_frame as f64 * profile.samples_per_s() / frames.rounds as f64 / 1e6
}

impl Consumption {
    /// The estimate for a profile on the target of this name, with so many frames of these
    /// recordings.
    ///
    /// # Errors
    /// If there is no such target, the recordings are not suitable, or a tool fails.
    pub fn of_files(
        profile: &Profile,
        target: &str,
        files: &[PathBuf],
        frames: usize,
    ) -> Result<Consumption, Error> {
        let (target, device) = self::target(target)?;
        let loads = loads(files, profile, frames)?;
        Consumption::estimate(profile, target, device, &loads, frames)
    }

    /// Counts toggles with quiet, typical and busy signals, and glitches with typical ones, and
    /// estimates the power.
    ///
    /// # Errors
    /// When a tool fails, or the profile has no frames.
    pub fn estimate(
        profile: &Profile,
        target: &'static Target,
        device: Device,
        loads: &[Load],
        frames: usize,
    ) -> Result<Consumption, Error> {
        let counting = Counting::new(profile, target, loads)?;
        let Counting { clocks_per_frame, mhz, .. } = counting;
        let tools = Tools::locate();
        let placed = glitches::place(
            &tools,
            profile.name(),
            &counting.traceable,
            &counting.top,
            target,
            mhz,
        )?;
        let typical = &loads[TYPICAL].samples;
        let of_profile = || {
            let Counting { netlist, probe, .. } = &counting;
            glitches::of_profile(placed, netlist, profile, probe, typical, clocks_per_frame)
        };
        let (glitches, counted) = rayon::join(of_profile, || counting.count(loads));
        let (glitches, counted) = (glitches?, counted?);
        let of_load = |(load, counted): (&Load, &Counted)| {
            let samples = load.samples.len() as u64;
            let pace = Pace { mhz, samples, channels: profile.channels() };
            OfLoad {
                load: load.name,
                recordings: load.recordings,
                bits_per_sample: counted.bits_per_sample,
                estimate: Estimate::new(device, &counted.activity, pace, &glitches),
            }
        };
        Ok(Consumption {
            profile: profile.name().into(),
            target: target.name,
            basis: device.basis(),
            channels: profile.channels(),
            samples_per_s: profile.samples_per_s(),
            frames,
            clocks_per_frame,
            mhz,
            loads: loads.iter().zip(&counted).map(of_load).collect(),
            glitches,
        })
    }

    /// The duration of a frame, in microseconds.
    pub fn frame_us(&self) -> f64 {
        self.clocks_per_frame as f64 / self.mhz
    }

    /// Power of the pins for typical signals, in milliwatts: each bit sent over SPI has two edges
    /// of the clock and, on average, half an edge of the data.
    pub fn pins_mw(&self) -> f64 {
        const EDGES: f64 = 2.5;
        let samples_per_us = self.channels as f64 * self.samples_per_s / 1e6;
        let pj_per_sample = EDGES * self.typical().bits_per_sample * PIN_EDGE_PJ;
        // Picojoules a microsecond are microwatts.
        pj_per_sample * samples_per_us / 1e3
    }

    /// The estimate for typical signals.
    pub fn typical(&self) -> &OfLoad {
        &self.loads[TYPICAL]
    }
}
