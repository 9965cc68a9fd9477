//! Encode and decode speed on one core, two baselines beside it, and the range decoder alone: `cargo bench -p benches`.
//!
//! On the first recording of `TIERWIRE_RECORDINGS`, else on a synthetic one. Criterion's
//! `elements/s` are samples per second.

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use golden_model::encoder::SampleEncoder;
use golden_model::range_coder::{Found, Places, RangeDecoder, RangeEncoder};
use golden_model::recordings::RecordingFile;
use golden_model::synthetic::Synthetic;
use golden_model::{ChannelStates, Decoder, Encoder, SHIPPED, shipped};

fn recording() -> Vec<i16> {
    let Some(folder) = std::env::var_os("TIERWIRE_RECORDINGS") else {
        eprintln!("TIERWIRE_RECORDINGS is not set: measuring on a synthetic recording");
        return Synthetic::default().rounds(1, 1, 98_696);
    };
    let entries = std::fs::read_dir(folder).expect("the folder of TIERWIRE_RECORDINGS");
    let first = entries.map(|e| e.expect("an entry").path()).min().expect("a recording");
    RecordingFile::read(&first, None).expect("a recording").recording.samples
}

/// The method of the best entry published.
const PUBLISHED: &str = "sign-sign LMS + adaptive range coder, as in hx";

/// The range decoder of `range-128` without predictor and rank table: it is told each sample's class.
fn range_decoder(group: &mut BenchmarkGroup<'_, WallTime>, samples: &[i16]) {
    let set = shipped("range-128").expect("a shipped table set");
    let code = set.range_code().expect("a range coder");
    let (sampled, mut states) = (SampleEncoder::new(&set), ChannelStates::initial(&set, 1));
    let (mut encoder, mut words) = (RangeEncoder::default(), Vec::new());
    let mut classes = Vec::new();
    for &sample in samples {
        let (class, interval) = sampled.interval(&mut states, sample);
        classes.push(class);
        words.extend(encoder.push(interval));
    }
    words.extend(encoder.flush().into_iter().flatten());
    let (places, token_bits) = (Places::new(code), set.converter().token_bits());
    group.bench_function("range-128, the range decoder alone", |b| {
        b.iter(|| {
            let (mut decoder, mut rest) = (RangeDecoder::default(), words.iter());
            let mut sum = 0;
            for &class in black_box(&classes) {
                while decoder.wants_a_word()
                    && let Some(&word) = rest.next()
                {
                    decoder.push(word);
                }
                let found = decoder.pull(&places, class, token_bits);
                if let Ok(Some(Found::Rank(rank))) = found {
                    sum += rank;
                }
            }
            assert!(decoder.is_over());
            sum
        })
    });
}

fn codecs(criterion: &mut Criterion) {
    let samples = recording();
    let mut encode = criterion.benchmark_group("encode");
    encode.throughput(Throughput::Elements(samples.len() as u64));
    encode.bench_function("difference + adaptive Rice", |b| {
        b.iter(|| study::baselines::adaptive_rice::encode(black_box(&samples)))
    });
    encode.bench_function(PUBLISHED, |b| {
        b.iter(|| study::baselines::sign_sign_lms::encode(black_box(&samples)))
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
    let published = study::baselines::sign_sign_lms::encode(&samples);
    decode.bench_function(PUBLISHED, |b| {
        b.iter(|| study::baselines::sign_sign_lms::decode(black_box(&published), samples.len()))
    });
    range_decoder(&mut decode, &samples);
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
