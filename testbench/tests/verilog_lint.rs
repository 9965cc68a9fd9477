//! Verilator finds nothing to warn of in any exported file, with `-Wall`; and it finds a width that
//! is made wrong.

use hdl::verilog::export::{MemoryFile, top_name, verilog, verilog_and_memory_files};
use hdl::{Board, Profile};
use synth::{Tools, Verilator};
use testbench::verilog_bench::VerilogBench;

fn verilator() -> Verilator {
    Tools::locate().verilator().unwrap()
}

/// The warnings of a file, with the contents of its ROMs in files of their own or without.
fn warnings(name: &str, verilog: &str, memory_files: &[MemoryFile]) -> String {
    let files: Vec<(&str, &str)> =
        memory_files.iter().map(|file| (file.name.as_str(), file.text.as_str())).collect();
    verilator().lint(name, verilog, &files, &["--top-module", name]).unwrap()
}

#[test]
fn every_core_is_free_of_warnings() {
    for profile in Profile::all() {
        for profile in [profile.clone(), profile.in_packets()] {
            let top = top_name(&profile);
            assert_eq!(warnings(&top, &verilog(&profile), &[]), "");
            let (verilog, files) = verilog_and_memory_files(&profile);
            assert_eq!(warnings(&top, &verilog, &files), "");
        }
    }
}

#[test]
fn every_board_is_free_of_warnings() {
    for board in Board::all() {
        for profile in Profile::all() {
            let Ok(verilog) = board.verilog(&profile) else { continue };
            let top = board.top_name(&profile);
            assert_eq!(warnings(&top, &verilog, &[]), "");
            // The form that chips are built from.
            let (verilog, files) = board.verilog_and_memory_files(&profile).unwrap();
            assert_eq!(warnings(&top, &verilog, &files), "");
        }
    }
}

#[test]
fn every_test_bench_is_free_of_warnings() {
    for profile in Profile::all() {
        let bench = VerilogBench::new(&profile, 1, 2000);
        let core = format!("{}.v", top_name(&profile));
        let flags = ["--timing", "--top-module", &bench.name, &core];
        let files = [(&*core, &*verilog(&profile))];
        let found = verilator().lint(&bench.name, &bench.verilog, &files, &flags).unwrap();
        assert_eq!(found, "");
    }
}

#[test]
fn a_wrong_width_is_found() {
    let profile = Profile::named("nano").unwrap();
    let right = verilog(&profile);
    for (right_width, wrong_width) in [
        ("channel_number + 10'h1;", "channel_number + 32'h1;"),
        ("count = filled[4:0];", "count = filled;"),
        ("output reg [3:0] m_axis_tkeep", "output reg [4:0] m_axis_tkeep"),
    ] {
        assert!(right.contains(right_width), "{right_width}");
        let wrong = right.replacen(right_width, wrong_width, 1);
        let found = warnings(&top_name(&profile), &wrong, &[]);
        assert!(found.contains("%Warning-WIDTH"), "{wrong_width}: {found}");
    }
    let board = Board::named("icestick").unwrap();
    let wrong = board.verilog(&profile).unwrap().replacen("endmodule", "wire lost;\nendmodule", 1);
    let found = warnings(&board.top_name(&profile), &wrong, &[]);
    assert!(found.contains("%Warning-"), "{found}");
}
