//! Writing and reading samples in `.twr` files, and errors.

use std::borrow::Cow;

use crate::wav_file::{WavFile, chunk};
use tierwire_codec::synthetic::Synthetic;
use tierwire_codec::twr::{
    self, ChannelFile, Error, Manifest, Original, SampleReader, SampleWriter,
};
use tierwire_codec::wav::to_bytes;
use tierwire_codec::{TableSet, shipped};

fn set() -> TableSet {
    shipped("bigram-32").unwrap()
}

fn write(samples: &[i16], channels: u16, at_once: usize) -> Vec<u8> {
    let (set, mut file) = (set(), Vec::new());
    let mut writer = SampleWriter::new(&mut file, &set, 9, channels).unwrap();
    samples.chunks(at_once).for_each(|some| writer.write(some).unwrap());
    let summary = writer.finish().unwrap();
    assert_eq!(summary.original_bytes, 2 * samples.len() as u64);
    assert_eq!(summary.compressed_bytes, file.len() as u64);
    file
}

fn read(file: &[u8]) -> Result<Vec<i16>, Error> {
    let set = set();
    let mut reader = SampleReader::new(file, &set)?;
    let mut samples = Vec::new();
    while reader.read(&mut samples)? > 0 {}
    assert_eq!(reader.read(&mut samples)?, 0, "the end stays the end");
    Ok(samples)
}

#[test]
fn the_file_equals_that_of_compress_for_raw_samples() {
    for (channels, count, at_once) in [
        (1, 0, 1),
        (1, 1000, 1),
        (3, 3000, 7),
        (3, 3001, 3001),
        (40, 5_000_000, 65_537),
        (1000, 999, 9),
    ] {
        let samples: Vec<i16> =
            Synthetic::default().rounds(1, 1, 5000).into_iter().cycle().take(count).collect();
        let mut bytes = Vec::new();
        to_bytes(&samples, &mut bytes);
        let original = Original::Raw { rate: 9, channels };
        let mut expected = Vec::new();
        twr::compress(
            &bytes[..],
            &mut expected,
            &twr::Options { original, ..twr::Options::new(&set()) },
        )
        .unwrap();
        let file = write(&samples, channels, at_once);
        assert!(file == expected, "{channels} channels, {count} samples");
        let whole = count / usize::from(channels) * usize::from(channels);
        assert!(read(&file).unwrap() == samples[..whole]);
        let mut back = Vec::new();
        twr::decompress(&file[..], &mut back, |_| Some(Cow::Owned(set()))).unwrap();
        assert!(back == bytes);
    }
}

#[test]
fn samples_of_every_kind_of_file_are_read() {
    let samples = Synthetic::default().rounds(1, 3, 500);
    let wav = WavFile { after: chunk(b"LIST", b"after"), ..WavFile::new(3, &samples) };
    let mut standard = Vec::new();
    twr::compress(
        &WavFile::new(3, &samples).bytes()[..],
        &mut standard,
        &twr::Options::new(&set()),
    )
    .unwrap();
    let mut chunks = Vec::new();
    twr::compress(&wav.bytes()[..], &mut chunks, &twr::Options::new(&set())).unwrap();
    let file = |i: u8| ChannelFile { name: format!("{i}"), head: vec![i], tail: 0 };
    let manifest = Manifest::new(9, 500, vec![file(1), file(2), file(3)]).unwrap();
    let mut folder = Vec::new();
    let original = Original::Folder(&manifest);
    twr::compress(
        &wav.data[..],
        &mut folder,
        &twr::Options { original, ..twr::Options::new(&set()) },
    )
    .unwrap();
    for file in [standard, chunks, folder] {
        assert_eq!(read(&file).unwrap(), samples);
        for at in 0..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 4;
            assert!(read(&changed).is_err(), "byte {at}");
            assert!(read(&file[..at]).is_err(), "{at} bytes");
        }
    }
}

#[test]
fn files_without_16_bit_samples_are_refused() {
    let other = WavFile::of_bytes(1, 24, vec![3; 300]).bytes();
    let mut file = Vec::new();
    twr::compress(&other[..], &mut file, &twr::Options::new(&set())).unwrap();
    assert_eq!(read(&file).unwrap_err().to_string(), "no 16-bit samples: 24-bit samples");
    file.clear();
    twr::compress(
        &WavFile::new(1, &[1]).bytes()[..],
        &mut file,
        &twr::Options::new(&shipped("seed-64").unwrap()),
    )
    .unwrap();
    assert!(matches!(read(&file), Err(Error::OtherTableSet { .. })));
    for channels in [0, 32768] {
        let set = set();
        let result = SampleWriter::new(std::io::sink(), &set, 9, channels);
        assert!(matches!(result, Err(Error::Channels(_))));
    }
}
