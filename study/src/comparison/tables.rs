//! The comparison as tables: Markdown, which a terminal shows as well, and CSV.

use std::fmt::Write;

use crate::baselines::{Family, Latency};

use super::{Comparison, Row};

const COLUMNS: [&str; 9] = [
    "method",
    "ratio",
    "bits/sample",
    "encode MS/s",
    "decode MS/s",
    "causal",
    "state B/channel",
    "latency",
    "note",
];

/// A table and what it means.
pub fn markdown(comparison: &Comparison) -> String {
    let mut text = format!(
        "{} recordings, {} samples, {} bytes.\n\n",
        comparison.files, comparison.samples, comparison.original_bytes
    );
    let cells = comparison.methods.iter().map(|row| cells(row).to_vec());
    let cells = std::iter::once(COLUMNS.map(String::from).to_vec()).chain(cells).collect();
    text += &aligned(cells, is_text);
    text.push('\n');
    text.push_str(&legend(comparison));
    text
}

/// Rows, the first one the head, as Markdown: words to the left, numbers to the right.
pub(crate) fn aligned(rows: Vec<Vec<String>>, is_text: impl Fn(usize) -> bool) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for (line, row) in rows.iter().enumerate() {
        for (column, (cell, &width)) in row.iter().zip(&widths).enumerate() {
            let _ = match is_text(column) {
                true => write!(text, "| {cell:<width$} "),
                false => write!(text, "| {cell:>width$} "),
            };
        }
        text.push_str("|\n");
        if line == 0 {
            for (column, width) in widths.iter().enumerate() {
                let end = if is_text(column) { '-' } else { ':' };
                let _ = write!(text, "|{:-<1$}{end}", "", width + 1);
            }
            text.push_str("|\n");
        }
    }
    text
}

/// Methods of the short table that are not ours, and their names there.
const PEERS: [(&str, &str); 9] = [
    ("sign-sign LMS + range coder", "sign-sign LMS + adaptive range coder, as in hx"),
    ("sign-LMS + adaptive Rice", "sign LMS + adaptive Rice"),
    ("difference + adaptive Rice", "difference + adaptive Rice"),
    ("wavpack -hh -x3, 10 bits", "WavPack, on the 10-bit codes"),
    ("flac -8, 10 bits", "FLAC, on the 10-bit codes"),
    ("bzip2 -9", "bzip2, on the WAV files"),
    ("xz -9e", "xz, on the WAV files"),
    ("zstd -19", "zstd, on the WAV files"),
    ("deflate -9 (zip)", "zip, on the WAV files"),
];

/// The short table: the ratio of every table set and of the best known peers, best first.
///
/// # Errors
/// The name of a peer that was not measured.
pub fn ratios(comparison: &Comparison) -> Result<String, &'static str> {
    let ratio = |name: &str| {
        let row = comparison.methods.iter().find(|row| row.facts.name == name)?;
        row.figures.as_ref().map(|figures| figures.ratio)
    };
    let mut rows = Vec::new();
    for row in comparison.methods.iter().filter(|row| row.facts.family == Family::Tierwire) {
        let set = row.facts.name.trim_start_matches("tierwire ");
        rows.extend(row.figures.as_ref().map(|f| (f.ratio, format!("tierwire `{set}`"))));
    }
    for (name, label) in PEERS {
        rows.push((ratio(name).ok_or(name)?, label.to_string()));
    }
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut text = String::from("| method | ratio |\n|---|---:|\n");
    for (ratio, name) in rows {
        let _ = writeln!(text, "| {name} | {ratio:.3} |");
    }
    Ok(text)
}

fn is_text(column: usize) -> bool {
    [0, 5, 8].contains(&column)
}

fn legend(comparison: &Comparison) -> String {
    let mut text = String::from(
        "Ratio: bytes of the WAV files / compressed bytes, over all files together, all bytes counted.\n\
         For the WAV header, .twr files take about 40 bytes, with checksums; other methods for samples\n\
         and for sound 20, and what the program writes itself; the others store it whole.\n\
         MS/s: million samples per second of one core, by the time spent on the core, in the codec\n\
         alone; of flac and wavpack, by the time of the program.\n\
         The tables of tierwire come with the program and are not counted; they were trained on\n\
         recordings of the challenge, so on those they are at home.\n\
         10 bits: samples recoded to the converter's codes first.\n\
         Causal: a sample can be coded without later ones. State: what the encoder holds per channel,\n\
         without what all channels share; about, from 64 K on. Latency: samples that must be there\n\
         before the first comes out, bit by bit; files are written in longer blocks.\n",
    );
    text += &comparison.four_lengths.text();
    text.push('\n');
    let mismatches = comparison.mismatches();
    text.push_str(&match mismatches {
        0 => "Every method measured restored every recording, byte for byte.\n".to_string(),
        n => format!("WRONG: {n} times a recording was not restored.\n"),
    });
    for row in &comparison.methods {
        if let Some(wrong) = row.figures.as_ref().map(|f| f.mismatches).filter(|&wrong| wrong > 0) {
            let _ = writeln!(text, "WRONG: {wrong} recordings by {}.", row.facts.name);
        }
    }
    let missing: Vec<&str> = comparison.not_installed().collect();
    if !missing.is_empty() {
        let _ = writeln!(text, "NOT MEASURED, since not installed: {}.", missing.join("; "));
    }
    if comparison.left_out > 0 {
        let _ = writeln!(text, "Left out: {} files; stderr says why.", comparison.left_out);
    }
    text
}

fn cells(row: &Row) -> [String; 9] {
    let facts = &row.facts;
    let (ratio, bits, encode, decode) = match &row.figures {
        Some(figures) => (
            format!("{:.3}", figures.ratio),
            format!("{:.3}", figures.bits_per_sample),
            millions(figures.encode_samples_per_s),
            millions(figures.decode_samples_per_s),
        ),
        None => ("not installed".into(), "-".into(), "-".into(), "-".into()),
    };
    [
        facts.name.clone(),
        ratio,
        bits,
        encode,
        decode,
        if facts.causal { "yes" } else { "no" }.into(),
        bytes(facts.state_bytes),
        match facts.latency {
            Latency::Samples(samples) => samples.to_string(),
            Latency::Recording => "all".into(),
        },
        facts.note.clone(),
    ]
}

/// Two or three significant digits.
fn millions(per_second: f64) -> String {
    let millions = per_second / 1e6;
    match millions {
        _ if millions < 1.0 => format!("{millions:.2}"),
        _ if millions < 10.0 => format!("{millions:.1}"),
        _ => format!("{millions:.0}"),
    }
}

fn bytes(count: u64) -> String {
    match count {
        0..10_000 => count.to_string(),
        10_000..0x10_0000 => format!("{} K", count >> 10),
        _ => format!("{} M", count >> 20),
    }
}

/// A line per method, all digits, under the names that JSON has.
pub fn csv(comparison: &Comparison) -> String {
    let mut text = String::from(
        "name,compressed_bytes,ratio,bits_per_sample,encode_samples_per_s,decode_samples_per_s,\
         mismatches,causal,state_bytes,latency_samples,note\n",
    );
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    for Row { facts, figures } in &comparison.methods {
        let figures = figures.as_ref().map_or("not installed,,,,,".into(), |f| {
            format!(
                "{},{:.6},{:.6},{:.0},{:.0},{}",
                f.compressed_bytes,
                f.ratio,
                f.bits_per_sample,
                f.encode_samples_per_s,
                f.decode_samples_per_s,
                f.mismatches
            )
        });
        let latency = match facts.latency {
            Latency::Samples(samples) => samples.to_string(),
            Latency::Recording => "all".into(),
        };
        let _ = writeln!(
            text,
            "{},{figures},{},{},{latency},{}",
            quoted(&facts.name),
            facts.causal,
            facts.state_bytes,
            quoted(&facts.note)
        );
    }
    text
}
