//! Layouts, built field by field.

use golden_model::layout::{Channel, Field, Group, Layout, LayoutError, Rate, SampleFormat};

use crate::Fault;

/// A layout that grows.
pub(crate) struct Builder {
    layout: Layout,
}

impl Builder {
    pub(crate) fn new(head: u64) -> Builder {
        let layout = Layout { head, records: None, record: Vec::new(), groups: Vec::new() };
        Builder { layout }
    }

    /// A group without channels yet.
    pub(crate) fn group(&mut self, format: SampleFormat, rate: Rate) -> usize {
        self.layout.groups.push(Group { format, rate, channels: Vec::new() });
        self.layout.groups.len() - 1
    }

    /// The next bytes of a record.
    pub(crate) fn bytes(&mut self, count: u32) {
        self.layout.record.push(Field::Bytes(count));
    }

    /// The next samples of a record: of one more channel of a group.
    pub(crate) fn samples(
        &mut self,
        group: usize,
        rounds: u32,
        channel: Channel,
    ) -> Result<(), Fault> {
        let all = &mut self.layout.groups[group].channels;
        let many = LayoutError::Channels { group, channels: all.len() + 1 };
        let first = u16::try_from(all.len()).ok().filter(|&first| first < u16::MAX).ok_or(many)?;
        all.push(channel);
        let index = u16::try_from(group).map_err(|_| LayoutError::ManyGroups(group + 1))?;
        match self.layout.record.last_mut() {
            Some(Field::Samples { group, channels, rounds: its, .. })
                if (*group, *its) == (index, rounds) =>
            {
                *channels += 1;
            }
            _ => {
                let field = Field::Samples { group: index, first, channels: 1, rounds };
                self.layout.record.push(field);
            }
        }
        Ok(())
    }

    /// The layout, if a file can have it.
    pub(crate) fn build(self) -> Result<Layout, Fault> {
        self.layout.validate()?;
        Ok(self.layout)
    }
}

/// Interleaved channels. Those of one kind `K` are a group.
pub(crate) fn interleaved<K: PartialEq>(
    head: u64,
    format: SampleFormat,
    rate: Rate,
    channels: impl IntoIterator<Item = (K, Channel)>,
) -> Result<Layout, Fault> {
    let mut builder = Builder::new(head);
    let mut kinds = Vec::new();
    for (kind, channel) in channels {
        let group = kinds.iter().position(|known| *known == kind).unwrap_or_else(|| {
            kinds.push(kind);
            builder.group(format, rate)
        });
        builder.samples(group, 1, channel)?;
    }
    builder.build()
}
