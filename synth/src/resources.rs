//! What a design takes of a chip: per block from yosys's netlist, as a whole from nextpnr's report.

use crate::error::{During, ToolError};
use crate::names;
use crate::synthesis::Synthesis;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;

/// Cells of a netlist that bear the name of one block.
///
/// Logic between two blocks bears the name of either; the sum over all blocks is exact.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BlockCells {
    /// The block: `model.predictor`; empty for what lies between the blocks at the top.
    pub block: String,
    /// 4-input LUTs, those that adders are made of included.
    pub luts: u32,
    /// Flip-flops.
    pub flip_flops: u32,
    /// Memories.
    pub memories: u32,
    /// Multipliers.
    pub multipliers: u32,
}

#[derive(Deserialize)]
struct Netlist {
    modules: BTreeMap<String, Module>,
}

#[derive(Deserialize)]
struct Module {
    cells: BTreeMap<String, Cell>,
}

#[derive(Deserialize)]
struct Cell {
    #[serde(rename = "type")]
    kind: String,
}

/// What each block of a netlist takes, by the names of the cells.
pub fn cells_by_block(netlist: &Synthesis, top: &str) -> Result<Vec<BlockCells>, ToolError> {
    let json = netlist.json();
    let text = fs::read_to_string(&json).during("read", &json)?;
    blocks(&text, top).ok_or(ToolError::Unread { path: json })
}

/// The blocks of a yosys netlist in the order of their names.
fn blocks(json: &str, top: &str) -> Option<Vec<BlockCells>> {
    let netlist: Netlist = serde_json::from_str(json).ok()?;
    let mut blocks: BTreeMap<&str, BlockCells> = BTreeMap::new();
    for (name, cell) in &netlist.modules.get(top)?.cells {
        let block = names::block(name);
        let cells = blocks
            .entry(block)
            .or_insert_with(|| BlockCells { block: block.into(), ..BlockCells::default() });
        match cell.kind.as_str() {
            "SB_LUT4" | "LUT4" => cells.luts += 1,
            // Two bits of an adder, each a LUT.
            "CCU2C" => cells.luts += 2,
            // 16 words of 4 bits: four LUTs that hold them and two that write them.
            "TRELLIS_DPR16X4" => cells.luts += 6,
            "SB_RAM40_4K" | "DP16KD" | "PDPW16KD" => cells.memories += 1,
            "SB_MAC16" | "MULT18X18D" => cells.multipliers += 1,
            kind if kind.starts_with("SB_DFF") || kind == "TRELLIS_FF" => cells.flip_flops += 1,
            // SB_CARRY shares a cell with a LUT; PFUMX and L6MUX21 lie between LUTs.
            _ => {}
        }
    }
    Some(blocks.into_values().collect())
}

/// What a placed design takes of its chip, and what there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Resources {
    /// iCE40: logic cells, a LUT and a flip-flop each. ECP5: LUTs.
    pub logic: Use,
    /// Flip-flops; on iCE40 they are in the logic cells and counted in the netlist.
    pub flip_flops: Use,
    /// Block RAMs: of 4 kbit on iCE40, of 18 kbit on ECP5.
    pub memories: Use,
    /// Multipliers.
    pub multipliers: Use,
    /// Pins.
    pub pins: Use,
}

/// Used of available.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// How many are used.
    pub used: u32,
    /// How many there are.
    pub available: u32,
}

impl Resources {
    /// From nextpnr's names of what a chip has.
    pub(crate) fn of(utilization: &BTreeMap<String, Use>) -> Self {
        let any = |names: [&str; 2]| {
            names.iter().find_map(|&name| utilization.get(name)).copied().unwrap_or_default()
        };
        Resources {
            logic: any(["ICESTORM_LC", "TRELLIS_COMB"]),
            flip_flops: any(["TRELLIS_FF", ""]),
            memories: any(["ICESTORM_RAM", "DP16KD"]),
            multipliers: any(["ICESTORM_DSP", "MULT18X18D"]),
            pins: any(["SB_IO", "TRELLIS_IO"]),
        }
    }

    /// What is used more than there is: `1762 of 1280 logic cells`; empty if all fits.
    pub fn excess(&self) -> String {
        let kinds = [
            (self.logic, "logic cells"),
            (self.flip_flops, "flip-flops"),
            (self.memories, "block RAMs"),
            (self.multipliers, "multipliers"),
            (self.pins, "pins"),
        ];
        let over = kinds.iter().filter(|(part, _)| part.used > part.available);
        let texts = over.map(|(part, name)| format!("{} of {} {name}", part.used, part.available));
        texts.collect::<Vec<_>>().join(", ")
    }
}

/// The table of a nextpnr log: a report is only written when all fits.
pub(crate) fn utilization(log: &str) -> BTreeMap<String, Use> {
    let line = |line: &str| {
        let (name, numbers) = line.strip_prefix("Info:")?.split_once(':')?;
        let (used, rest) = numbers.split_once('/')?;
        let available = rest.split_whitespace().next()?;
        let part = Use { used: used.trim().parse().ok()?, available: available.parse().ok()? };
        Some((name.trim().to_owned(), part))
    };
    log.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_counted_by_block() {
        let json = r#"{"modules": {"top": {"cells": {
            "rounds.gap_SB_DFFESR_Q": {"type": "SB_DFFESR"},
            "rounds.gap_SB_DFFESR_Q_D_SB_LUT4_O": {"type": "SB_LUT4"},
            "model.means.mem.0.0": {"type": "SB_RAM40_4K"},
            "model.means.mem.0.0_WDATA_2_SB_LUT4_O": {"type": "SB_LUT4"},
            "model.predictor.s5_learns_CCU2C_CIN": {"type": "CCU2C"},
            "model.predictor.multiplier_0.product_MULT18X18D_P": {"type": "MULT18X18D"},
            "s_axis_tvalid_SB_LUT4_I2": {"type": "SB_LUT4"}
        }}}}"#;
        let found = blocks(json, "top").unwrap();
        let of = |block: &BlockCells| {
            (block.block.clone(), block.luts, block.flip_flops, block.memories, block.multipliers)
        };
        assert_eq!(
            found.iter().map(of).collect::<Vec<_>>(),
            [
                ("".into(), 1, 0, 0, 0),
                ("model.means".into(), 1, 0, 1, 0),
                ("model.predictor".into(), 2, 0, 0, 0),
                ("model.predictor.multiplier_0".into(), 0, 0, 0, 1),
                ("rounds".into(), 1, 1, 0, 0),
            ]
        );
        assert_eq!(blocks(json, "other"), None);
        assert_eq!(blocks("{", "top"), None);
    }

    #[test]
    fn resources_that_do_not_fit_are_read_from_the_log() {
        let log = "\
Info: Device utilisation:
Info: \t         ICESTORM_LC:    1762/   1280   137%
Info: \t        ICESTORM_RAM:      20/     16   125%
Info: \t               SB_IO:      92/    112    82%
ERROR: Unable to place cell";
        let resources = Resources::of(&utilization(log));
        assert_eq!(resources.pins, Use { used: 92, available: 112 });
        assert_eq!(resources.excess(), "1762 of 1280 logic cells, 20 of 16 block RAMs");
        assert_eq!(Resources::default().excess(), "");
    }
}
