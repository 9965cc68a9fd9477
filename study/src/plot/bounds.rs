//! Bars that lie down, with the bounds of what each stands for.

use std::fmt::Write;

use super::{Axis, BOTTOM, RIGHT, TOP, WIDTH, escape, short, svg};

/// A bar for each row from zero to its value, and a thin line from its low to its high where it has
/// bounds. `(name, [low, nominal, high])`.
pub fn bars_with_bounds(rows: &[(String, [f64; 3])], axis: &Axis, title: &str) -> String {
    const ROW: f64 = 24.0;
    const NAMES: f64 = 190.0;
    let bottom = TOP + ROW * rows.len() as f64;
    let x = |value: f64| NAMES + axis.place(value) * (WIDTH - NAMES - RIGHT);
    let mut body = String::new();
    for tick in axis.ticks() {
        let x = x(tick);
        let _ = write!(
            body,
            r#"<path class="grid" d="M{x:.1} {TOP}V{bottom}"/><text class="tick" text-anchor="middle" x="{x:.1}" y="{:.1}">{}</text>"#,
            bottom + 17.0,
            short(tick)
        );
    }
    for (number, (name, [low, nominal, high])) in rows.iter().enumerate() {
        let middle = TOP + ROW * (number as f64 + 0.5);
        let _ = write!(
            body,
            r#"<text class="tick" text-anchor="end" x="{:.1}" y="{:.1}">{}</text><path class="bar" d="M{NAMES} {:.1}h{:.1}v14h-{4:.1}z"/>"#,
            NAMES - 8.0,
            middle + 4.0,
            escape(name),
            middle - 7.0,
            x(*nominal) - NAMES,
        );
        if low < high {
            let (low, high) = (x(*low), x(*high));
            let _ = write!(
                body,
                r#"<path class="bounds" d="M{low:.1} {middle:.1}H{high:.1}M{low:.1} {0:.1}v8M{high:.1} {0:.1}v8"/>"#,
                middle - 4.0
            );
        }
    }
    let _ = write!(
        body,
        r#"<path class="axis" d="M{NAMES} {TOP}V{bottom}"/><text class="name" text-anchor="middle" x="{:.1}" y="{:.1}">{}</text>"#,
        (NAMES + WIDTH - RIGHT) / 2.0,
        bottom + 36.0,
        escape(&axis.name),
    );
    svg(WIDTH, bottom + BOTTOM, title, &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_drawn_where_there_are_any() {
        let axis = Axis::linear("mW", 0.0, 10.0);
        let rows = [("known".to_string(), [5.0; 3]), ("guess".to_string(), [1.0, 3.0, 9.0])];
        let picture = bars_with_bounds(&rows, &axis, "t");
        assert_eq!(picture.matches(r#"class="bar""#).count(), 2);
        assert_eq!(picture.matches(r#"class="bounds""#).count(), 1);
    }
}
