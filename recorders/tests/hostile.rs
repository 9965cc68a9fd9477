//! Hostile headers: an error, never a panic, in bounded memory; whatever is opened gives every byte
//! back. Alone in its program, because it measures all memory that is in use.

#[path = "files/folder.rs"]
mod folder;
#[path = "files/headers.rs"]
mod headers;

use std::panic::AssertUnwindSafe;

use peak_alloc::PeakAlloc;
use proptest::prelude::*;

use folder::{Folder, restore};
use headers::{brainvision, edf, intan, neuralynx, open_ephys, spikeglx};
use recorders::{Remark, open};

#[global_allocator]
static PEAK: PeakAlloc = PeakAlloc;

/// Files whose headers are damaged: the file to damage, then what lies beside it.
fn seeds() -> Vec<Vec<(&'static str, Vec<u8>)>> {
    let data = vec![1; 5000];
    let signals = [
        ("Fp1", "uV", 30, (-1.0, 1.0), (-100, 100)),
        ("EDF Annotations", "", 20, (-1.0, 1.0), (-100, 100)),
        ("Temp", "degC", 1, (-1.0, 1.0), (-100, 100)),
    ];
    let behind = |head: Vec<u8>| [head, data.clone()].concat();
    let stream = "continuous/Probe-100.AP";
    vec![
        vec![("a.edf", behind(edf::header(false, "0.1", &signals)))],
        vec![("a.bdf", behind(edf::header(true, "1", &signals)))],
        vec![("a.rhd", behind(intan::rhd((1, 3), 20000.0, 1, &intan::RHD_CHANNELS)))],
        vec![("a.rhd", behind(intan::rhd((3, 1), 20000.0, 1, &intan::RHD_CHANNELS)))],
        vec![("a.rhs", behind(intan::rhs(30000.0, true, &intan::RHS_CHANNELS)))],
        vec![(
            "a.ncs",
            behind(neuralynx::head("####\n-SamplingFrequency 32000\n-RecordSize 1044")),
        )],
        vec![("a.meta", spikeglx::PROBE.into()), ("a.bin", data.clone())],
        vec![
            ("a.vhdr", brainvision::HEADER.into()),
            ("a.eeg", data.clone()),
            ("a.vmrk", Vec::new()),
        ],
        vec![
            ("a.vhdr", brainvision::HEADER.replace("MULTIPLEXED", "VECTORIZED").into()),
            ("a.eeg", data.clone()),
        ],
        vec![
            ("structure.oebin", open_ephys::STRUCTURE.into()),
            ("continuous/Probe-100.AP/continuous.dat", data.clone()),
        ],
        vec![
            ("continuous/Probe-100.AP/a.npy", open_ephys::array("<i8", "(9, 2)", &data)),
            ("structure.oebin", open_ephys::STRUCTURE.into()),
            ("continuous/Probe-100.AP/continuous.dat", stream.into()),
        ],
    ]
}

/// Writes a seed, its first file as `damaged`.
fn write(folder: &Folder, files: &[(&str, Vec<u8>)], damaged: &[u8]) {
    folder.write(files[0].0, damaged);
    files[1..].iter().for_each(|(name, bytes)| drop(folder.write(name, bytes)));
}

/// A change of some bytes.
#[derive(Clone, Debug)]
enum Change {
    Set(u8),
    Digits([u8; 3]),
    Fill(usize, u8),
    Cut,
    Remove(usize),
    Repeat(usize),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        any::<u8>().prop_map(Change::Set),
        proptest::array::uniform3(b'-'..=b':').prop_map(Change::Digits),
        (1..12usize, proptest::sample::select(&[0, 1, b'9', b' ', 0x7f, 0xff][..]))
            .prop_map(|(count, byte)| Change::Fill(count, byte)),
        Just(Change::Cut),
        (1..40usize).prop_map(Change::Remove),
        (1..40usize).prop_map(Change::Repeat),
    ]
}

fn apply(change: &Change, at: usize, bytes: &mut Vec<u8>) {
    let length = bytes.len();
    let end = |count: usize| (at + count).min(length);
    match *change {
        Change::Set(byte) => bytes[at] = byte,
        Change::Digits(digits) => {
            let end = end(3);
            bytes[at..end].copy_from_slice(&digits[..end - at]);
        }
        Change::Fill(count, byte) => {
            let end = end(count);
            bytes[at..end].fill(byte);
        }
        Change::Cut => bytes.truncate(at),
        Change::Remove(count) => {
            let end = end(count);
            bytes.drain(at..end);
        }
        Change::Repeat(count) => {
            let copied = bytes[at..end(count)].to_vec();
            bytes.splice(at..at, copied);
        }
    }
}

#[test]
fn undamaged_headers_are_recordings() {
    for files in seeds() {
        let folder = Folder::new();
        write(&folder, &files, &files[0].1);
        let recording = open(folder.path()).unwrap();
        restore(&recording);
        assert!(recording.files.iter().any(|part| part.layout.is_some()), "{recording:?}");
        let plain = |remark: &Remark| matches!(remark, Remark::Plain { .. });
        assert!(!recording.remarks.iter().any(plain), "{recording:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn damaged_headers_are_errors_or_recordings(
        seed in 0..seeds().len(),
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), change()), 1..5),
    ) {
        let folder = Folder::new();
        let files = seeds().swap_remove(seed);
        let mut damaged = files[0].1.clone();
        for (at, change) in &changes {
            // The damage is to the header, which every seed begins with.
            let header = damaged.len().min(1500);
            if header > 0 {
                apply(change, at.index(header), &mut damaged);
            }
        }
        write(&folder, &files, &damaged);

        let before = PEAK.current_usage();
        PEAK.reset_peak_usage();
        let opened = std::panic::catch_unwind(AssertUnwindSafe(|| {
            (open(folder.path().join(files[0].0)), open(folder.path()))
        }));
        let used = PEAK.peak_usage().saturating_sub(before);
        let Ok((alone, whole)) = opened else { return Err(TestCaseError::fail("panicked")) };
        // A layout of 65535 channels takes 2.6 MB.
        prop_assert!(used < 32 << 20, "{} bytes", used);
        restore(&whole.unwrap());
        match alone {
            Ok(recording) => restore(&recording),
            Err(error) => prop_assert_eq!(error.to_string().lines().count(), 1),
        }
    }
}
