//! How long samples wait in a pipeline with frames, measured in a run without a lost frame.

use golden_model::ChannelStates;
use golden_model::decoder::SampleDecoder;
use golden_model::encoder::SampleEncoder;
use golden_model::words::{WordReader, WordWriter};
use hdl::Profile;

use crate::simulator::Trace;

/// The longest waits.
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

impl Waits {
    /// Measures a run in which every frame was sent whole.
    ///
    /// # Panics
    /// When there are not as many frames as the samples make.
    pub fn of(profile: &Profile, samples: &[i16], trace: &Trace) -> Waits {
        let length = profile.layout().expect("a profile with frames").frame_samples();
        let frames = trace.frames();
        assert_eq!(frames.len() * length, samples.len(), "frames are missing");
        let mut waits = Waits::default();
        let ends = word_of_each(profile, samples);
        let each = trace.taken.chunks(length).zip(ends.chunks(length));
        for (number, ((taken, ends), words)) in each.zip(&frames).enumerate() {
            for (&clock, &end) in taken.iter().zip(ends) {
                waits.sample = waits.sample.max((words[end].clock - clock) as usize);
            }
            let (first, last) = (taken[0] as usize, taken[taken.len() - 1] as usize);
            waits.end = waits.end.max(words[words.len() - 1].clock as usize - last);
            if let Some(&next) = trace.taken.get((number + 1) * length) {
                waits.gap = waits.gap.max(next as usize - last);
                waits.frame = waits.frame.max(next as usize - first);
            }
        }
        waits
    }

    /// The longer one of each.
    #[must_use]
    pub fn max(self, other: Waits) -> Waits {
        Waits {
            sample: self.sample.max(other.sample),
            end: self.end.max(other.end),
            gap: self.gap.max(other.gap),
            frame: self.frame.max(other.frame),
        }
    }
}

/// For each sample of whole frames, none of which is lost: the place in its frame of the word with the
/// last bit of its code. With a range coder, of the word that lets a decoder tell the sample.
///
/// # Panics
/// When the profile has no frames.
pub fn word_of_each(profile: &Profile, samples: &[i16]) -> Vec<usize> {
    let layout = profile.layout().expect("a profile with frames");
    let set = profile.table_set();
    let coder = SampleEncoder::new(set);
    let decoder = SampleDecoder::new(set);
    let mut states = ChannelStates::initial(set, layout.channels());
    let mut decoded = states.clone();
    let mut places = Vec::with_capacity(samples.len());
    for (number, frame) in samples.chunks(layout.frame_samples()).enumerate() {
        let is_keyframe = layout.is_keyframe(number as u64);
        if is_keyframe {
            states.reset(set);
            decoded.reset(set);
        }
        // The header, and in a keyframe the table set's digest.
        let payload = 1 + usize::from(is_keyframe);
        if set.range_code().is_some() {
            let mut writer = WordWriter::new(set);
            let write = |&sample| coder.write(&mut states, &mut writer, sample);
            let mut words: Vec<u32> = frame.iter().filter_map(write).collect();
            words.extend(writer.flush());
            let mut reader = WordReader::new(set);
            let mut read = 0;
            for &sample in frame {
                loop {
                    let found = decoder.read(&mut decoded, &mut reader);
                    if let Some(found) = found.expect("an encoder's words") {
                        assert_eq!(found, sample);
                        break;
                    }
                    reader.push(words[read]);
                    read += 1;
                }
                places.push(payload + read - 1);
            }
            continue;
        }
        let mut bits = 0;
        for &sample in frame {
            bits += usize::from(coder.encode(&mut states, sample).len);
            places.push(payload + (bits - 1) / 32);
        }
    }
    places
}
