//! The methods for any recorder's samples, on samples of 16, 24 and 32 bits.

use std::sync::LazyLock;

use proptest::prelude::*;
use study::baselines::wav::{Form, file_of};
use study::baselines::{Clock, Coded, Error, Family, Method, recorder_methods};

static METHODS: LazyLock<Vec<Box<dyn Method>>> = LazyLock::new(recorder_methods);

/// All that can be run here; those of programs that are not installed are tested where they are.
fn installed() -> impl Iterator<Item = &'static dyn Method> {
    METHODS.iter().map(|method| &**method).filter(|method| method.available().is_ok())
}

/// Those without a program to start.
fn quick() -> impl Iterator<Item = &'static dyn Method> {
    installed().filter(|method| method.facts().family != Family::Sound)
}

/// Encodes and decodes; a method for 16 bits may refuse other samples, and no others.
fn comes_back(method: &dyn Method, wav: &[u8]) {
    let name = &method.facts().name;
    let coded = match method.encode(wav, &mut Clock::default()) {
        Err(Error::Wav(_)) if Form::of(wav).unwrap().width != 2 => return,
        coded => coded.unwrap_or_else(|why| panic!("{name}: {why}")),
    };
    let back = method.decode(&coded, &mut Clock::default());
    assert!(back.is_ok_and(|back| back == wav), "{name}");
}

/// A slow wave in each channel, and some noise.
fn wave(channels: u16, width: u16, rounds: usize) -> Vec<u8> {
    let mut noise = 1u32;
    let samples = (0..rounds * usize::from(channels)).flat_map(|n| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let sample = (n as f64 / 300.0).sin() * 3000.0 + f64::from(noise >> 28);
        (sample as i32).to_le_bytes().into_iter().take(width.into())
    });
    file_of(1000, channels, width, &samples.collect::<Vec<_>>()).unwrap()
}

#[test]
fn channels_in_pairs_and_a_last_one_alone_are_restored_in_any_width() {
    for method in installed() {
        // More than a second, and more than a block of the bit shuffle.
        for (channels, width, rounds) in [(1, 2, 2500), (5, 2, 40_000), (3, 3, 1234), (2, 4, 999)] {
            comes_back(method, &wave(channels, width, rounds));
        }
    }
}

#[test]
fn what_is_cut_short_is_refused() {
    let wav = wave(3, 2, 3000);
    for method in installed() {
        let coded = method.encode(&wav, &mut Clock::default()).unwrap();
        for length in [0, 10, 17, coded.bytes.len() / 2] {
            let cut = Coded { bytes: coded.bytes[..length].to_vec(), ..coded.clone() };
            let back = method.decode(&cut, &mut Clock::default());
            assert!(back.is_err(), "{} took {length} bytes", method.facts().name);
        }
    }
}

#[test]
fn a_second_of_all_channels_is_deflated_together() {
    // Of a constant all differences but the first are zero: each second takes a few bytes.
    let wav = file_of(1000, 2, 2, &vec![7; 4 * 10_000]).unwrap();
    let method = METHODS.iter().find(|m| m.facts().name.starts_with("difference + zlib")).unwrap();
    let coded = method.encode(&wav, &mut Clock::default()).unwrap();
    assert!((100..600).contains(&coded.bytes.len()), "{}", coded.bytes.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_samples_are_restored(
        channels in 1u16..5, width in 2u16..5, bytes in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let align = usize::from(channels * width);
        let wav = file_of(9, channels, width, &bytes[..bytes.len() / align * align]).unwrap();
        quick().for_each(|method| comes_back(method, &wav));
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for method in quick() {
            let coded = Coded { bytes: bytes.clone(), beside: Vec::new() };
            let _ = method.decode(&coded, &mut Clock::default());
        }
    }
}
