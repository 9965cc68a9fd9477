//! Loads for a pipeline: quiet, typical and busy signals from real recordings.

use std::path::PathBuf;

use golden_model::encoder::SampleEncoder;
use golden_model::{ChannelStates, TableSet};
use hdl::{Frames, Profile};
use rayon::prelude::*;
use testbench::codes::Reading;

use crate::Error;

/// The frames of a profile.
///
/// # Errors
/// If it has none: a profile of one channel.
pub fn frames_of(profile: &Profile) -> Result<Frames, Error> {
    profile.frames().ok_or_else(|| Error::NoFrames(profile.name().into()))
}

/// Whole frames of samples for all channels of a profile.
pub struct Load {
    /// `quiet`, `typical` or `busy`.
    pub name: &'static str,
    /// The number of recordings in it.
    pub recordings: usize,
    /// Samples, rounds of one of every channel.
    pub samples: Vec<i16>,
}

/// One channel of a recording, and the bits that its samples take.
struct Signal {
    bits_per_sample: f64,
    samples: Vec<i16>,
}

/// Frames of 1 ms for a profile's channels: the recordings, in the order of the bits that their
/// samples take, are cut into three equal parts, and each part is distributed over the channels. If
/// there are more channels than recordings in a part, a recording gives several stretches; where even these are
/// too few, though more than half as many as channels, the first ones go to two channels each.
///
/// Neighbours have to stay what they are: for a table set that has them, whole rounds are taken from
/// recordings of enough channels, where they take the fewest bits, as many as most, and the most.
///
/// # Errors
/// If a recording cannot be read, the recordings are too few or too short, or the profile has no
/// frames.
pub fn loads(files: &[PathBuf], profile: &Profile, frames: usize) -> Result<Vec<Load>, Error> {
    let rounds = frames * frames_of(profile)?.rounds;
    if profile.table_set().shape().neighbours() > 0 {
        return whole_rounds(files, profile, rounds);
    }
    let set = profile.table_set();
    let coder = SampleEncoder::new(set);
    let channels = profile.channels();
    let reading = Reading::whole(profile, None);
    let read = files.par_iter().map(|path| {
        let recording = reading.read(path)?.recording;
        // The stretches per channel that the smallest part needs if all are long enough.
        let there = files.len() * usize::from(recording.channels);
        let most = rounds * channels.div_ceil((there / 3).max(1));
        let signal = |channel| {
            let mut samples: Vec<i16> = recording.channel(channel).take(most).collect();
            samples.truncate(samples.len() - samples.len() % rounds);
            let mut state = ChannelStates::initial(set, 1);
            let bits: f64 = samples.iter().map(|&s| bits_of(set, &coder, &mut state, s)).sum();
            Signal { bits_per_sample: bits / samples.len().max(1) as f64, samples }
        };
        Ok((0..recording.channels).map(signal).collect::<Vec<_>>())
    });
    let read: Vec<Vec<Signal>> = read.collect::<Result<_, Error>>()?;
    let mut signals: Vec<Signal> = read.into_iter().flatten().collect();
    signals.retain(|signal| !signal.samples.is_empty());
    if signals.len() < 3 {
        return Err(Error::TooFew(signals.len(), rounds));
    }
    signals.sort_by(|a, b| a.bits_per_sample.total_cmp(&b.bits_per_sample));
    let cut = |part: usize| part * signals.len() / 3;
    let load = |(part, name)| {
        let part = &signals[cut(part)..cut(part + 1)];
        deal(name, part, channels, rounds)
    };
    ["quiet", "typical", "busy"].into_iter().enumerate().map(load).collect()
}

/// The loads of a profile with neighbours.
fn whole_rounds(files: &[PathBuf], profile: &Profile, rounds: usize) -> Result<Vec<Load>, Error> {
    let (set, channels) = (profile.table_set(), profile.channels());
    let coder = SampleEncoder::new(set);
    let reading = Reading::whole(profile, None);
    let read = files.par_iter().map(|path| {
        let recording = reading.read(path)?.recording;
        if usize::from(recording.channels) < channels {
            return Ok(Vec::new());
        }
        let all = recording.samples.chunks_exact(recording.channels.into());
        let samples: Vec<i16> = all.flat_map(|round| &round[..channels]).copied().collect();
        let mut states = ChannelStates::initial(set, channels);
        let stretch = |samples: &[i16]| {
            let bits: u64 =
                samples.iter().map(|&s| u64::from(coder.encode(&mut states, s).len)).sum();
            (bits, samples.to_vec())
        };
        Ok(samples.chunks_exact(rounds * channels).map(stretch).collect())
    });
    let read: Vec<Vec<(u64, Vec<i16>)>> = read.collect::<Result<_, Error>>()?;
    let recordings = read.iter().filter(|stretches| !stretches.is_empty()).count();
    let mut stretches: Vec<(u64, Vec<i16>)> = read.into_iter().flatten().collect();
    if stretches.len() < 3 {
        return Err(Error::TooFew(stretches.len(), rounds));
    }
    stretches.sort_by_key(|&(bits, _)| bits);
    let last = stretches.len() - 1;
    let places = [("quiet", 0), ("typical", last / 2), ("busy", last)];
    let load = |(name, place): (_, usize)| Load {
        name,
        recordings,
        samples: std::mem::take(&mut stretches[place].1),
    };
    Ok(places.map(load).into())
}

/// Bits that a sample takes; of a range coder, about.
pub(crate) fn bits_of(
    set: &TableSet,
    coder: &SampleEncoder<'_>,
    states: &mut ChannelStates,
    sample: i16,
) -> f64 {
    match set.range_code() {
        None => coder.encode(states, sample).len.into(),
        Some(_) => f64::from(coder.interval(states, sample).1.sixteenths()) / 16.0,
    }
}

fn deal(
    name: &'static str,
    signals: &[Signal],
    channels: usize,
    rounds: usize,
) -> Result<Load, Error> {
    // The first stretch of each, then the second of each that has one.
    let longest = signals.iter().map(|signal| signal.samples.len()).max().unwrap_or(0);
    let stretches: Vec<&[i16]> = (0..longest)
        .step_by(rounds)
        .flat_map(|at| signals.iter().filter_map(move |s| s.samples.get(at..at + rounds)))
        .take(channels)
        .collect();
    if 2 * stretches.len() <= channels {
        return Err(Error::TooShort {
            load: name,
            recordings: signals.len(),
            stretches: stretches.len(),
            rounds,
            channels,
        });
    }
    let dealt: Vec<&[i16]> = stretches.iter().cycle().take(channels).copied().collect();
    let round = |round: usize| dealt.iter().map(move |stretch| stretch[round]);
    Ok(Load {
        name,
        recordings: signals.len().min(channels),
        samples: (0..rounds).flat_map(round).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use golden_model::wav::Recording;
    use hdl::Channels;

    /// Samples of three channels: the number of the round, louder and louder jumps, and a constant.
    fn recording(channels: usize) -> Vec<i16> {
        let round = |r: i16| [r, [4, -4][r as usize % 2] * r + r % 3, 7];
        (0..90).flat_map(|r| round(r).into_iter().take(channels)).collect()
    }

    #[test]
    fn few_stretches_go_to_two_channels_each() {
        let signals =
            [1_i16, 2, 3].map(|level| Signal { bits_per_sample: 1.0, samples: vec![level; 5] });
        let dealt = |channels| deal("quiet", &signals, channels, 5).map(|load| load.samples);
        assert_eq!(dealt(5).unwrap(), [1, 2, 3, 1, 2].repeat(5));
        assert!(matches!(dealt(6), Err(Error::TooShort { stretches: 3, channels: 6, .. })));
    }

    #[test]
    fn neighbours_stay_neighbours() {
        let set = golden_model::shipped("neuropixels-10").unwrap();
        let profile = Profile::new("few", set, Channels::Many(2)).unwrap();
        let profile = profile.with_frames(Frames { rounds: 5, keyframe_interval: 64 }).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let loads_of = |channels: usize| {
            let path = folder.path().join(format!("{channels}.wav"));
            let samples = recording(channels);
            let mut bytes = Vec::new();
            let channels = channels as u16;
            Recording { rate: 30_000, channels, samples }.write(&mut bytes).unwrap();
            std::fs::write(&path, bytes).unwrap();
            loads(&[path], &profile, 2)
        };
        let rounds = recording(2);
        let found: Vec<(&str, Vec<i16>)> =
            loads_of(3).unwrap().into_iter().map(|load| (load.name, load.samples)).collect();
        let stretch = |round: usize| rounds[2 * round..2 * (round + 10)].to_vec();
        assert_eq!(found[0], ("quiet", stretch(0)));
        assert_eq!(found[2], ("busy", stretch(80)));
        assert_eq!(found[1], ("typical", stretch(usize::from(found[1].1[0] as u16))));
        assert!(matches!(loads_of(1), Err(Error::TooFew(0, 10))));
    }
}
