//! Names of cells, read back as names of our blocks and signals.
//!
//! yosys flattens the blocks into one and calls a cell after a wire that it drives or reads, and
//! the cells beyond after that cell: `model.means.mem.0.0_DIA13_LUT4_Z_D` is the second LUT before
//! the data input of the memory in block `model.means`.

/// What yosys and nextpnr put behind a name of ours.
const MARKS: [&str; 11] = [
    "_SB_",
    "_TRELLIS_",
    "_LUT4",
    "_CCU2C",
    "_PFUMX",
    "_L6MUX21",
    "_MULT18X18D",
    "_DP16KD",
    "_PDPW16KD",
    ".mem.",
    "$",
];

/// The signal or memory of ours that a cell belongs to, with the path of its block; `None` for a
/// cell that has no name of ours.
pub(crate) fn signal(cell: &str) -> Option<&str> {
    let end = MARKS.iter().filter_map(|mark| cell.find(mark)).min().unwrap_or(cell.len());
    Some(&cell[..end]).filter(|name| !name.is_empty())
}

/// The block that a cell belongs to: `model.means`; empty at the top.
pub(crate) fn block(cell: &str) -> &str {
    match (signal(cell), cell.find(".mem.")) {
        // A memory is a block of its own; cells around it are called after it.
        (Some(name), Some(at)) if at == name.len() => name,
        (Some(name), _) => name.rsplit_once('.').map_or("", |(block, _)| block),
        (None, _) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_after_our_signals() {
        for (cell, name, in_block) in [
            ("model.means.mem.0.0_DIA13_LUT4_Z", "model.means", "model.means"),
            (
                "model.predictor.s5_learns_LUT4_A_B_CCU2C_COUT$CCU2_COMB0",
                "model.predictor.s5_learns",
                "model.predictor",
            ),
            (
                "rounds.channel_number_SB_DFFESR_Q_3_D_SB_LUT4_O_LC",
                "rounds.channel_number",
                "rounds",
            ),
            ("m_axis_tready$sb_io", "m_axis_tready", ""),
            (
                "model.predictor.multiplier_0.product_SB_MAC16_O_DSP",
                "model.predictor.multiplier_0.product",
                "model.predictor.multiplier_0",
            ),
        ] {
            assert_eq!((signal(cell), block(cell)), (Some(name), in_block), "{cell}");
        }
        assert_eq!((signal("$nextpnr_ICESTORM_LC_4"), block("$nextpnr_ICESTORM_LC_4")), (None, ""));
    }
}
