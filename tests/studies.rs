//! `compare`, `corpus` and `analyze` on the files of any recorder.

use std::f64::consts::TAU;

use crate::program::{Folder, Ran, WavFile, done};

/// Samples of channels that have waves and noise in common, as `scale` of code and channel stores them.
fn samples(channels: usize, rounds: usize, scale: impl Fn(f64, usize) -> f64) -> Vec<i16> {
    let mut noise = 1u32;
    let mut next = || {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(noise >> 8) / f64::from(1 << 24)
    };
    let mut all = Vec::new();
    for round in 0..rounds {
        let common = (round as f64 / 90.0 * TAU).sin() * 40.0 + next() * 20.0;
        for channel in 0..channels {
            let code = (common * (1.0 + channel as f64 / 8.0) + next() * 6.0).round();
            all.push(scale(code, channel).round() as i16);
        }
    }
    all
}

fn bytes(samples: &[i16]) -> Vec<u8> {
    samples.iter().flat_map(|sample| sample.to_le_bytes()).collect()
}

/// A raw recording, one of 24 bits, and a file that is none.
fn folder() -> Folder {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.path("e/b")).unwrap();
    folder.write("e/a.raw", &bytes(&samples(4, 6000, |code, _| code)));
    let wide: Vec<u8> = samples(2, 3000, |code, _| code)
        .iter()
        .flat_map(|s| i32::from(*s).to_le_bytes()[..3].to_vec())
        .collect();
    folder.write("e/b/wide.wav", &WavFile::of_bytes(2, 24, wide).bytes());
    folder.write("e/notes.txt", b"loose");
    folder
}

const RAW: [&str; 4] = ["--channels", "4", "--rate", "15000"];

fn run(folder: &Folder, command: &[&str]) -> Ran {
    folder.run(&[command, &RAW].concat())
}

const NOTE: &str = "tierwire: note: notes.txt: left out, unknown format; for raw 16-bit samples give \
                    --channels and --rate\n";

#[test]
fn every_method_is_compared_on_every_recording() {
    let folder = folder();
    let outputs = ["--json", "f.json", "--csv", "f.csv", "--markdown", "f.md"];
    let ran = run(&folder, &[&["compare", "e"][..], &outputs].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.ends_with(NOTE) || ran.stderr.starts_with(NOTE), "{}", ran.stderr);
    let printed = String::from_utf8(ran.stdout).unwrap();
    assert!(printed.starts_with("2 recordings, 30000 samples.\n"), "{printed}");
    assert!(printed.contains("restored every recording, byte for byte"), "{printed}");
    assert_eq!(printed.as_bytes(), folder.read("f.md"));
    let head = printed.lines().find(|line| line.starts_with("| method")).unwrap();
    assert_eq!(cells(head), ["method", "a.raw", "b"]);
    let row = |name: &str| {
        let found = printed.lines().find(|line| line.starts_with(&format!("| {name} ")));
        cells(found.unwrap_or_else(|| panic!("{name} is not in\n{printed}")))
    };
    let ratio = |cell: &str| cell.parse::<f64>().unwrap();
    // Neighbouring channels are of use, so nothing else comes close.
    for (name, column) in [("xz -9e", 1), ("sign-LMS + adaptive Rice", 1), ("bzip2 -9", 2)] {
        assert!(ratio(row("tierwire")[column]) > ratio(row(name)[column]), "{printed}");
    }
    assert_eq!(row("sign-LMS + adaptive Rice")[2], "-");

    let json: serde_json::Value = serde_json::from_slice(&folder.read("f.json")).unwrap();
    assert_eq!((&json["recordings"][0]["channels"], &json["mismatches"]), (&4.into(), &0.into()));
    assert_eq!(json["recordings"][0]["original_bytes"], 48_044);
    let rows = json["methods"].as_array().unwrap().len() + 1;
    let csv = String::from_utf8(folder.read("f.csv")).unwrap();
    assert_eq!(csv.lines().count(), 1 + 2 * rows);
    // A whole recording is its file, without a head that it does not have.
    assert!(csv.contains("\n\"tierwire, whole recording\",\"a.raw\",48000,"), "{csv}");
    let plot = run(&folder, &["compare", "e", "--svg", "f.svg"]);
    assert_eq!(plot.code, Some(1));
    assert!(plot.stderr.contains("--svg: only of recordings of the 10-bit converter"));
}

#[test]
fn standard_output_has_the_figures_alone_when_they_go_there() {
    let folder = folder();
    let ran = run(&folder, &["compare", "e", "--json", "-", "--markdown", "f.md"]);
    let figures: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!((ran.code, &figures["mismatches"]), (Some(0), &0.into()));
    assert!(folder.read("f.md").starts_with(b"2 recordings"));
}

fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}

#[test]
fn a_table_in_a_page_is_written_and_then_current() {
    let folder = folder();
    let mark = "<!-- begin: cargo run --release -- compare DIR --channels 4 --rate 15000 --page \
                docs/recorders.md -->\n";
    folder.write("page.md", format!("before\n{mark}old\n<!-- end -->\nafter\n").as_bytes());
    let page = |more: &[&str]| {
        run(&folder, &[&["compare", "e", "--first", "1", "--page", "page.md"][..], more].concat())
    };
    assert_eq!(page(&["--check"]).code, Some(1));
    assert_eq!(page(&[]).code, Some(0));
    assert_eq!(page(&["--check"]).code, Some(0));
    let text = String::from_utf8(folder.read("page.md")).unwrap();
    assert!(text.starts_with("before\n<!-- begin") && text.ends_with("<!-- end -->\nafter\n"));
    assert!(text.contains("| tierwire, whole recording "), "{text}");
}

#[test]
fn a_corpus_is_measured_recording_by_recording_and_together() {
    let folder = folder();
    let ran = run(&folder, &["corpus", "e", "--json", "f.json"]);
    assert_eq!((ran.code, &ran.stderr[..]), (Some(0), NOTE));
    let printed = String::from_utf8(ran.stdout).unwrap();
    let first_cells: Vec<_> =
        printed.lines().filter(|l| l.starts_with('|')).map(|line| cells(line)[0]).collect();
    assert_eq!(first_cells[0], "recording");
    assert_eq!(first_cells[2..], ["a.raw", "b", "all"]);
    let json: serde_json::Value = serde_json::from_slice(&folder.read("f.json")).unwrap();
    let sum = |name: &str| -> u64 {
        let of_each = json["recordings"].as_array().unwrap().iter();
        of_each.map(|recording| recording[name].as_u64().unwrap()).sum()
    };
    for name in ["samples", "original_bytes", "compressed_bytes", "mismatches"] {
        assert_eq!(json["all"][name], sum(name), "{name}");
    }
    assert_eq!(json["all"]["samples"], 30_000);
    assert!(json["all"]["decode_samples_per_s"].as_f64().unwrap() > 0.0);
    let odd = run(&folder, &["corpus", "e", "--only", "odd"]);
    let printed = String::from_utf8(odd.stdout).unwrap();
    assert!(printed.contains("| b ") && !printed.contains("| a.raw "), "{printed}");
}

#[test]
fn channels_with_phases_of_their_own_are_analysed_one_by_one() {
    let folder = Folder::new();
    // As Open Ephys stores Neuropixels 1.0.
    let stretched = samples(4, 8000, |code, channel| 12.01923 * code + 2.7 * channel as f64);
    folder.write("a.raw", &bytes(&stretched));
    let printed = done(&run(&folder, &["analyze", "a.raw", "-o", "out"]));
    let converter = "converter           round(12.019";
    assert!(
        printed.contains(converter) && printed.contains("code + phase of the channel)"),
        "{printed}"
    );
    let json: serde_json::Value =
        serde_json::from_slice(&folder.read("out/analysis.json")).unwrap();
    let recording = &json["recordings"][0];
    // Codes are counted, not samples, of which the four phases make four times as many.
    assert!(recording["unique_values"].as_u64().unwrap() < 200, "{recording}");
    assert!(recording["ratio"].as_f64().unwrap() > 3.0, "{recording}");
    let between = &recording["between_channels"];
    assert_eq!(between["compared"], 4);
    assert!(between["correlation"][0][3].as_f64().unwrap() > 0.9, "{between}");
    assert!(between["overlap"][0][1].as_f64().unwrap() > 0.05, "{between}");
    let page = String::from_utf8(folder.read("out/analysis.html")).unwrap();
    assert!(page.contains("Between channels") && page.contains("phase of the channel"), "{page}");
}

#[test]
fn entropies_that_few_samples_cannot_tell_are_left_out() {
    let folder = Folder::new();
    folder.write("a.raw", &bytes(&samples(4, 1000, |code, channel| code * 30.0 + channel as f64)));
    let printed = done(&run(&folder, &["analyze", "a.raw", "-o", "out"]));
    assert!(printed.contains("entropy_order_1     too few samples\n"), "{printed}");
    let json: serde_json::Value =
        serde_json::from_slice(&folder.read("out/analysis.json")).unwrap();
    assert!(json["entropies"]["order_1"].is_null(), "{}", json["entropies"]);
}

#[test]
fn samples_of_24_bits_and_what_is_no_recording_are_said_to_be() {
    let folder = folder();
    let ran = run(&folder, &["analyze", "e", "-o", "out"]);
    let wide = "tierwire: b: samples of 24 bits, 16 at most are analysed\n";
    assert_eq!((ran.code, ran.stderr), (Some(0), format!("{NOTE}{wide}")));
    let ran = folder.run(&["analyze", "e/a.raw", "-o", "out"]);
    let hint =
        "tierwire: e/a.raw: unknown format; for raw 16-bit samples give --channels and --rate\n";
    assert_eq!((ran.code, &ran.stderr[..]), (Some(1), hint));
}

/// A speed of zero is none.
#[test]
fn where_nothing_is_coded_there_is_no_speed() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("e")).unwrap();
    // All of it is stored as it is: no sample of another converter has a code.
    let foreign: Vec<i16> = (0..9000).map(|n: i32| (n * n % 30_011) as i16 | 1).collect();
    folder.write("e/a.wav", &WavFile::new(1, &foreign).bytes());
    let ran = folder.run(&["corpus", "e", "--codec", "bigram-32"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let printed = String::from_utf8(ran.stdout).unwrap();
    assert!(printed.contains("decode_samples_per_s none\n"), "{printed}");
}
