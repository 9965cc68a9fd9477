//! BrainVision: samples, header and markers.

use std::path::Path;

use crate::folder::{Folder, layout, samples, shape};
use crate::headers::brainvision::HEADER;
use golden_model::layout::{SampleFormat, Samples};
use recorders::Kind;

fn recording(header: &str) -> Folder {
    let folder = Folder::new();
    folder.write("a.vhdr", header);
    folder.write("a.vmrk", "Brain Vision Data Exchange Marker File, Version 1.0\n");
    folder.write("a.eeg", (1..=6i16).flat_map(i16::to_le_bytes).collect::<Vec<u8>>());
    folder
}

#[test]
fn every_file_of_a_recording_leads_to_its_samples() {
    let folder = recording(HEADER);
    for name in ["a.vhdr", "a.vmrk", "a.eeg"] {
        let recording = folder.open(name);
        assert_eq!((recording.kind, recording.remarks.len()), (Kind::BrainVision, 0));
        assert_eq!(recording.files[0].path, Path::new("a.eeg"));
        assert_eq!(recording.sidecars, [Path::new("a.vhdr"), Path::new("a.vmrk")]);
        let layout = layout(&recording);
        assert_eq!(shape(layout, 12), [(2, "512".into(), 3)]);
        let channels = layout.groups[0].channels.iter();
        let described: Vec<_> = channels.map(|c| (c.name.as_str(), c.microvolts)).collect();
        assert_eq!(described, [("F,p", Some(0.5)), ("ECG", Some(1000.0))]);
        assert_eq!(samples(&recording), [Samples::I16(vec![1, 2, 3, 4, 5, 6])]);
    }
}

#[test]
fn one_channel_after_the_other_is_one_record() {
    let folder =
        recording(&HEADER.replace("DataOrientation=MULTIPLEXED", "DataOrientation=VECTORIZED"));
    let recording = folder.open("a.vhdr");
    assert_eq!(shape(layout(&recording), 12), [(2, "512".into(), 3)]);
    assert_eq!(samples(&recording), [Samples::I16(vec![1, 4, 2, 5, 3, 6])]);
    folder.write("a.eeg", [1, 2, 3]);
    assert_eq!(shape(layout(&folder.open("a.vhdr")), 3), [(2, "512".into(), 0)]);
}

#[test]
fn samples_of_other_formats() {
    for (name, format) in [("INT_32", SampleFormat::I32), ("UINT_16", SampleFormat::U16)] {
        let folder = recording(&HEADER.replace("INT_16", name));
        assert_eq!(layout(&folder.open("a.eeg")).groups[0].format, format);
    }
    let folder = recording(&HEADER.replace("INT_16", "IEEE_FLOAT_32"));
    let recording = folder.open("a.vhdr");
    assert!(recording.files[0].layout.is_none());
    assert_eq!(
        recording.remarks[0].to_string(),
        "a.eeg: kept as plain bytes, BinaryFormat=IEEE_FLOAT_32"
    );
}

#[test]
fn a_missing_marker_file_is_named() {
    let folder = recording(&HEADER.replace("a.vmrk", "b.vmrk"));
    let recording = folder.open("a.vhdr");
    assert_eq!(recording.sidecars, [Path::new("a.vhdr")]);
    assert_eq!(recording.remarks[0].to_string(), "b.vmrk: not there");
}

#[test]
fn broken_headers_are_refused() {
    let check = |from: &str, to: &str, why: &str| {
        assert_eq!(recording(&HEADER.replace(from, to)).refusal("a.vhdr"), why);
    };
    check("$b.eeg", "../a.eeg", "its header says DataFile = \"../a.eeg\"");
    check("a.vmrk", "/a.vmrk", "its header says MarkerFile = \"/a.vmrk\"");
    check("DataFile=", "x=", "its header has no DataFile");
    check(
        "NumberOfChannels=2",
        "NumberOfChannels=two",
        "its header says NumberOfChannels = \"two\"",
    );
    check("NumberOfChannels=2", "", "its header has no NumberOfChannels");
    check("1953.125", "0", "its header says SamplingInterval = \"0\"");
    let why = "group 0 has 0 channels, 1 to 65535 are possible";
    check("NumberOfChannels=2", "NumberOfChannels=0", why);
    let why = recording(&HEADER.replace("$b", "b")).refusal("a.vhdr");
    assert!(why.starts_with("its samples are not there: ") && why.ends_with("b.eeg"), "{why}");
    // An `.eeg` file that its neighbour does not name belongs to another program.
    let folder = recording(&HEADER.replace("$b", "b"));
    folder.write("b.eeg", [0; 4]);
    assert!(folder.refusal("a.eeg").starts_with("unknown format"));
}
