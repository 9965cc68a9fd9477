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
//! | `enable` | in | 1 | a word is there |
//! | `start` | in | 1 | it is a frame's first one |
//! | `word` | in | 32 | the word |
//! | `crc` | out | 32 | the CRC of all words since the frame's first one, and of the start value, one clock later |
//!
//! ## Latency and throughput
//! One clock; one word per clock.
//!
//! ## How it works
//! The remainder after 32 more bits is a linear function of the remainder before them, XORed with
//! the word. So each bit of the next remainder is the parity of some bits, 14 on average. Parities of
//! four bits that several of them share are computed once: 106 LUTs of four inputs instead of 147.
//!
//! ## Waveform
//! The words `31323334` and `35363738`, which are the text `12345678`:
//! ```text
#![doc = include_str!("../../waveforms/crc.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/crc.rs`: random words in frames of random length against `crc32fast`.

use crate::block::block;
use rust_hdl::prelude::*;
use std::sync::LazyLock;

/// The polynomial, reflected.
const POLYNOMIAL: u32 = 0xedb8_8320;

block! {
    /// The CRC-32 of words.
    pub struct Crc {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// A word is there.
        pub enable: Signal<In, Bit>,
        /// It is a frame's first one.
        pub start: Signal<In, Bit>,
        /// The word.
        pub word: Signal<In, Bits<32>>,
        /// The CRC of all words since the first one, one clock later.
        pub crc: Signal<Out, Bits<32>> = Signal::new_with_default(Bits::from(0_u64)),

        first_remainder: Constant<Bits<32>> = Constant::new(u64::from(!initial).into()),
    }

    /// A CRC that goes on from `initial`: 0 is that of nothing.
    pub fn new(initial: u32) -> Self {}
}

/// The remainder after 32 zeros.
fn advance(remainder: u32) -> u32 {
    (0..32).fold(remainder, |r, _| if r & 1 == 1 { r >> 1 ^ POLYNOMIAL } else { r >> 1 })
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
        0..32 => format!("mixed[{bit}]"),
        _ => format!("shared[{}]", bit - 32),
    };
    let names: Vec<String> = (0..64).filter(|bit| set >> bit & 1 == 1).map(name).collect();
    names.join(" ^ ")
}

impl Logic for Crc {
    fn update(&mut self) {
        if self.clock.pos_edge() && self.enable.val() {
            let before =
                if self.start.val() { self.first_remainder.val() } else { !self.crc.val() };
            let word = self.word.val().to_u32().swap_bytes();
            self.crc.next = u64::from(!advance(before.to_u32() ^ word)).into();
        }
    }

    fn connect(&mut self) {
        self.crc.connect();
    }

    fn hdl(&self) -> Verilog {
        let numbered = |sets: &[u64], line: fn(usize, String) -> String| {
            let lines = sets.iter().enumerate().map(|(at, &set)| line(at, parity(set)));
            lines.collect::<Vec<_>>().join("\n")
        };
        let shared = numbered(&PARITIES.shared, |at, set| format!("assign shared[{at}] = {set};"));
        let crc = numbered(&PARITIES.remainder, |at, set| format!("      crc[{at}] <= ~({set});"));
        let last = PARITIES.shared.len() - 1;
        Verilog::Custom(format!(
            "\
// The first byte is the most significant one, its first bit the least significant one.
wire [31:0] remainder = start ? first_remainder : ~crc;
wire [31:0] mixed = remainder ^ {{word[7:0], word[15:8], word[23:16], word[31:24]}};
wire [{last}:0] shared;
{shared}

always @(posedge clock) begin
   if (enable) begin
{crc}
   end
end",
        ))
    }

    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "crc".into(),
            clock: "clock".into(),
            inputs: vec!["enable".into(), "start".into(), "word".into()],
            outputs: vec!["crc".into()],
        }]
    }
}
