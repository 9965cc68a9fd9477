//! `tierwire compare`, on two synthetic recordings.

use crate::program::{Folder, Ran, WavFile, recording};

/// All methods, including those of other programs.
const METHODS: usize = 38;
const PROGRAMS: [&str; 4] =
    ["flac -8", "flac -8, 10 bits", "wavpack -hh -x3", "wavpack -hh -x3, 10 bits"];

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("a.wav", &recording(1, 3000).bytes());
    folder.write("b.wav", &recording(2, 1000).bytes());
    folder
}

fn stdout(ran: &Ran) -> String {
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    String::from_utf8(ran.stdout.clone()).unwrap()
}

#[test]
fn every_method_is_in_every_output_with_the_same_figures() {
    let folder = folder();
    let outputs = ["--json", "f.json", "--csv", "f.csv", "--markdown", "f.md", "--svg", "f.svg"];
    let printed = stdout(&folder.run(&[&["compare", "."][..], &outputs].concat()));
    assert!(printed.starts_with("2 recordings, 5000 samples, 10088 bytes.\n"), "{printed}");
    assert!(printed.contains("restored every recording, byte for byte"), "{printed}");
    assert!(printed.contains("Ten-fold compression would need 85 % right guesses."), "{printed}");
    assert_eq!(printed.as_bytes(), folder.read("f.md"));

    let json: serde_json::Value = serde_json::from_slice(&folder.read("f.json")).unwrap();
    assert_eq!((&json["files"], &json["samples"]), (&2.into(), &5000.into()));
    let methods = json["methods"].as_array().unwrap();
    assert_eq!(methods.len(), METHODS);
    let [csv, svg] = ["f.csv", "f.svg"].map(|name| String::from_utf8(folder.read(name)).unwrap());
    assert_eq!(csv.lines().count(), METHODS + 1);
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""), "{svg}");
    for method in methods {
        let name = method["name"].as_str().unwrap();
        let figures = &method["figures"];
        assert!(printed.contains(&format!("| {name} ")), "{name} is not in\n{printed}");
        let Some(bytes) = figures["compressed_bytes"].as_u64() else {
            assert!(PROGRAMS.contains(&name), "{name} was not measured");
            continue;
        };
        assert!(csv.contains(&format!("\"{name}\",{bytes},")), "{name} is not in\n{csv}");
        let short = name.trim_start_matches("tierwire ");
        assert!(svg.contains(&format!(">\n{short}\n</text>")), "{short} is not in\n{svg}");
        // Read back, the last digit may differ.
        assert!((figures["ratio"].as_f64().unwrap() - 10_088.0 / bytes as f64).abs() < 1e-12);
        assert_eq!(figures["mismatches"], 0);
        assert!(figures["encode_samples_per_s"].as_f64().unwrap() > 0.0);
        assert!(figures["decode_samples_per_s"].as_f64().unwrap() > 0.0);
    }
}

#[test]
fn only_the_first_files_are_used_when_asked() {
    let printed = stdout(&folder().run(&["compare", ".", "--first", "1"]));
    assert!(printed.starts_with("1 recordings, 3000 samples, 6044 bytes.\n"), "{printed}");
    assert_eq!(folder().run(&["compare", ".", "--first", "0"]).code, Some(2));
}

#[cfg(unix)]
#[test]
fn missing_programs_are_reported_and_the_rest_continues() {
    let folder = folder();
    let ran = folder.run_after("PATH=/nowhere", &["compare", ".", "--csv", "f.csv"]);
    let printed = stdout(&ran);
    for program in PROGRAMS {
        let name = program.split(' ').next().unwrap();
        let line = format!("tierwire: {program}: NOT MEASURED: {name} is not installed\n");
        assert!(ran.stderr.contains(&line), "{}", ran.stderr);
        let row = printed.lines().find(|line| line.starts_with(&format!("| {program} ")));
        assert!(row.is_some_and(|row| row.contains("not installed")), "{printed}");
    }
    assert!(printed.contains("NOT MEASURED, since not installed: flac -8; "), "{printed}");
    let csv = String::from_utf8(folder.read("f.csv")).unwrap();
    assert!(csv.contains("\"flac -8\",not installed,,,,,,"), "{csv}");
    assert!(printed.contains("restored every recording"), "{printed}");
}

#[test]
fn a_file_of_other_samples_is_left_out_for_every_method() {
    let folder = folder();
    folder.write("wide.wav", &WavFile::of_bytes(1, 24, vec![1; 300]).bytes());
    let ran = folder.run(&["compare", "."]);
    let printed = stdout(&ran);
    assert!(ran.stderr.contains("wide.wav: not taken: its samples are not 16-bit PCM: left out"));
    assert!(printed.starts_with("2 recordings, 5000 samples"), "{printed}");
    assert!(printed.contains("Left out: 1 files"), "{printed}");
    folder.write("wide.wav", b"RIFF");
    std::fs::remove_file(folder.path("a.wav")).unwrap();
    std::fs::remove_file(folder.path("b.wav")).unwrap();
    assert_eq!(folder.run(&["compare", "."]).code, Some(1));
}
