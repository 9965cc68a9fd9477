//! `tierwire synth`: a profile becomes a bitstream, or the reason is on one line.

use crate::program::Folder;

/// The lines that tell what takes long come first; what went wrong is the last one.
fn last_line(stderr: &str) -> &str {
    stderr.lines().next_back().unwrap_or_default()
}

#[test]
fn a_profile_becomes_a_bitstream() {
    let folder = Folder::new();
    let run = || {
        folder.run(&["synth", "--profile", "nano", "--target", "hx1k", "--seeds", "1", "--json"])
    };
    let ran = run();
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let figures: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!((&figures["profile"], &figures["target"]), (&"nano".into(), &"hx1k".into()));
    // What issue and README promise.
    let used = |what: &str| figures["resources"][what]["used"].as_u64().unwrap();
    assert!(used("logic") <= 1280 && used("logic") > 500, "{figures}");
    assert!(used("memories") <= 16, "{figures}");
    let fmax = figures["fmax_mhz"]["worst"].as_f64().unwrap();
    assert!(fmax > 4.0 * figures["needed_mhz"].as_f64().unwrap(), "{figures}");
    let blocks = figures["blocks"].as_array().unwrap();
    assert!(blocks.iter().any(|block| block["block"] == "pipeline.bit_packer"), "{figures}");
    let built = folder.path("build/nano-hx1k");
    for file in ["top.bin", "top.asc", "netlist.json", "stat.json", "report.json", "figures.json"] {
        assert!(built.join(file).metadata().unwrap().len() > 100, "{file}");
    }
    // Nothing has changed, so nothing is done, and nothing is told.
    let again = run();
    assert_eq!((again.code, &again.stderr[..], &again.stdout), (Some(0), "", &ran.stdout));
}

#[test]
fn a_profile_that_does_not_fit_is_refused_in_one_line() {
    let folder = Folder::new();
    let ran = folder.run(&["synth", "--profile", "tile256", "--target", "hx1k"]);
    assert_eq!((ran.code, &ran.stdout[..]), (Some(1), &b""[..]));
    let line = last_line(&ran.stderr);
    assert!(line.starts_with("tierwire: tile256 does not fit hx1k (iCE40HX1K-TQ144): it takes "));
    assert!(line.ends_with(" of 16 block RAMs"), "{line}");
    assert!(!folder.path("build").exists());
}

#[test]
fn a_missed_clock_is_reported_in_one_line_and_the_files_are_written() {
    let folder = Folder::new();
    let clock = ["--clock", "500", "--seeds", "1"];
    let ran =
        folder.run(&[&["synth", "--profile", "nano", "--target", "hx1k"], &clock[..]].concat());
    assert_eq!(ran.code, Some(1));
    let line = last_line(&ran.stderr);
    assert!(line.starts_with("tierwire: nano on hx1k is too slow: "), "{line}");
    assert!(line.contains(" MHz short of 500.00 MHz; slowest path: "), "{line}");
    // From block to block, by their names.
    assert!(line.contains("pipeline.word_fifo") && line.contains(" ns > "), "{line}");
    assert!(folder.path("build/nano-hx1k/report.json").exists());
}
