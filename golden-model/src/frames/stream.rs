//! **Reader**: frames out of a plain stream of bytes, back to back, with no marks between them.
//!
//! A frame begins where a header stands and ends where a word equals the CRC of all words since.
//! After damage a frame may begin at any byte, so every header that is seen, in a payload as well,
//! is followed as a *candidate* with a running CRC; the first to reach its end is the frame, and
//! ends the candidates that overlap it.
//!
//! - In a payload some word equals the running CRC by chance, once in 2^32. Such a false frame
//!   cannot be decoded, and the candidate continues.
//! - A dropped frame ends where a word equals the inverted CRC and the next word is the header of
//!   the next number, or the stream ends.
//! - A candidate ends when it is longer than any frame of the layout. At most [`CANDIDATES`] are
//!   followed, the latest, so that memory and time per byte are bounded for any input.

use alloc::vec::Vec;

use super::deframer::{Deframer, Verdict};
use super::event::{Event, Refusal};
use super::header::{Header, crc};

/// Most candidates followed at a time: twice the number expected by chance in the longest frame.
pub const CANDIDATES: usize = 64;
/// Most ends of one candidate that are tried: hostile frames may have an end at every word.
const TRIALS: u32 = 4;

/// Finds frames in bytes and decodes them with a [`Deframer`].
#[derive(Clone, Debug)]
pub struct Reader<'t> {
    deframer: Deframer<'t>,
    /// Bytes read.
    position: u64,
    /// The last four of them.
    window: u32,
    /// Where the last frame ended.
    frame_end: u64,
    /// In the order of their beginning.
    candidates: Vec<Candidate>,
    /// All bytes from the first candidate's beginning on.
    bytes: Vec<u8>,
    /// The words of the frame that is tried.
    words: Vec<u32>,
}

/// A header that may be that of a frame.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    begin: u64,
    header: u32,
    sequence: u16,
    /// Of all its words so far.
    crc: u32,
    /// Whether the last of them is a broken mark.
    broken: bool,
    trials: u32,
}

impl<'t> Reader<'t> {
    /// A reader before the first byte, or behind any other.
    pub fn new(deframer: Deframer<'t>) -> Reader<'t> {
        Reader {
            deframer,
            position: 0,
            window: 0,
            frame_end: 0,
            candidates: Vec::with_capacity(CANDIDATES),
            bytes: Vec::new(),
            words: Vec::new(),
        }
    }

    /// The deframer, to be asked.
    pub fn deframer(&self) -> &Deframer<'t> {
        &self.deframer
    }

    /// As [`Deframer::expect`].
    pub fn expect(&mut self, frame: u64) {
        self.deframer.expect(frame);
    }

    /// Takes any number of bytes and reports the results.
    pub fn push(&mut self, bytes: &[u8], mut report: impl FnMut(Event<'_>)) {
        bytes.iter().for_each(|&byte| self.step(byte, &mut report));
    }

    /// Takes the next words.
    pub fn push_words(&mut self, words: &[u32], mut report: impl FnMut(Event<'_>)) {
        words.iter().for_each(|word| self.push(&word.to_be_bytes(), &mut report));
    }

    /// Ends the stream in front of frame `end`, as [`Deframer::finish`], or, when that is not known,
    /// behind the last frame heard of.
    pub fn finish(&mut self, end: Option<u64>, mut report: impl FnMut(Event<'_>)) {
        let last = self.candidates.iter().find(|c| c.broken && c.is_aligned(self.position));
        if let Some(&last) = last {
            let verdict = self.judge(last, self.position);
            self.accept(last, self.position, verdict, &mut report);
        }
        self.skip_to(self.position, &mut report);
        self.frame_end = self.position;
        self.candidates.clear();
        self.bytes.clear();
        let end = end.unwrap_or(self.deframer.heard());
        self.deframer.finish(end, report);
    }

    fn step(&mut self, byte: u8, report: &mut impl FnMut(Event<'_>)) {
        self.position += 1;
        self.window = self.window << 8 | u32::from(byte);
        if !self.candidates.is_empty() {
            self.bytes.push(byte);
        }
        let mut index = 0;
        while index < self.candidates.len() {
            let mid_word = !self.candidates[index].is_aligned(self.position);
            if mid_word || self.take_word(index, report) {
                index += 1;
            } else if index < self.candidates.len() {
                self.drop_candidate(index);
            }
        }
        if self.position >= self.frame_end + 4
            && let Some(header) = Header::read(self.window)
        {
            self.begin(header);
        }
    }

    /// The candidate's next word has come; false when it is to be dropped, if it is still there.
    fn take_word(&mut self, index: usize, report: &mut impl FnMut(Event<'_>)) -> bool {
        let word = self.window;
        let candidate = self.candidates[index];
        let next = Header::read(word).map(|header| header.sequence);
        if candidate.broken && next == Some(candidate.sequence.wrapping_add(1)) {
            let end = self.position - 4;
            let verdict = self.judge(candidate, end);
            self.accept(candidate, end, verdict, report);
            return false;
        }
        if word == candidate.crc {
            let verdict = self.judge(candidate, self.position);
            if !matches!(verdict, Verdict::Bad(Refusal::Undecodable { .. })) {
                self.accept(candidate, self.position, verdict, report);
                return false;
            }
            self.candidates[index].trials += 1;
        }
        let candidate = &mut self.candidates[index];
        candidate.broken = word == !candidate.crc;
        let words = (self.position - candidate.begin) / 4;
        candidate.crc = match words {
            // A keyframe names its tables here.
            2 => self.deframer.crc_of(&[candidate.header, word]),
            _ => crc(candidate.crc, &[word]),
        };
        words < self.deframer.max_words() as u64 && candidate.trials < TRIALS
    }

    /// Begins a candidate with the four bytes read last.
    fn begin(&mut self, header: Header) {
        if self.candidates.len() == CANDIDATES {
            self.drop_candidate(0);
        }
        if self.candidates.is_empty() {
            self.bytes.extend(self.window.to_be_bytes());
        }
        self.candidates.push(Candidate {
            begin: self.position - 4,
            header: self.window,
            sequence: header.sequence,
            crc: self.deframer.crc_of(&[self.window]),
            broken: false,
            trials: 0,
        });
    }

    fn drop_candidate(&mut self, index: usize) {
        let dropped = self.candidates.remove(index);
        if index == 0 {
            let kept = self.candidates.first().map_or(self.position, |first| first.begin);
            self.bytes.drain(..(kept - dropped.begin) as usize);
        }
    }

    /// The deframer's verdict on a candidate that ends at `end`.
    fn judge(&mut self, candidate: Candidate, end: u64) -> Verdict {
        let base = self.candidates[0].begin;
        let bytes = &self.bytes[(candidate.begin - base) as usize..(end - base) as usize];
        self.words.clear();
        self.words.extend(bytes.as_chunks().0.iter().map(|&word| u32::from_be_bytes(word)));
        self.deframer.judge(&self.words)
    }

    /// A candidate is a frame.
    fn accept(
        &mut self,
        candidate: Candidate,
        end: u64,
        verdict: Verdict,
        report: &mut impl FnMut(Event<'_>),
    ) {
        self.skip_to(candidate.begin, report);
        self.frame_end = end;
        self.candidates.clear();
        self.bytes.clear();
        self.deframer.settle(verdict, report);
    }

    /// Reports the bytes from the last frame up to here as belonging to no frame.
    fn skip_to(&mut self, here: u64, report: &mut impl FnMut(Event<'_>)) {
        let bytes = here - self.frame_end;
        if bytes > 0 {
            self.deframer.refuse(Refusal::Skipped { bytes }, report);
        }
    }
}

impl Candidate {
    /// Whether a word of it ends at this position.
    fn is_aligned(&self, position: u64) -> bool {
        (position - self.begin).is_multiple_of(4)
    }
}
