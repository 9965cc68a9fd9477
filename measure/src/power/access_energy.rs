//! What an access of an iCE40's block RAM may cost: three published figures of other memories, brought to its
//! size, its process and its voltage. None was measured on an iCE40.
//!
//! An access moves a word over bit lines as long as the memory is deep. How its energy grows with width and depth
//! is taken from macros of one compiler (SG13G2, one port, typical corner): from 256 x 16 to 256 x 64 bits it
//! grows from 14.2 to 49.6 pJ, from 256 x 16 to 1024 x 16 to 26.5 pJ. Capacitance is taken as proportional to the
//! process's length, energy as capacitance times the square of the voltage.

use std::fmt::Write as _;

use serde::Serialize;

use crate::power::coefficients::{CORE_VOLTS, Device};

/// A memory whose energy somebody published.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Published {
    /// What it is, and where the figure stands.
    pub name: &'static str,
    /// An access, in picojoules.
    pub pj: f64,
    /// Words that a port sees.
    pub words: f64,
    /// Bits of a word.
    pub bits: f64,
    /// The process's length.
    pub nm: f64,
    /// Its supply.
    pub volts: f64,
}

/// The block RAM of an iCE40, as it is built: 256 words of 16 bits in 40 nm.
const BLOCK_RAM: (f64, f64, f64) = (256.0, 16.0, 40.0);

/// What was found.
pub const PUBLISHED: [Published; 4] = [
    Published {
        name: "IHP SG13G2, macro `2P_256x16`, a read (Liberty file, typical corner)",
        pj: 14.2,
        words: 256.0,
        bits: 16.0,
        nm: 130.0,
        volts: 1.2,
    },
    Published {
        name: "the same, a write",
        pj: 18.5,
        words: 256.0,
        bits: 16.0,
        nm: 130.0,
        volts: 1.2,
    },
    // 10 mW at 300 MHz for both ports of eight blocks of which each port uses one; half of the accesses write.
    Published {
        name: "Virtex-5, 18 kbit block, by its vendor's power tool (DS512, table 41: 8k x 12, low power)",
        pj: 10e9 / 300e6 / 2.0,
        words: 1024.0,
        bits: 18.0,
        nm: 65.0,
        volts: 1.0,
    },
    // 9.0 pJ for each edge of the clock's two.
    Published {
        name: "VTR's 40 nm architecture `k6_frac_N10_mem32K`, after Stratix IV, one port",
        pj: 2.0 * 9.0,
        words: 1024.0,
        bits: 32.0,
        nm: 40.0,
        volts: 0.9,
    },
];

impl Published {
    /// Its energy if it were an iCE40's block RAM.
    pub fn scaled_pj(&self) -> f64 {
        let (words, bits, nm) = BLOCK_RAM;
        let by_bits = (49.6_f64 / 14.2).ln() / 4_f64.ln();
        let by_words = (26.5_f64 / 14.2).ln() / 4_f64.ln();
        let size = (bits / self.bits).powf(by_bits) * (words / self.words).powf(by_words);
        self.pj * size * (nm / self.nm) * (CORE_VOLTS / self.volts).powi(2)
    }
}

/// The figures as a table of Markdown, with what the model takes.
pub fn markdown() -> String {
    let mut text = String::from(
        "| memory | published, pJ | words x bits | process | as an iCE40's block RAM, pJ |\n|---|---:|---|---|---:|\n",
    );
    for memory in &PUBLISHED {
        let Published { name, pj, words, bits, nm, volts } = memory;
        let scaled = memory.scaled_pj();
        let _ = writeln!(
            text,
            "| {name} | {pj:.1} | {words} x {bits} | {nm} nm, {volts} V | {scaled:.1} |"
        );
    }
    let [low, nominal, high] = Device::Up5k.coefficients().access_pj.two_digits();
    let _ = writeln!(text, "| taken | | | | {nominal} ({low} to {high}) |");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_energy_taken_is_the_geometric_middle_and_its_range_holds_every_figure() {
        let taken = Device::Up5k.coefficients().access_pj;
        let scaled = PUBLISHED.map(|memory| memory.scaled_pj());
        let (low, high) =
            scaled.iter().fold((f64::MAX, 0_f64), |(low, high), &pj| (low.min(pj), high.max(pj)));
        assert!(taken.low < low && high < taken.high, "{scaled:?}");
        assert!((taken.nominal / (low * high).sqrt() - 1.0).abs() < 0.02, "{scaled:?}");
    }

    #[test]
    fn a_memory_like_the_block_ram_keeps_its_energy() {
        let same =
            Published { name: "", pj: 3.0, words: 256.0, bits: 16.0, nm: 40.0, volts: CORE_VOLTS };
        assert!((same.scaled_pj() - 3.0).abs() < 1e-12);
        let half = Published { nm: 80.0, ..same };
        assert!((half.scaled_pj() - 1.5).abs() < 1e-12);
    }
}
