//! **Layout**: how rounds are cut into frames.

use super::header::crc;
use crate::table_set::TableSet;

/// Most samples in a frame: 256 rounds of 1024 channels.
pub const MAX_SAMPLES: usize = 1 << 18;
/// Most frames from one keyframe to the next, so that the one after a lost keyframe still has a
/// place in time.
pub const MAX_KEYFRAME_INTERVAL: u64 = 1 << 14;

/// Why a layout is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// No samples, or too many.
    #[error("a frame of {0} rounds of {1} channels does not hold 1 to {MAX_SAMPLES} samples")]
    Samples(usize, usize),
    /// No keyframes, or too rare.
    #[error("a keyframe every {0} frames is not every 1 to {MAX_KEYFRAME_INTERVAL}")]
    KeyframeInterval(u64),
}

/// What sender and receiver agree on, besides the table set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    channels: usize,
    frame_rounds: usize,
    keyframe_interval: u64,
    bound: bool,
}

impl Layout {
    /// Frames of `frame_rounds` rounds of `channels` channels, every `keyframe_interval`-th a
    /// keyframe. 19 rounds take 1 ms at 19531 rounds per second.
    ///
    /// # Errors
    /// When a number is zero or too large.
    pub fn new(
        channels: usize,
        frame_rounds: usize,
        keyframe_interval: u64,
    ) -> Result<Layout, LayoutError> {
        let samples = channels.checked_mul(frame_rounds);
        if !samples.is_some_and(|samples| (1..=MAX_SAMPLES).contains(&samples)) {
            return Err(LayoutError::Samples(frame_rounds, channels));
        }
        if !(1..=MAX_KEYFRAME_INTERVAL).contains(&keyframe_interval) {
            return Err(LayoutError::KeyframeInterval(keyframe_interval));
        }
        Ok(Layout { channels, frame_rounds, keyframe_interval, bound: false })
    }

    /// The same, with every CRC bound to table set and layout: see [frames](super).
    pub fn bound(self) -> Layout {
        Layout { bound: true, ..self }
    }

    /// Channels of a round.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Rounds of a frame.
    pub fn frame_rounds(&self) -> usize {
        self.frame_rounds
    }

    /// Frames from one keyframe to the next.
    pub fn keyframe_interval(&self) -> u64 {
        self.keyframe_interval
    }

    /// Samples of a frame.
    pub fn frame_samples(&self) -> usize {
        self.channels * self.frame_rounds
    }

    /// Whether this frame is a keyframe even if the one before it was sent whole.
    pub fn is_keyframe(&self, frame: u64) -> bool {
        frame.is_multiple_of(self.keyframe_interval)
    }

    /// Most words of a frame: a keyframe in which every sample takes the longest code.
    pub fn max_words(&self, set: &TableSet) -> usize {
        3 + set.most_words(self.frame_samples())
    }

    /// The CRC before a frame's first word: of nothing, which is 0; of digest, channels and rounds
    /// when the layout is [`bound`](Self::bound).
    pub fn crc_start(&self, set: &TableSet) -> u32 {
        match self.bound {
            true => crc(0, &[set.digest(), self.channels as u32, self.frame_rounds as u32]),
            false => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shipped::shipped;

    #[test]
    fn a_layout_has_limits() {
        assert!(Layout::new(1024, 256, MAX_KEYFRAME_INTERVAL).is_ok());
        assert_eq!(Layout::new(1024, 257, 1), Err(LayoutError::Samples(257, 1024)));
        for (channels, rounds) in [(0, 1), (1, 0), (usize::MAX, 2)] {
            assert_eq!(
                Layout::new(channels, rounds, 1),
                Err(LayoutError::Samples(rounds, channels))
            );
        }
        for interval in [0, MAX_KEYFRAME_INTERVAL + 1] {
            assert_eq!(Layout::new(1, 1, interval), Err(LayoutError::KeyframeInterval(interval)));
        }
    }

    #[test]
    fn a_bound_crc_distinguishes_table_sets_and_layouts() {
        let [one, other] = ["bigram-32", "bigram-128"].map(|n| shipped(n).unwrap());
        let layout = |channels, rounds| Layout::new(channels, rounds, 4).unwrap();
        assert_eq!(layout(2, 6).crc_start(&one), 0);
        let start = layout(2, 6).bound().crc_start(&one);
        assert_ne!(start, layout(3, 4).bound().crc_start(&one));
        assert_ne!(start, layout(2, 6).bound().crc_start(&other));
        assert_eq!(start, crc(0, &[one.digest(), 2, 6]));
    }
}
