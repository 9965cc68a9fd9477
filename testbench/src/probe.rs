//! A probe on a pipeline in Verilator: when each sample came and each word left, and how often every
//! net toggled.
//!
//! Samples arrive at the pace of the channels, evenly over each frame, and the sink takes every
//! word at once: what is measured is the hardware alone.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use hdl::Profile;
use synth::{ModelSource, Verilator};

use crate::packets::expected_frames;
use crate::verilator_engine::EngineError;

const HARNESS: &str = include_str!("probe_harness.cpp");

/// What Verilator needs to count toggles of a flat netlist.
pub const COUNTING: [&str; 4] = ["--trace-saif", "--trace-depth", "1", "--trace-underscore"];

/// A pipeline with a probe on it.
#[derive(Clone, Debug)]
pub struct Probe {
    profile: Profile,
    program: PathBuf,
    counts: bool,
}

/// When a sample arrived, in clocks since reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The first clock at which it was offered.
    pub arrived: u32,
    /// The clock in which it was taken.
    pub taken: u32,
}

/// When a word left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// The clock in which it was taken.
    pub clock: u32,
    /// It ends its frame.
    pub last: bool,
    /// The word, the first bit sent at bit 31.
    pub word: u32,
}

/// What a probe saw.
#[derive(Clone, Debug)]
pub struct Run {
    /// Clocks since reset.
    pub clocks: u64,
    /// Every sample.
    pub samples: Vec<Taken>,
    /// Every word.
    pub words: Vec<Left>,
    /// Toggles in Verilator's SAIF, if they were asked for.
    pub saif: Option<String>,
}

impl Probe {
    /// A probe on any Verilog text with the ports of a profile's top module; with `counts` it counts
    /// toggles.
    ///
    /// # Errors
    /// [`EngineError::Tool`].
    ///
    /// # Panics
    /// When the profile has no frames.
    pub fn new(
        verilator: &Verilator,
        profile: &Profile,
        verilog: &str,
        counts: bool,
    ) -> Result<Probe, EngineError> {
        assert!(profile.frames().is_some(), "a profile with frames");
        let program = verilator.build(&ModelSource {
            name: &format!("{}-probe", profile.name()),
            verilog,
            top: &hdl::verilog::export::top_name(profile),
            harness: HARNESS,
            verilator_flags: if counts { &COUNTING } else { &[] },
            ..ModelSource::default()
        })?;
        Ok(Probe { profile: profile.clone(), program, counts })
    }

    /// Sends whole frames of samples; a frame's samples arrive evenly over `clocks_per_frame`
    /// clocks, or with 0 as fast as they are taken. Every word is compared with the golden model.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn run(&self, samples: &[i16], clocks_per_frame: u64) -> Result<Run, EngineError> {
        let io = |source| EngineError::Io { profile: self.profile.name().into(), source };
        let folder = tempfile::tempdir().map_err(io)?;
        let [input, events, saif] =
            ["samples", "events", "toggles.saif"].map(|name| folder.path().join(name));
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        std::fs::write(&input, bytes).map_err(io)?;
        let mut command = Command::new(&self.program);
        command.args([&input, &events]).stdin(Stdio::null());
        let [round, frame] = [self.profile.channels(), self.frame_samples()];
        command.args([round.to_string(), frame.to_string(), clocks_per_frame.to_string()]);
        if self.counts {
            command.arg(&saif);
        }
        let output = command.output().map_err(io)?;
        let told = String::from_utf8_lossy(&output.stdout);
        let clocks = match told.trim().split_once(' ') {
            Some(("done", clocks)) => clocks.parse().ok(),
            Some(("fault", reason)) => return Err(EngineError::Fault(reason.into())),
            _ => None,
        };
        let clocks = clocks.ok_or_else(|| EngineError::Fault(format!("it says {told:?}")))?;
        let (samples_seen, words) = read_events(&std::fs::read(&events).map_err(io)?)
            .ok_or_else(|| EngineError::Fault("events are missing".into()))?;
        let expected = expected_frames(&self.profile, samples);
        let expected = expected.iter().flat_map(|frame| &frame.words);
        if samples_seen.len() != samples.len() || !expected.eq(words.iter().map(|left| &left.word))
        {
            return Err(EngineError::Fault("other words than the golden model's".into()));
        }
        let saif = match self.counts {
            true => Some(std::fs::read_to_string(&saif).map_err(io)?),
            false => None,
        };
        Ok(Run { clocks, samples: samples_seen, words, saif })
    }

    /// The clocks in which any frame can be taken: the most that one of the first eight took, offered
    /// as fast as it was taken.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn clocks_per_frame(&self, samples: &[i16]) -> Result<u64, EngineError> {
        let frame = self.frame_samples();
        let samples = samples.get(..8 * frame).unwrap_or(samples);
        let taken = self.run(samples, 0)?.samples;
        let starts: Vec<u32> = taken.iter().step_by(frame).map(|first| first.taken).collect();
        let most = starts.windows(2).map(|pair| u64::from(pair[1] - pair[0])).max();
        most.ok_or_else(|| EngineError::Fault("only one frame".into()))
    }

    /// Samples of a frame, all channels together.
    /// Samples of a frame.
    pub fn frame_samples(&self) -> usize {
        self.profile.frames().map_or(1, |frames| frames.rounds) * self.profile.channels()
    }
}

/// Samples and words in the order in which they came; `None` if the file was cut short.
fn read_events(bytes: &[u8]) -> Option<(Vec<Taken>, Vec<Left>)> {
    let (events, []) = bytes.as_chunks::<12>() else { return None };
    let (mut samples, mut words) = (Vec::new(), Vec::new());
    for event in events {
        let number = |at: usize| {
            u32::from_le_bytes([event[at], event[at + 1], event[at + 2], event[at + 3]])
        };
        match number(0) {
            0 => samples.push(Taken { arrived: number(4), taken: number(8) }),
            // m_axis_tdata has the first byte of the stream in its lowest lane.
            kind => {
                words.push(Left { clock: number(4), last: kind == 2, word: number(8).swap_bytes() })
            }
        }
    }
    Some((samples, words))
}
