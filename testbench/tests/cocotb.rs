//! The example bench in `testbench/cocotb/` passes on an exported core, and fails on a wrong copy.

use hdl::Profile;
use hdl::verilog::export;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use synth::{Cocotb, Tools};
use testbench::verilog_bench::VerilogBench;

/// cocotb, or `None` where it cannot run; in CI it has to.
fn cocotb() -> Option<Cocotb> {
    match Tools::locate().cocotb() {
        Err(why) if std::env::var_os("CI").is_none() => {
            // Not by `eprintln!`: cargo keeps to itself what a test that passes prints by that.
            let told = format!("testbench/cocotb IS NOT TESTED: {why}\n");
            std::io::stderr().write_all(told.as_bytes()).unwrap();
            None
        }
        found => Some(found.unwrap()),
    }
}

/// Runs the example on a core with the golden model's vectors. Returns whether that succeeded, and
/// the output.
fn run(cocotb: &Cocotb, bench: &VerilogBench, top: &str, core: &str) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("export");
    fs::create_dir(&export).unwrap();
    let write = |name: String, text: &str| fs::write(export.join(name), text).unwrap();
    write(format!("{top}.v"), core);
    write(format!("{}.v", bench.name), &bench.verilog);
    bench.vectors().for_each(|(name, text)| write(name, text));
    let script: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("cocotb/run.py");
    let run = cocotb.script(&script, folder.path()).unwrap().arg(&export).output().unwrap();
    let told = [run.stdout, run.stderr].concat();
    (run.status.success(), String::from_utf8_lossy(&told).into_owned())
}

#[test]
fn the_example_passes_and_a_wrong_core_fails_it() {
    let Some(cocotb) = cocotb() else { return };
    let profile = Profile::named("nano").unwrap();
    let bench = VerilogBench::new(&profile, 1, 2000);
    let top = export::top_name(&profile);
    let core = export::verilog(&profile);
    let (passed, told) = run(&cocotb, &bench, &top, &core);
    assert!(passed && told.contains("2 passed, 0 failed"), "{told}");
    assert!(!told.contains("%Warning"), "{told}");

    let right = "        m_axis_tdata = word_fifo_m_axis_tdata;";
    assert!(core.contains(right));
    let wrong = core.replace(right, "        m_axis_tdata = word_fifo_m_axis_tdata ^ 32'h80;");
    let (passed, told) = run(&cocotb, &bench, &top, &wrong);
    assert!(!passed && told.contains("0 passed, 2 failed"), "{told}");
}
