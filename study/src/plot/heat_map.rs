//! Heat maps.

use plotters::prelude::*;

use super::axis::Axis;
use super::canvas::{ACCENT, LEFT, frame, picture};

/// Shades of a heat map, beside none.
const SHADES: usize = 12;
const MAP: i32 = 512;

/// A table of numbers from 0 to 1 as shades; rows run downward. Numbers along both sides begin at
/// `first`. `names`: of the vertical and of the horizontal axis.
pub fn heat_map(cells: &[Vec<f64>], first: i32, names: [&str; 2], title: &str) -> String {
    let ticks = if cells.len() > 32 { 16.0 } else { (cells.len() as f64 / 8.0).ceil().max(1.0) };
    let (from, to) = (f64::from(first) - 0.5, f64::from(first) - 0.5 + cells.len() as f64);
    let [y, x] = names.map(|name| Axis::linear(name, from, to).every(ticks));
    picture([LEFT + MAP + 24, MAP + 64], title, |area| {
        let mut chart = frame(area, [&x, &y.reversed()], LEFT, [false, false])?;
        for (row, cells) in cells.iter().enumerate() {
            let top = from + row as f64;
            let mut left = from;
            // Neighbours of one shade are one rectangle.
            for run in cells.chunk_by(|a, b| shade_of(*a) == shade_of(*b)) {
                let right = left + run.len() as f64;
                let shade = ACCENT.mix(shade_of(run[0]) as f64 / SHADES as f64);
                chart.draw_series([Rectangle::new(
                    [(left, top), (right, top + 1.0)],
                    shade.filled(),
                )])?;
                left = right;
            }
        }
        Ok(())
    })
}

fn shade_of(value: f64) -> usize {
    (value.clamp(0.0, 1.0) * SHADES as f64).ceil() as usize
}
