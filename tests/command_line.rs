//! The commands on good input.

use golden_model::shipped;

use crate::program::{Folder, WavFile, chunk, done, recording, text};

#[test]
fn a_recording_is_restored_from_a_file_and_through_pipes() {
    let folder = Folder::new();
    let tail = WavFile { after: chunk(b"LIST", b"odd"), ..recording(3, 5000) };
    for wav in [recording(1, 50_000).bytes(), tail.bytes(), WavFile::new(1, &[]).bytes()] {
        folder.write("a.wav", &wav);
        assert_eq!(done(&folder.run(&["compress", "a.wav", "-o", "a.twr"])), "");
        assert_eq!(done(&folder.run(&["decompress", "a.twr", "-o", "b.wav"])), "");
        assert_eq!(folder.read("b.wav"), wav);
        let verified = done(&folder.run(&["verify", "a.wav", "a.twr"]));
        assert_eq!(verified, "a.twr: restores a.wav, byte for byte\n");

        let piped = folder.run_fed(&["compress", "-", "-o", "-"], &wav);
        assert_eq!((piped.code, &piped.stderr[..]), (Some(0), ""));
        assert_eq!(piped.stdout, folder.read("a.twr"));
        let back = folder.run_fed(&["decompress", "-", "--output", "-"], &piped.stdout);
        assert_eq!((back.code, &back.stdout), (Some(0), &wav));
        done(&folder.run_fed(&["verify", "-", "a.twr"], &wav));
        done(&folder.run_fed(&["verify", "a.wav", "-"], &piped.stdout));
    }
    // Only the requested files are left.
    assert_eq!(folder.contents().len(), 3);
}

#[test]
fn info_describes_a_file() {
    let folder = Folder::new();
    let wav = WavFile { after: chunk(b"LIST", b"odd!!"), ..recording(2, 19531) };
    folder.write("a.wav", &wav.bytes());
    done(&folder.run(&["compress", "a.wav", "-o", "a.twr", "--codec", "bigram-32"]));
    let info = done(&folder.run(&["info", "a.twr"]));
    let digest = shipped("bigram-32").unwrap().digest();
    for line in [
        "format       .twr version 1".to_string(),
        format!("table set    \"bigram-32\" (digest {digest:#010x}), shipped"),
        "channels     2".into(),
        "sample rate  19531 per second".into(),
        "rounds       19531 (1.000 s)".into(),
        // The RIFF size counts the last chunk, so the head is not the standard one.
        "WAV header   carried".into(),
        "blocks       1 coded, 0 of verbatim samples".into(),
        "other bytes  58".into(),
        format!("original     78182 bytes, CRC-32 {:#010x}", crc32fast::hash(&wav.bytes())),
    ] {
        assert!(info.lines().any(|l| l == line), "{line:?} is not in\n{info}");
    }
    let other = folder.run_fed(&["info", "-"], &folder.read("a.twr"));
    assert_eq!(done(&other), info);
}

#[test]
fn with_a_table_set_other_samples_are_stored_verbatim_with_a_note() {
    let folder = Folder::new();
    let wav = WavFile::of_bytes(1, 24, vec![3; 300]).bytes();
    folder.write("a.wav", &wav);
    let ran = folder.run(&["compress", "a.wav", "-o", "a.twr", "--tables", "means-64"]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(ran.stderr, "tierwire: a.wav: note: stored verbatim: 24-bit samples\n");
    let info = done(&folder.run(&["info", "a.twr"]));
    assert!(info.contains("content      stored verbatim: 24-bit samples\n"));
    done(&folder.run(&["decompress", "a.twr", "-o", "b.wav"]));
    assert_eq!(folder.read("b.wav"), wav);
}

#[test]
fn your_own_table_set_is_read_from_its_file() {
    let folder = Folder::new();
    folder.write("a.wav", &recording(1, 3000).bytes());
    let toml = shipped("bigram-32").unwrap().to_toml().replace("\"bigram-32\"", "\"mine\"");
    folder.write("mine.toml", toml.as_bytes());
    done(&folder.run(&["compress", "a.wav", "-o", "a.twr", "--tables", "mine.toml"]));
    done(&folder.run(&["verify", "a.wav", "a.twr", "--tables", "mine.toml"]));
    done(&folder.run(&["decompress", "a.twr", "-o", "b.wav", "--tables", "mine.toml"]));
    assert_eq!(folder.read("b.wav"), folder.read("a.wav"));
    // Files of shipped sets are still read.
    done(&folder.run(&["compress", "a.wav", "-o", "a.twr"]));
    done(&folder.run(&["verify", "a.wav", "a.twr", "--tables", "mine.toml"]));
}

#[test]
fn corpus_measures_all_recordings_of_a_folder() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("more")).unwrap();
    folder.write("a.wav", &recording(1, 3000).bytes());
    folder.write("more/b.WAV", &recording(2, 1000).bytes());
    folder.write("c.txt", b"no recording");
    let text = done(&folder.run(&["corpus", ".", "--codec", "bigram-32", "--json", "f.json"]));
    assert!(text.contains("files                2\nsamples              5000\n"), "{text}");
    let json: serde_json::Value = serde_json::from_slice(&folder.read("f.json")).unwrap();
    assert_eq!((&json["files"], &json["samples"]), (&2.into(), &5000.into()));
    assert_eq!((&json["original_bytes"], &json["mismatches"]), (&10_088.into(), &0.into()));
    let compressed = json["compressed_bytes"].as_u64().unwrap();
    assert_eq!(json["ratio"].as_f64().unwrap(), 10_088.0 / compressed as f64);
    assert!(json["encode_samples_per_s"].as_f64().unwrap() > 0.0);
    assert!(json["decode_samples_per_s"].as_f64().unwrap() > 0.0);
    let printed = done(&folder.run(&["corpus", ".", "--json", "-"]));
    assert!(serde_json::from_str::<serde_json::Value>(&printed).is_ok());
}

#[test]
fn a_trained_table_set_is_used_by_its_file() {
    let folder = Folder::new();
    folder.write("a.wav", &recording(1, 30_000).bytes());
    folder.write("b.wav", &recording(2, 5000).bytes());
    for codec in ["bigram-32", "lms4-64"] {
        done(&folder.run(&["train", ".", "--codec", codec, "-o", "t.toml"]));
        let toml = String::from_utf8(folder.read("t.toml")).unwrap();
        assert!(toml.contains("samples = 40000"), "{toml}");
        let both = [folder.read("a.wav"), folder.read("b.wav")].concat();
        assert!(toml.contains(&format!("digest = {:#010x}", crc32fast::hash(&both))));
        let figures = done(&folder.run(&["corpus", ".", "--tables", "t.toml"]));
        assert!(figures.contains("mismatches           0\n"));
        assert_eq!(
            toml.as_bytes(),
            folder.run(&["train", ".", "--codec", codec, "-o", "-"]).stdout
        );
    }
}

#[test]
fn an_analysis_is_a_page_and_its_figures() {
    let folder = Folder::new();
    folder.write("a.wav", &recording(1, 20_000).bytes());
    folder.write("b.wav", &recording(3, 5000).bytes());
    let printed = done(&folder.run(&["analyze", ".", "-o", "out"]));
    assert!(printed.contains("samples             35000\n"), "{printed}");
    assert!(printed.contains("off_the_lattice     0\n"), "{printed}");
    let json: serde_json::Value =
        serde_json::from_slice(&folder.read("out/analysis.json")).unwrap();
    assert_eq!(json["recordings"][1]["name"], "b.wav");
    assert_eq!(json["lattice"]["step"].as_f64().unwrap(), 65535.0 / 1023.0);
    assert!(String::from_utf8(folder.read("out/analysis.html")).unwrap().ends_with("</html>\n"));
}

#[test]
fn an_old_file_is_replaced_at_once_and_a_link_stays_a_link() {
    let folder = Folder::new();
    folder.write("a.wav", &recording(1, 3000).bytes());
    folder.write("old.twr", b"old");
    #[cfg(unix)]
    std::os::unix::fs::symlink("old.twr", folder.path("link.twr")).unwrap();
    let name = if cfg!(unix) { "link.twr" } else { "old.twr" };
    done(&folder.run(&["compress", "a.wav", "-o", name]));
    done(&folder.run(&["verify", "a.wav", "old.twr"]));
    assert!(!cfg!(unix) || folder.path("link.twr").is_symlink());
}

#[cfg(unix)]
#[test]
fn an_output_is_an_ordinary_file_and_a_device_stays_a_device() {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt};
    let folder = Folder::new();
    folder.write("a.wav", &recording(1, 3000).bytes());
    let ran = folder.run_after("umask 022", &["compress", "a.wav", "-o", "a.twr"]);
    done(&ran);
    let mode = folder.path("a.twr").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644);
    done(&folder.run(&["decompress", "a.twr", "-o", "/dev/null"]));
    assert!(std::fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    let absolute = folder.path("b.twr");
    done(&folder.run(&["compress", "a.wav", "-o", text(&absolute)]));
    assert!(absolute.exists());
}

#[test]
fn near_lossless_says_so_and_keeps_its_bound() {
    let folder = Folder::new();
    folder.write("in.wav", &recording(2, 5000).bytes());
    done(&folder.run(&["compress", "in.wav", "-o", "exact.twr"]));
    let ran = folder.run(&["compress", "in.wav", "-o", "near.twr", "--max-error", "2"]);
    assert!(ran.stderr.contains("NOT lossless: samples within 2 tokens, signal to noise"));
    assert!(folder.read("near.twr").len() < folder.read("exact.twr").len());
    let info = done(&folder.run(&["info", "near.twr"]));
    assert!(info.contains("lossless     no: samples within 2 tokens"), "{info}");
    let verified = done(&folder.run(&["verify", "in.wav", "near.twr"]));
    assert_eq!(verified, "near.twr: restores in.wav within 2 tokens\n");
    // Another recording is not near.
    let mut other = folder.read("in.wav");
    other[1001] ^= 0x40;
    folder.write("other.wav", &other);
    let verify = folder.run(&["verify", "other.wav", "near.twr"]);
    assert_eq!(verify.code, Some(1));
    assert!(verify.stderr.contains("is not other.wav within 2 tokens"), "{}", verify.stderr);
}

#[test]
fn each_block_is_proved_and_its_wrong_copies_fail() {
    let folder = Folder::new();
    let ran = folder.run(&["prove", "--block", "rounds", "--mutants", "--json", "a.json"]);
    // The first run on a machine says on stderr what it installs.
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let told = String::from_utf8(ran.stdout).unwrap();
    let lines: Vec<serde_json::Value> = serde_json::from_slice(&folder.read("a.json")).unwrap();
    assert_eq!(told.lines().count(), lines.len());
    let count = |result: &str| {
        let is = |line: &&serde_json::Value| line["result"].as_str().unwrap().starts_with(result);
        lines.iter().filter(is).count()
    };
    assert_eq!((count("reached"), count("proved"), count("refuted")), (1, 7, 5));
    assert!(lines.iter().all(|line| line["good"] == true));

    // Standard output has the figures alone, when they go there.
    let ran = folder.run(&["prove", "--block", "rounds", "--json", "-"]);
    let lines: Vec<serde_json::Value> = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!((ran.code, lines.len()), (Some(0), 8));

    let ran = folder.run(&["prove", "--block", "no-such"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("no proof of no-such, but of bit_packer,"), "{}", ran.stderr);
}
