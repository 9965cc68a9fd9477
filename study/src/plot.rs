//! Small plots as SVG inside a page, drawn by plotters; the page's style sheet adapts the colours to
//! a dark ground.

mod axis;
mod bounds;
pub(crate) mod canvas;
mod heat_map;
pub(crate) mod labels;
mod panels;

pub use axis::Axis;
pub use bounds::bars_with_bounds;
pub use heat_map::heat_map;
pub use panels::{Panel, Point, panels};

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use canvas::{
    ACCENT, Chart, GREEN, INK, LEFT, Outcome, PINK, SCALE, SOFT, WARM, WIDTH, stroke, text,
};

/// The style sheet of a page with plots: light, dark, or on paper.
pub const STYLE: &str = concat!(
    include_str!("style/colours.css"),
    include_str!("style/page.css"),
    include_str!("style/plot.css")
);
const COLOURS: &str = include_str!("style/colours.css");
const MARKS: &str = include_str!("style/plot.css");

const HEIGHT: i32 = 260;

/// A plot under construction.
pub struct Plot {
    x: Axis,
    y: Axis,
    height: i32,
    layers: Vec<Layer>,
}

/// What is drawn into a plot.
enum Layer {
    /// A filled outline.
    Area(Vec<(f64, f64)>, f64),
    Line(Vec<(f64, f64)>, RGBColor),
    /// A line with its points and a name in the legend.
    Series(Vec<(f64, f64)>, RGBColor, String),
    Mark(f64, String),
    Dot(f64, f64, String),
    Level(f64, String),
}

impl Plot {
    /// An empty plot.
    pub fn new(x: Axis, y: Axis) -> Plot {
        Plot { x, y, height: HEIGHT, layers: Vec::new() }
    }

    /// A higher plot, for much in it.
    pub fn tall(x: Axis, y: Axis) -> Plot {
        Plot { height: HEIGHT * 8 / 5, ..Plot::new(x, y) }
    }

    fn with(mut self, layer: Layer) -> Plot {
        self.layers.push(layer);
        self
    }

    /// A bar for each value, from `base` up or down, `width` wide on the horizontal axis.
    pub fn bars(self, points: impl IntoIterator<Item = (f64, f64)>, base: f64, width: f64) -> Plot {
        // One outline of all bars takes a tenth of the bytes of so many rectangles.
        let corners = |(x, y)| {
            let (from, to) = (x - width / 2.0, x + width / 2.0);
            [(from, base), (from, y), (to, y), (to, base)]
        };
        self.with(Layer::Area(points.into_iter().flat_map(corners).collect(), 1.0))
    }

    /// A line through the points.
    pub fn line(self, points: impl IntoIterator<Item = (f64, f64)>) -> Plot {
        self.with(Layer::Line(points.into_iter().collect(), ACCENT))
    }

    /// A line through the points, in the second colour.
    pub fn second_line(self, points: impl IntoIterator<Item = (f64, f64)>) -> Plot {
        self.with(Layer::Line(points.into_iter().collect(), WARM))
    }

    /// A line through the points, in the third colour.
    pub fn third_line(self, points: impl IntoIterator<Item = (f64, f64)>) -> Plot {
        self.with(Layer::Line(points.into_iter().collect(), SOFT))
    }

    /// Points joined by a line, in a colour of their own, with a name in the legend.
    pub fn series(self, points: impl IntoIterator<Item = (f64, f64)>, name: &str) -> Plot {
        const COLOURS: [RGBColor; 4] = [WARM, ACCENT, GREEN, PINK];
        let before = self.layers.iter().filter(|layer| matches!(layer, Layer::Series(..))).count();
        let colour = COLOURS[before % COLOURS.len()];
        self.with(Layer::Series(points.into_iter().collect(), colour, name.into()))
    }

    /// The field between two heights at each place: `(x, low, high)`.
    pub fn band(self, points: &[(f64, f64, f64)]) -> Plot {
        let there = points.iter().map(|&(x, low, _)| (x, low));
        let back = points.iter().rev().map(|&(x, _, high)| (x, high));
        self.with(Layer::Area(there.chain(back).collect(), 0.16))
    }

    /// A vertical line with a name beside its lower end.
    pub fn mark(self, x: f64, name: &str) -> Plot {
        self.with(Layer::Mark(x, name.into()))
    }

    /// A point with a name to its right and below.
    pub fn dot(self, x: f64, y: f64, name: &str) -> Plot {
        self.with(Layer::Dot(x, y, name.into()))
    }

    /// A horizontal line with a name.
    pub fn level(self, y: f64, name: &str) -> Plot {
        self.with(Layer::Level(y, name.into()))
    }

    /// The picture; `title` says what it shows to those who cannot see it.
    pub fn svg(self, title: &str) -> String {
        canvas::picture([WIDTH, self.height], title, |area| {
            let mut chart = canvas::frame(area, [&self.x, &self.y], LEFT, [false, true])?;
            let mut named = false;
            for layer in &self.layers {
                named |= matches!(layer, Layer::Series(..));
                self.draw(layer, &mut chart)?;
            }
            if named {
                chart
                    .configure_series_labels()
                    .position(SeriesLabelPosition::LowerRight)
                    .margin(12 * SCALE as u32)
                    .legend_area_size(24 * SCALE as u32)
                    .label_font(text(12, SOFT, HPos::Left, VPos::Top))
                    .draw()?;
            }
            Ok(())
        })
    }

    fn draw(&self, layer: &Layer, chart: &mut Chart<'_, '_>) -> Outcome {
        const LINE: i32 = SCALE * 8 / 5;
        let beside = |name: &str, at: (i32, i32), style| {
            Text::new(name.to_string(), (at.0 * SCALE, at.1 * SCALE), style)
        };
        match layer {
            Layer::Area(outline, opacity) => {
                let fill = ACCENT.mix(*opacity).filled();
                chart.draw_series([Polygon::new(outline.clone(), fill)])?;
            }
            Layer::Line(points, colour) => {
                chart.draw_series([PathElement::new(points.clone(), stroke(*colour, LINE))])?;
            }
            Layer::Series(points, colour, name) => {
                let line = stroke(*colour, LINE);
                chart
                    .draw_series([PathElement::new(points.clone(), line)])?
                    .label(name.as_str())
                    .legend(move |(x, y)| PathElement::new([(x, y), (x + 16 * SCALE, y)], line));
                let dot = |&at: &(f64, f64)| Circle::new(at, 4 * SCALE, colour.filled());
                chart.draw_series(points.iter().map(dot))?;
            }
            Layer::Mark(x, name) => {
                let ends = [(*x, self.y.from), (*x, self.y.to)];
                chart.draw_series([PathElement::new(ends, stroke(SOFT, 1))])?;
                let upward = text(12, SOFT, HPos::Left, VPos::Bottom);
                let upward = upward.transform(FontTransform::Rotate270);
                let foot = EmptyElement::at(ends[0]);
                chart.draw_series([foot + beside(name, (-2, -6), upward)])?;
            }
            Layer::Dot(x, y, name) => {
                let style = text(12, INK, HPos::Left, VPos::Top);
                let dot = Circle::new((0, 0), 4 * SCALE, INK.filled());
                let at = EmptyElement::at((*x, *y));
                chart.draw_series([at + dot + beside(name, (8, 4), style)])?;
            }
            Layer::Level(y, name) => {
                let ends = [(self.x.from, *y), (self.x.to, *y)];
                chart.draw_series([PathElement::new(ends, stroke(WARM, SCALE))])?;
                let style = text(12, WARM, HPos::Left, VPos::Bottom);
                let at = EmptyElement::at(ends[0]);
                chart.draw_series([at + beside(name, (8, -3), style)])?;
            }
        }
        Ok(())
    }
}

/// A picture as a file of its own, light or dark as the reader's system is.
pub fn standalone(picture: &str) -> String {
    let inside = picture.strip_prefix("<svg ").unwrap_or(picture);
    let (attributes, body) = inside.split_once('>').unwrap_or((inside, ""));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" {attributes}><style>\n{COLOURS}{MARKS}\
         svg {{ background: var(--ground); }}\n</style>{body}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_the_page() {
        let plot = Plot::new(Axis::linear("<a>", 0.0, 1.0), Axis::linear("b", 0.0, 1.0));
        let svg = plot.bars([(0.5, 1.0)], 0.0, 0.2).svg("\"x\" & y");
        assert!(svg.contains("&lt;a&gt;") && svg.contains("&quot;x&quot; &amp; y"), "{svg}");
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
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" style="), "{svg}");
        assert_eq!(svg.matches("<svg").count(), 1);
        assert_eq!(svg.matches("xmlns").count(), 1);
        assert!(svg.contains("prefers-color-scheme: dark") && svg.contains("#14648C"));
        assert!(svg.contains("&lt;here&gt;") && !svg.contains("<here>"));
        assert!(svg.ends_with("</svg>\n"));
    }

    #[test]
    fn the_style_sheet_knows_every_colour() {
        for RGBColor(r, g, b) in [INK, SOFT, canvas::RULE, ACCENT, WARM, GREEN, PINK] {
            let colour = format!("#{r:02X}{g:02X}{b:02X}");
            for attribute in ["fill", "stroke"] {
                let rule = format!("svg [{attribute}=\"{colour}\"]");
                assert!(MARKS.contains(&rule), "no {rule}");
            }
        }
    }
}
