//! Heat maps.

use std::fmt::Write;

use super::{Axis, BOTTOM, LEFT, RIGHT, TOP, escape, svg};

/// Shades of a heat map, beside none.
const SHADES: usize = 12;
const MAP: f64 = 512.0;

/// A table of numbers from 0 to 1 as shades; rows run downward. Numbers along both sides begin at
/// `first`.
pub fn heat_map(cells: &[Vec<f64>], first: i32, names: [&str; 2], title: &str) -> String {
    let side = MAP / cells.len().max(1) as f64;
    let mut body = String::new();
    for shade in 1..=SHADES {
        let mut path = String::new();
        for (row, cells) in cells.iter().enumerate() {
            let mut column = 0;
            // Neighbours of one shade are one rectangle.
            for run in cells.chunk_by(|a, b| shade_of(*a) == shade_of(*b)) {
                if shade_of(run[0]) == shade {
                    let (x, y) = (LEFT + column as f64 * side, TOP + row as f64 * side);
                    let wide = run.len() as f64 * side;
                    let _ = write!(
                        path,
                        "M{} {}h{}v{side}h-{}z",
                        tidy(x),
                        tidy(y),
                        tidy(wide),
                        tidy(wide)
                    );
                }
                column += run.len();
            }
        }
        let _ = write!(
            body,
            r#"<path class="heat" fill-opacity="{:.3}" d="{path}"/>"#,
            shade as f64 / SHADES as f64
        );
    }
    let last = first + cells.len() as i32;
    let axis = Axis::linear("", f64::from(first), f64::from(last));
    let ticks = if cells.len() > 32 {
        axis.ticks_every(16.0)
    } else {
        axis.ticks_every((cells.len() as f64 / 8.0).ceil())
    };
    for tick in ticks {
        let at = (tick - f64::from(first) + 0.5) * side;
        if at > MAP {
            continue;
        }
        let _ = write!(
            body,
            r#"<text class="tick" text-anchor="end" x="{:.1}" y="{:.1}">{tick}</text><text class="tick" text-anchor="middle" x="{:.1}" y="{:.1}">{tick}</text>"#,
            LEFT - 6.0,
            TOP + at + 4.0,
            LEFT + at,
            TOP + MAP + 16.0,
        );
    }
    let _ = write!(
        body,
        r#"<path class="axis" fill="none" d="M{LEFT} {TOP}h{MAP}v{MAP}h-{MAP}z"/><text class="name" text-anchor="middle" x="{:.1}" y="{:.1}">{}</text><text class="name" text-anchor="middle" transform="translate(14 {:.1}) rotate(-90)">{}</text>"#,
        LEFT + MAP / 2.0,
        TOP + MAP + 36.0,
        escape(names[1]),
        TOP + MAP / 2.0,
        escape(names[0]),
    );
    svg(LEFT + MAP + RIGHT, TOP + MAP + BOTTOM, title, &body)
}

fn shade_of(value: f64) -> usize {
    (value.clamp(0.0, 1.0) * SHADES as f64).ceil() as usize
}

/// At most two decimals, and no zeros at their end.
fn tidy(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
