//! All checks of a profile, from the golden model over every simulator to damaged streams. Each
//! rung is a line with its figures.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use golden_model::synthetic::{RATE, Synthetic};
use golden_model::wav::Recording;
use golden_model::{Decoder, twr};
use hdl::Profile;
use rand::RngExt as _;
use rayon::prelude::*;
use serde::Serialize;
use synth::Tools;

use crate::Stalls;
use crate::codes::Reading;
use crate::damage::{KINDS, survive};
use crate::engine::Engine;
use crate::error::Error;
use crate::packets::{anything, as_samples_of, expected};
use crate::proofs::{Line, proofs};
use crate::runs::{Checked, Progress, run_files, run_random};
use crate::seed::generator;

/// The amount of each check.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    /// Random samples through the golden model and through Verilator.
    pub random: u64,
    /// Random samples through the rust-hdl simulator, which is slow.
    pub rust_hdl: u64,
    /// Samples of recordings through each netlist, at least.
    pub netlist: u64,
    /// Damaged streams of each kind.
    pub streams: usize,
}

/// The result of one rung.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Rung {
    /// What was checked.
    pub rung: &'static str,
    /// The engine.
    pub engine: &'static str,
    /// Samples that went in.
    pub samples: u64,
    /// Clocks; 0 without hardware.
    pub cycles: u64,
    /// The seed of random numbers, if any.
    pub seed: Option<u64>,
    /// Wrong packets, frames, streams or files.
    pub mismatches: u64,
    /// Frames that the hardware dropped and marked because the sink was busy.
    pub lost_frames: u64,
    /// Files that the host decoder restored byte for byte.
    pub given_back: u64,
    /// How long it took.
    pub seconds: f64,
    /// The simulators' CPU time.
    pub cpu_seconds: f64,
    /// Why the rung failed, if it did.
    pub failure: Option<String>,
}

impl Rung {
    /// Whether it passed.
    pub fn holds(&self) -> bool {
        self.failure.is_none() && self.mismatches == 0
    }

    /// Its figures in a line.
    pub fn line(&self) -> String {
        let or_dash = |number: u64| if number == 0 { "-".to_string() } else { number.to_string() };
        let mut line = format!(
            "{:<22} {:<14} {:>11} {:>11} {:>6} {:>5} {:>10} {:>7} {:>8.1} {:>8}",
            self.rung,
            self.engine,
            self.samples,
            or_dash(self.cycles),
            self.seed.map_or("-".into(), |seed| seed.to_string()),
            or_dash(self.lost_frames),
            or_dash(self.given_back),
            self.mismatches,
            self.seconds,
            // Only simulators that are programs of their own are clocked.
            if self.cpu_seconds > 0.0 { format!("{:.1}", self.cpu_seconds) } else { "-".into() }
        );
        if let Some(failure) = &self.failure {
            line += &format!("  FAILED: {failure}");
        } else if !self.holds() {
            line += "  WRONG";
        }
        line
    }

    fn checked(checked: &Checked, files: usize) -> Rung {
        Rung {
            samples: checked.samples,
            cycles: checked.cycles,
            mismatches: checked.wrong_words + checked.not_back,
            lost_frames: checked.lost_frames,
            given_back: files as u64 - checked.not_back,
            cpu_seconds: checked.cpu_seconds,
            ..Rung::default()
        }
    }
}

/// The line above those of the rungs.
pub fn heading() -> String {
    format!(
        "{:<22} {:<14} {:>11} {:>11} {:>6} {:>5} {:>10} {:>7} {:>8} {:>8}",
        "rung",
        "engine",
        "samples",
        "cycles",
        "seed",
        "lost",
        "restored",
        "wrong",
        "seconds",
        "CPU s"
    )
}

/// The ladder of a profile.
pub struct Ladder {
    /// The profile.
    pub profile: Profile,
    /// Recordings, real or synthetic.
    pub files: Vec<PathBuf>,
    /// The amount of each check.
    pub extent: Extent,
    /// Of everything that is random.
    pub seed: u64,
}

type Climb = fn(&Ladder, &dyn Progress) -> Result<Rung, Error>;

/// The rungs in their order: what, who, how.
const RUNGS: [(&str, &str, Climb); 10] = [
    ("recordings round trip", "golden model", |l, _| l.golden_recordings()),
    ("random round trip", "golden model", |l, _| Ok(l.golden_random())),
    ("random, random stalls", "rust-hdl", |l, p| l.random(Engine::RustHdl, l.extent.rust_hdl, p)),
    ("a recording", "rust-hdl", |l, p| l.recordings(Engine::RustHdl, 1, p)),
    ("every recording", "verilog", |l, p| l.recordings(Engine::Verilog, u64::MAX, p)),
    ("random, random stalls", "verilog", |l, p| l.random(Engine::Verilog, l.extent.random, p)),
    ("recordings", "netlist-ice40", |l, p| l.recordings(Engine::NetlistIce40, l.extent.netlist, p)),
    ("recordings", "netlist-ecp5", |l, p| l.recordings(Engine::NetlistEcp5, l.extent.netlist, p)),
    ("formal proofs", "boolector", |l, _| l.proofs()),
    ("damaged streams", "host decoder", |l, _| Ok(l.damaged())),
];

impl Ladder {
    /// Runs every rung, even after a failure, unless `report` fails.
    ///
    /// # Errors
    /// That of `report`.
    pub fn climb<E>(
        &self,
        progress: &dyn Progress,
        mut report: impl FnMut(&Rung) -> Result<(), E>,
    ) -> Result<Vec<Rung>, E> {
        let mut rungs = Vec::new();
        for (rung, engine, climb) in RUNGS {
            let start = Instant::now();
            let result = climb(self, progress).unwrap_or_else(|error| Rung {
                failure: Some(error.to_string()),
                ..Rung::default()
            });
            let seconds = start.elapsed().as_secs_f64();
            let result = Rung { rung, engine, seconds, ..result };
            report(&result)?;
            rungs.push(result);
        }
        Ok(rungs)
    }

    /// Files to .twr files and back.
    fn golden_recordings(&self) -> Result<Rung, Error> {
        let set = self.profile.table_set();
        let reading = Reading::whole(&self.profile, None);
        let round_trip = |file: &PathBuf| -> Result<(u64, bool), Error> {
            let bytes = reading.read(file)?.bytes;
            let wrong = |source| Error::Twr { name: file.display().to_string(), source };
            let (mut small, mut back) = (Vec::new(), Vec::new());
            let summary = twr::compress(&bytes[..], &mut small, &twr::Options::new(set));
            let summary = summary.map_err(wrong)?;
            let at_hand = |_: &twr::Identity| Some(std::borrow::Cow::Borrowed(set));
            twr::decompress(&small[..], &mut back, at_hand).map_err(wrong)?;
            Ok((summary.samples, back == bytes))
        };
        let files = self.files.par_iter().map(round_trip).collect::<Result<Vec<_>, Error>>()?;
        let given_back = files.iter().filter(|(_, same)| *same).count() as u64;
        Ok(Rung {
            samples: files.iter().map(|(samples, _)| samples).sum(),
            given_back,
            mismatches: files.len() as u64 - given_back,
            ..Rung::default()
        })
    }

    /// Random samples to words and back.
    fn golden_random(&self) -> Rung {
        const AT_ONCE: u64 = 1 << 20;
        let profile = self.profile.clone().in_packets();
        let wrong = AtomicU64::new(0);
        let parts = self.extent.random.div_ceil(AT_ONCE);
        (0..parts).into_par_iter().for_each(|part| {
            let mut random = generator(self.seed.wrapping_add(part));
            let samples = anything(&profile, AT_ONCE as usize, &mut random);
            let sent = expected(&profile, std::slice::from_ref(&samples)).remove(0);
            let mut back = vec![0; samples.len()];
            let mut decoder = Decoder::new(profile.table_set(), profile.channels());
            let same = decoder.fill(&sent.words, &mut back).is_ok() && back == samples;
            wrong.fetch_add(u64::from(!same), Ordering::Relaxed);
        });
        let samples = parts * AT_ONCE;
        let mismatches = wrong.into_inner();
        Rung { samples, seed: Some(self.seed), mismatches, ..Rung::default() }
    }

    /// Random samples with random stalls on both sides of the hardware.
    fn random(&self, engine: Engine, samples: u64, progress: &dyn Progress) -> Result<Rung, Error> {
        let simulator = engine.simulator(&self.profile)?;
        let checked = run_random(&*simulator, &self.profile, samples, self.seed, progress)?;
        Ok(Rung { seed: Some(self.seed), ..Rung::checked(&checked, 0) })
    }

    /// The first recordings that together have this many samples, or all.
    fn recordings(
        &self,
        engine: Engine,
        samples: u64,
        progress: &dyn Progress,
    ) -> Result<Rung, Error> {
        let mut files = 0;
        let mut bytes = 0;
        while files < self.files.len() && bytes / 2 < samples.saturating_add(44) {
            let file = &self.files[files];
            bytes += file.metadata().map_err(Error::file(file))?.len();
            files += 1;
        }
        let of_these = &self.files[..files];
        let most = match engine {
            Engine::RustHdl => self.extent.rust_hdl as usize,
            _ => usize::try_from(samples).unwrap_or(usize::MAX),
        };
        let reading = Reading { most, ..Reading::whole(&self.profile, None) };
        let checked = run_files(engine, &self.profile, of_these, &reading, Stalls::NONE, progress)?;
        Ok(Rung::checked(&checked, files))
    }

    /// All proofs, those of other profiles' designs as well: most blocks are shared.
    fn proofs(&self) -> Result<Rung, Error> {
        let prover = Tools::locate().prover()?;
        let mut open = 0;
        for proof in proofs() {
            let lines = Line::all(&proof, false, &prover)?;
            open += lines.iter().filter(|line| !line.good).count() as u64;
        }
        Ok(Rung { mismatches: open, ..Rung::default() })
    }

    /// Damage of every kind to streams of the profile's table set.
    fn damaged(&self) -> Rung {
        let survived = KINDS.par_iter().enumerate().map(|(number, &kind)| {
            let mut random = generator(self.seed.wrapping_add(number as u64));
            survive(kind, self.extent.streams, Some(self.profile.table_set()), &mut random)
        });
        let survived: Vec<_> = survived.collect();
        Rung {
            samples: survived.iter().map(|survived| survived.samples).sum(),
            seed: Some(self.seed),
            mismatches: survived.iter().map(|survived| survived.findings.len() as u64).sum(),
            ..Rung::default()
        }
    }
}

/// Synthetic mono recordings of five seconds each, for a profile.
///
/// # Errors
/// When they cannot be written.
pub fn synthetic_recordings(
    profile: &Profile,
    folder: &Path,
    number: usize,
    seed: u64,
) -> Result<Vec<PathBuf>, Error> {
    let mut random = generator(seed);
    (0..number)
        .map(|number| {
            let path = folder.join(format!("{number:03}.wav"));
            let samples = Synthetic::default().rounds(random.random(), 1, 5 * RATE as usize);
            let samples = as_samples_of(profile, samples);
            let mut bytes = Vec::new();
            Recording { rate: RATE, channels: 1, samples }
                .write(&mut bytes)
                .map_err(Error::file(&path))?;
            std::fs::write(&path, bytes).map_err(Error::file(&path))?;
            Ok(path)
        })
        .collect()
}
