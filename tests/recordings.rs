//! Recordings as recorders write them: WAV files of many channels, folders of mono WAV files, and
//! raw files.

use std::fs;

use golden_model::twr::{self, ChannelFile, Manifest, Original};
use golden_model::{shipped, synthetic::Synthetic};

use crate::program::{Folder, Ran, WavFile, chunk, done, recording, text};

fn line(ran: &Ran) -> &str {
    assert_eq!((ran.code, &ran.stdout[..]), (Some(1), &b""[..]), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    ran.stderr.trim_end().strip_prefix("tierwire: ").unwrap()
}

/// A folder `channels` of mono files, each a little unlike the others in what is no sample.
fn channel_folder(channels: usize, samples: usize) -> Folder {
    let folder = Folder::new();
    fs::create_dir(folder.path("channels")).unwrap();
    let rounds = Synthetic::default().rounds(11, channels, samples);
    for channel in 0..channels {
        let own: Vec<i16> = rounds.iter().skip(channel).step_by(channels).copied().collect();
        let mut wav = WavFile::new(1, &own);
        match channel % 4 {
            1 => wav.before = chunk(b"JUNK", &vec![3; channel]),
            2 => wav.after = chunk(b"LIST", &vec![7; channel]),
            3 => wav.riff_size = Some(1 << 30),
            _ => {}
        }
        folder.write(&format!("channels/ch{channel}.wav"), &wav.bytes());
    }
    folder
}

#[test]
fn the_channels_of_a_wav_file_share_a_container() {
    let folder = Folder::new();
    folder.write("a.wav", &recording(64, 3000).bytes());
    done(&folder.run(&["compress", "a.wav", "-o", "a.twr"]));
    done(&folder.run(&["verify", "a.wav", "a.twr"]));
    let info = done(&folder.run(&["info", "a.twr"]));
    for line in ["channels     64\n", "rounds       3000 (", "blocks       1 coded, 0 "] {
        assert!(info.contains(line), "{info}");
    }
}

#[test]
fn a_folder_of_channels_is_restored_file_by_file() {
    for (channels, samples) in [(1, 3000), (12, 5000), (300, 40)] {
        let folder = channel_folder(channels, samples);
        done(&folder.run(&["compress", "channels", "-o", "a.twr"]));
        done(&folder.run(&["decompress", "a.twr", "-o", "back"]));
        for channel in 0..channels {
            let name = format!("ch{channel}.wav");
            let back = folder.read(&format!("back/{name}"));
            assert!(back == folder.read(&format!("channels/{name}")), "{name}");
        }
        assert_eq!(fs::read_dir(folder.path("back")).unwrap().count(), channels);
        let verified = done(&folder.run(&["verify", "channels", "a.twr"]));
        let all = "a.twr: restores the 11 WAV files of channels, byte for byte\n";
        assert_eq!(verified, all.replace("11", &channels.to_string()));
        let info = done(&folder.run(&["info", "a.twr"]));
        assert!(info.contains("format       .twr version 2\n"), "{info}");
        assert!(info.contains(&format!("channels     {channels}\n")), "{info}");
        assert!(info.contains("folder       ch0.wav"), "{info}");
        let bytes: u64 = (fs::read_dir(folder.path("channels")).unwrap())
            .map(|entry| entry.unwrap().metadata().unwrap().len())
            .sum();
        assert!(info.contains(&format!("original     {bytes} bytes")), "{info}");
        // Only the folder, the container and the restored folder are left; no temporary name.
        assert_eq!(folder.contents().len(), 3 + 2 * channels);
    }
}

#[test]
fn a_folder_and_a_file_of_the_same_samples_send_the_same_codes() {
    let folder = channel_folder(12, 5000);
    folder.write("a.wav", &WavFile::new(12, &Synthetic::default().rounds(11, 12, 5000)).bytes());
    done(&folder.run(&["compress", "channels", "-o", "folder.twr"]));
    done(&folder.run(&["compress", "a.wav", "-o", "file.twr"]));
    let file = folder.read("file.twr");
    let codes = &file[file.len() - 20_000..file.len() - 9];
    let within = folder.read("folder.twr");
    assert!(within.windows(codes.len()).any(|window| window == codes));
}

#[test]
fn more_channels_than_a_program_may_open_files() {
    let folder = channel_folder(200, 50);
    done(&folder.run_after("ulimit -n 40", &["compress", "channels", "-o", "a.twr"]));
    done(&folder.run_after("ulimit -n 40", &["decompress", "a.twr", "-o", "back"]));
    done(&folder.run(&["verify", "back", "a.twr"]));
}

#[test]
fn files_that_are_not_wav_are_skipped_and_reported() {
    let folder = channel_folder(3, 100);
    folder.write("channels/notes.txt", b"electrode 2 is loose");
    let ran = folder.run(&["compress", "channels", "-o", "a.twr"]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(ran.stderr, "tierwire: channels: note: left out, since no WAV files: notes.txt\n");
}

#[test]
fn files_that_are_not_channels_of_one_recording_are_refused() {
    let of = |change: fn(&mut WavFile)| {
        let mut wav = recording(1, 100);
        change(&mut wav);
        wav.bytes()
    };
    for (bytes, why) in [
        (of(|w| w.rate = 20_000), "20000 samples per second, channels/ch0.wav has 19531"),
        (
            of(|w| w.data.truncate(100)),
            "50 samples, channels/ch0.wav has 100; channels of one recording have as many",
        ),
        (recording(2, 50).bytes(), "2 channels, not 1"),
        (WavFile::of_bytes(1, 24, vec![3; 300]).bytes(), "no 16-bit samples: 24-bit samples"),
        (b"RIFX".to_vec(), "not a WAV file: it holds 4 bytes, a header takes 44"),
    ] {
        let folder = channel_folder(1, 100);
        folder.write("channels/ch1.wav", &bytes);
        let before = folder.contents();
        let ran = folder.run(&["compress", "channels", "-o", "a.twr"]);
        assert_eq!(line(&ran), format!("channels/ch1.wav: {why}"));
        assert_eq!(folder.contents(), before);
    }
    let folder = Folder::new();
    let line_of = |arguments: &[&str]| line(&folder.run(arguments)).to_owned();
    let why =
        ".: no recording of a known format in it; raw samples: give the file, --channels, --rate";
    assert_eq!(line_of(&["compress", ".", "-o", "a.twr"]), why);
    let ran = folder.run(&["compress", ".", "-o", "a.twr", "--channels", "2", "--rate", "9"]);
    assert_eq!(line(&ran), ".: is a folder; --channels and --rate are for raw files");
}

#[test]
fn a_folder_is_restored_only_where_no_files_are() {
    let folder = channel_folder(2, 100);
    done(&folder.run(&["compress", "channels", "-o", "a.twr"]));
    let before = folder.contents();
    for (output, why) in [
        ("channels", "channels: is there already, with files in it"),
        ("a.twr", "a.twr: is the input as well"),
        ("-", "-: a folder was compressed, and no pipe holds one"),
        ("no/back", "no/back: No such file or directory (os error 2)"),
    ] {
        let ran = folder.run(&["decompress", "a.twr", "-o", output]);
        assert!(line(&ran).starts_with(why), "{}", ran.stderr);
    }
    assert_eq!(folder.contents(), before);
    fs::create_dir(folder.path("empty")).unwrap();
    done(&folder.run(&["decompress", "a.twr", "-o", "empty"]));
    assert_eq!(folder.read("empty/ch1.wav"), folder.read("channels/ch1.wav"));
    // A file and a folder are not the same, whatever they hold.
    let line_of = |original| line(&folder.run(&["verify", original, "a.twr"])).to_owned();
    assert_eq!(line_of("channels/ch0.wav"), "a.twr: is of a folder, channels/ch0.wav is a file");
    assert!(line_of("/").contains("no WAV files in it"));
}

/// Containers that an attacker made: every block's CRC is right.
#[test]
fn hostile_folders_leave_no_files() {
    let set = shipped("bigram-32").unwrap();
    let head = b"head".to_vec();
    let name = |name: &str| ChannelFile { name: name.into(), head: head.clone(), tail: 0 };
    let manifest = Manifest::new(19531, 2, vec![name("ch1.wav"), name("ch2.wav")]).unwrap();
    let mut file = Vec::new();
    twr::compress(
        &[7; 8][..],
        &mut file,
        &twr::Options {
            original: Original::Folder(&manifest),
            max_error: None,
            ..twr::Options::new(&set)
        },
    )
    .unwrap();
    let folder = Folder::new();
    for (what, from, to) in [
        ("a way out", "ch1.wav", "../1.wav"),
        ("an absolute path", "ch1.wav", "/h1.wav"),
        ("twice the same name", "ch1.wav", "ch2.wav"),
        ("a name that clears the screen", "ch1.wav", "\x1b[2Jwav"),
    ] {
        let to = &to[..from.len()];
        let forged = resealed(&file, from.as_bytes(), to.as_bytes());
        folder.write("forged.twr", &forged);
        let ran = folder.run(&["decompress", "forged.twr", "-o", "out"]);
        assert!(line(&ran).starts_with("forged.twr: corrupt: its manifest: "), "{what}: {ran:?}");
        assert!(line(&folder.run(&["info", "forged.twr"])).contains("its manifest: "), "{what}");
        assert_eq!(folder.contents().len(), 1, "{what}");
    }
}

/// The container with `from` in its first block replaced, and that block's CRC made right.
fn resealed(file: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    let at = file.windows(from.len()).position(|window| window == from).unwrap();
    file[at..at + to.len()].copy_from_slice(to);
    // Header: 5 bytes, name, digest, rate of 3 bytes, channels.
    let header = 5 + 1 + "bigram-32".len() + 4 + 3 + 1;
    let end = header + 2 + usize::from(file[header + 1]);
    let crc = crc32fast::hash(&file[..end]);
    file[end..end + 4].copy_from_slice(&crc.to_le_bytes());
    file
}

#[test]
fn raw_files_of_any_length_are_restored() {
    let folder = Folder::new();
    let samples = Synthetic::default().rounds(5, 32, 2000);
    let mut raw: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let arguments = ["--channels", "32", "--rate", "30000"];
    for extra in [0, 1, 2, 63] {
        raw.truncate(2000 * 64);
        raw.extend(vec![9; extra]);
        folder.write("a.raw", &raw);
        let compress = ["compress", "a.raw", "-o", "a.twr"];
        done(&folder.run(&[&compress[..], &arguments].concat()));
        done(&folder.run(&["decompress", "a.twr", "-o", "b.raw"]));
        assert!(folder.read("b.raw") == raw);
        done(&folder.run(&["verify", "a.raw", "a.twr"]));
        let piped = folder.run_fed(&[&["compress", "-", "-o", "-"], &arguments[..]].concat(), &raw);
        assert_eq!(piped.stdout, folder.read("a.twr"));
        let info = done(&folder.run(&["info", "a.twr"]));
        for line in [
            "format       .twr version 1\n",
            "channels     32\n",
            "sample rate  30000 per second\n",
            "rounds       2000 (",
            "WAV header   none: raw samples\n",
            &format!("other bytes  {extra}\n"),
        ] {
            assert!(info.contains(line), "{line:?} is not in\n{info}");
        }
    }
    assert!(folder.read("a.twr").len() < raw.len() / 2);
    for wrong in [&["--channels", "3"][..], &["--rate", "3"], &["--channels", "0", "--rate", "3"]] {
        let ran = folder.run(&[&["compress", "a.raw", "-o", "x.twr"], wrong].concat());
        assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    }
}

#[test]
fn near_lossless_takes_folders_and_raw_files_too() {
    let folder = channel_folder(5, 2000);
    let near = |input, more: &[&str]| {
        let arguments = [&["compress", input, "-o", "near.twr", "--max-error", "3"], more].concat();
        let ran = folder.run(&arguments);
        assert!(ran.stderr.contains("NOT lossless: samples within 3 tokens"), "{}", ran.stderr);
        done(&folder.run(&["verify", input, "near.twr"]))
    };
    let verified = near("channels", &[]);
    assert_eq!(verified, "near.twr: restores channels within 3 tokens\n");
    done(&folder.run(&["decompress", "near.twr", "-o", "back"]));
    let (there, back) = (folder.read("channels/ch2.wav"), folder.read("back/ch2.wav"));
    assert_eq!((there.len(), &there[..44]), (back.len(), &back[..44]));
    assert_ne!(there, back);
    let raw = folder.path("channels/ch1.wav");
    near(text(&raw), &["--channels", "1", "--rate", "19531"]);
}

#[test]
fn the_hardware_takes_all_three_kinds_and_sends_the_same_words() {
    let folder = channel_folder(32, 20);
    let samples = Synthetic::default().rounds(11, 32, 20);
    folder.write("a.wav", &WavFile::new(32, &samples).bytes());
    let raw: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    folder.write("a.raw", &[&raw[..], b"odd"].concat());
    let simulate = |input, more: &[&str]| {
        let words = format!("{input}.words");
        let arguments = ["simulate", input, "--profile", "nano", "--engine", "rust-hdl", "-o"];
        let figures = done(&folder.run(&[&arguments[..], &[&words], more].concat()));
        for line in ["recordings     1\n", "samples        640\n", "mismatches     0 "] {
            assert!(figures.contains(line), "{line:?} is not in\n{figures}");
        }
        folder.read(&words)
    };
    let words = simulate("a.wav", &[]);
    assert!(!words.is_empty());
    assert_eq!(simulate("channels", &[]), words);
    assert_eq!(simulate("a.raw", &["--channels", "32", "--rate", "19531"]), words);
}
