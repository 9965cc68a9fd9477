//! The page: one HTML file with everything in it, light, dark or on paper.

mod between_channels;
mod predictability;

use maud::{Markup, html};

use super::widths::PERIOD;
use super::{Analysis, File};
use crate::page::{document, figure, folded, grouped, signed, table, tiles};
use crate::plot::{Axis, Plot};

/// The page of an analysis.
pub fn html(analysis: &Analysis) -> String {
    let body = html! {
        (head(analysis))
        (values(analysis))
        (code_widths(analysis))
        (predictability::successors(analysis))
        (predictability::entropies(analysis))
        (ratios(analysis))
        (between_channels::section(analysis))
        (skipped(analysis))
    };
    document("What the recordings are", body)
}

fn head(a: &Analysis) -> Markup {
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
    let mut numbers = vec![
        (grouped(a.files as u64), format!("recordings, {:.1} minutes", seconds / 60.0)),
        (grouped(a.samples), format!("samples of 16 bits, {rates}")),
        (grouped(a.unique_values as u64), "different values of 65\u{202f}536".into()),
        (step, "smallest step between values".into()),
        (format!("{:.3}", a.ratio), format!("times smaller, {}", a.codec)),
    ];
    if let Some(order_1) = a.entropies.as_ref().and_then(|e| e.order_1) {
        let text = "bits per sample, the one before known (order 1)";
        numbers.push((format!("{:.3}", order_1.corrected), text.into()));
    }
    html! {
        h1 { "What the recordings are" }
        p.lead {
            "Made by " code { "tierwire analyze" } ". The figures are in analysis.json as well."
        }
        (tiles(&numbers))
    }
}

fn values(a: &Analysis) -> Markup {
    let l = &a.lattice;
    let percent = |count: u64| 100.0 * count as f64 / a.samples.max(1) as f64;
    let percentiles =
        |cell: fn(&super::Percentile) -> String| a.percentiles.iter().map(cell).collect::<Vec<_>>();
    let names = percentiles(|p| p.percent.to_string());
    let row = |name: &str, cells: Vec<String>| [vec![name.to_string()], cells].concat();
    let head: Vec<&str> =
        std::iter::once("percentile").chain(names.iter().map(String::as_str)).collect();
    let rows = [
        row("value", percentiles(|p| signed(p.value))),
        row("code", percentiles(|p| signed(p.code))),
    ];
    html! {
        h2 { "Values and their lattice" }
        p {
            "Lattice found: " b { (l.formula) } ". Step " (format!("{:.4}", l.step))
            ", offset from zero " (signed(format!("{:.2}", l.offset))) ". " (grouped(l.samples_on))
            " samples lie on it (" (format!("{:.3}", percent(l.samples_on))) "\u{202f}%), "
            (grouped(l.samples_off)) " off it."
        }
        p.note {
            "A " i { "code" } " is the number of a value on the lattice: what the converter said before \
             its output was stretched to 16 bits. A sample counts as on the lattice when it is exactly \
             there, or within one unit where the step is no whole number."
        }
        @if let (Some(first), Some(last)) = (a.histogram.first(), a.histogram.last()) {
            p {
                "The lowest value, " (signed(first.0)) ", is " (format!("{:.3}", percent(first.1)))
                "\u{202f}% of all samples and the highest, " (signed(last.0)) ", "
                (format!("{:.3}", percent(last.1))) "\u{202f}%: where these are far above their \
                 neighbours, the converter was overdriven."
            }
            (figure(
                "How often each code came, on a logarithmic scale.",
                histogram(a, l.code(first.0), l.code(last.0)),
            ))
        }
        (table(&head, &rows, &[0]))
    }
}

/// How often each code came.
fn histogram(a: &Analysis, first: i32, last: i32) -> String {
    let most = a.histogram.iter().map(|h| h.1).max().unwrap_or(1) as f64;
    let plot = Plot::new(
        Axis::linear("code", f64::from(first) - 0.5, f64::from(last) + 0.5),
        Axis::powers("samples", 0.5, most),
    );
    let bars = a.histogram.iter().map(|&(v, n)| (f64::from(a.lattice.code(v)), n as f64));
    plot.bars(bars, 0.5, 1.0).svg("Histogram of codes, logarithmic")
}

fn code_widths(a: &Analysis) -> Markup {
    let w = &a.code_widths;
    html! {
        h2 { "The converter\u{2019}s codes are not equally wide" }
        p {
            "If they were, a code would come about as often as its neighbours do. The " i { "width" }
            " of a code is how often it came over how often the 16 codes on each side of it lead one to \
             expect, by a parabola through their counts; all files together."
        }
        @if let (Some(first), Some(last)) = (w.codes.first(), w.codes.last()) {
            (width_of_each(a, f64::from(first.code), f64::from(last.code)))
        } @else {
            p { "No code came often enough to tell." }
        }
    }
}

fn width_of_each(a: &Analysis, from: f64, to: f64) -> Markup {
    let w = &a.code_widths;
    let top = w.codes.iter().map(|w| w.width).fold(2.0, f64::max).min(4.0);
    let widths = || w.codes.iter().map(|w| (f64::from(w.code), w.width));
    let of_codes = |from: f64, to: f64| {
        let x = Axis::linear("code", from - 0.5, to + 0.5);
        let x = if to - from <= 300.0 { x.every(32.0) } else { x };
        Plot::new(x, Axis::linear("width", 0.0, top))
    };
    let middle =
        a.percentiles.iter().find(|p| p.percent == 50.0).map_or(from, |p| f64::from(p.code));
    let near_from = ((middle - 64.0) / 32.0).floor() * 32.0;
    let near = widths().filter(|w| (near_from..near_from + 160.0).contains(&w.0));
    let caption = format!(
        "Width of each of {} codes that came often enough; 1 is as wide as its neighbours.",
        w.codes.len()
    );
    html! {
        (figure(&caption, of_codes(from, to).bars(widths(), 1.0, 1.0).svg("Width of each code")))
        @if to - from > 160.0 {
            (figure(
                "The same around the median, a mark every 32 codes.",
                of_codes(near_from, near_from + 159.0)
                    .bars(near, 1.0, 0.8)
                    .svg("Widths around the median"),
            ))
        }
        @if w.profile.len() == PERIOD {
            (figure(
                "Mean width of the codes with the same remainder modulo 32.",
                Plot::new(
                    Axis::linear("code modulo 32", -0.5, 31.5).every(4.0),
                    Axis::linear("mean width", 0.0, top),
                )
                .bars(w.profile.iter().enumerate().map(|(code, &w)| (code as f64, w)), 1.0, 0.8)
                .svg("Mean width by code modulo 32"),
            ))
        }
        @if !w.autocorrelation.is_empty() { (autocorrelation(a)) }
    }
}

fn autocorrelation(a: &Analysis) -> Markup {
    let w = &a.code_widths;
    let lag = |lag: usize| signed(format!("{:.2}", w.autocorrelation[lag - 1]));
    let agreement = w.agreement.map_or(String::new(), |agreement| {
        let agreement = signed(format!("{agreement:.2}"));
        format!(
            " A file\u{2019}s own widths and those of all files correlate by {agreement} (median over \
             files)."
        )
    });
    let plot = Plot::new(
        Axis::linear("distance in codes", 0.0, 65.0).every(8.0),
        Axis::linear("correlation of widths", -0.5, 1.0),
    );
    let bars = w.autocorrelation.iter().enumerate().map(|(lag, &r)| (lag as f64 + 1.0, r));
    let caption = format!(
        "How alike the widths at each distance are: {} at 16 codes, {} at 32, {} at 64.{agreement}",
        lag(16),
        lag(32),
        lag(64)
    );
    figure(&caption, plot.bars(bars, 0.0, 0.7).svg("Autocorrelation of the widths"))
}

fn ratios(a: &Analysis) -> Markup {
    let mut sorted: Vec<&File> = a.recordings.iter().collect();
    sorted.sort_by(|x, y| x.ratio.total_cmp(&y.ratio));
    let (Some(worst), Some(best)) = (sorted.first(), sorted.last()) else { return html! {} };
    let median = sorted[sorted.len() / 2].ratio;
    let plot = Plot::new(
        Axis::linear("recordings, least compressible first", 0.0, sorted.len() as f64),
        Axis::linear("ratio", 0.0, best.ratio * 1.05),
    );
    let points = sorted
        .iter()
        .enumerate()
        .flat_map(|(n, f)| [(n as f64, f.ratio), (n as f64 + 1.0, f.ratio)]);
    let picture = plot.line(points).level(a.ratio, "all together").svg("Ratio of each recording");
    let row = |f: &File| {
        let (low, high) = f.range.map_or(Default::default(), |r| (signed(r.0), signed(r.1)));
        vec![
            f.name.clone(),
            f.channels.to_string(),
            f.rate.to_string(),
            grouped(f.samples),
            low,
            high,
            f.unique_values.to_string(),
            f.converter.clone(),
            f.order_0.map_or("-".into(), |e| format!("{:.3}", e.corrected)),
            format!("{:.3}", f.ratio),
        ]
    };
    let rows: Vec<Vec<String>> = a.recordings.iter().map(row).collect();
    let head = [
        "recording",
        "channels",
        "Hz",
        "samples",
        "lowest",
        "highest",
        "values",
        "samples there can be",
        "entropy",
        "ratio",
    ];
    html! {
        h2 { "File by file" }
        p {
            "Original bytes per byte of .twr file, with " (a.codec) ": "
            (format!("{:.3}", a.ratio)) " for all together, " (format!("{:.2}", worst.ratio)) " to "
            (format!("{:.2}", best.ratio)) " file by file, median " (format!("{median:.3}")) "."
        }
        (figure("The ratio of every recording.", picture))
        (folded(&format!("All {} recordings", sorted.len()), table(&head, &rows, &[0, 7])))
    }
}

fn skipped(a: &Analysis) -> Markup {
    html! {
        @if !a.skipped.is_empty() {
            h2 { "Not analysed" }
            ul { @for why in &a.skipped { li { (why) } } }
        }
    }
}
