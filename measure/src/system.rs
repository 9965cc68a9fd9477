//! Compressor and radio together, over the radio's energy per bit.

use std::fmt::Write as _;

use crate::power::Range;
use crate::power::radio::{BUDGET_MW, RADIOS, System, sweep};
use crate::power::range::two_digits;
use serde::Serialize;

use crate::consumption::Consumption;
use study::plot::{Axis, Plot};

/// Bits of a sample as the converter gives it.
const CONVERTER_BITS: f64 = 10.0;

/// A system and its figures at the published radios.
#[derive(Serialize)]
pub struct View {
    /// Its parts.
    pub system: System,
    /// Energy per bit, in picojoules, above which compression saves power.
    pub break_even_pj: Range,
    /// Energy per bit up to which 10 mW suffice without it.
    pub raw_limit_pj: f64,
    /// And with it.
    pub compressed_limit_pj: Range,
    /// At each published radio.
    pub radios: Vec<AtRadio>,
}

/// Both ways at one radio.
#[derive(Serialize)]
pub struct AtRadio {
    /// The radio.
    pub name: &'static str,
    /// Picojoules for a bit.
    pub pj_per_bit: f64,
    /// Milliwatts to send everything raw.
    pub raw_mw: f64,
    /// Milliwatts of compressor and radio.
    pub compressed_mw: Range,
}

impl View {
    /// The system of a profile whose consumption was estimated, with typical signals.
    pub fn new(consumption: &Consumption) -> View {
        let samples_per_s = consumption.channels as f64 * consumption.samples_per_s;
        let typical = consumption.typical();
        let system = System {
            raw_bits_per_s: samples_per_s * CONVERTER_BITS,
            compressed_bits_per_s: samples_per_s * typical.bits_per_sample,
            compressor_mw: typical.estimate.milliwatts,
        };
        let radios = RADIOS.iter().map(|radio| AtRadio {
            name: radio.name,
            pj_per_bit: radio.pj_per_bit,
            raw_mw: system.raw_mw(radio.pj_per_bit),
            compressed_mw: system.compressed_mw(radio.pj_per_bit),
        });
        View {
            system,
            break_even_pj: system.break_even(),
            raw_limit_pj: system.raw_limit(),
            compressed_limit_pj: system.compressed_limit(),
            radios: radios.collect(),
        }
    }

    /// The radios as a table of Markdown.
    pub fn markdown(&self) -> String {
        let mut text = String::from(
            "| radio | pJ per bit | raw, mW | compressed, mW | low to high |\n|---|---:|---:|---:|---:|\n",
        );
        for radio in &self.radios {
            let Range { low, nominal, high } = radio.compressed_mw;
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} to {} |",
                radio.name,
                radio.pj_per_bit,
                two_digits(radio.raw_mw),
                two_digits(nominal),
                two_digits(low),
                two_digits(high),
            );
        }
        text
    }

    /// The result, in two sentences.
    pub fn summary(&self) -> String {
        let Range { low, nominal, high } = self.break_even_pj;
        let limit = self.compressed_limit_pj;
        format!(
            "The compressor pays above {} pJ per bit ({} to {}). Within {BUDGET_MW} mW a radio may \
             take {} pJ per bit raw, {} compressed ({} to {}).",
            two_digits(nominal),
            two_digits(low),
            two_digits(high),
            two_digits(self.raw_limit_pj),
            two_digits(limit.nominal),
            two_digits(limit.low),
            two_digits(limit.high),
        )
    }

    /// Both ways from 1 pJ to 20 nJ a bit.
    pub fn picture(&self) -> String {
        let sweep = sweep(10);
        let raw = |pj: f64| self.system.raw_mw(pj);
        let compressed = |pj: f64| self.system.compressed_mw(pj);
        let band: Vec<(f64, f64, f64)> =
            sweep.iter().map(|&pj| (pj, compressed(pj).low, compressed(pj).high)).collect();
        let last = sweep.last().copied().unwrap_or(1.0);
        let mut x = Axis::powers("energy for a bit sent, pJ", 1.0, last);
        x.to = last;
        let y = Axis::powers("milliwatts", 0.01, raw(last));
        let mut plot = Plot::tall(x, y);
        for radio in RADIOS {
            plot = plot.mark(radio.pj_per_bit, radio.name);
        }
        let even = self.break_even_pj.nominal;
        plot.band(&band)
            .second_line(sweep.iter().map(|&pj| (pj, raw(pj))))
            .line(sweep.iter().map(|&pj| (pj, compressed(pj).nominal)))
            .level(BUDGET_MW, "10 mW")
            .dot(even, raw(even), "break-even")
            .svg("Power of a radio alone and of compressor and radio, over the energy for a bit")
    }
}
