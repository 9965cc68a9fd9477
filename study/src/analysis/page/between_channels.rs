//! What the channels of one file have in common.

use super::Analysis;
use crate::analysis::channels::Channels;
use crate::page::figure;
use crate::plot::{escape, heat_map};

/// Files whose channels are drawn.
const DRAWN: usize = 4;

/// A table of all files with several channels, and pictures of the first few.
pub fn section(a: &Analysis) -> String {
    let mut text = String::from("<h2>Between channels</h2>\n");
    let several: Vec<_> =
        a.recordings.iter().filter_map(|f| Some((f, f.between_channels.as_ref()?))).collect();
    if several.is_empty() {
        return text + "<p>Every recording has one channel, so there is nothing to compare.</p>\n";
    }
    text += "<p>Means over all pairs of channels of a file. <i>Samples</i>: correlation of samples of \
             the same moment. <i>Differences</i>: the same of the steps from one sample to the next, \
             without what drifts slowly. <i>Overlap</i>: how much of two channels\u{2019} histograms is \
             the same.</p>\n<div class=\"scroll\"><table><tr><th class=\"text\">recording</th><th>channels</th>\
             <th>samples</th><th>differences</th><th>overlap</th></tr>\n";
    for (file, channels) in &several {
        let compared = match channels.compared {
            all if all == file.channels => all.to_string(),
            some => format!("first {some} of {}", file.channels),
        };
        text += &format!(
            "<tr><td class=\"text\">{}</td><td>{compared}</td><td>{:.3}</td><td>{:.3}</td><td>{:.3}</td></tr>\n",
            escape(&file.name),
            Channels::mean(&channels.correlation),
            Channels::mean(&channels.difference_correlation),
            Channels::mean(&channels.overlap),
        );
    }
    text += "</table></div>\n";
    for (file, channels) in several.iter().take(DRAWN) {
        for (what, matrix) in [
            ("Correlation of samples, its size", &channels.correlation),
            ("Overlap of histograms", &channels.overlap),
        ] {
            let cells: Vec<Vec<f64>> =
                matrix.iter().map(|row| row.iter().map(|r| r.abs()).collect()).collect();
            let picture = heat_map(&cells, 0, ["channel", "channel"], what);
            text += &figure(&format!("{what}, from 0 to 1: {}.", file.name), &picture);
        }
    }
    if several.len() > DRAWN {
        text +=
            &format!("<p class=\"note\">Drawn: the first {DRAWN}; all are in analysis.json.</p>\n");
    }
    text
}
