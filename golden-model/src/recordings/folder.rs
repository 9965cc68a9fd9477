//! A **folder of mono WAV files** that are the channels of one recording, as many recorders write
//! them.

use super::error::{Error, Fault};
use super::find::is_recording;
use crate::twr::{ChannelFile, Manifest};
use crate::wav::{self, Content, Head};
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// Bytes of samples that are read or written at a time, of all channels together.
pub(super) const RUN_BYTES: usize = 1 << 23;

/// Rounds of a folder of this many channels that are read or written at a time. Files are reopened
/// for every run of rounds, so a folder may have more files than a program may open.
pub fn rounds_at_once(channels: usize) -> usize {
    (RUN_BYTES / (2 * channels)).max(1)
}

/// What is in a folder.
pub struct Survey {
    /// Its mono WAV files.
    pub manifest: Manifest,
    /// The names of all else in it, in order.
    pub left_out: Vec<String>,
}

/// Looks at the WAV files of `folder`: names, heads and lengths, but not samples. Channels come in
/// the order of the names, numbers in them by their value.
///
/// # Errors
/// When a file cannot be read, or they are not the channels of one recording.
pub fn survey(folder: &Path) -> Result<Survey, Error> {
    let (paths, left_out) = wav_files(folder)?;
    let mut first: Option<(String, u32, u64)> = None;
    let mut files = Vec::new();
    for path in paths {
        let channel = Channel::read(&path).map_err(|fault| fault.of(&path))?;
        let (rate, rounds) = (channel.rate, channel.rounds);
        let name = path.display().to_string();
        let (other, its_rate, its_rounds) = first.get_or_insert((name, rate, rounds));
        if rate != *its_rate {
            let other = other.clone();
            return Err(Fault::Rates { rate, other, its: *its_rate }.of(&path));
        }
        if rounds != *its_rounds {
            let other = other.clone();
            return Err(Fault::Lengths { rounds, other, its: *its_rounds }.of(&path));
        }
        files.push(channel.file);
    }
    let (_, rate, rounds) = first.ok_or_else(|| Fault::NoWavFiles.of(folder))?;
    let manifest = Manifest::new(rate, rounds, files);
    let manifest = manifest.map_err(|why| Fault::Folder(why).of(folder))?;
    Ok(Survey { manifest, left_out })
}

/// The WAV files of `folder` itself, in channel order, and the names of all else in it.
fn wav_files(folder: &Path) -> Result<(Vec<PathBuf>, Vec<String>), Error> {
    let failed = |error| Fault::Io(error).of(folder);
    let (mut paths, mut left_out) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if is_recording(&path) {
            paths.push(path);
        } else {
            left_out.push(path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        }
    }
    if paths.is_empty() {
        return Err(Fault::NoWavFiles.of(folder));
    }
    paths.sort_by(|a, b| natural_order(&a.to_string_lossy(), &b.to_string_lossy()));
    left_out.sort();
    Ok((paths, left_out))
}

/// `ch2` before `ch10`; what only differs in leading zeros is in the order of its letters.
fn natural_order(a: &str, b: &str) -> std::cmp::Ordering {
    pieces(a).cmp(pieces(b)).then_with(|| a.cmp(b))
}

/// A name's letters, one by one, and its numbers, as how many digits and which.
fn pieces(mut name: &str) -> impl Iterator<Item = (usize, &str)> {
    std::iter::from_fn(move || {
        let first = name.chars().next()?;
        let digits = name.find(|c: char| !c.is_ascii_digit()).unwrap_or(name.len());
        let (piece, rest) = name.split_at(digits.max(first.len_utf8()));
        name = rest;
        Some(match digits {
            0 => (0, piece),
            _ => {
                let value = piece.trim_start_matches('0');
                (value.len().max(1), value)
            }
        })
    })
}

/// One file of a folder.
struct Channel {
    rate: u32,
    rounds: u64,
    file: ChannelFile,
}

impl Channel {
    fn read(path: &Path) -> Result<Channel, Fault> {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.ok_or(Fault::Name)?.to_owned();
        let file = File::open(path).map_err(Fault::Io)?;
        let length = file.metadata().map_err(Fault::Io)?.len();
        let head = Head::read(&mut BufReader::new(file), Some(length)).map_err(Fault::Wav)?;
        let rate = match &head.content {
            Content::Samples { channels: 1, rate } => *rate,
            Content::Samples { channels, .. } => return Err(Fault::NotMono(*channels)),
            Content::Other(why) => return Err(Fault::Wav(wav::Error::OtherSamples(*why))),
        };
        let there = length.saturating_sub(head.bytes.len() as u64);
        // A file that is shorter than its header declares has the samples that are there.
        let rounds = head.declared.map_or(there, |declared| declared.min(there)) / 2;
        let tail = there - 2 * rounds;
        Ok(Channel { rate, rounds, file: ChannelFile { name, head: head.bytes, tail } })
    }
}

#[cfg(test)]
mod tests {
    use super::natural_order;

    #[test]
    fn numbers_in_names_go_by_their_value() {
        let sorted =
            ["a", "ch", "ch0", "ch01.wav", "ch1.wav", "ch2.wav", "ch10.wav", "ch10b.wav", "cz"];
        for (i, a) in sorted.iter().enumerate() {
            for (j, b) in sorted.iter().enumerate() {
                assert_eq!(natural_order(a, b), i.cmp(&j), "{a} {b}");
            }
        }
    }
}
