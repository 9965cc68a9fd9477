//! **Receiver**: bytes or datagrams in, samples and gaps out. It has no clock and no socket, so any
//! input can be tried on it.

mod datagrams;
mod event;
mod track;

pub use event::{Event, Missing, Why};

use golden_model::frames::{Deframer, Reader};

use crate::misfit::{Misfit, Scout};
use crate::window::Window;
use crate::{Counters, StreamFormat};
use datagrams::Datagrams;
use track::Track;

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
            Input::Datagrams(datagrams) => datagrams.silent_for(frames),
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
        let window = Window::new(options.window, max_bytes, options.from_start);
        Input::Datagrams(Datagrams::new(deframer, window))
    }
}
