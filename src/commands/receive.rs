//! `tierwire receive`

use std::path::PathBuf;
use std::time::Duration;

use link::{Address, Destination, Gaps, Options, Session, Source};
use recorders::output::finish_when_interrupted;

use crate::output::print;
use crate::profiles::{Choice, ProfileParser, stream_format};
use crate::tables::named;

/// What to receive, and where it goes.
#[derive(clap::Args)]
#[command(
    before_help = "Example: tierwire receive udp://0.0.0.0:4000 --profile tile256 -o run.wav"
)]
pub struct Arguments {
    /// Where frames come from: a file, - for standard input, udp://HOST:PORT to receive datagrams at,
    /// tcp://HOST:PORT to connect to, tcp-listen://HOST:PORT to be connected to, serial:PORT@BAUD.
    #[arg(value_name = "ADDRESS")]
    input: Address,
    /// Profile that the sender has: its tables and its frames.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser)]
    profile: Choice,
    /// Another table set that the sender's may change to, where they are loaded at run time. Can be given several times.
    #[arg(long, value_name = "NAME|FILE")]
    tables: Vec<PathBuf>,
    /// Where samples go: FILE.wav, FILE.raw, FILE.twr, FOLDER.zarr, - for raw samples on standard
    /// output, ephys://ADDRESS:PORT for Open Ephys to connect to, lsl:NAME for LSL. Can be given several times.
    #[arg(short, long, value_name = "OUT", required = true)]
    output: Vec<Destination>,
    /// What is written where samples are missing: the last ones again, zeros, NaN (all samples are then
    /// 32-bit floats), or nothing.
    #[arg(long, value_name = "hold|zero|nan|skip", default_value = "hold")]
    gaps: Gaps,
    /// JSON file that lists what is missing; without it, OUT.gaps.json beside the first file.
    #[arg(long, value_name = "FILE")]
    sidecar: Option<PathBuf>,
    /// Frame 0 is waited for: what is lost before the first keyframe counts as missing. Without it,
    /// the recording begins with the first keyframe that arrives.
    #[arg(long)]
    from_start: bool,
    /// Frames that a datagram may be behind others.
    #[arg(long, value_name = "FRAMES", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=4096))]
    window: u16,
    /// Ends after so many seconds.
    #[arg(long)]
    seconds: Option<f64>,
    /// Prints the state of the link on standard output, a line of JSON each second.
    #[arg(long = "json")]
    json_lines: bool,
    /// Draws the link and a few channels in the terminal.
    #[arg(long)]
    watch: bool,
    /// Shows the same on a page of this machine alone: http://localhost:PORT.
    #[arg(long = "page", value_name = "PORT")]
    page_port: Option<u16>,
}

impl Arguments {
    /// Receives.
    pub fn run(self) -> anyhow::Result<()> {
        let stop = finish_when_interrupted();
        let mut format = stream_format(&self.profile.load()?)?;
        format.others = self.tables.iter().map(|path| named(path)).collect::<Result<_, _>>()?;
        let plan = link::Plan {
            outputs: &self.output,
            gaps: self.gaps,
            sidecar: self.sidecar.as_deref(),
            json_lines: self.json_lines,
            watch: self.watch,
            page: self.page_port,
        };
        plan.check().map_err(super::usage)?;
        let most = self.seconds.map(Duration::try_from_secs_f64).transpose()?;
        let options = Options {
            from_start: self.from_start,
            window: self.window.into(),
            ..Options::default()
        };
        let session = Session { format: &format, address: &self.input, options, stop, most };
        let source = Source::open(&self.input)?;
        let recorder = plan.open(&format)?;
        let state = session.run(&source, recorder, &mut plan.observers(&format)?)?;
        if plan.is_quiet() { Ok(()) } else { print(&format!("{state}\n")) }
    }
}
