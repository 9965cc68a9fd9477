//! What the records of a file hold.

use super::rate::Rate;

/// Longest record in bytes. A file that stores one channel after the other is a single record.
pub const MAX_RECORD: u64 = 1 << 31;

/// How the bytes of a file are samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Bytes before the first record.
    pub head: u64,
    /// How many records there are at most; `None`: up to the end of the file.
    pub records: Option<u64>,
    /// The parts of a record, in order.
    pub record: Vec<Field>,
    /// The channels, by rate and format.
    pub groups: Vec<Group>,
}

/// A part of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// So many bytes that are no samples.
    Bytes(u32),
    /// Samples, channel by channel. An interleaved file has records of one round.
    Samples {
        /// Index of the group.
        group: u16,
        /// Index of the first channel in the group.
        first: u16,
        /// How many channels.
        channels: u16,
        /// Consecutive samples of each channel.
        rounds: u32,
    },
}

/// Channels that are sampled together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// How a sample is stored.
    pub format: SampleFormat,
    /// Rounds per second.
    pub rate: Rate,
    /// The channels. A round has one sample of each.
    pub channels: Vec<Channel>,
}

/// A channel, as its recorder describes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Channel {
    /// Its name.
    pub name: String,
    /// Microvolts per step, where the file says so.
    pub microvolts: Option<f64>,
}

/// How a sample is stored. All are little endian.
///
/// A counter of 64 bits is two channels of 32, the lower half first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SampleFormat {
    /// 8 bits, signed.
    I8,
    /// 8 bits, unsigned: split into signed samples that are lower by 128.
    U8,
    /// 16 bits, signed.
    I16,
    /// 16 bits, unsigned: split into signed samples that are lower by 32768.
    U16,
    /// 24 bits, signed.
    I24,
    /// 32 bits, signed.
    I32,
}

impl SampleFormat {
    /// All of them.
    pub const ALL: [SampleFormat; 6] = [
        SampleFormat::I8,
        SampleFormat::U8,
        SampleFormat::I16,
        SampleFormat::U16,
        SampleFormat::I24,
        SampleFormat::I32,
    ];

    /// Its name on the command line: the kind, then the bits.
    pub const fn name(self) -> &'static str {
        match self {
            SampleFormat::I8 => "i8",
            SampleFormat::U8 => "u8",
            SampleFormat::I16 => "i16",
            SampleFormat::U16 => "u16",
            SampleFormat::I24 => "i24",
            SampleFormat::I32 => "i32",
        }
    }

    /// Bytes of a sample.
    pub const fn bytes(self) -> usize {
        match self {
            SampleFormat::I8 | SampleFormat::U8 => 1,
            SampleFormat::I16 | SampleFormat::U16 => 2,
            SampleFormat::I24 => 3,
            SampleFormat::I32 => 4,
        }
    }
}

/// Why a layout describes no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LayoutError {
    /// Records without a byte.
    #[error("its records are empty")]
    EmptyRecord,
    /// Records of more than [`MAX_RECORD`] bytes.
    #[error("its records are longer than {MAX_RECORD} bytes")]
    LongRecord,
    /// More groups than a field can name.
    #[error("{0} groups of channels, 65535 at most")]
    ManyGroups(usize),
    /// More channels than a field can name.
    #[error("group {group} has {channels} channels, 1 to 65535 are possible")]
    Channels {
        /// The group.
        group: usize,
        /// Its channels.
        channels: usize,
    },
    /// A field of channels or samples that are not there.
    #[error("field {0} names channels that do not exist, or holds no samples")]
    Field(usize),
    /// A channel that is not exactly once in a record.
    #[error("channel {channel} of group {group} is {times} times in a record, not once")]
    Times {
        /// The group.
        group: usize,
        /// The channel.
        channel: usize,
        /// How often.
        times: u32,
    },
    /// Channels of one group with different numbers of rounds.
    #[error("group {group} has channels of {one} and of {other} rounds in a record")]
    Rounds {
        /// The group.
        group: usize,
        /// Rounds of one field.
        one: u32,
        /// Rounds of another.
        other: u32,
    },
}

impl Layout {
    /// Interleaved samples of one format behind a head.
    pub fn interleaved(head: u64, group: Group) -> Layout {
        let channels = group.channels.len() as u16;
        let field = Field::Samples { group: 0, first: 0, channels, rounds: 1 };
        Layout { head, records: None, record: vec![field], groups: vec![group] }
    }

    /// Whether it has interleaved samples only, behind a head.
    pub fn is_interleaved(&self) -> bool {
        matches!(self.record[..], [Field::Samples { rounds: 1, .. }])
    }

    /// Checks what [`split`](Self::split) and [`join`](Self::join) rely on.
    ///
    /// # Errors
    /// [`LayoutError`].
    pub fn validate(&self) -> Result<(), LayoutError> {
        if self.groups.len() > usize::from(u16::MAX) {
            return Err(LayoutError::ManyGroups(self.groups.len()));
        }
        let mut times = Vec::new();
        for (group, Group { channels, .. }) in self.groups.iter().enumerate() {
            if channels.is_empty() || channels.len() > usize::from(u16::MAX) {
                return Err(LayoutError::Channels { group, channels: channels.len() });
            }
            times.push(vec![0u32; channels.len()]);
        }
        let mut all_rounds = vec![None; self.groups.len()];
        let mut bytes = 0;
        for (index, &field) in self.record.iter().enumerate() {
            if let Field::Samples { group, first, channels, rounds } = field {
                let group = usize::from(group);
                let (first, channels) = (usize::from(first), usize::from(channels));
                let named = times.get_mut(group).and_then(|t| t.get_mut(first..first + channels));
                let named = named.filter(|named| !named.is_empty() && rounds > 0);
                for times in named.ok_or(LayoutError::Field(index))? {
                    *times += 1;
                }
                let one = *all_rounds[group].get_or_insert(rounds);
                if one != rounds {
                    return Err(LayoutError::Rounds { group, one, other: rounds });
                }
            }
            bytes += self.field_bytes(field);
            if bytes > MAX_RECORD {
                return Err(LayoutError::LongRecord);
            }
        }
        for (group, times) in times.iter().enumerate() {
            if let Some(channel) = times.iter().position(|&times| times != 1) {
                return Err(LayoutError::Times { group, channel, times: times[channel] });
            }
        }
        if bytes == 0 {
            return Err(LayoutError::EmptyRecord);
        }
        Ok(())
    }

    /// Bytes of a record.
    pub fn record_bytes(&self) -> usize {
        self.record.iter().map(|&field| self.field_bytes(field)).sum::<u64>() as usize
    }

    /// Plain bytes of a record.
    pub fn plain_bytes(&self) -> usize {
        let plain = |field: &Field| match *field {
            Field::Bytes(count) => count as usize,
            Field::Samples { .. } => 0,
        };
        self.record.iter().map(plain).sum()
    }

    /// Rounds of a group in a record.
    pub fn rounds(&self, group: usize) -> u32 {
        let found = self.record.iter().find_map(|field| match *field {
            Field::Samples { group: its, rounds, .. } if usize::from(its) == group => Some(rounds),
            _ => None,
        });
        found.unwrap_or(0)
    }

    /// Whole records in a file of so many bytes.
    pub fn records_in(&self, file_length: u64) -> u64 {
        let there = file_length.saturating_sub(self.head) / self.record_bytes().max(1) as u64;
        self.records.map_or(there, |records| records.min(there))
    }

    /// Bytes of a field; of a group that does not exist, none.
    pub(super) fn field_bytes(&self, field: Field) -> u64 {
        match field {
            Field::Bytes(count) => count.into(),
            Field::Samples { group, channels, rounds, .. } => {
                let format = self.groups.get(usize::from(group)).map(|group| group.format);
                let samples = u64::from(channels) * u64::from(rounds);
                samples * format.map_or(0, |format| format.bytes() as u64)
            }
        }
    }
}
