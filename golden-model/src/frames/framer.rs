//! **Framer**: samples in, frames out.

use alloc::vec::Vec;

use super::header::{Header, crc};
use super::layout::Layout;
use crate::channel_state::ChannelStates;
use crate::encoder::SampleEncoder;
use crate::table_set::TableSet;
use crate::words::WordWriter;

/// Turns samples, which come in rounds, into frames.
#[derive(Clone, Debug)]
pub struct Framer<'t> {
    coder: SampleEncoder<'t>,
    set: &'t TableSet,
    layout: Layout,
    crc_start: u32,
    states: ChannelStates,
    writer: WordWriter,
    /// The number of the current frame.
    frame: u64,
    /// Samples of it that have been taken.
    taken: usize,
    /// Whether it has been dropped.
    dropped: bool,
    /// Whether the frame before it was: then it is a keyframe.
    lost_before: bool,
    /// Its words so far; kept until the next begins.
    words: Vec<u32>,
}

impl<'t> Framer<'t> {
    /// A framer before frame 0.
    pub fn new(set: &'t TableSet, layout: Layout) -> Framer<'t> {
        Framer {
            coder: SampleEncoder::new(set),
            set,
            layout,
            crc_start: layout.crc_start(set),
            states: ChannelStates::initial(set, layout.channels()),
            writer: WordWriter::new(set),
            frame: 0,
            taken: 0,
            dropped: false,
            lost_before: false,
            words: Vec::new(),
        }
    }

    /// Takes the next sample and returns the frame that it completed, if any.
    #[inline]
    pub fn push(&mut self, sample: i16) -> Option<&[u32]> {
        if self.taken == 0 {
            self.begin();
        }
        if !self.dropped {
            self.words.extend(self.coder.write(&mut self.states, &mut self.writer, sample));
        }
        self.taken += 1;
        if self.taken < self.layout.frame_samples() {
            return None;
        }
        self.taken = 0;
        self.frame += 1;
        self.lost_before = core::mem::take(&mut self.dropped);
        if self.lost_before {
            return None;
        }
        self.words.extend(self.writer.flush());
        let crc = crc(self.crc_start, &self.words);
        self.words.push(crc);
        Some(&self.words)
    }

    /// Takes many samples and passes every completed frame to the callback.
    pub fn extend(&mut self, samples: &[i16], mut take: impl FnMut(&[u32])) {
        for &sample in samples {
            if let Some(frame) = self.push(sample) {
                take(frame);
            }
        }
    }

    /// Drops the current frame, as hardware does when its output is full. Returns what was sent of
    /// it, which ends with the broken mark; `None` if it was dropped before.
    ///
    /// Its remaining samples must still be pushed, and are dropped. The next frame is a keyframe.
    pub fn give_up(&mut self) -> Option<&[u32]> {
        if self.dropped {
            return None;
        }
        if self.taken == 0 {
            self.begin();
        }
        self.dropped = true;
        self.writer = WordWriter::new(self.set);
        let mark = !crc(self.crc_start, &self.words);
        self.words.push(mark);
        Some(&self.words)
    }

    /// Drops the frame that is about to begin without sending any of it, as hardware does when its
    /// output has no room for a header. Once the frame has begun, this is the same as
    /// [`give_up`](Self::give_up).
    pub fn overrun(&mut self) -> Option<&[u32]> {
        if self.taken > 0 {
            return self.give_up();
        }
        self.dropped = true;
        None
    }

    /// The number of the frame that the next sample belongs to.
    pub fn frame(&self) -> u64 {
        self.frame
    }

    /// Samples taken of a frame that is not complete. A stream that ends here loses them. A sender
    /// that must keep them fills the frame by repeating the last round, and transmits how many
    /// count.
    pub fn pending(&self) -> usize {
        self.taken
    }

    fn begin(&mut self) {
        if self.dropped {
            // Dropped before its first sample: its header is sent already, or never will be.
            return;
        }
        let keyframe = self.lost_before || self.layout.is_keyframe(self.frame);
        self.words.clear();
        self.words.push(Header { keyframe, sequence: self.frame as u16 }.word());
        if keyframe {
            self.words.push(self.set.digest());
            self.states.reset(self.set);
        }
    }
}
