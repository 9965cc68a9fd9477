//! # Crc
//!
//! ## Purpose
//! The CRC-32 of a frame's words: IEEE, reflected, as zlib computes it over the words' bytes, the
//! most significant byte first.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | |
//! | `restart` | in | 1 | no word yet: from the next clock on the start value counts alone |
//! | `from` | in | 32 | the start value, as [`start_of`] makes it of a CRC |
//! | `enable` | in | 1 | a word is there |
//! | `word` | in | 32 | the word |
//! | `crc` | out | 32 | after a zero behind the last word: the CRC of the words before it, and of the start value |
//!
//! ## Latency and throughput
//! One clock; one word per clock.
//!
//! ## How it works
//! The remainder after 32 more bits is a linear function of the remainder before them, XORed with
//! the word. The register holds that XOR, `mixed`: each bit of it comes from one LUT that has nothing else to drive,
//! and the function changes once a word.
//! ```text
//! mixed = function(mixed) xor word          with each word
//! crc   = not mixed                         behind a word that is zero
//! ```
//! Each bit of the function is the parity of some bits, 14 on average. Parities of
//! four bits that several of them share are computed once.
//!
//! ## Waveform
//! The words `31323334` and `35363738`, which are the text `12345678`:
//! ```text
#![doc = include_str!("../../waveforms/crc.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/crc.rs`: random words in frames of random length against `crc32fast`.

use crate::block::{block, comment};
use rust_hdl::prelude::*;
use std::sync::LazyLock;

/// The polynomial, reflected.
const POLYNOMIAL: u32 = 0xedb8_8320;

block! {
    /// The CRC-32 of words.
    pub struct Crc {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// Only the start value counts from the next clock on.
        pub restart: Signal<In, Bit>,
        /// The start value.
        pub from: Signal<In, Bits<32>>,
        /// A word is there.
        pub enable: Signal<In, Bit>,
        /// The word.
        pub word: Signal<In, Bits<32>>,
        /// After a zero behind the last word: the CRC of the words before it.
        pub crc: Signal<Out, Bits<32>>,

        mixed: DFF<Bits<32>>,
        advance: Advance,
        byte_0: Signal<Local, Bits<32>>,
        byte_1: Signal<Local, Bits<32>>,
        byte_2: Signal<Local, Bits<32>>,
        byte_3: Signal<Local, Bits<32>>,
    }
}

/// The start value of a CRC that goes on from `crc`: 0 is that of nothing.
pub fn start_of(crc: u32) -> u32 {
    retreat(!crc)
}

impl Logic for Crc {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, mixed);
        comment!(
            "The first byte is the most significant one, its first bit the least significant one."
        );
        self.byte_0.next = (self.word.val().index() >> 24).to_bits();
        self.byte_1.next = ((self.word.val().index() >> 8) & 0xff00).to_bits();
        self.byte_2.next = ((self.word.val().index() & 0xff00) << 8).to_bits();
        self.byte_3.next = ((self.word.val().index() & 0xff) << 24).to_bits();
        self.advance.remainder.next = self.mixed.q.val();
        if self.enable.val() {
            self.mixed.d.next = self.advance.after.val()
                ^ (self.byte_0.val() | self.byte_1.val() | self.byte_2.val() | self.byte_3.val());
        }
        if self.restart.val() {
            self.mixed.d.next = self.from.val();
        }
        self.crc.next = !self.mixed.q.val();
    }
}

/// The remainder after 32 zeros.
fn advance(remainder: u32) -> u32 {
    (0..32).fold(remainder, |r, _| if r & 1 == 1 { r >> 1 ^ POLYNOMIAL } else { r >> 1 })
}

/// The remainder that 32 zeros make this one of.
fn retreat(remainder: u32) -> u32 {
    let before = |r: u32| if r >> 31 == 1 { (r ^ POLYNOMIAL) << 1 | 1 } else { r << 1 };
    (0..32).fold(remainder, |r, _| before(r))
}

/// The remainder after 32 zeros, as parities. A parity is a set of its inputs: bits 0 to 31 are those
/// of the remainder before, the bits from 32 on are `shared`, in their order.
struct Parities {
    shared: Vec<u64>,
    remainder: Vec<u64>,
}

/// Inputs of a shared parity: those of a LUT.
const SHARED_INPUTS: usize = 4;

static PARITIES: LazyLock<Parities> = LazyLock::new(|| {
    let inputs = |bit: u32| (0..32).filter(move |from| advance(1 << from) >> bit & 1 == 1);
    let mut remainder: Vec<u64> =
        (0..32).map(|bit| inputs(bit).fold(0, |set, from| set | 1 << from)).collect();
    let mut shared = Vec::new();
    // Greedily: the set of four that most parities have, as long as two have it.
    loop {
        let mut found: Vec<u64> =
            remainder.iter().flat_map(|&set| subsets(set, SHARED_INPUTS)).collect();
        found.sort_unstable();
        let most = found.chunk_by(|a, b| a == b).map(|same| (same.len(), same[0])).max();
        let Some((2.., common)) = most else { break };
        let bit = 1 << (32 + shared.len());
        shared.push(common);
        for set in remainder.iter_mut().filter(|set| **set & common == common) {
            *set = *set & !common | bit;
        }
    }
    Parities { shared, remainder }
});

/// All subsets of a set with `size` members.
fn subsets(set: u64, size: usize) -> Vec<u64> {
    if size == 0 {
        return vec![0];
    }
    let mut all = Vec::new();
    let mut rest = set;
    while rest != 0 {
        let first = rest & rest.wrapping_neg();
        rest ^= first;
        all.extend(subsets(rest, size - 1).iter().map(|others| first | others));
    }
    all
}

/// A parity in Verilog.
fn parity(set: u64) -> String {
    let name = |bit: usize| match bit {
        0..32 => format!("remainder[{bit}]"),
        _ => format!("shared[{}]", bit - 32),
    };
    let names: Vec<String> = (0..64).filter(|bit| set >> bit & 1 == 1).map(name).collect();
    names.join(" ^ ")
}

/// The remainder after 32 zeros, without a register.
#[derive(LogicBlock, Default)]
struct Advance {
    remainder: Signal<In, Bits<32>>,
    after: Signal<Out, Bits<32>>,
}

impl Logic for Advance {
    fn update(&mut self) {
        self.after.next = u64::from(advance(self.remainder.val().to_u32())).into();
    }

    fn connect(&mut self) {
        self.after.connect();
    }

    fn hdl(&self) -> Verilog {
        let numbered = |sets: &[u64], line: fn(usize, String) -> String| {
            let lines = sets.iter().enumerate().map(|(at, &set)| line(at, parity(set)));
            lines.collect::<Vec<_>>().join("\n")
        };
        let shared = numbered(&PARITIES.shared, |at, set| format!("assign shared[{at}] = {set};"));
        let after = numbered(&PARITIES.remainder, |at, set| format!("   after[{at}] = {set};"));
        let last = PARITIES.shared.len() - 1;
        Verilog::Custom(format!(
            "\
wire [{last}:0] shared;
{shared}

always @(*) begin
{after}
end",
        ))
    }
}
