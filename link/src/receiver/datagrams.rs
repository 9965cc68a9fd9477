//! Datagrams: frames in pieces, in any order.

use golden_model::frames::{Deframer, Header};

use super::event::Event;
use super::track::Track;
use crate::Datagram;
use crate::window::{Placed, Window};

/// Datagrams in any order, as frames in theirs.
#[derive(Debug)]
pub(super) struct Datagrams<'t> {
    deframer: Deframer<'t>,
    window: Window,
    /// That of the headers; bare frames have none.
    session: Option<u32>,
    /// Datagrams in a row that are of another session, or late, and the one they are of.
    pub others: u32,
    /// The number of the last bare frame.
    last_bare: Option<u64>,
    words: Vec<u32>,
}

impl<'t> Datagrams<'t> {
    /// Before the first one.
    pub fn new(deframer: Deframer<'t>, window: Window) -> Datagrams<'t> {
        Datagrams { deframer, window, session: None, others: 0, last_bare: None, words: Vec::new() }
    }

    /// Takes a datagram; the number of all frames when it ends the session.
    pub fn push(
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

    /// The sender was silent while it must have sent so many frames.
    pub fn silent_for(&mut self, frames: u64) {
        self.deframer.expect(self.deframer.heard() + frames);
        self.last_bare = self.last_bare.map(|last| last + frames);
    }

    /// Ends the stream before frame `end`, or behind the last one heard of.
    pub fn finish(
        &mut self,
        end: Option<u64>,
        track: &mut Track,
        report: &mut dyn FnMut(Event<'_>),
    ) {
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
