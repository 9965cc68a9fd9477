use super::record::{Field, Layout, SampleFormat};

/// Records taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// The samples of each group, in rounds: one of every channel, in channel order.
    pub groups: Vec<Samples>,
    /// The plain bytes, record after record.
    pub plain: Vec<u8>,
}

/// Samples of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Samples {
    /// Of formats of up to 16 bits.
    I16(Vec<i16>),
    /// Of longer ones.
    I32(Vec<i32>),
}

/// Parts that make no whole records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the parts of a recording do not fit together: not the samples of whole records")]
pub struct JoinError;

/// Rounds that are transposed at once, so that all of their lines stay in the cache.
const BLOCK: usize = 256;

impl Samples {
    /// No samples of a format yet.
    pub fn of(format: SampleFormat) -> Samples {
        match format.bytes() {
            1 | 2 => Samples::I16(Vec::new()),
            _ => Samples::I32(Vec::new()),
        }
    }

    /// How many samples.
    pub fn len(&self) -> usize {
        match self {
            Samples::I16(samples) => samples.len(),
            Samples::I32(samples) => samples.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A field, and where its samples go.
struct Place {
    format: SampleFormat,
    /// Of the group.
    group: usize,
    width: usize,
    /// Of the field.
    first: usize,
    channels: usize,
    rounds: usize,
}

impl Layout {
    /// Takes whole records apart. `parts` is overwritten, its memory used again.
    ///
    /// # Panics
    /// When `records` ends within a record. The layout must be [valid](Self::validate).
    pub fn split(&self, records: &[u8], parts: &mut Parts) {
        let record_bytes = self.record_bytes();
        assert!(records.len().is_multiple_of(record_bytes), "whole records");
        let count = records.len() / record_bytes;
        self.resize(count, parts);
        // A record of one field can be as short as one round: all of them are one long record then.
        if self.is_interleaved() {
            return split_all(self.groups[0].format, records, &mut parts.groups[0]);
        }
        let mut plain = &mut parts.plain[..];
        for (index, record) in records.chunks_exact(record_bytes).enumerate() {
            let mut rest = record;
            for &field in &self.record {
                let bytes;
                (bytes, rest) = rest.split_at(self.field_bytes(field) as usize);
                match self.place(field) {
                    None => {
                        let (here, later) = std::mem::take(&mut plain).split_at_mut(bytes.len());
                        here.copy_from_slice(bytes);
                        plain = later;
                    }
                    Some(place) => place.split(bytes, index, &mut parts.groups[place.group]),
                }
            }
        }
    }

    /// Puts records together again and appends them to `records`. Samples beyond the range of their
    /// format become the nearest in it.
    ///
    /// # Errors
    /// [`JoinError`], when `parts` are not those of whole records. The layout must be
    /// [valid](Self::validate).
    pub fn join(&self, parts: &Parts, records: &mut Vec<u8>) -> Result<(), JoinError> {
        let count = self.count(parts).ok_or(JoinError)?;
        let record_bytes = self.record_bytes();
        let start = records.len();
        records.resize(start + count * record_bytes, 0);
        let records = &mut records[start..];
        if self.is_interleaved() {
            join_all(self.groups[0].format, &parts.groups[0], records);
            return Ok(());
        }
        let mut plain = &parts.plain[..];
        for (index, record) in records.chunks_exact_mut(record_bytes).enumerate() {
            let mut rest = record;
            for &field in &self.record {
                let bytes;
                (bytes, rest) = rest.split_at_mut(self.field_bytes(field) as usize);
                match self.place(field) {
                    None => {
                        let here;
                        (here, plain) = plain.split_at(bytes.len());
                        bytes.copy_from_slice(here);
                    }
                    Some(place) => place.join(&parts.groups[place.group], index, bytes),
                }
            }
        }
        Ok(())
    }

    /// Makes room for so many records.
    fn resize(&self, records: usize, parts: &mut Parts) {
        parts.plain.resize(records * self.plain_bytes(), 0);
        parts.groups.truncate(self.groups.len());
        for (index, group) in self.groups.iter().enumerate() {
            let wanted = Samples::of(group.format);
            match parts.groups.get_mut(index) {
                None => parts.groups.push(wanted),
                Some(there) if std::mem::discriminant(there) != std::mem::discriminant(&wanted) => {
                    *there = wanted;
                }
                Some(_) => {}
            }
            let len = records * self.group_samples(index);
            match &mut parts.groups[index] {
                Samples::I16(samples) => samples.resize(len, 0),
                Samples::I32(samples) => samples.resize(len, 0),
            }
        }
    }

    /// How many records `parts` are.
    fn count(&self, parts: &Parts) -> Option<usize> {
        if parts.groups.len() != self.groups.len() {
            return None;
        }
        let mut sizes = vec![(parts.plain.len(), self.plain_bytes())];
        for (index, (samples, group)) in parts.groups.iter().zip(&self.groups).enumerate() {
            let kind = std::mem::discriminant(&Samples::of(group.format));
            if std::mem::discriminant(samples) != kind {
                return None;
            }
            sizes.push((samples.len(), self.group_samples(index)));
        }
        let count = sizes.iter().find_map(|(there, each)| there.checked_div(*each))?;
        sizes.iter().all(|(there, each)| count.checked_mul(*each) == Some(*there)).then_some(count)
    }

    /// Samples of a group in a record.
    fn group_samples(&self, group: usize) -> usize {
        self.groups[group].channels.len() * self.rounds(group) as usize
    }

    /// Where the samples of a field go; `None`: it has none.
    fn place(&self, field: Field) -> Option<Place> {
        let Field::Samples { group, first, channels, rounds } = field else { return None };
        let group = usize::from(group);
        let its = &self.groups[group];
        Some(Place {
            format: its.format,
            group,
            width: its.channels.len(),
            first: first.into(),
            channels: channels.into(),
            rounds: rounds as usize,
        })
    }
}

impl Place {
    fn split(&self, bytes: &[u8], record: usize, samples: &mut Samples) {
        use SampleFormat::*;
        match (samples, self.format) {
            (Samples::I16(to), I8) => self.spread(bytes, record, to, i8_at),
            (Samples::I16(to), U8) => self.spread(bytes, record, to, u8_at),
            (Samples::I16(to), I16) => self.spread(bytes, record, to, i16_at),
            (Samples::I16(to), U16) => self.spread(bytes, record, to, u16_at),
            (Samples::I32(to), I24) => self.spread(bytes, record, to, i24_at),
            (Samples::I32(to), I32) => self.spread(bytes, record, to, i32_at),
            _ => unreachable!("the kind of samples follows from the format"),
        }
    }

    fn join(&self, samples: &Samples, record: usize, bytes: &mut [u8]) {
        use SampleFormat::*;
        match (samples, self.format) {
            (Samples::I16(from), I8) => self.gather(from, record, bytes, to_i8),
            (Samples::I16(from), U8) => self.gather(from, record, bytes, to_u8),
            (Samples::I16(from), I16) => self.gather(from, record, bytes, to_i16),
            (Samples::I16(from), U16) => self.gather(from, record, bytes, to_u16),
            (Samples::I32(from), I24) => self.gather(from, record, bytes, to_i24),
            (Samples::I32(from), I32) => self.gather(from, record, bytes, to_i32),
            _ => unreachable!("the kind of samples follows from the format"),
        }
    }

    /// The group's rounds in a record.
    fn within(&self, record: usize) -> std::ops::Range<usize> {
        let len = self.width * self.rounds;
        record * len..(record + 1) * len
    }

    fn spread<const N: usize, T>(
        &self,
        bytes: &[u8],
        record: usize,
        samples: &mut [T],
        read: impl Fn([u8; N]) -> T,
    ) {
        let samples = &mut samples[self.within(record)];
        let stored = bytes.as_chunks().0;
        if self.rounds == 1 {
            let row = &mut samples[self.first..self.first + self.channels];
            row.iter_mut().zip(stored).for_each(|(sample, &bytes)| *sample = read(bytes));
            return;
        }
        for block in (0..self.rounds).step_by(BLOCK) {
            let rounds = BLOCK.min(self.rounds - block);
            for channel in 0..self.channels {
                let column = &stored[channel * self.rounds + block..][..rounds];
                let start = block * self.width + self.first + channel;
                let cells = samples[start..].iter_mut().step_by(self.width);
                cells.zip(column).for_each(|(sample, &bytes)| *sample = read(bytes));
            }
        }
    }

    fn gather<const N: usize, T: Copy>(
        &self,
        samples: &[T],
        record: usize,
        bytes: &mut [u8],
        write: impl Fn(T) -> [u8; N],
    ) {
        let samples = &samples[self.within(record)];
        let stored = bytes.as_chunks_mut().0;
        if self.rounds == 1 {
            let row = &samples[self.first..self.first + self.channels];
            stored.iter_mut().zip(row).for_each(|(bytes, &sample)| *bytes = write(sample));
            return;
        }
        for block in (0..self.rounds).step_by(BLOCK) {
            let rounds = BLOCK.min(self.rounds - block);
            for channel in 0..self.channels {
                let column = &mut stored[channel * self.rounds + block..][..rounds];
                let start = block * self.width + self.first + channel;
                let cells = samples[start..].iter().step_by(self.width);
                column.iter_mut().zip(cells).for_each(|(bytes, &sample)| *bytes = write(sample));
            }
        }
    }
}

/// All records of interleaved samples at once.
fn split_all(format: SampleFormat, bytes: &[u8], samples: &mut Samples) {
    let all = samples.len();
    let place = Place { format, group: 0, width: all, first: 0, channels: all, rounds: 1 };
    place.split(bytes, 0, samples);
}

/// The reverse.
fn join_all(format: SampleFormat, samples: &Samples, bytes: &mut [u8]) {
    let all = samples.len();
    let place = Place { format, group: 0, width: all, first: 0, channels: all, rounds: 1 };
    place.join(samples, 0, bytes);
}

fn i8_at([byte]: [u8; 1]) -> i16 {
    (byte as i8).into()
}

fn to_i8(sample: i16) -> [u8; 1] {
    [sample.clamp(i8::MIN.into(), i8::MAX.into()) as u8]
}

fn u8_at([byte]: [u8; 1]) -> i16 {
    ((byte ^ 0x80) as i8).into()
}

fn to_u8(sample: i16) -> [u8; 1] {
    let [byte] = to_i8(sample);
    [byte ^ 0x80]
}

fn i16_at(bytes: [u8; 2]) -> i16 {
    i16::from_le_bytes(bytes)
}

fn to_i16(sample: i16) -> [u8; 2] {
    sample.to_le_bytes()
}

fn u16_at(bytes: [u8; 2]) -> i16 {
    i16::from_le_bytes(bytes) ^ i16::MIN
}

fn to_u16(sample: i16) -> [u8; 2] {
    (sample ^ i16::MIN).to_le_bytes()
}

fn i24_at([low, middle, high]: [u8; 3]) -> i32 {
    i32::from_le_bytes([0, low, middle, high]) >> 8
}

fn to_i24(sample: i32) -> [u8; 3] {
    let [low, middle, high, _] = sample.clamp(-1 << 23, (1 << 23) - 1).to_le_bytes();
    [low, middle, high]
}

fn i32_at(bytes: [u8; 4]) -> i32 {
    i32::from_le_bytes(bytes)
}

fn to_i32(sample: i32) -> [u8; 4] {
    sample.to_le_bytes()
}
