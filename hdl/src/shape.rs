//! **Shapes**: how wide a table set's hardware is.
//!
//! Two kinds of widths decide it. What follows from the converter is a const generic of the blocks: a
//! pipeline is compiled for each [width of a token](crate::circuit), and one more costs some seconds of every
//! build. All else is data: the blocks have the widest signals that any profile needs, and the
//! constructors say how much of them counts. Bits above that are zero in every clock, so that synthesis
//! takes them away; memories and ROMs are made in the right size.
//!
//! | signal | bits | of which count |
//! |---|---|---|
//! | a channel's number | [`CHANNEL`] | enough for the profile's channels |
//! | running mean | [`MEAN`] | enough for the largest mean of the table set |
//! | rank | those of a token | enough for the window |
//! | address of a word in the FIFO | [`FIFO`] | see [`Shape::fifo`] |

use golden_model::TableSet;
use golden_model::converter::{ConverterParts, SAMPLE_BITS};
use golden_model::predictor::{self, MEAN_SHIFTS, WEIGHT_BITS, mean};

/// Bits of a sample.
pub const SAMPLE: usize = SAMPLE_BITS as usize;
/// Bits of a token of the challenge's converter.
pub const CHALLENGE: usize = ConverterParts::CHALLENGE.bits as usize;
/// Bits of a token of the smallest converters.
pub const BYTE: usize = 8;
/// Bits of a token of many converters between.
pub const TWELVE: usize = 12;
/// Bits of a token of Neuropixels 2.0. Version 1.0 has as many as the challenge's, Intan as a sample.
pub const NEUROPIXELS_2: usize = 14;
/// Bits of a channel's number.
pub const CHANNEL: usize = 10;
/// Bits of a running mean.
pub const MEAN: usize = u16::BITS as usize;
/// Bits of the address of a word in the FIFO.
pub const FIFO: usize = 9;
/// Those that a block RAM of an iCE40 has at its widest.
const ICE40_FIFO: usize = 8;
/// Bits of a weight.
pub const WEIGHT: usize = WEIGHT_BITS as usize;
/// Bits of a weight in memory, with the sign of its feature at the last token.
pub const WEIGHT_WORD: usize = WEIGHT + 2;

/// Bits of an error's sign: above, below.
pub const ERROR: usize = 2;

/// Most channels that share a pipeline.
pub const MAX_CHANNELS: usize = 1 << CHANNEL;
/// Most address bits of the ROM of ranks: more would fill a mid-sized FPGA.
pub const MAX_RANK_ADDRESS: usize = 16;

/// Address bits of the FIFO of one channel, or of a board, where words wait elsewhere.
pub(crate) const SMALL_FIFO: usize = 5;

/// Bits of a feature: a difference of two tokens.
pub const fn feature_bits(token: usize) -> usize {
    predictor::feature_bits(token as u32) as usize
}

/// Bits of a leaky mean of tokens, the slowest.
pub const fn leaky_bits(token: usize) -> usize {
    token + MEAN_SHIFTS[MEAN_SHIFTS.len() - 1] as usize
}

/// Bits of the sum of three products of a weight and a feature, a token times 4096, and a half.
pub const fn sum_bits(token: usize) -> usize {
    WEIGHT + token + 2
}

/// Bits of a last token in memory, with whether there was one and whether there were two.
pub const fn last_word_bits(token: usize) -> usize {
    token + 2
}

/// Bits of a token expected and its lag in memory.
pub fn expected_word_bits(token: usize, window: u16) -> usize {
    token + mean::lag_bits(window) as usize
}

/// Widths of the hardware, in bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The predictor.
    pub predictor: predictor::Shape,
    /// A token, and the converter's code.
    pub token: usize,
    /// A channel's number; `None` for one channel in registers.
    pub channel: Option<usize>,
    /// Address of a row of the rank table; `None` where it has none.
    pub row: Option<usize>,
    /// A rank.
    pub rank: usize,
    /// The running mean.
    pub mean: usize,
    /// Address of a word in the FIFO.
    pub fifo: usize,
    /// Whether the state is in memories that are read or written at a clock, not both.
    pub one_port: bool,
}

impl Shape {
    /// The narrowest widths for so many channels in memory, or for one in registers.
    ///
    /// The fold, if there are rows, and the window must be powers of two.
    pub fn new(set: &TableSet, channels: Option<usize>) -> Shape {
        let table = set.rank_table();
        let channel = channels.map(|channels| bits_below(channels).max(1));
        // As many words as a block RAM of the usual target has: iCE40 for few channels or one mean, ECP5
        // for many.
        let most = if set.shape() == predictor::Shape::Mean { ICE40_FIFO } else { FIFO };
        let fifo = channel.map_or(SMALL_FIFO, |bits| bits.clamp(ICE40_FIFO, most));
        Shape {
            predictor: set.shape(),
            token: set.converter().token_bits() as usize,
            channel,
            row: (!table.is_by_nearness()).then(|| bits_below(table.fold().into())),
            rank: bits_below(table.width()),
            mean: bits_below(usize::from(set.activity().ceiling(set.window())) + 1),
            fifo,
            one_port: false,
        }
    }

    /// Bits of a channel's state, in memory or in registers: the last token and the running mean, for one
    /// mean also how far it is from the token expected, and
    /// for the LMS also a difference, two leaky means, three weights, and the sign of an error; three more
    /// weights for neighbours.
    pub fn state_bits(self) -> usize {
        let lms = match self.predictor {
            predictor::Shape::Bigram => 0,
            predictor::Shape::Mean => mean::lag_bits(1 << (self.rank - 1)) as usize,
            // The LMS; no other shape has hardware.
            _ => {
                let means: usize = MEAN_SHIFTS.iter().map(|&s| self.token + s as usize).sum();
                let flags = last_word_bits(self.token) - self.token;
                let weights = self.predictor.features() * WEIGHT_WORD;
                flags + feature_bits(self.token) + means + weights + ERROR
            }
        };
        self.token + self.mean + lms
    }

    /// Bits of the ROM of ranks; none, when they go by nearness.
    pub fn rank_rom_bits(self) -> usize {
        self.row.map_or(0, |row| self.rank << (row + self.rank))
    }
}

/// Bits that tell so many numbers apart.
fn bits_below(numbers: usize) -> usize {
    numbers.next_power_of_two().ilog2() as usize
}
