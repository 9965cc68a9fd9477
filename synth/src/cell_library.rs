//! A library of standard cells, as far as synthesis has to know it.

use crate::error::{During, ToolError};
use crate::liberty::Group;
use std::fs;
use std::path::Path;

/// A library in one corner.
#[derive(Clone, Debug)]
pub struct CellLibrary {
    /// The file's text.
    pub(crate) text: String,
    /// The file.
    pub liberty: Group,
}

/// A cell, and its pins by what they do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClockGate {
    pub(crate) cell: String,
    pub(crate) enable: String,
    pub(crate) clock: String,
    pub(crate) output: String,
}

impl ClockGate {
    /// Its module, which yosys does not make of Liberty: the enable of the low phase counts.
    pub(crate) fn model(&self) -> String {
        let ClockGate { cell, enable, clock, output } = self;
        format!(
            "\nmodule {cell}(input {clock}, input {enable}, output {output});\n  reg held;\n  \
             always @(*) if (!{clock}) held = {enable};\n  assign {output} = {clock} & held;\n\
             endmodule\n"
        )
    }
}

impl CellLibrary {
    /// Reads a Liberty file.
    ///
    /// # Errors
    /// When it cannot be read or is no Liberty.
    pub fn read(path: &Path) -> Result<CellLibrary, ToolError> {
        let text = fs::read_to_string(path).during("read", path)?;
        let liberty = Group::parse(&text)
            .map_err(|fault| ToolError::Liberty { path: path.to_owned(), fault })?;
        Ok(CellLibrary { text, liberty })
    }

    /// The smallest integrated clock gate that lets the clock's high phase through and has no
    /// further inputs.
    pub(crate) fn clock_gate(&self) -> Option<ClockGate> {
        let gates = self.liberty.of_kind("cell").filter_map(|cell| {
            let gate = cell.get("clock_gating_integrated_cell")?;
            let pin = |mark: &str| {
                let marked = cell.of_kind("pin").find(|pin| pin.get(mark) == Some("true"));
                marked.map(|pin| pin.name.clone())
            };
            let gate = (gate == "latch_posedge").then_some(()).and_then(|()| {
                Some(ClockGate {
                    cell: cell.name.clone(),
                    enable: pin("clock_gate_enable_pin")?,
                    clock: pin("clock_gate_clock_pin")?,
                    output: pin("clock_gate_out_pin")?,
                })
            })?;
            Some((cell.number("area")?, gate))
        });
        gates.min_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, gate)| gate)
    }

    /// The smallest inverter.
    pub(crate) fn inverter(&self) -> Option<String> {
        let cells = self.liberty.of_kind("cell").filter(|cell| {
            let function = cell.of_kind("pin").find_map(|pin| pin.get("function"));
            let plain = function.unwrap_or_default().replace(['(', ')', ' '], "");
            let negated = plain.strip_prefix('!').or_else(|| plain.strip_suffix('\''));
            let inputs = cell.of_kind("pin").filter(|pin| pin.get("direction") == Some("input"));
            negated.is_some_and(|name| name.chars().all(char::is_alphanumeric))
                && inputs.count() == 1
        });
        let area = |cell: &&Group| cell.number("area").unwrap_or(f64::MAX);
        cells.min_by(|a, b| area(a).total_cmp(&area(b))).map(|cell| cell.name.clone())
    }

    /// The smallest cell whose only pin is always at this level, and that pin.
    pub(crate) fn constant(&self, level: &str) -> Option<(String, String)> {
        let cells = self.liberty.of_kind("cell").filter_map(|cell| {
            let mut pins = cell.of_kind("pin");
            let (pin, others) = (pins.next()?, pins.count());
            let fits = others == 0 && pin.get("function") == Some(level);
            fits.then(|| (cell.number("area").unwrap_or(0.0), cell.name.clone(), pin.name.clone()))
        });
        let smallest = cells.min_by(|(a, ..), (b, ..)| a.total_cmp(b));
        smallest.map(|(_, cell, pin)| (cell, pin))
    }
}
