//! Recorders' files, compressed with what suits them: `.twr` files of version 3.

use std::fs;

use crate::program::{Folder, Ran, WavFile, done};
use golden_model::synthetic::Synthetic;

const META: &str = "typeThis=imec\nimSampRate=29999.4325\nnSavedChans=5\nsnsApLfSy=4,0,1\n\
    snsSaveChanSubset=0,1,2,3,768\nfileSizeBytes=400000\nimMaxInt=512\nimAiRangeMax=0.6\n";

fn line(ran: &Ran) -> &str {
    assert_eq!((ran.code, &ran.stdout[..]), (Some(1), &b""[..]), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    ran.stderr.trim_end().strip_prefix("tierwire: ").unwrap()
}

/// Rounds of five channels: four electrodes and a sync channel, of a converter of step 1.
fn samples(rounds: usize) -> Vec<i16> {
    let tokens = Synthetic::default().rounds(3, 4, rounds);
    let round = |(number, round): (usize, &[i16])| {
        let sync = if number / 3000 % 2 == 0 { 0 } else { 64 };
        round.iter().map(|sample| sample >> 6).chain([sync]).collect::<Vec<_>>()
    };
    tokens.chunks(4).enumerate().flat_map(round).collect()
}

fn bytes(samples: &[i16]) -> Vec<u8> {
    samples.iter().flat_map(|sample| sample.to_le_bytes()).collect()
}

/// A folder with a recording of SpikeGLX, `run.ap.bin` and `run.ap.meta`.
fn spikeglx(rounds: usize) -> Folder {
    let folder = Folder::new();
    let samples = bytes(&samples(rounds));
    folder.write("run.ap.bin", &samples);
    let size = format!("fileSizeBytes={}", samples.len());
    folder.write("run.ap.meta", META.replace("fileSizeBytes=400000", &size).as_bytes());
    folder
}

#[test]
fn a_recording_comes_back_with_its_sidecar() {
    let folder = spikeglx(40_000);
    done(&folder.run(&["compress", "run.ap.bin", "-o", "run.twr"]));
    let (before, after) = (folder.read("run.ap.bin"), folder.read("run.twr"));
    assert!(after.len() * 2 < before.len(), "{} of {}", after.len(), before.len());
    fs::create_dir(folder.path("back")).unwrap();
    done(&folder.run(&["decompress", "run.twr", "-o", "back/other.bin"]));
    assert!(folder.read("back/other.bin") == before);
    assert_eq!(folder.read("back/run.ap.meta"), folder.read("run.ap.meta"));
    let said = done(&folder.run(&["verify", "run.ap.bin", "run.twr"]));
    assert_eq!(said, "run.twr: restores run.ap.bin, byte for byte: run.ap.bin, run.ap.meta\n");
}

/// As an archive, and of the challenge's converter as a file of blocks.
#[test]
fn the_best_ratio_is_smaller_and_comes_back() {
    let folder = spikeglx(40_000);
    let wav = WavFile::new(1, &Synthetic::default().rounds(1, 1, 100_000)).bytes();
    folder.write("a.wav", &wav);
    for (input, version) in [("run.ap.bin", 4), ("a.wav", 5)] {
        done(&folder.run(&["compress", input, "-o", "plain.twr"]));
        done(&folder.run(&["compress", "--best", input, "-o", "best.twr"]));
        let (plain, best) = (folder.read("plain.twr"), folder.read("best.twr"));
        assert!(best[3] == version && best.len() < plain.len(), "{} {}", best.len(), plain.len());
        done(&folder.run(&["verify", input, "best.twr"]));
        done(&folder.run(&["info", "best.twr"]));
    }
    let ran = folder.run(&["compress", "--best", "--codec", "seed", "a.wav", "-o", "b.twr"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
}

#[test]
fn a_sidecar_is_not_written_over_another_file() {
    let folder = spikeglx(1000);
    done(&folder.run(&["compress", "run.ap.meta", "-o", "run.twr"]));
    let ran = folder.run(&["decompress", "run.twr", "-o", "other.bin"]);
    assert_eq!(line(&ran), "run.ap.meta: is there already; give a folder as -o");
    assert!(!folder.path("other.bin").exists());
    fs::create_dir(folder.path("back")).unwrap();
    done(&folder.run(&["decompress", "run.twr", "-o", "back"]));
    assert_eq!(folder.read("back/run.ap.bin"), folder.read("run.ap.bin"));
    let again = folder.run(&["decompress", "run.twr", "-o", "back"]);
    assert_eq!(line(&again), "back/run.ap.bin: is there already");
    let piped = folder.run(&["decompress", "run.twr", "-o", "-"]);
    assert!(piped.code == Some(0) && piped.stdout == folder.read("run.ap.bin"));
    assert_eq!(piped.stderr, "tierwire: run.twr: note: left out: run.ap.meta\n");
}

#[test]
fn any_piece_of_any_channels_is_written_out() {
    let folder = spikeglx(40_000);
    done(&folder.run(&["compress", "run.ap.bin", "-o", "run.twr"]));
    let all = samples(40_000);
    let expected = |rounds: std::ops::Range<usize>, channels: &[usize]| {
        let all = &all;
        let of = |round| channels.iter().map(move |channel| all[5 * round + channel]);
        bytes(&rounds.flat_map(of).collect::<Vec<i16>>())
    };
    let cat = |arguments: &[&str]| {
        let ran = folder.run(&[&["cat", "run.twr"], arguments].concat());
        assert_eq!((ran.code, &ran.stderr[..]), (Some(0), ""));
        ran.stdout
    };
    // 29999.4325 rounds a second.
    let piece = cat(&["--from", "0.9", "--to", "1.1", "--channels", "3,0-1"]);
    assert!(piece == expected(26_999..32_999, &[3, 0, 1]));
    assert!(cat(&[]) == expected(0..40_000, &[0, 1, 2, 3]));
    assert!(cat(&["--group", "1", "--from", "1.3"]) == expected(38_999..40_000, &[4]));
    assert!(cat(&["--from", "99"]).is_empty());
    let refused = |arguments: &[&str]| folder.run(&[&["cat", "run.twr"], arguments].concat());
    let ran = refused(&["--channels", "4"]);
    assert_eq!(line(&ran), "run.twr: --channels 4: there are 4 channels, the last is 3");
    assert_eq!(line(&refused(&["--group", "2"])), "run.twr: has no group 2 of channels");
    assert_eq!(refused(&["--from", "-1"]).code, Some(2));
}

#[test]
fn damage_is_said_and_stays_in_its_stretch() {
    let folder = spikeglx(100_000);
    done(&folder.run(&["compress", "run.ap.bin", "-o", "run.twr"]));
    let mut archive = folder.read("run.twr");
    let at = archive.len() / 2;
    archive[at] ^= 1;
    folder.write("run.twr", &archive);
    let ran = folder.run(&["decompress", "run.twr", "-o", "back.bin"]);
    assert!(line(&ran).ends_with(": its CRC-32 does not match"), "{}", ran.stderr);
    assert!(!folder.path("back.bin").exists());
    let first = folder.run(&["cat", "run.twr", "--to", "0.5"]);
    assert_eq!((first.code, first.stdout.len()), (Some(0), 15_000 * 8));
    assert_eq!(folder.run(&["cat", "run.twr"]).code, Some(1));
}

#[test]
fn what_a_file_holds_is_listed() {
    let folder = spikeglx(3000);
    done(&folder.run(&["compress", "run.ap.bin", "-o", "run.twr"]));
    let info = done(&folder.run(&["info", "run.twr"]));
    for part in [
        "format       .twr version 3, tables embedded\n",
        "file         run.ap.bin, 30000 bytes\n",
        "sidecar      run.ap.meta, ",
        "  group 0    4 channels of 16 bits, 29999.4325 per second, 3000 rounds (0.100 s)\n",
        "  group 1    1 channels of 16 bits, ",
    ] {
        assert!(info.contains(part), "{info}");
    }
}

#[test]
fn raw_samples_of_any_width_and_rate_are_coded() {
    let folder = Folder::new();
    folder.write("a.raw", &bytes(&samples(5000)));
    let raw = ["compress", "a.raw", "--channels", "5", "--rate", "29999.4325", "-o", "a.twr"];
    done(&folder.run(&raw));
    assert!(done(&folder.run(&["info", "a.twr"])).contains(", 29999.4325 per second, "));
    let wide: Vec<u8> =
        samples(5000).iter().flat_map(|&s| [s as u8, (s >> 8) as u8, (s >> 15) as u8]).collect();
    folder.write("b.raw", &wide);
    let raw = ["compress", "b.raw", "--channels", "5", "--rate", "1000", "--format", "i24"];
    done(&folder.run(&[&raw[..], &["-o", "b.twr"]].concat()));
    for name in ["a", "b"] {
        done(&folder.run(&["decompress", &format!("{name}.twr"), "-o", "back"]));
        let original = folder.read(&format!("{name}.raw"));
        assert!(folder.read("back") == original);
        assert!(folder.read(&format!("{name}.twr")).len() * 2 < original.len());
    }
    // A table set's file has no room for the fraction.
    let ran = folder.run(&[&raw[..], &["-o", "c.twr", "--codec", "seed"]].concat());
    assert_eq!(ran.code, Some(0));
    let ran = folder.run(&[
        "compress",
        "a.raw",
        "--channels",
        "5",
        "--rate",
        "0.5",
        "-o",
        "c",
        "--codec",
        "seed",
    ]);
    assert_eq!(line(&ran), "--rate 0.5: only a whole number here");
}

#[test]
fn a_pipe_is_looked_at_as_well_and_may_end_early() {
    let folder = Folder::new();
    let mut wav = WavFile::new(5, &samples(5000));
    wav.declared = Some(1 << 20);
    let wav = wav.bytes();
    done(&folder.run_fed(&["compress", "-", "-o", "a.twr"], &wav));
    assert!(folder.read("a.twr").len() * 2 < wav.len());
    done(&folder.run(&["decompress", "a.twr", "-o", "a.wav"]));
    assert!(folder.read("a.wav") == wav);
}

#[test]
fn the_bound_of_near_lossless_is_held() {
    let folder = Folder::new();
    let original = samples(20_000);
    folder.write("a.raw", &bytes(&original));
    let raw = ["compress", "a.raw", "--channels", "5", "--rate", "15000", "-o"];
    done(&folder.run(&[&raw[..], &["exact.twr"]].concat()));
    let ran = folder.run(&[&raw[..], &["near.twr", "--max-error", "2"]].concat());
    assert_eq!(ran.code, Some(0));
    let note = "tierwire: a.raw: note: NOT lossless: samples within 2 steps, ";
    assert!(ran.stderr.starts_with(note), "{}", ran.stderr);
    assert!(folder.read("near.twr").len() < folder.read("exact.twr").len());
    done(&folder.run(&["decompress", "near.twr", "-o", "near.raw"]));
    let mut worst = 0;
    for (back, sample) in folder.read("near.raw").chunks(2).zip(original) {
        worst = worst.max(i16::from_le_bytes([back[0], back[1]]).abs_diff(sample));
    }
    assert_eq!(worst, 2);
}

#[test]
fn a_folder_is_kept_whole() {
    let folder = spikeglx(2000);
    fs::create_dir_all(folder.path("run/deep")).unwrap();
    for (from, to) in [("run.ap.bin", "run/run.ap.bin"), ("run.ap.meta", "run/run.ap.meta")] {
        fs::rename(folder.path(from), folder.path(to)).unwrap();
    }
    folder.write("run/deep/notes.txt", b"cat 7, left\n");
    folder.write("run/deep/empty", b"");
    done(&folder.run(&["compress", "run", "-o", "run.twr"]));
    done(&folder.run(&["verify", "run", "run.twr"]));
    done(&folder.run(&["decompress", "run.twr", "-o", "back"]));
    for name in ["run.ap.bin", "run.ap.meta", "deep/notes.txt", "deep/empty"] {
        assert!(
            folder.read(&format!("run/{name}")) == folder.read(&format!("back/{name}")),
            "{name}"
        );
    }
    folder.write("run/deep/notes.txt", b"cat 8, left\n");
    let ran = folder.run(&["verify", "run", "run.twr"]);
    assert!(line(&ran).contains("notes.txt: differs from byte 4 on"), "{}", ran.stderr);
}

#[test]
fn an_unknown_file_gets_a_line_that_says_what_to_give() {
    let folder = Folder::new();
    folder.write("a.xyz", &[7; 1000]);
    let ran = folder.run(&["compress", "a.xyz", "-o", "a.twr"]);
    let expected = "a.xyz: unknown format; for raw 16-bit samples give --channels and --rate";
    assert_eq!(line(&ran), expected);
    assert!(!folder.path("a.twr").exists());
}
