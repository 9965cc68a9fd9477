//! **ChannelState**: the state of a channel between its samples.

use crate::predictor::Past;
use crate::table_set::TableSet;

/// The state of one channel. Encoder and decoder have the same state after every sample; a sample
/// off the lattice does not change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelState {
    /// The predictor's state.
    pub past: Past,
    /// The running mean of distances; see [`Activity`](crate::activity::Activity).
    pub mean: u16,
}

impl ChannelState {
    /// The state before a channel's first sample.
    pub fn initial(set: &TableSet) -> ChannelState {
        ChannelState {
            past: Past::new(set.converter(), set.start_weights()),
            mean: set.activity().start,
        }
    }

    /// Bits that hardware holds per channel for this table set.
    pub fn bits(set: &TableSet) -> u32 {
        let ceiling = set.activity().ceiling(set.window());
        Past::bits(set.converter(), set.shape()) + u16::BITS - ceiling.leading_zeros()
    }
}
