//! Recordings as the channels of an array: the input of a profile with frames, and the restored
//! files.

use std::collections::BTreeMap;
use std::path::PathBuf;

use golden_model::frames::Layout;
use golden_model::recordings::RecordingFile;
use hdl::Profile;

use crate::codes::Reading;
use crate::error::Error;
use crate::judge::Given;

/// Recordings that go through the hardware as one stream of rounds.
///
/// Recordings of few channels, mono ones for example, are distributed: their rounds, one file after the
/// other, are cut into pieces of the same length, as many as have the channels of the profile together, and
/// piece `n` is the channels behind those of piece `n - 1`. A recording that has the channels of the profile
/// is a stream of its own. Either way the end is padded to a whole frame by repeating samples, which do not
/// count.
pub struct Deal {
    layout: Layout,
    /// How `files` are read.
    reading: Option<Reading>,
    files: Vec<PathBuf>,
    /// `[file] -> where its samples begin`, and behind the last one the number of all.
    begins: Vec<usize>,
    samples: Vec<i16>,
    /// Samples of a channel.
    rounds: usize,
    /// Channels of the recordings: `samples` holds rounds of so many.
    width: usize,
}

impl Deal {
    /// Reads recordings and distributes them over at most this many streams of about the same
    /// length.
    ///
    /// # Errors
    /// When one cannot be read, or does not fit the profile.
    ///
    /// # Panics
    /// When the profile has no frames.
    pub fn read(
        files: &[PathBuf],
        reading: &Reading,
        profile: &Profile,
        streams: usize,
    ) -> Result<Vec<Deal>, Error> {
        let layout = profile.layout().expect("a profile with frames");
        let mut deals = Vec::new();
        let mut few: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        for file in files {
            let RecordingFile { name, recording, .. } = reading.read(file)?;
            match usize::from(recording.channels) {
                _ if recording.samples.is_empty() => return Err(Error::Empty { name }),
                channels if channels == layout.channels() => {
                    let files = vec![(file.clone(), recording.samples)];
                    deals.push(Deal::new(layout, reading, files, channels));
                }
                channels
                    if channels < layout.channels()
                        && layout.channels().is_multiple_of(channels) =>
                {
                    few.entry(channels).or_default().push((file.clone(), recording.samples));
                }
                _ => {
                    let (found, profile) = (recording.channels, profile.name().into());
                    let takes =
                        format!("{0} or, dealt out, a number that divides {0}", layout.channels());
                    return Err(Error::Channels { name, found, profile, takes });
                }
            }
        }
        for (width, files) in few {
            let all: usize = files.iter().map(|(_, samples)| samples.len()).sum();
            let mut stream = Vec::new();
            let (mut dealt, mut cut) = (0, 1);
            for (file, samples) in files {
                dealt += samples.len();
                stream.push((file, samples));
                if dealt * streams >= all * cut {
                    deals.push(Deal::new(layout, reading, std::mem::take(&mut stream), width));
                    cut = dealt * streams / all + 1;
                }
            }
        }
        Ok(deals)
    }

    fn new(
        layout: Layout,
        reading: &Reading,
        files: Vec<(PathBuf, Vec<i16>)>,
        width: usize,
    ) -> Deal {
        let mut begins = vec![0];
        let mut samples = Vec::with_capacity(files.iter().map(|(_, s)| s.len()).sum());
        let mut paths = Vec::new();
        for (path, of_file) in files {
            samples.extend_from_slice(&of_file);
            begins.push(samples.len());
            paths.push(path);
        }
        let rounds = samples.len().div_ceil(layout.channels());
        let reading = Some(reading.clone());
        Deal { layout, reading, files: paths, begins, samples, rounds, width }
    }

    /// Padding rounds.
    pub fn of_rounds(layout: Layout, samples: Vec<i16>) -> Deal {
        let rounds = samples.len() / layout.channels();
        Deal {
            layout,
            reading: None,
            files: Vec::new(),
            begins: vec![0],
            samples,
            rounds,
            width: layout.channels(),
        }
    }

    /// Samples of the recordings.
    pub fn samples(&self) -> usize {
        self.samples.len()
    }

    /// The place of a channel's sample in a round; after the last one, the last one's.
    fn place(&self, channel: usize, round: usize) -> usize {
        let round = round.min(self.rounds - 1);
        let (piece, channel) = (channel / self.width, channel % self.width);
        let place = (piece * self.rounds + round) * self.width + channel;
        // Of the same channel, if there is a whole round.
        let last = self.samples.len().saturating_sub(self.width) + channel;
        place.min(last).min(self.samples.len() - 1)
    }

    /// The stream, padded; every round ends with `s_axis_tlast`.
    pub fn stream(&self) -> impl Iterator<Item = (i16, bool)> + Send + '_ {
        let channels = self.layout.channels();
        let rounds = self.frames() as usize * self.layout.frame_rounds();
        (0..rounds).flat_map(move |round| {
            (0..channels).map(move |channel| {
                (self.samples[self.place(channel, round)], channel + 1 == channels)
            })
        })
    }

    /// Puts the received samples of a frame back to their place.
    pub fn put(&self, frame: u64, samples: &[i16], received: &mut [i16]) {
        let first = frame as usize * self.layout.frame_rounds();
        for (number, samples) in samples.chunks(self.layout.channels()).enumerate() {
            for (channel, &sample) in samples.iter().enumerate() {
                received[self.place(channel, first + number)] = sample;
            }
        }
    }

    /// Recordings that are not restored byte for byte from the received samples.
    ///
    /// # Errors
    /// When one cannot be read again.
    pub fn not_restored(&self, received: &[i16]) -> Result<u64, Error> {
        let mut wrong = 0;
        for (file, range) in self.files.iter().zip(self.begins.windows(2)) {
            let Some(reading) = &self.reading else { continue };
            let whole = reading.read(file)?;
            wrong += u64::from(!whole.is_restored_by(&received[range[0]..range[1]]));
        }
        Ok(wrong)
    }
}

impl Given for Deal {
    fn frames(&self) -> u64 {
        self.rounds.div_ceil(self.layout.frame_rounds()) as u64
    }

    fn frame(&self, number: u64, samples: &mut Vec<i16>) -> usize {
        let first = number as usize * self.layout.frame_rounds();
        for round in first..first + self.layout.frame_rounds() {
            let of_round = (0..self.layout.channels()).map(|c| self.samples[self.place(c, round)]);
            samples.extend(of_round);
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    use golden_model::wav::Recording;

    fn recording(folder: &Path, name: &str, channels: u16, samples: usize) -> PathBuf {
        let samples = (0..samples as i16).map(|n| n.wrapping_mul(641)).collect();
        let mut bytes = Vec::new();
        Recording { rate: 19531, channels, samples }.write(&mut bytes).unwrap();
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    #[test]
    fn every_sample_is_distributed_and_returns_to_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let profile = Profile::named("nano").unwrap();
        let lengths = [(1, 700), (1, 1), (1, 2000), (32, 640), (1, 800), (8, 4000)];
        let files: Vec<PathBuf> = lengths
            .iter()
            .enumerate()
            .map(|(n, &(channels, samples))| {
                recording(folder.path(), &format!("{n}.wav"), channels, samples)
            })
            .collect();
        let deals = Deal::read(&files, &Reading::whole(&profile, None), &profile, 2).unwrap();
        assert_eq!(deals.iter().map(Deal::samples).sum::<usize>(), 8141);
        assert_eq!(deals.iter().map(|deal| deal.files.len()).sum::<usize>(), 6);
        assert_eq!(deals.len(), 4);
        for deal in deals {
            let stream: Vec<(i16, bool)> = deal.stream().collect();
            assert_eq!(stream.len() as u64, deal.frames() * 19 * 32);
            assert!(stream.iter().enumerate().all(|(n, &(_, last))| last == (n % 32 == 31)));
            let mut received = vec![0; deal.samples()];
            for number in 0..deal.frames() {
                let mut frame = Vec::new();
                deal.frame(number, &mut frame);
                let there = &stream[number as usize * frame.len()..][..frame.len()];
                assert!(there.iter().map(|&(sample, _)| sample).eq(frame.iter().copied()));
                deal.put(number, &frame, &mut received);
            }
            assert_eq!(received, deal.samples);
            assert_eq!(deal.not_restored(&received).unwrap(), 0);
            received[0] ^= 1;
            assert_eq!(deal.not_restored(&received).unwrap(), 1);
        }
        let three = recording(folder.path(), "three.wav", 3, 12);
        let reading = Reading::whole(&profile, None);
        let error = Deal::read(&[three], &reading, &profile, 1).err().unwrap().to_string();
        let takes = "channels: 3; profile nano takes 32 or, dealt out, a number that divides 32";
        assert!(error.ends_with(takes), "{error}");
    }
}
