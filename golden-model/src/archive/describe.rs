//! What an archive holds, for people.

use super::error::Error;
use super::header::FileHeader;
use super::reader::{Reader, Restored};
use crate::layout::{Group, Rate};
use crate::wide::converter::Converter;
use crate::wide::group::Group as Coding;
use std::fmt;
use std::io::{self, Read};

/// What an archive holds; all of it was decoded and checked.
#[derive(Clone, Debug)]
pub struct Description {
    /// Its files.
    pub files: Vec<(FileHeader, Restored)>,
    /// Bytes of the archive.
    pub compressed_bytes: u64,
    /// 3, or 4 with decisions.
    pub version: u8,
}

impl Description {
    /// Reads all of an archive.
    ///
    /// # Errors
    /// [`Error`].
    pub fn of(input: impl Read) -> Result<Description, Error> {
        let mut files = Vec::new();
        let mut reader = Reader::new(input)?;
        while let Some(header) = reader.next_file()? {
            let restored = reader.restore(&header, &mut io::sink())?;
            files.push((header, restored));
        }
        let (compressed_bytes, version) = (reader.bytes(), reader.version());
        Ok(Description { files, compressed_bytes, version })
    }

    /// Bytes of all files.
    pub fn original_bytes(&self) -> u64 {
        self.files.iter().map(|(_, restored)| restored.bytes).sum()
    }
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "format       .twr version {}, tables embedded", self.version)?;
        let mut number = 0;
        for (header, restored) in &self.files {
            let what = if header.sidecar { "sidecar     " } else { "file        " };
            writeln!(f, "{what} {}, {} bytes", header.name.escape_debug(), restored.bytes)?;
            if header.max_error > 0 {
                writeln!(f, "  lossless   no: samples within {} steps", header.max_error)?;
            }
            let Some((layout, codings)) = &header.samples else { continue };
            let Restored { stretches, records, plain_bytes, .. } = restored;
            writeln!(f, "  stretches  {stretches}, other bytes {plain_bytes}")?;
            for (index, (group, coding)) in layout.groups.iter().zip(codings).enumerate() {
                let rounds = records * u64::from(layout.rounds(index));
                write_group(f, number, group, coding, rounds)?;
                number += 1;
            }
        }
        let (before, after) = (self.original_bytes(), self.compressed_bytes);
        writeln!(f, "original     {before} bytes")?;
        writeln!(f, "compressed   {after} bytes, ratio {:.3}", before as f64 / after.max(1) as f64)
    }
}

fn write_group(
    f: &mut fmt::Formatter<'_>,
    number: usize,
    group: &Group,
    coding: &Coding,
    rounds: u64,
) -> fmt::Result {
    let Group { format, rate, channels } = group;
    let seconds = rounds as f64 / Rate::as_f64(*rate);
    let bits = 8 * format.bytes();
    writeln!(
        f,
        "  group {number}    {} channels of {bits} bits, {rate} per second, {rounds} rounds ({seconds:.3} s)",
        channels.len()
    )?;
    let mut names = channels.iter().map(|channel| &channel.name).filter(|name| !name.is_empty());
    if let (Some(first), last) = (names.next(), names.next_back()) {
        let last = last.map_or(String::new(), |last| format!(" to {}", last.escape_debug()));
        writeln!(f, "    names    {}{last}", first.escape_debug())?;
    }
    let linear = coding.converters.iter().filter(|converter| **converter != Converter::Direct);
    let shape = coding.set.shape();
    writeln!(
        f,
        "    codec    {} differences, {} neighbours; {} of {} channels on a converter with gaps; {} trained levels",
        shape.differences,
        shape.neighbours,
        coding.list.as_ref().map_or(linear.count(), |_| channels.len()),
        channels.len(),
        coding.set.trained_levels(),
    )
}
