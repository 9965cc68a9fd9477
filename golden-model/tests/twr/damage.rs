//! Files that were changed, cut, or made by no encoder: none of them is accepted.

use std::borrow::Cow;

use super::{SET, compress, decompress, recording, round_trip};
use crate::wav_file::{WavFile, chunk};
use proptest::prelude::*;
use tierwire_codec::twr::{self, Error, Identity};

/// Small files of every kind.
fn small_files() -> Vec<Vec<u8>> {
    let samples = recording(2, 60);
    let tail = WavFile { after: chunk(b"LIST", b"abc"), ..WavFile::new(2, &samples) };
    let piped = WavFile { declared: Some(u32::MAX), ..tail.clone() };
    let verbatim = WavFile::of_bytes(1, 24, (0..90).collect());
    [WavFile::new(1, &[]), WavFile::new(2, &samples), tail, piped, verbatim]
        .iter()
        .map(|wav| round_trip(&wav.bytes()))
        .collect()
}

#[test]
fn every_changed_byte_is_detected() {
    for file in small_files() {
        let (original, _) = decompress(&file).unwrap();
        for at in 0..file.len() {
            for flip in 1..=255 {
                let mut changed = file.clone();
                changed[at] ^= flip;
                // The note says why a file is verbatim; it decides no byte.
                if let Ok((wav, _)) = decompress(&changed) {
                    assert_eq!(wav, original, "byte {at} changed by {flip:#x}");
                }
            }
        }
    }
}

#[test]
fn no_wrong_byte_is_written_before_it_is_detected() {
    for file in small_files() {
        let (original, _) = decompress(&file).unwrap();
        // Everything after the header.
        for at in 40..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 0x10;
            let mut written = Vec::new();
            let lookup = |_: &Identity| Some(Cow::Borrowed(&*SET));
            assert!(twr::decompress(&changed[..], &mut written, lookup).is_err());
            assert!(original.starts_with(&written), "byte {at}");
        }
    }
}

#[test]
fn no_file_may_end_early_or_late() {
    for file in small_files() {
        for len in 0..file.len() {
            let error = decompress(&file[..len]).unwrap_err();
            match len {
                0 => assert!(matches!(error, Error::Empty), "{len}: {error}"),
                1..3 => assert!(matches!(error, Error::NotTwr(_)), "{len}: {error}"),
                _ => assert!(matches!(error, Error::Truncated(_)), "{len}: {error}"),
            }
            assert!(twr::inspect(&file[..len]).is_err());
        }
        let longer = [&file[..], b"\0"].concat();
        let error = decompress(&longer).unwrap_err();
        assert_eq!(error.to_string(), "corrupt: its end: more bytes follow");
    }
}

#[test]
fn a_missing_or_repeated_block_is_an_error() {
    let wav = WavFile { declared: Some(u32::MAX), ..WavFile::new(1, &recording(1, 300_000)) };
    let (file, _) = compress(&wav.bytes());
    let block = |length: usize, rounds: u8| 1 + usize::from(rounds) + 3 + length + 4;
    // Header and head come first; the first block of samples is kind 1, 131072 rounds.
    let start = file.windows(4).position(|w| w == [1, 0x80, 0x80, 0x08]).unwrap();
    let length = &file[start + 4..];
    let length = (0..3).map(|i| usize::from(length[i] & 0x7f) << (7 * i)).sum();
    let end = start + block(length, 3);
    let left_out = [&file[..start], &file[end..]].concat();
    let twice = [&file[..end], &file[start..]].concat();
    for changed in [left_out, twice] {
        let error = decompress(&changed).unwrap_err().to_string();
        assert_eq!(error, "corrupt: its end: the CRC-32 of the whole does not match");
    }
}

proptest! {
    #[test]
    fn hostile_headers_and_blocks_are_refused(
        kind in 0u8..8,
        rest in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let digest = SET.digest().to_le_bytes();
        let header = [b"TWR\x01", &[kind, 9][..], b"bigram-32", &digest].concat();
        let file = [&header[..], &rest].concat();
        prop_assert!(decompress(&file).is_err());
        prop_assert!(twr::inspect(&file[..]).is_err());
    }

    /// Payloads that no encoder makes, under CRCs that are right.
    #[test]
    fn hostile_payloads_are_refused_or_end_at_the_last_crc(
        channels in 1u8..100,
        rounds in 1u8..128,
        payload in prop::collection::vec(any::<u8>(), 1..127),
    ) {
        let digest = SET.digest().to_le_bytes();
        let header = [b"TWR\x01\x05\x09bigram-32", &digest[..], &[1, channels]].concat();
        let block = [&[1, rounds, payload.len() as u8], &payload[..]].concat();
        let crc = crc32fast::hash(&[&header[..], &block].concat()).to_le_bytes();
        let file = [&header[..], &block, &crc, &[0; 5]].concat();
        let corrupt = matches!(decompress(&file), Err(Error::Corrupt { .. }));
        prop_assert!(corrupt);
    }
}
