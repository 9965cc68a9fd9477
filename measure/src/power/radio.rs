//! The rest of the implant's power: a radio that sends raw or compressed samples.

use crate::power::range::Range;
use serde::Serialize;

/// The power limit of an implant: 10 mW.
pub const BUDGET_MW: f64 = 10.0;

/// A transmitter whose energy per bit was published.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Radio {
    /// What it is.
    pub name: &'static str,
    /// Picojoules for a bit sent.
    pub pj_per_bit: f64,
}

/// Published transmitters, the most frugal first.
pub const RADIOS: [Radio; 5] = [
    Radio { name: "IR-UWB, 28 nm, 1.66 Gb/s", pj_per_bit: 5.8 },
    Radio { name: "inductive backscatter", pj_per_bit: 36.0 },
    Radio { name: "FSK/OOK transmitter, 8 Mb/s", pj_per_bit: 131.0 },
    Radio { name: "nRF52840, 2 Mb/s", pj_per_bit: 7200.0 },
    Radio { name: "nRF52840, 1 Mb/s", pj_per_bit: 14400.0 },
];

/// A compressor in front of a radio.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct System {
    /// Bits per second from the converter.
    pub raw_bits_per_s: f64,
    /// Bits per second that leave the compressor.
    pub compressed_bits_per_s: f64,
    /// The power of the compressor.
    pub compressor_mw: Range,
}

impl System {
    /// Milliwatts of the radio alone, sending raw samples.
    pub fn raw_mw(&self, pj_per_bit: f64) -> f64 {
        self.raw_bits_per_s * pj_per_bit * 1e-9
    }

    /// Milliwatts of compressor and radio.
    pub fn compressed_mw(&self, pj_per_bit: f64) -> Range {
        let radio = self.compressed_bits_per_s * pj_per_bit * 1e-9;
        self.compressor_mw + Range { low: radio, nominal: radio, high: radio }
    }

    /// The energy per bit, in picojoules, above which compression saves power.
    pub fn break_even(&self) -> Range {
        self.compressor_mw * (1e9 / (self.raw_bits_per_s - self.compressed_bits_per_s))
    }

    /// The energy per bit, in picojoules, up to which 10 mW suffice without a compressor.
    pub fn raw_limit(&self) -> f64 {
        BUDGET_MW * 1e9 / self.raw_bits_per_s
    }

    /// The same with the compressor; 0 if the compressor alone exceeds 10 mW.
    pub fn compressed_limit(&self) -> Range {
        let limit = |mw: f64| ((BUDGET_MW - mw) * 1e9 / self.compressed_bits_per_s).max(0.0);
        let Range { low, nominal, high } = self.compressor_mw;
        Range { low: limit(high), nominal: limit(nominal), high: limit(low) }
    }
}

/// Energies per bit from 1 pJ to 20 nJ, `steps` to a factor of ten.
pub fn sweep(steps: usize) -> Vec<f64> {
    let last = 20_000_f64.log10();
    let number = (last * steps as f64).ceil() as usize;
    (0..=number).map(|n| 10f64.powf(last * n as f64 / number as f64)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_the_break_even_both_take_the_same() {
        let system = System {
            raw_bits_per_s: 200e6,
            compressed_bits_per_s: 90e6,
            compressor_mw: Range::by_factor(3.3, 2.0),
        };
        let even = system.break_even().nominal;
        assert!((even - 30.0).abs() < 1e-9);
        assert!((system.raw_mw(even) - system.compressed_mw(even).nominal).abs() < 1e-9);
        assert!((system.raw_mw(system.raw_limit()) - BUDGET_MW).abs() < 1e-9);
        let limit = system.compressed_limit().nominal;
        assert!((system.compressed_mw(limit).nominal - BUDGET_MW).abs() < 1e-9);
    }

    #[test]
    fn the_sweep_goes_from_one_picojoule_to_twenty_nanojoules() {
        let sweep = sweep(10);
        assert!((sweep[0] - 1.0).abs() < 1e-9 && (sweep.last().unwrap() - 20_000.0).abs() < 1e-6);
        assert!(sweep.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
