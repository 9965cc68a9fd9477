//! The report as a page.

mod chip;
mod frames;

use crate::power::Range;
use crate::power::range::two_digits;

use super::Report;
use crate::consumption::Consumption;
use study::page::{document, figure, grouped, table, tiles};
use study::plot::{Axis, Plot, bars_with_bounds, escape};

/// The page of a report.
pub fn html(report: &Report) -> String {
    let title = format!("{} on {}", report.profile, report.chip.chip);
    let sections = [
        head(report),
        chip::section(report),
        frames::sizes(report),
        frames::latencies(report),
        power(report),
        system(report),
    ];
    let sections = sections.into_iter().chain([ratios(report), signoff(report), made(report)]);
    let body: String = sections.collect();
    document(&title, &format!("<h1>{}</h1>\n{body}", escape(&title)))
}

fn head(r: &Report) -> String {
    let chip = &r.chip;
    let slack = chip.fmax_mhz.best / chip.needed_mhz;
    let longest = r.latency.loads.iter().map(|load| load.max).max().unwrap_or(0);
    let bits: u64 =
        r.recordings.iter().map(|f| (f.bits_per_sample * f.samples as f64) as u64).sum();
    let samples: u64 = r.recordings.iter().map(|f| f.samples).sum();
    let mut numbers = vec![
        (format!("{}", r.channels), format!("channels at {} Hz", crate::chip::SAMPLES_PER_S)),
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
        let estimate = &power.typical().estimate;
        let Range { low, nominal, high } = estimate.milliwatts;
        let [low, nominal, high] = [low, nominal, high].map(two_digits);
        numbers.push((format!("{nominal} mW"), format!("estimated; {low} to {high}")));
    }
    let lead = "<p class=\"lead\">Made by <code>tierwire report</code>. All figures are in report.json \
                as well.</p>\n";
    lead.to_string() + &tiles(&numbers)
}

fn power(r: &Report) -> String {
    let Some(power) = &r.power else {
        let why = r.no_power.unwrap_or_default();
        return format!("<h2>Power</h2>\n<p>No estimate: {}.</p>\n", escape(why));
    };
    let typical = power.typical();
    let estimate = &typical.estimate;
    let uj = estimate.milliwatts.nominal * power.frame_us() / 1e3;
    let mut html = format!(
        "<h2>Power: an estimate</h2>\n<p><b>Nothing here was measured on this design.</b> Toggles of the \
         synthesised netlist under {} frames each of quiet, typical and busy recordings, times {}. The \
         compressor alone, at {:.3} MHz; pins are apart. Bars are nominal, thin lines go from low to \
         high.</p>\n<p>Typical: {} \u{b5}J a frame of {:.3} ms, {} pJ a sample, {} \u{b5}W a channel.</p>\n",
        power.frames,
        escape(power.basis),
        power.mhz,
        two_digits(uj),
        power.frame_us() / 1e3,
        two_digits(estimate.pj_per_sample.nominal),
        two_digits(estimate.uw_per_channel.nominal),
    );
    html += &terms(power);
    let most = estimate.blocks.first().map_or(1.0, |block| block.total);
    let blocks: Vec<(String, [f64; 3])> = estimate
        .blocks
        .iter()
        .filter(|block| block.total >= 0.005 * most)
        .map(|block| (block.block.clone(), [block.total; 3]))
        .collect();
    let axis = Axis::linear("pJ a sample, nominal", 0.0, most * 1.02);
    html += &figure(
        "Where it goes, block by block; the clock tree and static power belong to none.",
        &bars_with_bounds(&blocks, &axis, "Energy of each block"),
    );
    let rows: Vec<Vec<String>> = power
        .loads
        .iter()
        .map(|load| {
            let Range { low, nominal, high } = load.estimate.milliwatts;
            let [low, nominal, high] = [low, nominal, high].map(two_digits);
            let pj = two_digits(load.estimate.pj_per_sample.nominal);
            vec![load.load.into(), format!("{:.2}", load.bits_per_sample), low, nominal, high, pj]
        })
        .collect();
    let head = ["signals", "bits a sample", "low, mW", "nominal", "high", "pJ a sample"];
    html + &table(&head, &rows, &[0])
}

fn terms(power: &Consumption) -> String {
    let estimate = &power.typical().estimate;
    let bars: Vec<(String, [f64; 3])> = estimate
        .terms
        .iter()
        .map(|term| {
            let Range { low, nominal, high } = term.milliwatts;
            (term.name.to_string(), [low, nominal, high])
        })
        .collect();
    let most = bars.iter().map(|(_, bounds)| bounds[2]).fold(0.0, f64::max);
    let axis = Axis::linear("mW", 0.0, most * 1.02);
    let picture = bars_with_bounds(&bars, &axis, "Power of each term with its bounds");
    let row = |name: &str, counted: &str, milliwatts: Range, pj: Range| {
        let Range { low, nominal, high } = milliwatts;
        let [low, nominal, high] = [low, nominal, high].map(two_digits);
        vec![name.into(), low, nominal, high, two_digits(pj.nominal), counted.into()]
    };
    let mut rows: Vec<Vec<String>> = estimate
        .terms
        .iter()
        .map(|term| row(term.name, &term.counted, term.milliwatts, term.pj_per_sample))
        .collect();
    rows.push(row("all", "", estimate.milliwatts, estimate.pj_per_sample));
    let head = ["typical", "low, mW", "nominal", "high", "pJ a sample", "counted"];
    let note = format!(
        "<p class=\"note\">Glitches were counted where the design was placed, with the delays of its \
         cells and wires. By a vendor\u{2019}s figure for one transition, the nets would take {} mW. \
         For block RAM there is no measurement: its energy is a guess.</p>\n",
        two_digits(estimate.nets_by_vendor_mw)
    );
    figure("Power by term, typical signals.", &picture) + &table(&head, &rows, &[0, 5]) + &note
}

fn system(r: &Report) -> String {
    let Some(view) = &r.system else { return String::new() };
    let rows: Vec<Vec<String>> = view
        .radios
        .iter()
        .map(|radio| {
            let Range { low, nominal, high } = radio.compressed_mw;
            let [low, nominal, high] = [low, nominal, high].map(two_digits);
            let bounds = format!("{low} to {high}");
            let pj = radio.pj_per_bit.to_string();
            vec![radio.name.into(), pj, two_digits(radio.raw_mw), nominal, bounds]
        })
        .collect();
    let head = ["radio", "pJ a bit", "raw, mW", "compressed, mW", "low to high"];
    format!("<h2>Compressor and radio: an estimate</h2>\n<p>{}</p>\n", escape(&view.summary()))
        + &figure(
            "Power of the radio alone that sends 10 bits a sample (orange), and of the compressor and \
             the radio behind it (blue, with its bounds), over what the radio takes for a bit.",
            &view.picture(),
        )
        + &table(&head, &rows, &[0])
}

fn ratios(r: &Report) -> String {
    let (Some(worst), Some(best)) = (r.recordings.first(), r.recordings.last()) else {
        return String::new();
    };
    let median = r.recordings[r.recordings.len() / 2].ratio;
    let plot = Plot::new(
        Axis::linear("recordings, least compressible first", 0.0, r.recordings.len() as f64),
        Axis::linear("ratio", 0.0, best.ratio * 1.05),
        None,
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
    format!(
        "<h2>Recordings</h2>\n<p>16 bits a sample over the bits of its codes, each recording by itself: \
         {:.2} to {:.2}, median {median:.3}.</p>\n",
        worst.ratio, best.ratio
    ) + &figure("The ratio of every recording.", &picture)
        + &format!(
            "<details><summary>All {} recordings</summary>{}</details>\n",
            r.recordings.len(),
            table(&head, &rows, &[0])
        )
}

/// The rungs of `tierwire signoff`, whatever columns it has.
fn signoff(r: &Report) -> String {
    let rungs = r.signoff.as_ref().and_then(|signoff| signoff["rungs"].as_array());
    let Some(rungs) = rungs else {
        return "<h2>Sign-off</h2>\n<p>Not part of this report: <code>tierwire signoff --json FILE</code> \
                makes it, <code>--signoff FILE</code> puts it here.</p>\n"
            .into();
    };
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Number(number) => number.as_u64().map_or(String::new(), grouped),
        _ => String::new(),
    };
    let rows: Vec<Vec<String>> = rungs
        .iter()
        .map(|rung| {
            let holds = rung["mismatches"] == 0 && rung["failure"].is_null();
            let outcome = if holds { "holds" } else { "does not hold" };
            // What a rung does not count, it leaves at 0.
            let counted = |name: &str| match text(&rung[name]) {
                none if none == "0" => String::new(),
                number => number,
            };
            let mut cells: Vec<String> = ["rung", "engine"].map(|name| text(&rung[name])).into();
            cells.extend(["samples", "cycles"].map(counted));
            cells.extend([text(&rung["mismatches"]), outcome.into()]);
            cells
        })
        .collect();
    let head = ["rung", "engine", "samples", "clocks", "mismatches", ""];
    "<h2>Sign-off</h2>\n".to_string() + &table(&head, &rows, &[0, 1, 5])
}

fn made(r: &Report) -> String {
    let list = |lines: &[String], tag: &str| -> String {
        let line = |line: &String| match tag {
            "code" => format!("<li><code>{}</code></li>", escape(line)),
            _ => format!("<li>{}</li>", escape(line)),
        };
        lines.iter().map(line).collect()
    };
    format!(
        "<h2>How this was made</h2>\n<p>Tools:</p>\n<ul>{}</ul>\n<p>What makes each part by itself:</p>\n\
         <ul>{}</ul>\n",
        list(&r.tools, ""),
        list(&r.commands, "code")
    )
}
