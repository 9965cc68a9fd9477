//! Folders of recordings, each by itself, and the samples that each was made for.

use crate::folder::Folder;
use crate::headers::spikeglx;
use golden_model::layout::{Rate, SampleFormat, Samples};
use recorders::{Kind, Listing, RawForm, list};

fn raw() -> Option<RawForm> {
    let rate = Rate::new(1000, 1).unwrap();
    Some(RawForm { format: SampleFormat::I16, channels: 2, rate })
}

fn names(listing: &Listing) -> Vec<(&str, Kind)> {
    listing.recordings.iter().map(|(name, recording)| (&name[..], recording.kind)).collect()
}

#[test]
fn each_file_and_each_folder_with_samples_is_a_recording() {
    let folder = Folder::new();
    folder.write("a/run.bin", [0; 16]);
    folder.write("a/run.meta", spikeglx::PROBE);
    folder.write("b/c.raw", [0; 16]);
    folder.write("b/notes.txt", "loose");
    folder.write("d.bin", [0; 16]);
    folder.write("d.meta", spikeglx::PROBE);
    folder.write("e.raw", [0; 16]);
    folder.write("f.txt", "notes");
    let listing = list(folder.path(), None).unwrap();
    assert_eq!(names(&listing), [("a", Kind::SpikeGlx), ("d.bin", Kind::SpikeGlx)]);
    let left_out: Vec<_> = listing.left_out.iter().map(ToString::to_string).collect();
    let unknown = "unknown format; for raw 16-bit samples give --channels and --rate";
    assert_eq!(
        left_out,
        [
            "b: left out, no recordings in it".to_owned(),
            format!("e.raw: left out, {unknown}"),
            format!("f.txt: left out, {unknown}")
        ]
    );
    // Files that say nothing of themselves, when the user does; notes are none.
    let listing = list(folder.path(), raw()).unwrap();
    let all =
        [("a", Kind::SpikeGlx), ("b", Kind::Raw), ("d.bin", Kind::SpikeGlx), ("e.raw", Kind::Raw)];
    assert_eq!(names(&listing), all);
    assert_eq!(listing.left_out.len(), 1);
    let alone = list(folder.path().join("f.txt"), raw()).unwrap();
    assert_eq!(names(&alone), [("f.txt", Kind::Raw)]);
    assert!(list(folder.path().join("e.raw"), None).is_err());
}

#[test]
fn the_folder_of_a_recorder_is_one_recording() {
    let folder = Folder::new();
    folder.write("a/structure.oebin", "{}");
    folder.write("a/b.raw", [0; 16]);
    let listing = list(folder.path().join("a"), None).unwrap();
    assert_eq!(names(&listing), [("a", Kind::OpenEphys)]);
}

#[test]
fn tracks_are_the_largest_group_and_what_is_like_it() {
    let folder = Folder::new();
    // Two electrodes and two other channels, three rounds; then one round and a part of the next.
    for (name, samples) in
        [("a", &[1i16, 2, 0, 9, 3, 4, 0, 9, 5, 6, 0, 9][..]), ("b", &[7, 8, 0, 9, 7])]
    {
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        folder.write(&format!("{name}.bin"), bytes);
        folder.write(&format!("{name}.meta"), spikeglx::PROBE);
    }
    let recording = recorders::open(folder.path()).unwrap();
    let tracks = recording.tracks().unwrap();
    let rounds: Vec<_> =
        tracks.iter().map(|t| (t.group().channels.len(), t.rounds(), t.bytes())).collect();
    assert_eq!(rounds, [(2, 3, 12), (2, 1, 4)]);
    assert_eq!(tracks[0].read(3).unwrap(), Samples::I16(vec![1, 2, 3, 4, 5, 6]));
    assert_eq!(tracks[0].read(2).unwrap(), Samples::I16(vec![1, 2, 3, 4]));
    assert_eq!(tracks[1].read(9).unwrap(), Samples::I16(vec![7, 8]));
}
