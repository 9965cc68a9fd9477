//! The netlist of a profile: its Verilog as yosys makes it of an FPGA's cells.

use hdl::Profile;
use synth::{Design, Family, Synthesis, ToolError, Yosys};

/// Arguments for yosys: multipliers become DSP blocks, which the ECP5's synthesis does anyway.
pub fn options(family: Family) -> &'static [&'static str] {
    match family {
        Family::Ice40 => &["-dsp"],
        Family::Ecp5 => &[],
    }
}

/// Synthesises a profile's pipeline with these arguments for yosys, or takes it from the tools' cache.
///
/// # Errors
/// [`ToolError`].
pub fn synthesise(
    yosys: &Yosys,
    profile: &Profile,
    family: Family,
    options: &[&str],
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
        options,
    })
}
