//! `tierwire info`

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::bail;
use golden_model::recordings::Input;
use golden_model::shipped;
use golden_model::twr::{self, Content, Report};
use recorders::restore::is_archive;

use crate::archives;
use crate::output::print;

/// What to look at.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire info recording.twr")]
pub struct Arguments {
    /// The .twr file; - for standard input.
    input: PathBuf,
}

impl Arguments {
    /// Says what the file holds.
    pub fn run(self) -> anyhow::Result<()> {
        let (is_archive, mut input) = is_archive(Input::open(&self.input)?)?;
        if is_archive {
            return archives::info(input);
        }
        match twr::inspect(&mut input) {
            Ok(report) => print(&text(&report)),
            Err(error) => bail!("{}: {error}", input.name),
        }
    }
}

fn text(report: &Report) -> String {
    let mut text = format!("format       .twr version {}\n", report.header.version());
    match &report.header.content {
        Content::Samples { table_set, rate, channels, standard_head, max_error, .. } => {
            let known = match shipped(&table_set.name) {
                Some(set) if set.digest() == table_set.digest => "shipped",
                Some(_) => "not the shipped one of this name",
                None => "not a shipped one",
            };
            let seconds = report.rounds as f64 / f64::from((*rate).max(1));
            let head = match (standard_head, report.head_bytes) {
                (true, _) => "standard, 44 bytes",
                (false, 0) => "none: raw samples",
                (false, _) => "carried",
            };
            let _ = writeln!(text, "table set    {table_set}, {known}");
            let _ = match max_error {
                None => writeln!(text, "lossless     yes"),
                Some(e) => writeln!(text, "lossless     no: samples within {} tokens", e.tokens()),
            };
            let _ = writeln!(text, "channels     {channels}");
            let _ = writeln!(text, "sample rate  {rate} per second");
            let _ = writeln!(text, "rounds       {} ({seconds:.3} s)", report.rounds);
            match &report.manifest {
                None => drop(writeln!(text, "WAV header   {head}")),
                Some(manifest) => {
                    let names: Vec<&str> = manifest.files().iter().map(|f| &f.name[..]).collect();
                    let _ = writeln!(text, "folder       {}", names.join(", "));
                }
            }
            let (coded, verbatim) = (report.coded_blocks, report.verbatim_blocks);
            let _ = writeln!(text, "blocks       {coded} coded, {verbatim} of verbatim samples");
            let _ = writeln!(text, "other bytes  {}", report.other_bytes);
        }
        Content::Verbatim { note } => {
            // The note comes from the file and may contain anything.
            let _ = writeln!(text, "content      stored verbatim: {}", note.escape_default());
        }
    }
    let (before, after) = (report.original_bytes, report.compressed_bytes);
    let _ = writeln!(text, "original     {before} bytes, CRC-32 {:#010x}", report.original_crc);
    let _ = writeln!(text, "compressed   {after} bytes, ratio {:.3}", before as f64 / after as f64);
    text
}
