//! The proofs of the blocks that load tables.

use super::proof::{Design, Mutant, Proof};
use hdl::tables::axi_lite::AxiLite;
use hdl::tables::loader::Loader;
use hdl::verilog::export::block_verilog;

pub(super) fn loader() -> Proof {
    let layout = 0x0a11_0ca7;
    Proof {
        block: "loader",
        says: "a table comes into use whole, when it was committed, where a keyframe begins",
        designs: vec![Design {
            name: "loader".into(),
            clocks: 3,
            defines: vec![("LAYOUT", format!("32'h{layout:x}"))],
            verilog: block_verilog(Loader::new(layout, &[2, 3]), "loader"),
            // What the CRC is of, is asserted; that it is right, `tests/crc.rs` shows.
            cut: vec!["loader_crc".into()],
        }],
        horizon: 32,
        properties: include_str!("../../proofs/loader.sv"),
        top: "loader_proof",
        mutants: vec![
            Mutant {
                says: "a change in mid-frame",
                right: "(over & keyframe)",
                wrong: "(keyframe)",
            },
            Mutant {
                says: "a change where no keyframe is next",
                right: "(over & keyframe)",
                wrong: "(over)",
            },
            Mutant {
                says: "a wrong CRC counts as right",
                right: "crc_crc == expected_crc",
                wrong: "1'b1",
            },
            Mutant {
                says: "another core's image is taken",
                right: "word != layout",
                wrong: "1'b0",
            },
            Mutant {
                says: "what is not whole can be committed",
                right: "if (whole) begin",
                wrong: "if (count != 20'h0) begin",
            },
            Mutant {
                says: "a new beginning leaves the commit",
                right: "takes_next = 1'b1;\n            whole_next = 1'b0;\n            waits_next = 1'b0;",
                wrong: "takes_next = 1'b1;\n            whole_next = 1'b0;",
            },
            Mutant {
                says: "a table's last word goes to the next one's",
                right: "address == lengths_last",
                wrong: "address + 16'h1 == lengths_last",
            },
            Mutant {
                says: "the digest changes before the tables do",
                right: "digest = used_digest;",
                wrong: "digest = next_digest;",
            },
        ],
    }
}

pub(super) fn axi_lite() -> Proof {
    Proof {
        block: "axi_lite",
        says: "one answer for each question, which stays until it is taken; what is refused writes nothing",
        designs: vec![Design {
            name: "axi_lite".into(),
            clocks: 2,
            defines: vec![],
            verilog: block_verilog(AxiLite::default(), "axi_lite"),
            cut: vec![],
        }],
        horizon: 6,
        properties: include_str!("../../proofs/axi_lite.sv"),
        top: "axi_lite_proof",
        mutants: vec![
            Mutant {
                says: "a question before the last answer was taken",
                right: "s_axil_wvalid & ~written & aresetn",
                wrong: "s_axil_wvalid & aresetn",
            },
            Mutant {
                says: "an answer goes away by itself",
                right: "else if (s_axil_rready) begin",
                wrong: "else begin",
            },
            Mutant {
                says: "half a word is written",
                right: "(s_axil_wstrb == 4'hf)",
                wrong: "(s_axil_wstrb != 4'h0)",
            },
            Mutant {
                says: "a refused read looks right",
                right: "read_error_next = read_fails;",
                wrong: "read_error_next = 1'b0;",
            },
        ],
    }
}
