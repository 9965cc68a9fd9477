//! What the design is estimated to take.

use maud::{Markup, html};
use study::page::{figure, table};
use study::plot::{Axis, bars_with_bounds};

use crate::consumption::Consumption;
use crate::power::Range;
use crate::power::range::two_digits;
use crate::report::Report;

/// The section.
pub fn section(r: &Report) -> Markup {
    let Some(power) = &r.power else {
        return html! {
            h2 { "Power" }
            p { "No estimate: " (r.no_power.unwrap_or_default()) "." }
        };
    };
    let estimate = &power.typical().estimate;
    let uj = estimate.milliwatts.nominal * power.frame_us() / 1e3;
    html! {
        h2 { "Power: an estimate" }
        p {
            b { "Nothing here was measured on this design." } " Toggles of the synthesised netlist under "
            (power.frames) " frames each of quiet, typical and busy recordings, times " (power.basis)
            ". The compressor alone, at " (format!("{:.3}", power.mhz)) " MHz; pins are apart. Bars are \
             nominal, thin lines go from low to high."
        }
        p {
            "Typical: " (two_digits(uj)) " \u{b5}J a frame of "
            (format!("{:.3}", power.frame_us() / 1e3)) " ms, "
            (two_digits(estimate.pj_per_sample.nominal)) " pJ a sample, "
            (two_digits(estimate.uw_per_channel.nominal)) " \u{b5}W a channel."
        }
        (terms(power))
        (blocks(power))
        (loads(power))
    }
}

fn terms(power: &Consumption) -> Markup {
    let estimate = &power.typical().estimate;
    let bar = |range: Range| [range.low, range.nominal, range.high];
    let bars: Vec<(String, [f64; 3])> =
        estimate.terms.iter().map(|term| (term.name.to_string(), bar(term.milliwatts))).collect();
    let most = bars.iter().map(|(_, bounds)| bounds[2]).fold(0.0, f64::max);
    let axis = Axis::linear("mW", 0.0, most * 1.02);
    let picture = bars_with_bounds(&bars, &axis, "Power of each term with its bounds");
    let row = |name: &str, counted: &str, milliwatts: Range, pj: Range| {
        let [low, nominal, high] = milliwatts.two_digits();
        vec![name.into(), low, nominal, high, two_digits(pj.nominal), counted.into()]
    };
    let mut rows: Vec<Vec<String>> = estimate
        .terms
        .iter()
        .map(|term| row(term.name, &term.counted, term.milliwatts, term.pj_per_sample))
        .collect();
    rows.push(row("all", "", estimate.milliwatts, estimate.pj_per_sample));
    let head = ["typical", "low, mW", "nominal", "high", "pJ a sample", "counted"];
    html! {
        (figure("Power by term, typical signals.", picture))
        (table(&head, &rows, &[0, 5]))
        p.note {
            "Glitches were counted where the design was placed, with the delays of its cells and wires. \
             By a vendor\u{2019}s figure for one transition, the nets would take "
            (two_digits(estimate.nets_by_vendor_mw)) " mW. Block RAM was not measured on this chip: its \
             energy is scaled from published figures of other memories."
        }
    }
}

fn blocks(power: &Consumption) -> Markup {
    let blocks = &power.typical().estimate.blocks;
    let most = blocks.first().map_or(1.0, |block| block.total);
    let bars: Vec<(String, [f64; 3])> = blocks
        .iter()
        .filter(|block| block.total >= 0.005 * most)
        .map(|block| (block.block.clone(), [block.total; 3]))
        .collect();
    let axis = Axis::linear("pJ a sample, nominal", 0.0, most * 1.02);
    figure(
        "Where it goes, block by block; the clock tree and static power belong to none.",
        bars_with_bounds(&bars, &axis, "Energy of each block"),
    )
}

fn loads(power: &Consumption) -> Markup {
    let rows: Vec<Vec<String>> = power
        .loads
        .iter()
        .map(|load| {
            let [low, nominal, high] = load.estimate.milliwatts.two_digits();
            let pj = two_digits(load.estimate.pj_per_sample.nominal);
            vec![load.load.into(), format!("{:.2}", load.bits_per_sample), low, nominal, high, pj]
        })
        .collect();
    let head = ["signals", "bits a sample", "low, mW", "nominal", "high", "pJ a sample"];
    table(&head, &rows, &[0])
}
