//! Folders and raw files in `.twr` files are restored; hostile manifests are refused.

use std::borrow::Cow;

use proptest::prelude::*;
use tierwire_codec::synthetic::Synthetic;
use tierwire_codec::twr::{
    self, ChannelFile, Content, Error, FolderError, Manifest, Original, manifest,
};
use tierwire_codec::wav::{standard_head, to_bytes};
use tierwire_codec::{TableSet, shipped};

const RATE: u32 = 19531;

fn set() -> TableSet {
    shipped("bigram-32").unwrap()
}

fn compress(original: Original<'_>, input: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let summary =
        twr::compress(input, &mut file, &twr::Options { original, ..twr::Options::new(&set()) })
            .unwrap();
    assert_eq!(summary.compressed_bytes, file.len() as u64);
    file
}

fn decompress(file: &[u8]) -> Result<Vec<u8>, Error> {
    let mut back = Vec::new();
    twr::decompress(file, &mut back, |_| Some(Cow::Owned(set()))).map(|_| back)
}

fn file(name: &str, head: &[u8], tail: u64) -> ChannelFile {
    ChannelFile { name: name.into(), head: head.to_vec(), tail }
}

/// Three files of five samples; two with the standard head, one with another and a tail.
fn three() -> Manifest {
    let standard = standard_head(RATE, 1, 10);
    let files =
        vec![file("a.wav", &standard, 0), file("b.wav", b"other", 2), file("ü.WAV", &standard, 0)];
    Manifest::new(RATE, 5, files).unwrap()
}

fn samples_and_tails() -> Vec<u8> {
    let mut input = Vec::new();
    to_bytes(&Synthetic::default().rounds(3, 3, 5), &mut input);
    input.extend(b"zz");
    input
}

/// A version 2 file whose blocks give `front` and then `rounds` rounds of zeros.
fn forged(channels: u8, front: &[u8]) -> Vec<u8> {
    let digest = set().digest().to_le_bytes();
    let header = [b"TWR\x02\x15\x09bigram-32", &digest[..], &[0xcb, 0x98, 0x01, channels]].concat();
    let mut file = header.clone();
    for payload in front.chunks(100) {
        let block = [&[3, payload.len() as u8], payload].concat();
        let crc = crc32fast::hash(&[&header[..], &block].concat());
        file.extend([&block[..], &crc.to_le_bytes()].concat());
    }
    file.extend([&[0][..], &crc32fast::hash(front).to_le_bytes()].concat());
    file
}

#[test]
fn the_manifest_is_the_documented_one() {
    let expected = [
        &[31, 0, 0, 0, 5][..],
        &[5],
        b"a.wav",
        &[0, 0, 5],
        b"b.wav",
        &[5],
        b"other",
        &[2, 6],
        "ü.WAV".as_bytes(),
        &[0, 0],
    ]
    .concat();
    assert_eq!(three().to_bytes(), expected);
    let mut rest = &[&expected[..], b"samples"].concat()[..];
    assert_eq!(Manifest::read(&mut rest, RATE, 3).unwrap(), three());
    assert_eq!(rest, b"samples");
}

#[test]
fn a_folder_is_restored_as_manifest_samples_and_tails() {
    let (manifest, input) = (three(), samples_and_tails());
    let file = compress(Original::Folder(&manifest), &input);
    assert!(file.starts_with(b"TWR\x02\x15"));
    assert_eq!(decompress(&file).unwrap(), [&manifest.to_bytes()[..], &input].concat());
    let report = twr::inspect(&file[..]).unwrap();
    assert_eq!((report.rounds, report.header.version()), (5, 2));
    assert_eq!(report.original_bytes, 3 * 10 + 2 * 44 + 5 + 2);
    assert_eq!(report.original_bytes, manifest.original_bytes());
    assert_eq!(report.manifest, Some(manifest));
    // What names the files is under the CRCs like all else.
    for at in 0..file.len() {
        let mut changed = file.clone();
        changed[at] ^= 0x10;
        assert!(decompress(&changed).is_err(), "byte {at}");
    }
}

#[test]
fn a_folder_that_ends_too_early_is_refused() {
    let (manifest, input) = (three(), samples_and_tails());
    let set = set();
    let original = Original::Folder(&manifest);
    let result = twr::compress(
        &input[..29],
        std::io::sink(),
        &twr::Options { original, ..twr::Options::new(&set) },
    );
    assert!(matches!(result, Err(Error::Wav(tierwire_codec::wav::Error::Truncated { .. }))));
}

#[test]
fn raw_samples_are_a_version_1_file_without_a_head() {
    for (channels, length) in [(1, 0), (1, 1), (3, 5), (3, 6), (3, 601), (1024, 4095)] {
        let input: Vec<u8> = (0..length).map(|at| (at * 7 % 251) as u8).collect();
        let file = compress(Original::Raw { rate: 30_000, channels }, &input);
        assert!(file.starts_with(b"TWR\x01\x05"), "{channels} channels, {length} bytes");
        assert_eq!(decompress(&file).unwrap(), input);
        let report = twr::inspect(&file[..]).unwrap();
        let whole = length / (2 * usize::from(channels));
        assert_eq!(report.rounds as usize, whole);
        assert_eq!(report.original_bytes as usize, length);
        assert!(whole == 0 || report.head_bytes == 0);
        assert!(matches!(report.header.content, Content::Samples { rate: 30_000, .. }));
    }
}

#[test]
fn invalid_numbers_of_channels_are_refused() {
    for channels in [0, 32768, u16::MAX] {
        let original = Original::Raw { rate: 1, channels };
        let result = twr::compress(
            &b""[..],
            std::io::sink(),
            &twr::Options { original, ..twr::Options::new(&set()) },
        );
        assert!(matches!(result, Err(Error::Channels(refused)) if refused == channels));
    }
    assert!(Manifest::new(RATE, 5, Vec::new()).is_err());
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let long = "x".repeat(256);
    let names = [
        "",
        ".",
        "..",
        "/",
        "/etc/passwd",
        "a/b",
        "../a",
        "a/",
        "a\\b",
        "..\\a",
        "C:\\a",
        "a\0",
        "a\nb",
        "\u{1b}[2J",
        "\u{85}",
        &long,
    ];
    for name in names {
        assert!(manifest::check_name(name).is_err(), "{name:?}");
        assert!(Manifest::new(RATE, 5, vec![file(name, b"h", 0)]).is_err(), "{name:?}");
        // The same from a file: 1 round, one file with the standard head.
        let mut body = vec![1];
        body.extend((name.len() as u16 & 0x7f).to_le_bytes().first());
        if name.len() > 127 {
            *body.last_mut().unwrap() |= 0x80;
            body.push((name.len() >> 7) as u8);
        }
        body.extend([name.as_bytes(), &[0, 0]].concat());
        let front = [&(body.len() as u32).to_le_bytes()[..], &body].concat();
        let result = Manifest::read(&mut &front[..], RATE, 1);
        assert!(matches!(result, Err(Error::Corrupt { .. })), "{name:?}");
        assert!(twr::inspect(&forged(1, &front)[..]).is_err(), "{name:?}");
    }
    for name in ["a", "...", "a b.wav", "ü", "-rf", "a..b", "10:00.wav"] {
        assert_eq!(manifest::check_name(name), Ok(()));
    }
    let twins = vec![file("a", b"h", 0), file("b", b"h", 0), file("a", b"h", 0)];
    assert_eq!(Manifest::new(RATE, 5, twins), Err(FolderError::Twice("a".into())));
}

#[test]
fn manifests_of_other_files_are_refused() {
    let bytes = three().to_bytes();
    let short = Manifest::new(RATE, 0, vec![file("a", b"head", 3)]).unwrap().to_bytes();
    for (what, channels, front) in [
        ("no manifest", 3, vec![]),
        ("cut", 3, bytes[..20].to_vec()),
        ("of fewer channels", 2, bytes.clone()),
        ("of more channels", 4, bytes.clone()),
        ("samples are missing", 3, bytes.clone()),
        ("a tail is missing", 1, short.clone()),
        ("a tail is longer", 1, [&short[..], b"tail"].concat()),
        ("of 4 GB", 1, vec![0xff; 300]),
        ("a standard head of no possible length", 1, {
            let body = [&[0xff, 0xff, 0xff, 0xff, 0x0f, 1][..], b"a", &[0, 0]].concat();
            [&[body.len() as u8, 0, 0, 0], &body[..]].concat()
        }),
        (
            "a number with a zero too many",
            1,
            [&[6, 0, 0, 0, 0x80, 0, 1][..], b"a", &[0, 0]].concat(),
        ),
    ] {
        let result = twr::inspect(&forged(channels, &front)[..]);
        assert!(result.is_err(), "{what}");
    }
    // The same forgery with the right length is accepted.
    assert!(twr::inspect(&forged(1, &[&short[..], b"end"].concat())[..]).is_ok());
}

proptest! {
    #[test]
    fn any_bytes_are_refused_or_the_manifest_that_is_written(
        rounds in 0u8..4,
        body in prop::collection::vec(any::<u8>(), 0..60),
        channels in 1u16..4,
    ) {
        let front = [&(body.len() as u32 + 1).to_le_bytes()[..], &[rounds], &body].concat();
        if let Ok(manifest) = Manifest::read(&mut &front[..], RATE, channels) {
            prop_assert_eq!(manifest.to_bytes(), front);
        }
    }

    #[test]
    fn any_folder_is_restored(
        heads in prop::collection::vec((prop::collection::vec(any::<u8>(), 1..60), 0u64..5), 1..40),
        rounds in 0usize..300,
    ) {
        let files = heads.iter().enumerate();
        let files = files.map(|(i, (head, tail))| file(&format!("{i}.wav"), head, *tail)).collect();
        let manifest = Manifest::new(RATE, rounds as u64, files).unwrap();
        let mut input = Vec::new();
        to_bytes(&Synthetic::default().rounds(5, heads.len(), rounds), &mut input);
        input.resize(input.len() + heads.iter().map(|(_, tail)| *tail as usize).sum::<usize>(), 7);
        let compressed = compress(Original::Folder(&manifest), &input);
        prop_assert_eq!(decompress(&compressed).unwrap(), [&manifest.to_bytes()[..], &input].concat());
        prop_assert_eq!(twr::inspect(&compressed[..]).unwrap().manifest, Some(manifest));
    }
}
