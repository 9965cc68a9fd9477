//! The build, its resources and its clock.

use super::Report;
use crate::chip::Around;
use study::page::table;
use study::plot::escape;

/// The section.
pub fn section(r: &Report) -> String {
    let chip = &r.chip;
    let mut html = format!(
        "<h2>What was built</h2>\n<p>Profile <code>{}</code>: {} channels, table set <code>{}</code> \
         (digest {}), frames of {} rounds, a keyframe every {} frames. Chip {} on {}, {}.</p>\n",
        escape(&r.profile),
        r.channels,
        escape(&r.table_set),
        r.digest,
        r.frame_rounds,
        r.keyframe_interval,
        escape(chip.chip),
        escape(chip.board),
        match chip.around {
            Around::Board => "with the board\u{2019}s ports around it, on its pins",
            Around::Shell => "with shift registers around it for want of a top with pins",
        },
    );
    let resources = [
        ("logic cells", chip.resources.logic, chip.core.luts),
        ("block RAMs", chip.resources.memories, chip.core.memories),
        ("multipliers", chip.resources.multipliers, chip.core.multipliers),
        ("pins", chip.resources.pins, 0),
    ];
    let rows: Vec<Vec<String>> = resources
        .iter()
        .map(|(name, part, core)| {
            let share = 100.0 * f64::from(part.used) / f64::from(part.available.max(1));
            let core = if *core > 0 { core.to_string() } else { String::new() };
            let [used, there] = [part.used, part.available].map(|n| n.to_string());
            vec![(*name).into(), used, there, format!("{share:.0} %"), core]
        })
        .collect();
    html += &table(&["", "used", "there", "", "alone"], &rows, &[0]);
    html += "<p class=\"note\">A logic cell holds a LUT and a flip-flop; of the compressor alone, its \
             LUTs are counted.</p>\n<h3>Timing</h3>\n";
    let fmax = chip.fmax_mhz;
    let slack_ns = 1e3 / chip.needed_mhz - 1e3 / fmax.best;
    html += &format!(
        "<p>Needed: {:.2} MHz, one clock for each sample. Reached: {:.1} MHz at best, {:.1} in the \
         median, {:.1} at worst, of {} placements. Slack of the best: <b>{slack_ns:.1} ns</b> of {:.1}.</p>\n",
        chip.needed_mhz,
        fmax.best,
        fmax.median,
        fmax.worst,
        chip.seeds.len(),
        1e3 / chip.needed_mhz,
    );
    let path = &chip.critical_path;
    let rows: Vec<Vec<String>> = path
        .steps
        .iter()
        .map(|step| vec![step.signal.clone(), format!("{:.1}", step.ns)])
        .collect();
    html += &format!(
        "<p>The slowest path: {:.1} ns through {} cells, {:.1} ns of them in wires.</p>\n",
        path.ns, path.levels, path.routing_ns
    );
    html += &table(&["signal", "ns"], &rows, &[0]);
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
    let head = ["block", "LUTs", "flip-flops", "block RAMs", "multipliers"];
    html + &format!(
        "<details><summary>Block by block</summary>{}</details>\n",
        table(&head, &rows, &[0])
    )
}
