//! yosys accepts a sound module and names what is wrong with others.

use synth::{Fault, ToolError, Tools, Yosys};

fn yosys() -> Yosys {
    Tools::locate().yosys().expect("yosys can be installed")
}

/// The fault found in `top`, and the reason.
fn fault(verilog: &str) -> (Fault, String) {
    match yosys().check_module(verilog, "top") {
        Err(ToolError::Module { fault, reason, log, .. }) => {
            assert!(log.is_file(), "the log is kept");
            assert!(log.with_file_name("design.v").is_file(), "and the Verilog beside it");
            (fault, reason)
        }
        other => panic!("expected a fault, got {other:?}"),
    }
}

#[test]
fn a_counter_is_sound() {
    let verilog = "
        module top(input wire clock, output wire [7:0] count);
          wire [7:0] next;
          register r(.clock(clock), .d(next), .q(count));
          assign next = count + 1;
        endmodule
        module register(input wire clock, input wire [7:0] d, output reg [7:0] q);
          initial q = 0;
          always @(posedge clock) q <= d;
        endmodule";
    yosys().check_module(verilog, "top").unwrap();
}

#[test]
fn a_latch() {
    let (fault, reason) = fault(
        "module top(input wire enable, input wire a, output reg held);
           always @(*) if (enable) held = a;
         endmodule",
    );
    assert_eq!(fault, Fault::Latch);
    assert!(reason.contains("held"), "{reason}");
}

#[test]
fn an_undeclared_name() {
    let (fault, reason) = fault(
        "module top(input wire a, output wire b);
           assign typo = a;
           assign b = typo;
         endmodule",
    );
    assert_eq!(fault, Fault::UndeclaredName);
    assert!(reason.contains("typo"), "{reason}");
}

#[test]
fn two_drivers() {
    let (fault, reason) = fault(
        "module top(input wire a, input wire b, output wire both);
           assign both = !a;
           assign both = !b;
         endmodule",
    );
    assert_eq!(fault, Fault::MultipleDrivers);
    // yosys calls the wire by any of its names, but says where the drivers are.
    assert!(reason.contains("design.v:2") && reason.contains("design.v:3"), "{reason}");
}

#[test]
fn a_wire_without_a_driver() {
    let (fault, reason) = fault(
        "module top(input wire a, output wire b);
           wire nobody;
           assign b = a & nobody;
         endmodule",
    );
    assert_eq!(fault, Fault::Undriven);
    assert!(reason.contains("nobody"), "{reason}");
}

#[test]
fn a_slice_out_of_bounds() {
    let (fault, _) = fault(
        "module top(input wire [3:0] a, output wire [3:0] b);
           assign b = a[5:2];
         endmodule",
    );
    assert_eq!(fault, Fault::OutOfBounds);
}

#[test]
fn a_loop() {
    let (fault, _) = fault(
        "module top(input wire a, output wire b);
           wire c;
           assign b = a ^ c;
           assign c = !b;
         endmodule",
    );
    assert_eq!(fault, Fault::Loop);
}

#[test]
fn a_missing_module_and_a_syntax_error() {
    let (missing, reason) = fault("module top(input wire a); absent m(.a(a)); endmodule");
    assert_eq!(missing, Fault::Invalid);
    assert!(reason.contains("absent"), "{reason}");
    let (syntax, reason) = fault("module top(input wire a) endmodule");
    assert_eq!(syntax, Fault::Invalid);
    assert!(reason.contains("design.v:1"), "{reason}");
}

#[test]
fn a_script_returns_the_output_and_files_of_yosys() {
    let verilog =
        "module top(input wire a, input wire b, output wire c); assign c = a & b; endmodule";
    let log = yosys().run(verilog, "read_verilog design.v; synth -top top; stat").unwrap();
    assert!(log.contains("$_AND_"), "{log}");
    let error = yosys().run(verilog, "read_verilog design.v; nonsense").unwrap_err().to_string();
    assert!(error.contains("No such command: nonsense"), "{error}");

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.v"), verilog).unwrap();
    yosys().run_in(folder.path(), "read_verilog a.v; synth -top top; write_json a.json").unwrap();
    assert!(folder.path().join("a.json").is_file());
    assert!(folder.path().join("yosys.log").is_file());
}
