//! The slowest path of a netlist in each corner, by OpenSTA.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Serialize;
use synth::{AsicNetlist, Sta};

use crate::Error;
use crate::silicon::{Corner, Process};

/// The share of the clock's period that the world outside takes before an input and behind an output.
const OUTSIDE: f64 = 0.2;

/// A corner's slowest path.
#[derive(Clone, Debug, Serialize)]
pub struct OfCorner {
    /// The corner.
    pub corner: Corner,
    /// The clock's period, in ns.
    pub period_ns: f64,
    /// What it has to spare, in ns; negative if the netlist is too slow.
    pub slack_ns: f64,
    /// Where the path begins and ends.
    pub path: String,
}

/// The constraints of a core with this clock, as SDC.
pub fn constraints(mhz: f64) -> String {
    let period = 1e3 / mhz;
    let outside = period * OUTSIDE;
    format!(
        "create_clock -name aclk -period {period:.3} [get_ports aclk]\n\
         set_input_delay {outside:.3} -clock aclk [all_inputs]\n\
         set_output_delay {outside:.3} -clock aclk [all_outputs]\n\
         set_input_transition 0.2 [all_inputs]\n\
         set_load 0.05 [all_outputs]\n"
    )
}

/// Every corner of a process.
///
/// # Errors
/// When OpenSTA fails, or says something else than expected.
pub fn corners(
    sta: &Sta,
    process: &Process,
    netlist: &AsicNetlist,
    top: &str,
    macros: &[String],
    mhz: f64,
) -> Result<Vec<OfCorner>, Error> {
    let of_corner = |(corner, cells): &(Corner, std::path::PathBuf)| {
        let names: BTreeSet<&String> = macros.iter().collect();
        let macros = names.into_iter().filter_map(|name| process.macro_file(name, *corner));
        let mut script = String::new();
        for file in std::iter::once(cells.as_path()).chain(macros) {
            let _ = writeln!(script, "read_liberty {{{}}}", absolute(file)?.display());
        }
        let _ = writeln!(script, "read_verilog {{{}}}", netlist.timing().display());
        let _ = writeln!(script, "link_design {top}");
        script += &constraints(mhz);
        script += "report_checks -path_delay max -digits 4\n";
        let said = sta.run(&script)?;
        read(&said, *corner, 1e3 / mhz).ok_or_else(|| Error::NoPath(corner.name()))
    };
    process.corners.iter().map(of_corner).collect()
}

fn absolute(path: &std::path::Path) -> Result<std::path::PathBuf, Error> {
    std::path::absolute(path).map_err(Error::file(path))
}

/// A path as OpenSTA reports it.
fn read(said: &str, corner: Corner, period_ns: f64) -> Option<OfCorner> {
    let after = |mark: &str| {
        let line = said.lines().find_map(|line| line.trim().strip_prefix(mark))?;
        Some(line.split_whitespace().next()?.to_owned())
    };
    let slack = said.lines().find(|line| line.contains(" slack ("))?;
    Some(OfCorner {
        corner,
        period_ns,
        slack_ns: slack.split_whitespace().next()?.parse().ok()?,
        path: format!("{} -> {}", after("Startpoint: ")?, after("Endpoint: ")?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_read() {
        let said = "Startpoint: _12_ (rising edge-triggered flip-flop clocked by aclk)\n\
                    Endpoint: out (output port clocked by aclk)\n   ...\n  -1.2500   slack (VIOLATED)\n";
        let found = read(said, Corner::Slow, 50.0).unwrap();
        assert_eq!((found.slack_ns, found.path.as_str()), (-1.25, "_12_ -> out"));
        assert!(read("No paths found.\n", Corner::Slow, 50.0).is_none());
    }
}
