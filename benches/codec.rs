//! Encode and decode speed on one core, the baseline beside it: `cargo bench -p benches`.
//!
//! On the first recording of `TIERWIRE_RECORDINGS`, else on a synthetic one. Criterion's
//! `elements/s` are samples per second.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use golden_model::recordings::RecordingFile;
use golden_model::synthetic::Synthetic;
use golden_model::{Decoder, Encoder, SHIPPED, shipped};

fn recording() -> Vec<i16> {
    let Some(folder) = std::env::var_os("TIERWIRE_RECORDINGS") else {
        eprintln!("TIERWIRE_RECORDINGS is not set: measuring on a synthetic recording");
        return Synthetic::default().rounds(1, 1, 98_696);
    };
    let entries = std::fs::read_dir(folder).expect("the folder of TIERWIRE_RECORDINGS");
    let first = entries.map(|e| e.expect("an entry").path()).min().expect("a recording");
    RecordingFile::read(&first, None).expect("a recording").recording.samples
}

fn codecs(criterion: &mut Criterion) {
    let samples = recording();
    let mut encode = criterion.benchmark_group("encode");
    encode.throughput(Throughput::Elements(samples.len() as u64));
    encode.bench_function("difference + adaptive Rice", |b| {
        b.iter(|| study::baselines::adaptive_rice::encode(black_box(&samples)))
    });
    for set in SHIPPED.iter().filter_map(|s| shipped(s.name)) {
        let mut words = Vec::with_capacity(samples.len());
        let mut encoder = Encoder::new(&set, 1);
        encode.bench_function(set.name(), |b| {
            b.iter(|| {
                words.clear();
                encoder.extend(black_box(&samples), &mut words);
                words.extend(encoder.flush());
                words.len()
            })
        });
    }
    encode.finish();

    let mut decode = criterion.benchmark_group("decode");
    decode.throughput(Throughput::Elements(samples.len() as u64));
    let rice = study::baselines::adaptive_rice::encode(&samples);
    decode.bench_function("difference + adaptive Rice", |b| {
        b.iter(|| study::baselines::adaptive_rice::decode(black_box(&rice), samples.len()))
    });
    for set in SHIPPED.iter().filter_map(|s| shipped(s.name)) {
        let mut encoder = Encoder::new(&set, 1);
        let mut words = Vec::new();
        encoder.extend(&samples, &mut words);
        words.extend(encoder.flush());
        let mut decoder = Decoder::new(&set, 1);
        let mut back = vec![0; samples.len()];
        decode.bench_function(set.name(), |b| {
            b.iter(|| {
                decoder.reset();
                decoder.fill(black_box(&words), &mut back).expect("what was encoded")
            })
        });
        assert_eq!(back, samples);
    }
    decode.finish();
}

criterion_group! {
    name = speed;
    config = Criterion::default().sample_size(20).measurement_time(std::time::Duration::from_secs(2));
    targets = codecs
}
criterion_main!(speed);
