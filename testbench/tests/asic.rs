//! The core for a chip of its own: memories on macros, ROMs as logic, and every register and memory
//! unknown (X) until `aresetn`. It sends the golden model's words; wrong copies do not.

use hdl::Profile;
use hdl::verilog::asic::{AsicCore, asic_core};
use hdl::verilog::macros::MemoryMacros;

use testbench::verilog_bench::VerilogBench;

use crate::verilog_bench::{fails, icarus, passes, vectors};

/// A core on these macros with their models, in one text.
fn core(profile: &Profile, macros: Option<&MemoryMacros>) -> String {
    let AsicCore { verilog, models, .. } = asic_core(profile, macros);
    verilog + &models
}

/// So many that a sample off the lattice comes late: what is kept of one is unknown until then.
const SAMPLES: usize = 4000;

#[test]
fn it_needs_no_initial_values() {
    let macros = &MemoryMacros::all()[0];
    for (name, macros) in [
        ("bigram-32", None),
        ("nano", Some(macros)),
        ("tile256-lms", Some(macros)),
        ("chip256-loaded", Some(macros)),
    ] {
        let profile = Profile::named(name).unwrap();
        let bench = VerilogBench::new(&profile, 1, SAMPLES);
        let folder = vectors(&bench);
        let Some(told) = icarus(&bench, folder.path(), &core(&profile, macros)) else { return };
        assert!(passes(&told), "{name}: {told:?}");
    }
}

#[test]
fn wrong_copies_fail() {
    let macros = &MemoryMacros::all()[0];
    let profile = Profile::named("nano").unwrap();
    let bench = VerilogBench::new(&profile, 1, SAMPLES);
    let folder = vectors(&bench);
    let right = core(&profile, Some(macros));
    for (from, to) in [
        // A rest of a sample off the lattice that nobody has kept yet.
        ("counted_placed | {10'h0, s4_rest[5:0]}", "counted_placed | s4_rest"),
        // A macro that writes elsewhere than it reads, and one whose clock stands still.
        (".A_ADDR({1'h0, mem_write_address})", ".A_ADDR({1'h1, mem_write_address})"),
        (".B_CLK(clock)", ".B_CLK(1'b0)"),
        // A register that the reset forgets.
        ("if (~aresetn) begin", "if (1'b0) begin"),
    ] {
        let wrong = right.replace(from, to);
        assert_ne!(wrong, right, "{from}");
        let Some(told) = icarus(&bench, folder.path(), &wrong) else { return };
        assert!(!passes(&told) && fails(&told, ""), "{from}: {told:?}");
    }
}
