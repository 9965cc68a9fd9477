//! The frontier as a picture: ratio over energy, and ratio over logic cells.

use study::plot::{Axis, Panel, Point, panels};

use super::Row;

/// A file of its own with every row whose ratio is known: all of them on the same recordings.
/// Energy is drawn where it can be estimated, from its low to its high.
pub fn svg(rows: &[Row]) -> String {
    let points = |x: fn(&Row) -> Option<[f64; 3]>| -> Vec<Point> {
        let point = |row: &Row| {
            Some(Point {
                x: x(row)?,
                y: row.ratio?,
                name: row.chip.profile.clone(),
                group: row.chip.chip.to_string(),
            })
        };
        rows.iter().filter_map(point).collect()
    };
    let energy =
        points(|row| row.pj_per_sample.map(|range| [range.low, range.nominal, range.high]));
    let cells = points(|row| Some([row.chip.resources.logic.used as f64; 3]));
    let ratios = || cells.iter().map(|point| point.y);
    let [least, most] = [ratios().fold(f64::INFINITY, f64::min), ratios().fold(0.0, f64::max)];
    panels(
        "Which profile: ratio against energy and size",
        "Energy: an estimate of the compressor on typical signals, low to high. Logic cells: with the board's ports.",
        &Axis::linear("compression ratio", least - 0.02, most + 0.02),
        &[
            Panel { x: axis("energy, pJ a sample", &energy), points: energy },
            Panel { x: axis("logic cells", &cells), points: cells },
        ],
    )
}

/// Equal factors, with room beside the points, and ticks at 1, 2 and 5 times a power of ten.
fn axis(name: &str, points: &[Point]) -> Axis {
    let from = 0.8 * points.iter().map(|point| point.x[0]).fold(f64::INFINITY, f64::min);
    let to = 1.5 * points.iter().map(|point| point.x[2]).fold(0.0, f64::max);
    let (from, to) = if from < to { (from, to) } else { (1.0, 10.0) };
    let ticks = (0..7).flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powi(power)));
    let inside = ticks.filter(|tick| (from..=to).contains(tick));
    Axis::factors(name, from, to).named(inside.map(|tick| (tick, tick.to_string())).collect())
}
