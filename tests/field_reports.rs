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

/// The RF64 form of a recording of 16,000 bytes; its 64-bit size says this many.
fn rf64(size: u64) -> Vec<u8> {
    let sizes = [&[0; 8][..], &size.to_le_bytes(), &[0; 12]].concat();
    let unknown =
        WavFile { declared: Some(u32::MAX), riff_size: Some(u32::MAX), ..recording(2, 4000) };
    let bytes = unknown.bytes();
    [b"RF64", &bytes[4..12], &chunk(b"ds64", &sizes), &bytes[12..]].concat()
}

#[test]
fn large_file_forms_of_live_and_of_cut_recordings_are_coded() {
    let folder = Folder::new();
    for (size, declared) in [(0, None), (16_001, Some(16_001)), (5 << 32, Some(5 << 32))] {
        let wav = rf64(size);
        folder.write("r.wav", &wav);
        for (input, name) in [("r.wav", "r.wav"), ("-", "standard input")] {
            let note = declared.map_or(String::new(), |declared: u64| {
                format!(
                    "tierwire: {name}: note: ends early: its header declares {declared} bytes of \
                     samples, 16000 are there and kept\n"
                )
            });
            assert_eq!(round_trip(&folder, input, &wav).stderr, note);
            assert!(folder.read("a.twr").len() < wav.len() / 2);
        }
    }
}

/// The channels of one recording have as many samples: one that was cut short is named, and not
/// filled up.
#[test]
fn a_folder_with_one_short_channel_is_refused_by_its_name() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("e")).unwrap();
    let whole = recording(1, 5000).bytes();
    for (name, length) in [("e/ch1.wav", whole.len()), ("e/ch2.wav", whole.len() - 200)] {
        folder.write(name, &whole[..length]);
    }
    let ran = folder.run(&["compress", "e", "-o", "a.twr"]);
    let line = "tierwire: e/ch2.wav: 4900 samples, e/ch1.wav has 5000; channels of one recording \
                have as many\n";
    assert_eq!((ran.code, &ran.stderr[..]), (Some(1), line));
    assert!(!folder.path("a.twr").exists());
}

#[test]
fn large_file_forms_and_wrong_header_fields_are_coded() {
    let folder = Folder::new();
    let plain = recording(2, 4000);
    let rf64 = rf64(16_000);
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
fn memory_does_not_grow_with_the_recording() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("e")).unwrap();
    for (name, channels) in [("e/a.wav", 1), ("e/b.wav", 1), ("long.wav", 3)] {
        let mut wav = recording(channels, 500);
        // All that follows are samples of the long one, and bytes behind the samples of the others.
        wav.declared = (name == "long.wav").then_some(400_000_000);
        folder.write(name, &wav.bytes());
        let file = File::options().write(true).open(folder.path(name)).unwrap();
        file.set_len(400_000_044).unwrap();
    }
    std::fs::create_dir(folder.path("f")).unwrap();
    std::fs::hard_link(folder.path("long.wav"), folder.path("f/long.wav")).unwrap();
    for arguments in [
        "compress e -o /dev/null",
        "train e --codec seed-64 -o my.toml",
        "train f --codec seed-64 -o my.toml",
    ] {
        // As much as a file of 400 MB alone would take.
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let ran = folder.run_after("ulimit -v 400000", &arguments);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {}", ran.stderr);
    }
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
    // Where every file is a recording of its own, only what is named like one is missed.
    folder.write("e/inner/._ch9.wav", b"Mac OS X        ");
    let note = "tierwire: e: note: left out, since no WAV files: ._ch1.wav, inner/._ch9.wav\n";
    for arguments in ["corpus e", "train e --codec seed-64 -o my.toml"] {
        let ran = folder.run(&arguments.split(' ').collect::<Vec<_>>());
        assert_eq!((ran.code, &ran.stderr[..]), (Some(0), note), "{arguments}");
    }
}
