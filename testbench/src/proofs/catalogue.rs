//! Every proof, with the wrong copies that have to fail it.

use super::{Mutant, Proof};
use ::synth::Method;
use hdl::bit_packer::BitPacker;
use hdl::export::block_verilog;
use hdl::word_fifo::WordFifo;

/// All of them.
pub fn proofs() -> Vec<Proof> {
    vec![bit_packer(), word_fifo()]
}

fn bit_packer() -> Proof {
    Proof {
        block: "bit_packer",
        says: "every bit comes out once, in its place; under 32 bits stay behind",
        method: Method::Induction(4),
        horizon: 10,
        properties: include_str!("../../proofs/bit_packer.sv").into(),
        top: "bit_packer_proof",
        verilog: block_verilog(BitPacker::default(), "bit_packer"),
        cut: vec![],
        mutants: vec![
            Mutant {
                says: "a word counts as complete one bit too late",
                right: "s6_completes_next = filled[32'h5];",
                wrong: "s6_completes_next = filled > 6'd32;",
            },
            Mutant {
                says: "what the next word begins with is lost",
                right: "residue_next = next_word;",
                wrong: "residue_next = 32'h0;",
            },
            Mutant {
                says: "the rotator skips a step",
                right: "r3 = ((r2 >> 32'h4)",
                wrong: "r3 = ((r2 >> 32'h5)",
            },
            Mutant {
                says: "a packet's second word is not flushed",
                right: "flushing_next = overflows;",
                wrong: "flushing_next = 1'b0;",
            },
            Mutant {
                says: "the bytes of the last word are counted one off",
                right: "count_less_one = s7_count - 32'h1;",
                wrong: "count_less_one = s7_count;",
            },
            Mutant {
                says: "a packet leaves its bits to the next one",
                right: "                if (~overflows) begin\n                    residue_next = 32'h0;",
                wrong: "                if (~overflows) begin\n                    residue_next = merged;",
            },
        ],
    }
}

fn word_fifo() -> Proof {
    Proof {
        block: "word_fifo",
        says: "every word comes out once, in order; AXI4-Stream rules at the output",
        method: Method::Induction(2),
        horizon: 20,
        properties: include_str!("../../proofs/word_fifo.sv").into(),
        top: "word_fifo_proof",
        verilog: with_window(&block_verilog(WordFifo::<5>::of_packets(), "word_fifo")),
        cut: vec![],
        mutants: vec![
            Mutant {
                says: "a write and a read at once count as one word less",
                right: "            if (~write) begin\n                occupancy_next = occupancy - 32'h1;",
                wrong: "            begin\n                occupancy_next = occupancy - 32'h1;",
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
                right: "byte_1 = ((memory_word >> 32'h8) & 32'hff00);",
                wrong: "byte_1 = (memory_word & 32'hff00);",
            },
            Mutant {
                says: "three bytes are announced as four",
                right: "m_axis_tkeep = 32'h7;",
                wrong: "m_axis_tkeep = 32'hf;",
            },
            Mutant {
                says: "the read address stands still",
                right: "read_address_next = read_address + 32'h1;",
                wrong: "read_address_next = read_address;",
            },
        ],
    }
}

/// The FIFO with one port more into its memory, for the proof alone: `seen` is what is stored at
/// the address `window`.
fn with_window(verilog: &str) -> String {
    let memory = verilog.find("module word_fifo_memory(").expect("the FIFO has a memory");
    let end = memory + verilog[memory..].find("endmodule").expect("a module ends");
    let window = "    wire [4:0] window;\n    wire [34:0] seen = mem[window];\n";
    format!("{}{window}{}", &verilog[..end], &verilog[end..])
}
