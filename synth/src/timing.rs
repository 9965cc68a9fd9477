//! nextpnr's report: how fast the placed design is, and which path sets the pace.

use crate::names;
use crate::resources::{Resources, Use};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What nextpnr reports of a placed design.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// What it takes of the chip.
    pub resources: Resources,
    /// Highest frequency of the circuit's clock, in MHz.
    pub fmax_mhz: f64,
    /// The path that sets it.
    pub critical_path: CriticalPath,
    /// Highest frequencies of all clocks, those of the ports included.
    pub clocks: Vec<ClockSpeed>,
}

/// How fast a clock may be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClockSpeed {
    /// The signal.
    pub signal: String,
    /// Highest frequency, in MHz.
    pub fmax_mhz: f64,
}

/// The slowest path from register to register.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct CriticalPath {
    /// How long it takes, set-up time included.
    pub ns: f64,
    /// Part of that spent in wires.
    pub routing_ns: f64,
    /// LUTs, carries and other cells passed through.
    pub levels: u32,
    /// Signals of ours that it passes, the time spent from each to the next.
    pub steps: Vec<Step>,
}

/// A stretch of a path.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// The signal that the cells of this stretch are called after, with the path of its block.
    pub signal: String,
    /// Time spent in these cells and in the wires behind them.
    pub ns: f64,
}

impl CriticalPath {
    /// `rounds.gap 3.1 ns > model.means 5.2 ns`
    pub fn text(&self) -> String {
        let steps = self.steps.iter().map(|step| format!("{} {:.1} ns", step.signal, step.ns));
        steps.collect::<Vec<_>>().join(" > ")
    }
}

#[derive(Deserialize)]
struct Raw {
    critical_paths: Vec<RawPath>,
    fmax: BTreeMap<String, Achieved>,
    utilization: BTreeMap<String, Use>,
}

#[derive(Deserialize)]
struct Achieved {
    achieved: f64,
}

#[derive(Deserialize)]
struct RawPath {
    from: String,
    to: String,
    path: Vec<Segment>,
}

#[derive(Deserialize)]
struct Segment {
    delay: f64,
    from: End,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct End {
    cell: String,
}

impl Report {
    /// Reads what `nextpnr --report` wrote; `None` if it is no such report, or of a design without
    /// a clock.
    pub fn parse(json: &str) -> Option<Report> {
        let raw: Raw = serde_json::from_str(json).ok()?;
        let clocks = raw.fmax.iter().map(|(net, clock)| ClockSpeed {
            signal: clock_signal(net).to_owned(),
            fmax_mhz: clock.achieved,
        });
        let clocks: Vec<ClockSpeed> = clocks.collect();
        let net = raw.fmax.keys().find(|net| clock_signal(net) == CLOCK)?;
        let edge = format!("posedge {net}");
        let paths = raw.critical_paths.iter().filter(|path| path.from == edge && path.to == edge);
        let critical_path = paths.map(critical_path).max_by(|a, b| a.ns.total_cmp(&b.ns))?;
        let resources = Resources::of(&raw.utilization);
        Some(Report { resources, fmax_mhz: raw.fmax[net].achieved, critical_path, clocks })
    }
}

/// The circuit's clock, in all our designs.
pub(crate) const CLOCK: &str = "clock";

/// The port or signal of a clock net: `$glbnet$clock$TRELLIS_IO_IN`, `clock$SB_IO_IN_$glb_clk`.
fn clock_signal(net: &str) -> &str {
    let net = net.strip_prefix("$glbnet$").unwrap_or(net);
    net.split_once('$').map_or(net, |(signal, _)| signal)
}

fn critical_path(raw: &RawPath) -> CriticalPath {
    let mut path = CriticalPath::default();
    for segment in &raw.path {
        path.ns += segment.delay;
        match segment.kind.as_str() {
            "routing" => path.routing_ns += segment.delay,
            "logic" => path.levels += 1,
            _ => {}
        }
        // Cells without a name of ours belong to the stretch that leads to them.
        match (names::signal(&segment.from.cell), path.steps.last_mut()) {
            (Some(signal), Some(last)) if last.signal == signal => last.ns += segment.delay,
            (None, Some(last)) => last.ns += segment.delay,
            (signal, _) => path
                .steps
                .push(Step { signal: signal.unwrap_or("unnamed").to_owned(), ns: segment.delay }),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reports as nextpnr wrote them, all but the first segments of each path left out.
    const ICE40: &str = include_str!("../tests/files/ice40-report.json");
    const ECP5: &str = include_str!("../tests/files/ecp5-report.json");

    #[test]
    fn an_ice40_report_is_read() {
        let report = Report::parse(ICE40).unwrap();
        assert_eq!(report.fmax_mhz, 65.8804931640625);
        let used = |used, available| Use { used, available };
        assert_eq!(report.resources.logic, used(773, 7680));
        assert_eq!(report.resources.memories, used(11, 32));
        assert_eq!(report.resources.multipliers, Use::default());
        assert_eq!(report.resources.pins, used(92, 206));
        let path = report.critical_path;
        assert_eq!(
            path.text(),
            "model.predictor.last 1.1 ns > model.rank_table.s3_in_window 3.8 ns"
        );
        assert!(path.routing_ns < path.ns);
    }

    #[test]
    fn an_ecp5_report_is_read() {
        let report = Report::parse(ECP5).unwrap();
        assert_eq!(report.fmax_mhz, 81.49958801269531);
        assert_eq!(report.clocks[0].signal, "clock");
        let used = |used, available| Use { used, available };
        assert_eq!(report.resources.logic, used(1413, 24288));
        assert_eq!(report.resources.flip_flops, used(1049, 24288));
        assert_eq!(report.resources.memories, used(17, 56));
        assert_eq!(report.resources.multipliers, used(3, 28));
        assert_eq!(
            report.critical_path.text(),
            "model.rank_table_prediction 1.6 ns > model.predictor.s5_learns 0.6 ns"
        );
    }

    #[test]
    fn an_invalid_report_is_refused() {
        assert_eq!(Report::parse("{}"), None);
        assert_eq!(Report::parse(&ICE40[..2000]), None);
        // No clock at all.
        assert_eq!(Report::parse(r#"{"critical_paths": [], "fmax": {}, "utilization": {}}"#), None);
    }
}
