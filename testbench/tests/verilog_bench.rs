//! The Verilog test bench for other people's simulators. It passes on the exported core with its
//! vectors, and fails on wrong copies of each: a core whose output is wrong or unknown, and vector
//! files that are wrong, too short, too long, empty or missing.
//!
//! Verilator knows two levels only. That an unknown level (X) fails is tried in Icarus Verilog where
//! there is one: without it that test is left out, which in CI is a failure.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use hdl::Profile;
use hdl::verilog::export;
use synth::{ModelSource, Tools};
use testbench::verilog_bench::VerilogBench;

/// Lets time pass until the bench ends.
const HARNESS: &str = r#"
#include "Vmodel.h"
#include "verilated.h"
int main() {
    VerilatedContext context;
    Vmodel bench(&context);
    while (true) {
        bench.eval();
        if (context.gotFinish()) return 0;
        if (!bench.eventsPending()) return 1;
        context.time(bench.nextTimeSlot());
    }
}
"#;

fn bench(name: &str) -> (Profile, VerilogBench) {
    let profile = Profile::named(name).unwrap();
    let bench = VerilogBench::new(&profile, 1, 2000);
    (profile, bench)
}

/// The vectors in a folder of their own.
pub(crate) fn vectors(bench: &VerilogBench) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in bench.vectors() {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// The first line that the bench writes, and whether the simulator's exit code is that of success.
fn verdict(run: Output) -> (String, bool) {
    let told = String::from_utf8(run.stdout).unwrap();
    (told.lines().next().unwrap_or_default().to_owned(), run.status.success())
}

pub(crate) fn passes((told, success): &(String, bool)) -> bool {
    told.starts_with("PASS: ") && *success
}

pub(crate) fn fails((told, success): &(String, bool), with: &str) -> bool {
    told.starts_with("FAIL: ") && told.contains(with) && !success
}

/// The simulator of a core with its bench, in Verilator.
pub(crate) fn verilator(bench: &VerilogBench, core: &str) -> std::path::PathBuf {
    let source = ModelSource {
        name: &bench.name,
        verilog: &(core.to_owned() + &bench.verilog),
        top: &bench.name,
        harness: HARNESS,
        verilator_flags: &["--timing"],
        ..ModelSource::default()
    };
    Tools::locate().verilator().unwrap().build(&source).unwrap()
}

pub(crate) fn run(program: &Path, folder: &Path) -> (String, bool) {
    verdict(Command::new(program).current_dir(folder).output().unwrap())
}

/// The core with another driver of an output.
fn driven(core: &str, output: &str, wrong: &str) -> String {
    let right = format!("        {output} = word_fifo_{output};");
    assert_eq!(core.matches(&right).count(), 1, "{output}");
    core.replace(&right, &format!("        {output} = {wrong};"))
}

#[test]
fn it_passes_and_wrong_vectors_fail_by_their_name() {
    // One channel in packets, many in frames, and tables that are loaded.
    for name in ["bigram-32", "nano", "chip256-loaded"] {
        let (profile, bench) = bench(name);
        let program = verilator(&bench, &export::verilog(&profile));
        let folder = vectors(&bench);
        let told = run(&program, folder.path());
        assert!(passes(&told), "{name}: {told:?}");

        for (file_name, text) in bench.vectors() {
            let file = folder.path().join(&file_name);
            let half = text.len() / 2;
            let wrong = [
                ("empty", String::new()),
                ("half", text[..half - half % (text.find('\n').unwrap() + 1)].to_owned()),
                ("cut in a line", text[..text.len() - 3].to_owned()),
                ("a line too many", text.to_owned() + "0\n"),
            ];
            for (how, wrong) in wrong {
                fs::write(&file, wrong).unwrap();
                let told = run(&program, folder.path());
                assert!(fails(&told, &file_name), "{name}, {file_name} {how}: {told:?}");
            }
            fs::remove_file(&file).unwrap();
            let told = run(&program, folder.path());
            assert!(fails(&told, &file_name), "{name}, no {file_name}: {told:?}");
            fs::write(&file, text).unwrap();
        }

        let mut words: Vec<String> = bench.words.lines().map(|line| format!("{line}\n")).collect();
        let middle = words.len() / 2;
        let wrong = u64::from_str_radix(words[middle].trim(), 16).unwrap() ^ 1 << 7;
        words[middle] = format!("{wrong:010x}\n");
        let file = folder.path().join(format!("{}_words.hex", bench.name));
        fs::write(file, words.concat()).unwrap();
        let told = run(&program, folder.path());
        assert!(fails(&told, &format!("word {middle} is ")), "{name}: {told:?}");
    }
}

#[test]
fn a_wrong_core_fails() {
    let (profile, bench) = bench("nano");
    let core = export::verilog(&profile);
    let folder = vectors(&bench);
    for (output, wrong) in [("m_axis_tdata", "32'hx"), ("m_axis_tvalid", "1'b0")] {
        let program = verilator(&bench, &driven(&core, output, wrong));
        let told = run(&program, folder.path());
        assert!(fails(&told, "word"), "{output}: {told:?}");
    }
}

/// Runs a core with its bench in Icarus Verilog; `None` where there is none, which in CI is a failure.
pub(crate) fn icarus(bench: &VerilogBench, folder: &Path, core: &str) -> Option<(String, bool)> {
    let found = Command::new("iverilog").arg("-V").output();
    if !found.is_ok_and(|found| found.status.success()) {
        let ci = std::env::var_os("CI").is_some();
        assert!(!ci, "no Icarus Verilog: install iverilog, the checks for X need it");
        println!("SKIPPED: no Icarus Verilog (iverilog), the checks for X are not tried");
        return None;
    }
    fs::write(folder.join("bench.v"), core.to_owned() + &bench.verilog).unwrap();
    let mut compile = Command::new("iverilog");
    compile.args(["-Wall", "-s", &bench.name, "-o", "bench.vvp", "bench.v"]);
    let told = compile.current_dir(folder).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&told.stderr), "", "warnings of Icarus Verilog");
    Some(verdict(Command::new("vvp").arg("bench.vvp").current_dir(folder).output().unwrap()))
}

#[test]
fn an_unknown_output_fails() {
    let (profile, bench) = bench("nano");
    let core = export::verilog(&profile);
    let folder = vectors(&bench);
    let Some(told) = icarus(&bench, folder.path(), &core) else { return };
    assert!(passes(&told), "{told:?}");
    for (output, wrong, with) in [
        ("m_axis_tdata", "32'hx", "word 0 is"),
        ("m_axis_tdata", "{word_fifo_m_axis_tdata[31:1], 1'bx}", "word 0 is"),
        ("m_axis_tkeep", "4'bx111", "word 0 is"),
        ("m_axis_tlast", "1'bx", "word 0 is"),
        ("m_axis_tvalid", "1'bx", "m_axis_tvalid is x"),
    ] {
        let told = icarus(&bench, folder.path(), &driven(&core, output, wrong)).unwrap();
        assert!(fails(&told, with), "{output} = {wrong}: {told:?}");
    }
}
