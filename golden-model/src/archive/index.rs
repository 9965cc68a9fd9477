//! The index at the end of an archive: any stretch at once.

use super::error::{Corruption, Error};
use super::header::FileHeader;
use super::items::{self, ItemReader, parse_index};
use super::limits::{END, MAGIC};
use super::reader::parse_header;
use super::stretches::decode;
use crate::layout::{Parts, Samples};
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;

/// Where the stretches of an archive's files are.
#[derive(Clone, Debug)]
pub struct Index {
    /// The files, in their order.
    pub files: Vec<(FileHeader, Vec<StretchPlace>)>,
}

/// Where a stretch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StretchPlace {
    /// Number of its item, from 1.
    item: u64,
    /// Of the item in the archive.
    offset: u64,
    /// The first of its records.
    pub first_record: u64,
    /// How many records it holds.
    pub records: u64,
}

impl Index {
    /// Reads the index of an archive.
    ///
    /// # Errors
    /// [`Error`].
    pub fn read<R: Read + Seek>(input: &mut R) -> Result<Index, Error> {
        // The archive's beginning first: it may be another kind of file.
        input.rewind().map_err(Error::Read)?;
        ItemReader::new(&mut *input)?;
        let length = input.seek(SeekFrom::End(0)).map_err(Error::Read)?;
        let tail = 8 + END.len() as u64;
        let at = length.checked_sub(tail).ok_or(Error::Index)?;
        input.seek(SeekFrom::Start(at)).map_err(Error::Read)?;
        let mut end = [0; 12];
        input.read_exact(&mut end).map_err(Error::Read)?;
        let (offset, magic) = end.split_at(8);
        let offset = u64::from_le_bytes(offset.try_into().unwrap_or_default());
        if magic != END || offset > at {
            return Err(Error::Index);
        }
        input.seek(SeekFrom::Start(offset)).map_err(Error::Read)?;
        let mut items = ItemReader::at(&mut *input, offset, 0);
        if items.next()? != items::INDEX {
            return Err(Error::Index);
        }
        let listed = parse_index(&items.payload).ok_or(Error::Index)?;
        let mut files: Vec<(FileHeader, Vec<StretchPlace>)> = Vec::new();
        let mut place = MAGIC.len() as u64;
        let mut first_record = 0u64;
        for (item, listed) in (1..).zip(&listed) {
            match listed.kind {
                items::FILE => {
                    let mut items = item_at(input, place, item)?;
                    if items.next()? != items::FILE {
                        return Err(Error::Index);
                    }
                    files.push((parse_header(&items)?, Vec::new()));
                    first_record = 0;
                }
                items::STRETCH => {
                    let (_, stretches) = files.last_mut().ok_or(Error::Index)?;
                    let records = listed.records;
                    stretches.push(StretchPlace { item, offset: place, first_record, records });
                    first_record = first_record.checked_add(records).ok_or(Error::Index)?;
                }
                _ => {}
            }
            place = place.checked_add(listed.length).ok_or(Error::Index)?;
        }
        if place == offset { Ok(Index { files }) } else { Err(Error::Index) }
    }

    /// The rounds of a group of channels that a file has.
    pub fn rounds(&self, file: usize, group: usize) -> u64 {
        let (header, stretches) = &self.files[file];
        let records: u64 = stretches.iter().map(|stretch| stretch.records).sum();
        let in_a_record =
            header.samples.as_ref().map_or(0, |(layout, _)| layout.rounds(group).into());
        records.saturating_mul(in_a_record)
    }

    /// Decodes the stretches that hold `rounds` of a group of a file, and gives the samples of these
    /// rounds, in rounds, piece by piece. What is not needed is not read.
    ///
    /// # Errors
    /// [`Error`] of the archive, or what `give` returns.
    ///
    /// # Panics
    /// When there is no such file or group.
    pub fn samples<R: Read + Seek, E: From<Error>>(
        &self,
        input: &mut R,
        file: usize,
        group: usize,
        rounds: Range<u64>,
        mut give: impl FnMut(Samples) -> Result<(), E>,
    ) -> Result<(), E> {
        let (header, stretches) = &self.files[file];
        let Some((layout, codings)) = &header.samples else { return Ok(()) };
        let in_a_record = u64::from(layout.rounds(group));
        let channels = layout.groups[group].channels.len();
        for place in stretches {
            // An index that claims more rounds than can be is caught when its stretch is read.
            let first = place.first_record.saturating_mul(in_a_record);
            let end = first.saturating_add(place.records.saturating_mul(in_a_record));
            let (from, to) = (rounds.start.max(first), rounds.end.min(end));
            if from >= to {
                continue;
            }
            let mut items = item_at(input, place.offset, place.item)?;
            if items.next()? != items::STRETCH {
                return Err(Error::Index.into());
            }
            let decoded = decode(layout, codings, &items.payload, &|index| index == group);
            let (records, Parts { mut groups, .. }) = decoded.map_err(|why| items.corrupt(why))?;
            if records as u64 != place.records {
                return Err(items.corrupt(Corruption::Field("records of a stretch")).into());
            }
            let kept = (from - first) as usize * channels..(to - first) as usize * channels;
            give(match groups.swap_remove(group) {
                Samples::I16(samples) => Samples::I16(samples[kept].to_vec()),
                Samples::I32(samples) => Samples::I32(samples[kept].to_vec()),
            })?;
        }
        Ok(())
    }
}

/// A reader at an item, of which the one before has the number `item - 1`.
fn item_at<R: Read + Seek>(
    input: &mut R,
    offset: u64,
    item: u64,
) -> Result<ItemReader<&mut R>, Error> {
    input.seek(SeekFrom::Start(offset)).map_err(Error::Read)?;
    Ok(ItemReader::at(input, offset, item - 1))
}
