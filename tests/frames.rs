//! `tierwire frames`, on synthetic recordings.

use crate::program::{Folder, recording};

#[test]
fn every_cell_is_in_every_output() {
    let folder = Folder::new();
    folder.write("a.wav", &recording(1, 3000).bytes());
    folder.write("b.wav", &recording(2, 2000).bytes());
    let outputs = ["--json", "f.json", "--markdown", "f.md", "--svg", "f.svg"];
    let ran = folder.run(&[&["frames", ".", "--channels", "3"][..], &outputs].concat());
    assert_eq!((ran.code, &ran.stderr[..]), (Some(0), ""));
    assert_eq!(ran.stdout, folder.read("f.md"));
    let table = String::from_utf8(ran.stdout).unwrap();
    assert!(table.contains("2 recordings as 3 channels of 1900 samples"), "{table}");

    let json: serde_json::Value = serde_json::from_slice(&folder.read("f.json")).unwrap();
    let cells = json["cells"].as_array().unwrap();
    assert_eq!(cells.len(), 24);
    for cell in cells {
        let bits = cell["bits"].as_u64().unwrap();
        let ratio = 16.0 * 3.0 * 1900.0 / bits as f64;
        assert!((cell["ratio"].as_f64().unwrap() - ratio).abs() < 1e-12);
        assert!(ratio < json["unframed_ratio"].as_f64().unwrap());
        let row = format!("| {} |", cell["keyframe_interval"]);
        let row = table.lines().find(|line| line.starts_with(&row)).unwrap();
        assert!(row.contains(&format!(" {ratio:.3} |")), "{ratio} is not in {row}");
    }
    let svg = String::from_utf8(folder.read("f.svg")).unwrap();
    assert_eq!(svg.matches("<circle").count(), 24);
}

#[test]
fn a_set_with_a_range_coder_is_measured_too() {
    let folder = Folder::new();
    folder.write("a.wav", &recording(2, 1600).bytes());
    let measured = |set: &str| {
        let ran = folder.run(&["frames", ".", "--channels", "2", "--codec", set, "--json", "-"]);
        assert_eq!((ran.code, &ran.stderr[..]), (Some(0), ""));
        serde_json::from_slice::<serde_json::Value>(&ran.stdout).unwrap()
    };
    let ratios = |figures: &serde_json::Value| {
        let cells = figures["cells"].as_array().unwrap();
        cells.iter().map(|cell| cell["ratio"].as_f64().unwrap()).collect::<Vec<_>>()
    };
    let (range, prefix) = (measured("range-128"), measured("means-128"));
    assert_eq!(range["table_set"], "range-128");
    let (range, prefix) = (ratios(&range), ratios(&prefix));
    assert_eq!(range.len(), 24);
    // From keyframe to keyframe a range coder sends up to two words more: many for 19 rounds, few for 190.
    let lost: Vec<f64> = prefix.iter().zip(&range).map(|(prefix, range)| prefix / range).collect();
    assert!(lost[0] > 1.05 && (lost[23] - 1.0).abs() < 0.02, "{lost:?}");
}

#[test]
fn too_few_recordings_and_too_short_ones_are_refused() {
    let folder = Folder::new();
    folder.write("a.wav", &recording(2, 300).bytes());
    for (channels, why) in [
        ("3", "2 recordings are not enough for 3 channels (--channels takes fewer)"),
        ("2", "the shortest channel has 300 samples, fewer than 380"),
    ] {
        let ran = folder.run(&["frames", ".", "--channels", channels]);
        assert_eq!(ran.code, Some(1));
        assert_eq!(ran.stderr, format!("tierwire: {why}\n"));
    }
}
