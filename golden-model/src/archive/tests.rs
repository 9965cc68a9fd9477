use super::limits::BYTES;
use super::*;
use crate::layout::{Channel, Field, Group, Layout, Rate, SampleFormat, Samples};
use std::io::Cursor;

fn group(format: SampleFormat, channels: usize) -> Group {
    let channel = |c| Channel { name: format!("ch{c}"), microvolts: (c % 2 == 0).then_some(0.195) };
    let rate = "29999.4325".parse::<Rate>().unwrap();
    Group { format, rate, channels: (0..channels).map(channel).collect() }
}

/// A recorder's file: a head, blocks with a counter, two groups and a checksum, and a partial block.
fn blocks() -> (Layout, Vec<u8>) {
    let samples = |group, channels, rounds| Field::Samples { group, first: 0, channels, rounds };
    let layout = Layout {
        head: 77,
        records: None,
        record: vec![Field::Bytes(4), samples(0, 6, 60), samples(1, 2, 15), Field::Bytes(2)],
        groups: vec![group(SampleFormat::U16, 6), group(SampleFormat::I24, 2)],
    };
    layout.validate().unwrap();
    let mut x = 9u32;
    let mut bytes: Vec<u8> = (0..77).collect();
    let mut level = 0i32;
    for block in 0..3000u32 {
        bytes.extend(block.to_le_bytes());
        for _ in 0..6 * 60 {
            x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            level = (level + (x >> 27) as i32 - 15).clamp(-900, 900);
            bytes.extend(((level + 32768) as u16).to_le_bytes());
        }
        for _ in 0..2 * 15 {
            x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            bytes.extend(&(x >> 18).to_le_bytes()[..3]);
        }
        bytes.extend([0x55, 0xaa]);
    }
    bytes.extend([1, 2, 3, 4, 5]);
    (layout, bytes)
}

fn archive(files: &[(Entry<'_>, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut writer = Writer::new(&mut archive).unwrap();
    for (entry, bytes) in files {
        let mut taken = 0;
        let done = writer.file(*entry, &mut &bytes[..], &mut |more| taken += more).unwrap();
        assert_eq!((done.bytes, taken), (bytes.len() as u64, bytes.len() as u64));
    }
    let length = writer.finish().unwrap();
    assert_eq!(length, archive.len() as u64);
    archive
}

fn restored(archive: &[u8]) -> Result<Vec<(FileHeader, Vec<u8>)>, Error> {
    let mut reader = Reader::new(archive)?;
    let mut files = Vec::new();
    while let Some(header) = reader.next_file()? {
        let mut bytes = Vec::new();
        reader.restore(&header, &mut bytes)?;
        files.push((header, bytes));
    }
    Ok(files)
}

#[test]
fn every_sample_of_every_format_comes_back() {
    for format in SampleFormat::ALL {
        let layout = Layout::interleaved(0, group(format, 1));
        // A walk through the whole range, and its ends side by side.
        let mut bytes = Vec::new();
        for step in 0..4096u32 {
            let sample = (step << 20).rotate_left(8 * format.bytes() as u32).to_le_bytes();
            bytes.extend(&sample[..format.bytes()]);
        }
        bytes.extend([0x7f, 0x80, 0x00, 0xff].repeat(300));
        let archive = archive(&[(Entry::new("a.raw", Some(&layout)), &bytes)]);
        assert_eq!(restored(&archive).unwrap()[0].1, bytes, "{format:?}");
    }
}

#[test]
fn every_file_of_an_archive_comes_back() {
    let (layout, bytes) = blocks();
    let sidecar = Entry { sidecar: true, ..Entry::new("deep/er/run.meta", None) };
    let wide = Layout::interleaved(3, group(SampleFormat::I32, 3));
    let long = vec![9; BYTES + 10];
    let files = [
        (Entry::new("run.bin", Some(&layout)), &bytes[..]),
        (sidecar, b"nSavedChans=6\n"),
        (Entry::new("empty.bin", Some(&layout)), b""),
        (Entry::new("head.bin", Some(&layout)), &bytes[..50]),
        (Entry::new("wide.bin", Some(&wide)), &bytes[..3 + 12 * 1000]),
        (Entry::new("plain", None), &long),
    ];
    let archive = archive(&files);
    assert!(archive.len() < bytes.len() / 2, "{}", archive.len());
    let back = restored(&archive).unwrap();
    assert_eq!(back.len(), files.len());
    for ((header, bytes), (entry, original)) in back.iter().zip(files) {
        assert_eq!((&header.name[..], header.sidecar), (entry.name, entry.sidecar));
        assert!(bytes == original, "{}", entry.name);
    }
    let (layout_back, codings) = back[0].0.samples.as_ref().unwrap();
    assert_eq!((layout_back, codings.len()), (&layout, 2));
}

#[test]
fn any_stretch_of_a_group_is_found_by_the_index() {
    let (layout, bytes) = blocks();
    let archive = archive(&[
        (Entry::new("a", None), b"plain"),
        (Entry::new("run.bin", Some(&layout)), &bytes),
    ]);
    let mut whole = crate::layout::Parts::default();
    layout.split(&bytes[77..bytes.len() - 5], &mut whole);
    let mut input = Cursor::new(&archive);
    let index = Index::read(&mut input).unwrap();
    assert_eq!((index.files.len(), index.files[1].1.len()), (2, 6));
    assert_eq!((index.rounds(1, 0), index.rounds(1, 1)), (180_000, 45_000));
    for (group, rounds) in [(0, 0..180_000), (0, 29_990..30_110), (1, 44_000..99_999), (1, 7..7)] {
        let mut found: Vec<i32> = Vec::new();
        let end = rounds.end.min(index.rounds(1, group)) as usize;
        let start = (rounds.start as usize).min(end);
        index
            .samples(&mut input, 1, group, rounds, |samples| {
                match samples {
                    Samples::I16(samples) => found.extend(samples.iter().map(|&s| i32::from(s))),
                    Samples::I32(samples) => found.extend(samples),
                }
                Ok::<(), Error>(())
            })
            .unwrap();
        let expected: Vec<i32> = match &whole.groups[group] {
            Samples::I16(all) => all[6 * start..6 * end].iter().map(|&s| i32::from(s)).collect(),
            Samples::I32(all) => all[2 * start..2 * end].to_vec(),
        };
        assert!(found == expected, "{group}");
    }
}

#[test]
fn damage_stays_in_its_stretch() {
    let (layout, bytes) = blocks();
    let mut archive = archive(&[(Entry::new("run.bin", Some(&layout)), &bytes)]);
    let index = Index::read(&mut Cursor::new(&archive)).unwrap();
    let middle = archive.len() / 2;
    archive[middle] ^= 4;
    assert!(matches!(restored(&archive), Err(Error::Corrupt { why: Corruption::Crc, item: 4..7 })));
    let mut input = Cursor::new(&archive);
    let mut broken = 0;
    for stretch in &index.files[0].1 {
        let first = stretch.first_record * 60;
        let result = index.samples(&mut input, 0, 0, first..first + 1, |_| Ok::<(), Error>(()));
        broken += usize::from(result.is_err());
    }
    assert_eq!((broken, index.files[0].1.len()), (1, 6));
}

#[test]
fn no_cut_and_no_flipped_bit_gives_a_wrong_file() {
    let (layout, bytes) = blocks();
    let archive = archive(&[(Entry::new("run.bin", Some(&layout)), &bytes[..9000])]);
    for len in (0..archive.len()).step_by(7) {
        assert!(restored(&archive[..len]).is_err(), "cut to {len}");
    }
    for at in (0..archive.len()).step_by(3) {
        let mut damaged = archive.clone();
        damaged[at] ^= 1 << (at % 8);
        assert!(restored(&damaged).is_err(), "byte {at}");
        let _ = Index::read(&mut Cursor::new(&damaged));
    }
    let longer = [&archive[..], &[0]].concat();
    assert!(matches!(restored(&longer), Err(Error::Index)));
}

#[test]
fn errors_stay_within_the_bound() {
    let (layout, bytes) = blocks();
    for max_error in [1, 2, 10] {
        let entry = Entry { max_error, ..Entry::new("run.bin", Some(&layout)) };
        let [lossless, lossy] =
            [Entry::new("run.bin", Some(&layout)), entry].map(|entry| archive(&[(entry, &bytes)]));
        assert!(lossy.len() < lossless.len());
        let (header, back) = restored(&lossy).unwrap().remove(0);
        assert_eq!(header.max_error, max_error);
        let [mut before, mut after] = [crate::layout::Parts::default(), Default::default()];
        layout.split(&bytes[77..bytes.len() - 5], &mut before);
        layout.split(&back[77..bytes.len() - 5], &mut after);
        assert!(before.plain == after.plain && back.len() == bytes.len());
        let (Samples::I16(before), Samples::I16(after)) = (&before.groups[0], &after.groups[0])
        else {
            panic!()
        };
        let worst = before.iter().zip(after).map(|(a, b)| a.abs_diff(*b)).max();
        assert_eq!(worst, Some(max_error as u16));
    }
}

#[test]
fn a_name_that_leaves_the_folder_is_refused() {
    for name in ["../a", "/a", "a/../../b", "a//b", "", "c:x", "a\\b", "."] {
        let archive = archive(&[(Entry::new(name, None), b"x")]);
        let refused = matches!(restored(&archive), Err(Error::Corrupt { .. }));
        assert!(refused, "{name}");
    }
}

/// The same numbers every time, from 0 to below what is asked for.
fn noise() -> impl FnMut(i32) -> i32 {
    let mut x = 1u32;
    move |below| {
        x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (x >> 16) as i32 % below
    }
}

/// A recording with everything that an archive can hold: gaps of a converter, holes, held channels,
/// exceptions, two groups, plain bytes, a tail.
fn pinned() -> (Layout, Vec<u8>) {
    let samples = |group, channels, rounds| Field::Samples { group, first: 0, channels, rounds };
    let layout = Layout {
        head: 5,
        records: None,
        record: vec![samples(0, 7, 20), Field::Bytes(1), samples(1, 1, 5)],
        groups: vec![group(SampleFormat::I16, 7), group(SampleFormat::I32, 1)],
    };
    let mut random = noise();
    let mut at = [0i32; 7];
    let mut bytes = b"head!".to_vec();
    for record in 0..150i32 {
        for (channel, at) in at.iter_mut().enumerate() {
            for _ in 0..20 {
                *at = (*at + random(13) - 6).clamp(-300, 300);
                let lost = channel == 2 && (40..60).contains(&record) || random(90) == 0;
                let off = i32::from(random(200) == 0);
                let sample = if channel == 5 {
                    77
                } else if lost {
                    0
                } else {
                    12 * *at + 5 + off
                };
                bytes.extend((sample as i16).to_le_bytes());
            }
        }
        bytes.push(record as u8);
        for round in 0..5 {
            bytes.extend((1_000_000 * round + record * 12_345 + random(1000)).to_le_bytes());
        }
    }
    bytes.extend(b"tail");
    (layout, bytes)
}

/// A band-limited recording, which is coded with a filter, and 8-bit samples over their whole range.
fn pinned_filtered() -> (Layout, Vec<u8>) {
    let samples = |group, channels| Field::Samples { group, first: 0, channels, rounds: 1 };
    let layout = Layout {
        head: 5,
        records: None,
        record: vec![samples(0, 3), samples(1, 1)],
        groups: vec![group(SampleFormat::I16, 3), group(SampleFormat::U8, 1)],
    };
    let mut random = noise();
    let mut bytes = b"head!".to_vec();
    // Each channel is noise through three means, of 4 samples each.
    let mut windows = [[[0i32; 4]; 3]; 3];
    for round in 0..6000usize {
        for channel in &mut windows {
            let mut at = random(4001) - 2000;
            for window in channel {
                window[round % 4] = at;
                at = window.iter().sum::<i32>() / 2;
            }
            bytes.extend((at as i16).to_le_bytes());
        }
        bytes.push((random(40) - 20 + if round % 100 < 50 { 20 } else { 235 }) as u8);
    }
    bytes.extend(b"tail");
    (layout, bytes)
}

/// Channels of a companding converter, those that are alike not beside each other.
fn pinned_listed() -> (Layout, Vec<u8>) {
    let layout = Layout {
        head: 5,
        records: None,
        record: vec![Field::Samples { group: 0, first: 0, channels: 9, rounds: 1 }],
        groups: vec![group(SampleFormat::I16, 9)],
    };
    let mut random = noise();
    let mut bytes = b"head!".to_vec();
    for round in 0..3000 {
        let kinds = [random(61), random(61), random(61)];
        for channel in 0..9 {
            let code = kinds[channel % 3] + random(21) - 40;
            let off = i32::from(round > 2000 && random(300) == 0);
            bytes.extend(((code * code.abs() * 3 + off) as i16).to_le_bytes());
        }
    }
    bytes.extend(b"tail");
    (layout, bytes)
}

/// Five channels with a converter of uneven codes, one of them dead for a while, and samples of 24 bits.
fn pinned_best() -> (Layout, Vec<u8>) {
    let samples = |group, channels| Field::Samples { group, first: 0, channels, rounds: 1 };
    let layout = Layout {
        head: 5,
        records: None,
        record: vec![samples(0, 5), samples(1, 1)],
        groups: vec![group(SampleFormat::I16, 5), group(SampleFormat::I24, 1)],
    };
    let mut random = noise();
    let mut bytes = b"head!".to_vec();
    let mut level = 0;
    for round in 0..6000 {
        for channel in 0..5 {
            let code = random(40) + random(40) + channel - 40 + random(200) / 199 * random(500);
            // Of seven codes, two are never sent, but those below them.
            let sample = if channel == 1 && round > 4000 {
                77
            } else {
                code - i32::from(code * code % 7 == 2)
            };
            bytes.extend((sample as i16).to_le_bytes());
        }
        level = (level + random(2001) - 1000).clamp(-4_000_000, 4_000_000);
        bytes.extend(&level.to_le_bytes()[..3]);
    }
    bytes.extend(b"tail");
    (layout, bytes)
}

/// Twenty channels, so many that they are coded in lanes which do not come out even: a dead one, one that
/// is dead for a while, and some samples that the converter does not have.
fn pinned_lanes() -> (Layout, Vec<u8>) {
    let record = vec![Field::Samples { group: 0, first: 0, channels: 20, rounds: 1 }];
    let groups = vec![group(SampleFormat::I16, 20)];
    let layout = Layout { head: 5, records: None, record, groups };
    let mut random = noise();
    let mut bytes = b"head!".to_vec();
    let mut common = 0;
    for round in 0..3500 {
        common += random(7) - 3;
        for channel in 0..20 {
            let code = common + random(2) + channel;
            let sample = match (channel, round) {
                (3, _) | (11, 900..1100) => 70,
                _ if random(900) == 0 => 6 * code + 1,
                _ => 6 * code,
            };
            bytes.extend((sample as i16).to_le_bytes());
        }
    }
    bytes.extend(b"tail");
    (layout, bytes)
}

/// A version for which its stretches have to be of another kind than those of the version before.
#[test]
fn the_best_ratio_is_another_version_and_smaller() {
    let (layout, bytes) = pinned_best();
    let plain = archive(&[(Entry::new("a.raw", Some(&layout)), &bytes)]);
    let mut best = Vec::new();
    let mut writer = Writer::aiming(&mut best, true).unwrap();
    writer.file(Entry::new("a.raw", Some(&layout)), &mut &bytes[..], &mut |_| ()).unwrap();
    writer.finish().unwrap();
    assert!(best.starts_with(&BEST_MAGIC), "{best:?}");
    assert!(best.len() * 100 < plain.len() * 99, "{} {}", best.len(), plain.len());
    assert_eq!(restored(&best).unwrap()[0].1, bytes);
    assert_eq!(Description::of(&best[..]).unwrap().version, BEST_VERSION);
    let mut parts = crate::layout::Parts::default();
    layout.split(&bytes[5..bytes.len() - 4], &mut parts);
    let index = Index::read(&mut Cursor::new(&best)).unwrap();
    let mut piece = Vec::new();
    index
        .samples(&mut Cursor::new(&best), 0, 0, 100..300, |samples| {
            piece.push(samples);
            Ok::<_, Error>(())
        })
        .unwrap();
    let Samples::I16(all) = &parts.groups[0] else { panic!() };
    assert_eq!(piece, [Samples::I16(all[500..1500].to_vec())]);
    if std::env::var_os("TIERWIRE_PIN").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/archive-4.twr");
        if std::fs::metadata(path).map_or(true, |file| file.len() == 0) {
            std::fs::write(path, &best).unwrap();
        }
    }
}

#[test]
fn many_channels_are_coded_in_lanes() {
    let (layout, bytes) = pinned_lanes();
    let archive = archive(&[(Entry::new("a.raw", Some(&layout)), &bytes)]);
    assert_eq!(restored(&archive).unwrap()[0].1, bytes);
    if std::env::var_os("TIERWIRE_PIN").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/archive-3-lanes.twr");
        if std::fs::metadata(path).map_or(true, |file| file.len() == 0) {
            std::fs::write(path, &archive).unwrap();
        }
    }
}

#[test]
fn archives_of_this_version_are_read_for_ever() {
    let plain = (pinned(), &include_bytes!("../../vectors/archive-3.twr")[..], 3_805_231_950);
    let filtered = &include_bytes!("../../vectors/archive-3-filtered.twr")[..];
    let listed = &include_bytes!("../../vectors/archive-3-listed.twr")[..];
    let lanes = &include_bytes!("../../vectors/archive-3-lanes.twr")[..];
    let best = &include_bytes!("../../vectors/archive-4.twr")[..];
    for ((layout, bytes), archive, pinned_stretch) in [
        plain,
        (pinned_filtered(), filtered, 3_554_099_407),
        (pinned_listed(), listed, 4_210_567_331),
        (pinned_lanes(), lanes, 37_502_485),
        (pinned_best(), best, 3_671_841_580),
    ] {
        let (header, back) = restored(archive).unwrap().remove(0);
        assert!(back == bytes);
        let (its_layout, mut codings) = header.samples.unwrap();
        let best = archive.starts_with(&BEST_MAGIC);
        codings.iter_mut().for_each(|coding| coding.best = best);
        assert_eq!(its_layout, layout);
        // What is chosen may change; what a choice codes may not.
        let mut parts = crate::layout::Parts::default();
        layout.split(&bytes[5..bytes.len() - 4], &mut parts);
        let records = (bytes.len() - 9) / layout.record_bytes();
        let (stretch, _) = stretches::encode(&layout, &codings, records, &parts);
        assert_eq!(crc32fast::hash(&stretch), pinned_stretch);
    }
}
