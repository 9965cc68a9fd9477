//! The same core in silicon.

use maud::{Markup, html};
use study::page::table;

use crate::power::Range;
use crate::report::Report;
use crate::silicon::{OfLoad, Silicon};

/// The section; nothing if silicon was not asked for.
pub fn section(r: &Report) -> Markup {
    let Some(silicon) = &r.silicon else { return html! {} };
    let (cells, macros) = (silicon.cells_mm2(), silicon.macros_mm2());
    html! {
        h2 { "In silicon: an estimate before placement" }
        p {
            "The same core in the cells and macros of " (silicon.library) " at " (silicon.volts) " V and "
            (format!("{:.3}", silicon.needed_mhz)) " MHz: " b { (format!("{:.3}", cells + macros)) " mm\u{b2}" }
            ", " (format!("{cells:.3}")) " of it cells and " (format!("{macros:.3}")) " macros. Left out: "
            (silicon.left_out) "."
        }
        (loads(silicon))
        (timing(silicon))
        (blocks(silicon))
    }
}

fn loads(silicon: &Silicon) -> Markup {
    let row = |load: &OfLoad| {
        let Range { low, nominal, high } = load.energy.total() * 1e12;
        let uw = nominal * silicon.samples_per_s / 1e6;
        let mut cells = vec![load.load.to_string(), format!("{:.2}", load.bits_per_sample)];
        cells.extend([low, nominal, high].map(|pj| format!("{pj:.0}")));
        cells.push(format!("{uw:.2}"));
        cells
    };
    let head =
        ["signals", "bits a sample", "low, pJ a sample", "nominal", "high", "\u{b5}W a channel"];
    table(&head, &silicon.loads.iter().map(row).collect::<Vec<_>>(), &[0])
}

fn timing(silicon: &Silicon) -> Markup {
    let corners = silicon.timing.iter().map(|corner| {
        let share = 100.0 * corner.slack_ns / corner.period_ns;
        let numbers = [corner.period_ns, corner.slack_ns].map(|ns| format!("{ns:.2}"));
        let [period, slack] = numbers;
        vec![
            corner.corner.name().into(),
            period,
            slack,
            format!("{share:.0} %"),
            corner.path.clone(),
        ]
    });
    let head = ["corner", "period, ns", "to spare, ns", "", "slowest path"];
    table(&head, &corners.collect::<Vec<_>>(), &[0, 4])
}

fn blocks(silicon: &Silicon) -> Markup {
    let rows = silicon.areas.iter().map(|area| {
        let energy = silicon.typical().and_then(|load| load.energy.blocks.get(&area.block));
        let pj = energy.map_or(String::new(), |terms| format!("{:.2}", terms.total() * 1e12));
        let areas = [area.cells, area.macros].map(|mm2| format!("{mm2:.4}"));
        [vec![area.block.clone()], areas.into(), vec![pj]].concat()
    });
    let head = ["block", "cells, mm\u{b2}", "macros, mm\u{b2}", "pJ a sample, without allowances"];
    table(&head, &rows.collect::<Vec<_>>(), &[0])
}
