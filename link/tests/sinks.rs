//! What is written, read by other readers than those that wrote it.

use std::io::Read;
use std::net::TcpStream;
use std::path::Path;

use golden_model::archive::Reader;
use link::{Counters, Destination, Event, Gaps, Missing, Plan, Why};

use crate::sent::{format, samples};

/// Records two stretches of samples with missing rounds between them and after them.
fn record(outputs: &[&str], folder: &Path, gaps: Gaps) {
    let outputs: Vec<Destination> =
        outputs.iter().map(|name| folder.join(name).to_str().unwrap().parse().unwrap()).collect();
    let plan = Plan {
        outputs: &outputs,
        gaps,
        sidecar: None,
        json_lines: false,
        watch: false,
        page: None,
    };
    plan.check().unwrap();
    let mut recorder = plan.open(&format()).unwrap();
    let sent = samples(4);
    let missing = |rounds: std::ops::Range<u64>| {
        Event::Missing(Missing { frames: rounds.start / 5..rounds.end / 5, rounds, why: Why::Lost })
    };
    let events = [
        Event::Samples { round: 0, samples: &sent[..40] },
        missing(10..20),
        Event::Samples { round: 20, samples: &sent[40..] },
        missing(30..35),
    ];
    events.iter().for_each(|event| recorder.take(event).unwrap());
    recorder.finish(Counters::default()).unwrap();
}

/// What should stand there, as floats.
fn expected(gaps: Gaps) -> Vec<f32> {
    let sent: Vec<f32> = samples(4).into_iter().map(f32::from).collect();
    let filling = |last: &[f32], rounds: usize| match gaps {
        Gaps::Hold => last.repeat(rounds),
        Gaps::Zero => vec![0.0; 4 * rounds],
        Gaps::Nan => vec![f32::NAN; 4 * rounds],
        Gaps::Skip => Vec::new(),
    };
    [&sent[..40], &filling(&sent[36..40], 10), &sent[40..], &filling(&sent[76..], 5)].concat()
}

fn floats(bytes: &[u8], gaps: Gaps) -> Vec<f32> {
    match gaps {
        Gaps::Nan => bytes.as_chunks().0.iter().map(|&four| f32::from_le_bytes(four)).collect(),
        _ => bytes.as_chunks().0.iter().map(|&two| i16::from_le_bytes(two).into()).collect(),
    }
}

fn same(one: &[f32], other: &[f32]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a.to_bits() == b.to_bits())
}

#[test]
fn raw_and_wav_files_have_the_filling_where_samples_are_missing() {
    for gaps in Gaps::ALL {
        let folder = tempfile::tempdir().unwrap();
        record(&["a.raw", "a.wav"], folder.path(), gaps);
        let raw = std::fs::read(folder.path().join("a.raw")).unwrap();
        assert!(same(&floats(&raw, gaps), &expected(gaps)), "{gaps}");
        let mut wav = hound::WavReader::open(folder.path().join("a.wav")).unwrap();
        assert_eq!((wav.spec().channels, wav.spec().sample_rate), (4, 20_000));
        let read: Vec<f32> = match gaps {
            Gaps::Nan => wav.samples::<f32>().map(Result::unwrap).collect(),
            _ => wav.samples::<i16>().map(|sample| sample.unwrap().into()).collect(),
        };
        assert!(same(&read, &expected(gaps)), "{gaps}");
        let list = std::fs::read(folder.path().join("a.raw.gaps.json")).unwrap();
        let list: serde_json::Value = serde_json::from_slice(&list).unwrap();
        let at: Vec<_> =
            list["missing"].as_array().unwrap().iter().map(|m| m["at"].as_u64()).collect();
        assert_eq!(at, [Some(10), Some(if gaps == Gaps::Skip { 20 } else { 30 })]);
        assert_eq!(list["rounds"], 35);
        assert_eq!(list["rounds_written"], expected(gaps).len() / 4);
    }
}

#[test]
fn an_archive_and_an_array_hold_the_same_samples() {
    let folder = tempfile::tempdir().unwrap();
    record(&["a.raw", "a.twr", "a.zarr"], folder.path(), Gaps::Hold);
    let at = |name: &str| folder.path().join(name);
    let raw = std::fs::read(at("a.raw")).unwrap();
    let restored = |path: &Path| {
        let mut reader = Reader::new(std::fs::File::open(path).unwrap()).unwrap();
        let header = reader.next_file().unwrap().unwrap();
        let mut bytes = Vec::new();
        reader.restore(&header, &mut bytes).unwrap();
        (header.name, bytes)
    };
    assert_eq!(restored(&at("a.twr")), ("a.raw".into(), raw.clone()));
    let metadata = std::fs::read(at("a.zarr").join("zarr.json")).unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&metadata).unwrap();
    assert_eq!(metadata["shape"], serde_json::json!([35, 4]));
    let (name, chunk) = restored(&at("a.zarr").join("c/0/0"));
    // A chunk has its whole length.
    assert_eq!((&name[..], chunk.len()), ("chunk", 20_000 * 4 * 2));
    assert_eq!(chunk[..raw.len()], raw);
    assert!(chunk[raw.len()..].iter().all(|&byte| byte == 0));
}

#[test]
fn an_array_is_not_written_over_another() {
    let folder = tempfile::tempdir().unwrap();
    record(&["a.zarr"], folder.path(), Gaps::Hold);
    let again: Destination = folder.path().join("a.zarr").to_str().unwrap().parse().unwrap();
    let error = again.open(&format(), Gaps::Hold.encoding()).err().unwrap().to_string();
    assert!(error.ends_with("is there already, with files in it"), "{error}");
}

#[test]
fn a_viewer_of_open_ephys_gets_blocks() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address: Destination = format!("ephys://127.0.0.1:{port}").parse().unwrap();
    let mut sink = address.open(&format(), Gaps::Hold.encoding()).unwrap();
    let mut viewer = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let rounds: Vec<u8> =
        (0..200_u16).flat_map(|n| [n, n, n, n]).flat_map(u16::to_le_bytes).collect();
    let mut header = [0; 22];
    // The port is there at once; who connected is known a little later.
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| viewer.read_exact(&mut header).map(|()| &mut header));
        while !reading.is_finished() {
            sink.write(&rounds).unwrap();
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    });
    assert_eq!(header[4..8], 1600_u32.to_le_bytes());
    let mut samples = vec![0; 1600];
    viewer.read_exact(&mut samples).unwrap();
    // Channel after channel, 200 samples each.
    assert!((0..4).all(|channel| samples[400 * channel..][..6] == [0, 0, 1, 0, 2, 0]));
}

#[cfg(feature = "lsl")]
#[test]
fn a_reader_of_lsl_gets_the_samples() {
    use lsl::Pullable;

    let name = format!("tierwire-test-{}", std::process::id());
    let outlet: Destination = format!("lsl:{name}").parse().unwrap();
    let mut sink = outlet.open(&format(), Gaps::Hold.encoding()).unwrap();
    let found = lsl::resolve_byprop("name", &name, 1, 20.0).unwrap();
    assert_eq!((found[0].channel_count(), found[0].nominal_srate()), (4, 20_000.0));
    let inlet = lsl::StreamInlet::new(&found[0], 10, 0, true).unwrap();
    inlet.open_stream(20.0).unwrap();
    let rounds: Vec<u8> = (0..40_u16).flat_map(u16::to_le_bytes).collect();
    // An outlet keeps nothing for readers that are not there yet: it goes on until one is.
    let pull = |seconds: f64| -> Vec<i16> { inlet.pull_sample(seconds).unwrap().0 };
    let first = std::iter::repeat_with(|| {
        sink.write(&rounds).unwrap();
        pull(0.2)
    });
    let first = first.take(100).find(|sample| !sample.is_empty()).unwrap();
    let right = |round: i16| [0, 1, 2, 3].map(|channel| 4 * round + channel);
    assert_eq!(first, right(0));
    (1..10).for_each(|round| assert_eq!(pull(20.0), right(round)));
}

#[cfg(not(feature = "lsl"))]
#[test]
fn without_lsl_the_reason_is_said() {
    let outlet: Destination = "lsl:any".parse().unwrap();
    let error = outlet.open(&format(), Gaps::Hold.encoding()).err().unwrap().to_string();
    assert!(error.starts_with("lsl:any: this program was built without LSL"), "{error}");
}
