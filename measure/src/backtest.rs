//! The power model compared with designs whose current others measured.

use std::fmt::Write as _;
use std::process::Command;

use crate::power::access_energy;
use crate::power::measured::{Design as Measured, ROWS};
use crate::power::saif::Saif;
use crate::power::{Activity, Glitches, Netlist, Range};
use serde::Serialize;
use synth::{Design, ModelSource, Target, Tools};
use testbench::verilator_engine::COUNTING;

use crate::{Error, glitches};

const HARNESS: &str = include_str!("backtest/harness.cpp");
/// Enough for the lower 16 bits of each counter to go through all their values; the upper ones
/// hardly matter.
const CLOCKS: u64 = 1 << 16;
/// The target of the placement.
const MHZ: f64 = 12.0;

/// A row of the public table, with the model's result.
#[derive(Serialize)]
pub struct Row {
    /// The design.
    pub name: &'static str,
    /// uA measured by others.
    pub measured_ua: f64,
    /// uA of the model.
    pub model_ua: Range,
    /// The relative error of the nominal value.
    pub error: f64,
    /// Which coefficient was fitted to this row, if one was.
    pub fitted: Option<&'static str>,
    /// Settled toggles of routed nets, each clock.
    pub toggles_per_clock: f64,
    /// Transitions, glitches counted, for each of these.
    pub glitch_factor: f64,
    /// LUTs and flip-flops, to compare with the logic cells in the table.
    pub luts: usize,
    /// Flip-flops.
    pub flip_flops: u64,
}

/// A rebuilt design, and its activity in [`CLOCKS`] clocks.
struct Rebuilt {
    activity: Activity,
    glitches: Glitches,
    luts: usize,
}

/// Rebuilds every design, counts its toggles and glitches, and applies the model.
///
/// # Errors
/// When a tool fails.
pub fn rows(tools: &Tools) -> Result<Vec<Row>, Error> {
    let mut known: Vec<(Measured, Rebuilt)> = Vec::new();
    let mut rows = Vec::new();
    for row in ROWS {
        let at = known.iter().position(|(design, _)| *design == row.design);
        let at = match at {
            Some(at) => at,
            None => {
                known.push((row.design, rebuild(tools, row.design)?));
                known.len() - 1
            }
        };
        let Rebuilt { activity, glitches, luts } = &known[at].1;
        let model_ua = row.model_ua(activity, glitches);
        let work = activity.total();
        rows.push(Row {
            name: row.name,
            measured_ua: row.measured_ua,
            model_ua,
            error: model_ua.nominal / row.measured_ua - 1.0,
            fitted: row.fitted,
            toggles_per_clock: work.toggles as f64 / activity.clocks as f64,
            glitch_factor: glitches.total().factor().unwrap_or(1.0),
            luts: *luts,
            flip_flops: work.flip_flops,
        });
    }
    Ok(rows)
}

fn rebuild(tools: &Tools, design: Measured) -> Result<Rebuilt, Error> {
    let target = Target::named("up5k").ok_or(Error::NoTarget("up5k".into()))?;
    let verilog = design.verilog();
    let yosys = tools.yosys()?;
    let synthesis = yosys.synthesise(&Design {
        name: "measured",
        verilog: &verilog,
        memory_files: &[],
        top: "design",
        family: target.family,
        multipliers: design.in_dsp(),
    })?;
    let traceable = yosys.traceable(&synthesis, target.family)?;
    let program = tools.verilator()?.build(&ModelSource {
        name: "measured",
        verilog: &traceable.verilog()?,
        top: "design",
        harness: HARNESS,
        verilator_flags: &COUNTING,
        ..ModelSource::default()
    })?;
    let folder = tempfile::tempdir().map_err(Error::file(&std::env::temp_dir()))?;
    let saif = folder.path().join("toggles.saif");
    let status = Command::new(&program).arg(CLOCKS.to_string()).arg(&saif).status();
    let status = status.map_err(Error::file(&program))?;
    if !status.success() {
        return Err(Error::Program { path: program, status });
    }
    let netlist = Netlist::parse(&traceable.json()?, "design")?;
    let saif = Saif::parse(&std::fs::read_to_string(&saif).map_err(Error::file(&saif))?)?;
    let mut simulation = glitches::place(tools, "measured", &traceable, "design", target, MHZ)?;
    (0..CLOCKS).for_each(|_| simulation.clock());
    Ok(Rebuilt {
        activity: Activity::count(&netlist, &saif)?,
        glitches: Glitches::count(&netlist, &saif, &simulation, 0)?,
        luts: netlist.count(crate::power::netlist::Kind::Lut),
    })
}

/// The rows as a table of Markdown, and one with the basis of the memories' energy.
pub fn markdown(rows: &[Row]) -> String {
    let mut text = String::from(
        "| design | measured, uA | model, uA | low to high | error | |\n|---|---:|---:|---:|---:|---|\n",
    );
    for row in rows {
        let made = row.fitted.map_or("predicted".to_string(), |what| format!("fitted: {what}"));
        let _ = writeln!(
            text,
            "| {} | {:.0} | {:.0} | {:.0} to {:.0} | {:+.1} % | {made} |",
            row.name,
            row.measured_ua,
            row.model_ua.nominal,
            row.model_ua.low,
            row.model_ua.high,
            100.0 * row.error,
        );
    }
    text + "\n" + &access_energy::markdown()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_toggles_as_counters_do() {
        let counters = Measured::Counters { counters: 2, bits: 28 };
        let Rebuilt { activity, glitches, luts } = rebuild(&Tools::locate(), counters).unwrap();
        let work = activity.total();
        assert_eq!(activity.clocks, CLOCKS);
        // The lowest bits are each other's inverse, so synthesis merges them.
        assert_eq!((work.flip_flops, luts), (55, 56));
        // The nets outside the logic cells: the lowest bit to the carry chains, every clock.
        assert_eq!(work.toggles, CLOCKS);
        // A register's output does not glitch.
        assert_eq!(glitches.total().all, CLOCKS);
    }
}
