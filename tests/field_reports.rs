//! What users of similar tools have met: each report rebuilt as a small input, and what is right.

use std::fs::File;

use crate::program::{Folder, Ran, WavFile, chunk, recording};

/// Compresses a file, or standard input, and restores it.
fn round_trip(folder: &Folder, input: &str, bytes: &[u8]) -> Ran {
    let ran = folder.run_fed(&["compress", input, "-o", "a.twr"], bytes);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let back = folder.run(&["decompress", "a.twr", "-o", "-"]);
    assert_eq!(back.code, Some(0), "{}", back.stderr);
    assert!(back.stdout == bytes, "not the same bytes");
    ran
}

#[test]
fn no_command_overwrites_its_input() {
    let folder = Folder::new();
    let wav = recording(1, 500).bytes();
    for name in ["r.wav", "e/a.wav", "e/b.wav"] {
        std::fs::create_dir_all(folder.path("e")).unwrap();
        folder.write(name, &wav);
    }
    let trained = ["train", "e", "--codec", "seed-64", "-o", "my.toml"];
    assert_eq!(folder.run(&trained).code, Some(0));
    std::os::unix::fs::symlink(folder.path("r.wav"), folder.path("link.wav")).unwrap();
    let before = folder.contents();
    for arguments in [
        "compress r.wav -o r.wav",
        "compress r.wav -o e/../r.wav",
        "compress r.wav -o link.wav",
        "compress e -o e/a.wav",
        "compress r.wav --tables my.toml -o my.toml",
        "decompress r.wav -o r.wav",
        "simulate r.wav --profile seed --engine verilog -o r.wav",
        "simulate r.wav --profile seed --engine verilog --json r.wav",
        "train e --codec seed-64 -o e/a.wav",
        "corpus e --json e/a.wav",
        "frames e --json e/a.wav",
        "compare e --svg e/b.wav",
        "latency e --profile nano --json e/b.wav",
    ] {
        let ran = folder.run(&arguments.split(' ').collect::<Vec<_>>());
        assert_eq!(ran.code, Some(1), "{arguments}: {}", ran.stderr);
        let reason = ran.stderr.contains("is the input as well")
            || ran.stderr.contains("is among the recordings in e");
        assert!(reason && ran.stderr.lines().count() == 1, "{arguments}: {}", ran.stderr);
        assert_eq!(folder.contents(), before, "{arguments}");
    }
}

#[test]
fn what_a_live_recorder_pipes_is_coded_to_its_end() {
    let folder = Folder::new();
    for declared in [0x8000_0000_u32, 0x7fff_ffff, 0x7fff_fffe, 0xffff_fffe, 0xffff_ffdb] {
        let riff_size = Some(declared.wrapping_add(36));
        let wav = WavFile { declared: Some(declared), riff_size, ..recording(1, 5000) }.bytes();
        let ran = round_trip(&folder, "-", &wav);
        assert_eq!(ran.stderr, "", "{declared:#x}");
        assert!(folder.read("a.twr").len() < wav.len() / 2);
    }
}

#[test]
fn a_recording_that_was_cut_short_is_coded_with_a_note() {
    let folder = Folder::new();
    let whole = recording(1, 5000);
    let longer = |more: u32| WavFile { declared: Some(10_000 + more), ..whole.clone() }.bytes();
    let cut = whole.bytes()[..10_043].to_vec();
    for (wav, declared, found) in
        [(longer(16), 10_016, 10_000), (longer(44), 10_044, 10_000), (cut, 10_000, 9_999)]
    {
        folder.write("r.wav", &wav);
        for input in ["r.wav", "-"] {
            let ran = round_trip(&folder, input, &wav);
            let name = if input == "-" { "standard input" } else { input };
            let note = format!(
                "tierwire: {name}: note: ends early: its header declares {declared} bytes of \
                 samples, {found} are there and kept\n"
            );
            assert_eq!(ran.stderr, note);
            assert!(folder.read("a.twr").len() < wav.len() / 2);
        }
    }
    // In a folder the others go on.
    std::fs::create_dir(folder.path("e")).unwrap();
    folder.write("e/a.wav", &whole.bytes());
    folder.write("e/b.wav", &longer(16));
    let ran = folder.run(&["corpus", "e", "--codec", "bigram-32"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("tierwire: e/b.wav: note: ends early"), "{}", ran.stderr);
}

#[test]
fn large_file_forms_and_wrong_header_fields_are_coded() {
    let folder = Folder::new();
    let plain = recording(2, 4000);
    let sizes = [&[0; 8][..], &16_000u64.to_le_bytes(), &[0; 12]].concat();
    let unknown = WavFile { declared: Some(u32::MAX), riff_size: Some(u32::MAX), ..plain.clone() };
    let bytes = unknown.bytes();
    let rf64 = [b"RF64", &bytes[4..12], &chunk(b"ds64", &sizes), &bytes[12..]].concat();
    let with = |at: usize, field: &[u8]| {
        let mut bytes = plain.bytes();
        bytes[at..at + field.len()].fill(0);
        bytes
    };
    let ten_bits = plain.clone().extensible(10, 1).bytes();
    for wav in [rf64, with(28, &[0; 4]), with(32, &[0; 2]), ten_bits] {
        folder.write("r.wav", &wav);
        let ran = round_trip(&folder, "r.wav", &wav);
        assert_eq!(ran.stderr, "");
        assert!(folder.read("a.twr").len() < wav.len() / 2);
    }
    std::fs::create_dir(folder.path("e")).unwrap();
    folder.write("e/a.wav", &with(28, &[0; 4]));
    let trained = ["train", "e", "--codec", "seed-64", "-o", "my.toml"];
    assert_eq!(folder.run(&trained).code, Some(0));
}

#[test]
fn what_is_stored_as_it_is_is_said() {
    let folder = Folder::new();
    // Noise over all 16 bits: no code makes it smaller.
    let mut x = 1_u32;
    let noise = std::iter::repeat_with(|| {
        x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (x >> 16) as i16
    });
    let noise: Vec<i16> = noise.take(3000).collect();
    let ran = round_trip(&folder, "-", &WavFile::new(1, &noise).bytes());
    let note = "tierwire: standard input: note: 6000 of 6044 bytes are stored as they are\n";
    assert_eq!(ran.stderr, note);
    let tail = WavFile { after: chunk(b"LIST", &[1; 9000]), ..recording(1, 3000) };
    let ran = round_trip(&folder, "-", &tail.bytes());
    assert!(ran.stderr.ends_with("9008 of 15052 bytes are stored as they are\n"), "{}", ran.stderr);
}

#[test]
fn bytes_behind_the_samples_of_a_folder_take_no_memory() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("e")).unwrap();
    for name in ["e/a.wav", "e/b.wav"] {
        folder.write(name, &recording(1, 500).bytes());
        let file = File::options().write(true).open(folder.path(name)).unwrap();
        file.set_len(400_000_000).unwrap();
    }
    // As much as a file of 400 MB alone would take.
    let ran = folder.run_after("ulimit -v 400000", &["compress", "e", "-o", "/dev/null"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
}

#[test]
fn files_of_macos_and_what_is_no_channel_are_left_out_and_named() {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.path("e/inner")).unwrap();
    for channel in 1..=3 {
        folder.write(&format!("e/ch{channel}.wav"), &recording(1, 500).bytes());
    }
    folder.write("e/._ch1.wav", b"Mac OS X        ");
    folder.write("e/structure.oebin", b"{}");
    let ran = folder.run(&["compress", "e", "-o", "a.twr"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let rest = "._ch1.wav, inner, structure.oebin";
    assert!(ran.stderr.contains(&format!("left out, since no WAV files: {rest}")));
    let ran = folder.run(&["verify", "e", "a.twr"]);
    let said = String::from_utf8(ran.stdout).unwrap();
    let all = format!("a.twr: restores the 3 WAV files of e (not in it: {rest}), byte for byte\n");
    assert_eq!(said, all);
}
