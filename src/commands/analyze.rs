//! `tierwire analyze`

use std::fs;
use std::path::PathBuf;

use crate::output::{print, write_text};
use crate::recordings::find;
use crate::tables::default_set;
use crate::{recordings, say};
use anyhow::{Context, bail};
use study::analysis::{Analysis, page};

/// What to analyse.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire analyze recordings -o analysis")]
pub struct Arguments {
    /// Folder of recordings: all WAV files in it and in its subfolders.
    folder: PathBuf,
    /// Folder for analysis.html and analysis.json; created if it is missing.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
}

impl Arguments {
    /// Analyses.
    pub fn run(self) -> anyhow::Result<()> {
        let set = default_set()?;
        let files = find(&self.folder)?;
        let bar = recordings::progress(files.len());
        let analysis = Analysis::new(&self.folder, &files, &set, || bar.inc(1));
        bar.finish_and_clear();
        analysis.skipped.iter().for_each(|why| say(why));
        if analysis.samples == 0 {
            bail!("{}: no samples of 16 bits in it", self.folder.display());
        }
        fs::create_dir_all(&self.output).with_context(|| self.output.display().to_string())?;
        write_text(&self.output.join("analysis.html"), &page::html(&analysis))?;
        let json = serde_json::to_string(&analysis)?;
        write_text(&self.output.join("analysis.json"), &format!("{json}\n"))?;
        print(&summary(&analysis))
    }
}

/// The chief figures, for a terminal.
fn summary(analysis: &Analysis) -> String {
    let a = analysis;
    let mut text = format!(
        "files               {}\nsamples             {}\nunique_values       {}\n\
         smallest_step       {}\nlattice             {}\noff_the_lattice     {}\n\
         ratio               {:.4}\n",
        a.files,
        a.samples,
        a.unique_values,
        a.smallest_step.map_or("none".into(), |step| step.to_string()),
        a.lattice.formula,
        a.lattice.samples_off,
        a.ratio,
    );
    if let Some(e) = &a.entropies {
        text += &format!(
            "entropy_order_0     {:.4}\nentropy_order_1     {:.4}\n",
            e.order_0.plug_in, e.order_1.plug_in
        );
    }
    text
}
