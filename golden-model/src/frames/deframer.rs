//! **Deframer**: frames in, samples out, with any input.
//!
//! Two rules keep it right:
//! - *Only samples advance time.* A frame that passes every check and is either the expected one or
//!   a keyframe gives its samples, and the next frame is expected. Nothing else changes a state or
//!   a position, so foreign, damaged and hostile frames cannot disturb what follows. (A frame with
//!   a right CRC but without samples only shows how far the sender is.)
//! - *Samples and missing frames tile the time.* The frames named by [`Event::Samples`] and
//!   [`Event::Missing`] follow each other without gap or overlap; frames missing before a frame are
//!   reported right before its samples, or at the end.
//!
//! Late and repeated frames are refused, and a late frame stays missing: frames are not reordered.
//! Memory is two states a channel and one frame's samples; time is linear in the words of a frame,
//! and frames longer than the layout allows are refused.

use alloc::vec;
use alloc::vec::Vec;

use super::event::{Event, Loss, Refusal};
use super::header::{Header, crc};
use super::layout::Layout;
use crate::channel_state::ChannelStates;
use crate::decoder::SampleDecoder;
use crate::table_set::TableSet;
use crate::words::WordReader;

/// Beyond all numbers that frames will ever have, with room above.
const LAST: u64 = u64::MAX >> 1;

/// Decodes frames to samples.
#[derive(Clone, Debug)]
pub struct Deframer<'t> {
    /// The table sets that the sender may have.
    tables: Vec<Tables<'t>>,
    /// The one of the last frame.
    used: usize,
    /// The one of the frame checked last.
    tried: usize,
    layout: Layout,
    max_words: usize,
    /// The number of the expected frame.
    next: u64,
    /// Whether a first frame has given `next` its value.
    started: bool,
    /// About where the sender is, if a clock says so; see [`Deframer::expect`].
    about: u64,
    /// Whether `states` are those before the expected frame.
    in_step: bool,
    states: ChannelStates,
    /// The states after the frame checked last.
    trial: ChannelStates,
    /// The samples of the frame checked last.
    samples: Vec<i16>,
    gap: Gap,
}

/// A table set that the sender may have.
#[derive(Clone, Debug)]
struct Tables<'t> {
    set: &'t TableSet,
    coder: SampleDecoder<'t>,
    crc_start: u32,
}

impl<'t> Tables<'t> {
    fn new(set: &'t TableSet, layout: Layout) -> Tables<'t> {
        Tables { set, coder: SampleDecoder::new(set), crc_start: layout.crc_start(set) }
    }
}

/// What has arrived since the last samples: the reasons for a gap.
#[derive(Clone, Debug, Default)]
struct Gap {
    damaged: bool,
    foreign: bool,
    /// The first dropped frame.
    broken: Option<u64>,
    /// The first good frame that could not be used.
    unusable: Option<u64>,
    /// The number after the last frame heard of.
    heard: u64,
}

/// What a frame is, before anything has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// In order; its samples stand ready.
    Good { frame: u64 },
    /// Anything else.
    Bad(Refusal),
}

impl<'t> Deframer<'t> {
    /// A deframer for a stream from its beginning: frame 0 is expected.
    pub fn new(set: &'t TableSet, layout: Layout) -> Deframer<'t> {
        let states = ChannelStates::initial(set, layout.channels());
        Deframer {
            tables: vec![Tables::new(set, layout)],
            used: 0,
            tried: 0,
            layout,
            max_words: layout.max_words(set),
            next: 0,
            started: true,
            about: 0,
            in_step: false,
            trial: states.clone(),
            states,
            samples: vec![0; layout.frame_samples()],
            gap: Gap::default(),
        }
    }

    /// A deframer that joins a stream at about frame `about`. It starts with the first keyframe,
    /// and takes its number to be the one nearest to `about` with its sequence number. Frames
    /// before it are not reported as missing. Without any knowledge of the time, pass 32768: the
    /// number is then the sequence number.
    pub fn joining(set: &'t TableSet, layout: Layout, about: u64) -> Deframer<'t> {
        Deframer { started: false, about: about.min(LAST), ..Deframer::new(set, layout) }
    }

    /// The same for a sender whose tables may change, at a keyframe, to one of these sets or back. Frames that follow
    /// a keyframe that was lost with such a change look damaged until the next one.
    #[must_use]
    pub fn with_others(mut self, others: impl IntoIterator<Item = &'t TableSet>) -> Deframer<'t> {
        for set in others {
            self.max_words = self.max_words.max(self.layout.max_words(set));
            self.tables.push(Tables::new(set, self.layout));
        }
        self
    }

    /// The table set that the last frame was made with; before the first, the one given first.
    pub fn table_set(&self) -> &'t TableSet {
        self.tables[self.used].set
    }

    /// Whether these words are a frame as it was sent, of this layout and a table set that is known; it may end
    /// with the broken mark.
    pub fn is_whole(&self, words: &[u32]) -> bool {
        self.origin(words).is_some()
    }

    /// Tells the deframer what the receiver's clock says: `frame` is expected next, give or take
    /// 32,767. Needed only where more than that may be missing in a row; see [the module](super).
    pub fn expect(&mut self, frame: u64) {
        self.about = frame.min(LAST);
    }

    /// The number of the expected frame; all before it have been decoded or reported as missing.
    pub fn due(&self) -> u64 {
        self.next
    }

    /// The number behind the last frame that was heard of, usable or not.
    pub fn heard(&self) -> u64 {
        self.gap.heard.max(self.next)
    }

    /// Takes what the transport delivered as one frame and reports the result.
    pub fn push(&mut self, words: &[u32], mut report: impl FnMut(Event<'_>)) {
        let verdict = self.judge(words);
        self.settle(verdict, &mut report);
    }

    /// Ends the stream before frame `end`: earlier frames that did not arrive are missing. A
    /// receiver that does not know the end passes [`heard`](Self::heard). The deframer can go on
    /// afterwards, from the next keyframe.
    pub fn finish(&mut self, end: u64, mut report: impl FnMut(Event<'_>)) {
        if self.started {
            self.explain(end, &mut report);
        }
        self.next = self.next.max(end);
        self.in_step = false;
        self.gap = Gap::default();
    }

    /// The CRC of a frame's first words.
    pub(super) fn crc_of(&self, words: &[u32]) -> u32 {
        crc(self.tables[self.tables_of(words)].crc_start, words)
    }

    /// The tables that a whole frame was made with, and whether it ends with the broken mark; nothing if its CRC
    /// is not right.
    fn origin(&self, words: &[u32]) -> Option<(usize, bool)> {
        let (&trailer, sent) = words.split_last().filter(|(_, sent)| !sent.is_empty())?;
        let tables = self.tables_of(sent);
        let crc = crc(self.tables[tables].crc_start, sent);
        (trailer == crc || trailer == !crc).then_some((tables, trailer != crc))
    }

    /// The tables that a frame with these first words was made with: those that a keyframe names, if they are known, else
    /// the last ones.
    fn tables_of(&self, words: &[u32]) -> usize {
        let [header, digest, ..] = *words else { return self.used };
        let is_keyframe = Header::read(header).is_some_and(|header| header.keyframe);
        let named = self.tables.iter().position(|tables| tables.set.digest() == digest);
        named.filter(|_| is_keyframe).unwrap_or(self.used)
    }

    /// Most words of a frame.
    pub(super) fn max_words(&self) -> usize {
        self.max_words
    }

    /// Classifies a frame; changes only what the next call overwrites.
    pub(super) fn judge(&mut self, words: &[u32]) -> Verdict {
        self.find_out(words).map_or_else(Verdict::Bad, |frame| Verdict::Good { frame })
    }

    fn find_out(&mut self, words: &[u32]) -> Result<u64, Refusal> {
        if !(2..=self.max_words).contains(&words.len()) {
            return Err(Refusal::Length { words: words.len() });
        }
        let (tables, is_broken) = self.origin(words).ok_or(Refusal::Damaged)?;
        self.tried = tables;
        let sent = &words[..words.len() - 1];
        let header = Header::read(sent[0]).ok_or(Refusal::NoHeader)?;
        let mut payload = &sent[1..];
        if header.keyframe
            && let Some((&digest, rest)) = payload.split_first()
        {
            if digest != self.tables[self.tried].set.digest() {
                return Err(Refusal::ForeignTables { digest });
            }
            payload = rest;
        }
        let frame = self.place(header.sequence)?;
        if is_broken {
            return Err(Refusal::Broken { frame });
        }
        if !(header.keyframe || self.in_step && frame == self.next) {
            return Err(Refusal::AwaitingKeyframe { frame });
        }
        match self.decode(header.keyframe, payload) {
            true => Ok(frame),
            false => Err(Refusal::Undecodable { frame }),
        }
    }

    /// The number of a frame: of those with this sequence number the nearest to where the sender
    /// must be by now. Frames without samples count too. Otherwise 16 bits would not be enough for
    /// a sender that drops one frame after another.
    fn place(&self, sequence: u16) -> Result<u64, Refusal> {
        let reference = self.about.max(self.heard());
        let distance = sequence.wrapping_sub(reference as u16) as i16;
        reference
            .checked_add_signed(distance.into())
            .filter(|&frame| frame >= self.next)
            .ok_or(Refusal::Late { sequence })
    }

    /// Decodes a payload into `trial` and `samples`; false unless it is one from end to end.
    fn decode(&mut self, keyframe: bool, payload: &[u32]) -> bool {
        let Tables { set, ref coder, .. } = self.tables[self.tried];
        match keyframe {
            true => self.trial.reset(set),
            false => self.trial.copy_from(&self.states),
        }
        let mut words = payload.iter();
        let mut reader = WordReader::new(set);
        for sample in &mut self.samples {
            while reader.wants_a_word()
                && let Some(&word) = words.next()
            {
                reader.push(word);
            }
            match coder.read(&mut self.trial, &mut reader) {
                Ok(Some(decoded)) => *sample = decoded,
                _ => return false,
            }
        }
        // Nothing may be left but the zeros that fill the last word.
        words.len() == 0 && reader.is_over()
    }

    /// Acts on a verdict and reports it. Right after its [`judge`](Self::judge).
    pub(super) fn settle(&mut self, verdict: Verdict, report: &mut impl FnMut(Event<'_>)) {
        let frame = match verdict {
            Verdict::Good { frame } => frame,
            Verdict::Bad(refusal) => return self.refuse(refusal, report),
        };
        if self.started {
            self.explain(frame, report);
        }
        self.used = self.tried;
        core::mem::swap(&mut self.states, &mut self.trial);
        (self.next, self.started, self.in_step) = (frame + 1, true, true);
        // A frame that is too early explains the gap before it.
        let ahead = |seen: Option<u64>| seen.filter(|&seen| seen > frame);
        let Gap { broken, unusable, heard, .. } = self.gap;
        let (broken, unusable) = (ahead(broken), ahead(unusable));
        self.gap = Gap { broken, unusable, heard, ..Gap::default() };
        report(Event::Samples { frame, samples: &self.samples });
    }

    /// Records an input without samples and reports it.
    pub(super) fn refuse(&mut self, refusal: Refusal, report: &mut impl FnMut(Event<'_>)) {
        let gap = &mut self.gap;
        match refusal {
            Refusal::Length { .. } | Refusal::Damaged | Refusal::Skipped { .. } => {
                gap.damaged = true;
            }
            Refusal::NoHeader | Refusal::ForeignTables { .. } | Refusal::Undecodable { .. } => {
                gap.foreign = true
            }
            Refusal::Broken { frame } => {
                gap.broken = Some(gap.broken.map_or(frame, |first| first.min(frame)));
                gap.heard = gap.heard.max(frame + 1);
            }
            Refusal::AwaitingKeyframe { frame } => {
                gap.unusable = Some(gap.unusable.map_or(frame, |first| first.min(frame)));
                gap.heard = gap.heard.max(frame + 1);
            }
            Refusal::Late { .. } => {}
        }
        report(Event::Refused(refusal));
    }

    /// Reports the frames from the expected one up to `end` as missing.
    fn explain(&self, end: u64, report: &mut impl FnMut(Event<'_>)) {
        let unseen = match (self.gap.foreign, self.gap.damaged) {
            (true, _) => Loss::Foreign,
            (false, true) => Loss::Damaged,
            (false, false) => Loss::Lost,
        };
        let within = |frame: Option<u64>| frame.unwrap_or(end).clamp(self.next.min(end), end);
        let (broken, unusable) = (within(self.gap.broken), within(self.gap.unusable));
        let first = broken.min(unusable);
        let after = if broken == first { (first + 1).min(end) } else { first };
        for (frames, why) in [
            (self.next..first, unseen),
            (first..after, Loss::Broken),
            (after..end, Loss::AwaitingKeyframe),
        ] {
            if !frames.is_empty() {
                report(Event::Missing { frames, why });
            }
        }
    }
}
