//! **ChannelState**: what a channel remembers between its samples.

use crate::table_set::TableSet;
use crate::tokenizer::Token;

/// The memory of one channel. Encoder and decoder hold the same one after every sample; a sample
/// off the lattice leaves it as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelState {
    /// The last token on the lattice.
    pub last: Token,
    /// The running mean of distances; see [`Activity`](crate::activity::Activity).
    pub mean: u16,
}

impl ChannelState {
    /// The state before a channel's first sample.
    pub fn initial(set: &TableSet) -> ChannelState {
        ChannelState::at(set.activity().start)
    }

    /// The state before a channel's first sample, when the running mean starts at `mean`.
    pub fn at(mean: u16) -> ChannelState {
        ChannelState { last: Token::MIDDLE, mean }
    }

    /// Bits that hardware holds per channel for this table set.
    pub fn bits(set: &TableSet) -> u32 {
        let mean_bits =
            u16::BITS - set.activity().ceiling(set.rank_table().window()).leading_zeros();
        crate::tokenizer::TOKEN_BITS + mean_bits
    }
}
