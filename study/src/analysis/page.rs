//! The page: one HTML file with everything in it, light, dark or on paper.

use std::fmt::Write;

use super::widths::PERIOD;
use super::{Analysis, File};
use crate::page::{document, figure, grouped, signed};
use crate::plot::{Axis, Plot, escape};

mod between_channels;
mod predictability;

/// The page of an analysis.
pub fn html(analysis: &Analysis) -> String {
    let mut body = String::new();
    for section in [
        head(analysis),
        values(analysis),
        code_widths(analysis),
        predictability::successors(analysis),
        predictability::entropies(analysis),
        ratios(analysis),
        between_channels::section(analysis),
        skipped(analysis),
    ] {
        body += &section;
    }
    document("What the recordings are", &body)
}

fn head(a: &Analysis) -> String {
    let seconds: f64 = a
        .recordings
        .iter()
        .map(|f| f.samples as f64 / f64::from(f.channels) / f64::from(f.rate.max(1)))
        .sum();
    let mut rates: Vec<u32> = a.recordings.iter().map(|f| f.rate).collect();
    rates.sort_unstable();
    rates.dedup();
    let rates = match rates[..] {
        [rate] => format!("{rate} Hz"),
        [first, .., last] => format!("{first} to {last} Hz"),
        [] => String::new(),
    };
    let step = a.smallest_step.map_or("none".into(), |step| step.to_string());
    let mut tiles = vec![
        (grouped(a.files as u64), format!("recordings, {:.1} minutes", seconds / 60.0)),
        (grouped(a.samples), format!("samples of 16 bits, {rates}")),
        (grouped(a.unique_values as u64), "different values of 65\u{202f}536".into()),
        (step, "smallest step between values".into()),
        (format!("{:.3}", a.ratio), format!("times smaller, table set {}", a.table_set)),
    ];
    if let Some(e) = &a.entropies {
        let text = "bits per sample, the one before known (order 1)";
        tiles.push((format!("{:.3}", e.order_1.plug_in), text.into()));
    }
    let tiles: String = tiles
        .iter()
        .map(|(number, name)| format!("<div><b>{number}</b><span>{}</span></div>", escape(name)))
        .collect();
    format!(
        "<h1>What the recordings are</h1>\n<p class=\"lead\">Made by <code>tierwire analyze</code>. \
         The figures are in analysis.json as well.</p>\n<div class=\"figures\">{tiles}</div>\n"
    )
}

fn values(a: &Analysis) -> String {
    let l = &a.lattice;
    let on = 100.0 * l.samples_on as f64 / a.samples.max(1) as f64;
    let mut text = format!(
        "<h2>Values and their lattice</h2>\n<p>Lattice found: <b>{}</b>. Step {:.4}, offset from zero \
         {}. {} samples lie on it ({on:.3}\u{202f}%), {} off it.</p>\n",
        escape(&l.formula),
        l.step,
        signed(format!("{:.2}", l.offset)),
        grouped(l.samples_on),
        grouped(l.samples_off),
    );
    text += "<p class=\"note\">A <i>code</i> is the number of a value on the lattice: what the \
             converter said before its output was stretched to 16 bits. A sample counts as on the \
             lattice when it is exactly there, or within one unit where the step is no whole \
             number.</p>\n";
    if let (Some(first), Some(last)) = (a.histogram.first(), a.histogram.last()) {
        let percent = |count: u64| 100.0 * count as f64 / a.samples.max(1) as f64;
        text += &format!(
            "<p>The lowest value, {}, is {:.3}\u{202f}% of all samples and the highest, {}, {:.3}\u{202f}%: \
             where these are far above their neighbours, the converter was overdriven.</p>\n",
            signed(first.0),
            percent(first.1),
            signed(last.0),
            percent(last.1),
        );
        let (from, to) = (f64::from(l.code(first.0)), f64::from(l.code(last.0)));
        let most = a.histogram.iter().map(|h| h.1).max().unwrap_or(1) as f64;
        let plot = Plot::new(
            Axis::linear("code", from - 0.5, to + 0.5),
            Axis::powers("samples", 0.5, most),
            None,
        );
        let bars = a.histogram.iter().map(|&(v, n)| (f64::from(l.code(v)), n as f64));
        let picture = plot.bars(bars, 0.5, 1.0).svg("Histogram of codes, logarithmic");
        text += &figure("How often each code came, on a logarithmic scale.", &picture);
    }
    text += "<div class=\"scroll\"><table><tr><th class=\"text\">percentile</th>";
    let cell = |tag: &str, text: &str| format!("<{tag}>{text}</{tag}>");
    let row = |name: &str, cells: Vec<String>| {
        let cells: String = cells.iter().map(|text| cell("td", &signed(text))).collect();
        format!("<tr><th class=\"text\">{name}</th>{cells}</tr>")
    };
    text += &a.percentiles.iter().map(|p| cell("th", &p.percent.to_string())).collect::<String>();
    text += "</tr>";
    text += &row("value", a.percentiles.iter().map(|p| p.value.to_string()).collect());
    text += &row("code", a.percentiles.iter().map(|p| p.code.to_string()).collect());
    text + "</table></div>\n"
}

fn code_widths(a: &Analysis) -> String {
    let w = &a.code_widths;
    let mut text = String::from(
        "<h2>The converter\u{2019}s codes are not equally wide</h2>\n<p>Were they, a code would come \
         about as often as its neighbours do. The <i>width</i> of a code is how often it came over \
         how often the 16 codes on each side of it lead one to expect, by a parabola through their \
         counts; all files together.</p>\n",
    );
    let (Some(first), Some(last)) = (w.codes.first(), w.codes.last()) else {
        return text + "<p>No code came often enough to tell.</p>\n";
    };
    let (from, to) = (f64::from(first.code), f64::from(last.code));
    let top = w.codes.iter().map(|w| w.width).fold(2.0, f64::max).min(4.0);
    let widths = || w.codes.iter().map(|w| (f64::from(w.code), w.width));
    let axis = |from, to| {
        Plot::new(
            Axis::linear("code", from - 0.5, to + 0.5),
            Axis::linear("width", 0.0, top),
            (to - from <= 300.0).then_some(32.0),
        )
    };
    let whole = axis(from, to).bars(widths(), 1.0, 1.0);
    let caption = format!(
        "Width of each of {} codes that came often enough; 1 is as wide as its neighbours.",
        w.codes.len()
    );
    text += &figure(&caption, &whole.svg("Width of each code"));
    if to - from > 160.0 {
        let middle =
            a.percentiles.iter().find(|p| p.percent == 50.0).map_or(from, |p| f64::from(p.code));
        let from = ((middle - 64.0) / 32.0).floor() * 32.0;
        let near = widths().filter(|w| (from..from + 160.0).contains(&w.0));
        let picture = axis(from, from + 159.0).bars(near, 1.0, 0.8).svg("Widths around the median");
        text += &figure("The same around the median, a mark every 32 codes.", &picture);
    }
    if w.profile.len() == PERIOD {
        let plot = Plot::new(
            Axis::linear("code modulo 32", -0.5, 31.5),
            Axis::linear("mean width", 0.0, top),
            Some(4.0),
        );
        let bars = w.profile.iter().enumerate().map(|(code, &width)| (code as f64, width));
        let picture = plot.bars(bars, 1.0, 0.8).svg("Mean width by code modulo 32");
        text += &figure("Mean width of the codes with the same remainder modulo 32.", &picture);
    }
    if !w.autocorrelation.is_empty() {
        let lag = |lag: usize| signed(format!("{:.2}", w.autocorrelation[lag - 1]));
        let agreement = w.agreement.map_or(String::new(), |agreement| {
            let agreement = signed(format!("{agreement:.2}"));
            format!(" A file\u{2019}s own widths and those of all files correlate by {agreement} (median over files).")
        });
        let plot = Plot::new(
            Axis::linear("distance in codes", 0.0, 65.0),
            Axis::linear("correlation of widths", -0.5, 1.0),
            Some(8.0),
        );
        let bars = w.autocorrelation.iter().enumerate().map(|(lag, &r)| (lag as f64 + 1.0, r));
        let picture = plot.bars(bars, 0.0, 0.7).svg("Autocorrelation of the widths");
        let caption = format!(
            "How alike the widths at each distance are: {} at 16 codes, {} at 32, {} at 64.{agreement}",
            lag(16),
            lag(32),
            lag(64)
        );
        text += &figure(&caption, &picture);
    }
    text
}

fn ratios(a: &Analysis) -> String {
    let mut sorted: Vec<&File> = a.recordings.iter().collect();
    sorted.sort_by(|x, y| x.ratio.total_cmp(&y.ratio));
    let (Some(worst), Some(best)) = (sorted.first(), sorted.last()) else { return String::new() };
    let median = sorted[sorted.len() / 2].ratio;
    let plot = Plot::new(
        Axis::linear("recordings, least compressible first", 0.0, sorted.len() as f64),
        Axis::linear("ratio", 0.0, best.ratio * 1.05),
        None,
    );
    let points = sorted
        .iter()
        .enumerate()
        .flat_map(|(n, f)| [(n as f64, f.ratio), (n as f64 + 1.0, f.ratio)]);
    let picture = plot.line(points).level(a.ratio, "all together").svg("Ratio of each recording");
    let mut text = format!(
        "<h2>File by file</h2>\n<p>Original bytes per byte of .twr file, with table set <code>{}</code>: \
         {:.3} for all together, {:.2} to {:.2} file by file, median {median:.3}.</p>\n",
        escape(&a.table_set),
        a.ratio,
        worst.ratio,
        best.ratio,
    );
    text += &figure("The ratio of every recording.", &picture);
    let _ = write!(
        text,
        "<details><summary>All {} recordings</summary><div class=\"scroll\"><table>",
        sorted.len()
    );
    text += "<tr><th class=\"text\">recording</th><th>channels</th><th>Hz</th><th>samples</th><th>lowest</th>\
             <th>highest</th><th>values</th><th>entropy</th><th>ratio</th></tr>\n";
    for f in &a.recordings {
        let (low, high) = f.range.map_or(Default::default(), |r| (signed(r.0), signed(r.1)));
        let _ = writeln!(
            text,
            "<tr><td class=\"text\">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{low}</td><td>{high}</td><td>{}</td><td>{:.3}</td><td>{:.3}</td></tr>",
            escape(&f.name),
            f.channels,
            f.rate,
            grouped(f.samples),
            f.unique_values,
            f.order_0,
            f.ratio,
        );
    }
    text + "</table></div></details>\n"
}

fn skipped(a: &Analysis) -> String {
    if a.skipped.is_empty() {
        return String::new();
    }
    let lines: String = a.skipped.iter().map(|why| format!("<li>{}</li>", escape(why))).collect();
    format!("<h2>Not analysed</h2>\n<ul>{lines}</ul>\n")
}
