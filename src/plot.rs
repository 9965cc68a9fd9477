//! Small plots as SVG inside a page; the page's style sheet gives the colours.

use std::fmt::Write;

/// The style sheet of a page with plots: light, dark, or on paper.
pub const STYLE: &str = concat!(
    include_str!("style/colours.css"),
    include_str!("style/page.css"),
    include_str!("style/plot.css")
);
const COLOURS: &str = include_str!("style/colours.css");
const MARKS: &str = include_str!("style/plot.css");

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
    pub fn line(self, points: impl IntoIterator<Item = (f64, f64)>) -> Plot {
        self.line_of("line", points)
    }

    /// A line through the points, in the second colour.
    pub fn second_line(self, points: impl IntoIterator<Item = (f64, f64)>) -> Plot {
        self.line_of("line second", points)
    }

    /// A line through the points, in the third colour.
    pub fn third_line(self, points: impl IntoIterator<Item = (f64, f64)>) -> Plot {
        self.line_of("line third", points)
    }

    fn line_of(mut self, class: &str, points: impl IntoIterator<Item = (f64, f64)>) -> Plot {
        let mut path = String::new();
        for (x, y) in points {
            let command = if path.is_empty() { 'M' } else { 'L' };
            let _ = write!(path, "{command}{:.1} {:.1}", self.x(x), self.y(y));
        }
        let _ = write!(self.body, r#"<path class="{class}" d="{path}"/>"#);
        self
    }

    /// The field between two heights at each place: `(x, low, high)`.
    pub fn band(mut self, points: &[(f64, f64, f64)]) -> Plot {
        let mut path = String::new();
        let there = points.iter().map(|&(x, low, _)| (x, low));
        let back = points.iter().rev().map(|&(x, _, high)| (x, high));
        for (x, y) in there.chain(back) {
            let command = if path.is_empty() { 'M' } else { 'L' };
            let _ = write!(path, "{command}{:.1} {:.1}", self.x(x), self.y(y));
        }
        let _ = write!(self.body, r#"<path class="band" d="{path}z"/>"#);
        self
    }

    /// A vertical line with a name beside its lower end.
    pub fn mark(mut self, x: f64, name: &str) -> Plot {
        let x = self.x(x);
        let _ = write!(
            self.body,
            r#"<path class="mark" d="M{x:.1} {TOP}V{:.1}"/><text class="tick" transform="translate({:.1} {:.1}) rotate(-90)">{}</text>"#,
            self.height - BOTTOM,
            x - 4.0,
            self.height - BOTTOM - 6.0,
            escape(name),
        );
        self
    }

    /// A point with a name to its right and below.
    pub fn dot(mut self, x: f64, y: f64, name: &str) -> Plot {
        let (x, y) = (self.x(x), self.y(y));
        let _ = write!(
            self.body,
            r#"<circle class="dot" cx="{x:.1}" cy="{y:.1}" r="4"/><text class="tick" x="{:.1}" y="{:.1}">{}</text>"#,
            x + 8.0,
            y + 14.0,
            escape(name)
        );
        self
    }

    /// A higher picture, for much in it; before anything is drawn.
    pub fn tall(x: Axis, y: Axis) -> Plot {
        let mut plot = Plot { x, y, height: 1.6 * HEIGHT, body: String::new() };
        plot.axes(None);
        plot
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

/// A picture as a file of its own, light or dark as whoever looks at it prefers.
pub fn standalone(picture: &str) -> String {
    let inside = picture.strip_prefix("<svg ").unwrap_or(picture);
    let (attributes, body) = inside.split_once('>').unwrap_or((inside, ""));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" {attributes}><style>\n{COLOURS}{MARKS}\
         svg {{ background: var(--ground); }}\n</style>{body}\n"
    )
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

    #[test]
    fn a_picture_by_itself_brings_its_colours() {
        let plot = Plot::tall(Axis::linear("a", 0.0, 1.0), Axis::powers("b", 1.0, 10.0));
        let picture = plot
            .band(&[(0.0, 1.0, 2.0), (1.0, 2.0, 4.0)])
            .mark(0.5, "<here>")
            .dot(0.5, 3.0, "x & y")
            .svg("t");
        let svg = standalone(&picture);
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox="));
        assert_eq!(svg.matches("<svg").count(), 1);
        assert!(svg.contains("prefers-color-scheme: dark") && svg.contains(".band"));
        assert!(svg.contains("&lt;here&gt;") && !svg.contains("<here>"));
        assert!(svg.ends_with("</svg>\n"));
    }

    #[test]
    fn bounds_are_drawn_where_there_are_any() {
        let axis = Axis::linear("mW", 0.0, 10.0);
        let rows = [("known".to_string(), [5.0; 3]), ("guess".to_string(), [1.0, 3.0, 9.0])];
        let picture = bars_with_bounds(&rows, &axis, "t");
        assert_eq!(picture.matches(r#"class="bar""#).count(), 2);
        assert_eq!(picture.matches(r#"class="bounds""#).count(), 1);
    }
}
