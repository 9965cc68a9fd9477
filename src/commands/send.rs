//! `tierwire send`

use std::path::PathBuf;
use std::time::SystemTime;

use link::{Address, Codes, Damage, DamageRates, Player, Target, TargetOptions, encode};
use recorders::output::finish_when_interrupted;
use testbench::codes::Reading;
use testbench::dealing::Deal;
use testbench::engine::Engine;
use testbench::judge::Given as _;
use testbench::played::played;

use crate::messages::say;
use crate::profiles::{Choice, ProfileParser, engine_parser, stream_format};
use crate::recordings::{RawArguments, files_for};

/// What to send, and where to.
#[derive(clap::Args)]
#[command(
    before_help = "Example: tierwire send recording.wav --profile tile256 --to udp://127.0.0.1:4000"
)]
pub struct Arguments {
    /// Recordings, as `tierwire simulate` takes them: with as many channels as the profile, or dealt
    /// out as its channels.
    #[arg(required = true, value_name = "RECORDING")]
    inputs: Vec<PathBuf>,
    #[command(flatten)]
    raw: RawArguments,
    /// Profile whose hardware would send this.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser)]
    profile: Choice,
    /// Where frames go: FILE, - for standard output, udp://HOST:PORT, tcp://HOST:PORT,
    /// tcp-listen://HOST:PORT, serial:PORT@BAUD.
    #[arg(long, value_name = "ADDRESS")]
    to: Address,
    /// Uses this simulator in place of the golden encoder.
    #[arg(long, value_name = "ENGINE", value_parser = engine_parser())]
    engine: Option<Engine>,
    /// How much faster than the recording's own rate; 0 for as fast as possible.
    #[arg(long, value_name = "TIMES", default_value_t = 1.0)]
    speed: f64,
    /// Sends for so long in the recording's time, again and again from its beginning.
    #[arg(long)]
    seconds: Option<f64>,
    /// Damage on the way in percent of datagrams, or of frames where there are none: drop, flip,
    /// truncate, reorder, duplicate; such as drop=1,reorder=0.5.
    #[arg(long, value_name = "KIND=PERCENT,...", default_value = "drop=0")]
    damage: DamageRates,
    /// Seed of the damage.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Most bytes of a frame in a datagram.
    #[arg(long, value_name = "BYTES", default_value_t = 1400, value_parser = clap::value_parser!(u16).range(1..=65000))]
    piece: u16,
    /// Sends whole frames as datagrams, without a header.
    #[arg(long)]
    bare: bool,
}

impl Arguments {
    /// Sends.
    pub fn run(self) -> anyhow::Result<()> {
        let stop = finish_when_interrupted();
        let profile = self.profile.load()?;
        let format = stream_format(&profile)?;
        let files = files_for(&profile, &self.inputs)?;
        let reading = Reading::whole(&profile, self.raw.format()?);
        let deals = Deal::read(&files, &reading, &profile, 1)?;
        let frames: u64 = deals.iter().map(Deal::frames).sum();
        let all =
            self.seconds.map(|s| (s / format.frame_seconds()).ceil() as u64).unwrap_or(frames);
        let length = Codes::length(&format, frames, all);
        let count = length * format.layout.frame_samples() as u64;
        let again = || std::iter::repeat_with(|| deals.iter().flat_map(Deal::stream)).flatten();
        let samples = again().take(count as usize);

        let session = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_nanos() as u32;
        let options = TargetOptions { piece_bytes: self.piece.into(), bare: self.bare, session };
        let target = Target::open(&self.to, options, Damage::new(self.damage, self.seed))?;
        let speed = Some(self.speed).filter(|&speed| speed > 0.0);
        let player = Player { format: &format, speed, stop };
        let play = |frames: &mut dyn Iterator<Item = Vec<u32>>| {
            player.play(Codes::new(&format, frames, length, all), target)
        };
        let sent = match self.engine {
            None => play(&mut encode(&format, samples.map(|(sample, _)| sample)))?,
            Some(engine) => played(&*engine.simulator(&profile)?, samples, play)??,
        };
        say(&format!("{sent}"));
        Ok(())
    }
}
