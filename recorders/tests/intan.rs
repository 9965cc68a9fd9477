//! Intan files, built as "RHD2000 Application note: Data file formats" and its RHS2000 counterpart
//! describe them.

use crate::folder::{Folder, layout, restore, samples, shape};
use crate::headers::intan::{RHD_CHANNELS, RHS_CHANNELS, rhd, rhs};
use golden_model::layout::{SampleFormat, Samples};
use recorders::{Kind, open};

/// Two blocks of fields: bytes of a sample, channels, rounds. Each sample is its own place in its
/// field, plus 1000 for each field before it, plus 20000 for the second block.
fn blocks(fields: &[(usize, u32)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for block in 0..2u32 {
        for (index, &(width, count)) in fields.iter().enumerate() {
            for sample in 0..count {
                let value = sample + 1000 * index as u32 + 20000 * block;
                bytes.extend(&value.to_le_bytes()[..width]);
            }
        }
    }
    bytes
}

#[test]
fn rhd_blocks_have_every_kind_of_signal() {
    let folder = Folder::new();
    for (version, n) in [((1, 0), 60), ((1, 1), 60), ((1, 3), 60), ((2, 0), 128), ((3, 3), 128)] {
        let temperatures = u32::from(version >= (1, 1));
        let head = rhd(version, 20000.0, 1, &RHD_CHANNELS);
        let data =
            [(4, n), (2, 2 * n), (2, n / 4), (2, 1), (2, temperatures), (2, 2 * n), (2, n), (2, n)];
        let bytes = [head.clone(), blocks(&data), vec![9; 33]].concat();
        folder.write("a.rhd", &bytes);
        let recording = folder.open("a.rhd");
        assert_eq!(recording.kind, Kind::Intan);
        let layout = layout(&recording);
        assert_eq!((layout.head, layout.plain_bytes()), (head.len() as u64, 0));
        let slow = if n == 60 { "1000/3" } else { "156.25" };
        let fast = u64::from(2 * n);
        let at = |channels, rate: &str, rounds| (channels, rate.to_owned(), rounds);
        let mut expected = vec![
            at(2, "20000", fast),
            at(1, "20000", fast),
            at(1, "5000", fast / 4),
            at(1, slow, 2),
            at(1, slow, 2),
            at(2, "20000", fast),
            at(1, "20000", fast),
            at(1, "20000", fast),
        ];
        if temperatures == 0 {
            expected.remove(4);
        }
        assert_eq!(shape(layout, bytes.len() as u64), expected, "{version:?}");

        let groups = samples(&recording);
        let Samples::I16(amplifiers) = &groups[0] else { panic!() };
        let n = n as i16;
        // Offset binary; the second channel is stored behind the first.
        let first = [1000, 1000 + n, 1001, 1001 + n].map(|value| value ^ i16::MIN);
        assert_eq!(amplifiers[..4], first);
        let second = [21000, 21000 + n].map(|value| value ^ i16::MIN);
        assert_eq!(amplifiers[2 * n as usize..][..2], second);
        let times: Vec<i32> = (0..n.into()).chain(20000..20000 + i32::from(n)).collect();
        assert_eq!(groups[1], Samples::I32(times));
        let Some(Samples::I16(digital)) = groups.last() else { panic!() };
        assert_eq!(digital[..2], [7000, 7001]);

        let names = layout.groups[0].channels.iter().map(|channel| channel.name.as_str());
        assert!(names.eq(["A-000", "A-001"]));
        assert_eq!(layout.groups[0].channels[0].microvolts, Some(0.195));
    }
}

#[test]
fn rhs_blocks_have_every_kind_of_signal() {
    let folder = Folder::new();
    let n = 128;
    for dc in [false, true] {
        let fields = [(4, n), (2, n), (2, n), (2, n), (2, n), (2, n), (2, n), (2, n)];
        let fields = if dc { &fields[..] } else { &fields[..7] };
        let bytes = [rhs(30000.0, dc, &RHS_CHANNELS), blocks(fields)].concat();
        folder.write("a.rhs", &bytes);
        let recording = folder.open("a.rhs");
        let found = shape(layout(&recording), bytes.len() as u64);
        assert_eq!(found, vec![(1, "30000".to_owned(), 256); fields.len()]);
        assert_eq!(layout(&recording).records_in(bytes.len() as u64 - 1), 1);
        // The electrode, though the time stamps take more bytes.
        let tracks = recording.tracks().unwrap();
        assert_eq!(tracks.len(), 1);
        assert_eq!(tracks[0].group().channels, layout(&recording).groups[0].channels);
        let mut names: Vec<_> =
            layout(&recording).groups.iter().map(|group| group.channels[0].name.as_str()).collect();
        if dc {
            assert_eq!(names.remove(2), "A-000");
        }
        let expected =
            ["A-000", "time", "A-000", "ANALOG-IN-1", "ANALOG-OUT-1", "digital in", "digital out"];
        assert_eq!(names, expected);
    }
}

#[test]
fn a_header_alone_is_a_recording_without_samples() {
    let folder = Folder::new();
    let bytes = rhd((3, 0), 29_999.432, 0, &RHD_CHANNELS[..1]);
    folder.write("info.rhd", &bytes);
    let recording = folder.open("info.rhd");
    let expected = [(1, "29999.432".into(), 0), (1, "29999.432".into(), 0)];
    assert_eq!(shape(layout(&recording), bytes.len() as u64), expected);
}

#[test]
fn a_header_alone_describes_the_files_beside_it() {
    let folder = Folder::new();
    let check = |name: &str, channels: usize, format: SampleFormat, microvolts: Option<f64>| {
        folder.write(name, [1; 48]);
        let recording = folder.open(name);
        assert_eq!((recording.kind, &recording.sidecars[0]), (Kind::Intan, &"info.rhd".into()));
        let group = &layout(&recording).groups[0];
        assert_eq!((group.channels.len(), group.format), (channels, format), "{name}");
        assert_eq!(
            (group.channels[0].microvolts, group.rate.to_string()),
            (microvolts, "20000".into())
        );
    };
    folder.write("info.rhd", rhd((3, 0), 20000.0, 0, &RHD_CHANNELS));
    check("time.dat", 1, SampleFormat::I32, None);
    check("amplifier.dat", 2, SampleFormat::I16, Some(0.195));
    check("auxiliary.dat", 1, SampleFormat::U16, Some(37.4));
    check("supply.dat", 1, SampleFormat::U16, Some(74.8));
    check("analogin.dat", 2, SampleFormat::U16, Some(152.59));
    check("digitalin.dat", 1, SampleFormat::I16, None);
    check("amp-A-000.dat", 1, SampleFormat::I16, Some(0.195));
    check("board-ADC-00.dat", 1, SampleFormat::U16, Some(152.59));
    check("board-DIN-00.dat", 1, SampleFormat::I16, None);
    check("vdd-VDD1.dat", 1, SampleFormat::U16, Some(74.8));
    for name in ["lowpass.dat", "low-A-000.dat", "notes.dat"] {
        folder.write(name, [1; 48]);
        assert!(folder.refusal(name).starts_with("unknown format"), "{name}");
    }
    // A stimulator has neither auxiliary inputs nor supplies: their files are plain bytes.
    std::fs::remove_file(folder.path().join("info.rhd")).unwrap();
    folder.write("info.rhs", rhs(30000.0, true, &RHS_CHANNELS));
    let recording = open(folder.path()).unwrap();
    restore(&recording);
    assert_eq!(
        (recording.kind, recording.remarks.len()),
        (Kind::Intan, 2),
        "{:?}",
        recording.remarks
    );
    for name in ["dcamplifier.dat", "stim.dat", "analogout.dat", "board-ANALOG-OUT-1.dat"] {
        folder.write(name, [1; 48]);
        assert_eq!(folder.open(name).sidecars, [std::path::Path::new("info.rhs")], "{name}");
    }
}

#[test]
fn broken_headers_are_refused() {
    let folder = Folder::new();
    let good = rhd((2, 0), 20000.0, 0, &RHD_CHANNELS);
    let check = |bytes: &[u8], why: &str| {
        folder.write("a.rhd", bytes);
        assert_eq!(folder.refusal("a.rhd"), why);
    };
    check(&good[..50], "ends within its header, after 50 bytes");
    check(&rhd((2, 0), 0.0, 0, &[]), "its header says sampling rate = \"0\"");
    check(&rhd((2, 0), f32::NAN, 0, &[]), "its header says sampling rate = \"NaN\"");
    let unknown = rhd((2, 0), 20000.0, 0, &[("X", 9, true)]);
    check(&unknown, "its header says signal type = \"9\"");
    let mut odd = good.clone();
    odd[48] = 3;
    check(&odd, "its header says length of a string = \"3\"");
    odd[48..52].copy_from_slice(&0x7fff_fffeu32.to_le_bytes());
    check(&odd, &format!("ends within its header, after {} bytes", odd.len()));
}
