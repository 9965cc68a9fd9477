//! The report as a page.

mod chip;
mod frames;
mod power;
mod silicon;

use maud::{Markup, html};
use study::page::{document, figure, folded, grouped, table, tiles};
use study::plot::{Axis, Plot};

use super::Report;
use crate::power::range::two_digits;

/// The page of a report.
pub fn html(report: &Report) -> String {
    let title = format!("{} on {}", report.profile, report.chip.chip);
    let body = html! {
        h1 { (title) }
        (head(report))
        (chip::section(report))
        (frames::sizes(report))
        (frames::latencies(report))
        (power::section(report))
        (system(report))
        (silicon::section(report))
        (ratios(report))
        (signoff(report))
        (made(report))
    };
    document(&title, body)
}

fn head(r: &Report) -> Markup {
    let chip = &r.chip;
    let slack = chip.fmax_mhz.best / chip.needed_mhz;
    let longest = r.latency.loads.iter().map(|load| load.max).max().unwrap_or(0);
    let bits: u64 =
        r.recordings.iter().map(|f| (f.bits_per_sample * f.samples as f64) as u64).sum();
    let samples: u64 = r.recordings.iter().map(|f| f.samples).sum();
    let mut numbers = vec![
        (format!("{}", r.channels), format!("channels at {} Hz", r.samples_per_s)),
        (
            format!("{:.3}", 16.0 * samples as f64 / bits.max(1) as f64),
            format!("times smaller, {} recordings", r.recordings.len()),
        ),
        (
            format!("{}", chip.resources.logic.used),
            format!("logic cells of {}", grouped(chip.resources.logic.available.into())),
        ),
        (format!("{:.1} MHz", chip.fmax_mhz.best), format!("{slack:.1} times what is needed")),
        (
            format!("{:.1} \u{b5}s", r.latency.us(longest.into())),
            "longest way of a sample through it".into(),
        ),
    ];
    if let Some(power) = &r.power {
        let [low, nominal, high] = power.typical().estimate.milliwatts.two_digits();
        numbers.push((format!("{nominal} mW"), format!("estimated; {low} to {high}")));
    }
    html! {
        p.lead {
            "Made by " code { "tierwire report" } ". All figures are in report.json as well."
        }
        (tiles(&numbers))
    }
}

fn system(r: &Report) -> Markup {
    let Some(view) = &r.system else { return html! {} };
    let rows: Vec<Vec<String>> = view
        .radios
        .iter()
        .map(|radio| {
            let [low, nominal, high] = radio.compressed_mw.two_digits();
            let pj = radio.pj_per_bit.to_string();
            let bounds = format!("{low} to {high}");
            vec![radio.name.into(), pj, two_digits(radio.raw_mw), nominal, bounds]
        })
        .collect();
    let head = ["radio", "pJ a bit", "raw, mW", "compressed, mW", "low to high"];
    html! {
        h2 { "Compressor and radio: an estimate" }
        p { (view.summary()) }
        (figure(
            "Power of the radio alone that sends 10 bits a sample (orange), and of the compressor and \
             the radio behind it (blue, with its bounds), over what the radio takes for a bit.",
            view.picture(),
        ))
        (table(&head, &rows, &[0]))
    }
}

fn ratios(r: &Report) -> Markup {
    let (Some(worst), Some(best)) = (r.recordings.first(), r.recordings.last()) else {
        return html! {};
    };
    let median = r.recordings[r.recordings.len() / 2].ratio;
    let plot = Plot::new(
        Axis::linear("recordings, least compressible first", 0.0, r.recordings.len() as f64),
        Axis::linear("ratio", 0.0, best.ratio * 1.05),
    );
    let points = r.recordings.iter().enumerate();
    let points = points.flat_map(|(n, f)| [(n as f64, f.ratio), (n as f64 + 1.0, f.ratio)]);
    let picture = plot.line(points).level(median, "median").svg("Ratio of each recording");
    let rows: Vec<Vec<String>> = r
        .recordings
        .iter()
        .map(|f| {
            let bits = format!("{:.3}", f.bits_per_sample);
            vec![f.name.clone(), grouped(f.samples), bits, format!("{:.3}", f.ratio)]
        })
        .collect();
    let head = ["recording", "samples", "bits a sample", "ratio"];
    html! {
        h2 { "Recordings" }
        p {
            "16 bits a sample over the bits of its codes, each recording by itself: "
            (format!("{:.2}", worst.ratio)) " to " (format!("{:.2}", best.ratio)) ", median "
            (format!("{median:.3}")) "."
        }
        (figure("The ratio of every recording.", picture))
        (folded(&format!("All {} recordings", r.recordings.len()), table(&head, &rows, &[0])))
    }
}

/// The rungs of `tierwire signoff`, whatever columns it has.
fn signoff(r: &Report) -> Markup {
    let rungs = r.signoff.as_ref().and_then(|signoff| signoff["rungs"].as_array());
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Number(number) => number.as_u64().map_or(String::new(), grouped),
        _ => String::new(),
    };
    let row = |rung: &serde_json::Value| {
        let holds = rung["mismatches"] == 0 && rung["failure"].is_null();
        let outcome = if holds { "holds" } else { "does not hold" };
        // A rung that counts no samples or no clocks has 0 of them.
        let counted = |name: &str| match text(&rung[name]) {
            none if none == "0" => String::new(),
            number => number,
        };
        let mut cells: Vec<String> = ["rung", "engine"].map(|name| text(&rung[name])).into();
        cells.extend(["samples", "cycles"].map(counted));
        cells.extend([text(&rung["mismatches"]), outcome.into()]);
        cells
    };
    let head = ["rung", "engine", "samples", "clocks", "mismatches", ""];
    html! {
        h2 { "Sign-off" }
        @if let Some(rungs) = rungs {
            (table(&head, &rungs.iter().map(row).collect::<Vec<_>>(), &[0, 1, 5]))
        } @else {
            p {
                "Not part of this report: " code { "tierwire signoff --json FILE" } " makes it, "
                code { "--signoff FILE" } " puts it here."
            }
        }
    }
}

fn made(r: &Report) -> Markup {
    html! {
        h2 { "How this was made" }
        p { "Tools:" }
        ul { @for tool in &r.tools { li { (tool) } } }
        p { "What makes each part by itself:" }
        ul { @for command in &r.commands { li { code { (command) } } } }
    }
}
