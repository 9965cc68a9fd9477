//! EDF and BDF, built field by field.

use crate::folder::{Folder, layout, samples, shape};
use crate::headers::edf::{Signal, header};
use golden_model::layout::{Field, SampleFormat, Samples};
use recorders::Kind;

const RANGES: ((f64, f64), (i32, i32)) = ((-3276.8, 3276.7), (-32768, 32767));

fn signal<'s>(label: &'s str, unit: &'s str, samples: u32) -> Signal<'s> {
    (label, unit, samples, RANGES.0, RANGES.1)
}

#[test]
fn signals_of_one_rate_are_a_group_and_annotations_are_plain_bytes() {
    let folder = Folder::new();
    let signals = [
        signal("Fp1", "uV", 3),
        signal("Temp", "degC", 1),
        signal("EDF Annotations", "", 2),
        signal("Fp2", "mV", 3),
        signal("none", "uV", 0),
    ];
    let mut bytes = header(false, "0.5", &signals);
    for record in 0..2i16 {
        for samples in [[1, 2, 3].as_slice(), &[9], &[0x2b30, 0x1414], &[4, 5, 6]] {
            samples.iter().for_each(|sample| bytes.extend((sample + 100 * record).to_le_bytes()));
        }
    }
    // A record that was not finished.
    bytes.extend([7; 17]);
    folder.write("a.edf", &bytes);
    let recording = folder.open("a.edf");
    assert_eq!(recording.kind, Kind::Edf);
    let layout = layout(&recording);
    let length = bytes.len() as u64;
    assert_eq!(shape(layout, length), [(2, "6".into(), 6), (1, "2".into(), 2)]);
    assert_eq!((layout.head, layout.plain_bytes()), (256 * 6, 4));
    assert_eq!(layout.record[2], Field::Bytes(4));
    assert_eq!(layout.groups[0].channels[1].name, "Fp2");
    let step = |channel: usize| layout.groups[0].channels[channel].microvolts.unwrap();
    assert!((step(0) - 0.1).abs() < 1e-9 && (step(1) - 100.0).abs() < 1e-6);
    assert_eq!(layout.groups[1].channels[0].microvolts, None);
    let first = [1, 4, 2, 5, 3, 6, 101, 104, 102, 105, 103, 106];
    assert_eq!(samples(&recording), [Samples::I16(first.into()), Samples::I16(vec![9, 109])]);
}

#[test]
fn bdf_has_24_bits_and_its_triggers_apart() {
    let folder = Folder::new();
    let signals = [signal("A1", "uV", 2), signal("A2", "uV", 2), signal("Status", "Boolean", 2)];
    let mut bytes = header(true, "1", &signals);
    bytes.extend([1, 0, 0, 2, 0, 0, 0xff, 0xff, 0xff, 0, 0, 0x80, 0, 0, 1, 0, 0, 2]);
    folder.write("a.bdf", &bytes);
    let recording = folder.open("a.bdf");
    assert_eq!(recording.kind, Kind::Bdf);
    assert_eq!(layout(&recording).groups[0].format, SampleFormat::I24);
    let electrodes = Samples::I32(vec![1, -1, 2, -0x80_0000]);
    assert_eq!(samples(&recording), [electrodes, Samples::I32(vec![0x1_0000, 0x2_0000])]);
}

#[test]
fn a_file_that_ends_early_is_coded_and_the_user_is_told() {
    let folder = Folder::new();
    let mut bytes = header(false, "1", &[signal("A", "uV", 3)]);
    bytes.extend([0; 12]);
    for (declared, remarks) in [("-1", 0), ("2", 0), ("3", 1)] {
        bytes[236..238].copy_from_slice(format!("{declared:<2}").as_bytes());
        folder.write("a.edf", &bytes);
        let recording = folder.open("a.edf");
        assert_eq!(recording.remarks.len(), remarks);
        let why =
            "a.edf: ends early: its header declares 18 bytes of samples, 12 are there and kept";
        assert!(recording.remarks.iter().all(|remark| remark.to_string() == why));
    }
}

#[test]
fn rates_are_exact() {
    let folder = Folder::new();
    for (duration, rate) in [("0.7", "30/7"), ("1", "3"), ("60", "0.05"), ("0", "3"), ("0.0", "3")]
    {
        folder.write("a.edf", header(false, duration, &[signal("A", "uV", 3)]));
        assert_eq!(layout(&folder.open("a.edf")).groups[0].rate.to_string(), rate, "{duration}");
    }
}

#[test]
fn broken_headers_are_refused() {
    let folder = Folder::new();
    let good = header(false, "1", &[signal("A", "uV", 3)]);
    let check = |at: usize, text: &str, why: &str| {
        let mut bytes = good.clone();
        bytes[at..at + text.len()].copy_from_slice(text.as_bytes());
        folder.write("a.edf", &bytes);
        assert_eq!(folder.refusal("a.edf"), why);
    };
    check(252, "-1  ", "its header says signals = \"-1\"");
    check(252, "9999", "its header says header bytes = \"512\"");
    check(184, "511 ", "its header says header bytes = \"511\"");
    check(184, "513 ", "ends within its header, after 512 bytes");
    check(244, "x", "its header says duration of a record = \"x\"");
    check(256 + 216, "-3", "its header says samples in a record = \"-3\"");
    folder.write("a.edf", &good[..300]);
    assert_eq!(folder.refusal("a.edf"), "ends within its header, after 300 bytes");
    folder.write("a.edf", header(false, "1", &[]));
    assert_eq!(folder.refusal("a.edf"), "its records are empty");
}
