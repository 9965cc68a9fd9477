//! **Framer**: samples in, frames out.

use alloc::vec;
use alloc::vec::Vec;

use super::{Header, Layout, crc};
use crate::bit_packer::BitPacker;
use crate::channel_state::ChannelState;
use crate::encoder::SampleEncoder;
use crate::table_set::TableSet;

/// Turns samples, which come in rounds, into frames.
#[derive(Clone, Debug)]
pub struct Framer<'t> {
    coder: SampleEncoder<'t>,
    set: &'t TableSet,
    layout: Layout,
    crc_start: u32,
    states: Vec<ChannelState>,
    packer: BitPacker,
    /// The number of the frame under way.
    frame: u64,
    /// Samples of it that have been taken.
    taken: usize,
    /// The channel of the next one.
    channel: usize,
    /// Whether it has been given up.
    given_up: bool,
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
            states: vec![ChannelState::initial(set); layout.channels()],
            packer: BitPacker::default(),
            frame: 0,
            taken: 0,
            channel: 0,
            given_up: false,
            lost_before: false,
            words: Vec::new(),
        }
    }

    /// Takes the next sample; gives back the frame that it completed.
    #[inline]
    pub fn push(&mut self, sample: i16) -> Option<&[u32]> {
        if self.taken == 0 {
            self.begin();
        }
        if !self.given_up {
            let code = self.coder.encode(&mut self.states[self.channel], sample);
            self.words.extend(self.packer.push(code));
        }
        self.taken += 1;
        self.channel += 1;
        if self.channel == self.states.len() {
            self.channel = 0;
        }
        if self.taken < self.layout.frame_samples() {
            return None;
        }
        self.taken = 0;
        self.frame += 1;
        self.lost_before = core::mem::take(&mut self.given_up);
        if self.lost_before {
            return None;
        }
        self.words.extend(self.packer.flush());
        let crc = crc(self.crc_start, &self.words);
        self.words.push(crc);
        Some(&self.words)
    }

    /// Takes many samples; shows every frame that they completed.
    pub fn extend(&mut self, samples: &[i16], mut take: impl FnMut(&[u32])) {
        for &sample in samples {
            if let Some(frame) = self.push(sample) {
                take(frame);
            }
        }
    }

    /// Gives the frame under way up, as hardware does whose output is full: gives back what was
    /// sent of it, which ends with the broken mark. `None` if it has been given up before.
    ///
    /// The samples that remain of it are still to be pushed, and are dropped. The next frame is a
    /// keyframe.
    pub fn give_up(&mut self) -> Option<&[u32]> {
        if self.given_up {
            return None;
        }
        if self.taken == 0 {
            self.begin();
        }
        self.given_up = true;
        self.packer = BitPacker::default();
        let mark = !crc(self.crc_start, &self.words);
        self.words.push(mark);
        Some(&self.words)
    }

    /// Sends nothing of the frame that is about to begin, as hardware does whose output has no room
    /// even for a header; otherwise as [`give_up`](Self::give_up), which this is once the frame has
    /// begun.
    pub fn overrun(&mut self) -> Option<&[u32]> {
        if self.taken > 0 {
            return self.give_up();
        }
        self.given_up = true;
        None
    }

    /// The number of the frame that the next sample belongs to.
    pub fn frame(&self) -> u64 {
        self.frame
    }

    /// Samples taken of a frame that is not complete. A stream that ends here loses them: a sender
    /// that must not fills the frame up, by repeating the last round, and says how many count.
    pub fn pending(&self) -> usize {
        self.taken
    }

    fn begin(&mut self) {
        if self.given_up {
            // Given up before its first sample: its header is out already, or never will be.
            return;
        }
        let keyframe = self.lost_before || self.layout.is_keyframe(self.frame);
        self.words.clear();
        self.words.push(Header { keyframe, sequence: self.frame as u16 }.word());
        if keyframe {
            self.words.push(self.set.digest());
            self.states.fill(ChannelState::initial(self.set));
        }
    }
}
