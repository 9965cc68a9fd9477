//! Small valid inputs, which the targets damage.

use golden_model::frames::{Framer, Layout};
use golden_model::layout::Samples;
use golden_model::synthetic::Synthetic;
use golden_model::twr::{self, ChannelFile, Manifest, Original};
use golden_model::wav::Recording;
use golden_model::wide::group::Group;
use golden_model::{Encoder, SHIPPED, TableSet, shipped};

use crate::choices::table_sets;
use crate::containers::unseal;
use crate::headers::{brainvision, edf, intan, neuralynx, open_ephys, spikeglx};
use crate::recorders::input;

fn samples(channels: usize, rounds: usize) -> Vec<i16> {
    let mut samples = Synthetic::default().rounds(1, channels, rounds);
    // Off the lattice, and a jump.
    samples.extend(vec![12345; channels]);
    samples.extend(vec![-32768; channels]);
    samples
}

fn wav(channels: u16, rounds: usize) -> Vec<u8> {
    let mut wav = Vec::new();
    let samples = samples(channels.into(), rounds);
    Recording { rate: 19531, channels, samples }.write(&mut wav).expect("memory takes all");
    wav
}

/// Files of every kind, as they are and in parts.
pub fn containers() -> Vec<Vec<u8>> {
    let set = &table_sets()[0];
    let manifest = (0..3).map(|i| ChannelFile { name: format!("{i}.wav"), head: vec![i], tail: 1 });
    let manifest = Manifest::new(19531, 10, manifest.collect()).expect("a legal folder");
    let unknown = [&wav(1, 10)[..40], &[0xff; 4], &wav(1, 10)[44..]].concat();
    let other = [&wav(1, 10)[..34], &[8, 0], &wav(1, 10)[36..]].concat();
    let originals: [(Original<'_>, Vec<u8>); 7] = [
        (Original::Wav, wav(1, 40)),
        (Original::Wav, wav(3, 20)),
        (Original::Wav, [&wav(2, 0)[..], b"tail"].concat()),
        (Original::Wav, unknown),
        (Original::Wav, other),
        (Original::Raw { rate: 9, channels: 2 }, vec![5; 43]),
        (Original::Folder(&manifest), vec![7; 63]),
    ];
    let files = originals.iter().flat_map(|(original, input)| {
        [false, true].map(|best| {
            let mut file = Vec::new();
            let options = twr::Options { original: *original, best, ..twr::Options::new(set) };
            twr::compress(&input[..], &mut file, &options).expect("a legal original");
            file
        })
    });
    let both = |file: Vec<u8>| {
        let parts = unseal(&file).unwrap_or_default();
        [[&[0], &file[..]].concat(), [&[1], &parts[..]].concat()]
    };
    files.flat_map(both).collect()
}

/// Streams of a few frames, for a layout each.
pub fn frames() -> Vec<Vec<u8>> {
    let set = &table_sets()[0];
    let sent = |number: u8, channels, rounds, interval| {
        let layout = Layout::new(channels, rounds, interval).expect("a legal layout");
        let mut framer = Framer::new(set, layout);
        let mut input = vec![0, number, 0];
        framer.extend(&samples(channels, 8 * rounds), |frame| {
            let bytes: Vec<u8> = frame.iter().flat_map(|word| word.to_be_bytes()).collect();
            input.push(bytes.len() as u8);
            input.extend(bytes);
        });
        let sealed = [&[0, number, 1], &input[3..]].concat();
        [input, sealed]
    };
    [sent(0, 1, 1, 1), sent(1, 1, 19, 4), sent(2, 3, 5, 16), sent(3, 32, 2, 3)].concat()
}

/// Streams of a few frames as they come over a link: as bytes, and as datagrams of either kind.
pub fn link() -> Vec<Vec<u8>> {
    let set = &table_sets()[0];
    let layout = Layout::new(3, 5, 16).expect("a legal layout").bound();
    let mut frames = Vec::new();
    Framer::new(set, layout).extend(&samples(3, 8 * 5), |frame| {
        frames.push(frame.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>());
    });
    let units = |head: [u8; 3], units: &[Vec<u8>]| {
        let unit = |unit: &Vec<u8>| [&[unit.len() as u8], &unit[..]].concat();
        let head = [&[0], &head[..]].concat();
        [head, units.iter().flat_map(unit).collect()].concat()
    };
    let pieces =
        (0..).zip(&frames).flat_map(|(number, frame)| ::link::pieces(1, number, frame, 20));
    let mut pieces: Vec<_> = pieces.collect();
    pieces.push(::link::end_of_session(1, frames.len() as u64));
    let marked = |(number, frame): (u8, &Vec<u8>)| {
        [&[1, 0, number, 0, frame.len() as u8, 0, 0], &frame[..]].concat()
    };
    let marked: Vec<_> = (0..).zip(&frames).map(marked).collect();
    vec![
        units([1, 1, 1], &frames),
        units([1, 0, 1], &frames),
        units([1, 0, 0], &pieces),
        units([1, 2, 1], &marked),
        units([1, 3, 1], &frames),
    ]
}

/// Stretches of the challenge's converter: some channels, one of them dead, samples off the lattice.
pub fn decisions() -> Vec<Vec<u8>> {
    let stretch = |channels: usize, rounds: usize| {
        let mut all = samples(channels, rounds - 2);
        all.iter_mut().step_by(channels).for_each(|sample| *sample = 31);
        all.iter_mut().step_by(97).for_each(|sample| *sample += 1);
        let stretch = Group::of_the_challenge(channels as u16).encode(&Samples::I16(all));
        [&[channels as u8 - 1, rounds as u8, (rounds >> 8) as u8], &stretch[..]].concat()
    };
    vec![stretch(1, 300), stretch(3, 200), stretch(39, 80)]
}

/// Words of every table set.
pub fn codes() -> Vec<Vec<u8>> {
    let sent = |(number, set): (usize, &TableSet)| {
        let mut words = Vec::new();
        let mut encoder = Encoder::new(set, 3);
        encoder.extend(&samples(3, 40), &mut words);
        words.extend(encoder.flush());
        let words = words.iter().flat_map(|word| word.to_be_bytes());
        [number as u8, 2].into_iter().chain(words).collect()
    };
    table_sets().iter().enumerate().map(sent).collect()
}

/// A shipped set and a small one by hand.
pub fn table_sets_as_text() -> Vec<Vec<u8>> {
    let bigram = SHIPPED.iter().find(|known| known.name == "bigram-32");
    let bigram = bigram.and_then(|known| shipped(known.name)).expect("a shipped set");
    let small = r#"name = "small"
differences = 1
means = 1
weights = [100, -100]
fold = 2
window = 4
activity = { shift = 6, start = 64, thresholds = [7] }
provenance = { method = "by hand", files = 0, samples = 0, digest = 0x0 }
tiers = ["1/2 1/2 2/2 token/3 sample/3", "3/1 token/2 sample/2"]
rows = ["-1 2", ""]
"#;
    let ranges = r#"classes = ["0 1", "1 0"]
widths = ["767 16000 16000", "2767 30000"]"#;
    let tiers = r#"tiers = ["1/2 1/2 2/2 token/3 sample/3", "3/1 token/2 sample/2"]"#;
    let ranges = small.replace(tiers, ranges);
    vec![bigram.to_toml().into_bytes(), small.into(), ranges.into()]
}

/// WAV files of some channels, with chunks around, and of other samples.
pub fn wav_files() -> Vec<Vec<u8>> {
    let list = b"LIST\x04\0\0\0odd!";
    let around = [&wav(1, 9)[..36], list, &wav(1, 9)[36..], list].concat();
    let float = [&wav(1, 9)[..20], &[3, 0], &wav(1, 9)[22..]].concat();
    let files = [wav(1, 30), wav(2, 30), wav(40, 2), around, float];
    files.into_iter().map(|file| [&[0], &file[..]].concat()).collect()
}

/// A file of every recorder, with samples.
pub fn recorders() -> Vec<Vec<u8>> {
    let signals = [
        ("Fp1", "uV", 30, (-1.0, 1.0), (-100, 100)),
        ("EDF Annotations", "", 20, (-1.0, 1.0), (-100, 100)),
        ("Temp", "degC", 1, (-1.0, 1.0), (-100, 100)),
    ];
    let data = [1; 2600];
    let alone = [
        edf::header(false, "0.1", &signals),
        edf::header(true, "1", &signals),
        intan::rhd((3, 1), 20000.0, 1, &intan::RHD_CHANNELS),
        intan::rhs(30000.0, true, &intan::RHS_CHANNELS),
        neuralynx::head("####\n-SamplingFrequency 32000\n-RecordSize 1044"),
        wav(3, 30),
    ];
    let described = [
        spikeglx::PROBE.as_bytes(),
        brainvision::HEADER.as_bytes(),
        open_ephys::STRUCTURE.as_bytes(),
    ];
    let count = alone.len();
    let alone = alone.into_iter().enumerate();
    let alone = alone.map(|(kind, head)| input(kind, &[head, data.to_vec()].concat(), &[]));
    let described = described.into_iter().enumerate();
    alone.chain(described.map(|(kind, text)| input(count + kind, text, &data))).collect()
}

#[cfg(test)]
mod tests {
    use super::containers;
    use crate::containers::{seal, unseal};
    use golden_model::twr;

    #[test]
    fn sealed_seeds_are_the_files_without_their_ends() {
        let seeds = containers();
        for pair in seeds.chunks(2) {
            let [file, parts] = pair else { panic!("two of each") };
            assert_eq!((file[0], parts[0]), (0, 1));
            let file = &file[1..];
            assert_eq!(seal(&parts[1..]), file[..file.len() - 5]);
            assert_eq!(unseal(file).as_deref(), Some(&parts[1..]));
            assert!(twr::inspect(file).is_ok());
        }
    }
}
