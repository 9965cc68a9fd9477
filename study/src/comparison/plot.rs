//! Ratio against speed, as SVG.

use std::fmt::Write;

use crate::baselines::Family;

use super::labels::{Box, place};
use super::{Comparison, Figures, Row};

const SIZE: [f64; 2] = [1120.0, 800.0];
/// The field of points.
const FIELD: Box = Box { edges: [70.0, 70.0, 1090.0, 715.0] };
/// Height of the line that explains the points.
const LEGEND: f64 = 782.0;
const INK: &str = "#333";
const GRID: &str = "#ddd";

/// From values to pixels.
struct Scale {
    /// Logarithms of the lowest and the highest speed.
    speed: [f64; 2],
    ratio: [f64; 2],
    /// Between two lines of the grid.
    ratio_step: f64,
}

/// A plot of all methods that were measured.
pub fn svg(comparison: &Comparison) -> String {
    let measured: Vec<(&Row, &Figures)> = comparison
        .methods
        .iter()
        .filter_map(|row| row.figures.as_ref().map(|figures| (row, figures)))
        .collect();
    let scale = Scale::of(&measured);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" \
         font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\" fill=\"{INK}\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        SIZE[0], SIZE[1]
    );
    text(
        &mut svg,
        [FIELD.edges[0], 32.0],
        "start",
        18,
        "Lossless compression of neural recordings",
    );
    let what = format!(
        "{} recordings, {:.1} million samples, headers counted{}",
        comparison.files,
        comparison.samples as f64 / 1e6,
        if comparison.mismatches() == 0 { "; every byte came back" } else { "; NOT ALL CAME BACK" }
    );
    text(&mut svg, [FIELD.edges[0], 52.0], "start", 13, &what);
    scale.axes(&mut svg);
    legend(&mut svg);
    // Ours are known by their colour, and stand close together.
    let name = |row: &Row| row.facts.name.trim_start_matches("tierwire ").to_string();
    let names: Vec<String> = measured.iter().map(|(row, _)| name(row)).collect();
    let points: Vec<_> =
        measured.iter().zip(&names).map(|((_, f), name)| (scale.pixels(f), &name[..])).collect();
    let labels = place(&points, FIELD);
    for (label, (at, name)) in labels.iter().zip(&points) {
        if let Some(to) = label.line_to {
            line(&mut svg, *at, to, "#aaa");
        }
        let [left, _, right, bottom] = label.bounds.edges;
        // From the end that is near the point, whatever the font's width.
        let (x, anchor) = match left >= at[0] {
            true => (left, "start"),
            false if right <= at[0] => (right, "end"),
            false => ((left + right) / 2.0, "middle"),
        };
        text(&mut svg, [x, bottom - 3.0], anchor, 12, name);
    }
    for ((at, _), (row, _)) in points.iter().zip(&measured) {
        point(&mut svg, *at, colour(row.facts.family), row.facts.causal);
    }
    svg.push_str("</svg>\n");
    svg
}

impl Scale {
    fn of(measured: &[(&Row, &Figures)]) -> Scale {
        let range = |value: fn(&Figures) -> f64| {
            let values = || measured.iter().map(|(_, figures)| value(figures));
            [values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max)]
        };
        let [slowest, fastest] = range(|f| f.encode_samples_per_s.log10());
        let [lowest, highest] = range(|f| f.ratio);
        let tens = (0..).map(|exponent| 10f64.powi(exponent));
        let mut steps = tens.flat_map(|ten| [0.2, 0.5, 1.0].map(|digit| digit * ten));
        let ratio_step = steps.find(|step| highest - lowest < 15.0 * step).unwrap_or(1.0);
        let step = |value: f64, round: fn(f64) -> f64| ratio_step * round(value / ratio_step);
        Scale {
            // A little room at both ends, for the names.
            speed: [slowest - 0.15, fastest + 0.25],
            ratio: [step(lowest - 0.05, f64::floor), step(highest + 0.15, f64::ceil)],
            ratio_step,
        }
    }

    fn x(&self, speed: f64) -> f64 {
        let [left, _, right, _] = FIELD.edges;
        left + (speed - self.speed[0]) / (self.speed[1] - self.speed[0]) * (right - left)
    }

    fn y(&self, ratio: f64) -> f64 {
        let [_, top, _, bottom] = FIELD.edges;
        bottom - (ratio - self.ratio[0]) / (self.ratio[1] - self.ratio[0]) * (bottom - top)
    }

    fn pixels(&self, figures: &Figures) -> [f64; 2] {
        [self.x(figures.encode_samples_per_s.log10()), self.y(figures.ratio)]
    }

    fn axes(&self, svg: &mut String) {
        let [left, top, right, bottom] = FIELD.edges;
        let exponents = self.speed[0].floor() as i32..=self.speed[1].ceil() as i32;
        let speeds: Vec<f64> = exponents
            .flat_map(|exponent| [1.0, 2.0, 5.0].map(|digit| digit * 10f64.powi(exponent)))
            .filter(|speed| (self.speed[0]..self.speed[1]).contains(&speed.log10()))
            .collect();
        for &speed in &speeds {
            line(svg, [self.x(speed.log10()), top], [self.x(speed.log10()), bottom], GRID);
        }
        let [lowest, highest] = self.ratio.map(|ratio| (ratio / self.ratio_step).round() as i32);
        let ratios: Vec<f64> =
            (lowest..=highest).map(|step| f64::from(step) * self.ratio_step).collect();
        for &ratio in &ratios {
            line(svg, [left, self.y(ratio)], [right, self.y(ratio)], GRID);
        }
        line(svg, [left, bottom], [right, bottom], INK);
        line(svg, [left, top], [left, bottom], INK);
        for speed in speeds {
            let millions = format!("{}", speed / 1e6);
            text(svg, [self.x(speed.log10()), bottom + 18.0], "middle", 12, &millions);
        }
        for ratio in ratios {
            text(svg, [left - 8.0, self.y(ratio) + 4.0], "end", 12, &format!("{ratio:.1}"));
        }
        let x_title = "encoding speed on one core, million samples per second";
        text(svg, [(left + right) / 2.0, bottom + 42.0], "middle", 13, x_title);
        let _ = writeln!(
            svg,
            "<text transform=\"translate(24 {:.1}) rotate(-90)\" text-anchor=\"middle\" \
             font-size=\"13\">compression ratio</text>",
            (top + bottom) / 2.0
        );
    }
}

fn legend(svg: &mut String) {
    let entries = [
        (Family::Tierwire, true, "tierwire"),
        (Family::Samples, true, "made for samples, causal"),
        (Family::Samples, false, "made for samples, not causal"),
        (Family::Sound, false, "made for sound, not causal"),
        (Family::General, false, "made for any bytes, not causal"),
    ];
    for (number, (family, causal, name)) in entries.into_iter().enumerate() {
        let x = FIELD.edges[0] + 8.0 + [0.0, 110.0, 325.0, 555.0, 770.0][number];
        point(svg, [x, LEGEND], colour(family), causal);
        text(svg, [x + 12.0, LEGEND + 4.0], "start", 12, name);
    }
}

/// Colours that are told apart by the colour-blind, too.
fn colour(family: Family) -> &'static str {
    match family {
        Family::Tierwire => "#d55e00",
        Family::Samples => "#0072b2",
        Family::Sound => "#009e73",
        Family::General => "#777777",
    }
}

/// Filled when causal.
fn point(svg: &mut String, [x, y]: [f64; 2], colour: &str, causal: bool) {
    let fill = if causal { colour } else { "#fff" };
    let _ = writeln!(
        svg,
        "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"{fill}\" stroke=\"{colour}\" \
         stroke-width=\"2\"/>"
    );
}

fn line(svg: &mut String, [x1, y1]: [f64; 2], [x2, y2]: [f64; 2], colour: &str) {
    let _ = writeln!(
        svg,
        "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{colour}\"/>"
    );
}

fn text(svg: &mut String, [x, y]: [f64; 2], anchor: &str, size: u32, text: &str) {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let _ = writeln!(
        svg,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" font-size=\"{size}\">{text}</text>"
    );
}
