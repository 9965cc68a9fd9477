//! How predictable a sample is from the one before it.

use super::Analysis;
use crate::analysis::entropy::{Entropies, Entropy};
use crate::page::{figure, grouped};
use crate::plot::{Axis, Plot, heat_map};

/// Heat map of successors, and how many ranks hold how much.
pub fn successors(a: &Analysis) -> String {
    let mut text = String::from(
        "<h2>What follows what</h2>\n<p>After each code, some codes follow far more often than others: \
         those near it, and among these the wide ones. A rank table lists the successors of a code by \
         how often they came; the coder sends the rank.</p>\n",
    );
    let table = &a.successors.counts;
    let most = table.iter().flatten().max().copied().unwrap_or(0);
    if most > 0 {
        // The square root keeps the rare ones visible.
        let shade = |&count: &u64| (count as f64 / most as f64).sqrt();
        let cells: Vec<Vec<f64>> =
            table.iter().map(|row| row.iter().map(shade).collect()).collect();
        let caption = format!(
            "Which code followed which, {} codes around the median ({:.1}\u{202f}% of all pairs). \
             Shades go with the square root of the count; stripes are wide and narrow codes.",
            table.len(),
            100.0 * a.successors.part
        );
        let names = ["code before", "code after"];
        let picture = heat_map(&cells, a.successors.first, names, "Heat map of successive codes");
        text += &figure(&caption, &picture);
    }
    let ranks = &a.successors_in_top_ranks;
    let plot = Plot::new(
        Axis::linear("likeliest successors", 0.5, ranks.len() as f64 + 0.5),
        Axis::linear("% of all samples", 0.0, 100.0),
        // Labels instead of ticks.
        Some(1000.0),
    );
    let bars = ranks.iter().enumerate().map(|(n, top)| (n as f64 + 1.0, 100.0 * top.part));
    let mut plot = plot.bars(bars, 0.0, 0.7);
    for (n, top) in ranks.iter().enumerate() {
        plot = plot.label(n as f64 + 1.0, &top.ranks.to_string());
    }
    let picture = plot.svg("Part of all samples within the likeliest successors");
    text +=
        &figure("How many samples are among the likeliest successors of the one before.", &picture);
    text += "<div class=\"scroll\"><table><tr><th class=\"text\">ranks</th>";
    ranks.iter().for_each(|top| text += &format!("<th>{}</th>", top.ranks));
    text += "</tr><tr><th class=\"text\">% of samples</th>";
    ranks.iter().for_each(|top| text += &format!("<td>{:.1}</td>", 100.0 * top.part));
    text + "</tr></table></div>\n<p class=\"note\">Ranked by the very samples that are counted, so a \
            little higher than a table made beforehand would reach.</p>\n"
}

/// Entropies, the bounds they set, and what they say of the challenge's goal.
pub fn entropies(a: &Analysis) -> String {
    let Some(e) = &a.entropies else { return String::new() };
    let row = |order: &str, knows: &str, entropy: &Entropy| {
        format!(
            "<tr><th class=\"text\">{order}</th><td>{:.4}</td><td>{:.4}</td><td>{}</td>\
             <td class=\"text\">{knows}</td></tr>",
            entropy.plug_in,
            entropy.corrected,
            limit(entropy)
        )
    };
    let table = format!(
        "<h2>Entropies, and what they bound</h2>\n<div class=\"scroll\"><table>\
         <tr><th class=\"text\">order</th><th>bits, counted</th><th>bits, corrected</th>\
         <th>ratio at most</th><th class=\"text\">for a coder that knows</th></tr>{}{}</table></div>\n",
        row("0", "how often each value comes", &e.order_0),
        row("1", "that, after each value", &e.order_1),
    );
    table + &meaning(a, e) + &why_not(a, e)
}

fn limit(entropy: &Entropy) -> String {
    entropy.ratio_limit.map_or("any".into(), |limit| format!("{limit:.3}"))
}

fn meaning(a: &Analysis, e: &Entropies) -> String {
    format!(
        "<p><b>What the bounds mean.</b> Order 0: whoever codes every sample of these recordings with \
         one fixed code for all cannot get below {:.3} bits, a ratio of {}. Order 1: whoever uses one \
         fixed code for each value of the sample before cannot get below {:.3} bits, a ratio of {}, \
         even if those codes were made from these very recordings and cost nothing. They do not bound \
         a coder that knows more: how busy the channel is, samples further back, which file it is. \
         Within its own file, a sample by itself has {:.3} bits on average. This page\u{2019}s table \
         set reaches a ratio of {:.3}.</p>\n\
         <p><b>How exact they are.</b> The counted entropy is too low: {} samples are spread over {} \
         different pairs, and a pair that came once looks surer than it is. The correction (Miller \
         and Madow) adds the first term of that error, {:.4} bits at order 1; what is left is smaller \
         but of unknown size. A file\u{2019}s own entropy has fewer samples and errs more.</p>\n",
        e.order_0.plug_in,
        limit(&e.order_0),
        e.order_1.plug_in,
        limit(&e.order_1),
        a.order_0_within_files,
        a.ratio,
        grouped(a.samples),
        grouped(e.pairs),
        e.order_1.corrected - e.order_1.plug_in,
    )
}

/// Why the goal cannot be reached; empty if these recordings are simple enough that it can.
fn why_not(a: &Analysis, e: &Entropies) -> String {
    let right = a.successors_in_top_ranks.first().map_or(0.0, |top| top.part);
    if right >= e.goal.right_guesses || e.order_1.plug_in <= e.goal.bits {
        return String::new();
    }
    format!(
        "<p><b>Why not {:.0} times</b>, the goal that the Neuralink challenge set. It leaves {:.2} bits \
         per sample. By Jensen\u{2019}s inequality the likeliest next value would then have to be the \
         right one at least {:.1}\u{202f}% of the time. The likeliest successor of a sample is right \
         {:.1}\u{202f}% of the time here. More context raises that, but what is left looks more and \
         more like the noise of electrode, amplifier and converter, which no context foretells. A coder \
         that drops the noise may get there; a lossless one has to send it.</p>\n",
        e.goal.ratio,
        e.goal.bits,
        100.0 * e.goal.right_guesses,
        100.0 * right,
    )
}
