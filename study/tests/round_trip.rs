//! Every method gives back what it was given, and refuses what is cut short.

use std::io::Write;
use std::sync::LazyLock;

use proptest::prelude::*;
use study::baselines::lattice;
use study::baselines::successors::{Counts, Table};
use study::baselines::wav::{Wav, head_of};
use study::baselines::{Clock, Coded, Error, Family, Method, methods};

/// As trained on a channel that says what no other does.
fn table() -> Table {
    let mut counts = Counts::default();
    counts.add(&hum(5000));
    counts.table(1)
}

static METHODS: LazyLock<Vec<Box<dyn Method>>> = LazyLock::new(|| methods(table()));

/// Those without a program to start: thousands of runs a second.
fn quick() -> impl Iterator<Item = &'static dyn Method> {
    METHODS.iter().map(|method| &**method).filter(|method| method.facts().family != Family::Sound)
}

/// A hum with some noise, in 10-bit codes.
fn hum(count: usize) -> Vec<i16> {
    let code = |n: usize| (512 + (n % 37) * 3 + n * n % 11) as u16;
    (0..count).map(|n| lattice::sample(code(n))).collect()
}

fn wav(channels: Vec<Vec<i16>>) -> Wav {
    let rounds = channels[0].len() as u32;
    let head = head_of(19531, channels.len() as u16, rounds).to_vec();
    Wav { head, rate: 19531, channels, tail: Vec::new() }
}

fn encode(method: &dyn Method, wav: &Wav) -> Coded {
    let mut clock = Clock::default();
    method
        .encode(&wav.join(), &mut clock)
        .unwrap_or_else(|why| panic!("{}: {why}", method.facts().name))
}

fn comes_back(method: &dyn Method, wav: &Wav) {
    let coded = encode(method, wav);
    let back = method.decode(&coded, &mut Clock::default());
    assert!(back.is_ok_and(|back| back == wav.join()), "{} on {wav:?}", method.facts().name);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_samples_are_restored(samples in prop::collection::vec(any::<i16>(), 0..400)) {
        quick().for_each(|method| comes_back(method, &wav(vec![samples.clone()])));
    }

    #[test]
    fn any_codes_are_restored(codes in prop::collection::vec(0u16..1024, 0..400), odd in any::<i16>()) {
        let mut samples: Vec<i16> = codes.iter().map(|&code| lattice::sample(code)).collect();
        quick().for_each(|method| comes_back(method, &wav(vec![samples.clone()])));
        // And one in the middle that has no code.
        samples.insert(codes.len() / 2, odd);
        quick().for_each(|method| comes_back(method, &wav(vec![samples.clone()])));
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for method in quick() {
            let coded = Coded { bytes: bytes.clone(), beside: bytes.clone() };
            let _ = method.decode(&coded, &mut Clock::default());
            // Behind a frame that is right, so that the codec sees them.
            let mut framed = wav(vec![vec![0; 40]]).frame();
            framed.extend((bytes.len() as u32).to_le_bytes());
            framed.extend(&bytes);
            let coded = Coded { bytes: framed, beside: Vec::new() };
            let _ = method.decode(&coded, &mut Clock::default());
        }
    }
}

#[test]
fn every_method_restores_empty_and_one_sample_files() {
    for method in installed() {
        comes_back(method, &wav(vec![vec![]]));
        comes_back(method, &wav(vec![vec![-1]]));
        comes_back(method, &wav(vec![vec![i16::MIN]]));
        comes_back(method, &wav(vec![hum(3000)]));
    }
}

#[test]
fn channels_and_the_bytes_around_them_are_restored() {
    let mut file = wav(vec![hum(500), hum(600).split_off(100), vec![-7; 500]]);
    file.head.splice(36..36, *b"note\x03\0\0\0abc\0");
    file.tail = b"\x01\x02LIST".to_vec();
    // One byte short of a round, then more: all of it is the tail.
    for method in installed() {
        comes_back(method, &file);
    }
}

#[test]
fn truncated_input_is_refused() {
    let file = wav(vec![hum(3000)]);
    for method in installed() {
        let coded = encode(method, &file);
        // Up to 4 bytes at the end may be filling.
        for length in [0, 10, 17, coded.bytes.len() / 2, coded.bytes.len() - 5] {
            let cut = Coded { bytes: coded.bytes[..length].to_vec(), ..coded.clone() };
            let back = method.decode(&cut, &mut Clock::default());
            assert!(back.is_err(), "{} took {length} bytes", method.facts().name);
        }
    }
}

#[test]
fn files_that_are_not_16_bit_wav_are_not_taken() {
    let right = wav(vec![hum(10)]).join();
    let mut of_8_bits = right.clone();
    of_8_bits[34] = 8;
    for wrong in [&b"RIFF"[..], b"", &right[..40], &of_8_bits] {
        assert!(matches!(Wav::split(wrong), Err(Error::Wav(_))));
    }
}

#[test]
fn a_tree_or_table_known_to_both_sides_is_not_counted() {
    let file = wav(vec![hum(3000)]);
    let bytes = |name: &str| {
        let method = METHODS.iter().find(|method| method.facts().name == name).unwrap();
        encode(&**method, &file).bytes.len()
    };
    assert!(bytes("Huffman per file, no tree") < bytes("Huffman per file"));
    assert!(bytes("128 successors, one table") < bytes("128 successors per file"));
}

/// All that can be run here; the others are told of.
fn installed() -> impl Iterator<Item = &'static dyn Method> {
    METHODS.iter().map(|method| &**method).filter(|method| match method.available() {
        Err(why @ Error::NotInstalled(_)) => {
            // Not by `eprintln!`: cargo keeps to itself what a test that passes prints by that.
            let told = format!("{} IS NOT TESTED: {why}\n", method.facts().name);
            std::io::stderr().write_all(told.as_bytes()).unwrap();
            false
        }
        other => other.is_ok(),
    })
}
