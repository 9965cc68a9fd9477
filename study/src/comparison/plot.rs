//! Ratio against speed.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{Comparison, Figures, Row};
use crate::baselines::Family;
use crate::plot::canvas::{
    ACCENT, Area, GREEN, INK, Outcome, SCALE, SOFT, WARM, frame, picture, stroke, text,
};
use crate::plot::labels;
use crate::plot::{Axis, standalone};

const SIZE: [i32; 2] = [1120, 800];
/// Room for the ticks and the name of the vertical axis.
const LEFT: i32 = 56;
/// Height of the title above the chart.
const TITLE: u32 = 56;
/// Height of the legend below it.
const LEGEND: i32 = 28;

/// A plot of all methods that were measured, a file of its own.
pub fn svg(comparison: &Comparison) -> String {
    let measured: Vec<(&Row, &Figures)> = comparison
        .methods
        .iter()
        .filter_map(|row| row.figures.as_ref().map(|figures| (row, figures)))
        .collect();
    let what = format!(
        "{} recordings, {:.1} million samples, headers counted{}",
        comparison.files,
        comparison.samples as f64 / 1e6,
        if comparison.mismatches() == 0 {
            "; every recording was restored"
        } else {
            "; NOT EVERY RECORDING WAS RESTORED"
        }
    );
    let picture = picture(SIZE, "Ratio of each method over its speed", |area| {
        let (title, rest) = area.split_vertically(TITLE as i32 * SCALE);
        let left = (12 + LEFT) * SCALE;
        let heading = text(18, INK, HPos::Left, VPos::Top);
        let name = "Lossless compression of neural recordings";
        title.draw(&Text::new(name, (left, 12 * SCALE), heading))?;
        let under = text(13, SOFT, HPos::Left, VPos::Top);
        title.draw(&Text::new(what, (left, 36 * SCALE), under))?;
        let (field, below) = rest.split_vertically((SIZE[1] - TITLE as i32 - LEGEND) * SCALE);
        legend(&below)?;
        points(area, &field, &measured)
    });
    standalone(&picture)
}

/// The axes, the methods and their names.
fn points(area: &Area<'_>, field: &Area<'_>, measured: &[(&Row, &Figures)]) -> Outcome {
    let range = |value: fn(&Figures) -> f64| {
        let values = || measured.iter().map(|(_, figures)| value(figures));
        [values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max)]
    };
    let [slowest, fastest] = range(|f| f.encode_samples_per_s / 1e6);
    let [lowest, highest] = range(|f| f.ratio);
    // A little room at both ends, for the names.
    let x = Axis::factors(
        "encoding speed on one core, million samples per second",
        0.7 * slowest,
        1.8 * fastest,
    );
    let y = Axis::linear("compression ratio", lowest - 0.05, highest + 0.15);
    let chart = frame(field, [&x, &y], LEFT, [true, true])?;
    // Ours are known by their colour, and stand close together.
    let name = |row: &Row| row.facts.name.trim_start_matches("tierwire ").to_string();
    let names: Vec<String> = measured.iter().map(|(row, _)| name(row)).collect();
    let place = |figures: &Figures| (figures.encode_samples_per_s / 1e6, figures.ratio);
    let at = measured.iter().map(|(_, figures)| place(figures));
    let named: Vec<((f64, f64), &str)> = at.zip(names.iter().map(String::as_str)).collect();
    labels::write(area, &chart, &named, &[])?;
    for (row, figures) in measured {
        point(area, chart.backend_coord(&place(figures)), row.facts.family, row.facts.causal)?;
    }
    Ok(())
}

fn legend(area: &Area<'_>) -> Outcome {
    let entries = [
        (Family::Tierwire, true, "tierwire"),
        (Family::Samples, true, "made for samples, causal"),
        (Family::Samples, false, "made for samples, not causal"),
        (Family::Sound, false, "made for sound, not causal"),
        (Family::General, false, "made for any bytes, not causal"),
    ];
    for ((family, causal, name), left) in entries.into_iter().zip([0, 110, 325, 555, 770]) {
        let x = (12 + LEFT + 8 + left) * SCALE;
        point(area, (x, 10 * SCALE), family, causal)?;
        let style = text(12, INK, HPos::Left, VPos::Center);
        area.draw(&Text::new(name, (x + 12 * SCALE, 10 * SCALE), style))?;
    }
    Ok(())
}

/// Filled when causal.
fn point(area: &Area<'_>, at: (i32, i32), family: Family, causal: bool) -> Outcome {
    let colour = match family {
        Family::Tierwire => WARM,
        Family::Samples => ACCENT,
        Family::Sound => GREEN,
        Family::General => SOFT,
    };
    let style = if causal { colour.filled() } else { stroke(colour, 2 * SCALE) };
    area.draw(&Circle::new(at, 5 * SCALE, style))
}
