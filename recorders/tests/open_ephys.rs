//! Open Ephys recordings: a folder with its description.

use std::path::{Path, PathBuf};

use crate::folder::{Folder, restore, shape};
use crate::headers::open_ephys::{STRUCTURE, array};
use golden_model::layout::Layout;
use recorders::{Kind, Recording, open};

fn recording(structure: &str) -> Folder {
    let folder = Folder::new();
    let base = "Record Node 101/experiment1/recording1";
    let stream = format!("{base}/continuous/Probe-100.AP");
    folder.write("settings.xml", "<SETTINGS/>");
    folder.write(&format!("{base}/structure.oebin"), structure);
    folder.write(&format!("{stream}/continuous.dat"), [1; 25]);
    folder.write(&format!("{stream}/sample_numbers.npy"), array("<i8", "(3,)", &[2; 24]));
    folder.write(&format!("{stream}/timestamps.npy"), array("<f8", "(3,)", &[2; 24]));
    let events = format!("{base}/events/Probe-100.AP/TTL");
    folder.write(&format!("{events}/states.npy"), array("<i2", "(2,)", &[3; 4]));
    folder.write(&format!("{events}/pairs.npy"), array("|u1", "(2, 3)", &[3; 6]));
    folder
}

fn layout<'r>(recording: &'r Recording, name: &str) -> Option<&'r Layout> {
    let named = |path: &PathBuf| path.file_name().is_some_and(|its| its == name);
    recording.files.iter().find(|part| named(&part.path)).unwrap().layout.as_ref()
}

#[test]
fn streams_and_arrays_of_whole_numbers_have_layouts() {
    let folder = recording(STRUCTURE);
    let recording = open(folder.path()).unwrap();
    restore(&recording);
    assert_eq!((recording.kind, recording.files.len()), (Kind::OpenEphys, 7));
    assert!(recording.remarks.is_empty() && recording.sidecars.is_empty(), "{recording:?}");
    let rate = || "30000".to_owned();
    let stream = layout(&recording, "continuous.dat").unwrap();
    assert_eq!(shape(stream, 25), [(2, rate(), 3), (1, rate(), 3), (1, rate(), 3)]);
    let first = stream.groups.iter().map(|group| &group.channels[0]);
    let described: Vec<_> = first.map(|c| (c.name.as_str(), c.microvolts)).collect();
    assert_eq!(described, [("CH1", Some(0.195)), ("ADC1", Some(150.0)), ("AP_SYNC", None)]);
    let shape = |name| layout(&recording, name).map(|layout| shape(layout, u64::MAX));
    assert_eq!(shape("sample_numbers.npy"), Some(vec![(2, rate(), 3)]));
    assert_eq!(shape("states.npy"), Some(vec![(1, rate(), 2)]));
    assert_eq!(shape("pairs.npy"), Some(vec![(3, rate(), 2)]));
    assert_eq!((shape("timestamps.npy"), shape("settings.xml")), (None, None));
}

#[test]
fn the_description_stands_for_its_folder() {
    let folder = recording(STRUCTURE);
    let path = folder.path().join("Record Node 101/experiment1/recording1/structure.oebin");
    let recording = open(path).unwrap();
    assert_eq!((recording.kind, recording.files.len()), (Kind::OpenEphys, 6));
    assert!(recording.files.iter().any(|part| part.path == Path::new("structure.oebin")));
}

#[test]
fn what_is_wrong_is_said_and_all_files_are_kept() {
    let check = |from: &str, to: &str, remark: &str| {
        let folder = recording(&STRUCTURE.replace(from, to));
        let recording = open(folder.path()).unwrap();
        restore(&recording);
        assert_eq!(recording.files.len(), 7);
        let remarks: Vec<_> = recording.remarks.iter().map(ToString::to_string).collect();
        assert!(remarks.len() == 1 && remarks[0].ends_with(remark), "{remarks:?}");
    };
    check("Probe-100.AP/\"", "Other/\"", "recording1/continuous/Other/continuous.dat: not there");
    check("Probe-100.AP/TTL/", "Other/", "recording1/events/Other: not there");
    let why = "structure.oebin: kept as plain bytes, its header says folder_name = \"../../..\"";
    check("Probe-100.AP/\"", "../../..\"", why);
    let why = "continuous.dat: kept as plain bytes, its header names 4 channels, not 5";
    check("\"num_channels\": 4", "\"num_channels\": 5", why);
    let why = "continuous.dat: kept as plain bytes, its header says sample_rate = \"-1\"";
    check("30000.0, \"num", "-1.0, \"num", why);
    check("{\"GUI", "\"GUI", "at line 1 column 13");
}

#[test]
fn broken_arrays_are_kept_as_they_are() {
    let good = array("<i2", "(2, 1)", &[0; 4]);
    let folder = recording(STRUCTURE);
    let name = "Record Node 101/experiment1/recording1/continuous/Probe-100.AP/a.npy";
    for (bytes, why) in [
        (good[..20].to_vec(), "ends within its header, after 20 bytes"),
        (b"NUMPY.....".to_vec(), "its header has no \"\\x93NUMPY\" at the beginning"),
        (array("<i2", "(2, 0)", b""), "its header says shape = \"2, 0\""),
        (array("<i2", "(2, 999, 999)", b""), "its header says shape = \"2, 999, 999\""),
        (array("<i2", "(x,)", b""), "its header says shape = \"x\""),
    ] {
        folder.write(name, bytes);
        let recording = open(folder.path()).unwrap();
        let remarks: Vec<_> = recording.remarks.iter().map(ToString::to_string).collect();
        assert_eq!(remarks, [format!("{name}: kept as plain bytes, {why}")]);
    }
    folder.write(name, good);
    assert!(open(folder.path()).unwrap().remarks.is_empty());
}
