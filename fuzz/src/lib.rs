//! **Hostile input** for every reader: containers, frames, the receiving end of a link, codes, table sets, WAV
//! files, recorders' files.
//!
//! A target takes any bytes and fails by a panic: the reader's, or its own when two ways of reading
//! disagree. [`Target::run`] adds a bound on memory. The same targets run
//!
//! - briefly in `cargo test`, on [seeds] that are damaged at random (`tests/short.rs`);
//! - on every input that ever failed, kept in `regressions/` (`tests/regressions.rs`);
//! - for any length of time under libFuzzer, guided by coverage: `scripts/fuzz.sh`.
//!
//! libFuzzer is linked as a library and the coverage counters come from flags that the stable
//! compiler has, so no other toolchain is needed. There is no address sanitizer, which needs a
//! nightly compiler: no crate that is fuzzed has unsafe code.

mod choices;
mod codes;
mod containers;
mod decisions;
mod frames;
#[path = "../../recorders/tests/files/headers.rs"]
mod headers;
mod link;
mod recorders;
pub mod seeds;
mod table_sets;
mod wav_files;

use std::num::NonZero;
use std::sync::{Mutex, PoisonError};
use std::thread::available_parallelism;

use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// One reader to attack.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    run: fn(&[u8]),
    /// Valid inputs to start from.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Bytes of memory that any input may take, in addition to those for each of its bytes.
    allowance: usize,
    /// Bytes of memory for each byte of input.
    per_byte: usize,
    /// The limit of those bytes for each core, however long the input.
    per_core: usize,
}

/// All of them.
pub const TARGETS: [Target; 8] = [
    Target {
        name: "container",
        run: containers::run,
        seeds: seeds::containers,
        // Two full blocks of decisions, of channels that stay on a value, are of few bytes.
        allowance: 96 << 20,
        // The shortest block of 32767 channels makes a decoder of as many states.
        per_byte: 512,
        // The longest block, its words, its samples, and their bytes.
        per_core: 48 << 20,
    },
    Target {
        name: "decisions",
        run: decisions::run,
        seeds: seeds::decisions,
        // The weights, as trained and as learned, and 160,000 samples.
        allowance: 16 << 20,
        per_byte: 64,
        per_core: usize::MAX,
    },
    Target {
        name: "deframer",
        run: frames::run,
        seeds: seeds::frames,
        allowance: 4 << 20,
        per_byte: 256,
        per_core: usize::MAX,
    },
    Target {
        name: "decoder",
        run: codes::run,
        seeds: seeds::codes,
        allowance: 4 << 20,
        per_byte: 64,
        per_core: usize::MAX,
    },
    Target {
        name: "link",
        run: link::run,
        seeds: seeds::link,
        // All shipped table sets, once, for their digests.
        allowance: 16 << 20,
        per_byte: 1024,
        per_core: usize::MAX,
    },
    Target {
        name: "recorders",
        run: recorders::run,
        seeds: seeds::recorders,
        // A layout of 65535 channels takes a few megabytes, and there are three at a time.
        allowance: 32 << 20,
        per_byte: 256,
        per_core: usize::MAX,
    },
    // A rank table of 1024 rows of 2048 offsets is legal, and so are 64 contexts of long codes.
    Target {
        name: "table-set",
        run: table_sets::run,
        seeds: seeds::table_sets_as_text,
        allowance: 128 << 20,
        per_byte: 256,
        per_core: usize::MAX,
    },
    Target {
        name: "wav",
        run: wav_files::run,
        seeds: seeds::wav_files,
        allowance: 4 << 20,
        per_byte: 1024,
        per_core: usize::MAX,
    },
];

impl Target {
    /// The target of this name.
    pub fn named(name: &str) -> Option<Target> {
        TARGETS.into_iter().find(|target| target.name == name)
    }

    /// Runs the target on one input at a time and returns how many bytes of memory that took.
    /// Memory is counted for the whole program: nothing else should be running.
    ///
    /// # Panics
    /// When the reader panics or contradicts itself, or takes more memory than it may.
    pub fn run(&self, input: &[u8]) -> usize {
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        choices::table_sets();
        let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        (self.run)(input);
        let taken = MEMORY.peak_usage().saturating_sub(before);
        let bound = self.bound(input.len());
        assert!(taken <= bound, "{taken} bytes of memory for {} bytes of input", input.len());
        taken
    }

    /// Most bytes of memory that an input of `length` bytes may take.
    pub fn bound(&self, length: usize) -> usize {
        let cores = available_parallelism().map_or(1, NonZero::get);
        self.allowance + (self.per_byte * length).min(self.per_core.saturating_mul(cores))
    }
}
