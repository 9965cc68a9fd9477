//! Old files stay readable: `vectors/files/` has a `.twr` file of every table set, every kind of
//! original and every format version, and each must restore its original.
//!
//! Their originals are made of `vectors/samples.txt`; each file is also what is written today. A
//! change that fails here breaks files out there: it needs a new format version, and a line in
//! CHANGELOG. `TIERWIRE_PIN=1 cargo test -p tierwire-codec --test pinned_files` writes files that are
//! not there yet; it never changes one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use crate::wav_file::{WavFile, chunk};
use tierwire_codec::near_lossless::MaxError;
use tierwire_codec::twr::{self, ChannelFile, Identity, Manifest, Original};
use tierwire_codec::wav::{standard_head, to_bytes};
use tierwire_codec::{SHIPPED, TableSet, shipped};

fn vectors() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

fn samples() -> Vec<i16> {
    let text = fs::read_to_string(vectors().join("samples.txt")).unwrap();
    text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect()
}

/// A file's original, and what it decodes to.
struct Kept {
    file: Vec<u8>,
    back: Vec<u8>,
}

impl Kept {
    fn of(original: Original<'_>, input: &[u8], set: &TableSet, error: Option<MaxError>) -> Kept {
        let options = twr::Options { original, max_error: error, ..twr::Options::new(set) };
        Kept::with(&options, input)
    }

    fn with(options: &twr::Options<'_>, input: &[u8]) -> Kept {
        let mut file = Vec::new();
        twr::compress(input, &mut file, options).unwrap();
        let original = options.original;
        let back = match original {
            Original::Folder(manifest) => [&manifest.to_bytes()[..], input].concat(),
            _ => input.to_vec(),
        };
        Kept { file, back }
    }
}

/// All files, by name.
fn all() -> BTreeMap<String, Kept> {
    let samples = samples();
    let mut kept = BTreeMap::new();
    for set in SHIPPED.iter().map(|known| shipped(known.name).unwrap()) {
        let wav = WavFile::new(1, &samples).bytes();
        let of = Kept::of(Original::Wav, &wav, &set, None);
        kept.insert(format!("version-1-{}.twr", set.name()), of);
    }
    let set = shipped("bigram-32").unwrap();
    let wav = WavFile::new(3, &samples);
    let chunks = WavFile {
        before: chunk(b"JUNK", b"before"),
        after: chunk(b"LIST", b"after"),
        data: [&wav.data[..], b"odd"].concat(),
        ..wav.clone()
    };
    let pipe = WavFile { declared: Some(u32::MAX), riff_size: Some(u32::MAX), ..wav.clone() };
    let other = WavFile::of_bytes(1, 24, wav.data[..300].to_vec());
    for (name, wav) in [("chunks", chunks), ("pipe", pipe), ("other-samples", other)] {
        let of = Kept::of(Original::Wav, &wav.bytes(), &set, None);
        kept.insert(format!("version-1-{name}.twr"), of);
    }
    let mut data = Vec::new();
    to_bytes(&samples, &mut data);
    let raw = [&data[..], b"odd"].concat();
    let of = Kept::of(Original::Raw { rate: 30_000, channels: 4 }, &raw, &set, None);
    kept.insert("version-1-raw.twr".into(), of);

    let mut near = Kept::of(Original::Wav, &wav.bytes(), &set, MaxError::new(2));
    let mut replaced = samples.clone();
    MaxError::new(2).unwrap().replace(&set, 3, &mut replaced);
    near.back = WavFile::new(3, &replaced).bytes();
    kept.insert("version-1-near.twr".into(), near);

    let rounds = samples.len() as u32 / 3;
    let standard = standard_head(19531, 1, 2 * rounds).to_vec();
    let heads = [standard.clone(), b"another head".to_vec(), standard];
    let names = ["ch1.wav", "ch2.wav", "ü.wav"];
    let file = |(head, name): (Vec<u8>, &str)| ChannelFile { name: name.into(), head, tail: 1 };
    let files = heads.into_iter().zip(names).map(file).collect();
    let manifest = Manifest::new(19531, rounds.into(), files).unwrap();
    let input = [&data[..2 * 3 * rounds as usize], b"xyz"].concat();
    let of = Kept::of(Original::Folder(&manifest), &input, &set, None);
    kept.insert("version-2-folder.twr".into(), of);

    let best = twr::Options { best: true, ..twr::Options::new(&set) };
    let off = [&samples[..], &[1, 2, 3], &[7; 600]].concat();
    let wav = WavFile::new(3, &off).bytes();
    kept.insert("version-5-wav.twr".into(), Kept::with(&best, &wav));
    let original = Original::Folder(&manifest);
    let of = Kept::with(&twr::Options { original, ..best }, &input);
    kept.insert("version-5-folder.twr".into(), of);
    kept
}

#[test]
fn every_file_ever_written_restores_its_original() {
    let folder = vectors().join("files");
    let all = all();
    for (name, kept) in &all {
        let path = folder.join(name);
        if std::env::var_os("TIERWIRE_PIN").is_some() && !path.exists() {
            fs::write(&path, &kept.file).unwrap();
        }
        let pinned = fs::read(&path)
            .unwrap_or_else(|e| panic!("{}: {e}; see this test's first lines", path.display()));
        assert!(pinned == kept.file, "{name}: not what is written today");
        let mut back = Vec::new();
        let lookup = |wanted: &Identity| shipped(&wanted.name).map(Cow::Owned);
        twr::decompress(&pinned[..], &mut back, lookup).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(back == kept.back, "{name}: not the original");
        let version = twr::inspect(&pinned[..]).unwrap().header.version();
        assert!(name.starts_with(&format!("version-{version}-")), "{name}");
    }
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(all.contains_key(&name), "{name} is read by no test");
    }
}
