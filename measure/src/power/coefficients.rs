//! The energies and static power of the model.
//!
//! All dynamic energies are fitted to one public table of currents, measured on an iCE40 UP5K with
//! its core at 1.219 V (repository `tinyvision-ai-inc/ice40_power`):
//!
//! | term | fitted to |
//! |---|---|
//! | static | the row with its clock halted: 92 uA |
//! | clock tree | the counters at 12 MHz |
//! | a flip-flop | the step from one counter to eight, feedback within its logic cell included |
//! | a net's transition | the 8x8 multiplier in LUTs, its glitches counted by [`crate::power::simulation`]: 0.46 to 0.48 pJ fit, from placement to placement |
//! | a multiplier | the 8x8 multiplier in one DSP, its output nets included: at most 18 pJ, best fit 14. Wider products may need more |
//! | a memory access | nothing measured on this chip: published figures of other memories, scaled ([`crate::power::access_energy`]) |
//!
//! Of other devices no core current per toggle was found. The HX8K uses the dynamic energies of the
//! UP5K, which is made in the same 40 nm process. There is no estimate for ECP5.

use crate::power::range::Range;
use serde::Serialize;

/// Volts of the core in the public measurements.
pub const CORE_VOLTS: f64 = 1.219;
/// The energy of one transition of a net on the UP5K according to a vendor's tool, as a public note
/// quotes it, in picojoules. More than the fit's upper bound per counted transition.
pub const VENDOR_PJ_PER_TRANSITION: f64 = 1.21;
/// Energy of one edge of a pin of 10 pF at 3.3 V, in picojoules.
pub const PIN_EDGE_PJ: f64 = 0.5 * 10.0 * 3.3 * 3.3;

/// A device whose power can be estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Device {
    /// Lattice iCE40 UP5K: the one that was measured.
    Up5k,
    /// Lattice iCE40 HX8K: static from the data sheet, all else borrowed.
    Hx8k,
    /// Lattice iCE40 HX1K: as HX8K, whose static current bounds it from above.
    Hx1k,
}

impl Device {
    /// The device of a target; `None` if no estimate is possible, as for ECP5.
    pub fn named(target: &str) -> Option<Device> {
        match target {
            "up5k" => Some(Device::Up5k),
            "hx8k" => Some(Device::Hx8k),
            "hx1k" => Some(Device::Hx1k),
            _ => None,
        }
    }

    /// The source of its numbers, in a sentence.
    pub fn basis(self) -> &'static str {
        match self {
            Device::Up5k => "energies fitted to currents that others measured on a UP5K",
            Device::Hx8k => {
                "static from the data sheet (1140 uA), every dynamic energy borrowed from the UP5K"
            }
            Device::Hx1k => {
                "static bounded by the HX8K's data sheet, every dynamic energy borrowed from the UP5K"
            }
        }
    }

    /// Its energies and static power.
    pub fn coefficients(self) -> Coefficients {
        let static_ua = match self {
            Device::Up5k => 92.0,
            Device::Hx8k | Device::Hx1k => 1140.0,
        };
        Coefficients { static_mw: Range::within(static_ua * CORE_VOLTS / 1e3, 0.15), ..UP5K }
    }
}

/// The message for ECP5 targets.
pub const ECP5: &str = "static alone probably exceeds 10 mW; no measurement found";

/// Energies in picojoules, each with its range.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Coefficients {
    /// Milliwatts that do not depend on the activity.
    pub static_mw: Range,
    /// The clock tree, each clock.
    pub clock_pj: Range,
    /// A flip-flop, each clock.
    pub flip_flop_pj: Range,
    /// A net's transition, glitches counted.
    pub transition_pj: Range,
    /// A block RAM's read or write: not measured on this chip.
    pub access_pj: Range,
    /// A multiplier's operation, the nets that it drives included.
    pub operation_pj: Range,
}

const UP5K: Coefficients = Coefficients {
    static_mw: Range::within(0.112, 0.15),
    clock_pj: Range::within(51.9, 0.15),
    flip_flop_pj: Range::within(0.0144, 0.15),
    transition_pj: Range::by_factor(0.47, 2.0),
    access_pj: Range::by_factor(6.5, 2.0),
    operation_pj: Range::by_factor(14.0, 2.0),
};
