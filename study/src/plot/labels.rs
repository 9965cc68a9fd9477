//! Where the names of points stand in a plot, so that none covers another.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::canvas::{Area, Chart, INK, Outcome, RULE, SCALE, stroke, text};

/// A rectangle, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Box {
    /// Left, top, right, bottom.
    edges: [f64; 4],
}

/// A name and its place.
#[derive(Clone, Debug)]
struct Label {
    /// What it covers.
    bounds: Box,
    /// Where the line from the point ends; none where the name stands beside it.
    line_to: Option<[f64; 2]>,
}

/// Width of a character: generous, so that other fonts fit as well.
const CHARACTER: f64 = 6.6;
/// Height of a name.
const HEIGHT: f64 = 14.0;
/// What a point keeps free around itself.
const POINT: f64 = 7.0;
/// Distances of a name from its point, the first one without a line.
const DISTANCES: [f64; 12] =
    [9.0, 16.0, 26.0, 38.0, 52.0, 68.0, 86.0, 106.0, 128.0, 152.0, 178.0, 206.0];
/// Directions, in eighths of a half turn from the right upward, the best first.
const DIRECTIONS: [f64; 24] = [
    0.0, 8.0, 1.0, -1.0, 7.0, -7.0, 2.0, -2.0, 6.0, -6.0, 0.5, -0.5, 7.5, -7.5, 1.5, -1.5, 6.5,
    -6.5, 3.0, -3.0, 4.0, -4.0, 5.0, -5.0,
];

impl Box {
    /// Around a point.
    fn around([x, y]: [f64; 2], reach: f64) -> Box {
        Box { edges: [x - reach, y - reach, x + reach, y + reach] }
    }

    fn overlaps(&self, other: &Box) -> bool {
        let [left, top, right, bottom] = self.edges;
        let [l, t, r, b] = other.edges;
        left < r && l < right && top < b && t < bottom
    }

    fn within(&self, other: &Box) -> bool {
        let [left, top, right, bottom] = self.edges;
        let [l, t, r, b] = other.edges;
        left >= l && top >= t && right <= r && bottom <= b
    }

    /// Whether a line goes through it; seen at steps of a few pixels.
    fn is_crossed(&self, [x, y]: [f64; 2], [to_x, to_y]: [f64; 2]) -> bool {
        (0..=40)
            .map(|step| f64::from(step) / 40.0)
            .any(|t| self.overlaps(&Box::around([x + t * (to_x - x), y + t * (to_y - y)], 0.5)))
    }
}

/// Writes the names of points, each beside its own and clear of the others and of the lines, inside the chart.
pub fn write(
    area: &Area<'_>,
    chart: &Chart<'_, '_>,
    points: &[((f64, f64), &str)],
    lines: &[[(f64, f64); 2]],
) -> Outcome {
    let pixels = |units: i32| f64::from(units) / f64::from(SCALE);
    let at_pixel = |point: &(f64, f64)| {
        let (x, y) = chart.backend_coord(point);
        [pixels(x), pixels(y)]
    };
    let at: Vec<([f64; 2], &str)> =
        points.iter().map(|(point, name)| (at_pixel(point), *name)).collect();
    let (across, down) = chart.plotting_area().get_pixel_range();
    let edges = [across.start, down.start, across.end, down.end].map(pixels);
    let (left, top) = area.get_base_pixel();
    let units = |[x, y]: [f64; 2]| {
        let [x, y] = [x, y].map(|pixels| (pixels * f64::from(SCALE)) as i32);
        (x - left, y - top)
    };
    for (label, (at, name)) in
        place(&at, lines.iter().map(|ends| ends.map(|end| at_pixel(&end))).collect(), Box { edges })
            .iter()
            .zip(&at)
    {
        if let Some(to) = label.line_to {
            area.draw(&PathElement::new([units(*at), units(to)], stroke(RULE, SCALE)))?;
        }
        let [left, top, right, bottom] = label.bounds.edges;
        // From the end that is near the point, whatever the font's width.
        let (x, anchor) = match left >= at[0] {
            true => (left, HPos::Left),
            false if right <= at[0] => (right, HPos::Right),
            false => ((left + right) / 2.0, HPos::Center),
        };
        let place = units([x, (top + bottom) / 2.0]);
        area.draw(&Text::new(*name, place, text(12, INK, anchor, VPos::Center)))?;
    }
    Ok(())
}

/// Places a name at each point, within `frame` and clear of the others and of `lines`; where there is no room at
/// all, beside its point none the less.
fn place(points: &[([f64; 2], &str)], mut lines: Vec<[[f64; 2]; 2]>, frame: Box) -> Vec<Label> {
    let markers: Vec<Box> = points.iter().map(|(at, _)| Box::around(*at, POINT)).collect();
    let mut placed: Vec<Box> = Vec::new();
    let mut labels = Vec::new();
    for (number, (at, name)) in points.iter().enumerate() {
        let marker = markers[number];
        let free = |label: &Label| {
            // A line has to get out of a crowd, so it may cross the points around its own.
            let crosses = |b: &Box| {
                !b.overlaps(&marker) && label.line_to.is_some_and(|to| b.is_crossed(*at, to))
            };
            let clear = |b: &Box| !label.bounds.overlaps(b) && !crosses(b);
            label.bounds.within(&frame)
                && markers.iter().chain(&placed).all(clear)
                && !lines.iter().any(|[from, to]| label.bounds.is_crossed(*from, *to))
        };
        let mut candidates = DISTANCES.iter().flat_map(|&distance| {
            DIRECTIONS.map(|direction| candidate(*at, name, distance, direction))
        });
        let beside = candidate(*at, name, DISTANCES[0], DIRECTIONS[0]);
        let label = candidates.find(free).unwrap_or(beside);
        placed.push(label.bounds);
        lines.extend(label.line_to.map(|to| [*at, to]));
        labels.push(label);
    }
    labels
}

fn candidate([x, y]: [f64; 2], name: &str, distance: f64, direction: f64) -> Label {
    let angle = direction * std::f64::consts::PI / 8.0;
    let (dx, dy) = (distance * angle.cos(), -distance * angle.sin());
    let width = CHARACTER * name.chars().count() as f64;
    // The edge nearest to the point lies in that direction; above and below, the middle does.
    let left = match direction.abs() {
        ..4.0 => x + dx,
        4.0 => x - width / 2.0,
        _ => x + dx - width,
    };
    let middle = y + dy;
    let bounds = Box { edges: [left, middle - HEIGHT / 2.0, left + width, middle + HEIGHT / 2.0] };
    let line_to = (distance > DISTANCES[0]).then_some([x + 0.9 * dx, y + 0.9 * dy]);
    Label { bounds, line_to }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_crowded_points_do_not_cover_one_another() {
        let crowd: Vec<[f64; 2]> = (0..12)
            .map(|n| [300.0 + f64::from(n % 4) * 9.0, 200.0 + f64::from(n / 4) * 5.0])
            .collect();
        let points: Vec<_> = crowd.iter().map(|&at| (at, "a name like this")).collect();
        let frame = Box { edges: [0.0, 0.0, 700.0, 400.0] };
        let line = [[345.0, 150.0], [345.0, 300.0]];
        let labels = place(&points, vec![line], frame);
        let bounds: Vec<Box> = labels.into_iter().map(|label| label.bounds).collect();
        for (n, one) in bounds.iter().enumerate() {
            assert!(one.within(&frame) && !one.is_crossed(line[0], line[1]));
            assert!(!bounds[..n].iter().any(|other| one.overlaps(other)));
            assert!(!crowd.iter().any(|&at| one.overlaps(&Box::around(at, 3.0))));
        }
    }
}
