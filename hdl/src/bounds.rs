//! **Bounds**: what a profile's hardware never exceeds, from its table set and its pipeline.
//!
//! # Bits
//! A code is at most as long as its table set's longest prefix with its payload: an escape of 10 or
//! 16 bits, or a rank. A frame holds header, digest if it is a keyframe, as many words as its codes
//! fill, the last one filled up, and the trailer; with every code the longest that is
//! [`Layout::max_words`](golden_model::frames::Layout::max_words). A carry of the range coder changes no word but the
//! one that waits, so it adds nothing to be kept; behind a word of all ones the next one has a bit less of the stream,
//! and if all were such, a frame would have a word in 31 bits.
//!
//! # Clocks
//! For a source that offers a sample at every clock and a sink that takes every word:
//! ```text
//! t                   a sample is taken
//! t + D               its code is at the packer; D = 5 with the bigram and one mean, 8 with the LMS, 9 with neighbours,
//!                     and 4 more with the range coder
//! t + D + 2           the word that it completes leaves the packer, to the framer
//! t + D + 5           the sink takes it; of one channel, which has no framer, one clock sooner
//! ```
//! A code that completes no word waits for the codes behind it: at most 31 bits are missing, so at
//! most as many samples as shortest codes make 31 bits. With fewer channels than the state's loop
//! has clocks, samples come in groups of one of each channel, one group a loop.
//!
//! With the range coder a word leaves the packer when the next one is complete, one clock behind that code. A decoder
//! needs 16 bits behind a sample's to tell it. So it waits for those, the rest of their word and the next word, and
//! the shortest codes have a bit in [`SAMPLES_PER_BIT`] samples. Behind a frame's last code three clocks more pass: 16
//! bits of the coder, the word that waits, and the last one.
//!
//! A frame's last code may begin a word of its own, which leaves the packer one clock later, at
//! `t + D + 3`; the trailer follows it, and the sink takes that at `t + D + 8`. The next frame's
//! first sample is taken at `t + D + 4` at the latest, the clock after the last word left the packer.

use crate::codec::{bit_packer, range_coder, tier_coder};
use crate::profile::Profile;
use crate::stream::{framer, word_fifo};
use golden_model::range_coder::{RANGE_BITS, SAMPLES_PER_BIT};

/// Clocks behind a frame's last word until the next frame's first sample is taken.
const FRAME_OVER: usize = 1;

/// What a profile's hardware never exceeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Bits of a code.
    pub code_bits: usize,
    /// Words of a frame, all of them counted; `None` in packets.
    pub frame_words: Option<usize>,
    /// Words that wait for the sink before a frame is dropped; in packets, before the input waits.
    pub burst_words: usize,
    /// Clocks from a sample to its code at the packer.
    pub code_clocks: usize,
    /// Clocks from a sample to the word with the last bit of its code at the sink.
    pub sample_clocks: usize,
    /// Clocks from a frame's last sample to its trailer at the sink; in packets, to the last word.
    pub end_clocks: usize,
    /// Clocks from a frame's last sample to the next one's first; in packets, of a packet.
    pub gap_clocks: usize,
    /// Clocks from a frame's first sample to the next one's first; `None` in packets.
    pub frame_clocks: Option<usize>,
}

impl Bounds {
    /// The bounds of a profile.
    pub fn of(profile: &Profile) -> Bounds {
        let set = profile.table_set();
        let channels = profile.channels();
        let state_loop = profile.state_loop();
        let code_clocks = profile.code_clocks();
        // The interlock lets one sample of each channel in per loop: clocks from a sample to the one
        // so many behind it, at most; and exactly, from a frame's first sample.
        let waits = channels < state_loop;
        let clocks_of = |samples: usize| match waits {
            true => samples.div_ceil(channels) * state_loop,
            false => samples,
        };
        let clocks_from_first = |samples: usize| match waits {
            true => samples / channels * state_loop + samples % channels,
            false => samples,
        };
        // Of tables that are loaded nothing is known but the widths of the hardware.
        let (code_bits, shortest) = match (profile.is_loaded(), set.range_code()) {
            (true, None) => (tier_coder::CODE_BITS, 1),
            _ => (usize::from(set.longest_code()), usize::from(set.shortest_code())),
        };
        let (waiting, packer, flush) = match set.range_code() {
            None => (31_usize.div_ceil(shortest), bit_packer::LATENCY, 1),
            // The bits of low, the rest of their word, and the next word, which may carry into it.
            Some(_) => {
                let bits = RANGE_BITS as usize + 31 + 32;
                (bits * SAMPLES_PER_BIT, range_coder::packer::LATENCY, 3)
            }
        };
        let out = code_clocks + packer;
        let layout = profile.layout();
        // One channel has no framer.
        let framer = if profile.shape().channel.is_some() { framer::LATENCY } else { 0 };
        let to_sink = framer + word_fifo::LATENCY;
        let (trailer, gap_clocks) = match layout {
            Some(_) => (2, out + flush + FRAME_OVER),
            None => (0, 2.max(clocks_of(1))),
        };
        Bounds {
            code_bits,
            frame_words: layout.map(|layout| {
                let samples = layout.frame_samples();
                let more = (samples * code_bits).div_ceil(32);
                // A set that is loaded may have longer codes.
                layout.max_words(set).max(layout.max_words(set) - set.most_words(samples) + more)
            }),
            burst_words: profile.burst(),
            code_clocks,
            sample_clocks: clocks_of(waiting) + out + to_sink,
            end_clocks: out + flush + trailer + to_sink,
            gap_clocks,
            frame_clocks: layout
                .map(|layout| clocks_from_first(layout.frame_samples() - 1) + gap_clocks),
        }
    }

    /// The slowest clock that keeps up with the profile's sampling rate, in hertz. A source that
    /// cannot wait must hold its samples for `gap_clocks`. In packets: of one endless packet.
    pub fn least_clock(&self, profile: &Profile) -> f64 {
        let channels = profile.channels();
        let per_round = match (profile.frames(), self.frame_clocks) {
            (Some(frames), Some(clocks)) => clocks as f64 / frames.rounds as f64,
            _ => channels.max(profile.state_loop()) as f64,
        };
        per_round * profile.samples_per_s()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_of_the_shipped_profiles() {
        let bounds = |name| Bounds::of(&Profile::named(name).unwrap());
        for profile in Profile::all() {
            let bounds = Bounds::of(&profile);
            let longest = match profile.table_set().range_code() {
                None => crate::codec::tier_coder::CODE_BITS,
                Some(_) => golden_model::range_coder::LONGEST.into(),
            };
            assert!(bounds.code_bits <= longest);
            assert_eq!(bounds.frame_words.is_some(), profile.frames().is_some());
        }
        let nano = bounds("nano");
        assert_eq!((nano.code_clocks, nano.end_clocks, nano.gap_clocks), (5, 13, 9));
        assert_eq!(nano.frame_clocks, Some(19 * 32 - 1 + 9));
        let tile = bounds("tile256-lms");
        assert_eq!((tile.code_clocks, tile.end_clocks, tile.gap_clocks), (8, 16, 12));
        assert_eq!(bounds("seed").gap_clocks, 2);
    }

    #[test]
    fn the_slowest_clock_covers_the_samples_and_the_gaps() {
        let tile = Profile::named("tile256").unwrap();
        let clock = Bounds::of(&tile).least_clock(&tile);
        assert!((4.999e6..5.02e6).contains(&clock), "{clock}");
    }
}
