//! Small plots as SVG inside a page; the page's style sheet gives the colours.

mod axis;
mod bounds;
mod heat_map;

use std::fmt::Write;

pub use axis::Axis;
pub use bounds::bars_with_bounds;
pub use heat_map::heat_map;

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
}
