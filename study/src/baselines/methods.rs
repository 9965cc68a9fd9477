//! All methods, with their descriptions.

use std::sync::Arc;

use crate::baselines::differences::Differences;
use crate::baselines::method::{Facts, Family, Latency, Method};
use crate::baselines::pairs::Pairs;
use crate::baselines::per_channel::{Codec, Functions, Huffman, PerChannel, Recoded, Successors};
use crate::baselines::program::{Calls, Program};
use crate::baselines::whole_file::WholeFile;
use crate::baselines::{
    adaptive_rice, bit_shuffle, bzip2, deflate, flac, sign_lms, sign_sign_lms, successors, wavpack,
    xz, zstd,
};

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
/// What deflate holds at level 9, as zlib documents it: window, its index, symbols waiting.
const DEFLATE: u64 = 256 * KIB;

/// Every method here. `table` is of the successor coders that send none of their own.
pub fn methods(table: successors::Table) -> Vec<Box<dyn Method>> {
    let mut all = samples();
    all.extend(statistics(Arc::new(table)));
    all.extend(sound());
    all.extend(general());
    all
}

/// Those for any recorder's samples: without the ones that are of use for 10-bit codes only. Of sound,
/// pairs of channels are coded together, and so are the bits of samples.
pub fn recorder_methods() -> Vec<Box<dyn Method>> {
    let mut all = samples();
    let facts = |name: &str, family, state_bytes, latency| Facts {
        name: name.into(),
        family,
        causal: false,
        state_bytes,
        latency,
        note: String::new(),
    };
    for (name, calls, state_bytes, block) in [
        ("flac -8, in pairs", flac::CALLS, 128 * KIB, 4096),
        ("wavpack -hh -x3, in pairs", wavpack::CALLS, 610 * KIB, 39_062),
    ] {
        let facts = facts(name, Family::Sound, state_bytes, Latency::Samples(block));
        all.push(Box::new(Pairs { facts, calls }));
    }
    all.push(Box::new(Differences {
        facts: facts("difference + zlib, as mtscomp", Family::Samples, DEFLATE, Latency::Recording),
    }));
    all.push(Box::new(WholeFile {
        facts: facts("bit shuffle + zstd, as Blosc", Family::Samples, 4 * MIB, Latency::Recording),
        compress: bit_shuffle::compress,
        decompress: bit_shuffle::decompress,
    }));
    all.extend(general().into_iter().filter(|method| !method.facts().name.ends_with("10 bits")));
    all
}

/// Sample by sample.
fn samples() -> Vec<Box<dyn Method>> {
    let facts = |name: &str, state_bytes, note: &str| Facts {
        name: name.into(),
        family: Family::Samples,
        causal: true,
        state_bytes,
        latency: Latency::Samples(1),
        note: note.into(),
    };
    vec![
        // The last code in 10 bits, the mean in 18.
        per_channel(
            facts("difference + adaptive Rice", 4, "no multiplier"),
            Functions { encode: adaptive_rice::encode, decode: adaptive_rice::decode },
        ),
        // The same, 16 differences in 11 bits, 16 weights in 26.
        per_channel(
            facts("sign-LMS + adaptive Rice", 78, "16 multipliers"),
            Functions { encode: sign_lms::encode, decode: sign_lms::decode },
        ),
        // 8 differences in 11 bits, 8 weights in 16, four models of 256 counts.
        per_channel(
            facts(
                "sign-sign LMS + range coder",
                2080,
                "the method of hx; 8 multipliers, a divider",
            ),
            Functions { encode: sign_sign_lms::encode, decode: sign_sign_lms::decode },
        ),
    ]
}

/// From counts of the values.
fn statistics(table: Arc<successors::Table>) -> Vec<Box<dyn Method>> {
    let two_passes = |name: &str, state_bytes, note: &str| Facts {
        name: name.into(),
        family: Family::Samples,
        causal: false,
        state_bytes,
        latency: Latency::Recording,
        note: note.into(),
    };
    let successors_bytes = 160 * KIB;
    // 1024 codes of up to 17 bits, and their lengths in 5.
    let huffman_bytes = 2816;
    let shared = |name: &str, zlib: bool| Facts {
        name: name.into(),
        family: Family::Samples,
        causal: !zlib,
        state_bytes: if zlib { 2 + DEFLATE } else { 2 },
        latency: if zlib { Latency::Recording } else { Latency::Samples(1) },
        note: "table of 160 KiB, trained on these recordings, not counted".into(),
    };
    vec![
        per_channel(
            two_passes("Huffman per file", huffman_bytes, "tree counted"),
            Huffman { with_tree: true },
        ),
        per_channel(
            two_passes("Huffman per file, no tree", huffman_bytes, "tree needed, not counted"),
            Huffman { with_tree: false },
        ),
        per_channel(
            two_passes("128 successors per file", successors_bytes, "table counted"),
            Successors { table: None, zlib: false },
        ),
        per_channel(
            two_passes(
                "128 successors per file + zlib",
                successors_bytes + DEFLATE,
                "table counted",
            ),
            Successors { table: None, zlib: true },
        ),
        per_channel(
            shared("128 successors, one table", false),
            Successors { table: Some(table.clone()), zlib: false },
        ),
        per_channel(
            shared("128 successors, one table + zlib", true),
            Successors { table: Some(table), zlib: true },
        ),
    ]
}

/// Programs for sound.
fn sound() -> Vec<Box<dyn Method>> {
    let mut all = Vec::new();
    let mut both = |name: &str, calls: Calls, state_bytes, block, note: &str| {
        for recoded in [false, true] {
            let facts = Facts {
                name: if recoded { format!("{name}, 10 bits") } else { name.into() },
                family: Family::Sound,
                causal: false,
                state_bytes,
                latency: Latency::Samples(block),
                note: note.into(),
            };
            all.push(per_channel(facts, Program { calls, recoded }));
        }
    };
    // Blocks of 4096 samples: as they are, windowed and predicted.
    both("flac -8", flac::CALLS, 64 * KIB, 4096, "no padding; time of the program, start included");
    // Blocks of 2 s, in 4 bytes a sample, before and after a pass.
    both(
        "wavpack -hh -x3",
        wavpack::CALLS,
        305 * KIB,
        39_062,
        "time of the program, start included",
    );
    all
}

/// For bytes of any kind.
fn general() -> Vec<Box<dyn Method>> {
    type Compress = fn(&[u8]) -> std::io::Result<Vec<u8>>;
    let mut all: Vec<Box<dyn Method>> = Vec::new();
    let mut both = |name: &str, [compress, decompress]: [Compress; 2], state_bytes, latency| {
        let facts = |name: String| Facts {
            name,
            family: Family::General,
            causal: false,
            state_bytes,
            latency,
            note: String::new(),
        };
        all.push(Box::new(WholeFile { facts: facts(name.into()), compress, decompress }));
        all.push(per_channel(facts(format!("{name}, 10 bits")), Recoded { compress, decompress }));
    };
    let whole = Latency::Recording;
    both("deflate -9 (zip)", [deflate::compress, deflate::decompress], DEFLATE, whole);
    // 400 kB and eight times its block, as documented.
    both("bzip2 -9", [bzip2::compress, bzip2::decompress], 7_600_000, whole);
    // 11.5 times a dictionary as large as the recording.
    both("xz -9e", [xz::compress, xz::decompress], 2 * MIB, whole);
    // Window, chains and hashes for a recording of up to 256 KiB.
    both("zstd -19", [zstd::compress, zstd::decompress], 4 * MIB, whole);
    all
}

fn per_channel(facts: Facts, codec: impl Codec + 'static) -> Box<dyn Method> {
    Box::new(PerChannel { facts, codec })
}
