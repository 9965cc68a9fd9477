//! Ratio against the time from keyframe to keyframe, as SVG; a line for each frame length.

use std::fmt::Write;

use super::{Cell, Costs, FRAME_ROUNDS};

const SIZE: [f64; 2] = [960.0, 560.0];
/// Left, top, right, bottom of the field of points.
const FIELD: [f64; 4] = [70.0, 70.0, 800.0, 490.0];
const INK: &str = "#333";
const GRID: &str = "#ddd";
/// Told apart by the colour-blind, too; one for each frame length.
const COLOURS: [&str; FRAME_ROUNDS.len()] = ["#d55e00", "#0072b2", "#009e73", "#cc79a7"];

/// From values to pixels.
struct Scale {
    /// Logarithms of the shortest and the longest time, in ms.
    time: [f64; 2],
    ratio: [f64; 2],
    /// Between two lines of the grid.
    ratio_step: f64,
}

/// The plot of all that was measured.
pub fn svg(costs: &Costs) -> String {
    let scale = Scale::of(costs);
    let [left, top, right, _] = FIELD;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" \
         font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\" fill=\"{INK}\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        SIZE[0], SIZE[1]
    );
    text(&mut svg, [left, 32.0], "start", 18, "What frames and keyframes cost");
    let what = format!(
        "table set {}, {} recordings as {} channels, every bit sent counted",
        costs.table_set, costs.files, costs.channels
    );
    text(&mut svg, [left, 52.0], "start", 13, &what);
    scale.axes(&mut svg);
    let unframed = scale.y(costs.unframed_ratio);
    line(&mut svg, [left, unframed], [right, unframed], "#777777");
    text(&mut svg, [right + 8.0, unframed - 2.0], "start", 12, "without frames");
    // Where lines end close together their names stand below one another.
    let mut above = unframed.max(top);
    for (rounds, colour) in FRAME_ROUNDS.into_iter().zip(COLOURS).rev() {
        let points: Vec<[f64; 2]> = costs.cells_of(rounds).map(|cell| scale.pixels(cell)).collect();
        for pair in points.windows(2) {
            line(&mut svg, pair[0], pair[1], colour);
        }
        for [x, y] in &points {
            let _ =
                writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{colour}\"/>");
        }
        let y = points.last().map_or(above, |&[_, y]| (y + 4.0).max(above + 15.0));
        above = y;
        let _ = writeln!(
            svg,
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"{colour}\"/>",
            right + 14.0,
            y - 4.0
        );
        let name = format!("{rounds} rounds, {:.1} ms", costs.ms(rounds as u64));
        text(&mut svg, [right + 24.0, y], "start", 12, &name);
    }
    svg.push_str("</svg>\n");
    svg
}

impl Scale {
    fn of(costs: &Costs) -> Scale {
        let times = || costs.cells.iter().map(|cell| cell.keyframe_ms.log10());
        let ratios = || costs.cells.iter().map(|cell| cell.ratio).chain([costs.unframed_ratio]);
        let lowest = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::INFINITY, f64::min);
        let highest = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, f64::max);
        let (bottom, top) = (lowest(&mut ratios()), highest(&mut ratios()));
        let steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
        let ratio_step = steps.into_iter().find(|step| top - bottom < 12.0 * step).unwrap_or(1.0);
        Scale {
            time: [lowest(&mut times()) - 0.1, highest(&mut times()) + 0.1],
            ratio: [
                ratio_step * (bottom / ratio_step).floor(),
                ratio_step * (top / ratio_step + 0.2).ceil(),
            ],
            ratio_step,
        }
    }

    fn x(&self, ms: f64) -> f64 {
        let [left, _, right, _] = FIELD;
        left + (ms.log10() - self.time[0]) / (self.time[1] - self.time[0]) * (right - left)
    }

    fn y(&self, ratio: f64) -> f64 {
        let [_, top, _, bottom] = FIELD;
        bottom - (ratio - self.ratio[0]) / (self.ratio[1] - self.ratio[0]) * (bottom - top)
    }

    fn pixels(&self, cell: &Cell) -> [f64; 2] {
        [self.x(cell.keyframe_ms), self.y(cell.ratio)]
    }

    fn axes(&self, svg: &mut String) {
        let [left, top, right, bottom] = FIELD;
        let powers = self.time[0].ceil() as i32..=self.time[1].floor() as i32;
        for ms in powers.map(|power| 10f64.powi(power)) {
            line(svg, [self.x(ms), top], [self.x(ms), bottom], GRID);
            text(svg, [self.x(ms), bottom + 18.0], "middle", 12, &format!("{ms}"));
        }
        let [lowest, highest] = self.ratio.map(|ratio| (ratio / self.ratio_step).round() as i32);
        for ratio in (lowest..=highest).map(|step| f64::from(step) * self.ratio_step) {
            line(svg, [left, self.y(ratio)], [right, self.y(ratio)], GRID);
            text(svg, [left - 8.0, self.y(ratio) + 4.0], "end", 12, &format!("{ratio:.2}"));
        }
        line(svg, [left, bottom], [right, bottom], INK);
        line(svg, [left, top], [left, bottom], INK);
        let title =
            "from keyframe to keyframe, ms: as much is missing at most when a frame is lost";
        text(svg, [(left + right) / 2.0, bottom + 42.0], "middle", 13, title);
        let _ = writeln!(
            svg,
            "<text transform=\"translate(24 {:.1}) rotate(-90)\" text-anchor=\"middle\" \
             font-size=\"13\">compression ratio</text>",
            (top + bottom) / 2.0
        );
    }
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
