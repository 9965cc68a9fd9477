//! **Codes**: recordings as the codes of a converter, which is what the hardware takes.
//!
//! A recorder's file need not hold the codes themselves: Open Ephys stores those of Neuropixels 1.0 as
//! voltages, `round(12.01923 c + phase)`. Where channels were stretched like that, it is undone.

use std::path::Path;

use golden_model::converter::Kind;
use golden_model::layout::Samples;
use golden_model::recordings::{RawFormat, RecordingFile};
use golden_model::wav::Recording;
use golden_model::wide::detect::detect;
use golden_model::{Converter, wide};
use hdl::Profile;
use recorders::Track;

use crate::error::Error;

/// How recordings become samples for a profile's hardware.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The format of raw files, where they are such.
    pub raw: Option<RawFormat>,
    /// The profile's converter.
    pub converter: Converter,
    /// Of a recorder's recording, at most about so many samples are used.
    pub most: usize,
}

impl Reading {
    /// Whole recordings for a profile.
    pub fn whole(profile: &Profile, raw: Option<RawFormat>) -> Reading {
        let converter = profile.table_set().converter().clone();
        Reading { raw, converter, most: usize::MAX }
    }

    /// Reads a recording.
    ///
    /// # Errors
    /// As [`read`].
    pub fn read(&self, path: &Path) -> Result<RecordingFile, Error> {
        read(path, self.raw, &self.converter, self.most)
    }
}

/// Reads a recording of any format as the codes of this converter.
///
/// Of the challenge's converter, these are WAV files, folders of them, and raw files, whole. For others,
/// the samples of the largest group of channels are taken from any recorder's file or folder, and
/// what it holds besides is left out; and of these, at most about `most` samples in whole rounds.
///
/// # Errors
/// When it cannot be read, or has no channels with samples of up to 16 bits.
pub fn read(
    path: &Path,
    raw: Option<RawFormat>,
    converter: &Converter,
    most: usize,
) -> Result<RecordingFile, Error> {
    if converter.parts().kind != Kind::Direct {
        return Ok(RecordingFile::read(path, raw)?);
    }
    let name = path.display().to_string();
    let mut stored = match raw {
        Some(_) => RecordingFile::read(path, raw)?.recording,
        None => largest_group(path, most)?.ok_or_else(|| Error::NoCodes { name: name.clone() })?,
    };
    let channels = usize::from(stored.channels);
    stored.samples.truncate(most.div_ceil(channels).saturating_mul(channels));
    let mut bytes = Vec::new();
    of_samples(stored).write(&mut bytes).map_err(Error::file(path))?;
    Ok(RecordingFile::of_wav(name, bytes)?)
}

/// The group of channels with the most samples, each of up to 16 bits; about `most` of them.
fn largest_group(path: &Path, most: usize) -> Result<Option<Recording>, Error> {
    let recording = recorders::open(path)?;
    let mut tracks = recording.all_tracks()?;
    tracks.retain(|track| matches!(Samples::of(track.group().format), Samples::I16(_)));
    let samples = |track: &Track| track.rounds() * track.group().channels.len() as u64;
    // The first of several that are equally large.
    let Some(track) = tracks.iter().rev().max_by_key(|track| samples(track)) else {
        return Ok(None);
    };
    let (rate, channels) = (track.group().rate.as_f64(), track.group().channels.len());
    let Samples::I16(samples) = track.read(most.div_ceil(channels.max(1)) as u64)? else {
        return Ok(None);
    };
    Ok(Some(Recording { rate: rate.round() as u32, channels: channels as u16, samples }))
}

/// The codes behind samples: what stretched a channel's is found and undone. A sample that no code
/// stands for becomes the nearest.
fn of_samples(stored: Recording) -> Recording {
    let channels = usize::from(stored.channels);
    let rounds = stored.samples.len() / channels.max(1);
    let converters = detect(|place| stored.samples[place].into(), channels, rounds);
    if converters.iter().all(|&converter| converter == wide::converter::Converter::Direct) {
        return stored;
    }
    let code = |(&sample, converter): (&i16, &wide::converter::Converter)| {
        let code = converter.nearest(sample.into());
        code.clamp(i16::MIN.into(), i16::MAX.into()) as i16
    };
    let samples = stored.samples.iter().zip(converters.iter().cycle()).map(code).collect();
    Recording { samples, ..stored }
}

#[cfg(test)]
mod tests {
    use super::*;

    use golden_model::converter::ConverterParts;
    use golden_model::synthetic::Synthetic;

    #[test]
    fn stretched_channels_become_the_codes_behind_them() {
        let ten_bits = ConverterParts { kind: Kind::Direct, bits: 10 };
        let converter = Converter::new(ten_bits).unwrap();
        // The challenge's synthetic codes, counted from the middle.
        let challenge = Converter::challenge();
        let codes: Vec<i16> = Synthetic::default()
            .rounds(1, 2, 5000)
            .iter()
            .map(|&sample| challenge.token(sample).unwrap().number() as i16 - 512)
            .collect();
        let stretched = |(place, &code): (usize, &i16)| {
            let phase = [3.2, -4.9][place % 2];
            (12.01923 * f64::from(code) + phase).round() as i16
        };
        let folder = tempfile::tempdir().unwrap();
        let read_back = |name: &str, samples: Vec<i16>| {
            let path = folder.path().join(name);
            let mut bytes = Vec::new();
            Recording { rate: 30_000, channels: 2, samples }.write(&mut bytes).unwrap();
            std::fs::write(&path, bytes).unwrap();
            read(&path, None, &converter, usize::MAX).unwrap().recording.samples
        };
        assert_eq!(read_back("plain.wav", codes.clone()), codes);
        let found = read_back("stretched.wav", codes.iter().enumerate().map(stretched).collect());
        // A channel's middle is not known: its codes may be counted from one beside it.
        for channel in 0..2 {
            let apart = |place: usize| found[place] - codes[place];
            let first = apart(channel);
            assert!(first.abs() <= 1);
            assert!((channel..found.len()).step_by(2).all(|place| apart(place) == first));
        }
    }

    #[test]
    fn a_file_without_samples_is_refused_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("notes.txt"), "none here").unwrap();
        let ten_bits = ConverterParts { kind: Kind::Direct, bits: 10 };
        let converter = Converter::new(ten_bits).unwrap();
        let error = read(folder.path(), None, &converter, usize::MAX).err().unwrap();
        assert!(matches!(error, Error::NoCodes { .. }), "{error}");
    }
}
