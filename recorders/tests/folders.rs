//! Folders of files of any kind.

use std::path::Path;

use crate::folder::{Folder, restore};
use crate::headers::{brainvision, spikeglx};
use recorders::{Kind, open};

#[test]
fn a_folder_is_all_its_files_in_the_order_of_their_names() {
    let folder = Folder::new();
    folder.write("b/run.bin", [0; 16]);
    folder.write("b/run.meta", spikeglx::PROBE);
    folder.write("c.txt", "notes");
    folder.write("b/empty", "");
    let recording = open(folder.path()).unwrap();
    restore(&recording);
    assert_eq!((recording.kind, recording.remarks.len()), (Kind::SpikeGlx, 0));
    let found: Vec<_> =
        recording.files.iter().map(|part| (part.path.as_path(), part.layout.is_some())).collect();
    let expected =
        [("b/empty", false), ("b/run.bin", true), ("b/run.meta", false), ("c.txt", false)];
    assert_eq!(found, expected.map(|(path, samples)| (Path::new(path), samples)));

    folder.write("d.vhdr", brainvision::HEADER.replace("a.vmrk", "gone.vmrk"));
    folder.write("d.eeg", [0; 8]);
    folder.write("e.edf", "0       broken");
    let recording = open(folder.path()).unwrap();
    assert_eq!((recording.kind, recording.files.len()), (Kind::Folder, 7));
    let mut remarks: Vec<_> = recording.remarks.iter().map(ToString::to_string).collect();
    remarks.sort();
    let broken = "e.edf: kept as plain bytes, ends within its header, after 14 bytes";
    assert_eq!(remarks, [broken, "gone.vmrk: not there"]);
}

#[cfg(unix)]
#[test]
fn links_are_left_out_and_named() {
    let folder = Folder::new();
    folder.write("a.txt", "a");
    std::os::unix::fs::symlink("a.txt", folder.path().join("b.txt")).unwrap();
    std::os::unix::fs::symlink(".", folder.path().join("loop")).unwrap();
    let recording = open(folder.path()).unwrap();
    assert_eq!(recording.files.len(), 1);
    let mut remarks: Vec<_> = recording.remarks.iter().map(ToString::to_string).collect();
    remarks.sort();
    assert_eq!(remarks, ["b.txt: left out, a symbolic link", "loop: left out, a symbolic link"]);
}

#[test]
fn endless_descriptions_are_refused() {
    let folder = Folder::new();
    let endless = " ".repeat((1 << 24) + 1);
    folder.write("a.bin", [0; 16]);
    folder.write("a.meta", format!("typeThis=imec\n{endless}"));
    assert_eq!(folder.refusal("a.bin"), "a header of more than 16777216 bytes");
    folder.write("b.vhdr", format!("{}{endless}", brainvision::HEADER));
    assert_eq!(folder.refusal("b.vhdr"), "a header of more than 16777216 bytes");
}
