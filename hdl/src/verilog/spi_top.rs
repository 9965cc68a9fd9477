//! A core with loaded tables behind the [`SpiBridge`]: its registers on four pins.

use super::export::{LINT, block_verilog, verilog};
use super::header::top_name;
use crate::profile::Profile;
use crate::tables::spi_bridge::SpiBridge;
use std::fmt::Write as _;

/// The bridge's module.
const BRIDGE: &str = "tierwire_spi_bridge";
/// Its ports on the chip's pins.
const PINS: &str = "spi_";

/// A port: `input` or `output`, its range if it has one, and its name.
struct Port {
    direction: String,
    range: String,
    name: String,
}

/// The name of the top: `tierwire_chip256_loaded_spi`.
pub fn spi_top_name(profile: &Profile) -> String {
    format!("{}_spi", top_name(profile))
}

/// The bridge and the top that joins it and the core, each a file with its name; nothing for a core without
/// registers.
pub fn spi_top(profile: &Profile) -> Option<[(String, String); 2]> {
    if !profile.is_loaded() {
        return None;
    }
    let (core, top) = (top_name(profile), spi_top_name(profile));
    let bridge = block_verilog(SpiBridge::default(), BRIDGE);
    let (of_core, of_bridge) = (ports(&verilog(profile)), ports(&bridge));
    let (bus, others): (Vec<Port>, Vec<Port>) =
        of_core.into_iter().partition(|port| port.name.starts_with("s_axil_"));
    let pins = of_bridge.iter().filter(|port| port.name.starts_with(PINS));
    let declared: Vec<String> = others
        .iter()
        .chain(pins)
        .map(|Port { direction, range, name }| format!("    {direction} wire {range}{name}"))
        .collect();

    let mut text = format!("module {top}(\n{}\n);\n", declared.join(",\n"));
    for Port { range, name, .. } in &bus {
        let _ = writeln!(text, "    wire {range}{};", &name["s_".len()..]);
    }
    let joined = |port: &Port| {
        let level = port.name.strip_prefix("s_").or(port.name.strip_prefix("m_"));
        let is_bus = port.name.contains("_axil_");
        let level = level.filter(|_| is_bus).unwrap_or(&port.name);
        format!("        .{}({level})", port.name)
    };
    let instance = |module: &str, name: &str, ports: Vec<String>| {
        format!("\n    {module} {name}(\n{}\n    );\n", ports.join(",\n"))
    };
    text += &instance(BRIDGE, "bridge", of_bridge.iter().map(joined).collect());
    text += &instance(&core, "core", others.iter().chain(&bus).map(joined).collect());
    text += "endmodule\n";

    let written = format!("// Written by tierwire {}; do not edit.\n", env!("CARGO_PKG_VERSION"));
    let headed = |what: &str, text: &str| format!("// {what}\n//\n{written}{LINT}\n{text}");
    let what = format!("{top}: {core} with its registers on the pins of an SPI slave.");
    Some([
        (
            format!("{BRIDGE}.v"),
            headed(&format!("{BRIDGE}: an SPI slave that is an AXI4-Lite master."), &bridge),
        ),
        (format!("{top}.v"), headed(&what, &text)),
    ])
}

/// The ports of a file's first module.
fn ports(verilog: &str) -> Vec<Port> {
    let lines = verilog.lines().skip_while(|line| !line.starts_with("module ")).skip(1);
    lines
        .take_while(|line| *line != ");")
        .map(|line| {
            let words: Vec<&str> = line.trim_end_matches(',').split_whitespace().collect();
            let range = line.find('[').and_then(|at| Some(&line[at..=at + line[at..].find(']')?]));
            Port {
                direction: words.first().copied().unwrap_or_default().into(),
                range: range.map_or(String::new(), |range| format!("{range} ")),
                name: words.last().copied().unwrap_or_default().into(),
            }
        })
        .collect()
}
