//! The bit stream is a promise: these samples become these words, for every shipped table set.
//!
//! `vectors/samples.txt` holds the samples, `vectors/<set>.words` the words in hexadecimal,
//! `vectors/<set>.frames` the frames. A change
//! that fails here breaks every file and every chip out there: it needs a new table set or a new
//! format version, and a line in CHANGELOG. `TIERWIRE_PIN=1 cargo test -p tierwire-codec --test
//! pinned_vectors` writes the vectors of sets that have none yet; it never changes one.

use std::fs;
use std::path::{Path, PathBuf};

use tierwire_codec::converter::{ConverterParts, Kind};
use tierwire_codec::frames::{Framer, Layout};
use tierwire_codec::{Converter, Decoder, Encoder, SHIPPED, TableSet, shipped};

fn vector(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors").join(name)
}

fn samples() -> Vec<i16> {
    let text = fs::read_to_string(vector("samples.txt")).unwrap();
    text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect()
}

/// The samples for a set: those of the file, and where the converter is another than the challenge's,
/// again as steps of it, since few are tokens otherwise.
fn samples_for(set: &TableSet) -> Vec<i16> {
    let mut samples = samples();
    let ConverterParts { kind, bits } = set.converter().parts();
    if kind == Kind::Direct {
        samples.extend_from_within(..);
        let half = samples.len() / 2;
        samples[half..].iter_mut().for_each(|sample| *sample >>= 16 - bits);
    }
    samples
}

fn encode(set: &TableSet, channels: usize) -> Vec<u32> {
    let mut words = Vec::new();
    let mut encoder = Encoder::new(set, channels);
    encoder.extend(&samples_for(set), &mut words);
    words.extend(encoder.flush());
    words
}

fn hexadecimal(words: &[u32]) -> String {
    let lines = words.chunks(8).map(|line| {
        let words: Vec<String> = line.iter().map(|word| format!("{word:08x}")).collect();
        words.join(" ") + "\n"
    });
    lines.collect()
}

/// Compares the file with this text; with `TIERWIRE_PIN` a missing file is written.
fn assert_pinned(path: &Path, text: &str) {
    if std::env::var_os("TIERWIRE_PIN").is_some() && !path.exists() {
        fs::write(path, text).unwrap();
    }
    let pinned = fs::read_to_string(path)
        .unwrap_or_else(|e| panic!("{}: {e}; see this test's first lines", path.display()));
    assert!(pinned == text, "{}: pinned are\n{pinned}and this is\n{text}", path.display());
}

#[test]
fn every_set_sends_its_pinned_words() {
    let channels_of = [("words", 1), ("words-3-channels", 3)];
    for set in SHIPPED.iter().map(|s| shipped(s.name).unwrap()) {
        for (extension, channels) in channels_of {
            let path = vector(&format!("{}.{extension}", set.name()));
            let words = encode(&set, channels);
            let head = format!("# table set {}, digest {:08x}\n", set.name(), set.digest());
            assert_pinned(&path, &(head + &hexadecimal(&words)));

            let samples = samples_for(&set);
            let mut back = vec![0; samples.len()];
            let taken = Decoder::new(&set, channels).fill(&words, &mut back);
            assert_eq!(taken, Ok(words.len()));
            assert_eq!(back, samples);
        }
    }
}

#[test]
fn the_samples_try_every_kind_of_code() {
    let samples = samples();
    let converter = Converter::challenge();
    let tokens = samples.iter().filter_map(|&s| converter.token(s));
    assert!(tokens.clone().count() < samples.len(), "some are off the lattice");
    let tokens: Vec<_> = tokens.collect();
    let jump = |reach: i16| {
        tokens
            .windows(2)
            .any(|pair| converter.offset(pair[1], pair[0]).unsigned_abs() > reach as u16)
    };
    assert!(jump(500), "some jump across the alphabet");
    assert!(tokens.iter().any(|t| t.number() == 0) && tokens.iter().any(|t| t.number() == 1023));
}

#[test]
fn frames_equal_the_pinned_ones() {
    let layout = Layout::new(3, 19, 4).unwrap();
    for (set, layout, extension) in [
        ("bigram-32", layout, "frames"),
        ("means-128", layout, "frames"),
        ("neuropixels-10", layout, "frames"),
        ("range-128", layout, "frames"),
        ("mean-64", layout.bound(), "frames-bound"),
        ("means-128", layout.bound(), "frames-bound"),
    ] {
        let set = shipped(set).unwrap();
        let mut framer = Framer::new(&set, layout);
        let mut text = format!(
            "# table set {}, digest {:08x}; 3 channels, 19 rounds a frame, a keyframe every 4 frames;\n\
             # frame 7 is given up after 20 samples; a paragraph is a frame\n",
            set.name(),
            set.digest()
        );
        let mut add = |frame: &[u32]| text.push_str(&format!("\n{}", hexadecimal(frame)));
        for sample in samples_for(&set) {
            if (framer.frame(), framer.pending()) == (7, 20) {
                framer.give_up().into_iter().for_each(&mut add);
            }
            framer.push(sample).into_iter().for_each(&mut add);
        }
        assert_pinned(&vector(&format!("{}.{extension}", set.name())), &text);
    }
}
