//! How predictable a sample is from the one before it.

use maud::{Markup, html};

use crate::analysis::Analysis;
use crate::analysis::entropy::{Entropies, Entropy};
use crate::page::{figure, grouped, table};
use crate::plot::{Axis, Plot, heat_map};

/// Heat map of successors, and how many ranks hold how much.
pub fn successors(a: &Analysis) -> Markup {
    let ranks = &a.successors_in_top_ranks;
    let names: Vec<String> = ranks.iter().map(|top| top.ranks.to_string()).collect();
    let places = (1..).map(f64::from).zip(names.iter().cloned()).collect();
    let plot = Plot::new(
        Axis::linear("likeliest successors", 0.5, ranks.len() as f64 + 0.5).named(places),
        Axis::linear("% of all samples", 0.0, 100.0),
    );
    let bars = ranks.iter().enumerate().map(|(n, top)| (n as f64 + 1.0, 100.0 * top.part));
    let head: Vec<&str> =
        std::iter::once("ranks").chain(names.iter().map(String::as_str)).collect();
    let parts = ranks.iter().map(|top| format!("{:.1}", 100.0 * top.part));
    let row = std::iter::once("% of samples".to_string()).chain(parts).collect();
    html! {
        h2 { "What follows what" }
        p {
            "After each code, some codes follow far more often than others: those near it, and among \
             these the wide ones. A rank table lists the successors of a code by how often they came; \
             the coder sends the rank."
        }
        (map(a))
        (figure(
            "How many samples are among the likeliest successors of the one before.",
            plot.bars(bars, 0.0, 0.7).svg("Samples among the likeliest successors"),
        ))
        (table(&head, &[row], &[0]))
        p.note {
            "Ranked by the very samples that are counted, so a little higher than a table made \
             beforehand would reach."
        }
    }
}

/// Which code followed which.
fn map(a: &Analysis) -> Markup {
    let counts = &a.successors.counts;
    let most = counts.iter().flatten().max().copied().unwrap_or(0);
    if most == 0 {
        return html! {};
    }
    // The square root keeps the rare ones visible.
    let shade = |&count: &u64| (count as f64 / most as f64).sqrt();
    let cells: Vec<Vec<f64>> = counts.iter().map(|row| row.iter().map(shade).collect()).collect();
    let caption = format!(
        "Which code followed which, {} codes around the median ({:.1}\u{202f}% of all pairs). Shades go \
         with the square root of the count; stripes are wide and narrow codes.",
        counts.len(),
        100.0 * a.successors.part
    );
    let names = ["code before", "code after"];
    figure(&caption, heat_map(&cells, a.successors.first, names, "Heat map of successive codes"))
}

/// Entropies, the bounds they set, and what they say of the challenge's goal.
pub fn entropies(a: &Analysis) -> Markup {
    let Some(e) = &a.entropies else { return html! {} };
    let row = |order: &str, knows: &str, entropy: Option<Entropy>| {
        let [counted, corrected, limit] = match &entropy {
            Some(e) => [format!("{:.4}", e.plug_in), format!("{:.4}", e.corrected), limit(e)],
            None => ["too few samples", "-", "-"].map(String::from),
        };
        vec![order.into(), counted, corrected, limit, knows.into()]
    };
    let head =
        ["order", "bits, counted", "bits, corrected", "ratio at most", "for a coder that knows"];
    let rows = [
        row("0", "how often each value comes", e.order_0),
        row("1", "that, after each value", e.order_1),
    ];
    html! {
        h2 { "Entropies, and what they bound" }
        (table(&head, &rows, &[0, 4]))
        @if let (Some(order_0), Some(order_1)) = (e.order_0, e.order_1) {
            (meaning(a, e.pairs, &order_0, &order_1))
            (why_not(a, e, &order_1))
        }
    }
}

fn limit(entropy: &Entropy) -> String {
    entropy.ratio_limit.map_or("any".into(), |limit| format!("{limit:.3}"))
}

fn meaning(a: &Analysis, pairs: u64, order_0: &Entropy, order_1: &Entropy) -> Markup {
    let bits = |bits: f64| format!("{bits:.3} bits");
    html! {
        p {
            b { "What the bounds mean." } " Order 0: one fixed code for all samples of these recordings \
             takes at least " (bits(order_0.plug_in)) ", a ratio of " (limit(order_0)) ". Order 1: \
             one fixed code for each value of the sample before takes at least "
            (bits(order_1.plug_in)) ", a ratio of " (limit(order_1)) ", even if those codes were \
             made from these very recordings and cost nothing. They do not bound a coder that knows \
             more: how busy the channel is, samples further back, which file it is. "
            @if let Some(within) = a.order_0_within_files {
                "Within its own file, a sample by itself has " (bits(within)) " on average, corrected. "
            }
            "These recordings, with " (a.codec) ", reach a ratio of " (format!("{:.3}", a.ratio)) "."
        }
        p {
            b { "How exact they are." } " The counted entropy is too low: " (grouped(a.samples))
            " samples are spread over " (grouped(pairs)) " different pairs, and a pair that came once \
             looks surer than it is. The correction (Miller and Madow) adds the first term of that \
             error, " (format!("{:.4}", order_1.corrected - order_1.plug_in)) " bits at order 1; \
             what is left is smaller but of unknown size. With fewer than ten samples for each \
             different value or pair, no entropy is stated."
        }
    }
}

/// Why the goal cannot be reached; nothing, when the recordings are so simple that it can.
fn why_not(a: &Analysis, e: &Entropies, order_1: &Entropy) -> Markup {
    let right = a.successors_in_top_ranks.first().map_or(0.0, |top| top.part);
    if right >= e.goal.right_guesses || order_1.plug_in <= e.goal.bits {
        return html! {};
    }
    let percent = |part: f64| format!("{:.1}\u{202f}%", 100.0 * part);
    html! {
        p {
            b { "Why not " (format!("{:.0}", e.goal.ratio)) " times" } ", the goal that the Neuralink \
             challenge set. It leaves " (format!("{:.2}", e.goal.bits)) " bits per sample. By \
             Jensen\u{2019}s inequality the likeliest next value would then have to be the right one at \
             least " (percent(e.goal.right_guesses)) " of the time. The likeliest successor of a sample \
             is right " (percent(right)) " of the time here. More context raises that, but what is left \
             looks more and more like the noise of electrode, amplifier and converter, which no context \
             predicts. A coder that drops the noise may get there; a lossless one has to send it."
        }
    }
}
