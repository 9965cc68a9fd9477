//! What a pipeline with frames sent in a run clock by clock, compared with the golden model: words,
//! counters, waits, and what becomes of rounds that have a sample too few or too many. It panics at
//! what is wrong; streams of any length are judged by [`frame_stream`](crate::frame_stream).

use golden_model::ChannelState;
use golden_model::encoder::SampleEncoder;
use golden_model::frames::{Deframer, Event, Framer, Header, Layout, Loss, Reader};
use hdl::{Bounds, Profile, Status};

use crate::frame_stream::ends_broken;
use crate::simulator::Trace;

/// What became of the frames.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fates {
    /// `[frame] -> what became of it`
    pub frames: Vec<Fate>,
    /// The counters that the hardware has to show.
    pub status: Status,
}

/// The fate of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Sent complete.
    Whole,
    /// Dropped after its header, with the broken mark.
    Broken,
    /// Dropped before its header.
    Unsent,
}

impl Fates {
    /// How many frames had this fate.
    pub fn count(&self, fate: Fate) -> usize {
        self.frames.iter().filter(|&&other| other == fate).count()
    }
}

/// Checks everything that came of these rounds, of which some may have a sample too few or too many.
///
/// # Panics
/// When a word, a counter or a sample of the receiver is wrong.
pub fn check(profile: &Profile, rounds: &[Vec<i16>], trace: &Trace) -> Fates {
    let offered: usize = rounds.iter().map(Vec::len).sum();
    assert_eq!(trace.taken.len(), offered, "the input waits for nobody");
    let frames = trace.frames();
    let most = Bounds::of(profile).frame_words.expect("a profile with frames");
    assert!(frames.iter().all(|frame| frame.len() <= most), "a frame of more words than the bound");
    assert!(frames.last().is_none_or(|frame| frame.last().is_some_and(|word| word.last)));
    let sent: Vec<Vec<u32>> =
        frames.iter().map(|frame| frame.iter().map(|word| word.word).collect()).collect();
    let fates = against_framer(profile, rounds, &sent);
    assert_eq!(trace.outcome.status, fates.status);
    against_deframer(profile, rounds, &sent, &fates);
    fates
}

/// The longest waits seen in a run without a lost frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waits {
    /// Clocks from a sample to the word with the last bit of its code.
    pub sample: usize,
    /// Clocks from a frame's last sample to its trailer.
    pub end: usize,
    /// Clocks from a frame's last sample to the next one's first.
    pub gap: usize,
    /// Clocks from a frame's first sample to the next one's first.
    pub frame: usize,
}

/// Measures a run in which every frame was sent whole.
///
/// # Panics
/// When there are not as many frames as the rounds make.
pub fn waits(profile: &Profile, rounds: &[Vec<i16>], trace: &Trace) -> Waits {
    let set = profile.table_set();
    let layout = profile.layout().expect("a profile with frames");
    let coder = SampleEncoder::new(set);
    let mut states = vec![ChannelState::initial(set); layout.channels()];
    let mut waits = Waits::default();
    let samples = rounds.concat();
    let frames = trace.frames();
    assert_eq!(frames.len() * layout.frame_samples(), samples.len(), "frames are missing");
    let each =
        samples.chunks(layout.frame_samples()).zip(trace.taken.chunks(layout.frame_samples()));
    for (number, ((samples, taken), words)) in each.zip(&frames).enumerate() {
        let header = Header::read(words[0].word).expect("a header");
        if header.keyframe {
            states.fill(ChannelState::initial(set));
        }
        let payload = &words[1 + usize::from(header.keyframe)..];
        let mut bits = 0;
        for (at, (&sample, &clock)) in samples.iter().zip(taken).enumerate() {
            let code = coder.encode(&mut states[at % layout.channels()], sample);
            bits += usize::from(code.len);
            let seen = payload[(bits - 1) / 32].clock;
            waits.sample = waits.sample.max((seen - clock) as usize);
        }
        let (first, last) = (taken[0] as usize, taken[taken.len() - 1] as usize);
        waits.end = waits.end.max(words[words.len() - 1].clock as usize - last);
        if let Some(&next) = trace.taken.get((number + 1) * layout.frame_samples()) {
            waits.gap = waits.gap.max(next as usize - last);
            waits.frame = waits.frame.max(next as usize - first);
        }
    }
    waits
}

/// Every frame must equal the golden framer's, which is told which frames are lost.
fn against_framer(profile: &Profile, rounds: &[Vec<i16>], sent: &[Vec<u32>]) -> Fates {
    let layout = profile.layout().expect("a profile with frames");
    let mut framer = Framer::new(profile.table_set(), layout);
    let mut fates = Fates::default();
    let mut sent = sent.iter().peekable();
    for rounds in rounds.chunks_exact(layout.frame_rounds()) {
        let number = framer.frame();
        let is_this = |words: &&Vec<u32>| {
            let header = Header::read(words[0]).expect("every frame has a header");
            header.sequence == number as u16
        };
        let misaligned = rounds.iter().filter(|round| round.len() != layout.channels()).count();
        fates.status.misaligned = fates.status.misaligned.wrapping_add(misaligned as u16);
        let samples = samples_to_misaligned(rounds, layout.channels());
        let Some(words) = sent.next_if(is_this) else {
            fates.frames.push(Fate::Unsent);
            framer.overrun();
            push_all(&mut framer, &vec![0; layout.frame_samples()]);
            continue;
        };
        let mut whole = framer.clone();
        // For a misaligned frame, everything that may have been sent, followed by a mark or a CRC.
        let whole = push_all(&mut whole, &samples)
            .unwrap_or_else(|| whole.give_up().expect("it was not dropped before").to_vec());
        if misaligned == 0 && *words == whole {
            fates.frames.push(Fate::Whole);
            push_all(&mut framer, &samples);
            continue;
        }
        assert!(ends_broken(profile, words, &whole), "frame {number}: another word than it has");
        assert!(misaligned > 0 || words.len() < whole.len(), "frame {number} was complete");
        fates.frames.push(Fate::Broken);
        framer.give_up();
        push_all(&mut framer, &vec![0; layout.frame_samples()]);
    }
    assert_eq!(sent.next(), None, "a frame that nobody expects");
    // Counters wrap.
    fates.status.frames = fates.frames.len() as u16;
    fates.status.broken_frames = fates.count(Fate::Broken) as u16;
    fates.status.overruns = fates.count(Fate::Unsent) as u16;
    fates
}

/// The samples of a frame up to the one that reveals a misaligned round.
fn samples_to_misaligned(rounds: &[Vec<i16>], channels: usize) -> Vec<i16> {
    let mut samples = Vec::new();
    for round in rounds {
        samples.extend(&round[..round.len().min(channels)]);
        if round.len() != channels {
            break;
        }
    }
    samples
}

/// Pushes samples; the frame that they complete.
fn push_all(framer: &mut Framer<'_>, samples: &[i16]) -> Option<Vec<u32>> {
    let mut complete = None;
    framer.extend(samples, |frame| complete = Some(frame.to_vec()));
    complete
}

/// A receiver must get every sample of every complete frame, and a report of every other frame.
fn against_deframer(profile: &Profile, rounds: &[Vec<i16>], sent: &[Vec<u32>], fates: &Fates) {
    let layout = profile.layout().expect("a profile with frames");
    let deframer = || Deframer::new(profile.table_set(), layout);
    let end = fates.frames.len() as u64;

    let mut receiver = Receiver { rounds, layout, found: Vec::new() };
    let mut by_frames = deframer();
    sent.iter().for_each(|words| by_frames.push(words, |event| receiver.take(&event)));
    by_frames.finish(end, |event| receiver.take(&event));
    receiver.compare(fates);

    // The same as plain bytes, without `m_axis_tlast`.
    let mut receiver = Receiver { rounds, layout, found: Vec::new() };
    let mut reader = Reader::new(deframer());
    reader.push_words(&sent.concat(), |event| receiver.take(&event));
    reader.finish(Some(end), |event| receiver.take(&event));
    receiver.compare(fates);
}

/// What a receiver got.
struct Receiver<'a> {
    rounds: &'a [Vec<i16>],
    layout: Layout,
    /// `[frame] -> decoded, or why it is missing`
    found: Vec<Option<Loss>>,
}

impl Receiver<'_> {
    fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Samples { frame, samples } => {
                assert_eq!(*frame, self.found.len() as u64);
                let first = self.found.len() * self.layout.frame_rounds();
                let rounds = &self.rounds[first..first + self.layout.frame_rounds()];
                assert!(rounds.concat() == *samples, "frame {frame}: a wrong sample");
                self.found.push(None);
            }
            Event::Missing { frames, why } => {
                assert_eq!(frames.start, self.found.len() as u64);
                self.found.resize(frames.end as usize, Some(*why));
            }
            Event::Refused(_) => {}
        }
    }

    fn compare(&self, fates: &Fates) {
        assert_eq!(self.found.len(), fates.frames.len());
        for (number, (found, fate)) in self.found.iter().zip(&fates.frames).enumerate() {
            assert_eq!(
                found.is_none(),
                *fate == Fate::Whole,
                "frame {number}: {found:?}, {fate:?}"
            );
        }
    }
}
