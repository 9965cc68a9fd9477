//! Neuralynx `.ncs`, built from its text and its records.

use crate::folder::{Folder, layout, samples, shape};
use crate::headers::neuralynx::head;
use golden_model::layout::Samples;
use recorders::Kind;

const TEXT: &str = "######## Neuralynx Data File Header\r\n-FileType NCS\r\n-RecordSize 1044\r\n\
    -AcqEntName CSC1\r\n-SamplingFrequency 32000.5\r\n-ADBitVolts 0.00000003051757\r\n";

/// A record of 512 equal samples.
fn record(time: u64, rate: u32, sample: i16) -> Vec<u8> {
    let mut bytes = time.to_le_bytes().to_vec();
    [3, rate, 512].iter().for_each(|field: &u32| bytes.extend(field.to_le_bytes()));
    (0..512).for_each(|_| bytes.extend(sample.to_le_bytes()));
    bytes
}

#[test]
fn samples_and_what_stands_before_them_are_two_groups() {
    let folder = Folder::new();
    let records = [record(1 << 32 | 5, 32000, 7), record(1 << 32 | 16005, 32000, -7)].concat();
    let bytes = [head(TEXT), records, vec![1; 100]].concat();
    folder.write("CSC1.ncs", &bytes);
    let recording = folder.open("CSC1.ncs");
    assert_eq!(recording.kind, Kind::Neuralynx);
    let layout = layout(&recording);
    let expected = [(1, "32000.5".into(), 1024), (5, "62.5009765625".into(), 2)];
    assert_eq!(shape(layout, bytes.len() as u64), expected);
    let channel = &layout.groups[0].channels[0];
    assert_eq!(channel.name, "CSC1");
    assert!((channel.microvolts.unwrap() - 0.03051757).abs() < 1e-12);
    let groups = samples(&recording);
    let Samples::I16(values) = &groups[0] else { panic!() };
    assert!(values[..512].iter().all(|&value| value == 7) && values[512..] == [-7; 512]);
    assert_eq!(groups[1], Samples::I32(vec![5, 1, 3, 32000, 512, 16005, 1, 3, 32000, 512]));
}

#[test]
fn the_oldest_files_have_their_rate_in_the_records() {
    let folder = Folder::new();
    let text = "######## Neuralynx Data File Header\r\n## from 1999\r\n";
    folder.write("a.NCS", [head(text), record(0, 30303, 1)].concat());
    assert_eq!(layout(&folder.open("a.NCS")).groups[0].rate.to_string(), "30303");
    folder.write("a.ncs", head(text));
    assert_eq!(folder.refusal("a.ncs"), "its header has no SamplingFrequency");
}

#[test]
fn broken_headers_are_refused() {
    let folder = Folder::new();
    let check = |text: &str, length: usize, why: &str| {
        folder.write("a.ncs", &head(text)[..length]);
        assert_eq!(folder.refusal("a.ncs"), why);
    };
    check(TEXT, 16383, "ends within its header, after 16383 bytes");
    check(&TEXT.replace("1044", "112"), 16384, "its header says RecordSize = \"112\"");
    check(&TEXT.replace("32000.5", "0"), 16384, "its header says SamplingFrequency = \"0\"");
}
