//! Everything about a profile on a chip, in one page and as JSON.

pub mod page;

use std::path::{Path, PathBuf};

use crate::power::Device;
use crate::power::coefficients::ECP5;
use golden_model::ChannelStates;
use golden_model::encoder::SampleEncoder;
use hdl::Profile;
use rayon::prelude::*;
use serde::Serialize;
use synth::{Target, Tools};
use testbench::codes::Reading;

use crate::Error;
use crate::chip::{BuildOptions, Chip};
use crate::consumption::Consumption;
use crate::latency::Latency;
use crate::loads::{bits_of, frames_of, loads};
use crate::silicon::{Options, Process, Silicon};
use crate::system::View;

/// Everything about a profile on a chip.
#[derive(Serialize)]
pub struct Report {
    /// The profile.
    pub profile: String,
    /// Its table set.
    pub table_set: String,
    /// The table set's digest, as the stream names it.
    pub digest: String,
    /// Channels.
    pub channels: usize,
    /// Samples of a channel per second.
    pub samples_per_s: f64,
    /// Rounds of a frame.
    pub frame_rounds: usize,
    /// Frames from one keyframe to the next.
    pub keyframe_interval: usize,
    /// Its resources and clock.
    pub chip: Chip,
    /// The latency of samples.
    pub latency: Latency,
    /// Its estimated power, if an estimate is possible.
    pub power: Option<Consumption>,
    /// Why no estimate is possible.
    pub no_power: Option<&'static str>,
    /// Compressor and radio together.
    pub system: Option<View>,
    /// The same core in silicon, if a process was given.
    pub silicon: Option<Silicon>,
    /// Each recording's ratio, the least compressible first.
    pub recordings: Vec<OfRecording>,
    /// The output of `tierwire signoff`, if given.
    pub signoff: Option<serde_json::Value>,
    /// The tools' versions.
    pub tools: Vec<String>,
    /// The commands for each part.
    pub commands: Vec<String>,
}

/// One recording.
#[derive(Serialize)]
pub struct OfRecording {
    /// Its file's name.
    pub name: String,
    /// Its samples.
    pub samples: u64,
    /// Bits of the codes alone for each sample.
    pub bits_per_sample: f64,
    /// 16 bits a sample over these.
    pub ratio: f64,
}

/// What to report.
pub struct ReportRequest<'a> {
    /// The profile.
    pub profile: &'a Profile,
    /// The target.
    pub target: &'static Target,
    /// The folder of recordings, as commands name it.
    pub folder: &'a Path,
    /// The recordings.
    pub files: &'a [PathBuf],
    /// Frames of each load.
    pub frames: usize,
    /// Placements tried.
    pub seeds: u32,
    /// The folder of a process to estimate silicon in.
    pub pdk: Option<&'a Path>,
    /// The output of `tierwire signoff`.
    pub signoff: Option<serde_json::Value>,
}

impl Report {
    /// Builds, measures and estimates all of it.
    ///
    /// # Errors
    /// When a part fails.
    pub fn make(request: ReportRequest<'_>) -> Result<Report, Error> {
        let ReportRequest { profile, target, folder, files, frames, seeds, pdk, signoff } = request;
        let kind = frames_of(profile)?;
        let loads = loads(files, profile, frames)?;
        let latency = Latency::measure(profile, &loads, frames)?;
        let chip = Chip::build(profile, target, BuildOptions { mhz: None, seeds, shell: false })?;
        let power = match Device::named(target.name) {
            Some(device) => Some(Consumption::estimate(profile, target, device, &loads, frames)?),
            None => None,
        };
        let silicon = match pdk {
            Some(pdk) => {
                let process = Process::in_folder(pdk)?;
                let options = Options { recordings: files, frames, ..Options::new(&process) };
                Some(Silicon::estimate(profile, options)?)
            }
            None => None,
        };
        let (name, folder) = (profile.name(), folder.display());
        let on = format!("--profile {name} --target {}", target.name);
        let mut commands = vec![format!("tierwire synth {on} --seeds {seeds}")];
        commands.push(format!("tierwire latency {folder} --profile {name} --frames {frames}"));
        if power.is_some() {
            for command in ["power", "system"] {
                commands.push(format!("tierwire {command} {folder} {on} --frames {frames}"));
            }
            commands.push("tierwire power --backtest".into());
        }
        if let Some(pdk) = pdk {
            let pdk = pdk.display();
            let on = format!("--profile {name} --pdk {pdk}");
            commands.push(format!("tierwire silicon {on} --recordings {folder} --frames {frames}"));
        }
        let table_set = profile.table_set();
        commands.push(format!("tierwire corpus {folder} --codec {}", table_set.name()));
        if signoff.is_some() {
            commands.push(format!("tierwire signoff --profile {name} --recordings {folder}"));
        }
        let own = format!("tierwire {}", env!("CARGO_PKG_VERSION"));
        Ok(Report {
            profile: name.into(),
            table_set: table_set.name().into(),
            digest: format!("{:08x}", table_set.digest()),
            channels: profile.channels(),
            samples_per_s: profile.samples_per_s(),
            frame_rounds: kind.rounds,
            keyframe_interval: kind.keyframe_interval,
            chip,
            latency,
            system: power.as_ref().map(View::new),
            no_power: power.is_none().then_some(ECP5),
            power,
            silicon,
            recordings: recordings(profile, files)?,
            signoff,
            tools: [own].into_iter().chain(Tools::versions().map(String::from)).collect(),
            commands,
        })
    }
}

/// Each recording alone, from the initial state.
fn recordings(profile: &Profile, files: &[PathBuf]) -> Result<Vec<OfRecording>, Error> {
    let set = profile.table_set();
    let coder = SampleEncoder::new(set);
    let reading = Reading::whole(profile, None);
    let of = |path: &PathBuf| {
        let recording = reading.read(path)?.recording;
        let mut states = ChannelStates::initial(set, recording.channels.into());
        let bits = |&sample: &i16| bits_of(set, &coder, &mut states, sample);
        let bits: f64 = recording.samples.iter().map(bits).sum();
        let samples = recording.samples.len() as u64;
        let bits_per_sample = bits / samples.max(1) as f64;
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(OfRecording { name: file, samples, bits_per_sample, ratio: 16.0 / bits_per_sample })
    };
    let mut all: Vec<OfRecording> = files.par_iter().map(of).collect::<Result<_, Error>>()?;
    all.retain(|recording| recording.samples > 0);
    all.sort_by(|a, b| a.ratio.total_cmp(&b.ratio));
    Ok(all)
}
