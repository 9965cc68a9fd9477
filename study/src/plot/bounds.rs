//! Horizontal bars, each with the bounds of its value.

use plotters::prelude::*;

use super::axis::Axis;
use super::canvas::{ACCENT, SCALE, WARM, WIDTH, frame, picture, stroke};

/// A bar for each row from zero to its value, and a thin line from its low to its high where it has
/// bounds. `(name, [low, nominal, high])`.
pub fn bars_with_bounds(rows: &[(String, [f64; 3])], axis: &Axis, title: &str) -> String {
    const ROW: i32 = 24;
    const NAMES: i32 = 178;
    let name = |(at, row): (usize, &(String, [f64; 3]))| (at as f64, row.0.clone());
    let names = rows.iter().enumerate().map(name).collect();
    let y = Axis::linear("", -0.5, rows.len() as f64 - 0.5).named(names).reversed();
    let height = 64 + ROW * rows.len() as i32;
    picture([WIDTH, height], title, |area| {
        let mut chart = frame(area, [axis, &y], NAMES, [true, false])?;
        for (at, (_, [low, nominal, high])) in rows.iter().enumerate() {
            let at = at as f64;
            let bar = [(0.0, at - 0.3), (*nominal, at + 0.3)];
            chart.draw_series([Rectangle::new(bar, ACCENT.filled())])?;
            if low < high {
                let line =
                    |ends: [(f64, f64); 2]| PathElement::new(ends, stroke(WARM, SCALE * 3 / 2));
                let end = |x: f64| line([(x, at - 0.17), (x, at + 0.17)]);
                chart.draw_series([line([(*low, at), (*high, at)]), end(*low), end(*high)])?;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_drawn_where_there_are_any() {
        let axis = Axis::linear("mW", 0.0, 10.0);
        let rows = [("known".to_string(), [5.0; 3]), ("guess".to_string(), [1.0, 3.0, 9.0])];
        let picture = bars_with_bounds(&rows, &axis, "t");
        assert_eq!(picture.matches(r##"fill="#14648C""##).count(), 2);
        assert_eq!(picture.matches(r##"stroke="#B4500F""##).count(), 3);
    }
}
