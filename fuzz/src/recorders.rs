//! Recorders' files: whatever its header holds, a file is opened and every byte of it comes back, or it is
//! refused in one line.

use std::fs;
use std::path::Path;

use golden_model::layout::Parts;
use recorders::{Recording, list, open};
use tempfile::TempDir;

/// The names of files that belong together: the first says where the samples of the second are.
pub const NAMES: [&[&str]; 9] = [
    &["a.edf"],
    &["a.bdf"],
    &["a.rhd"],
    &["a.rhs"],
    &["a.ncs"],
    &["a.wav"],
    &["a.meta", "a.bin"],
    &["a.vhdr", "a.eeg"],
    &["structure.oebin", "continuous/Probe-100.AP/continuous.dat"],
];

/// An input is a byte that chooses the names, two for the length of the first file, and both files.
pub fn run(input: &[u8]) {
    let Some((folder, name)) = write(input) else { return };
    match open(folder.path().join(name)) {
        Ok(recording) => check(&recording),
        Err(error) => assert_eq!(error.to_string().lines().count(), 1, "{error}"),
    }
    check(&open(folder.path()).expect("any folder is kept"));
    list(folder.path(), None).expect("any folder is listed");
}

/// The files of an input, and the name of the first; `None`: it is too short.
fn write(input: &[u8]) -> Option<(TempDir, &'static str)> {
    let [kind, low, high, files @ ..] = input else { return None };
    let names = NAMES[usize::from(*kind) % NAMES.len()];
    let length = usize::from(u16::from_le_bytes([*low, *high])).min(files.len());
    let (first, second) = files.split_at(if names.len() > 1 { length } else { files.len() });
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, bytes) in names.iter().zip([first, second]) {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder is made");
        fs::write(path, bytes).expect("a file is written");
    }
    Some((folder, names[0]))
}

/// The input of such files.
pub fn input(kind: usize, first: &[u8], second: &[u8]) -> Vec<u8> {
    let length = (first.len() as u16).to_le_bytes();
    [&[kind as u8], &length[..], first, second].concat()
}

fn check(recording: &Recording) {
    for part in &recording.files {
        let Some(layout) = &part.layout else { continue };
        layout.validate().expect("a layout that can be");
        let bytes = read(&recording.folder.join(&part.path));
        let records = layout.records_in(bytes.len() as u64) as usize;
        let start = (layout.head as usize).min(bytes.len());
        let records = &bytes[start..][..records * layout.record_bytes()];
        let (mut parts, mut back) = (Parts::default(), Vec::new());
        layout.split(records, &mut parts);
        layout.join(&parts, &mut back).expect("parts of whole records");
        assert!(back == records, "not the same bytes");
    }
    for track in recording.tracks().expect("files that are there") {
        let samples = track.read(track.rounds()).expect("a file that is there").len();
        assert_eq!(samples as u64, track.rounds() * track.group().channels.len() as u64);
    }
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).expect("a file that is there")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seeds;

    #[test]
    fn every_seed_opens_with_samples() {
        let seeds = seeds::recorders();
        assert_eq!(seeds.len(), NAMES.len());
        for seed in seeds {
            let (folder, name) = write(&seed).unwrap();
            let recording = open(folder.path().join(name)).unwrap();
            let tracks = recording.tracks().unwrap();
            assert!(tracks.iter().any(|track| track.rounds() > 0), "{name}");
        }
    }
}
