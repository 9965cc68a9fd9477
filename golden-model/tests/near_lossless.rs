//! Near-lossless `.twr` files: every sample within the bound, everything else byte for byte.

use std::borrow::Cow;

use crate::wav_file::{WavFile, chunk};
use tierwire_codec::Converter;
use tierwire_codec::near_lossless::MaxError;
use tierwire_codec::synthetic::Synthetic;
use tierwire_codec::twr::{self, Content};
use tierwire_codec::wav::Recording;
use tierwire_codec::{TableSet, shipped};

fn there_and_back(wav: &[u8], set: &TableSet, bound: Option<MaxError>) -> (Vec<u8>, Vec<u8>) {
    let (mut file, mut back) = (Vec::new(), Vec::new());
    twr::compress(wav, &mut file, &twr::Options { max_error: bound, ..twr::Options::new(set) })
        .unwrap();
    twr::decompress(&file[..], &mut back, |_| Some(Cow::Borrowed(set))).unwrap();
    (file, back)
}

/// On the lattice, off it, at its ends.
fn samples() -> Vec<i16> {
    let mut samples = Synthetic::default().rounds(1, 3, 20_000);
    samples.extend([0, 1, -1, i16::MIN, i16::MAX, 12345, 63, 64, 65]);
    samples
}

#[test]
fn every_sample_is_within_the_bound_and_larger_bounds_make_smaller_files() {
    let set = shipped("means-64").unwrap();
    let wav = WavFile::new(3, &samples()).bytes();
    let mut size = there_and_back(&wav, &set, None).0.len();
    for tokens in [1, 2, 3, 5, 10, 20, 127] {
        let bound = MaxError::new(tokens).unwrap();
        let (file, back) = there_and_back(&wav, &set, Some(bound));
        assert_eq!((back.len(), &back[..44]), (wav.len(), &wav[..44]));
        let near = Recording::read(&back[..]).unwrap().samples;
        assert!(
            samples().iter().zip(&near).all(|(&was, &is)| bound.allows(
                &Converter::challenge(),
                was,
                is
            )),
            "{tokens}"
        );
        assert!(file.len() < size, "{tokens}: {} bytes, {size} before", file.len());
        size = file.len();
        let (header, _) = twr::peek(&file[..]).unwrap();
        let Content::Samples { max_error, .. } = header.content else { panic!("samples") };
        assert_eq!(max_error, Some(bound), "the file says so itself");
        // The decoded samples are those of an ordinary lossless stream.
        assert_eq!(there_and_back(&back, &set, None).1, back);
    }
}

#[test]
fn bytes_around_the_samples_are_restored() {
    let set = shipped("bigram-32").unwrap();
    let bound = MaxError::new(4);
    let tail = [&[7][..], &chunk(b"LIST", b"a note")].concat();
    let odd = [WavFile::new(2, &samples()[..1000]).bytes(), tail.clone()].concat();
    let (_, back) = there_and_back(&odd, &set, bound);
    assert!(back.ends_with(&tail));
    let other = WavFile::of_bytes(1, 24, (0..=255).collect()).bytes();
    assert_eq!(there_and_back(&other, &set, bound).1, other, "no 16-bit samples, no error");
}

#[test]
fn near_lossless_noise_is_reported() {
    let set = shipped("bigram-32").unwrap();
    let wav = WavFile::new(3, &samples()).bytes();
    let noise = |tokens| {
        let bound = MaxError::new(tokens);
        twr::compress(
            &wav[..],
            std::io::sink(),
            &twr::Options { max_error: bound, ..twr::Options::new(&set) },
        )
        .unwrap()
        .noise
        .signal_to_noise()
    };
    assert!(noise(1) > noise(4) && noise(4) > noise(20));
    let mut near = samples();
    let plain = MaxError::new(4).unwrap().replace(&set, 3, &mut near);
    assert!((noise(4) - plain.signal_to_noise()).abs() < 1e-9);
}
