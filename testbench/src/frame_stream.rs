//! What a pipeline with frames sent, however long, compared with the golden model: frame by frame
//! with a framer that is told which frames were lost, and all of it with a deframer that is told
//! nothing.

use golden_model::frames::{Deframer, Event, Framer, Header, crc};
use hdl::Profile;

use crate::simulator::PacketWords;

/// What became of the frames.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Words of all frames.
    pub words: u64,
    /// Frames sent whole, every word the golden model's.
    pub whole: u64,
    /// Frames dropped with the broken mark, every word before it the golden model's.
    pub broken: u64,
    /// Frames dropped before any of it was sent.
    pub unsent: u64,
    /// Frames with another word than the golden model's, and frames that nobody expects.
    pub mismatches: u64,
    /// Frames for which the deframer output a wrong sample.
    pub wrong: u64,
    /// Frames sent complete for which the deframer output no samples.
    pub withheld: u64,
}

impl Findings {
    /// Whether nothing was wrong. A frame that the hardware dropped and marked is not wrong.
    pub fn right(&self) -> bool {
        self.mismatches + self.wrong + self.withheld == 0
    }
}

/// The stream that a pipeline with frames was given.
pub trait Given {
    /// Frames of it.
    fn frames(&self) -> u64;

    /// The samples of a frame, appended to `samples`.
    fn frame(&self, number: u64, samples: &mut Vec<i16>);
}

/// Checks the frames that came of a stream. `received` gets the samples that a deframer outputs.
///
/// # Panics
/// When the profile has no frames.
pub fn check(
    profile: &Profile,
    given: &impl Given,
    sent: &[PacketWords],
    mut received: impl FnMut(u64, &[i16]),
) -> Findings {
    let layout = profile.layout().expect("a profile with frames");
    let mut framer = Framer::new(profile.table_set(), layout);
    let mut deframer = Deframer::new(profile.table_set(), layout);
    let mut findings = Findings::default();
    let mut sent = sent.iter().peekable();
    let mut samples = Vec::new();
    for number in 0..given.frames() {
        samples.clear();
        given.frame(number, &mut samples);
        let is_this = |frame: &&PacketWords| {
            let header = frame.words.first().and_then(|&word| Header::read(word));
            header.is_none_or(|header| header.sequence == number as u16)
        };
        let Some(frame) = sent.next_if(is_this) else {
            findings.unsent += 1;
            framer.overrun();
            framer.extend(&samples, |_| {});
            continue;
        };
        findings.words += frame.words.len() as u64;
        let before = framer.clone();
        let mut whole = Vec::new();
        framer.extend(&samples, |words| whole.extend_from_slice(words));
        let is_whole = frame.words == whole && frame.last_word_bytes == 4;
        if is_whole {
            findings.whole += 1;
        } else if frame.words.len() < whole.len() && ends_broken(profile, &frame.words, &whole) {
            findings.broken += 1;
            framer = before;
            framer.overrun();
            framer.extend(&samples, |_| {});
        } else {
            findings.mismatches += 1;
        }

        let mut out = 0;
        deframer.push(&frame.words, |event| {
            if let Event::Samples { frame, samples: right } = event {
                out += 1;
                findings.wrong += u64::from(frame != number || right != samples);
                received(frame, right);
            }
        });
        findings.withheld += u64::from(is_whole && out == 0);
    }
    findings.mismatches += sent.count() as u64;
    findings
}

/// Whether a frame ends with the broken mark, after words of the complete frame.
///
/// # Panics
/// When the profile has no frames.
pub(crate) fn ends_broken(profile: &Profile, words: &[u32], whole: &[u32]) -> bool {
    let layout = profile.layout().expect("a profile with frames");
    let Some((&mark, body)) = words.split_last() else { return false };
    (1..whole.len()).contains(&body.len())
        && whole.starts_with(body)
        && mark == !crc(layout.crc_start(profile.table_set()), body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use golden_model::synthetic::Synthetic;
    use hdl::{Channels, Frames};

    struct Some16(Vec<i16>);

    impl Given for Some16 {
        fn frames(&self) -> u64 {
            self.0.len() as u64 / 16
        }

        fn frame(&self, number: u64, samples: &mut Vec<i16>) {
            samples.extend(&self.0[16 * number as usize..][..16]);
        }
    }

    fn profile() -> Profile {
        let set = golden_model::shipped("bigram-32").unwrap();
        let profile = Profile::new("few", set, Channels::Many(2)).unwrap();
        profile.with_frames(Frames { rounds: 8, keyframe_interval: 4 }).unwrap()
    }

    /// The output of a framer that drops frame 2 after its header and frame 5 before it.
    fn sent(profile: &Profile, samples: &[i16]) -> Vec<PacketWords> {
        let mut framer = Framer::new(profile.table_set(), profile.layout().unwrap());
        let mut sent = Vec::new();
        let mut keep = |words: &[u32]| {
            sent.push(PacketWords { words: words.to_vec(), last_word_bytes: 4 });
        };
        for (number, samples) in samples.chunks(16).enumerate() {
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
        sent
    }

    #[test]
    fn the_fate_of_each_frame_is_found() {
        let profile = profile();
        let given = Some16(Synthetic::default().rounds(1, 2, 80));
        let sent = sent(&profile, &given.0);
        let mut received = 0;
        let findings = check(&profile, &given, &sent, |_, samples| received += samples.len());
        assert!(findings.right());
        assert_eq!((findings.whole, findings.broken, findings.unsent), (8, 1, 1));
        assert_eq!(received, 8 * 16);
    }

    #[test]
    fn a_wrong_word_is_a_mismatch() {
        let profile = profile();
        let given = Some16(Synthetic::default().rounds(1, 2, 80));
        let right = sent(&profile, &given.0);
        for frame in 0..right.len() {
            for word in 0..right[frame].words.len() {
                let mut sent = right.clone();
                sent[frame].words[word] ^= 1 << (word % 32);
                let findings = check(&profile, &given, &sent, |_, _| {});
                assert!(findings.mismatches > 0, "frame {frame}, word {word}");
                assert_eq!(findings.wrong, 0, "the deframer was not deceived");
            }
        }
        let mut excess = right.clone();
        excess.push(right[0].clone());
        assert_eq!(check(&profile, &given, &excess, |_, _| {}).mismatches, 1);
    }
}
