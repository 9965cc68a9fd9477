//! The core in LiteX (`hdl/litex/`) passes the core's own test bench, and wrong copies of the wrapper fail it.

use crate::verilog_bench::{fails, passes, run, vectors, verilator};
use ::synth::Tools;
use hdl::Profile;
use hdl::verilog::export::{self, verilog};
use std::fs;
use std::path::Path;
use testbench::verilog_bench::VerilogBench;

/// The verdict on a core in LiteX: by this wrapper, with this change of its text.
fn verdict(profile: &Profile, right: &str, wrong: &str) -> (String, bool) {
    let bench = VerilogBench::new(profile, 1, 2000);
    let top = export::top_name(profile);
    let core = export::verilog(profile);
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    fs::write(file("core.v"), &core).unwrap();
    for name in ["bench.py", "tierwire_litex.py"] {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hdl/litex").join(name);
        let text = fs::read_to_string(source).unwrap();
        let changed = text.matches(right).count() == 1;
        assert!(name == "bench.py" || right.is_empty() || changed, "{right}");
        let text = if changed && name != "bench.py" { text.replace(right, wrong) } else { text };
        fs::write(file(name), text).unwrap();
    }
    let mut script = Tools::locate().litex().unwrap().script(&file("bench.py"));
    let made = script.arg(file("core.v")).arg(file("top.v")).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let wrapped = fs::read_to_string(file("top.v")).unwrap();

    let instance = format!("{top} core(");
    assert_eq!(bench.verilog.matches(&instance).count(), 1);
    let verilog = bench.verilog.replace(&instance, &format!("{top}_litex core("));
    let name = bench.name.clone();
    let files = vectors(&bench);
    let bench = VerilogBench { name, verilog, ..bench };
    run(&verilator(&bench, &(core + &wrapped)), files.path())
}

#[test]
fn a_core_in_litex_passes_its_test_bench() {
    for name in ["nano", "bigram-32"] {
        let told = verdict(&Profile::named(name).unwrap(), "", "");
        assert!(passes(&told), "{name}: {told:?}");
    }
}

#[test]
fn a_wrong_wrapper_fails() {
    let nano = Profile::named("nano").unwrap();
    let wrong = [
        ("i_s_axis_tlast=sink.last", "i_s_axis_tlast=sink.first", "word 6 is"),
        ("= status.status", "= status.status[1:]", "frames is"),
    ];
    for (right, wrong, with) in wrong {
        let told = verdict(&nano, right, wrong);
        assert!(fails(&told, with), "{wrong}: {told:?}");
    }
}

#[test]
fn a_core_with_registers_has_a_bus_and_a_core_with_unknown_ports_is_refused() {
    let loaded = verilog(&Profile::named("chip256-loaded").unwrap());
    let made = wrapped(&loaded);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let made = wrapped(&loaded.replace("s_axil_rdata", "other_rdata"));
    let told = String::from_utf8_lossy(&made.stderr).into_owned();
    assert!(!made.status.success() && told.contains("ports unknown here: other_rdata"), "{told}");
}

/// The outcome of putting a core into LiteX.
fn wrapped(core: &str) -> std::process::Output {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    fs::write(file("core.v"), core).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hdl/litex/bench.py");
    let mut script = Tools::locate().litex().unwrap().script(&script);
    script.arg(file("core.v")).arg(file("top.v")).output().unwrap()
}
