//! Ratio against the time from keyframe to keyframe; a line for each frame length.

use super::{Costs, FRAME_ROUNDS};
use crate::plot::{Axis, Plot, standalone};

/// The plot of all that was measured, a file of its own.
pub fn svg(costs: &Costs) -> String {
    let ratios = || costs.cells.iter().map(|cell| cell.ratio).chain([costs.unframed_ratio]);
    let times = || costs.cells.iter().map(|cell| cell.keyframe_ms);
    let lowest = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::INFINITY, f64::min);
    let highest = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, f64::max);
    let (bottom, top) = (lowest(&mut ratios()), highest(&mut ratios()));
    let room = 0.05 * (top - bottom).max(0.1);
    let x = Axis::factors(
        "from keyframe to keyframe, ms; the loss of a frame costs at most as much",
        0.8 * lowest(&mut times()),
        1.25 * highest(&mut times()),
    );
    let y = Axis::linear("compression ratio", bottom - room, top + 2.0 * room);
    let mut plot = Plot::tall(x, y).level(costs.unframed_ratio, "without frames");
    for rounds in FRAME_ROUNDS {
        let points = costs.cells_of(rounds).map(|cell| (cell.keyframe_ms, cell.ratio));
        let name = format!("{rounds} rounds, {:.1} ms", costs.ms(rounds as u64));
        plot = plot.series(points.collect::<Vec<_>>(), &name);
    }
    standalone(&plot.svg(&format!(
        "Ratio of table set {}, {} recordings as {} channels, every bit sent counted, over the time \
         from keyframe to keyframe",
        costs.table_set, costs.files, costs.channels
    )))
}
