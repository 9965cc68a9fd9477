//! Real recordings, where `TIERWIRE_RECORDERS` names their folder.

use std::path::{Path, PathBuf};

use crate::folder::{restore, shape};
use golden_model::layout::SampleFormat;
use recorders::{Kind, RawForm, Recording, open, open_raw};

fn file(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("TIERWIRE_RECORDERS")?;
    Some(Path::new(&folder).join(name))
}

/// The groups of a part: channels, rate, rounds.
fn groups(recording: &Recording, part: usize) -> Vec<(usize, String, u64)> {
    let part = &recording.files[part];
    let length = recording.folder.join(&part.path).metadata().unwrap().len();
    shape(part.layout.as_ref().unwrap(), length)
}

/// Checks a file: its kind, and its groups.
fn check(name: &str, kind: Kind, expected: &[(usize, &str, u64)]) {
    let Some(path) = file(name) else { return };
    let recording = open(path).unwrap();
    restore(&recording);
    assert_eq!(recording.kind, kind);
    let owned =
        |&(channels, rate, rounds): &(usize, &str, u64)| (channels, rate.to_owned(), rounds);
    assert_eq!(groups(&recording, 0), expected.iter().map(owned).collect::<Vec<_>>(), "{name}");
}

#[test]
fn spikeglx() {
    let name = "neuropixels2-spikeglx/run-001_g0_t0.imec0.ap.bin";
    check(name, Kind::SpikeGlx, &[(384, "30000", 15000), (1, "30000", 15000)]);
}

#[test]
fn intan() {
    let expected =
        [(32, "20000", 19440), (1, "20000", 19440), (3, "5000", 4860), (1, "1000/3", 324)];
    check("intan-rhd/sampledata.rhd", Kind::Intan, &expected);
}

#[test]
fn edf() {
    let name = "eeg-bci2000-edf/test_edf_overlapping_annotations.edf";
    check(name, Kind::Edf, &[(64, "128", 15872)]);
    check("eeg-edf/test.edf", Kind::Edf, &[(138, "512", 3072), (1, "512", 3072)]);
    check("eeg-bdf-24bit/test.bdf", Kind::Bdf, &[(72, "2048", 2048), (1, "2048", 2048)]);
}

#[test]
fn brainvision() {
    check("eeg-brainvision/bv_dig_test.vhdr", Kind::BrainVision, &[(67, "5000", 5000)]);
    let Some(path) = file("eeg-brainvision/bv_dig_test.eeg") else { return };
    let remarks = open(path).unwrap().remarks;
    let remarks: Vec<_> = remarks.iter().map(ToString::to_string).collect();
    assert_eq!(remarks, ["bv_dig_test.vmrk: not there"]);
}

#[test]
fn wav() {
    check("spikerbox/rate_coding.wav", Kind::Wav, &[(1, "10000", 471_308)]);
}

#[test]
fn raw() {
    let Some(path) = file("locust-tetrode/locust_trial_01.raw") else { return };
    let rate = "15000".parse().unwrap();
    let recording =
        open_raw(path, 0, RawForm { format: SampleFormat::I16, channels: 4, rate }).unwrap();
    restore(&recording);
    assert_eq!(groups(&recording, 0), [(4, "15000".to_owned(), 431_548)]);
}

#[test]
fn open_ephys() {
    let Some(path) = file("neuropixels1-openephys") else { return };
    let recording = open(path).unwrap();
    restore(&recording);
    assert_eq!((recording.kind, recording.files.len()), (Kind::OpenEphys, 12));
    assert!(recording.remarks.is_empty(), "{:?}", recording.remarks);
    let part = recording.files.iter().position(|part| part.path.ends_with("continuous.dat"));
    let at = |channels| (channels, "30000".to_owned(), 1000);
    assert_eq!(groups(&recording, part.unwrap()), [at(384), at(1)]);
    let arrays = recording.files.iter().filter(|part| part.layout.is_some()).count() - 1;
    assert_eq!(arrays, 5);
}

#[test]
fn every_file_of_the_folder_comes_back() {
    let Some(path) = file("") else { return };
    let recording = open(path).unwrap();
    restore(&recording);
    assert_eq!(recording.kind, Kind::Folder);
    assert!(recording.files.iter().filter(|part| part.layout.is_some()).count() >= 13);
}
