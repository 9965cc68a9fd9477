//! A design becomes a bitstream, each step once; one that does not fit is refused with the reason.

use std::fs;
use synth::{Design, Nextpnr, Placing, Synthesis, Target, ToolError, Tools, cells_by_block};

/// A counter whose top bit is looked at, and a memory beside it.
fn verilog(memories: u32) -> String {
    format!(
        "
        module top(input wire clock, input wire write, output wire led);
          reg [7:0] count = 0;
          always @(posedge clock) count <= count + 1;
          wire [{last}:0] read;
          genvar i;
          generate
            for (i = 0; i < {memories}; i = i + 1) begin : bank
              memory #(.PLACE(i)) cells(.clock(clock), .write(write), .address(count), .bit_read(read[i]));
            end
          endgenerate
          assign led = ^read;
        endmodule
        module memory #(parameter PLACE = 0) (
          input wire clock, input wire write, input wire [7:0] address, output wire bit_read
        );
          reg [15:0] mem [0:255];
          reg [15:0] data;
          always @(posedge clock) begin
            if (write) mem[address] <= data + PLACE;
            data <= mem[address + 1];
          end
          assign bit_read = data[15];
        endmodule",
        last = memories - 1
    )
}

fn netlist(verilog: &str, target: &Target) -> Synthesis {
    let yosys = Tools::locate().yosys().expect("yosys can be installed");
    let design = Design {
        name: "counter",
        verilog,
        memory_files: &[],
        top: "top",
        family: target.family,
        multipliers: target.multipliers,
    };
    yosys.synthesise(&design).unwrap()
}

fn nextpnr(target: &Target) -> Nextpnr {
    Tools::locate().nextpnr(target).expect("nextpnr can be installed")
}

#[test]
fn a_design_becomes_a_bitstream_and_no_step_is_done_twice() {
    // Made unique, so that nobody did it before.
    let now = std::time::SystemTime::now();
    let verilog = verilog(2) + &format!("\n// {now:?} {}", std::process::id());
    let target = Target::named("hx1k").unwrap();
    let netlist = netlist(&verilog, target);
    let blocks = cells_by_block(&netlist, "top").unwrap();
    let memories: u32 = blocks.iter().map(|block| block.memories).sum();
    assert_eq!(memories, 2, "{blocks:?}");
    assert!(blocks.iter().any(|block| block.block == "bank[0].cells" && block.memories == 1));

    let nextpnr = nextpnr(target);
    let constraints = "set_io clock 21\nset_io write 112\nset_io led 99\n";
    let placing = Placing {
        name: "counter",
        netlist: &netlist.json(),
        target,
        constraints: Some(constraints),
        mhz: 12.0,
        seed: 1,
        delays: false,
    };
    let placement = nextpnr.place(&placing).unwrap();
    let report = &placement.report;
    assert!(report.fmax_mhz > 50.0, "{report:?}");
    assert_eq!((report.resources.memories.used, report.resources.memories.available), (2, 16));
    assert_eq!(report.resources.pins.used, 3);
    assert!(report.critical_path.text().contains("].cells "), "{}", report.critical_path.text());
    let bitstream = nextpnr.pack(&placement).unwrap();
    // What an iCE40 bitstream starts with, after a comment.
    let bytes = fs::read(&bitstream).unwrap();
    assert!(bytes.windows(4).any(|four| four == [0x7e, 0xaa, 0x99, 0x7e]));

    // The same again: nothing is made anew. Another seed: a placement of its own.
    let made = |path: &std::path::Path| fs::metadata(path).unwrap().modified().unwrap();
    let before = [made(&netlist.json()), made(placement.folder()), made(&bitstream)];
    let again = nextpnr.place(&placing).unwrap();
    assert_eq!(self::netlist(&verilog, target), netlist);
    assert_eq!(again.folder(), placement.folder());
    assert_eq!(nextpnr.pack(&again).unwrap(), bitstream);
    assert_eq!([made(&netlist.json()), made(placement.folder()), made(&bitstream)], before);
    let other = nextpnr.place(&Placing { seed: 2, ..placing }).unwrap();
    assert_ne!(other.folder(), placement.folder());
}

#[test]
fn an_ecp5_takes_it_as_well() {
    let target = Target::named("ecp5-25f").unwrap();
    let netlist = netlist(&verilog(2), target);
    let nextpnr = nextpnr(target);
    let placing = Placing {
        name: "counter",
        netlist: &netlist.json(),
        target,
        constraints: None,
        mhz: 25.0,
        seed: 1,
        delays: false,
    };
    let placement = nextpnr.place(&placing).unwrap();
    assert_eq!(placement.report.resources.memories.available, 56);
    assert!(placement.report.fmax_mhz > 100.0);
    assert!(fs::metadata(nextpnr.pack(&placement).unwrap()).unwrap().len() > 100_000);
}

#[test]
fn a_design_that_does_not_fit_is_refused_in_one_line() {
    let target = Target::named("hx1k").unwrap();
    let netlist = netlist(&verilog(17), target);
    let placing = Placing {
        name: "counter",
        netlist: &netlist.json(),
        target,
        constraints: None,
        mhz: 12.0,
        seed: 1,
        delays: false,
    };
    let error = nextpnr(target).place(&placing).unwrap_err();
    assert!(matches!(error, ToolError::DoesNotFit { .. }), "{error}");
    assert_eq!(
        error.to_string(),
        "counter does not fit hx1k (iCE40HX1K-TQ144): it takes 17 of 16 block RAMs"
    );
}

#[test]
fn a_pin_that_is_not_there_is_refused() {
    let target = Target::named("hx1k").unwrap();
    let netlist = netlist(&verilog(2), target);
    let constraints = Some("set_io clock 21\nset_io write 112\nset_io led 1999\n");
    let placing = Placing {
        name: "counter",
        netlist: &netlist.json(),
        target,
        constraints,
        mhz: 12.0,
        seed: 1,
        delays: false,
    };
    let error = nextpnr(target).place(&placing).unwrap_err();
    assert!(matches!(error, ToolError::Nextpnr { .. }), "{error}");
    assert!(error.to_string().contains("1999"), "{error}");
}

#[test]
fn a_circuit_with_more_ports_than_pins_is_placed_alone_with_its_delays() {
    let target = Target::named("up5k").unwrap();
    let verilog = "module top(input aclk, input [49:0] a, output reg [49:0] z);
        always @(posedge aclk) z <= z + a;
        endmodule";
    let yosys = Tools::locate().yosys().unwrap();
    let traceable = yosys.traceable(&netlist(verilog, target), target.family).unwrap();
    let alone = yosys.on_few_pins(&traceable, "top").unwrap();
    let placing = Placing {
        name: "wide",
        netlist: &alone,
        target,
        constraints: None,
        mhz: 12.0,
        seed: 1,
        delays: true,
    };
    let error = nextpnr(target).place(&placing).unwrap_err().to_string();
    assert!(error.contains("52 of 39 pins"), "{error}");

    // Fewer inputs; the outputs are folded.
    let verilog = verilog.replace("[49:0] a", "[19:0] a");
    let traceable = yosys.traceable(&netlist(&verilog, target), target.family).unwrap();
    let alone = yosys.on_few_pins(&traceable, "top").unwrap();
    let placing = Placing { netlist: &alone, ..placing };
    let placement = nextpnr(target).place(&placing).unwrap();
    assert_eq!(placement.report.resources.pins.used, 22);
    let (routed, delays) = placement.routed().unwrap();
    assert!(routed.contains("\"bench.z[49]\"") && routed.contains("\"z[49]\""));
    assert!(delays.contains("(TIMESCALE 1ps)") && delays.contains("(INTERCONNECT bench.a"));
    // Who does not ask for them gets a placement without.
    let without = nextpnr(target).place(&Placing { delays: false, ..placing }).unwrap();
    assert_ne!(without.folder(), placement.folder());
    assert!(without.routed().is_err());
}
