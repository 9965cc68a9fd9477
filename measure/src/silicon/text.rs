//! An estimate of silicon as a terminal shows it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::power::Range;
use crate::silicon::{OfLoad, Silicon};

/// Estimates with recordings as a table, a row for each.
pub fn table(all: &[Silicon]) -> String {
    let mut text = String::from(
        "| profile | channels x rate | area, mm2: cells + macros | clock, MHz | to spare in the slow corner | pJ a sample | mW | uW a channel |\n\
         |---|---|---|---:|---:|---|---|---|\n",
    );
    for silicon in all {
        let Silicon { profile, channels, samples_per_s, needed_mhz, .. } = silicon;
        let (cells, macros) = (silicon.cells_mm2(), silicon.macros_mm2());
        let slowest = silicon.timing.first().map_or(0.0, |slow| slow.slack_ns / slow.period_ns);
        let Some(typical) = silicon.typical() else { continue };
        let joule = typical.energy.total();
        let range = |scale: f64, digits: usize| {
            let Range { low, nominal, high } = joule * scale;
            format!("{nominal:.digits$} ({low:.digits$} to {high:.digits$})")
        };
        let rate = *channels as f64 * samples_per_s;
        let _ = writeln!(
            text,
            "| `{profile}` | {channels} x {samples_per_s} Hz | {:.3}: {cells:.3} + {macros:.3} | {needed_mhz:.2} | {:.0} % | {} | {} | {} |",
            cells + macros,
            100.0 * slowest,
            range(1e12, 0),
            range(rate * 1e3, 2),
            range(samples_per_s * 1e6, 2),
        );
    }
    text
}

impl Silicon {
    /// As a terminal shows it.
    pub fn text(&self) -> String {
        let Silicon { profile, channels, library, volts, needed_mhz, cells, registers, .. } = self;
        let mut text = format!(
            "ESTIMATE BEFORE PLACEMENT. Left out: {}.\n\n\
             profile        {profile} ({channels} channels) in {library}, {volts} V\n\
             clock          {needed_mhz:.3} MHz\n\
             netlist        {cells} cells, {registers} of them registers\n",
            self.left_out
        );
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        self.macros.iter().for_each(|name| *counts.entry(name).or_default() += 1);
        let macros: Vec<String> =
            counts.iter().map(|(name, count)| format!("{count} {name}")).collect();
        let macros = if macros.is_empty() {
            "none: memories are registers".into()
        } else {
            macros.join(", ")
        };
        let (cells, memories) = (self.cells_mm2(), self.macros_mm2());
        let _ = write!(
            text,
            "macros         {macros}\n\
             area           {:.4} mm2: {cells:.4} cells, {memories:.4} macros\n",
            cells + memories
        );
        for corner in &self.timing {
            let _ = writeln!(
                text,
                "{:14} {:.2} of {:.2} ns to spare ({:.0} %): {}",
                corner.corner.name(),
                corner.slack_ns,
                corner.period_ns,
                100.0 * corner.slack_ns / corner.period_ns,
                corner.path
            );
        }
        if self.loads.is_empty() {
            text += "energy         not estimated: give --recordings\n";
        }
        for load in &self.loads {
            let Range { low, nominal, high } = load.energy.total() * 1e12;
            let mw = nominal * *channels as f64 * self.samples_per_s / 1e9;
            let _ = writeln!(
                text,
                "{:14} {nominal:.0} pJ a sample ({low:.0} to {high:.0}), {mw:.3} mW, {:.2} uW a channel",
                load.load,
                mw * 1e3 / *channels as f64
            );
        }
        if let Some(typical) = self.typical() {
            text += &self.of_blocks(typical);
        } else {
            text += "\nblock                        mm2 cells  mm2 macros\n";
            for area in &self.areas {
                let _ =
                    writeln!(text, "{:26}  {:10.4}  {:10.4}", area.block, area.cells, area.macros);
            }
        }
        text
    }

    /// The estimate for typical signals.
    pub fn typical(&self) -> Option<&OfLoad> {
        self.loads.iter().find(|load| load.load == "typical")
    }

    /// Area and energy of each block.
    fn of_blocks(&self, typical: &OfLoad) -> String {
        let mut text = String::from(
            "\nblock                        mm2 cells  mm2 macros  pJ a sample:  cells   pins  clock  macros  leakage\n",
        );
        let row = |name: &str, area: [f64; 2], terms: [f64; 5]| {
            let total: f64 = terms.iter().sum();
            let [cells, pins, clock, macros, leakage] = terms.map(|joule| joule * 1e12);
            let (of_cells, of_macros, total) = (area[0], area[1], total * 1e12);
            format!(
                "{name:26}  {of_cells:10.4}  {of_macros:10.4}  {total:12.2}  {cells:5.2}  {pins:5.2}  {clock:5.2}  {macros:6.2}  {leakage:7.3}\n"
            )
        };
        let list = |t: &crate::silicon::Terms| [t.cells, t.pins, t.clock, t.macros, t.leakage];
        for area in &self.areas {
            let terms = typical.energy.blocks.get(&area.block).copied().unwrap_or_default();
            text += &row(&area.block, [area.cells, area.macros], list(&terms));
        }
        text += &row("all", [self.cells_mm2(), self.macros_mm2()], list(&typical.energy.terms()));
        let energy = &typical.energy;
        for (name, range) in
            [("wires", energy.wires), ("clock tree", energy.tree), ("glitches", energy.glitches)]
        {
            let Range { low, nominal, high } = range * 1e12;
            let _ = writeln!(text, "{name:26}  allowance {nominal:26.2}  ({low:.1} to {high:.1})");
        }
        text
    }
}
