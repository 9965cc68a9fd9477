//! Layouts: every byte comes back, and every sample is where its field says.

use proptest::prelude::*;
use tierwire_codec::layout::{
    Channel, Field, Group, JoinError, Layout, LayoutError, Parts, Rate, SampleFormat, Samples,
};

fn rate() -> Rate {
    Rate::new(30000, 1).unwrap()
}

fn group(format: SampleFormat, channels: usize) -> Group {
    Group { format, rate: rate(), channels: vec![Channel::default(); channels] }
}

fn samples(group: u16, first: u16, channels: u16, rounds: u32) -> Field {
    Field::Samples { group, first, channels, rounds }
}

/// Layouts of up to four groups, each cut into fields at arbitrary places, with bytes between them.
fn layouts() -> impl Strategy<Value = Layout> {
    let format = proptest::sample::select(&SampleFormat::ALL[..]);
    // Short records are the interleaved ones, long ones take several steps of the transposition.
    let rounds = prop_oneof![Just(1u32), 2..6u32, 250..700u32];
    let cuts = proptest::collection::vec(1..5u16, 1..4);
    let groups = proptest::collection::vec((format, rounds, cuts), 0..4);
    let plain = proptest::collection::vec(0..9u32, 0..3);
    let parts = (groups, plain).prop_flat_map(|(groups, plain)| {
        let mut fields: Vec<Field> = plain.into_iter().map(Field::Bytes).collect();
        let mut described = Vec::new();
        for (index, (format, rounds, cuts)) in groups.into_iter().enumerate() {
            let mut first = 0;
            for channels in cuts {
                fields.push(samples(index as u16, first, channels, rounds));
                first += channels;
            }
            described.push(group(format, first.into()));
        }
        (Just(described), Just(fields).prop_shuffle(), 0..100u64)
    });
    parts
        .prop_map(|(groups, record, head)| Layout { head, records: None, record, groups })
        .prop_filter("records with bytes", |layout| layout.record_bytes() > 0)
}

/// What the bytes of one sample are worth.
fn value(format: SampleFormat, bytes: &[u8]) -> i64 {
    let unsigned = bytes.iter().rev().fold(0, |sum, &byte| sum << 8 | i64::from(byte));
    let range = 1i64 << (8 * bytes.len());
    match format {
        SampleFormat::U8 => unsigned - 128,
        SampleFormat::U16 => unsigned - 32768,
        _ if unsigned >= range / 2 => unsigned - range,
        _ => unsigned,
    }
}

fn sample(samples: &Samples, at: usize) -> i64 {
    match samples {
        Samples::I16(samples) => samples[at].into(),
        Samples::I32(samples) => samples[at].into(),
    }
}

/// The samples as the documentation of [`Field`] defines them, one by one.
fn check_samples(layout: &Layout, bytes: &[u8], parts: &Parts) {
    let (mut at, mut plain) = (0, 0);
    for record in 0..bytes.len() / layout.record_bytes() {
        for &field in &layout.record {
            let (group, first, channels, rounds) = match field {
                Field::Bytes(count) => {
                    let count = count as usize;
                    assert_eq!(parts.plain[plain..plain + count], bytes[at..at + count]);
                    (at, plain) = (at + count, plain + count);
                    continue;
                }
                Field::Samples { group, first, channels, rounds } => {
                    (usize::from(group), usize::from(first), usize::from(channels), rounds as usize)
                }
            };
            let Group { format, channels: all, .. } = &layout.groups[group];
            for channel in first..first + channels {
                for round in record * rounds..(record + 1) * rounds {
                    let found = sample(&parts.groups[group], round * all.len() + channel);
                    assert_eq!(found, value(*format, &bytes[at..at + format.bytes()]));
                    at += format.bytes();
                }
            }
        }
    }
    assert_eq!((at, plain), (bytes.len(), parts.plain.len()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn split_and_join_give_every_byte_back(
        (layout, bytes) in layouts().prop_flat_map(|layout| {
            let records = 0..4usize;
            let bytes = records.prop_flat_map({
                let record = layout.record_bytes();
                move |records| proptest::collection::vec(any::<u8>(), records * record)
            });
            (Just(layout), bytes)
        }),
        used in layouts(),
    ) {
        layout.validate().unwrap();
        // Memory that another layout has used.
        let mut parts = Parts::default();
        used.split(&vec![0xa5; used.record_bytes()], &mut parts);
        layout.split(&bytes, &mut parts);
        check_samples(&layout, &bytes, &parts);
        let mut joined = vec![7];
        layout.join(&parts, &mut joined).unwrap();
        prop_assert_eq!(&joined[1..], bytes);
    }
}

#[test]
fn samples_beyond_their_format_become_the_nearest_in_it() {
    for (format, low, high) in [
        (SampleFormat::I8, -128, 127),
        (SampleFormat::U8, -128, 127),
        (SampleFormat::I16, -32768, 32767),
        (SampleFormat::U16, -32768, 32767),
        (SampleFormat::I24, -8_388_608, 8_388_607),
        (SampleFormat::I32, i64::from(i32::MIN), i64::from(i32::MAX)),
    ] {
        let layout = Layout::interleaved(0, group(format, 2));
        let groups = match Samples::of(format) {
            Samples::I16(_) => vec![Samples::I16(vec![i16::MIN, i16::MAX])],
            Samples::I32(_) => vec![Samples::I32(vec![i32::MIN, i32::MAX])],
        };
        let mut bytes = Vec::new();
        layout.join(&Parts { groups, plain: Vec::new() }, &mut bytes).unwrap();
        let values: Vec<i64> = bytes.chunks(format.bytes()).map(|b| value(format, b)).collect();
        assert_eq!(values, [low, high], "{format:?}");
    }
}

#[test]
fn parts_of_no_whole_records_are_refused() {
    let record = vec![samples(0, 0, 2, 3), Field::Bytes(4)];
    let layout =
        Layout { head: 0, records: None, record, groups: vec![group(SampleFormat::I16, 2)] };
    let of = |samples, plain| Parts { groups: vec![samples], plain: vec![0; plain] };
    assert_eq!(layout.join(&of(Samples::I16(vec![0; 12]), 8), &mut Vec::new()), Ok(()));
    for parts in [
        of(Samples::I16(vec![0; 12]), 4),
        of(Samples::I16(vec![0; 6]), 8),
        of(Samples::I16(vec![0; 7]), 4),
        of(Samples::I32(vec![0; 12]), 8),
        Parts::default(),
    ] {
        assert_eq!(layout.join(&parts, &mut Vec::new()), Err(JoinError));
    }
}

#[test]
fn layouts_of_no_file_are_refused() {
    use LayoutError::{Channels, EmptyRecord, LongRecord, ManyGroups, Rounds, Times};
    let i16s = |channels| group(SampleFormat::I16, channels);
    let check = |record: &[Field], groups: &[Group]| {
        let (record, groups) = (record.to_vec(), groups.to_vec());
        Layout { head: 0, records: None, record, groups }.validate()
    };
    assert_eq!(check(&[samples(0, 0, 2, 1)], &[i16s(2)]), Ok(()));
    assert_eq!(check(&[Field::Bytes(1)], &[]), Ok(()));
    assert_eq!(check(&[], &[]), Err(EmptyRecord));
    assert_eq!(check(&[Field::Bytes(0)], &[]), Err(EmptyRecord));
    assert_eq!(check(&[Field::Bytes(1 << 31), Field::Bytes(1)], &[]), Err(LongRecord));
    let longest = samples(0, 0, 1 << 15, u32::MAX);
    assert_eq!(check(&[longest], &[i16s(1 << 15)]), Err(LongRecord));
    let channels = |channels| Err(Channels { group: 0, channels });
    assert_eq!(check(&[samples(0, 0, 1, 1)], &[i16s(0)]), channels(0));
    assert_eq!(check(&[samples(0, 0, 1, 1)], &[i16s(65536)]), channels(65536));
    for wrong in [
        samples(1, 0, 2, 1),
        samples(0, 1, 2, 1),
        samples(0, u16::MAX, u16::MAX, 1),
        samples(0, 0, 0, 1),
        samples(0, 0, 2, 0),
    ] {
        assert_eq!(
            check(&[samples(0, 0, 2, 1), wrong], &[i16s(2)]),
            Err(LayoutError::Field(1)),
            "{wrong:?}"
        );
    }
    let times = |channel, times| Err(Times { group: 0, channel, times });
    assert_eq!(check(&[samples(0, 0, 1, 1)], &[i16s(2)]), times(1, 0));
    assert_eq!(check(&[samples(0, 0, 2, 1), samples(0, 1, 1, 1)], &[i16s(2)]), times(1, 2));
    let rounds = Err(Rounds { group: 0, one: 2, other: 3 });
    assert_eq!(check(&[samples(0, 0, 1, 2), samples(0, 1, 1, 3)], &[i16s(2)]), rounds);
    assert_eq!(check(&[Field::Bytes(1)], &vec![i16s(1); 65536]), Err(ManyGroups(65536)));
}

#[test]
fn records_are_counted() {
    let mut layout = Layout::interleaved(10, group(SampleFormat::I24, 3));
    assert_eq!((layout.record_bytes(), layout.rounds(0), layout.rounds(1)), (9, 1, 0));
    assert_eq!([0, 10, 18, 19, 46].map(|length| layout.records_in(length)), [0, 0, 0, 1, 4]);
    layout.records = Some(2);
    assert_eq!([19, 46].map(|length| layout.records_in(length)), [1, 2]);
}
