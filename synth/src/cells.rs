//! Models of cells, so that a netlist can be simulated.
//!
//! yosys brings one for most of them. It has the block RAM and the multiplier of the ECP5 as black
//! boxes only; those are modelled here, in `models/`.

use crate::error::{During, ToolError};
use crate::family::Family;
use std::fs;
use std::path::Path;

/// yosys's files of models.
fn of_yosys(family: Family) -> &'static [&'static str] {
    match family {
        Family::Ice40 => &["ice40/cells_sim.v"],
        Family::Ecp5 => &["lattice/common_sim.vh", "lattice/ccu2c_sim.vh"],
    }
}

/// Our own.
pub(crate) fn of_ours(family: Family) -> &'static [&'static str] {
    match family {
        Family::Ice40 => &[],
        Family::Ecp5 => {
            &[include_str!("../models/dp16kd.v"), include_str!("../models/mult18x18d.v")]
        }
    }
}

/// All models of a family, as Verilog; `share` is the folder of yosys's own files.
pub(crate) fn models(family: Family, share: &Path) -> Result<String, ToolError> {
    // The files include others unless told not to.
    let mut verilog = String::from("\n`define NO_INCLUDES\n");
    for file in of_yosys(family) {
        let file = share.join(file);
        verilog.push_str(&fs::read_to_string(&file).during("read", &file)?);
    }
    of_ours(family).iter().for_each(|model| verilog.push_str(model));
    Ok(verilog)
}
