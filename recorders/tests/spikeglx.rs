//! SpikeGLX: samples, and the `.meta` file beside them.

use std::path::Path;

use crate::folder::{Folder, layout, samples, shape};
use crate::headers::spikeglx::PROBE;
use golden_model::layout::Samples;
use recorders::Kind;

#[test]
fn spikes_fields_and_the_sync_word_are_groups() {
    let folder = Folder::new();
    let bytes: Vec<u8> = (1..=9i16).flat_map(i16::to_le_bytes).collect();
    folder.write("run_g0_t0.imec0.ap.bin", &bytes);
    folder.write("run_g0_t0.imec0.ap.meta", PROBE.replace('\n', "\r\n"));
    for name in ["run_g0_t0.imec0.ap.bin", "run_g0_t0.imec0.ap.meta"] {
        let recording = folder.open(name);
        assert_eq!(recording.kind, Kind::SpikeGlx);
        assert_eq!(recording.files[0].path, Path::new("run_g0_t0.imec0.ap.bin"));
        assert_eq!(recording.sidecars, [Path::new("run_g0_t0.imec0.ap.meta")]);
        let layout = layout(&recording);
        let rate = || "30000.123".to_owned();
        assert_eq!(shape(layout, 18), [(2, rate(), 2), (1, rate(), 2), (1, rate(), 2)]);
        let channels = layout.groups.iter().flat_map(|group| &group.channels);
        let described: Vec<_> = channels.map(|c| (c.name.as_str(), c.microvolts)).collect();
        let step = 0.6 / 512.0 * 1e6;
        assert_eq!(
            described,
            [
                ("AP0", Some(step / 500.0)),
                ("AP2", Some(step / 1000.0)),
                ("LF1", Some(step / 250.0)),
                ("SY0", None)
            ]
        );
        let i16s = |values: &[i16]| Samples::I16(values.to_vec());
        assert_eq!(samples(&recording), [i16s(&[1, 2, 5, 6]), i16s(&[3, 7]), i16s(&[4, 8])]);
    }
}

#[test]
fn cards_and_one_boxes_have_other_lines() {
    let folder = Folder::new();
    for (meta, groups, steps) in [
        (
            "typeThis=nidq\nniSampRate=25000\nnSavedChans=3\nsnsMnMaXaDw=1,0,1,1\nniAiRangeMax=5\n\
             niMaxInt=32768\nniMNGain=200\n",
            [("25000", 1), ("25000", 1), ("25000", 1)],
            [Some(5e6 / 32768.0 / 200.0), Some(5e6 / 32768.0), None],
        ),
        (
            "typeThis=obx\nobSampRate=30303\nnSavedChans=4\nsnsXaDwSy=2,1,1\nobAiRangeMax=5\nobMaxInt=32768",
            [("30303", 2), ("30303", 1), ("30303", 1)],
            [Some(5e6 / 32768.0), None, None],
        ),
    ] {
        folder.write("a.bin", [0; 16]);
        folder.write("a.meta", meta);
        let recording = folder.open("a.bin");
        let found = &layout(&recording).groups;
        let shapes: Vec<_> = found.iter().map(|g| (g.rate.to_string(), g.channels.len())).collect();
        assert_eq!(shapes, groups.map(|(rate, channels)| (rate.to_owned(), channels)));
        let found: Vec<_> = found.iter().map(|group| group.channels[0].microvolts).collect();
        assert_eq!(found, steps);
    }
}

#[test]
fn a_file_that_ends_early_is_coded_and_the_user_is_told() {
    let folder = Folder::new();
    folder.write("a.bin", [0; 16]);
    for (declared, remarks) in [(16, 0), (24, 1)] {
        folder.write("a.meta", format!("{PROBE}fileSizeBytes={declared}\n"));
        for recording in [folder.open("a.bin"), recorders::open(folder.path()).unwrap()] {
            assert_eq!(recording.remarks.len(), remarks);
            let why =
                "a.bin: ends early: its header declares 24 bytes of samples, 16 are there and kept";
            assert!(recording.remarks.iter().all(|remark| remark.to_string() == why));
        }
    }
}

#[test]
fn broken_descriptions_are_refused() {
    let folder = Folder::new();
    folder.write("a.bin", [0; 16]);
    let check = |from: &str, to: &str, why: &str| {
        folder.write("a.meta", PROBE.replace(from, to));
        assert_eq!(folder.refusal("a.bin"), why);
    };
    check("imSampRate=", "x=", "its header has no imSampRate");
    check("30000.123", "fast", "its header says imSampRate = \"fast\"");
    check("nSavedChans=4", "nSavedChans=5", "its header names 4 channels, not 5");
    check("snsApLfSy=2", "snsApLfSy=-2", "its header says snsApLfSy = \"-2\"");
    folder.write("b.meta", PROBE);
    let why = folder.refusal("b.meta");
    assert!(why.starts_with("its samples are not there: ") && why.ends_with("b.bin"), "{why}");
}

#[test]
fn a_kind_of_file_that_is_not_known_is_kept_as_it_is() {
    let folder = Folder::new();
    folder.write("a.bin", [0; 16]);
    folder.write("a.meta", PROBE.replace("typeThis=imec", "typeThis=new"));
    let recording = folder.open("a.bin");
    assert!(recording.files[0].layout.is_none());
    assert_eq!(recording.remarks[0].to_string(), "a.bin: kept as plain bytes, typeThis=new");
    assert_eq!(recording.sidecars, [Path::new("a.meta")]);
}
