//! The Verilog test bench for other people's simulators: it passes in Verilator, and fails if a
//! single expected bit is changed.

use std::fs;
use std::process::Command;

use hdl::Profile;
use synth::{ModelSource, Tools};
use testbench::seed::seed;
use testbench::verilog_bench::VerilogBench;

/// Lets time pass until the bench ends.
const HARNESS: &str = r#"
#include "Vmodel.h"
#include "verilated.h"
int main() {
    VerilatedContext context;
    Vmodel bench(&context);
    while (!context.gotFinish()) {
        bench.eval();
        if (!bench.eventsPending()) return 1;
        context.time(bench.nextTimeSlot());
    }
}
"#;

/// The bench's output for its own words, or for these.
fn verdict(profile: &Profile, bench: &VerilogBench, words: &str) -> String {
    let verilog = hdl::verilog::export::verilog(profile) + &bench.verilog;
    let source = ModelSource {
        name: &bench.name,
        verilog: &verilog,
        top: &bench.name,
        harness: HARNESS,
        verilator_flags: &["--timing"],
        ..ModelSource::default()
    };
    let program = Tools::locate().verilator().unwrap().build(&source).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = |what: &str| folder.path().join(format!("{}_{what}.hex", bench.name));
    fs::write(file("samples"), &bench.samples).unwrap();
    fs::write(file("words"), words).unwrap();
    let run = Command::new(program).current_dir(folder.path()).output().unwrap();
    String::from_utf8(run.stdout).unwrap()
}

#[test]
fn it_passes_and_it_can_fail() {
    let seed = seed("verilog_bench");
    // One channel in packets, and many in frames.
    for name in ["bigram-32", "nano"] {
        let profile = Profile::named(name).unwrap();
        let bench = VerilogBench::new(&profile, seed, 2000);
        let said = verdict(&profile, &bench, &bench.words);
        assert!(said.starts_with("PASS: "), "{name}: {said}");

        let mut words: Vec<String> = bench.words.lines().map(str::to_owned).collect();
        let middle = words.len() / 2;
        let wrong = u64::from_str_radix(&words[middle], 16).unwrap() ^ 1 << 7;
        words[middle] = format!("{wrong:010x}");
        let said = verdict(&profile, &bench, &words.join("\n"));
        assert!(said.starts_with(&format!("FAIL: word {middle} is ")), "{name}: {said}");
    }
}
