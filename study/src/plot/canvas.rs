//! What all pictures share: size, colours, fonts, the frame with the axes, and the SVG around.

use plotters::coord::Shift;
use plotters::coord::ranged1d::ValueFormatter;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::axis::Axis;

/// Pixels of a picture from left to right.
pub const WIDTH: i32 = 720;
/// Room for the ticks and the name of the vertical axis.
pub const LEFT: i32 = 56;
/// Units of the drawing for a pixel of the page: plotters draws at whole units.
pub const SCALE: i32 = 4;

/// Colours, as `style/plot.css` names them, which replaces them on a dark ground.
pub const INK: RGBColor = RGBColor(0x1d, 0x23, 0x28);
/// Axes and their labels.
pub const SOFT: RGBColor = RGBColor(0x5d, 0x67, 0x70);
/// The grid.
pub const RULE: RGBColor = RGBColor(0xd9, 0xdc, 0xdd);
/// The first colour of data.
pub const ACCENT: RGBColor = RGBColor(0x14, 0x64, 0x8c);
/// The second.
pub const WARM: RGBColor = RGBColor(0xb4, 0x50, 0x0f);
/// The third.
pub const GREEN: RGBColor = RGBColor(0x2e, 0x7d, 0x4f);
/// The fourth.
pub const PINK: RGBColor = RGBColor(0xb0, 0x5a, 0x96);

/// Where a picture is drawn.
pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// A picture with axes.
pub type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Axis, Axis>>;
/// What drawing may fail with; drawing into memory does not.
pub type Outcome = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// A text's style; `size` in pixels.
pub fn text(size: i32, colour: RGBColor, horizontal: HPos, vertical: VPos) -> TextStyle<'static> {
    // plotters takes the height of a line for the size of a font, 1.24 times as much.
    let style = ("sans-serif", f64::from(size * SCALE) * 1.24).into_font().color(&colour);
    style.pos(Pos::new(horizontal, vertical))
}

/// A line's style; `width` in units, [`SCALE`] of them a pixel.
pub fn stroke(colour: RGBColor, width: i32) -> ShapeStyle {
    colour.stroke_width(width as u32)
}

/// An SVG of so many pixels. `title` says what it shows to those who cannot see it.
pub fn picture(
    [width, height]: [i32; 2],
    title: &str,
    draw: impl FnOnce(&Area<'_>) -> Outcome,
) -> String {
    let mut svg = String::new();
    let [wide, high] = [width, height].map(|pixels| (pixels * SCALE) as u32);
    {
        let area = SVGBackend::with_string(&mut svg, (wide, high)).into_drawing_area();
        draw(&area).and_then(|()| area.present()).expect("memory takes every drawing");
    }
    // plotters writes the size in its own units, which a page would take for pixels.
    let head = format!(r#"<svg width="{wide}" height="{high}""#);
    let body = svg.strip_prefix(&head).unwrap_or(&svg);
    let body = body.replacen(r#" xmlns="http://www.w3.org/2000/svg""#, "", 1);
    let title = maud::html! { (title) }.into_string();
    format!(r#"<svg style="max-width:{width}px" role="img" aria-label="{title}"{body}"#)
}

/// The frame of a chart: axes, ticks, names, and a grid across one of the axes or both.
pub fn frame<'a, 'b>(
    area: &'a Area<'b>,
    [x, y]: [&Axis; 2],
    left: i32,
    [grid_x, grid_y]: [bool; 2],
) -> Result<Chart<'a, 'b>, DrawingAreaErrorKind<std::io::Error>> {
    let mut chart = ChartBuilder::on(area)
        .margin(12 * SCALE)
        .x_label_area_size(40 * SCALE)
        .y_label_area_size(left * SCALE)
        .build_cartesian_2d(x.clone(), y.clone())?;
    let mut mesh = chart.configure_mesh();
    if !grid_x {
        mesh.disable_x_mesh();
    }
    if !grid_y {
        mesh.disable_y_mesh();
    }
    let [x_label, y_label] = [x, y].map(|axis| move |tick: &f64| axis.format_ext(tick));
    mesh.bold_line_style(stroke(RULE, SCALE))
        .light_line_style(TRANSPARENT)
        .axis_style(stroke(SOFT, SCALE))
        .label_style(text(12, SOFT, HPos::Left, VPos::Top))
        .axis_desc_style(text(13, SOFT, HPos::Left, VPos::Top))
        .x_label_formatter(&x_label)
        .y_label_formatter(&y_label)
        .set_all_tick_mark_size(4 * SCALE)
        .x_desc(x.name.as_str())
        .y_desc(y.name.as_str())
        .draw()?;
    Ok(chart)
}
