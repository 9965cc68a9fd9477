//! The executables on what the challenge holds and on what it does not.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use challenge::form::{decode, encode};
use challenge::tables::tables;
use golden_model::synthetic::Synthetic;
use proptest::prelude::*;

/// A folder that goes away with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("challenge-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Scratch(folder)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn wav(rate: u32, samples: &[i16]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
    let mut file = b"RIFF".to_vec();
    file.extend((data.len() as u32 + 36).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(rate.to_le_bytes());
    file.extend((2 * rate).to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend((data.len() as u32).to_le_bytes());
    file.extend(data);
    file
}

/// Files of every form, with names.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let samples = Synthetic::default().rounds(1, 1, 20_000);
    let off_the_lattice: Vec<i16> = (-300..300).collect();
    let recording = wav(19531, &samples);
    let odd = [&recording[..], &[7]].concat();
    vec![
        ("recording", recording.clone()),
        ("odd byte at the end", odd),
        ("another rate", wav(30_000, &samples)),
        ("cut short", recording[..recording.len() - 1000].to_vec()),
        ("off the lattice", wav(19531, &off_the_lattice)),
        ("one sample", wav(19531, &[-1])),
        ("head only", wav(19531, &[])),
        ("half a head", recording[..20].to_vec()),
        ("empty", vec![]),
        ("one zero", vec![0]),
        ("zeros", vec![0; 1000]),
        ("text", b"not a WAV file, and no multiple of two".to_vec()),
    ]
}

#[test]
fn the_executables_restore_every_file() {
    let scratch = Scratch::new("files");
    for (name, file) in files() {
        let [original, packed, back] =
            ["original", "packed", "back"].map(|kind| scratch.0.join(format!("{name}.{kind}")));
        fs::write(&original, &file).unwrap();
        for (executable, from, to) in [
            (env!("CARGO_BIN_EXE_encode"), &original, &packed),
            (env!("CARGO_BIN_EXE_decode"), &packed, &back),
        ] {
            let status = Command::new(executable).args([from, to]).status().unwrap();
            assert!(status.success(), "{name}: {executable} ended with {status}");
        }
        assert_eq!(fs::read(back).unwrap(), file, "{name}");
        let size = fs::metadata(packed).unwrap().len();
        assert!(size <= file.len() as u64 + 2, "{name}: {size} bytes");
    }
}

#[test]
fn wrong_usage_and_missing_files_set_the_exit_code() {
    let scratch = Scratch::new("usage");
    for executable in [env!("CARGO_BIN_EXE_encode"), env!("CARGO_BIN_EXE_decode")] {
        let code =
            |arguments: &[&Path]| Command::new(executable).args(arguments).status().unwrap().code();
        let (missing, out) = (scratch.0.join("missing"), scratch.0.join("out"));
        assert_eq!(code(&[]), Some(2));
        assert_eq!(code(&[&missing]), Some(2));
        assert_eq!(code(&[&missing, &out, &out]), Some(2));
        assert_eq!(code(&[&missing, &out]), Some(1));
        assert!(!out.exists());
    }
}

#[test]
fn a_recording_pays_for_its_codes_and_how_many_there_are() {
    let set = tables().unwrap();
    let samples = Synthetic::default().rounds(2, 1, 20_000);
    let mut encoder = golden_model::Encoder::new(&set, 1);
    let mut words = Vec::new();
    encoder.extend(&samples, &mut words);
    words.extend(encoder.flush());
    let size = encode(&wav(19531, &samples), &set).len();
    assert!((4 * words.len()..=4 * words.len() + 3).contains(&size), "{size}");
}

proptest! {
    #[test]
    fn any_bytes_are_restored(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let set = tables().unwrap();
        let packed = encode(&bytes, &set);
        prop_assert!(packed.len() <= bytes.len() + 2);
        prop_assert_eq!(decode(&packed, &set), Some(bytes));
    }

    #[test]
    fn any_samples_are_restored(samples in prop::collection::vec(any::<i16>(), 0..200)) {
        let (set, file) = (tables().unwrap(), wav(19531, &samples));
        prop_assert_eq!(decode(&encode(&file, &set), &set), Some(file));
    }

    #[test]
    fn any_bytes_decode_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..99)) {
        let _ = decode(&bytes, &tables().unwrap());
    }
}
