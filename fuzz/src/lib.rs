//! **Hostile input** for every reader: containers, frames, codes, table sets, WAV files.
//!
//! A target takes any bytes and fails by a panic: of its own, when what it reads contradicts itself,
//! or of the reader. [`Target::run`] adds a bound on memory. The same targets run
//!
//! - briefly in `cargo test`, on [seeds] that are damaged at random (`tests/short.rs`);
//! - on every input that ever failed, kept in `regressions/` (`tests/regressions.rs`);
//! - for as long as one likes under libFuzzer, guided by coverage: `scripts/fuzz.sh`.
//!
//! libFuzzer is linked as a library and the coverage counters come from flags that the stable
//! compiler has, so that no other toolchain is needed. There is no address sanitizer in it, which
//! needs a nightly compiler: no crate of ours holds unsafe code for it to find.

mod codes;
mod containers;
mod frames;
pub mod seeds;
mod table_sets;
mod wav_files;

use std::num::NonZero;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread::available_parallelism;

use golden_model::{SHIPPED, TableSet, shipped};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// One reader under attack.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    run: fn(&[u8]),
    /// Inputs that are right, to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Bytes of memory that any input may take, beside those for each of its bytes.
    allowance: usize,
    /// Bytes of memory for each byte of input.
    per_byte: usize,
    /// And never more than so many bytes for each core, however long the input.
    per_core: usize,
}

/// All of them.
pub const TARGETS: [Target; 5] = [
    Target {
        name: "container",
        run: containers::run,
        seeds: seeds::containers,
        allowance: 1 << 20,
        // The shortest block of 32767 channels makes a decoder of as many states.
        per_byte: 512,
        // The longest block, its words, its samples, and their bytes.
        per_core: 48 << 20,
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

    /// Feeds it, one input at a time; gives back how many bytes of memory that took. Memory is
    /// counted for the program as a whole: nothing else should be at work.
    ///
    /// # Panics
    /// When the input gets the better of the reader, or it takes more memory than it may.
    pub fn run(&self, input: &[u8]) -> usize {
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        table_sets();
        let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        (self.run)(input);
        let taken = MEMORY.peak_usage().saturating_sub(before);
        let bound = self.bound(input.len());
        assert!(taken <= bound, "{taken} bytes of memory for {} bytes of input", input.len());
        taken
    }

    /// Most bytes of memory that an input of so many bytes may take.
    pub fn bound(&self, length: usize) -> usize {
        let cores = available_parallelism().map_or(1, NonZero::get);
        self.allowance + (self.per_byte * length).min(self.per_core.saturating_mul(cores))
    }
}

/// The shipped table sets, but for the two of ten million bits; read once.
fn table_sets() -> &'static [TableSet] {
    static SETS: LazyLock<Vec<TableSet>> = LazyLock::new(|| {
        let small = SHIPPED.iter().filter(|known| !["seed", "seed-code"].contains(&known.name));
        small.filter_map(|known| shipped(known.name)).collect()
    });
    &SETS
}

/// The first byte, as one of `choices`, and the rest; nothing of nothing.
fn choose<'a, T>(choices: &'a [T], input: &mut &[u8]) -> Option<&'a T> {
    let (&first, rest) = input.split_first()?;
    *input = rest;
    choices.get(usize::from(first) % choices.len().max(1))
}
