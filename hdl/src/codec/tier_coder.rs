//! # TierCoder
//!
//! ## Purpose
//! Maps a rank to its code: the prefix of its tier and its place within the tier. Maps a token or a
//! sample to an escape. Twin of [`golden_model::tier_coder`].
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock`, `aresetn` | in | 1 | reset drops what is inside |
//! | `valid`, `last` | in | 1 | a sample is there; it ends its packet |
//! | `activity_context` | in | 4 | which of the tier codes |
//! | `rank`, `in_window` | in | `TOKEN`, 1 | the rank, if there is one |
//! | `on_lattice` | in | 1 | whether the sample is its token's |
//! | `sample` | in | 16 | the sample, **one clock after the rest** |
//! | `load_at`, `load_word` | in | 22, 32 | from the [loader](crate::tables::loader), if tables are loaded |
//! | `code_valid`, `code_last` | out | 1 | a code is there; it ends its packet |
//! | `code`, `length` | out | 27, 5 | the code, right-aligned, and its bits |
//!
//! ## Latency and throughput
//! Two clocks; one code per clock.
//!
//! ## How it works
//! ```text
//! stage 3  tier ROM   {context, rank or its class} -> tier
//!                                                    14: the rank is in no tier: token escape
//! stage 4  tier, or an escape; code ROM {context, tier} -> {length, addend}; payload selected
//! stage 5  code = {upper addend, lower addend + payload}
//! ```
//! A code is its tier's prefix followed by `rank - base`, which is one addition:
//! `(prefix << b) - base + rank`. As `b` is at most 16, the codes of a tier differ only in their lower 16
//! bits. These are added modulo 2^16; the upper 11 bits come from the ROM unchanged. Where only the converter's
//! codes come in, 16 becomes the bits of a token. A code is never
//! longer, because a prefix has at most 11 bits.
//!
//! ## Waveform
//! ```text
#![doc = include_str!("../../waveforms/tier_coder.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/proofs/tier_coder.sv`, for each table set and any input: no code is longer than the
//! set's longest, none is empty, none has a bit set above its length.
//!
//! `testbench/tests/tier_coder.rs`: every context with every rank and both escapes, for each
//! profile.

use crate::block::{block, comment};
use crate::codec::converter::{Candidate, Input};
use crate::memory::rom::Rom;
use crate::shape::SAMPLE;
use crate::tables::table::{HasTables, LOAD_AT, LOAD_WORD, Table};
use golden_model::tier_coder::{Tier, TierCode};
use golden_model::{TableSet, rank_class};
use rust_hdl::prelude::*;

/// Clocks from a rank to its code.
pub const LATENCY: usize = 2;
/// The tier index of the token escape.
pub const TOKEN_ESCAPE: usize = 14;
/// The tier index of the sample escape.
pub const SAMPLE_ESCAPE: usize = 15;
/// Bits of the longest payload: a sample.
const PAYLOAD_BITS: usize = SAMPLE;
/// Bits of the longest code.
pub const CODE_BITS: usize = 27;

block! {
    /// Rank, token or sample to code.
    pub struct TierCoder<const TOKEN: usize> {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// Low: drop what is inside.
        pub aresetn: Signal<In, Bit>,
        /// A sample is there.
        pub valid: Signal<In, Bit>,
        /// It ends its packet.
        pub last: Signal<In, Bit>,
        /// Which of the tier codes.
        pub activity_context: Signal<In, Bits<4>>,
        /// The token's rank.
        pub rank: Signal<In, Bits<TOKEN>>,
        /// Whether it has one.
        pub in_window: Signal<In, Bit>,
        /// Whether the sample is its token's.
        pub on_lattice: Signal<In, Bit>,
        /// The sample, one clock after the rest.
        pub sample: Signal<In, Bits<SAMPLE>>,
        /// From the loader: where to.
        pub load_at: Signal<In, Bits<LOAD_AT>>,
        /// From the loader: the word.
        pub load_word: Signal<In, Bits<LOAD_WORD>>,

        /// A code is there.
        pub code_valid: Signal<Out, Bit>,
        /// It ends its packet.
        pub code_last: Signal<Out, Bit>,
        /// The code, right-aligned.
        pub code: Signal<Out, Bits<27>>,
        /// Bits of the code.
        pub length: Signal<Out, Bits<5>>,

        candidate: Candidate<TOKEN> = Candidate::new(&input.converter(set.converter())),
        tier_rom: Rom<4, TOKEN, 4> = tier_rom(set),
        code_rom: Rom<4, 4, 32> = Rom::new(codes.iter().map(|code| code_rom_row(code, input, payload_bits))),

        s4_valid: DFF<Bit>,
        s4_last: DFF<Bit>,
        s4_activity_context: DFF<Bits<4>>,
        s4_rank: DFF<Bits<TOKEN>>,
        s4_in_window: DFF<Bit>,
        s4_off_lattice: DFF<Bit>,
        s5_valid: DFF<Bit>,
        s5_last: DFF<Bit>,
        s5_payload: DFF<Bits<PAYLOAD_BITS>>,

        tier: Signal<Local, Bits<4>>,
        payload: Signal<Local, Bits<PAYLOAD_BITS>>,
        payload_mask: Constant<Bits<PAYLOAD_BITS>> = Constant::new(((1_usize << payload_bits) - 1).to_bits()),
        upper_mask: Constant<Bits<27>> = Constant::new(upper_mask.to_bits()),
        entry: Signal<Local, Bits<32>>,
        addend: Signal<Local, Bits<PAYLOAD_BITS>>,
        lower: Signal<Local, Bits<PAYLOAD_BITS>>,
        lower_bits: Signal<Local, Bits<PAYLOAD_BITS>>,
        upper_bits: Signal<Local, Bits<27>>,
    }

    /// The hardware of a set's tier codes.
    ///
    /// # Panics
    /// When they do not fit; [`Profile`](crate::profile::Profile) checks it.
    pub fn new(set: &TableSet, input: Input) -> Self {
        let codes = set.tier_codes();
        let payload_bits = input.payload_bits(set.converter());
        let longest = codes.iter().map(|code| longest_code(code, input)).max().unwrap_or(0);
        let upper_mask = ((1_usize << longest) - 1) >> payload_bits << payload_bits;
    }
}

/// The tier of each rank, or of each class of ranks by nearness: a tier has whole classes.
fn tier_rom<const TOKEN: usize>(set: &TableSet) -> Rom<4, TOKEN, 4> {
    let codes = set.tier_codes().iter();
    if set.rank_table().is_by_nearness() {
        let classes = rank_class::classes(TOKEN as u32);
        let tier = |code: &TierCode, class: usize| match class < classes {
            true => tier_index(code, rank_class::first(class) as u16),
            false => TOKEN_ESCAPE as u32,
        };
        let row = |code| (0..classes.next_power_of_two()).map(|class| tier(code, class)).collect();
        return Rom::by_class(codes.map(row));
    }
    let ranks = 0..set.rank_table().width() as u16;
    Rom::new(codes.map(|code| ranks.clone().map(|rank| tier_index(code, rank)).collect()))
}

/// The tier of a rank as the hardware numbers tiers.
fn tier_index(code: &TierCode, rank: u16) -> u32 {
    let tier = code.tier_of(Some(rank));
    let is_escape = tier == code.tiers().len() - 2;
    (if is_escape { TOKEN_ESCAPE } else { tier }) as u32
}

/// Bits of the longest code that comes of an input.
fn longest_code(code: &TierCode, input: Input) -> u8 {
    let tiers = code.tiers();
    let come = match input {
        Input::Samples => tiers.len(),
        // The sample escape is the last one.
        Input::Codes => tiers.len() - 1,
    };
    tiers[..come].iter().map(Tier::code_len).max().unwrap_or(0)
}

/// The 16 words of a context in the code ROM: `{length, upper bits, lower addend}` of each tier, the addend
/// of so many bits.
fn code_rom_row(code: &TierCode, input: Input, payload_bits: usize) -> Vec<u32> {
    let word = |tier: &Tier| {
        let upper = (u32::from(tier.prefix) << tier.suffix_len) >> payload_bits;
        let lower = tier.addend() & ((1 << payload_bits) - 1);
        u32::from(tier.code_len()) << CODE_BITS | upper << payload_bits | lower
    };
    let mut row = vec![0; SAMPLE_ESCAPE + 1];
    let tiers_of_ranks = &code.tiers()[..code.tiers().len() - 2];
    for (entry, tier) in row[..TOKEN_ESCAPE].iter_mut().zip(tiers_of_ranks) {
        *entry = word(tier);
    }
    row[TOKEN_ESCAPE] = word(code.token_escape());
    if input == Input::Samples {
        row[SAMPLE_ESCAPE] = word(code.sample_escape());
    }
    row
}

impl<const TOKEN: usize> HasTables for TierCoder<TOKEN> {
    fn tables(&mut self, visit: &mut dyn FnMut(&mut dyn Table)) {
        visit(&mut self.tier_rom);
        visit(&mut self.code_rom);
        if self.code_rom.is_loaded() {
            // A set that is loaded may have longer codes than the one that the core was made of.
            let lower = self.payload_mask.val().index();
            self.upper_mask = Constant::new((((1 << CODE_BITS) - 1) & !lower).to_bits());
        }
    }
}

impl<const TOKEN: usize> Logic for TierCoder<TOKEN> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, s4_valid, s4_last, s4_activity_context, s4_rank, s4_in_window);
        dff_setup!(self, clock, s4_off_lattice, s5_valid, s5_last, s5_payload);
        clock!(self, clock, tier_rom, code_rom);

        comment!("Stage 3: the rank's tier is looked up; all else is delayed to match.");
        self.tier_rom.load_at.next = self.load_at.val();
        self.tier_rom.load_word.next = self.load_word.val();
        self.code_rom.load_at.next = self.load_at.val();
        self.code_rom.load_word.next = self.load_word.val();
        self.tier_rom.enable.next = self.valid.val();
        self.tier_rom.high.next = self.activity_context.val();
        self.tier_rom.low.next = self.rank.val();
        self.s4_valid.d.next = self.valid.val() & self.aresetn.val();
        if self.valid.val() {
            self.s4_last.d.next = self.last.val();
            self.s4_activity_context.d.next = self.activity_context.val();
            self.s4_rank.d.next = self.rank.val();
            self.s4_in_window.d.next = self.in_window.val();
            self.s4_off_lattice.d.next = !self.on_lattice.val();
        }

        comment!("Stage 4: the tier selects the parts of the code and its payload.");
        self.tier.next = self.tier_rom.data.val();
        if !self.s4_in_window.q.val() {
            self.tier.next = 14.into();
        }
        if self.s4_off_lattice.q.val() {
            self.tier.next = 15.into();
        }
        self.candidate.sample.next = self.sample.val();
        self.payload.next = bit_cast::<PAYLOAD_BITS, TOKEN>(self.s4_rank.q.val());
        if self.tier.val() == 14 {
            self.payload.next = bit_cast::<PAYLOAD_BITS, TOKEN>(self.candidate.token.val());
        }
        if self.s4_off_lattice.q.val() {
            self.payload.next = self.sample.val();
        }
        self.code_rom.enable.next = self.s4_valid.q.val();
        self.code_rom.high.next = self.s4_activity_context.q.val();
        self.code_rom.low.next = self.tier.val();
        self.s5_valid.d.next = self.s4_valid.q.val() & self.aresetn.val();
        if self.s4_valid.q.val() {
            self.s5_last.d.next = self.s4_last.q.val();
            self.s5_payload.d.next = self.payload.val();
        }

        comment!("Stage 5: one addition makes the code.");
        self.entry.next = self.code_rom.data.val();
        self.addend.next = bit_cast::<PAYLOAD_BITS, 32>(self.entry.val()) & self.payload_mask.val();
        self.lower.next = self.addend.val() + self.s5_payload.q.val();
        self.lower_bits.next = self.lower.val() & self.payload_mask.val();
        self.upper_bits.next = bit_cast::<27, 32>(self.entry.val()) & self.upper_mask.val();
        self.code_valid.next = self.s5_valid.q.val();
        self.code_last.next = self.s5_last.q.val();
        self.code.next =
            self.upper_bits.val() | bit_cast::<27, PAYLOAD_BITS>(self.lower_bits.val());
        self.length.next = (self.entry.val().index() >> 27).to_bits();
    }
}
