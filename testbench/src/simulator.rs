//! One trait for everything that runs the hardware: the rust-hdl simulator, Verilator on the export
//! and on netlists, and boards in either.
//!
//! A [`Simulator`] takes a [`Stimulus`], checks the stream rules at every clock, and reports each
//! sample and each word when it moves. What is made of these events is the same for all.

use std::io;

use hdl::Status;

use crate::axi_stream::BrokenRule;
use crate::stimulus::{Stalls, Stimulus};

/// Clocks without any movement after which the hardware counts as stuck.
pub const PATIENCE: u32 = 500_000;
/// Clocks without any movement after which no word will come any more.
pub const QUIET: u32 = 256;

/// Hardware in a simulator, ready to run.
pub trait Simulator: Sync {
    /// Runs a stimulus from reset, and reports what moves, in order.
    ///
    /// # Errors
    /// [`EngineError`].
    fn run(
        &self,
        stimulus: Stimulus<'_>,
        seen: &mut dyn FnMut(Event),
    ) -> Result<Outcome, EngineError>;

    /// Runs a stimulus; the words between one `m_axis_tlast` and the next, whatever there is of
    /// them.
    ///
    /// # Errors
    /// [`EngineError`].
    fn stream(&self, stimulus: Stimulus<'_>) -> Result<Simulation, EngineError> {
        let mut packets = Vec::new();
        let mut packet = PacketWords::default();
        let outcome = self.run(stimulus, &mut |event| {
            if let Event::Word(word) = event {
                packet.words.push(word.word);
                packet.last_word_bytes = word.bytes;
                if word.last {
                    packets.push(core::mem::take(&mut packet));
                }
            }
        })?;
        if !packet.words.is_empty() {
            packets.push(packet);
        }
        Ok(Simulation { packets, cycles: outcome.clocks, cpu_seconds: outcome.cpu_seconds })
    }

    /// Runs packets; the words of each. A packet without samples has none: a stream cannot send it.
    ///
    /// # Errors
    /// [`EngineError`].
    fn simulate(&self, packets: &[Vec<i16>], stalls: Stalls) -> Result<Simulation, EngineError> {
        let sent = packets.iter().filter(|packet| !packet.is_empty()).count();
        let simulation = self.stream(Stimulus::packets(packets, stalls))?;
        let came = simulation.packets.len();
        if came != sent {
            return Err(EngineError::Fault(Fault::Packets { sent, came }));
        }
        let mut came = simulation.packets.into_iter();
        let words = |packet: &Vec<i16>| match packet.is_empty() {
            true => PacketWords::default(),
            false => came.next().expect("they were counted"),
        };
        Ok(Simulation { packets: packets.iter().map(words).collect(), ..simulation })
    }

    /// Runs a stimulus, and notes everything that moves.
    ///
    /// # Errors
    /// [`EngineError`].
    fn trace(&self, stimulus: Stimulus<'_>) -> Result<Trace, EngineError> {
        let (mut taken, mut words) = (Vec::new(), Vec::new());
        let outcome = self.run(stimulus, &mut |event| match event {
            Event::Sample { clock } => taken.push(clock),
            Event::Word(word) => words.push(word),
            Event::Answer { .. } => {}
        })?;
        Ok(Trace { taken, words, outcome })
    }
}

/// Something that moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A sample was taken.
    Sample {
        /// In which clock since reset.
        clock: u32,
    },
    /// A word was taken.
    Word(TracedWord),
    /// A register answered.
    Answer {
        /// In which clock since reset.
        clock: u32,
        /// What was read, 0 for a write; `None` if it was refused.
        word: Option<u32>,
    },
}

/// A word that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TracedWord {
    /// In which clock since reset.
    pub clock: u32,
    /// The word, the first bit sent at bit 31.
    pub word: u32,
    /// Bytes of it that hold code bits.
    pub bytes: u8,
    /// With `m_axis_tlast`.
    pub last: bool,
}

impl TracedWord {
    /// As it stood on the wires: `m_axis_tdata` has the first byte of the stream in its lowest lane.
    pub(crate) fn new(clock: u32, data: u32, keep: u8, last: bool) -> TracedWord {
        TracedWord { clock, word: data.swap_bytes(), bytes: keep.count_ones() as u8, last }
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Clocks from reset to the last movement.
    pub clocks: u64,
    /// Time on the processor, however busy the machine was with other things; 0 where it is not
    /// measured.
    pub cpu_seconds: f64,
    /// The counters after the last clock. A board reports them modulo 64, and not how many frames.
    pub status: Status,
    /// Samples that a board's port lost, modulo 64.
    pub lost: u8,
}

/// The words of one packet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PacketWords {
    /// The words, the first bit sent at bit 31.
    pub words: Vec<u32>,
    /// Bytes of the last word that hold code bits, 1..=4 (0 for an empty packet).
    pub last_word_bytes: u8,
}

/// What came out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Simulation {
    /// The words of each packet.
    pub packets: Vec<PacketWords>,
    /// Clocks from reset to the last movement.
    pub cycles: u64,
    /// See [`Outcome`].
    pub cpu_seconds: f64,
}

/// Everything that moved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// The clock in which each sample was taken.
    pub taken: Vec<u32>,
    /// The words that were taken.
    pub words: Vec<TracedWord>,
    /// The end.
    pub outcome: Outcome,
}

impl Trace {
    /// The words, divided after each last one; the rest is a truncated frame.
    pub fn frames(&self) -> Vec<&[TracedWord]> {
        self.words.split_inclusive(|word| word.last).collect()
    }

    /// Whether another simulator did the same at every clock.
    pub fn is_same(&self, other: &Trace) -> bool {
        let ended = |trace: &Trace| (trace.outcome.clocks, trace.outcome.status);
        self.taken == other.taken && self.words == other.words && ended(self) == ended(other)
    }
}

/// Why a simulation failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The simulator could not be built.
    #[error(transparent)]
    Tool(#[from] synth::ToolError),
    /// The hardware did what it must not.
    #[error("the hardware: {0}")]
    Fault(#[from] Fault),
    /// The simulator ended with something else than its last line.
    #[error("the simulator of {profile} ended with {status}: {said:?}")]
    Ended {
        /// Which profile.
        profile: String,
        /// How.
        status: std::process::ExitStatus,
        /// The last line on standard error.
        said: String,
    },
    /// A stimulus with clocks, for a board: its recorder and its host have their own pace.
    #[error("a board takes samples and gives words at its own pace")]
    Paced,
    /// The process, or the pipes to it.
    #[error("the simulator of {profile}: {source}")]
    Io {
        /// Which profile.
        profile: String,
        /// What went wrong.
        source: io::Error,
    },
}

/// The hardware did what it must not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A stream rule.
    #[error("clock {clock}: {rule}")]
    Rule {
        /// The clock, counted from reset.
        clock: u64,
        /// The rule.
        rule: BrokenRule,
    },
    /// Nothing moves any more.
    #[error("clock {clock}: nothing moves")]
    Stuck {
        /// The clock, counted from reset.
        clock: u64,
    },
    /// Packets are missing, or there are words that belong to none.
    #[error("{sent} packets went in, {came} came out")]
    Packets {
        /// With at least one sample.
        sent: usize,
        /// Whole ones, and what followed them.
        came: usize,
    },
    /// Other words than the golden model's, where nothing else may come.
    #[error("other words than the golden model's")]
    OtherWords,
}
