//! The proofs of single blocks.

use super::proof::{Design, Mutant, Proof};
use golden_model::TableSet;
use hdl::Profile;
use hdl::codec::bit_packer::BitPacker;
use hdl::codec::converter::Input;
use hdl::codec::range_coder::encoder::RangeEncoder;
use hdl::codec::range_coder::packer::CarryPacker;
use hdl::codec::tier_coder::TierCoder;
use hdl::shape::{CHALLENGE, NEUROPIXELS_2, SAMPLE};
use hdl::stream::word_fifo::WordFifo;
use hdl::tables::spi_bridge::SpiBridge;
use hdl::verilog::export::block_verilog;

pub(super) fn bit_packer() -> Proof {
    Proof {
        block: "bit_packer",
        says: "every bit comes out once, in its place; under 32 bits stay behind",
        designs: vec![Design {
            name: "bit_packer".into(),
            clocks: 4,
            defines: vec![],
            verilog: block_verilog(BitPacker::default(), "bit_packer"),
            cut: vec![],
        }],
        horizon: 10,
        properties: include_str!("../../proofs/bit_packer.sv"),
        top: "bit_packer_proof",
        mutants: vec![
            Mutant {
                says: "a word counts as complete one bit too late",
                right: "s6_completes_next = filled[5];",
                wrong: "s6_completes_next = filled > 6'd32;",
            },
            Mutant {
                says: "what the next word begins with is lost",
                right: "residue_next = next_word;",
                wrong: "residue_next = 32'h0;",
            },
            Mutant {
                says: "the cut is four bits too low",
                right: "top_cut = 32'hfffffff;",
                wrong: "top_cut = 32'hffffff;",
            },
            Mutant {
                says: "the rotator goes one bit too far",
                right: "r3 = {r2[3:0], r2[31:4]}",
                wrong: "r3 = {r2[3:0], 1'b0, r2[31:5]}",
            },
            Mutant {
                says: "a packet's second word is not flushed",
                right: "flushing_next = overflows;",
                wrong: "flushing_next = 1'b0;",
            },
            Mutant {
                says: "the bytes of the last word are counted one off",
                right: "count_less_one = s7_count - 5'h1;",
                wrong: "count_less_one = s7_count;",
            },
            Mutant {
                says: "a packet leaves its bits to the next one",
                right: "(~overflows) begin\n                    residue_next = 32'h0;",
                wrong: "(~overflows) begin\n                    residue_next = merged;",
            },
        ],
    }
}

pub(super) fn packer() -> Proof {
    Proof {
        block: "packer",
        says: "no bit and no carry is lost; a carry ends in the word that waits; nothing stays behind",
        designs: vec![Design {
            name: "packer".into(),
            clocks: 3,
            defines: vec![],
            verilog: block_verilog(CarryPacker::default(), "packer"),
            cut: vec![],
        }],
        horizon: 8,
        properties: include_str!("../../proofs/packer.sv"),
        top: "packer_proof",
        mutants: vec![
            Mutant {
                says: "the word that waits does not take the carry",
                right: "carried = waiting + carry;",
                wrong: "carried = waiting;",
            },
            Mutant {
                says: "a carry with no bit held goes nowhere",
                right: "(empty & (first_bit != 32'h0))",
                wrong: "(1'b0)",
            },
            Mutant {
                says: "no room for a carry behind a word of all ones",
                right: "is_ones = ~becomes_ones & (sum == all_ones);",
                wrong: "is_ones = 1'b0;",
            },
            Mutant {
                says: "a word that the carry's zero fills is not complete",
                right: "is_full = filled[5] | ends_at_31;",
                wrong: "is_full = filled[5];",
            },
            Mutant {
                says: "nor behind one that becomes all ones by a carry",
                right: "becomes_ones = carries & (waiting == all_but_one);",
                wrong: "becomes_ones = 1'b0;",
            },
            Mutant {
                says: "a packet's tail is dropped",
                right: "has_tail_next = ~completes | ~is_exact;",
                wrong: "has_tail_next = ~completes;",
            },
            Mutant {
                says: "a packet leaves its bits to the next one",
                right: "residue_next = 32'h0;\n                held_next = 5'h0;\n                tail_next",
                wrong: "held_next = 5'h0;\n                tail_next",
            },
        ],
    }
}

pub(super) fn encoder() -> Proof {
    let verilog = block_verilog(RangeEncoder::<CHALLENGE>::default(), "encoder");
    let modules = verilog.lines().filter_map(|line| line.strip_prefix("module ")?.split_once('('));
    let products =
        modules.map(|(module, _)| module.to_owned()).filter(|name| name.ends_with("_share"));
    let cut = products.collect();
    Proof {
        block: "encoder",
        says: "every part inside the interval, the range normal; a carry only where a sent bit is zero",
        designs: vec![Design {
            name: "encoder".into(),
            clocks: 5,
            defines: vec![("TOKEN_BITS", CHALLENGE.to_string())],
            verilog,
            cut,
        }],
        horizon: 12,
        properties: include_str!("../../proofs/encoder.sv"),
        top: "encoder_proof",
        mutants: vec![
            Mutant {
                says: "the range is left a place too low",
                right: "one_more = {d4[15], 15'h0} == 16'h0;",
                wrong: "one_more = 1'b0;",
            },
            Mutant {
                says: "an escape keeps the range of its part",
                right: "(token_escape | sample_escape)",
                wrong: "(token_escape & sample_escape)",
            },
            Mutant {
                says: "low forgets the place of its part",
                right: "reached = low_wide + begin_wide;",
                wrong: "reached = low_wide;",
            },
            Mutant {
                says: "the carry of the lower bits is lost",
                right: "high_sum = high_place + 16'h1;",
                wrong: "high_sum = high_place;",
            },
            Mutant {
                says: "the next packet goes on with this one's range",
                right: "range_next = whole;\n            end\n            s7_last_next",
                wrong: "range_next = full;\n            end\n            s7_last_next",
            },
            Mutant {
                says: "and with its low",
                right: "low_next = 16'h0;\n            s8_shifted_next",
                wrong: "s8_shifted_next",
            },
        ],
    }
}

pub(super) fn word_fifo() -> Proof {
    fn design<const N: usize>(fifo: WordFifo<N>) -> Design {
        Design {
            name: format!("word_fifo {}", 1 << N),
            clocks: 2,
            defines: vec![("FIFO_BITS", N.to_string())],
            verilog: with_window(&block_verilog(fifo, "word_fifo"), N),
            cut: vec![],
        }
    }
    Proof {
        block: "word_fifo",
        says: "every word comes out once, in order, and stays offered until it is taken",
        designs: vec![
            design(WordFifo::<5>::of_packets(5)),
            design(WordFifo::<8>::of_frames(8)),
            design(WordFifo::<9>::of_frames(9)),
        ],
        horizon: 20,
        properties: include_str!("../../proofs/word_fifo.sv"),
        top: "word_fifo_proof",
        mutants: vec![
            Mutant {
                says: "a write and a read at once count as one word less",
                right: "if (~write) begin\n                change = one_less;",
                wrong: "begin\n                change = one_less;",
            },
            Mutant {
                says: "the output lets go of a word that was not taken",
                right: "output_valid_next = read | ~output_free;",
                wrong: "output_valid_next = read;",
            },
            Mutant {
                says: "a word that waits is overwritten",
                right: "output_free = ~output_valid | m_axis_tready;",
                wrong: "output_free = 1'b1;",
            },
            Mutant {
                says: "two byte lanes are not swapped",
                right: "byte_1 = {16'h0, memory_word[23:16], 8'h0};",
                wrong: "byte_1 = {16'h0, memory_word[15:8], 8'h0};",
            },
            Mutant {
                says: "three bytes are announced as four",
                right: "m_axis_tkeep = 4'h7;",
                wrong: "m_axis_tkeep = 4'hf;",
            },
            Mutant {
                says: "the read address stands still",
                right: "read_address_next = next_read;",
                wrong: "read_address_next = read_address;",
            },
        ],
    }
}

/// The FIFO with one port more into its memory, for the proof alone: `seen` is what is stored at
/// the address `window`.
fn with_window(verilog: &str, address_bits: usize) -> String {
    let memory = verilog.find("module word_fifo_memory(").expect("the FIFO has a memory");
    let end = memory + verilog[memory..].find("endmodule").expect("a module ends");
    let top = address_bits - 1;
    let window = format!("    wire [{top}:0] window;\n    wire [34:0] seen = mem[window];\n");
    format!("{}{window}{}", &verilog[..end], &verilog[end..])
}

/// Of the table sets of these profiles.
pub(super) fn tier_coder(profiles: impl IntoIterator<Item = Profile>) -> Proof {
    fn design(set: &TableSet, rank_bits: usize) -> Design {
        let token_bits = set.converter().token_bits() as usize;
        let name = "tier_coder";
        let verilog = match token_bits {
            NEUROPIXELS_2 => {
                block_verilog(TierCoder::<NEUROPIXELS_2>::new(set, Input::Samples), name)
            }
            SAMPLE => block_verilog(TierCoder::<SAMPLE>::new(set, Input::Samples), name),
            _ => block_verilog(TierCoder::<CHALLENGE>::new(set, Input::Samples), name),
        };
        Design {
            name: format!("tier_coder {}", set.name()),
            clocks: 4,
            defines: vec![
                ("TOKEN_BITS", token_bits.to_string()),
                ("RANK_BITS", rank_bits.to_string()),
                ("LONGEST", set.longest_code().to_string()),
            ],
            verilog,
            cut: vec![],
        }
    }
    let mut designs: Vec<Design> = Vec::new();
    for profile in profiles {
        let set = profile.table_set();
        if set.range_code().is_some() {
            continue;
        }
        let design = design(set, profile.shape().rank);
        // Profiles share table sets.
        if designs.iter().all(|known| known.name != design.name) {
            designs.push(design);
        }
    }
    Proof {
        block: "tier_coder",
        says: "no code is longer than the table set's longest, none is empty, none spills over",
        designs,
        horizon: 5,
        properties: include_str!("../../proofs/tier_coder.sv"),
        top: "tier_coder_proof",
        mutants: vec![
            Mutant {
                says: "a token escape carries the sample",
                right: "payload = {6'h0, candidate_token};",
                wrong: "payload = sample;",
            },
            Mutant {
                says: "a token in place of the rank",
                right: "payload = {6'h0, s4_rank};",
                wrong: "payload = {6'h0, candidate_token};",
            },
            Mutant {
                says: "the length is read one bit too low",
                right: "length = entry[31:27];",
                wrong: "length = entry[30:26];",
            },
        ],
    }
}

pub(super) fn spi_bridge() -> Proof {
    Proof {
        block: "spi_bridge",
        says: "an AXI4-Lite master by the rules; whole words are written, or reported; a read gets its own answer",
        designs: vec![Design {
            name: "spi_bridge".into(),
            clocks: 2,
            defines: vec![],
            verilog: block_verilog(SpiBridge::default(), "spi_bridge"),
            cut: vec![],
        }],
        // A write of one word, each bit two clocks.
        horizon: 90,
        properties: include_str!("../../proofs/spi_bridge.sv"),
        top: "spi_bridge_proof",
        mutants: vec![
            Mutant {
                says: "an address is withdrawn before it is taken",
                right: "if (m_axil_arready) begin",
                wrong: "if (1'b1) begin",
            },
            Mutant {
                says: "a word counts as whole a bit too early",
                right: "(place == 5'h1f)",
                wrong: "(place == 5'h1e)",
            },
            Mutant {
                says: "a word that was cut short goes on in the next message",
                right: "place_next = 5'h18;\n            shift_next = first_word;",
                wrong: "shift_next = first_word;",
            },
            Mutant {
                says: "a read does not wait for the answer before",
                right: "reads = wants_read & idle;",
                wrong: "reads = wants_read;",
            },
            Mutant {
                says: "an answer that came too late is not reported",
                right: "has_late = (wants_write & ~idle) | (answer_due & ~answer_there);",
                wrong: "has_late = wants_write & ~idle;",
            },
            Mutant {
                says: "an answer that came too late counts for another word",
                right: "unwanted_next = read_open;",
                wrong: "unwanted_next = 1'b0;",
            },
            Mutant {
                says: "after a reset the rest of a message counts as one",
                right: "selected_3_next = 1'b1;",
                wrong: "selected_3_next = 1'b0;",
            },
        ],
    }
}
