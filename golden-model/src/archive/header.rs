//! The header of a file in an archive.
//!
//! ```text
//! varint  length of the name, then the name in UTF-8, folders divided by /
//! 1       bit 0: it has a layout   bit 1: a sidecar   bit 2: near-lossless
//! varint  the largest error, in steps of the converter; only with bit 2
//! with a layout:
//!   varint  bytes of the head
//!   varint  0: records to the end; else their number and one more
//!   varint  fields of a record; for each: varint 0, varint bytes, or varint 1, then varints:
//!           group, first channel, channels, rounds
//!   varint  groups; for each: 1 format; varints rate's numerator and denominator, channels; for each
//!           channel varint length of its name, name, 1 whether microvolts follow, 8 microvolts;
//!           then varint length, and the group of channels as wide/group.rs has it
//! ```

use super::error::Corruption;
use super::limits::RECORD_BYTES;
use crate::layout::{Channel, Field, Group, Layout, Rate, SampleFormat};
use crate::varint::{put, take, take_bytes};
use crate::wide::group::Group as Coding;

/// A file in an archive.
#[derive(Clone, Debug, PartialEq)]
pub struct FileHeader {
    /// Its name, relative to the recording's folder, folders divided by `/`.
    pub name: String,
    /// Whether it only describes the file before it.
    pub sidecar: bool,
    /// The largest error of a sample in steps of its converter; 0: lossless.
    pub max_error: u32,
    /// Where its samples are, and what each group of channels is coded with; without it, all is bytes.
    pub samples: Option<(Layout, Vec<Coding>)>,
}

const LAYOUT: u8 = 1;
const SIDECAR: u8 = 2;
const NEAR_LOSSLESS: u8 = 4;

impl FileHeader {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        put_text(&mut bytes, &self.name);
        let flag = |on: bool, flag: u8| if on { flag } else { 0 };
        bytes.push(
            flag(self.samples.is_some(), LAYOUT)
                | flag(self.sidecar, SIDECAR)
                | flag(self.max_error > 0, NEAR_LOSSLESS),
        );
        if self.max_error > 0 {
            put(&mut bytes, self.max_error.into());
        }
        if let Some((layout, codings)) = &self.samples {
            put_layout(&mut bytes, layout, codings);
        }
        bytes
    }

    pub(super) fn from_bytes(mut bytes: &[u8]) -> Result<FileHeader, Corruption> {
        let bytes = &mut bytes;
        let name = take_text(bytes)?;
        let safe =
            |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
        if !name.split('/').all(safe) {
            return Err(Corruption::Field("a file's name"));
        }
        let flags = byte(bytes)?;
        if flags > LAYOUT + SIDECAR + NEAR_LOSSLESS {
            return Err(Corruption::Field("a file's flags"));
        }
        let max_error = if flags & NEAR_LOSSLESS == 0 { 0 } else { number(bytes)? };
        let samples = if flags & LAYOUT == 0 { None } else { Some(take_layout(bytes)?) };
        if !bytes.is_empty() {
            return Err(Corruption::Field("a file's header, which goes on"));
        }
        Ok(FileHeader { name, sidecar: flags & SIDECAR != 0, max_error, samples })
    }
}

fn put_layout(bytes: &mut Vec<u8>, layout: &Layout, codings: &[Coding]) {
    put(bytes, layout.head);
    put(bytes, layout.records.map_or(0, |records| records.saturating_add(1)));
    put(bytes, layout.record.len() as u64);
    for field in &layout.record {
        match *field {
            Field::Bytes(count) => [0, count.into()].map(|n| put(bytes, n)).to_vec(),
            Field::Samples { group, first, channels, rounds } => {
                let numbers = [1, group.into(), first.into(), channels.into(), rounds.into()];
                numbers.map(|n| put(bytes, n)).to_vec()
            }
        };
    }
    put(bytes, layout.groups.len() as u64);
    for (group, coding) in layout.groups.iter().zip(codings) {
        let format = SampleFormat::ALL.iter().position(|format| *format == group.format);
        bytes.push(format.unwrap_or(0) as u8);
        put(bytes, group.rate.numerator());
        put(bytes, group.rate.denominator());
        put(bytes, group.channels.len() as u64);
        for channel in &group.channels {
            put_text(bytes, &channel.name);
            bytes.push(channel.microvolts.is_some().into());
            bytes.extend(channel.microvolts.iter().flat_map(|volts| volts.to_le_bytes()));
        }
        let coding = coding.to_bytes();
        put(bytes, coding.len() as u64);
        bytes.extend(coding);
    }
}

fn take_layout(bytes: &mut &[u8]) -> Result<(Layout, Vec<Coding>), Corruption> {
    let head = take(bytes).ok_or(SHORT)?;
    let records = take(bytes).ok_or(SHORT)?.checked_sub(1);
    let mut record = Vec::new();
    for _ in 0..number(bytes)? {
        record.push(match number(bytes)? {
            0 => Field::Bytes(number(bytes)?),
            1 => {
                let [group, first, channels] = [small(bytes)?, small(bytes)?, small(bytes)?];
                Field::Samples { group, first, channels, rounds: number(bytes)? }
            }
            _ => return Err(Corruption::Field("a field of a record")),
        });
    }
    let mut groups = Vec::new();
    let mut codings = Vec::new();
    for _ in 0..number(bytes)? {
        let wrong = Corruption::Field("a group's format or rate");
        let format = *SampleFormat::ALL.get(usize::from(byte(bytes)?)).ok_or(wrong)?;
        let [over, under] = [take(bytes).ok_or(SHORT)?, take(bytes).ok_or(SHORT)?];
        let rate = Rate::new(over, under).ok_or(wrong)?;
        let mut channels = Vec::new();
        for _ in 0..small(bytes)? {
            let name = take_text(bytes)?;
            let microvolts = match byte(bytes)? {
                0 => None,
                _ => {
                    let eight = take_bytes(bytes, 8).and_then(|eight| eight.try_into().ok());
                    Some(f64::from_le_bytes(eight.ok_or(SHORT)?))
                }
            };
            channels.push(Channel { name, microvolts });
        }
        let length = number(bytes)? as usize;
        let mut coding = take_bytes(bytes, length).ok_or(SHORT)?;
        codings.push(Coding::from_bytes(&mut coding, channels.len(), 8 * format.bytes() as u32)?);
        if !coding.is_empty() {
            return Err(Corruption::Field("a group, which goes on"));
        }
        groups.push(Group { format, rate, channels });
    }
    let layout = Layout { head, records, record, groups };
    layout.validate()?;
    if layout.record_bytes() > RECORD_BYTES {
        return Err(Corruption::Field("a record's length"));
    }
    Ok((layout, codings))
}

const SHORT: Corruption = Corruption::Field("a file's header, which ends too early");

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    put(bytes, text.len() as u64);
    bytes.extend(text.as_bytes());
}

fn take_text(bytes: &mut &[u8]) -> Result<String, Corruption> {
    let length = number(bytes)? as usize;
    let text = take_bytes(bytes, length).ok_or(SHORT)?;
    String::from_utf8(text.to_vec()).map_err(|_| Corruption::Field("a name that is not UTF-8"))
}

fn byte(bytes: &mut &[u8]) -> Result<u8, Corruption> {
    take_bytes(bytes, 1).map(|one| one[0]).ok_or(SHORT)
}

fn number(bytes: &mut &[u8]) -> Result<u32, Corruption> {
    let number = take(bytes).ok_or(SHORT)?;
    u32::try_from(number).map_err(|_| Corruption::Field("a number in a file's header"))
}

fn small(bytes: &mut &[u8]) -> Result<u16, Corruption> {
    u16::try_from(number(bytes)?).map_err(|_| Corruption::Field("a number in a file's header"))
}
