//! What a pipeline with frames sent, compared with the golden model: frame by frame with a framer that
//! is told which frames were lost, and all of it with receivers that are told nothing.

mod fate;
mod finding;
mod receiver;

use golden_model::frames::{Deframer, Framer, Header, Reader, crc};
use hdl::{Bounds, Profile, Status};

use crate::simulator::{PacketWords, Trace};
pub use fate::{Fate, Given};
pub use finding::Finding;
pub(crate) use receiver::Receiver;

/// What became of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// `[frame] -> what became of it`
    pub fates: Vec<Fate>,
    /// Words of all frames.
    pub words: u64,
    /// Rounds with a sample too few or too many.
    pub misaligned: u64,
    /// Everything that is wrong. A frame that the hardware dropped and marked is not.
    pub findings: Vec<Finding>,
}

impl Judgement {
    /// How many frames had this fate.
    pub fn count(&self, fate: Fate) -> usize {
        self.fates.iter().filter(|&&other| other == fate).count()
    }

    /// Frames that were dropped, and reported.
    pub fn lost(&self) -> usize {
        self.count(Fate::Broken) + self.count(Fate::Unsent)
    }

    /// The counters that the hardware has to show; they wrap.
    pub fn status(&self) -> Status {
        Status {
            frames: self.fates.len() as u16,
            broken_frames: self.count(Fate::Broken) as u16,
            overruns: self.count(Fate::Unsent) as u16,
            misaligned: self.misaligned as u16,
        }
    }
}

/// Judges the frames that came of a stream. `received` gets the samples that a receiver outputs.
///
/// # Panics
/// When the profile has no frames.
pub fn judge(
    profile: &Profile,
    given: &dyn Given,
    sent: &[PacketWords],
    received: impl FnMut(u64, &[i16]),
) -> Judgement {
    let layout = profile.layout().expect("a profile with frames");
    let set = profile.table_set();
    let most = Bounds::of(profile).frame_words.expect("a profile with frames");
    let mut framer = Framer::new(set, layout);
    let mut by_frames = (Deframer::new(set, layout), Receiver::new(given, received));
    // The same as plain bytes, without `m_axis_tlast`.
    let mut by_bytes = (Reader::new(Deframer::new(set, layout)), Receiver::new(given, |_, _| {}));
    let mut judgement = Judgement::default();
    let mut sent = sent.iter().peekable();
    let mut samples = Vec::new();
    for frame in 0..given.frames() {
        samples.clear();
        let misaligned = given.frame(frame, &mut samples);
        judgement.misaligned += misaligned as u64;
        let is_this = |sent: &&PacketWords| {
            let header = sent.words.first().and_then(|&word| Header::read(word));
            header.is_none_or(|header| header.sequence == frame as u16)
        };
        let sent = sent.next_if(is_this);
        let mut complete = framer.clone();
        let fate = match sent {
            None => Fate::Unsent,
            Some(sent) => {
                judgement.words += sent.words.len() as u64;
                if sent.words.len() > most {
                    judgement.findings.push(Finding::TooLong { frame, words: sent.words.len() });
                }
                by_frames.0.push(&sent.words, |event| by_frames.1.take(&event));
                by_bytes.0.push_words(&sent.words, |event| by_bytes.1.take(&event));
                // Of a misaligned frame, all that may have been sent, and a mark or a CRC.
                let whole = push(&mut complete, &samples)
                    .unwrap_or_else(|| complete.give_up().expect("it has begun").to_vec());
                fate(profile, frame, sent, &whole, misaligned > 0).unwrap_or_else(|finding| {
                    judgement.findings.push(finding);
                    Fate::Wrong
                })
            }
        };
        // After a wrong frame the hardware may go on as if it had been right.
        if fate == Fate::Whole || fate == Fate::Wrong && misaligned == 0 {
            framer = complete;
        } else {
            framer.overrun();
            push(&mut framer, &vec![0; layout.frame_samples()]);
        }
        judgement.fates.push(fate);
    }
    let unexpected = sent.map(|sent| Finding::Unexpected { words: sent.words.len() });
    judgement.findings.extend(unexpected);

    by_frames.0.finish(given.frames(), |event| by_frames.1.take(&event));
    by_bytes.0.finish(Some(given.frames()), |event| by_bytes.1.take(&event));
    let fates = &judgement.fates;
    judgement.findings.extend(by_frames.1.compare(fates));
    judgement.findings.extend(by_bytes.1.compare(fates));
    judgement
}

/// Judges a run clock by clock on rounds, of which some may have a sample too few or too many.
///
/// # Panics
/// When the profile has no frames.
pub fn judge_trace(profile: &Profile, rounds: &[Vec<i16>], trace: &Trace) -> Judgement {
    let frames = trace.frames();
    let sent: Vec<PacketWords> = frames
        .iter()
        .map(|frame| PacketWords {
            words: frame.iter().map(|word| word.word).collect(),
            last_word_bytes: frame.iter().map(|word| word.bytes).min().unwrap_or(0),
        })
        .collect();
    let given = Rounds { profile, rounds };
    let mut judgement = judge(profile, &given, &sent, |_, _| {});
    if trace.words.last().is_some_and(|word| !word.last) {
        judgement.findings.push(Finding::NoEnd);
    }
    let (taken, offered) = (trace.taken.len(), rounds.iter().map(Vec::len).sum());
    if taken != offered {
        judgement.findings.push(Finding::NotTaken { taken, offered });
    }
    let (shown, right) = (trace.outcome.status, judgement.status());
    if shown != right {
        judgement.findings.push(Finding::Counters { shown, right });
    }
    judgement
}

/// Rounds of any length.
struct Rounds<'a> {
    profile: &'a Profile,
    rounds: &'a [Vec<i16>],
}

impl Rounds<'_> {
    fn of_frame(&self) -> usize {
        self.profile.layout().expect("a profile with frames").frame_rounds()
    }
}

impl Given for Rounds<'_> {
    fn frames(&self) -> u64 {
        (self.rounds.len() / self.of_frame()) as u64
    }

    fn frame(&self, number: u64, samples: &mut Vec<i16>) -> usize {
        let channels = self.profile.channels();
        let rounds = &self.rounds[number as usize * self.of_frame()..][..self.of_frame()];
        for round in rounds {
            samples.extend(&round[..round.len().min(channels)]);
            if round.len() != channels {
                break;
            }
        }
        rounds.iter().filter(|round| round.len() != channels).count()
    }
}

/// Pushes samples; the frame that they complete.
fn push(framer: &mut Framer<'_>, samples: &[i16]) -> Option<Vec<u32>> {
    let mut complete = None;
    framer.extend(samples, |frame| complete = Some(frame.to_vec()));
    complete
}

/// What became of a frame of which something was sent; `whole` is all of it.
fn fate(
    profile: &Profile,
    frame: u64,
    sent: &PacketWords,
    whole: &[u32],
    is_misaligned: bool,
) -> Result<Fate, Finding> {
    if sent.last_word_bytes != 4 {
        return Err(Finding::ShortWord { frame, bytes: sent.last_word_bytes });
    }
    let words = &sent.words;
    if !is_misaligned && words == whole {
        return Ok(Fate::Whole);
    }
    if ends_broken(profile, words, whole) && (is_misaligned || words.len() < whole.len()) {
        return Ok(Fate::Broken);
    }
    let at = words.iter().zip(whole).take_while(|(sent, right)| sent == right).count();
    let [sent, right] = [words.get(at).copied(), whole.get(at).copied()];
    Err(Finding::OtherWord { frame, at, sent, right })
}

/// Whether a frame ends with the broken mark, after words of the complete frame.
fn ends_broken(profile: &Profile, words: &[u32], whole: &[u32]) -> bool {
    let layout = profile.layout().expect("a profile with frames");
    let Some((&mark, body)) = words.split_last() else { return false };
    (1..whole.len()).contains(&body.len())
        && whole.starts_with(body)
        && mark == !crc(layout.crc_start(profile.table_set()), body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::{Outcome, TracedWord};
    use golden_model::synthetic::Synthetic;
    use hdl::{Channels, Frames};

    fn profile() -> Profile {
        let set = golden_model::shipped("bigram-32").unwrap();
        let profile = Profile::new("few", set, Channels::Many(2)).unwrap();
        profile.with_frames(Frames { rounds: 8, keyframe_interval: 4 }).unwrap()
    }

    fn rounds() -> Vec<Vec<i16>> {
        Synthetic::default().rounds(1, 2, 80).chunks(2).map(<[i16]>::to_vec).collect()
    }

    /// A run with the output of a framer that drops frame 2 after its header and frame 5 before it.
    fn trace(profile: &Profile) -> Trace {
        let mut framer = Framer::new(profile.table_set(), profile.layout().unwrap());
        let mut words: Vec<TracedWord> = Vec::new();
        let mut keep = |frame: &[u32]| {
            words.extend(frame.iter().enumerate().map(|(at, &word)| TracedWord {
                clock: 0,
                word,
                bytes: 4,
                last: at + 1 == frame.len(),
            }));
        };
        for (number, samples) in rounds().concat().chunks(16).enumerate() {
            let (first, rest) = samples.split_at(9);
            if number == 5 {
                framer.overrun();
            }
            framer.extend(first, &mut keep);
            if number == 2 {
                framer.give_up().into_iter().for_each(&mut keep);
            }
            framer.extend(rest, &mut keep);
        }
        let status = Status { frames: 10, broken_frames: 1, overruns: 1, misaligned: 0 };
        let outcome = Outcome { status, ..Outcome::default() };
        Trace { taken: vec![0; 160], words, outcome }
    }

    /// The findings in a run of which something was changed.
    fn found(change: impl FnOnce(&mut Trace)) -> Vec<Finding> {
        let profile = profile();
        let mut trace = trace(&profile);
        change(&mut trace);
        judge_trace(&profile, &rounds(), &trace).findings
    }

    #[test]
    fn the_fate_of_each_frame_is_found() {
        let profile = profile();
        let judgement = judge_trace(&profile, &rounds(), &trace(&profile));
        assert_eq!(judgement.findings, []);
        assert_eq!((judgement.count(Fate::Whole), judgement.lost()), (8, 2));
        assert_eq!((judgement.fates[2], judgement.fates[5]), (Fate::Broken, Fate::Unsent));
    }

    #[test]
    fn the_first_wrong_word_is_found_and_no_receiver_is_deceived() {
        let frames = [0, 1, 2, 3, 4, 6, 7, 8, 9];
        let lengths: Vec<usize> = trace(&profile()).frames().iter().map(|f| f.len()).collect();
        let mut place = 0;
        for (frame, length) in frames.into_iter().zip(lengths) {
            for word in 0..length {
                let findings = found(|trace| trace.words[place].word ^= 1 << (word % 32));
                let first = findings.first().expect("it is wrong");
                // With another header it may be any frame.
                let is_found = matches!(first, Finding::OtherWord { frame: f, at, .. } if (*f, *at) == (frame, word));
                assert!(is_found || word == 0, "frame {frame}, word {word}: {findings:?}");
                let deceived = |finding: &Finding| {
                    matches!(finding, Finding::WrongSamples { .. } | Finding::Accepted { .. })
                };
                assert!(!findings.iter().any(deceived), "{findings:?}");
                place += 1;
            }
        }
    }

    #[test]
    fn everything_else_that_is_wrong_is_found() {
        let again = found(|trace| trace.words.extend_from_within(..trace.frames()[0].len()));
        assert!(matches!(again[0], Finding::Unexpected { .. }), "{again:?}");
        let cut = found(|trace| trace.words.truncate(trace.words.len() - 1));
        assert!(cut.contains(&Finding::NoEnd) && cut.len() > 1, "{cut:?}");
        let short = found(|trace| trace.words[0].bytes = 3);
        assert_eq!(short, [Finding::ShortWord { frame: 0, bytes: 3 }]);
        let stopped = found(|trace| trace.taken.truncate(159));
        assert_eq!(stopped, [Finding::NotTaken { taken: 159, offered: 160 }]);
        let counted = found(|trace| trace.outcome.status.overruns = 2);
        assert!(matches!(counted[..], [Finding::Counters { .. }]), "{counted:?}");
        let long = found(|trace| {
            let word = TracedWord { last: false, ..trace.words[0] };
            trace.words.splice(1..1, vec![word; 100]);
        });
        assert!(matches!(long[0], Finding::TooLong { frame: 0, words } if words > 100), "{long:?}");
    }
}
