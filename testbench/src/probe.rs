//! A probe on a pipeline in Verilator: when each sample came and each word left, and how often every
//! net toggled.
//!
//! Samples arrive at the pace of the channels, evenly over each frame, and the sink takes every
//! word at once: what is measured is the hardware alone.

use hdl::Profile;
use synth::Verilator;

use crate::packets::expected_frames;
use crate::simulator::{EngineError, Event, Fault, TracedWord};
use crate::stimulus::{Offer, Stimulus};
use crate::verilator_engine::{COUNTING, VerilatorEngine};

/// A pipeline with a probe on it.
#[derive(Clone, Debug)]
pub struct Probe {
    profile: Profile,
    engine: VerilatorEngine,
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

/// What a probe saw.
#[derive(Clone, Debug)]
pub struct Run {
    /// Clocks since reset.
    pub clocks: u64,
    /// Every sample.
    pub samples: Vec<Taken>,
    /// Every word.
    pub words: Vec<TracedWord>,
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
        let flags: &[&str] = if counts { &COUNTING } else { &[] };
        let engine = VerilatorEngine::of_verilog(verilator, profile, verilog, flags)?;
        Ok(Probe { profile: profile.clone(), engine, counts })
    }

    /// Sends whole frames of samples; a frame's samples arrive evenly over `clocks_per_frame`
    /// clocks, or with 0 as fast as they are taken. Every word is compared with the golden model.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn run(&self, samples: &[i16], clocks_per_frame: u64) -> Result<Run, EngineError> {
        let (round, frame) = (self.profile.channels(), self.frame_samples());
        let loaded = self.engine.load_clocks();
        let due = |number: usize| loaded + (number as u64 * clocks_per_frame / frame as u64) as u32;
        let offers = samples.iter().enumerate().map(|(number, &sample)| {
            let last = (number + 1).is_multiple_of(round);
            Offer { sample, last, gap: 0, from: due(number) }
        });
        let expected = expected_frames(&self.profile, samples);
        let packets = Some(expected.len() as u64);
        let stimulus = Stimulus { packets, ..Stimulus::offers(offers) };

        let io = |source| self.engine.error(source);
        let folder = tempfile::tempdir().map_err(io)?;
        let saif = folder.path().join("toggles.saif");
        let (mut taken, mut words) = (Vec::new(), Vec::new());
        let mut arrived = 0;
        let outcome =
            self.engine.count(
                stimulus,
                self.counts.then_some(&saif),
                &mut |event| match event {
                    Event::Sample { clock } => {
                        if clocks_per_frame > 0 {
                            arrived = due(taken.len());
                        }
                        taken.push(Taken { arrived, taken: clock });
                        arrived = clock + 1;
                    }
                    Event::Word(word) => words.push(word),
                    Event::Answer { .. } => {}
                },
            )?;
        let expected = expected.iter().flat_map(|frame| &frame.words);
        if taken.len() != samples.len() || !expected.eq(words.iter().map(|word| &word.word)) {
            return Err(Fault::OtherWords.into());
        }
        let saif = match self.counts {
            true => Some(std::fs::read_to_string(&saif).map_err(io)?),
            false => None,
        };
        Ok(Run { clocks: outcome.clocks, samples: taken, words, saif })
    }

    /// The clocks in which any frame can be taken: the most that one of the first eight took, offered
    /// as fast as it was taken.
    ///
    /// # Errors
    /// [`EngineError`].
    ///
    /// # Panics
    /// When there are not two frames.
    pub fn clocks_per_frame(&self, samples: &[i16]) -> Result<u64, EngineError> {
        let frame = self.frame_samples();
        let samples = samples.get(..8 * frame).unwrap_or(samples);
        let taken = self.run(samples, 0)?.samples;
        let starts: Vec<u32> = taken.iter().step_by(frame).map(|first| first.taken).collect();
        let most = starts.windows(2).map(|pair| u64::from(pair[1] - pair[0])).max();
        Ok(most.expect("two frames or more"))
    }

    /// Samples of a frame, all channels together.
    pub fn frame_samples(&self) -> usize {
        self.profile.frames().map_or(1, |frames| frames.rounds) * self.profile.channels()
    }
}
