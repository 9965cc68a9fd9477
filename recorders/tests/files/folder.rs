//! Files for the tests, and what every recording has to fulfil.
#![allow(dead_code, reason = "every test program uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};

use golden_model::layout::{Layout, Parts, Samples};
use recorders::{Part, Recording, open};
use tempfile::TempDir;

/// A folder that goes when it is dropped.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Folder {
        Folder(TempDir::new().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file, and the folders that it is in.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Opens a file; every byte of the recording comes back.
    pub fn open(&self, name: &str) -> Recording {
        let recording = open(self.path().join(name)).unwrap();
        restore(&recording);
        recording
    }

    /// Why a file is refused, without its path.
    pub fn refusal(&self, name: &str) -> String {
        open(self.path().join(name)).unwrap_err().fault.to_string()
    }
}

/// The layout of a file alone.
pub fn layout(recording: &Recording) -> &Layout {
    let [Part { layout: Some(layout), .. }] = &recording.files[..] else {
        panic!("{recording:?}");
    };
    layout
}

/// Channels, rate, and rounds in a file of so many bytes, of every group.
pub fn shape(layout: &Layout, length: u64) -> Vec<(usize, String, u64)> {
    let records = layout.records_in(length);
    let groups = layout.groups.iter().enumerate().map(|(index, group)| {
        let rounds = records * u64::from(layout.rounds(index));
        (group.channels.len(), group.rate.to_string(), rounds)
    });
    groups.collect()
}

/// The samples of a recording's only file with samples.
pub fn samples(recording: &Recording) -> Vec<Samples> {
    let mut with_layout = recording.files.iter().filter_map(|part| {
        let layout = part.layout.as_ref()?;
        Some((layout, fs::read(recording.folder.join(&part.path)).unwrap()))
    });
    let (layout, bytes) = with_layout.next().unwrap();
    assert!(with_layout.next().is_none());
    let mut parts = Parts::default();
    layout.split(records(layout, &bytes), &mut parts);
    parts.groups
}

/// Splits all files and joins them again: every byte must come back.
pub fn restore(recording: &Recording) {
    for part in &recording.files {
        let Some(layout) = &part.layout else { continue };
        layout.validate().unwrap();
        let bytes = fs::read(recording.folder.join(&part.path)).unwrap();
        let records = records(layout, &bytes);
        let mut joined = Vec::new();
        let mut parts = Parts::default();
        for records in records.chunks(layout.record_bytes() * 1000) {
            layout.split(records, &mut parts);
            layout.join(&parts, &mut joined).unwrap();
        }
        assert!(joined == records, "{}", part.path.display());
    }
}

/// The whole records of a file.
fn records<'b>(layout: &Layout, bytes: &'b [u8]) -> &'b [u8] {
    let count = layout.records_in(bytes.len() as u64) as usize;
    let start = bytes.len().min(layout.head as usize);
    &bytes[start..start + count * layout.record_bytes()]
}
