//! Small plots as SVG inside a page; the page's style sheet gives the colours.

use std::fmt::Write;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 260.0;
/// Room for the ticks and names of the axes.
const LEFT: f64 = 64.0;
const BOTTOM: f64 = 44.0;
const TOP: f64 = 12.0;
const RIGHT: f64 = 12.0;

/// One axis: what it is called, and the values at its ends.
#[derive(Clone, Debug)]
pub struct Axis {
    /// What it is called.
    pub name: String,
    /// Value at the left or lower end.
    pub from: f64,
    /// Value at the right or upper end.
    pub to: f64,
    /// Equal lengths are equal factors, not equal differences.
    pub logarithmic: bool,
}

impl Axis {
    /// An axis of equal differences.
    pub fn linear(name: &str, from: f64, to: f64) -> Axis {
        let to = if to > from { to } else { from + 1.0 };
        Axis { name: name.into(), from, to, logarithmic: false }
    }

    /// An axis of equal factors, from one power of ten to another.
    pub fn powers(name: &str, from: f64, to: f64) -> Axis {
        let to = 10f64.powf(to.max(from * 10.0).log10().ceil());
        Axis { name: name.into(), from, to, logarithmic: true }
    }

    /// Where `value` lies, from 0 to 1; what lies outside is at the end.
    fn place(&self, value: f64) -> f64 {
        let of = |v: f64| if self.logarithmic { v.max(self.from).log10() } else { v };
        ((of(value) - of(self.from)) / (of(self.to) - of(self.from))).clamp(0.0, 1.0)
    }

    /// Round values, about six of them.
    fn ticks(&self) -> Vec<f64> {
        if self.logarithmic {
            let (first, last) = (self.from.log10().ceil() as i32, self.to.log10().floor() as i32);
            let step = ((last - first) / 6 + 1) as usize;
            return (first..=last).step_by(step).map(|power| 10f64.powi(power)).collect();
        }
        let rough = (self.to - self.from) / 6.0;
        let power = 10f64.powf(rough.log10().floor());
        let round = [1.0, 2.0, 5.0].into_iter().find(|f| f * power >= rough).unwrap_or(10.0);
        self.ticks_every(round * power)
    }

    fn ticks_every(&self, step: f64) -> Vec<f64> {
        let first = (self.from / step - 1e-9).ceil() as i64;
        let last = (self.to / step + 1e-9).floor() as i64;
        (first..=last).map(|n| n as f64 * step).collect()
    }
}

/// A plot under construction.
pub struct Plot {
    x: Axis,
    y: Axis,
    height: f64,
    body: String,
}

impl Plot {
    /// An empty plot; `every`: distance of the ticks on the horizontal axis.
    pub fn new(x: Axis, y: Axis, every: Option<f64>) -> Plot {
        let mut plot = Plot { x, y, height: HEIGHT, body: String::new() };
        plot.axes(every);
        plot
    }

    fn x(&self, value: f64) -> f64 {
        LEFT + self.x.place(value) * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, value: f64) -> f64 {
        self.height - BOTTOM - self.y.place(value) * (self.height - TOP - BOTTOM)
    }

    fn axes(&mut self, every: Option<f64>) {
        let mut body = String::new();
        let (left, right) = (LEFT, WIDTH - RIGHT);
        let bottom = self.height - BOTTOM;
        for tick in self.y.ticks() {
            let y = self.y(tick);
            let _ = write!(
                body,
                r#"<path class="grid" d="M{left} {y:.1}H{right}"/><text class="tick" text-anchor="end" x="{:.1}" y="{:.1}">{}</text>"#,
                left - 6.0,
                y + 4.0,
                short(tick)
            );
        }
        let ticks = every.map_or_else(|| self.x.ticks(), |step| self.x.ticks_every(step));
        for tick in ticks {
            let x = self.x(tick);
            let _ = write!(
                body,
                r#"<path class="axis" d="M{x:.1} {bottom}v4"/><text class="tick" text-anchor="middle" x="{x:.1}" y="{:.1}">{}</text>"#,
                bottom + 17.0,
                short(tick)
            );
        }
        let _ = write!(
            body,
            r#"<path class="axis" d="M{left} {TOP}V{bottom}H{right}"/><text class="name" text-anchor="middle" x="{:.1}" y="{:.1}">{}</text><text class="name" text-anchor="middle" transform="translate(14 {:.1}) rotate(-90)">{}</text>"#,
            (left + right) / 2.0,
            self.height - 8.0,
            escape(&self.x.name),
            (TOP + bottom) / 2.0,
            escape(&self.y.name),
        );
        self.body += &body;
    }

    /// A bar for each value, from `base` up or down, `width` wide on the horizontal axis.
    pub fn bars(
        mut self,
        points: impl IntoIterator<Item = (f64, f64)>,
        base: f64,
        width: f64,
    ) -> Plot {
        let mut path = String::new();
        for (x, y) in points {
            let (from, to) = (self.x(x - width / 2.0), self.x(x + width / 2.0));
            let (base, y) = (self.y(base), self.y(y));
            let _ = write!(path, "M{from:.2} {base:.1}V{y:.1}H{to:.2}V{base:.1}z");
        }
        let _ = write!(self.body, r#"<path class="bar" d="{path}"/>"#);
        self
    }

    /// A line through the points.
    pub fn line(mut self, points: impl IntoIterator<Item = (f64, f64)>) -> Plot {
        let mut path = String::new();
        for (x, y) in points {
            let command = if path.is_empty() { 'M' } else { 'L' };
            let _ = write!(path, "{command}{:.1} {:.1}", self.x(x), self.y(y));
        }
        let _ = write!(self.body, r#"<path class="line" d="{path}"/>"#);
        self
    }

    /// A horizontal line with a name.
    pub fn level(mut self, y: f64, name: &str) -> Plot {
        let _ = write!(
            self.body,
            r#"<path class="level" d="M{LEFT} {y:.1}H{}"/><text class="tick" x="{}" y="{:.1}">{}</text>"#,
            WIDTH - RIGHT,
            LEFT + 8.0,
            self.y(y) - 6.0,
            escape(name),
            y = self.y(y),
        );
        self
    }

    /// A tick of its own on the horizontal axis.
    pub fn label(mut self, x: f64, text: &str) -> Plot {
        let (x, y) = (self.x(x), self.height - BOTTOM + 17.0);
        let _ = write!(
            self.body,
            r#"<text class="tick" text-anchor="middle" x="{x:.1}" y="{y:.1}">{}</text>"#,
            escape(text)
        );
        self
    }

    /// The picture; `title` says what it shows to those who cannot see it.
    pub fn svg(self, title: &str) -> String {
        svg(WIDTH, self.height, title, &self.body)
    }
}

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

fn svg(width: f64, height: f64, title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        r#"<svg viewBox="0 0 {width} {height}" style="max-width:{width}px" role="img" aria-label="{title}"><title>{title}</title>{body}</svg>"#
    )
}

/// Text that may stand in a page.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// At most two decimals, and no zeros at their end.
fn tidy(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

/// A tick's number, in few characters.
fn short(number: f64) -> String {
    let size = number.abs();
    let text = match size {
        _ if size >= 1e6 => format!("{}M", number / 1e6),
        _ if size >= 1e4 => format!("{}k", number / 1e3),
        _ => format!("{}", (number * 1e4).round() / 1e4),
    };
    text.replace('-', "\u{2212}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within_the_axis() {
        assert_eq!(Axis::linear("", 0.0, 5.0).ticks(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(Axis::linear("", -37.0, 81.0).ticks(), [-20.0, 0.0, 20.0, 40.0, 60.0, 80.0]);
        assert_eq!(Axis::powers("", 1.0, 900.0).ticks(), [1.0, 10.0, 100.0, 1000.0]);
    }

    #[test]
    fn what_lies_outside_an_axis_is_at_its_end() {
        let axis = Axis::linear("", 0.0, 10.0);
        assert_eq!([-1.0, 0.0, 5.0, 11.0].map(|v| axis.place(v)), [0.0, 0.0, 0.5, 1.0]);
        assert_eq!(Axis::powers("", 1.0, 100.0).place(0.0), 0.0);
    }

    #[test]
    fn names_cannot_break_the_page() {
        let plot = Plot::new(Axis::linear("<a>", 0.0, 1.0), Axis::linear("b", 0.0, 1.0), None);
        let svg = plot.bars([(0.5, 1.0)], 0.0, 0.2).svg("\"x\" & y");
        assert!(svg.contains("&lt;a&gt;") && svg.contains("&quot;x&quot; &amp; y"));
        assert!(!svg.contains("<a>") && !svg.contains("NaN"));
    }
}
