//! Named points over one vertical axis, beside each other over several horizontal ones.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::axis::Axis;
use super::canvas::{
    ACCENT, GREEN, INK, LEFT, PINK, SCALE, SOFT, WARM, frame, picture, stroke, text,
};
use super::{labels, standalone};

/// A named point.
pub struct Point {
    /// Low, nominal, high; a line is drawn from low to high where they differ.
    pub x: [f64; 3],
    /// On the axis that the panels share.
    pub y: f64,
    /// Its name.
    pub name: String,
    /// What it belongs to: points of one group have one colour.
    pub group: String,
}

/// A horizontal axis, and the points over it.
pub struct Panel {
    /// The axis.
    pub x: Axis,
    /// The points.
    pub points: Vec<Point>,
}

const SIZE: [i32; 2] = [560, 520];
/// Height of the title above.
const TITLE: i32 = 64;
/// Height of the legend below.
const LEGEND: i32 = 28;
const COLOURS: [RGBColor; 5] = [WARM, ACCENT, GREEN, PINK, SOFT];

/// The panels side by side, a file of its own: a title, a line under it, and the groups' colours.
pub fn panels(title: &str, under: &str, y: &Axis, panels: &[Panel]) -> String {
    let mut groups: Vec<&str> = Vec::new();
    for point in panels.iter().flat_map(|panel| &panel.points) {
        if !groups.contains(&point.group.as_str()) {
            groups.push(&point.group);
        }
    }
    let colour = |group: &str| {
        let number = groups.iter().position(|known| *known == group).unwrap_or(0);
        COLOURS[number % COLOURS.len()]
    };
    let size = [SIZE[0] * panels.len() as i32, SIZE[1] + TITLE + LEGEND];
    let picture = picture(size, title, |area| {
        let (head, rest) = area.split_vertically(TITLE * SCALE);
        let left = (12 + LEFT) * SCALE;
        head.draw(&Text::new(title, (left, 12 * SCALE), text(18, INK, HPos::Left, VPos::Top)))?;
        head.draw(&Text::new(under, (left, 38 * SCALE), text(13, SOFT, HPos::Left, VPos::Top)))?;
        let (charts, legend) = rest.split_vertically(SIZE[1] * SCALE);
        for (field, panel) in charts.split_evenly((1, panels.len())).iter().zip(panels) {
            let mut chart = frame(field, [&panel.x, y], LEFT, [true, true])?;
            for Point { x: [low, nominal, high], y, group, .. } in &panel.points {
                let colour = colour(group);
                if low < high {
                    let line = PathElement::new([(*low, *y), (*high, *y)], stroke(colour, SCALE));
                    chart.draw_series([line])?;
                }
                chart.draw_series([Circle::new((*nominal, *y), 5 * SCALE, colour.filled())])?;
            }
            let at = |point: &'_ Point| (point.x[1], point.y);
            let named: Vec<((f64, f64), &str)> =
                panel.points.iter().map(|point| (at(point), point.name.as_str())).collect();
            let ends = |&Point { x: [low, _, high], y, .. }: &Point| [(low, y), (high, y)];
            let lines: Vec<[(f64, f64); 2]> = panel.points.iter().map(ends).collect();
            labels::write(field, &chart, &named, &lines)?;
        }
        let mut x = left;
        for group in &groups {
            let y = 10 * SCALE;
            legend.draw(&Circle::new((x, y), 5 * SCALE, colour(group).filled()))?;
            let style = text(12, INK, HPos::Left, VPos::Center);
            legend.draw(&Text::new(*group, (x + 12 * SCALE, y), style))?;
            x += (36 + 7 * group.len() as i32) * SCALE;
        }
        Ok(())
    });
    standalone(&picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_has_its_name_in_each_panel_and_every_group_its_colour() {
        let point = |x: [f64; 3], y, name: &str, group: &str| Point {
            x,
            y,
            name: name.into(),
            group: group.into(),
        };
        let one = Panel {
            x: Axis::powers("pJ", 100.0, 1000.0),
            points: vec![
                point([150.0, 300.0, 600.0], 3.5, "first", "A"),
                point([200.0; 3], 3.4, "second", "B"),
            ],
        };
        let other = Panel {
            x: Axis::powers("cells", 100.0, 10_000.0),
            points: vec![point([1200.0; 3], 3.5, "first", "A")],
        };
        let svg = panels("title", "under", &Axis::linear("ratio", 3.3, 3.6), &[one, other]);
        assert_eq!(svg.matches("first").count(), 2, "{svg}");
        assert_eq!(svg.matches("second").count(), 1);
        // Two points and an entry of the legend; one point and an entry.
        assert_eq!(svg.matches("<circle").count(), 5);
        assert!(svg.contains("#B4500F") && svg.contains("#14648C") && !svg.contains("NaN"));
    }
}
