//! A piece of an archive: some channels, from one time to another, without decoding the rest.

use std::io::{Read, Seek, Write};
use std::ops::Range;

use golden_model::archive::{Error, Index};
use golden_model::layout::Samples;

/// Which piece.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// Which group of channels, as [`Description`](golden_model::archive::Description) counts them.
    pub group: usize,
    /// Its channels in this order, counted from 0; `None`: all.
    pub channels: Option<ChannelList>,
    /// Where to begin, in seconds.
    pub from: f64,
    /// Where to end; `None`: at the end.
    pub to: Option<f64>,
}

/// A piece that cannot be cut out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CutError {
    /// The archive is damaged, or the piece cannot be written.
    #[error("{0}")]
    Archive(#[from] Error),
    /// There are fewer groups.
    #[error("has no group {0} of channels")]
    NoGroup(usize),
    /// There are fewer channels.
    #[error("--channels {list}: there are {all} channels, the last is {last}", last = all - 1)]
    NoChannel {
        /// What was asked for.
        list: ChannelList,
        /// As many are there.
        all: usize,
    },
}

impl Cut {
    /// Writes the piece: raw samples, one of each channel, then again; little endian, 16 bits, or 32
    /// where the recording has more.
    ///
    /// # Errors
    /// [`CutError`].
    pub fn write(
        &self,
        mut archive: impl Read + Seek,
        mut output: impl Write,
    ) -> Result<(), CutError> {
        let index = Index::read(&mut archive)?;
        // The groups of all files, one after the other.
        let mut groups = index.files.iter().enumerate().flat_map(|(file, (header, _))| {
            let layout = header.samples.as_ref().map(|(layout, _)| layout);
            let groups = layout.map_or(&[][..], |layout| &layout.groups);
            groups.iter().enumerate().map(move |(number, group)| (file, number, group))
        });
        let (file, number, group) = groups.nth(self.group).ok_or(CutError::NoGroup(self.group))?;
        let all = group.channels.len();
        let channels = match &self.channels {
            None => (0..all).collect(),
            Some(list) => list.of(all)?,
        };
        let round = |seconds: f64| (seconds * group.rate.as_f64()).round() as u64;
        let rounds = index.rounds(file, number);
        let rounds: Range<u64> = round(self.from)..self.to.map_or(rounds, round).min(rounds);
        index.samples(&mut archive, file, number, rounds, |samples| {
            let mut bytes = Vec::new();
            match samples {
                Samples::I16(samples) => {
                    let picked = pick(&samples, all, &channels);
                    bytes.extend(picked.flat_map(i16::to_le_bytes));
                }
                Samples::I32(samples) => {
                    let picked = pick(&samples, all, &channels);
                    bytes.extend(picked.flat_map(i32::to_le_bytes));
                }
            }
            output.write_all(&bytes).map_err(Error::Write)
        })?;
        Ok(())
    }
}

/// Some channels of rounds of `all`.
fn pick<'s, T: Copy>(
    samples: &'s [T],
    all: usize,
    channels: &'s [usize],
) -> impl Iterator<Item = T> + 's {
    samples.chunks_exact(all).flat_map(move |round| channels.iter().map(|&channel| round[channel]))
}

/// A list of channels such as `3,7-9`.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelList {
    text: String,
    ranges: Vec<(usize, usize)>,
}

/// No list of channels.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("give numbers and ranges such as 3,7-9")]
pub struct NoChannelList;

impl std::str::FromStr for ChannelList {
    type Err = NoChannelList;

    fn from_str(text: &str) -> Result<ChannelList, NoChannelList> {
        let number = |text: &str| text.trim().parse::<usize>().map_err(|_| NoChannelList);
        let range = |part: &str| {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (number(first)?, number(last)?);
            if first > last { Err(NoChannelList) } else { Ok((first, last)) }
        };
        let ranges = text.split(',').map(range).collect::<Result<_, _>>()?;
        Ok(ChannelList { text: text.into(), ranges })
    }
}

impl std::fmt::Display for ChannelList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl ChannelList {
    /// The numbers, where there are `all` channels.
    fn of(&self, all: usize) -> Result<Vec<usize>, CutError> {
        if self.ranges.iter().any(|&(_, last)| last >= all) {
            return Err(CutError::NoChannel { list: self.clone(), all });
        }
        Ok(self.ranges.iter().flat_map(|&(first, last)| first..=last).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_channels_is_numbers_and_ranges() {
        let channels = |text: &str| text.parse::<ChannelList>().ok()?.of(10).ok();
        assert_eq!(channels("3,7-9,0"), Some(vec![3, 7, 8, 9, 0]));
        for wrong in ["", "a", "3-", "9-7", "10", "1,,2", "-1"] {
            assert_eq!(channels(wrong), None, "{wrong}");
        }
    }
}
