//! What the next step begins with: a folder for LibreLane, which places and routes a core.
//!
//! | file | what |
//! |---|---|
//! | `config.json` | LibreLane's configuration; `tierwire` writes the keys in [`KEYS`] and no other |
//! | `TOP.v` | the core with its memories on macros |
//! | `macros.v` | the macros' ports, as black boxes |
//! | `TOP.sdc` | the clock and the world outside, the same that OpenSTA was given here |
//! | `netlist.v` | the netlist of cells that the estimate is of, for comparison |

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use hdl::verilog::asic::AsicCore;
use serde_json::{Map, Value, json};

use crate::Error;
use crate::silicon::timing::constraints;
use crate::silicon::{Corner, Process};

/// The keys of LibreLane 3.0 that are written, as its documentation has them.
pub const KEYS: [&str; 14] = [
    "DESIGN_NAME",
    "VERILOG_FILES",
    "CLOCK_PORT",
    "CLOCK_PERIOD",
    "PNR_SDC_FILE",
    "SIGNOFF_SDC_FILE",
    "FP_SIZING",
    "DIE_AREA",
    "PL_TARGET_DENSITY_PCT",
    "FP_MACRO_HORIZONTAL_HALO",
    "FP_MACRO_VERTICAL_HALO",
    "SYNTH_CLOCKGATE_MIN_WIDTH",
    "PDN_MACRO_CONNECTIONS",
    "MACROS",
];

/// Free space around each macro, in um: pins are reached, and the power grid runs there.
const HALO: f64 = 20.0;
/// The share of the area beside the macros that cells fill.
const DENSITY: f64 = 0.6;

/// A macro of the netlist.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Its cell.
    pub cell: String,
    /// Its own name, with the path of blocks.
    pub instance: String,
}

/// What a folder is written from.
pub struct Flow<'a> {
    /// The top module.
    pub top: &'a str,
    /// The process, with a PDK.
    pub process: &'a Process,
    /// The core, its memories on macros.
    pub core: &'a AsicCore,
    /// Each macro.
    pub placed: &'a [Placed],
    /// All cells beside them, in mm2.
    pub cells_mm2: f64,
    /// The clock, in MHz.
    pub mhz: f64,
    /// The netlist of cells.
    pub netlist: &'a str,
}

impl Flow<'_> {
    /// Writes the folder.
    ///
    /// # Errors
    /// When a file cannot be written, or a macro's LEF file cannot be read.
    pub fn write(&self, folder: &Path) -> Result<(), Error> {
        let (top, core) = (self.top, self.core);
        let config = serde_json::to_string_pretty(&self.config()?).unwrap_or_default() + "\n";
        fs::create_dir_all(folder).map_err(Error::file(folder))?;
        for (name, text) in [
            ("config.json".to_owned(), config.as_str()),
            (format!("{top}.v"), &core.verilog),
            ("macros.v".to_owned(), &core.black_boxes),
            (format!("{top}.sdc"), &constraints(self.mhz)),
            ("netlist.v".to_owned(), self.netlist),
        ] {
            let file = folder.join(name);
            fs::write(&file, text).map_err(Error::file(&file))?;
        }
        Ok(())
    }

    /// LibreLane's configuration.
    fn config(&self) -> Result<Value, Error> {
        let top = self.top;
        let (places, [width, height]) = self.floorplan()?;
        let mut macros: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
        for (placed, [x, y]) in self.placed.iter().zip(places) {
            let place = json!({ "location": [x, y], "orientation": "N" });
            let instances = macros.entry(&placed.cell).or_default();
            instances.insert(placed.instance.clone(), place);
        }
        let of_macro = |(cell, instances): (&str, Map<String, Value>)| {
            let lib =
                [("*slow*", Corner::Slow), ("*typ*", Corner::Typical), ("*fast*", Corner::Fast)];
            let lib = lib.into_iter().filter_map(|(corners, corner)| {
                let file = self.process.macro_file(cell, corner)?;
                Some((corners.to_owned(), json!([self.process.in_pdk(file)])))
            });
            let views = json!({
                "gds": [self.process.view(cell, "gds")],
                "lef": [self.process.view(cell, "lef")],
                "lib": lib.collect::<Map<_, _>>(),
                "instances": instances,
            });
            (cell.to_owned(), views)
        };
        // Two supplies of a macro: of its logic, and of its cells.
        let supplies = ["VDD", "VDDARRAY"];
        let connections = self.placed.iter().flat_map(|placed| {
            supplies.map(|supply| format!("{} VDD VSS {supply} VSS", escaped(&placed.instance)))
        });
        Ok(json!({
            "DESIGN_NAME": top,
            "VERILOG_FILES": [format!("dir::{top}.v"), "dir::macros.v"],
            "CLOCK_PORT": "aclk",
            "CLOCK_PERIOD": (1e6 / self.mhz).floor() / 1e3,
            "PNR_SDC_FILE": format!("dir::{top}.sdc"),
            "SIGNOFF_SDC_FILE": format!("dir::{top}.sdc"),
            "FP_SIZING": "absolute",
            "DIE_AREA": [0, 0, width, height],
            "PL_TARGET_DENSITY_PCT": (100.0 * DENSITY) as u32,
            "FP_MACRO_HORIZONTAL_HALO": HALO / 2.0,
            "FP_MACRO_VERTICAL_HALO": HALO / 2.0,
            "SYNTH_CLOCKGATE_MIN_WIDTH": 4,
            "PDN_MACRO_CONNECTIONS": connections.collect::<Vec<_>>(),
            "MACROS": macros.into_iter().map(of_macro).collect::<Map<_, _>>(),
        }))
    }

    /// Where each macro's lower left corner is, and how large the die has to be, in um: macros in rows
    /// from below, as wide as makes the die a square, and the cells above.
    fn floorplan(&self) -> Result<(Vec<[f64; 2]>, [f64; 2]), Error> {
        let sizes = self.placed.iter().map(|placed| {
            let file = self.process.view_file(&placed.cell, "lef");
            let text = fs::read_to_string(&file).map_err(Error::file(&file))?;
            size(&text).ok_or_else(|| Error::NoCell(format!("{}: no SIZE", file.display())))
        });
        let sizes: Vec<[f64; 2]> = sizes.collect::<Result<_, Error>>()?;
        let with_halo: f64 = sizes.iter().map(|[w, h]| (w + HALO) * (h + HALO)).sum();
        let cells = 1e6 * self.cells_mm2 / DENSITY;
        let widest = sizes.iter().map(|[w, _]| w + 2.0 * HALO).fold(0.0, f64::max);
        let width = (with_halo + cells).sqrt().max(widest).ceil();
        let (mut x, mut y, mut tallest) = (HALO, HALO, 0.0_f64);
        let mut places = Vec::new();
        for [w, h] in sizes {
            if x + w + HALO > width {
                (x, y, tallest) = (HALO, y + tallest + HALO, 0.0);
            }
            places.push([x, y]);
            (x, tallest) = (x + w + HALO, tallest.max(h));
        }
        let height = (y + tallest + HALO + cells / width).ceil();
        Ok((places, [width, height]))
    }
}

/// `SIZE 526.03 BY 74.87 ;`
fn size(lef: &str) -> Option<[f64; 2]> {
    let line = lef.lines().find_map(|line| line.trim().strip_prefix("SIZE "))?;
    let (width, height) = line.trim_end_matches([';', ' ']).split_once(" BY ")?;
    Some([width.trim().parse().ok()?, height.trim().parse().ok()?])
}

/// For a regular expression.
fn escaped(name: &str) -> String {
    name.replace('.', "\\.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_has_the_documented_keys() {
        let core = AsicCore { verilog: "".into(), black_boxes: "".into(), models: "".into() };
        let flow = Flow {
            top: "tierwire_chip256",
            core: &core,
            process: &Process::of_file(Path::new("cells.lib")),
            placed: &[],
            cells_mm2: 0.06,
            mhz: 5.0,
            netlist: "",
        };
        let folder = tempfile::tempdir().unwrap();
        flow.write(folder.path()).unwrap();
        let text = fs::read_to_string(folder.path().join("config.json")).unwrap();
        let config: Map<String, Value> = serde_json::from_str(&text).unwrap();
        let mut keys = KEYS.to_vec();
        keys.sort_unstable();
        assert_eq!(config.keys().collect::<Vec<_>>(), keys);
        // 0.06 mm2 of cells that fill 60 %.
        assert_eq!(config["DIE_AREA"].as_array().unwrap()[2], json!(317.0));
        assert_eq!(config["CLOCK_PERIOD"], json!(200.0));
    }

    #[test]
    fn a_macros_size_is_read() {
        let lef = "MACRO X\n  ORIGIN 0 0 ;\n  SIZE 526.03 BY 74.87 ;\n";
        assert_eq!(size(lef), Some([526.03, 74.87]));
        assert_eq!(size("MACRO X\n"), None);
    }
}
