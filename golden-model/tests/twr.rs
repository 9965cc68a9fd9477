//! `.twr` files: every WAV file is restored.

mod damage;

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::wav_file::{WavFile, chunk};
use proptest::prelude::*;
use tierwire_codec::Converter;
use tierwire_codec::synthetic::Synthetic;
use tierwire_codec::twr::{self, Content, Error, Identity, Summary};
use tierwire_codec::wav::CutShort;
use tierwire_codec::{TableSet, shipped};

static SET: LazyLock<TableSet> = LazyLock::new(|| shipped("bigram-32").unwrap());

fn compress(wav: &[u8]) -> (Vec<u8>, Summary) {
    let mut file = Vec::new();
    let summary = twr::compress(wav, &mut file, &twr::Options::new(&SET)).unwrap();
    assert_eq!(summary.original_bytes, wav.len() as u64);
    assert_eq!(summary.compressed_bytes, file.len() as u64);
    (file, summary)
}

fn decompress(file: &[u8]) -> Result<(Vec<u8>, Summary), Error> {
    let mut wav = Vec::new();
    let lookup = |id: &Identity| (id.name == SET.name()).then_some(Cow::Borrowed(&*SET));
    twr::decompress(file, &mut wav, lookup).map(|summary| (wav, summary))
}

/// Compresses and decompresses; returns the `.twr` file.
fn round_trip(wav: &[u8]) -> Vec<u8> {
    let (file, there) = compress(wav);
    let (back, summary) = decompress(&file).unwrap();
    assert!(back == wav, "not the same bytes");
    assert_eq!((summary.samples, summary.verbatim.clone()), (there.samples, there.verbatim));
    let report = twr::inspect(&file[..]).unwrap();
    assert_eq!(report.original_bytes, wav.len() as u64);
    assert_eq!(report.compressed_bytes, file.len() as u64);
    assert_eq!(report.original_crc, crc32fast::hash(wav));
    if let Content::Samples { channels, .. } = report.header.content {
        assert_eq!(report.rounds * u64::from(channels), summary.samples);
    }
    file
}

/// A recording of the usual length in the challenge.
fn recording(channels: u16, rounds: usize) -> Vec<i16> {
    Synthetic::default().rounds(1, channels.into(), rounds)
}

#[test]
fn every_number_of_channels_from_1_to_1024_is_restored() {
    for channels in 1..=1024 {
        round_trip(&WavFile::new(channels, &recording(channels, 3)).bytes());
    }
    for channels in [1025, 4096, 32767] {
        round_trip(&WavFile::new(channels, &vec![17; usize::from(channels) * 2]).bytes());
    }
}

#[test]
fn a_standard_file_costs_40_bytes_beside_its_codes() {
    let samples = recording(1, 98_000);
    let file = round_trip(&WavFile::new(1, &samples).bytes());
    let mut words = Vec::new();
    let mut encoder = tierwire_codec::Encoder::new(&SET, 1);
    encoder.extend(&samples, &mut words);
    words.extend(encoder.flush());
    let overhead = file.len() as i64 - 4 * words.len() as i64;
    // "bigram-32" is a name of 9 bytes; up to 3 bytes of the last word are saved.
    assert!((36..=39).contains(&overhead), "{overhead} bytes");
}

#[test]
fn many_blocks_are_restored_and_each_is_full_except_the_last() {
    for (channels, rounds) in [(1, 2 * twr::BLOCK_ROUNDS + 5), (1024, 2 * 4096), (40, 110_000)] {
        let samples: Vec<i16> = recording(channels, 100);
        let samples: Vec<i16> =
            samples.iter().copied().cycle().take(rounds * usize::from(channels)).collect();
        let file = round_trip(&WavFile::new(channels, &samples).bytes());
        let report = twr::inspect(&file[..]).unwrap();
        let blocks = rounds.div_ceil(twr::block_rounds(channels)) as u64;
        assert_eq!((report.coded_blocks, report.verbatim_blocks), (blocks, 0));
        // As a pipe would have it: the same blocks, each with its rounds.
        let piped = WavFile { declared: Some(u32::MAX), ..WavFile::new(channels, &samples) };
        let report = twr::inspect(&round_trip(&piped.bytes())[..]).unwrap();
        assert_eq!((report.coded_blocks, report.rounds), (blocks, rounds as u64));
    }
}

#[test]
fn samples_that_codes_would_expand_are_verbatim() {
    let mut x = 1u32;
    let noise: Vec<i16> = (0..5000)
        .map(|_| {
            x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (x >> 16) as i16
        })
        .collect();
    let wav = WavFile::new(1, &noise).bytes();
    let file = round_trip(&wav);
    assert!(file.len() < wav.len());
    assert_eq!(twr::inspect(&file[..]).unwrap().verbatim_blocks, 1);
}

#[test]
fn empty_and_odd_files_are_restored() {
    let partial_round = WavFile::of_bytes(4, 16, vec![9; 8 * 5 + 3]);
    let files = [
        WavFile::new(1, &[]),
        WavFile { after: b"\0".to_vec(), ..WavFile::new(1, &[]) },
        WavFile { after: chunk(b"LIST", b"odd"), ..WavFile::new(2, &[]) },
        WavFile { declared: Some(u32::MAX), riff_size: Some(0), ..WavFile::new(2, &[]) },
        WavFile { declared: Some(u32::MAX), riff_size: Some(0), ..partial_round.clone() },
        WavFile { declared: Some(0), riff_size: Some(36), ..partial_round.clone() },
        WavFile { after: vec![0; 5], ..partial_round.clone() },
        WavFile { riff_size: Some(36 + 43), ..partial_round },
        WavFile { riff_size: Some(0xdead_beef), ..WavFile::new(1, &[1, 2, 3]) },
        WavFile { before: chunk(b"LIST", &[7; 70_001]), ..WavFile::new(1, &[1, 2, 3]) },
        WavFile { after: vec![5; 3 * twr::BLOCK_BYTES + 1], ..WavFile::new(1, &[1, 2, 3]) },
        WavFile { after: vec![5; twr::BLOCK_BYTES], ..WavFile::new(1, &[1, 2, 3]) },
        WavFile { rate: 0, ..WavFile::new(1, &[1, 2, 3]) },
        WavFile::new(6, &[1; 60]).extensible(16, 1),
    ];
    for file in files {
        round_trip(&file.bytes());
    }
    let no_data = WavFile::new(1, &[]).bytes()[..36].to_vec();
    let no_data = [b"RIFF\x1c\0\0\0", &no_data[8..]].concat();
    round_trip(&no_data);
}

#[test]
fn other_samples_are_stored_verbatim_with_a_note() {
    let of = |bits| WavFile::of_bytes(1, bits, (0..240).collect());
    let long_head = chunk(b"LIST", &vec![1; tierwire_codec::wav::HEAD_LIMIT as usize]);
    for (wav, note) in [
        (of(8), "8-bit samples"),
        (of(24), "24-bit samples"),
        (of(32), "32-bit samples"),
        (WavFile { tag: 3, ..of(32) }, "32-bit float samples"),
        (of(24).extensible(20, 1), "20-bit samples in 24 bits"),
        (WavFile { tag: 0x11, ..of(16) }, "The wave format of the file is not supported."),
        (WavFile { declared: Some(u32::MAX), ..of(24) }, "24-bit samples"),
        (WavFile { before: long_head, ..of(16) }, "a header of more than 16777216 bytes"),
    ] {
        let file = round_trip(&wav.bytes());
        let header = twr::inspect(&file[..]).unwrap().header;
        assert_eq!(header.content, Content::Verbatim { note: note.into() });
    }
}

#[test]
fn a_wav_file_cut_in_its_head_is_refused_and_one_cut_in_its_samples_is_coded() {
    for bits in [16, 24] {
        let wav = WavFile::of_bytes(1, bits, vec![0; 300]).bytes();
        for len in 0..=wav.len() {
            for input_length in [None, Some(len as u64)] {
                let mut file = Vec::new();
                let options = twr::Options { input_length, ..twr::Options::new(&SET) };
                let result = twr::compress(&wav[..len], &mut file, &options);
                let place = format!("{len} bytes of {bits}-bit samples");
                if len < 44 {
                    assert!(matches!(result, Err(Error::Wav(_))), "{place}");
                    continue;
                }
                let cut = CutShort { declared: 300, found: len as u64 - 44 };
                let summary = result.unwrap();
                assert_eq!(summary.cut_short, (len < wav.len()).then_some(cut), "{place}");
                assert_eq!(decompress(&file).unwrap().0, wav[..len], "{place}");
            }
        }
    }
}

#[test]
fn a_long_recording_that_ends_early_is_coded_where_its_length_is_known() {
    // Behind the first block the header is written, and the rounds of each block are fixed.
    let samples = recording(1, twr::BLOCK_ROUNDS * 5 / 2);
    let wav = WavFile::new(1, &samples).bytes();
    for missing in [1, 2, 1000, twr::BLOCK_ROUNDS] {
        let cut = &wav[..wav.len() - missing];
        let unknown = twr::compress(cut, std::io::sink(), &twr::Options::new(&SET));
        let found = cut.len() as u64 - 44;
        assert!(matches!(
            unknown,
            Err(Error::Wav(tierwire_codec::wav::Error::Truncated { found: f, .. })) if f == found
        ));
        let mut file = Vec::new();
        let input_length = Some(cut.len() as u64);
        let options = twr::Options { input_length, ..twr::Options::new(&SET) };
        let summary = twr::compress(cut, &mut file, &options).unwrap();
        let declared = wav.len() as u64 - 44;
        assert_eq!(summary.cut_short, Some(CutShort { declared, found }));
        assert_eq!(decompress(&file).unwrap().0, cut, "{missing}");
    }
}

#[test]
fn a_wrong_table_set_is_named() {
    let (file, _) = compress(&WavFile::new(1, &[1, 2, 3]).bytes());
    let decompress = |set: Option<&'static str>| {
        let lookup = |_: &Identity| set.map(|name| Cow::Owned(shipped(name).unwrap()));
        twr::decompress(&file[..], Vec::new(), lookup).unwrap_err().to_string()
    };
    let (right, wrong) = (Identity::of(&SET), Identity::of(&shipped("seed-64").unwrap()));
    assert_eq!(decompress(None), format!("made with table set {right}, which is not known here"));
    assert_eq!(
        decompress(Some("seed-64")),
        format!("made with table set {right}; the one at hand is {wrong}")
    );
    assert!(right.to_string().starts_with("\"bigram-32\" (digest 0x"));
}

#[test]
fn the_layout_is_the_documented_one() {
    let samples = [Converter::challenge().sample(Converter::challenge().middle()); 4];
    let (file, _) = compress(&WavFile::new(1, &samples).bytes());
    let digest = SET.digest().to_le_bytes();
    let header =
        [b"TWR\x01\x03\x09bigram-32", &digest[..], &[0xcb, 0x98, 0x01, 0x01, 0x08]].concat();
    assert!(file.starts_with(&header));
    let block = &file[header.len()..file.len() - 5];
    assert_eq!((block[0], usize::from(block[1])), (1, block.len() - 6));
    let (body, crc) = block.split_at(block.len() - 4);
    assert_eq!(crc, crc32fast::hash(&[&header, body].concat()).to_le_bytes());
    let end = &file[file.len() - 5..];
    let original = WavFile::new(1, &samples).bytes();
    assert_eq!(end, [&[0][..], &crc32fast::hash(&original).to_le_bytes()].concat());
    for version in [0, 3, 255] {
        let other = [&b"TWR"[..], &[version], &file[4..]].concat();
        assert!(matches!(decompress(&other), Err(Error::Version(refused)) if refused == version));
    }
    // Version 2 is for folders alone, and they need it.
    let header = |version, kind| [&b"TWR"[..], &[version, kind], &file[5..]].concat();
    for (version, kind) in [(1, 16), (1, 0x15), (2, 0), (2, 3), (2, 0x11), (2, 0x17), (2, 0x35)] {
        let line = format!("corrupt: its header: kind {kind}");
        assert_eq!(decompress(&header(version, kind)).unwrap_err().to_string(), line);
    }
}

/// Samples on the lattice, off it, and in between.
fn samples() -> impl Strategy<Value = Vec<i16>> {
    let any = prop::collection::vec(any::<i16>(), 0..600);
    let lattice = prop::collection::vec(-5i16..5, 0..2000).prop_map(|steps| {
        let converter = Converter::challenge();
        let mut token = converter.middle();
        let walk = steps.into_iter().map(|step| {
            token = converter.at_offset(token, step);
            converter.sample(token)
        });
        walk.collect()
    });
    prop_oneof![any, lattice]
}

/// A WAV file with anything around its samples.
fn wav_files() -> impl Strategy<Value = WavFile> {
    let bytes = || prop::collection::vec(any::<u8>(), 0..40);
    let declared = prop_oneof![4 => Just(None), 1 => Just(Some(u32::MAX)), 1 => Just(Some(0))];
    let riff_size = prop_oneof![3 => Just(None), 1 => any::<u32>().prop_map(Some)];
    let around = (prop::option::of(bytes()), prop_oneof![Just(vec![]), bytes()], bytes());
    (samples(), 1u16..=40, any::<u16>(), declared, riff_size, around).prop_map(
        |(samples, channels, rate, declared, riff_size, (before, after, odd))| {
            let mut wav = WavFile::new(channels, &samples);
            wav.rate = rate.into();
            wav.data.extend(&odd[..odd.len() % 4]);
            wav.before = before.map(|body| chunk(b"junk", &body)).unwrap_or_default();
            WavFile { declared, riff_size, after, ..wav }
        },
    )
}

proptest! {
    #[test]
    fn any_wav_file_is_restored(wav in wav_files()) {
        round_trip(&wav.bytes());
    }

    #[test]
    fn any_bytes_are_refused_or_restored(
        mut bytes in prop::collection::vec(any::<u8>(), 0..300),
        like in prop::option::of(wav_files()),
    ) {
        if let Some(wav) = like {
            let wav = wav.bytes();
            let head = bytes.len().min(44);
            bytes[..head].copy_from_slice(&wav[..head]);
        }
        let mut file = Vec::new();
        if twr::compress(&bytes[..], &mut file, &twr::Options::new(&SET)).is_ok() {
            prop_assert_eq!(decompress(&file).unwrap().0, bytes);
        }
    }
}

#[test]
fn the_best_ratio_is_smaller_and_comes_back_whatever_the_samples_are() {
    let mut samples = recording(2, 40_000);
    // Off the lattice; a channel that stays on one value for long; both ends of the range.
    samples[5000..5100].iter_mut().for_each(|sample| *sample += 1);
    samples[20_000..30_000].iter_mut().step_by(2).for_each(|sample| *sample = 31);
    samples.extend([i16::MIN, i16::MAX].repeat(50));
    for (channels, samples) in
        [(2, samples), (1, vec![31; 100_000]), (32, vec![0; 64_000]), (1, vec![])]
    {
        let wav = WavFile::new(channels, &samples).bytes();
        let mut file = Vec::new();
        let options = twr::Options { best: true, ..twr::Options::new(&SET) };
        let there = twr::compress(&wav[..], &mut file, &options).unwrap();
        assert_eq!(there.compressed_bytes, file.len() as u64);
        assert_eq!(file[3], 5);
        assert!(samples.is_empty() || file.len() < compress(&wav).0.len(), "{channels} channels");
        let (back, _) = decompress(&file).unwrap();
        assert!(back == wav);
        let report = twr::inspect(&file[..]).unwrap();
        assert_eq!(report.original_crc, crc32fast::hash(&wav));
        // No byte can change unseen; nor does a file of version 1 hold decisions.
        for at in (3..file.len()).step_by(file.len().div_ceil(50)) {
            let mut damaged = file.clone();
            damaged[at] ^= 0x10;
            assert!(decompress(&damaged).is_err(), "byte {at}");
        }
        let mut other = file.clone();
        other[3] = 1;
        assert!(samples.is_empty() || decompress(&other).is_err());
    }
}
