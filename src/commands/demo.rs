//! `tierwire demo`, and `tierwire` alone: one recording through everything.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, bail};
use comfy_table::{ContentArrangement, Table, presets};
use console::Term;
use golden_model::recordings::RecordingFile;
use golden_model::synthetic::{RATE, Synthetic};
use golden_model::twr;
use golden_model::wav::Recording;
use testbench::Stalls;
use testbench::engine::Engine;
use testbench::runs::{packet_for, run};

use crate::output::{print, write_text};
use crate::profiles::{Choice, ProfileParser};
use crate::recordings::SampleBar;

/// What to show.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire demo")]
pub struct Arguments {
    /// WAV file with as many channels as the profile; without it, a synthetic recording is used.
    input: Option<PathBuf>,
    /// Profile whose hardware is simulated.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser, default_value = PROFILE)]
    profile: Choice,
    /// Folder for the Verilog file.
    #[arg(short, long, value_name = "DIR", default_value = "build")]
    output: PathBuf,
}

const PROFILE: &str = "bigram-128";
/// Length of the synthetic recording, of all channels together.
const SECONDS: usize = 5;
/// Seed of the synthetic recording: any other would do.
const SEED: u64 = 2026;

impl Default for Arguments {
    fn default() -> Arguments {
        Arguments { input: None, profile: Choice::Shipped(PROFILE.into()), output: "build".into() }
    }
}

impl Arguments {
    /// Shows it.
    pub fn run(self) -> anyhow::Result<()> {
        // One recording is one packet.
        let profile = self.profile.load()?.in_packets();
        let set = profile.table_set();
        let whole = match &self.input {
            Some(path) => RecordingFile::read(path, None)?,
            None => synthetic(&profile)?,
        };
        let whole = packet_for(&profile, whole)?;
        let count = whole.recording.samples.len();
        print(&format!(
            "{}: {} samples, {} bytes. Profile {}, table set {}.\n",
            whole.name,
            count,
            whole.bytes.len(),
            profile.name(),
            set.name()
        ))?;
        let mut steps = Steps::new();

        let start = Instant::now();
        let mut small = Vec::new();
        let summary = twr::compress(&whole.bytes[..], &mut small, &twr::Options::new(set))?;
        let ratio = summary.original_bytes as f64 / summary.compressed_bytes as f64;
        let bits = 8.0 * summary.compressed_bytes as f64 / count as f64;
        let found = format!("{} bytes: ratio {ratio:.3}, {bits:.2} bits a sample", small.len());
        steps.done("golden model", "WAV file to .twr file", found, start);

        let start = Instant::now();
        let mut back = Vec::new();
        let at_hand = |_: &twr::Identity| Some(std::borrow::Cow::Borrowed(set));
        twr::decompress(&small[..], &mut back, at_hand)?;
        steps.judge(back == whole.bytes, "the .twr file gives another file back");
        steps.done("host decoder", ".twr file to WAV file", "the same bytes".into(), start);

        let recordings = [whole];
        steps.simulate(Engine::RustHdl, &profile, &recordings)?;

        let start = Instant::now();
        let verilog = hdl::verilog::export::verilog(&profile);
        let path = self.output.join(format!("{}.v", hdl::verilog::export::top_name(&profile)));
        let folder = || self.output.display().to_string();
        std::fs::create_dir_all(&self.output).with_context(folder)?;
        write_text(&path, &verilog)?;
        let found = format!("{} lines in {}", verilog.lines().count(), path.display());
        steps.done("exporter", "rust-hdl to Verilog", found, start);

        steps.simulate(Engine::Verilog, &profile, &recordings)?;
        print(&format!("{}\n", steps.table))?;
        match steps.wrong.first() {
            None => {
                print("Every engine sent the same bits, and the file was restored from them.\n")
            }
            Some(_) => bail!("{}", steps.wrong.join("; ")),
        }
    }
}

/// The embedded recording as a WAV file.
fn synthetic(profile: &hdl::Profile) -> anyhow::Result<RecordingFile> {
    let channels = profile.channels();
    let samples = Synthetic::default().rounds(SEED, channels, SECONDS * RATE as usize / channels);
    let mut file = Vec::new();
    Recording { rate: RATE, channels: channels as u16, samples }.write(&mut file)?;
    let seconds = match channels {
        1 => format!("{SECONDS} s"),
        many => format!("{many} channels, {:.3} s", SECONDS as f64 / many as f64),
    };
    Ok(RecordingFile::of_wav(format!("synthetic recording, {seconds}"), file)?)
}

/// The table that grows with every step.
struct Steps {
    table: Table,
    wrong: Vec<String>,
}

impl Steps {
    fn new() -> Steps {
        let mut table = Table::new();
        table.load_style(presets::UTF8_FULL_CONDENSED);
        if let Some((_, columns)) = Term::stdout().size_checked() {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(columns);
        }
        table.set_header(["", "does", "and found", "seconds"]);
        Steps { table, wrong: Vec::new() }
    }

    fn done(&mut self, who: &str, what: &str, found: String, start: Instant) {
        let seconds = format!("{:.2}", start.elapsed().as_secs_f64());
        self.table.add_row([who, what, &found, &seconds]);
    }

    fn judge(&mut self, right: bool, fault: &str) {
        if !right {
            self.wrong.push(fault.into());
        }
    }

    fn simulate(
        &mut self,
        engine: Engine,
        profile: &hdl::Profile,
        recordings: &[RecordingFile],
    ) -> anyhow::Result<()> {
        let start = Instant::now();
        let checked = run(engine, profile, recordings, Stalls::NONE, &SampleBar::new())?;
        let (who, what) = match engine {
            Engine::RustHdl => ("rust-hdl simulator", "samples to words, clock by clock"),
            Engine::Verilog => ("Verilator", "the same on the exported Verilog"),
            Engine::NetlistIce40 | Engine::NetlistEcp5 => ("Verilator", "the same on the netlist"),
        };
        let same = checked.wrong_words == 0;
        self.judge(same, &format!("{who}: other words than the golden model's"));
        self.judge(checked.not_back == 0, &format!("{who}: the file is not restored"));
        let found = format!(
            "{} words in {} clocks: {} bit for bit; decoded, {}",
            checked.words,
            checked.cycles,
            if same { "the golden model's" } else { "NOT the golden model's" },
            if checked.not_back == 0 { "the same WAV file" } else { "ANOTHER file" },
        );
        self.done(who, what, found, start);
        Ok(())
    }
}
