//! The netlist of a profile: its Verilog, synthesised by yosys into an FPGA's cells.

use hdl::Profile;
use synth::{Design, Family, Synthesis, ToolError, Yosys};

/// Synthesises a profile's pipeline, or takes it from the tools' cache. `multipliers` says whether the
/// chip has multiplier blocks.
///
/// # Errors
/// [`ToolError`].
pub fn synthesise(
    yosys: &Yosys,
    profile: &Profile,
    family: Family,
    multipliers: bool,
) -> Result<Synthesis, ToolError> {
    let (verilog, files) = hdl::verilog::export::verilog_and_memory_files(profile);
    let files: Vec<(&str, &str)> =
        files.iter().map(|file| (file.name.as_str(), file.text.as_str())).collect();
    yosys.synthesise(&Design {
        name: profile.name(),
        verilog: &verilog,
        memory_files: &files,
        top: &hdl::verilog::export::top_name(profile),
        family,
        multipliers,
    })
}
