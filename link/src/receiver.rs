//! **Receiver**: bytes or datagrams in, samples and gaps out. It has no clock and no socket, so any
//! input can be tried on it.

use core::ops::Range;

use golden_model::frames::{self, Deframer, Header, Loss, Reader, Refusal};

use crate::misfit::{Misfit, Scout};
use crate::window::{Placed, Window};
use crate::{Counters, Datagram, StreamFormat};

/// So many frames or datagrams in a row that can only be of a sender that began anew.
const RESTART: u32 = 64;

/// How to receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The stream comes in datagrams; otherwise as bytes without marks.
    pub datagrams: bool,
    /// Frame 0 is expected, and what is lost before the first keyframe is missing. Otherwise time
    /// begins with the first keyframe that arrives.
    pub from_start: bool,
    /// Frames that a late one may be behind, in datagrams.
    pub window: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options { datagrams: false, from_start: false, window: 64 }
    }
}

/// What the receiver found out. Rounds are counted from the first one of the recording; samples and
/// missing rounds follow each other without gap or overlap.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<'a> {
    /// Rounds, one after the other, every sample right.
    Samples {
        /// The first one.
        round: u64,
        /// One sample of every channel in turn.
        samples: &'a [i16],
    },
    /// Rounds that are missing.
    Missing(Missing),
    /// The sender began anew; how long it was silent is not known, and time goes on where it was.
    Restarted {
        /// The first round after it.
        round: u64,
    },
}

/// Rounds that are missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Which.
    pub rounds: Range<u64>,
    /// Of which frames, as their sender counts them.
    pub frames: Range<u64>,
    /// The reason, as far as it is known.
    pub why: Why,
}

/// Why rounds are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Nothing arrived instead.
    Lost,
    /// Something damaged arrived instead.
    Damaged,
    /// Something of another sender arrived instead.
    Foreign,
    /// The sender dropped the frame.
    Broken,
    /// They follow a missing frame, and cannot be decoded before the next keyframe.
    AwaitingKeyframe,
}

impl From<Loss> for Why {
    fn from(loss: Loss) -> Why {
        match loss {
            Loss::Lost => Why::Lost,
            Loss::Damaged => Why::Damaged,
            Loss::Foreign => Why::Foreign,
            Loss::Broken => Why::Broken,
            Loss::AwaitingKeyframe => Why::AwaitingKeyframe,
        }
    }
}

/// The receiving end of a link.
#[derive(Debug)]
pub struct Receiver<'t> {
    format: &'t StreamFormat,
    options: Options,
    input: Input<'t>,
    track: Track,
    /// Until the first frame fits.
    scout: Option<Scout>,
    ended: bool,
}

#[derive(Debug)]
enum Input<'t> {
    Bytes(Reader<'t>),
    Datagrams(Datagrams<'t>),
}

#[derive(Debug)]
struct Datagrams<'t> {
    deframer: Deframer<'t>,
    window: Window,
    /// That of the headers; bare frames have none.
    session: Option<u32>,
    /// Datagrams in a row that are of another session, or late, and the one they are of.
    others: u32,
    /// The number of the last bare frame.
    last_bare: Option<u64>,
    words: Vec<u32>,
}

impl<'t> Receiver<'t> {
    /// A receiver for streams of this format.
    pub fn new(format: &'t StreamFormat, options: Options) -> Receiver<'t> {
        let track = Track::new(format, options.from_start);
        let input = Input::new(format, options);
        Receiver { format, options, input, track, scout: Some(Scout::default()), ended: false }
    }

    /// What was counted.
    pub fn counters(&self) -> &Counters {
        &self.track.counters
    }

    /// The number of the first round that has not been reported yet.
    pub fn rounds(&self) -> u64 {
        self.track.due
    }

    /// Whether the sender has said that it ends.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Why no frame fits the profile, once that is certain.
    pub fn misfit(&self) -> Option<Misfit> {
        self.scout.as_ref()?.verdict(self.format, false)
    }

    /// The same at the end of the input: why there was no frame at all.
    pub fn nothing(&self) -> Option<Misfit> {
        self.scout.as_ref()?.verdict(self.format, true)
    }

    /// Takes what arrived: any number of bytes, or a datagram.
    pub fn push(&mut self, input: &[u8], mut report: impl FnMut(Event<'_>)) {
        self.track.counters.bytes += input.len() as u64;
        if let Some(scout) = &mut self.scout {
            scout.look(input);
        }
        let report: &mut dyn FnMut(Event<'_>) = &mut report;
        let restart = match &mut self.input {
            Input::Bytes(reader) => {
                reader.push(input, |event| self.track.take(event, report));
                self.track.late_in_a_row >= RESTART
            }
            Input::Datagrams(datagrams) => {
                let ended = datagrams.push(input, &mut self.track, report);
                self.ended |= ended.is_some();
                if let Some(end) = ended {
                    datagrams.finish(Some(end), &mut self.track, report);
                }
                datagrams.others >= RESTART
            }
        };
        if restart {
            self.restart(report);
        }
        if self.track.counters.frames > 0 {
            self.scout = None;
        }
    }

    /// The sender was silent while it must have sent so many frames: the next one is about so much
    /// later. Needed where frames have no more than their sequence number; see
    /// [`golden_model::frames`].
    pub fn silent_for(&mut self, frames: u64) {
        match &mut self.input {
            Input::Bytes(reader) => reader.expect(reader.deframer().heard() + frames),
            Input::Datagrams(datagrams) => {
                let heard = datagrams.deframer.heard();
                datagrams.deframer.expect(heard + frames);
                datagrams.last_bare = datagrams.last_bare.map(|last| last + frames);
            }
        }
    }

    /// Ends the stream behind the last frame heard of.
    pub fn finish(&mut self, mut report: impl FnMut(Event<'_>)) {
        if !self.ended {
            self.end(&mut report);
        }
    }

    fn end(&mut self, report: &mut dyn FnMut(Event<'_>)) {
        match &mut self.input {
            Input::Bytes(reader) => reader.finish(None, |event| self.track.take(event, report)),
            Input::Datagrams(datagrams) => datagrams.finish(None, &mut self.track, report),
        }
    }

    fn restart(&mut self, report: &mut dyn FnMut(Event<'_>)) {
        self.end(report);
        self.track.restart();
        report(Event::Restarted { round: self.track.due });
        // Frames of the new session have gone by already.
        self.input = Input::new(self.format, Options { from_start: false, ..self.options });
    }
}

impl<'t> Input<'t> {
    fn new(format: &'t StreamFormat, options: Options) -> Input<'t> {
        let StreamFormat { set, others, layout, .. } = format;
        let deframer = match options.from_start {
            true => Deframer::new(set, *layout),
            // The number of the first frame is its sequence number, unless a datagram says more.
            false => Deframer::joining(set, *layout, 1 << 15),
        };
        let deframer = deframer.with_others(others);
        if !options.datagrams {
            return Input::Bytes(Reader::new(deframer));
        }
        let sets = others.iter().chain([set]);
        let max_bytes = 4 * sets.map(|set| layout.max_words(set)).max().unwrap_or(0);
        Input::Datagrams(Datagrams {
            deframer,
            window: Window::new(options.window, max_bytes, options.from_start),
            session: None,
            others: 0,
            last_bare: None,
            words: Vec::new(),
        })
    }
}

impl Datagrams<'_> {
    /// Takes a datagram; the number of all frames when it ends the session.
    fn push(
        &mut self,
        input: &[u8],
        track: &mut Track,
        report: &mut dyn FnMut(Event<'_>),
    ) -> Option<u64> {
        let Datagram { session, number, length, offset, piece } = match Datagram::read(input) {
            Ok(Some(datagram)) => datagram,
            Ok(None) => {
                self.bare(input, track, report);
                return None;
            }
            Err(_) => {
                track.counters.refused += 1;
                return None;
            }
        };
        if *self.session.get_or_insert(session) != session {
            track.counters.refused += 1;
            self.others += 1;
            return None;
        }
        self.others = 0;
        if length == 0 {
            return Some(number);
        }
        self.place(number, length as usize, offset as usize, piece, track, report);
        None
    }

    /// A frame alone: its header is all that says where it belongs, so its CRC has to be right.
    fn bare(&mut self, input: &[u8], track: &mut Track, report: &mut dyn FnMut(Event<'_>)) {
        self.words.clear();
        let (words, rest) = input.as_chunks();
        self.words.extend(words.iter().map(|&word| u32::from_be_bytes(word)));
        let whole = rest.is_empty() && self.deframer.is_whole(&self.words);
        let header = self.words.first().and_then(|&word| Header::read(word));
        let Some(header) = header.filter(|_| whole) else {
            // The deframer says why, and remembers it as the reason of a gap.
            let words = &self.words;
            return self.deframer.push(words, |event| track.take(event, report));
        };
        let number = match self.last_bare {
            None => header.sequence.into(),
            Some(last) => {
                let distance = header.sequence.wrapping_sub(last as u16) as i16;
                last.saturating_add_signed(distance.into())
            }
        };
        self.last_bare = Some(self.last_bare.map_or(number, |last| last.max(number)));
        self.place(number, input.len(), 0, input, track, report);
    }

    fn place(
        &mut self,
        number: u64,
        length: usize,
        offset: usize,
        piece: &[u8],
        track: &mut Track,
        report: &mut dyn FnMut(Event<'_>),
    ) {
        let Datagrams { deframer, window, words, .. } = self;
        let mut out = |number, frame: Option<&[u8]>| {
            hand_over(deframer, words, number, frame, track, report);
        };
        match window.put(number, length, offset, piece, &mut out) {
            Placed::Taken => self.others = 0,
            Placed::Repeated => track.counters.repeated += 1,
            Placed::Late => {
                track.counters.late += 1;
                // Bare frames have no session: only their number says that they began anew.
                self.others += u32::from(self.session.is_none());
            }
            Placed::Far => {
                track.counters.refused += 1;
                self.others += 1;
            }
            Placed::Misfit => track.counters.refused += 1,
        }
    }

    /// Ends the stream before frame `end`, or behind the last one heard of.
    fn finish(&mut self, end: Option<u64>, track: &mut Track, report: &mut dyn FnMut(Event<'_>)) {
        let Datagrams { deframer, window, words, .. } = self;
        window.flush(&mut |number, frame| hand_over(deframer, words, number, frame, track, report));
        let heard = deframer.heard();
        // A wrong end must not make an endless gap.
        let end = end.filter(|&end| end < heard + (1 << 22)).unwrap_or(heard).max(heard);
        deframer.finish(end, |event| track.take(event, report));
    }
}

/// A frame from the window to the deframer, which is told its number.
fn hand_over(
    deframer: &mut Deframer<'_>,
    words: &mut Vec<u32>,
    number: u64,
    frame: Option<&[u8]>,
    track: &mut Track,
    report: &mut dyn FnMut(Event<'_>),
) {
    let Some(frame) = frame else {
        track.counters.incomplete += 1;
        return;
    };
    words.clear();
    words.extend(frame.as_chunks().0.iter().map(|&word| u32::from_be_bytes(word)));
    let sequence = words.first().and_then(|&word| Header::read(word)).map(|h| h.sequence);
    // A frame under another number than its own would go to the wrong place.
    if sequence.is_some_and(|sequence| sequence != number as u16) {
        track.counters.refused += 1;
        return;
    }
    deframer.expect(number);
    deframer.push(words, |event| track.take(event, report));
}

/// Frames as rounds of the recording.
#[derive(Debug)]
struct Track {
    frame_rounds: u64,
    frame_samples: usize,
    /// The frame that the recording began with, and its round.
    begin: Option<(u64, u64)>,
    /// The round that comes next.
    due: u64,
    late_in_a_row: u32,
    last_late: u16,
    counters: Counters,
}

impl Track {
    fn new(format: &StreamFormat, from_start: bool) -> Track {
        Track {
            frame_rounds: format.layout.frame_rounds() as u64,
            frame_samples: format.layout.frame_samples(),
            begin: from_start.then_some((0, 0)),
            due: 0,
            late_in_a_row: 0,
            last_late: 0,
            counters: Counters::default(),
        }
    }

    fn restart(&mut self) {
        self.counters.restarts += 1;
        self.begin = None;
        self.late_in_a_row = 0;
    }

    /// The round that a frame begins with.
    fn round(&mut self, frame: u64) -> u64 {
        let &mut (first, round) = self.begin.get_or_insert((frame, self.due));
        round + (frame - first) * self.frame_rounds
    }

    fn take(&mut self, event: frames::Event<'_>, report: &mut dyn FnMut(Event<'_>)) {
        match event {
            frames::Event::Samples { frame, samples } => {
                debug_assert_eq!(samples.len(), self.frame_samples);
                let round = self.round(frame);
                self.due = round + self.frame_rounds;
                self.counters.frames += 1;
                self.late_in_a_row = 0;
                report(Event::Samples { round, samples });
            }
            frames::Event::Missing { frames, why } => {
                let rounds = self.round(frames.start)..self.round(frames.end);
                self.due = rounds.end;
                self.count(frames.end - frames.start, why);
                report(Event::Missing(Missing { rounds, frames, why: why.into() }));
            }
            frames::Event::Refused(refusal) => self.refused(refusal),
        }
    }

    fn count(&mut self, frames: u64, why: Loss) {
        let counters = &mut self.counters;
        counters.missing += frames;
        *match why {
            Loss::Lost => &mut counters.lost,
            Loss::Damaged | Loss::Foreign => &mut counters.damaged,
            Loss::Broken => &mut counters.broken,
            Loss::AwaitingKeyframe => &mut counters.undecodable,
        } += frames;
    }

    fn refused(&mut self, refusal: Refusal) {
        match refusal {
            Refusal::Late { sequence } => {
                self.counters.late += 1;
                let follows = sequence == self.last_late.wrapping_add(1);
                self.late_in_a_row = if follows { self.late_in_a_row + 1 } else { 1 };
                self.last_late = sequence;
            }
            Refusal::Skipped { bytes } => self.counters.skipped_bytes += bytes,
            Refusal::AwaitingKeyframe { .. } | Refusal::Broken { .. } => {}
            _ => self.counters.refused += 1,
        }
    }
}
