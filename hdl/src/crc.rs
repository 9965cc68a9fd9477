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
//! | `crc` | out | 32 | the CRC of all words since the first one, and of what was before it, one clock later |
//!
//! ## Latency and throughput
//! One clock; one word per clock.
//!
//! ## How it works
//! The remainder after 32 more bits is a linear function of the remainder before them, XORed with
//! the word. So each bit of the next remainder is the parity of some bits: the Verilog has a mask
//! for each.
//!
//! ## Proofs
//! `testbench/tests/crc.rs`: random words in frames of random length against `crc32fast`.

use rust_hdl::prelude::*;

/// The polynomial, reflected.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// The CRC-32 of words.
#[derive(LogicBlock)]
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
    pub crc: Signal<Out, Bits<32>>,

    first_remainder: Constant<Bits<32>>,
}

impl Crc {
    /// A CRC that goes on from `initial`: 0 is that of nothing.
    pub fn new(initial: u32) -> Self {
        Self {
            clock: Default::default(),
            enable: Default::default(),
            start: Default::default(),
            word: Default::default(),
            crc: Signal::new_with_default(Bits::from(0_u64)),
            first_remainder: Constant::new(u64::from(!initial).into()),
        }
    }
}

/// The remainder after 32 zeros.
fn advance(remainder: u32) -> u32 {
    (0..32).fold(remainder, |r, _| if r & 1 == 1 { r >> 1 ^ POLYNOMIAL } else { r >> 1 })
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
        let bits = (0..32).map(|bit| {
            let mask = (0..32).filter(|from| advance(1 << from) >> bit & 1 == 1);
            let mask = mask.fold(0_u32, |mask, from| mask | 1 << from);
            format!("      crc[{bit}] <= ~^(mixed & 32'h{mask:08x});")
        });
        Verilog::Custom(format!(
            "\
// The first byte is the most significant one, its first bit the least significant one.
wire [31:0] remainder = start ? first_remainder : ~crc;
wire [31:0] mixed = remainder ^ {{word[7:0], word[15:8], word[23:16], word[31:24]}};

always @(posedge clock) begin
   if (enable) begin
{}
   end
end",
            bits.collect::<Vec<_>>().join("\n"),
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
