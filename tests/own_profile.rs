//! A profile of the user's own, with tables that the user trained, from file to hardware.

use crate::program::{Folder, recording};

const PROFILE: &str = r#"
name = "mine"
table_set = "tables.toml"
channels = 100
samples_per_s = 30000
frames = { rounds = 30, keyframe_interval = 4 }
"#;

/// Runs it; what it printed.
fn done(folder: &Folder, arguments: &[&str]) -> String {
    let ran = folder.run(arguments);
    assert_eq!(ran.code, Some(0), "{arguments:?}: {}", ran.stderr);
    String::from_utf8(ran.stdout).unwrap()
}

#[test]
fn a_users_own_profile_is_bounded_exported_and_simulated() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("training")).unwrap();
    folder.write("training/one.wav", &recording(1, 20_000).bytes());
    folder.write("array.wav", &recording(100, 60).bytes());
    folder.write("mine.toml", PROFILE.as_bytes());
    done(&folder, &["train", "training", "--codec", "means-64", "-o", "tables.toml"]);

    let bounds = done(&folder, &["bounds", "--profile", "mine.toml", "--json", "-"]);
    let json = &bounds[bounds.find(['{', '[']).unwrap()..];
    let json: serde_json::Value = serde_json::from_str(json).unwrap();
    let figures = json.get(0).unwrap_or(&json);
    assert_eq!(figures["profile"], "mine");
    // 30 rounds of 100 samples, less the first, and the gap of 12 clocks, in 30/30000 of a second.
    assert_eq!(figures["frame_clocks"], 30 * 100 - 1 + 12);
    assert_eq!(figures["least_clock_hz"], 3011.0 * 1000.0);

    done(&folder, &["export", "--profile", "mine.toml", "-o", "out"]);
    let verilog = String::from_utf8(folder.read("out/tierwire_mine.v")).unwrap();
    assert!(verilog.contains("module tierwire_mine("), "{}", &verilog[..500]);

    let engine = ["--engine", "rust-hdl"];
    let simulate = ["simulate", "array.wav", "--profile", "mine.toml"];
    let figures = done(&folder, &[&simulate[..], &engine].concat());
    for line in ["samples        6000\n", "mismatches     0 "] {
        assert!(figures.contains(line), "{line:?} is not in\n{figures}");
    }
}

#[test]
fn a_profile_that_does_not_fit_is_named_with_the_reason() {
    let folder = Folder::new();
    let fault = |text: &str| {
        folder.write("mine.toml", text.as_bytes());
        let ran = folder.run(&["bounds", "--profile", "mine.toml"]);
        assert_eq!(ran.code, Some(1), "{}", ran.stderr);
        ran.stderr
    };
    assert!(fault(PROFILE).contains("mine.toml: table set tables.toml: "));
    let crowd = PROFILE.replace("tables.toml", "means-64").replace("100", "1025");
    assert!(fault(&crowd).contains("mine.toml: 1025 channels, not 1 to 1024"));
    let lms = PROFILE.replace("tables.toml", "lms4-64");
    assert!(fault(&lms).contains("mine.toml: no pipeline is compiled for Shape"));
}
