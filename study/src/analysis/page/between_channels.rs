//! What the channels of one file have in common.

use maud::{Markup, html};

use crate::analysis::Analysis;
use crate::analysis::File;
use crate::analysis::channels::Channels;
use crate::page::{figure, table};
use crate::plot::heat_map;

/// Files whose channels are drawn.
const DRAWN: usize = 4;

/// A table of all files with several channels, and pictures of the first few.
pub fn section(a: &Analysis) -> Markup {
    let several: Vec<(&File, &Channels)> =
        a.recordings.iter().filter_map(|f| Some((f, f.between_channels.as_ref()?))).collect();
    html! {
        h2 { "Between channels" }
        @if several.is_empty() {
            p { "Every recording has one channel, so there is nothing to compare." }
        } @else {
            (all(&several))
            @for (file, channels) in several.iter().take(DRAWN) {
                (pictures(&file.name, channels))
            }
            @if several.len() > DRAWN {
                p.note { "Drawn: the first " (DRAWN) "; all are in analysis.json." }
            }
        }
    }
}

fn all(several: &[(&File, &Channels)]) -> Markup {
    let row = |(file, channels): &(&File, &Channels)| {
        let compared = match channels.compared {
            all if all == file.channels => all.to_string(),
            some => format!("first {some} of {}", file.channels),
        };
        let matrices = [&channels.correlation, &channels.difference_correlation, &channels.overlap];
        let means = matrices.map(|matrix| format!("{:.3}", Channels::mean(matrix)));
        [vec![file.name.clone(), compared], means.to_vec()].concat()
    };
    let rows: Vec<Vec<String>> = several.iter().map(row).collect();
    let head = ["recording", "channels", "samples", "differences", "overlap"];
    html! {
        p {
            "Means over all pairs of channels of a file. " i { "Samples" } ": correlation of samples of \
             the same moment. " i { "Differences" } ": the same of the steps from one sample to the \
             next, without what drifts slowly. " i { "Overlap" } ": how much of two channels\u{2019} \
             histograms is the same."
        }
        (table(&head, &rows, &[0]))
    }
}

fn pictures(name: &str, channels: &Channels) -> Markup {
    let matrices = [
        ("Correlation of samples, its size", &channels.correlation),
        ("Overlap of histograms", &channels.overlap),
    ];
    let picture = |what: &str, matrix: &[Vec<f64>]| {
        let cells: Vec<Vec<f64>> =
            matrix.iter().map(|row| row.iter().map(|r| r.abs()).collect()).collect();
        let caption = format!("{what}, from 0 to 1: {name}.");
        figure(&caption, heat_map(&cells, 0, ["channel", "channel"], what))
    };
    html! { @for (what, matrix) in matrices { (picture(what, matrix)) } }
}
