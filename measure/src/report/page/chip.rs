//! The build, its resources and its clock.

use maud::{Markup, html};
use study::page::{folded, table};

use crate::chip::{Around, Chip};
use crate::report::Report;

/// The section.
pub fn section(r: &Report) -> Markup {
    let chip = &r.chip;
    html! {
        h2 { "What was built" }
        p {
            "Profile " code { (r.profile) } ": " (r.channels) " channels, table set "
            code { (r.table_set) } " (digest " (r.digest) "), frames of " (r.frame_rounds)
            " rounds, a keyframe every " (r.keyframe_interval) " frames. Chip " (chip.chip) " on "
            (chip.board) ", "
            @match chip.around {
                Around::Board => "with the board\u{2019}s ports around it, on its pins.",
                Around::Shell => "with shift registers around it, since the board has no top for it.",
            }
        }
        (resources(chip))
        p.note {
            "A logic cell holds a LUT and a flip-flop; of the compressor alone, its LUTs are counted."
        }
        h3 { "Timing" }
        (timing(chip))
        (folded("Block by block", blocks(chip)))
    }
}

fn resources(chip: &Chip) -> Markup {
    let parts = [
        ("logic cells", chip.resources.logic, chip.core.luts),
        ("block RAMs", chip.resources.memories, chip.core.memories),
        ("multipliers", chip.resources.multipliers, chip.core.multipliers),
        ("pins", chip.resources.pins, 0),
    ];
    let rows: Vec<Vec<String>> = parts
        .iter()
        .map(|(name, part, core)| {
            let share = 100.0 * f64::from(part.used) / f64::from(part.available.max(1));
            let core = if *core > 0 { core.to_string() } else { String::new() };
            let [used, there] = [part.used, part.available].map(|n| n.to_string());
            vec![(*name).into(), used, there, format!("{share:.0} %"), core]
        })
        .collect();
    table(&["", "used", "there", "", "alone"], &rows, &[0])
}

fn timing(chip: &Chip) -> Markup {
    let fmax = chip.fmax_mhz;
    let period_ns = 1e3 / chip.needed_mhz;
    let slack_ns = period_ns - 1e3 / fmax.best;
    let path = &chip.critical_path;
    let rows: Vec<Vec<String>> = path
        .steps
        .iter()
        .map(|step| vec![step.signal.clone(), format!("{:.1}", step.ns)])
        .collect();
    let one = |number: f64| format!("{number:.1}");
    html! {
        p {
            "Needed: " (format!("{:.2}", chip.needed_mhz)) " MHz, one clock for each sample. Reached: "
            (one(fmax.best)) " MHz at best, " (one(fmax.median)) " in the median, " (one(fmax.worst))
            " at worst, of " (chip.seeds.len()) " placements. Slack of the best: "
            b { (one(slack_ns)) " ns" } " of " (one(period_ns)) "."
        }
        p {
            "The slowest path: " (one(path.ns)) " ns through " (path.levels) " cells, "
            (one(path.routing_ns)) " ns of them in wires."
        }
        (table(&["signal", "ns"], &rows, &[0]))
    }
}

fn blocks(chip: &Chip) -> Markup {
    let rows: Vec<Vec<String>> = chip
        .blocks
        .iter()
        .map(|block| {
            let name = if block.block.is_empty() { "between the blocks" } else { &block.block };
            let numbers = [block.luts, block.flip_flops, block.memories, block.multipliers];
            let numbers = numbers.map(|n| if n > 0 { n.to_string() } else { String::new() });
            std::iter::once(name.to_string()).chain(numbers).collect()
        })
        .collect();
    table(&["block", "LUTs", "flip-flops", "block RAMs", "multipliers"], &rows, &[0])
}
