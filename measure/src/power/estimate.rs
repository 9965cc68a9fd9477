//! From activity to milliwatts, by term and by block.

use crate::power::activity::{Activity, Work};
use crate::power::coefficients::{Coefficients, Device, VENDOR_PJ_PER_TRANSITION};
use crate::power::glitches::Glitches;
use crate::power::range::Range;
use serde::Serialize;

/// The clock, and the samples it processes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Pace {
    /// Megahertz.
    pub mhz: f64,
    /// Samples taken while the activity was counted.
    pub samples: u64,
    /// Channels.
    pub channels: usize,
}

/// One term of the sum.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Term {
    /// What it is.
    pub name: &'static str,
    /// Its count.
    pub counted: String,
    /// Milliwatts.
    pub milliwatts: Range,
    /// Picojoules for each sample.
    pub pj_per_sample: Range,
}

/// The nominal energy of one block, in picojoules per sample. The clock tree and static power
/// belong to no block.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Share {
    /// The block.
    pub block: String,
    /// Settled toggles of its nets for each sample.
    pub toggles: f64,
    /// Transitions, glitches counted, for each of these.
    pub glitch_factor: f64,
    /// Its flip-flops.
    pub flip_flops: f64,
    /// The nets that it drives.
    pub nets: f64,
    /// Its memories.
    pub memories: f64,
    /// Its multipliers.
    pub multipliers: f64,
    /// All of them.
    pub total: f64,
}

/// An estimate of a design's power.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The device.
    pub device: Device,
    /// Its clock, and the samples it processes.
    pub pace: Pace,
    /// Transitions, glitches counted, over settled toggles.
    pub glitch_factor: f64,
    /// Term by term.
    pub terms: Vec<Term>,
    /// All terms: milliwatts.
    pub milliwatts: Range,
    /// All terms: picojoules for each sample.
    pub pj_per_sample: Range,
    /// All terms: microwatts for each channel.
    pub uw_per_channel: Range,
    /// The nets alone by a vendor's figure for one transition, in milliwatts: a second opinion, and
    /// a higher one.
    pub nets_by_vendor_mw: f64,
    /// Block by block, the highest energy first.
    pub blocks: Vec<Share>,
}

impl Estimate {
    /// Computes the estimate. Each block's settled toggles are multiplied by its glitch factor.
    pub fn new(device: Device, activity: &Activity, pace: Pace, glitches: &Glitches) -> Estimate {
        let Coefficients {
            static_mw,
            clock_pj,
            flip_flop_pj,
            transition_pj,
            access_pj,
            operation_pj,
        } = device.coefficients();
        let work = activity.total();
        let of_block =
            |(block, work): (&String, &Work)| work.toggles as f64 * glitches.factor(block);
        let transitions: f64 = activity.blocks.iter().map(of_block).sum();
        let glitch_factor = if work.toggles == 0 { 1.0 } else { transitions / work.toggles as f64 };
        let clocks = activity.clocks as f64;
        let microseconds = clocks / pace.mhz;
        // A picojoule a microsecond is a microwatt.
        let term = |name, counted, pj: Range| Term {
            name,
            counted,
            milliwatts: pj * (1e-3 / microseconds),
            pj_per_sample: pj * (1.0 / pace.samples as f64),
        };
        let per_clock = |number: f64| number / clocks;
        let terms = vec![
            term("static", String::new(), static_mw * (1e3 * microseconds)),
            term("clock tree", format!("{:.2} MHz", pace.mhz), clock_pj * clocks),
            term(
                "flip-flops",
                format!("{}", work.flip_flops),
                flip_flop_pj * (work.flip_flops as f64 * clocks),
            ),
            term(
                "nets",
                format!(
                    "{:.0} settled toggles a clock, x {glitch_factor:.2} with glitches",
                    per_clock(work.toggles as f64)
                ),
                transition_pj * transitions,
            ),
            term(
                "memories",
                format!("{:.1} accesses a clock", per_clock(work.accesses)),
                access_pj * work.accesses,
            ),
            term(
                "multipliers",
                format!("{:.1} operations a clock", per_clock(work.operations)),
                operation_pj * work.operations,
            ),
        ];
        let milliwatts: Range = terms.iter().map(|term| term.milliwatts).sum();
        let mut blocks: Vec<Share> = activity
            .blocks
            .iter()
            .map(|(block, work)| {
                let factor = glitches.factor(block);
                share(block, work, factor, &device.coefficients(), clocks, pace.samples)
            })
            .collect();
        blocks.sort_by(|a, b| b.total.total_cmp(&a.total));
        Estimate {
            device,
            pace,
            glitch_factor,
            milliwatts,
            pj_per_sample: terms.iter().map(|term| term.pj_per_sample).sum(),
            uw_per_channel: milliwatts * (1e3 / pace.channels as f64),
            nets_by_vendor_mw: transitions * VENDOR_PJ_PER_TRANSITION * 1e-3 / microseconds,
            terms,
            blocks,
        }
    }
}

fn share(
    block: &str,
    work: &Work,
    glitch_factor: f64,
    coefficients: &Coefficients,
    clocks: f64,
    samples: u64,
) -> Share {
    let samples = samples as f64;
    let flip_flops = work.flip_flops as f64 * clocks * coefficients.flip_flop_pj.nominal / samples;
    let transitions = work.toggles as f64 * glitch_factor;
    let nets = transitions * coefficients.transition_pj.nominal / samples;
    let memories = work.accesses * coefficients.access_pj.nominal / samples;
    let multipliers = work.operations * coefficients.operation_pj.nominal / samples;
    Share {
        block: block.into(),
        toggles: work.toggles as f64 / samples,
        glitch_factor,
        flip_flops,
        nets,
        memories,
        multipliers,
        total: flip_flops + nets + memories + multipliers,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::power::glitches::Transitions;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-9 * b.abs().max(1e-9)
    }

    /// Two transitions for each settled toggle in one block; three for two in all.
    fn glitches(block: &str) -> Glitches {
        let of = |settled, all| Transitions { nets: 1, settled, all };
        let blocks = [(block.to_string(), of(100, 200)), ("c".to_string(), of(100, 100))];
        Glitches { clocks: 1000, blocks: blocks.into() }
    }

    #[test]
    fn each_term_is_its_count_times_its_energy() {
        let work = Work {
            flip_flops: 100,
            nets: 10,
            toggles: 50_000,
            local_toggles: 7,
            accesses: 2000.0,
            operations: 1000.0,
        };
        let blocks = [("a".to_string(), work)].into();
        let activity = Activity { clocks: 1000, blocks };
        let pace = Pace { mhz: 10.0, samples: 500, channels: 4 };
        let estimate = Estimate::new(Device::Up5k, &activity, pace, &glitches("a"));
        let nominal: Vec<f64> = estimate.terms.iter().map(|t| t.milliwatts.nominal).collect();
        // 1000 clocks are 100 us; 1 mW for 100 us is 100,000 pJ.
        let expected = [0.112148, 0.519, 0.0144, 0.47, 0.13, 0.14];
        for (nominal, expected) in nominal.iter().zip(expected) {
            assert!(close(*nominal, expected), "{nominal} {expected}");
        }
        let total: f64 = expected.iter().sum();
        assert!(close(estimate.milliwatts.nominal, total));
        assert!(close(estimate.pj_per_sample.nominal, total * 1e5 / 500.0));
        assert!(close(estimate.uw_per_channel.nominal, total * 250.0));
        assert!(close(estimate.terms[3].milliwatts.high, 0.94));
        assert_eq!(estimate.terms[3].counted, "50 settled toggles a clock, x 2.00 with glitches");
        assert!(close(estimate.nets_by_vendor_mw, 1.21));
        // Static power and the clock tree belong to no block.
        assert!(close(estimate.blocks[0].total, (0.0144 + 0.47 + 0.13 + 0.14) * 200.0));

        // A block without a count of its own gets the mean glitch factor.
        let elsewhere = Estimate::new(Device::Up5k, &activity, pace, &glitches("b"));
        assert!(close(elsewhere.blocks[0].glitch_factor, 1.5));
        assert!(close(elsewhere.terms[3].milliwatts.nominal, 0.3525));
    }
}
