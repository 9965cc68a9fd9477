//! WAV files: samples of four widths between head and tail.

use crate::folder::{Folder, layout, samples, shape};
use golden_model::layout::{SampleFormat, Samples};
use recorders::{Kind, Remark};

/// A file of 2 channels at 10 kHz.
fn file(magic: &[u8], tag: u16, bits: u16, data: &[u8], after: &[u8]) -> Vec<u8> {
    let align = 2 * bits / 8;
    let mut body = [&b"WAVE"[..]].concat();
    if magic != b"RIFF" {
        let size =
            [&28u32.to_le_bytes()[..], &[0; 8], &(data.len() as u64).to_le_bytes(), &[0; 12]];
        body.extend([&b"ds64"[..], &size.concat()].concat());
    }
    body.extend(b"fmt \x10\0\0\0");
    body.extend([tag.to_le_bytes(), 2u16.to_le_bytes()].concat());
    body.extend([10000u32.to_le_bytes(), (10000 * u32::from(align)).to_le_bytes()].concat());
    body.extend([align.to_le_bytes(), bits.to_le_bytes()].concat());
    body.extend(b"data");
    let size = if magic == b"RIFF" { data.len() as u32 } else { u32::MAX };
    body.extend([&size.to_le_bytes()[..], data, after].concat());
    let size = if magic == b"RIFF" { body.len() as u32 } else { u32::MAX };
    [magic, &size.to_le_bytes(), &body].concat()
}

#[test]
fn samples_of_every_width_are_found_between_head_and_tail() {
    let folder = Folder::new();
    let data: Vec<u8> = (1..=24).collect();
    for magic in [b"RIFF", b"RF64", b"BW64"] {
        for (bits, format) in [
            (8, SampleFormat::U8),
            (16, SampleFormat::I16),
            (24, SampleFormat::I24),
            (32, SampleFormat::I32),
        ] {
            let after = b"LIST\x08\0\0\0INFOabcd";
            folder.write("a.wav", file(magic, 1, bits, &data, after));
            let recording = folder.open("a.wav");
            assert_eq!((recording.kind, recording.remarks.len()), (Kind::Wav, 0));
            let layout = layout(&recording);
            assert_eq!(layout.groups[0].format, format);
            let rounds = 24 / (2 * format.bytes() as u64);
            assert_eq!(shape(layout, u64::MAX), [(2, "10000".into(), rounds)]);
            if bits == 24 {
                let first = samples(&recording).remove(0);
                assert!(
                    matches!(first, Samples::I32(values) if values[..2] == [0x03_02_01, 0x06_05_04])
                );
            }
        }
    }
}

#[test]
fn float_samples_are_plain_bytes_and_the_user_is_told() {
    let folder = Folder::new();
    folder.write("float.wav", file(b"RIFF", 3, 32, &[0; 16], b""));
    let recording = folder.open("float.wav");
    assert!(recording.files[0].layout.is_none());
    let [remark @ Remark::Plain { .. }] = &recording.remarks[..] else { panic!("{recording:?}") };
    assert_eq!(remark.to_string(), "float.wav: kept as plain bytes, 32-bit float samples");
}

#[test]
fn a_file_that_ends_early_is_coded_and_the_user_is_told() {
    let folder = Folder::new();
    folder.write("cut.wav", &file(b"RIFF", 1, 16, &[0; 16], b"")[..44 + 9]);
    let recording = folder.open("cut.wav");
    let why = "ends early: its header declares 16 bytes of samples, 9 are there and kept";
    assert_eq!(recording.remarks[0].to_string(), format!("cut.wav: {why}"));
    assert_eq!(layout(&recording).records_in(44 + 9), 2);
}

#[test]
fn a_truncated_head_is_refused() {
    let folder = Folder::new();
    folder.write("cut.wav", &file(b"RIFF", 1, 16, &[0; 16], b"")[..30]);
    let why = "truncated WAV file: its RIFF header declares 60 bytes, 30 are there";
    assert_eq!(folder.refusal("cut.wav"), why);
}
