//! What every engine takes and gives back.

use crate::axi_stream::BrokenRule;

/// Random stalls on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stalls {
    /// Of 100 clocks, those at which the source offers nothing new.
    pub source_idle: u8,
    /// Of 100 clocks, those at which the sink takes nothing.
    pub sink_busy: u8,
    /// Which clocks; see [`seed`](crate::seed).
    pub seed: u64,
}

impl Stalls {
    /// A source that always has a sample and a sink that always takes the word.
    pub const NONE: Stalls = Stalls { source_idle: 0, sink_busy: 0, seed: 0 };
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
    /// The words of each packet. A packet without samples has none: a stream cannot send it.
    pub packets: Vec<PacketWords>,
    /// Clocks from reset to the last word.
    pub cycles: u64,
    /// Time on the processor, however busy the machine was with other things; 0 where it is not
    /// measured.
    pub cpu_seconds: f64,
}

/// The hardware did what it must not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A stream rule.
    #[error("clock {cycle}: {rule}")]
    Rule {
        /// The clock, counted from the start.
        cycle: u64,
        /// What was broken.
        rule: BrokenRule,
    },
    /// Nothing moves any more.
    #[error("clock {cycle}: nothing moves; {taken} samples taken, {packets} packets complete")]
    Stuck {
        /// The clock, counted from the start.
        cycle: u64,
        /// Samples taken until then.
        taken: u64,
        /// Packets complete until then.
        packets: usize,
    },
    /// Words after the last packet.
    #[error("clock {cycle}: a word that belongs to no packet")]
    Excess {
        /// The clock, counted from the start.
        cycle: u64,
    },
}
