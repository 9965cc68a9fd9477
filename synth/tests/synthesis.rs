//! Netlists, and the models of cells that simulate them: memories and multipliers of many shapes do
//! in cells what they do in the Verilog that they were synthesised from, in the same simulation.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;
use synth::{Design, Family, ModelSource, Synthesis, Tools};

/// Drives both with the same numbers and compares all outputs after every clock.
const HARNESS: &str = r#"
#include <cstdint>
#include <cstdio>
#include "Vmodel.h"
int main() {
    Vmodel model;
    uint64_t state = 88172645463325252ULL;
    auto random = [&] { state ^= state << 13; state ^= state >> 7; state ^= state << 17; return state; };
    int changes = 0;
    for (int clock = 0; clock < 200000; ++clock) {
        model.clock = 0;
        model.write = random() & 1;
        model.read = random() % 4 != 0;
        model.write_address = random() % (1 << 14);
        // What a read of the address that is being written gives is not defined.
        do model.read_address = random() % (1 << 14);
        while ((model.read_address ^ model.write_address) % (1 << 8) == 0);
        model.data = random() % (1ULL << 36);
        const int before = model.parity;
        model.eval();
        model.clock = 1;
        model.eval();
        if (!model.same) {
            printf("clock %d: the cells differ\n", clock);
            return 1;
        }
        changes += model.parity != before;
    }
    if (changes < 1000) printf("only %d changes\n", changes);
    return changes < 1000;
}
"#;

/// A block under test: a module's name and text, the bits of its output, and a memory's contents.
struct Block {
    name: String,
    verilog: String,
    bits: usize,
    contents: Option<Vec<u64>>,
}

impl Block {
    /// The file of its contents, for synthesis.
    fn file(&self) -> Option<(String, String)> {
        let words = self.contents.as_ref()?;
        let lines = words.iter().map(|word| format!("{word:x}\n"));
        Some((format!("{}.hex", self.name), lines.collect()))
    }
}

/// The ports of all blocks: an address and a datum of which each takes the bits that it needs.
const PORTS: &str =
    "input wire clock, input wire write, input wire read, input wire [13:0] write_address,
    input wire [13:0] read_address, input wire [35:0] data";
const WIRES: &str = ".clock(clock), .write(write), .read(read), .write_address(write_address),
    .read_address(read_address), .data(data)";

/// A memory with contents of its own. A simulator computes them word by word; yosys reads them from a file,
/// since it takes a minute to compute 16,384 of them.
fn memory(bits: usize, address_bits: usize, writable: bool) -> Block {
    let name = format!("{}_{bits}", if writable { "ram" } else { "rom" });
    let words = 0..1_u64 << address_bits;
    let word = |at: u64| {
        let [high, low] = [0x9e37_79b9, 0x85eb_ca6b_u64].map(|factor| (at * factor) & 0xffff_ffff);
        ((high << 32 | low) >> 11) & ((1 << bits) - 1)
    };
    let write = match writable {
        true => format!("if (write) mem[write_address[{}:0]] <= data;", address_bits - 1),
        false => String::new(),
    };
    let verilog = format!(
        "module {name}({PORTS}, output reg [{top}:0] out);
           (* no_rw_check *) reg [{top}:0] mem [0:{last}];
           integer i;
           initial begin
             out = 0;
             `ifdef SYNTHESIS
               $readmemh(\"{name}.hex\", mem);
             `else
               for (i = 0; i <= {last}; i = i + 1)
                 mem[i] = {{i * 32'h9e3779b9, i * 32'h85ebca6b}} >> 11;
             `endif
           end
           always @(posedge clock) begin {write} end
           always @(posedge clock) if (read) out <= mem[read_address[{address_top}:0]];
         endmodule\n",
        top = bits - 1,
        last = (1 << address_bits) - 1,
        address_top = address_bits - 1,
    );
    Block { name, verilog, bits, contents: Some(words.map(word).collect()) }
}

/// A product, of numbers with a sign or without. Of exactly its width: where the register is wider,
/// yosys 0.70 takes an SB_MAC16 and sets the bits above the product to 0, sign or no.
fn multiplier(signed: bool) -> Block {
    let (name, sign) = if signed { ("signed_product", "$signed") } else { ("product", "") };
    let verilog = format!(
        "module {name}({PORTS}, output reg [26:0] out);
           initial out = 0;
           always @(posedge clock) if (read) out <= {sign}(data[15:0]) * {sign}(data[26:16]);
         endmodule\n"
    );
    Block { name: name.into(), verilog, bits: 27, contents: None }
}

/// A module `top` with all blocks side by side.
fn side_by_side(top: &str, blocks: &[Block]) -> String {
    let mut verilog = String::new();
    let mut instances = String::new();
    let mut from = 0;
    for Block { name, verilog: text, bits, .. } in blocks {
        // The same blocks are there twice in one simulation.
        let module = text.replace(&format!("module {name}("), &format!("module {top}_{name}("));
        verilog.push_str(&module);
        let to = from + bits - 1;
        let _ = writeln!(instances, "{top}_{name} {name}({WIRES}, .out(out[{to}:{from}]));");
        from += bits;
    }
    format!(
        "{verilog}module {top}({PORTS}, output wire [{}:0] out);\n{instances}endmodule\n",
        from - 1
    )
}

fn synthesise(verilog: &str, memory_files: &[(String, String)], family: Family) -> Synthesis {
    let memory_files: Vec<(&str, &str)> =
        memory_files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let design = Design {
        name: "cells",
        verilog,
        memory_files: &memory_files,
        top: "cells",
        family,
        multipliers: true,
    };
    Tools::locate().yosys().unwrap().synthesise(&design).unwrap()
}

/// Synthesises blocks and runs them beside themselves. `kinds` have to be among their cells.
fn check(blocks: &[Block], family: Family, kinds: &[&str]) {
    let files: Vec<(String, String)> = blocks.iter().filter_map(Block::file).collect();
    let netlist = synthesise(&side_by_side("cells", blocks), &files, family);
    let cells = fs::read_to_string(netlist.verilog()).unwrap();
    for kind in kinds {
        assert!(cells.contains(&format!("\n  {kind} ")), "no {kind}");
    }
    let top = blocks.iter().map(|block| block.bits).sum::<usize>() - 1;
    let both = format!(
        "module both({PORTS}, output wire same, output wire parity);
           wire [{top}:0] from_cells, from_verilog;
           cells c({WIRES}, .out(from_cells));
           original o({WIRES}, .out(from_verilog));
           assign same = from_cells == from_verilog;
           assign parity = ^from_cells;
         endmodule\n"
    );
    let verilog = side_by_side("original", blocks) + &both + &cells;
    let simulator = Tools::locate().verilator().unwrap().build(&ModelSource {
        name: "cells",
        verilog: &verilog,
        top: "both",
        harness: HARNESS,
        ..ModelSource::default()
    });
    let output = Command::new(simulator.unwrap()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{family:?}: {said}");
}

#[test]
fn ecp5_cells_do_what_the_verilog_does() {
    // Every width that a port of a block RAM can have.
    let mut blocks = vec![multiplier(true), multiplier(false)];
    for (bits, address_bits) in [(1, 14), (2, 13), (4, 12), (9, 11), (18, 10), (36, 9)] {
        blocks.extend([true, false].map(|writable| memory(bits, address_bits, writable)));
    }
    check(&blocks, Family::Ecp5, &["DP16KD", "MULT18X18D", "TRELLIS_FF"]);
}

#[test]
fn ice40_cells_do_what_the_verilog_does() {
    let mut blocks = vec![multiplier(true), multiplier(false)];
    for (bits, address_bits) in [(2, 11), (4, 10), (8, 9), (16, 8)] {
        blocks.extend([true, false].map(|writable| memory(bits, address_bits, writable)));
    }
    check(&blocks, Family::Ice40, &["SB_RAM40_4K", "SB_MAC16"]);
}

#[test]
fn a_synthesis_is_done_once_and_leaves_everything_that_others_need() {
    let block = memory(9, 11, true);
    let files = [block.file().unwrap()];
    let verilog = block.verilog.replace("module ram_9(", "module cells(");
    let netlist = synthesise(&verilog, &files, Family::Ecp5);
    let made = fs::metadata(netlist.json()).unwrap().modified().unwrap();
    let again = synthesise(&verilog, &files, Family::Ecp5);
    assert_eq!(again, netlist);
    assert_eq!(fs::metadata(again.json()).unwrap().modified().unwrap(), made);
    assert!(fs::read_to_string(netlist.stat()).unwrap().contains("\"DP16KD\""));
    assert!(fs::read_to_string(netlist.json()).unwrap().contains("DP16KD"));
    assert!(netlist.log().is_file());
}

#[test]
fn a_design_that_cannot_be_synthesised_is_refused_with_the_reason() {
    let design = Design {
        name: "absent",
        verilog: "module cells(input wire a); absent m(.a(a)); endmodule",
        memory_files: &[],
        top: "cells",
        family: Family::Ice40,
        multipliers: false,
    };
    let error = Tools::locate().yosys().unwrap().synthesise(&design).unwrap_err().to_string();
    assert!(error.contains("absent"), "{error}");
}
