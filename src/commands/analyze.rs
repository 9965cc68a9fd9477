//! `tierwire analyze`

use std::fs;
use std::path::{Path, PathBuf};

use crate::given::Given;
use crate::output::{print, write_text};
use crate::recordings::RawArguments;
use crate::tables::default_set;
use crate::{recordings, say};
use anyhow::{Context, bail};
use study::analysis::{Analysis, From, Source, page};

/// What to analyse.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire analyze recordings -o analysis")]
pub struct Arguments {
    /// Folder of recordings, of any recorder, or one recording.
    folder: PathBuf,
    #[command(flatten)]
    raw: RawArguments,
    /// Folder for analysis.html and analysis.json; created if it is missing.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
}

impl Arguments {
    /// Analyses.
    pub fn run(self) -> anyhow::Result<()> {
        let set = default_set()?;
        let all = Given::at(&self.folder, self.raw)?;
        let (sources, codec): (Vec<Source>, _) = match &all {
            Given::OfTheChallenge(files) => {
                let within = |path: &PathBuf| match path.strip_prefix(&self.folder) {
                    Ok(within) if within != Path::new("") => within.display().to_string(),
                    _ => path.display().to_string(),
                };
                let source = |path| Source { name: within(path), from: From::Wav(path, &set) };
                (files.iter().map(source).collect(), format!("table set {}", set.name()))
            }
            Given::Others(all) => {
                let sources = all.iter().map(|(name, recording)| Source {
                    name: name.clone(),
                    from: From::Recorder(recording),
                });
                (sources.collect(), "what suits each of them".to_owned())
            }
        };
        let bar = recordings::progress(sources.len());
        let analysis = Analysis::new(&sources, &codec, || bar.inc(1));
        bar.finish_and_clear();
        analysis.skipped.iter().for_each(|why| say(why));
        if analysis.samples == 0 {
            bail!("{}: no samples of 16 bits in it", self.folder.display());
        }
        fs::create_dir_all(&self.output).with_context(|| self.output.display().to_string())?;
        write_text(&self.output.join("analysis.html"), &page::html(&analysis))?;
        let json = serde_json::to_string(&analysis)?;
        write_text(&self.output.join("analysis.json"), &format!("{json}\n"))?;
        print(&analysis.to_string())
    }
}
