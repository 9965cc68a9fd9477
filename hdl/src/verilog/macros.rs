//! **Memory macros**: the SRAM of a process, as its file in `memories/` describes it, and their modules
//! in Verilog.

use crate::profile_file::toml_fault;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

include!(concat!(env!("OUT_DIR"), "/memories.rs"));

/// A process's macros: with one write port and one read port of one clock, or with one port for both.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemoryMacros {
    /// The file's name for them.
    pub name: String,
    pins: BTreeMap<String, Pins>,
    #[serde(rename = "macro")]
    pub(super) macros: Vec<Macro>,
}

/// A macro.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Macro {
    /// The name of its cell.
    pub name: String,
    /// Its words, a power of two.
    pub words: usize,
    /// The bits of a word.
    pub bits: usize,
    /// Which table of pins it has.
    pins: String,
}

/// What each pin is connected to. A pin that is as wide as an address or a word says so:
/// `A_BM:data`.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Pins {
    clock: Vec<String>,
    /// Of one port for both: high at either.
    #[serde(default)]
    access: Vec<String>,
    write: Vec<String>,
    read: Vec<String>,
    /// Of one port for both.
    address: Option<String>,
    write_address: Option<String>,
    read_address: Option<String>,
    write_data: String,
    read_data: String,
    #[serde(default)]
    high: Vec<String>,
    #[serde(default)]
    low: Vec<String>,
    #[serde(default)]
    open: Vec<String>,
}

/// A file describes no macros.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {fault}")]
pub struct InvalidMacros {
    /// The file.
    pub file: String,
    /// The reason.
    pub fault: MacroFault,
}

/// Why a file describes no macros.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MacroFault {
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(std::io::Error),
    /// It is not TOML, or lacks a key, or has one too many.
    #[error("line {line}: {reason}")]
    Toml {
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        reason: String,
    },
    /// A macro of a shape that no memory can be made of.
    #[error(
        "{name}: {words} words of {bits} bits: the words have to be a power of two, 2 to 65536, the bits 1 to 256"
    )]
    Shape {
        /// The macro.
        name: String,
        /// Its words.
        words: usize,
        /// Its bits.
        bits: usize,
    },
    /// A macro's table of pins is missing.
    #[error("{name}: no table [pins.{pins}]")]
    NoPins {
        /// The macro.
        name: String,
        /// The table.
        pins: String,
    },
    /// A pin's width is none of the two.
    #[error("pin {0:?}: a width is `address` or `data`")]
    Width(String),
    /// A table with too many addresses or too few.
    #[error("[pins.{0}]: either `address`, or `write_address` and `read_address`")]
    Addresses(String),
    /// A table without a pin that every memory has.
    #[error("[pins.{0}]: `clock`, `write` and `read` take one pin or more each")]
    NoPin(String),
}

static SHIPPED: LazyLock<Vec<MemoryMacros>> = LazyLock::new(|| {
    let read = |(name, text): &(&str, &str)| {
        let macros = MemoryMacros::from_toml(&format!("memories/{name}.toml"), text);
        macros.expect("a shipped file is right: a test reads each")
    };
    MEMORIES.iter().map(read).collect()
});

impl MemoryMacros {
    /// Those that come with tierwire.
    pub fn all() -> &'static [MemoryMacros] {
        &SHIPPED
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`InvalidMacros`].
    pub fn from_file(path: &Path) -> Result<MemoryMacros, InvalidMacros> {
        let file = path.display().to_string();
        match fs::read_to_string(path) {
            Ok(text) => MemoryMacros::from_toml(&file, &text),
            Err(error) => Err(InvalidMacros { file, fault: MacroFault::Unreadable(error) }),
        }
    }

    /// Reads a file's text; errors name `file`.
    ///
    /// # Errors
    /// [`InvalidMacros`].
    pub fn from_toml(file: &str, text: &str) -> Result<MemoryMacros, InvalidMacros> {
        parse(text).map_err(|fault| InvalidMacros { file: file.into(), fault })
    }

    /// Every pin of a macro with its direction, its width and what is on it.
    fn pins_of(&self, of: &Macro, port: &Port<'_>) -> Vec<(Pin, String)> {
        let pins = &self.pins[&of.pins];
        let address = of.words.ilog2() as usize;
        let input = |name: &str, width: usize| Pin { name: name.into(), is_output: false, width };
        let output = |name: &str, width: usize| Pin { name: name.into(), is_output: true, width };
        let wide = |pin: &str| match pin.split_once(':') {
            Some((name, "address")) => (name.to_owned(), address),
            Some((name, _)) => (name.to_owned(), of.bits),
            None => (pin.to_owned(), 1),
        };
        let mut all = Vec::new();
        for (names, value) in
            [(&pins.clock, port.clock), (&pins.write, port.write), (&pins.read, port.read)]
        {
            all.extend(names.iter().map(|name| (input(name, 1), value.to_owned())));
        }
        let either = format!("({}) | ({})", port.write, port.read);
        all.extend(pins.access.iter().map(|name| (input(name, 1), either.clone())));
        let chosen = format!("({}) ? {} : {}", port.write, port.write_address, port.read_address);
        for (name, value) in [
            (&pins.address, chosen.as_str()),
            (&pins.write_address, port.write_address),
            (&pins.read_address, port.read_address),
        ] {
            all.extend(name.iter().map(|name| (input(name, address), value.to_owned())));
        }
        all.push((input(&pins.write_data, of.bits), port.write_data.to_owned()));
        all.push((output(&pins.read_data, of.bits), port.read_data.to_owned()));
        for (names, level) in [(&pins.high, "1"), (&pins.low, "0")] {
            for (name, width) in names.iter().map(|pin| wide(pin)) {
                all.push((input(&name, width), format!("{{{width}{{1'b{level}}}}}")));
            }
        }
        for (name, width) in pins.open.iter().map(|pin| wide(pin)) {
            all.push((output(&name, width), String::new()));
        }
        all
    }

    /// A macro in Verilog.
    pub(super) fn instance(&self, of: &Macro, name: &str, port: &Port<'_>) -> Vec<String> {
        let pins = self.pins_of(of, port);
        let connection = |(pin, value): &(Pin, String)| format!("       .{}({value})", pin.name);
        let connections: Vec<String> = pins.iter().map(connection).collect();
        vec![format!("    {} {name}(", of.name), connections.join(",\n"), "    );".into()]
    }

    /// Its module: with `behaviour` a model of what this file says that it does, else a black box.
    pub(super) fn module(&self, of: &Macro, behaviour: bool) -> String {
        let pins = self.pins_of(of, &Port::default());
        let declared = pins.iter().map(|(pin, _)| {
            let direction = if pin.is_output { "output" } else { "input" };
            format!("    {direction} wire [{}:0] {}", pin.width - 1, pin.name)
        });
        let ports: Vec<String> = declared.collect();
        let ports = ports.join(",\n");
        if !behaviour {
            return format!("(* blackbox *)\nmodule {}(\n{ports}\n);\nendmodule\n", of.name);
        }
        let Pins { clock, write_data, read_data, .. } = &self.pins[&of.pins];
        let [write_address, read_address] = self.pins[&of.pins].addresses();
        let [write, read] = self.pins[&of.pins].enables();
        // Of two clocks, the last one is the read port's.
        let (write_clock, read_clock) = (&clock[0], &clock[clock.len() - 1]);
        let (write, read) = (write.join(" & "), read.join(" & "));
        let mut text = format!("module {}(\n{ports}\n);\n", of.name);
        let (top, last) = (of.bits - 1, of.words - 1);
        let _ = write!(
            text,
            "    reg [{top}:0] cells [0:{last}];
    reg [{top}:0] word;
    always @(posedge {write_clock}) begin
       if ({write}) begin
          cells[{write_address}] <= {write_data};
       end
    end
    always @(posedge {read_clock}) begin
       if ({read}) begin
          word <= cells[{read_address}];
       end
    end
    assign {read_data} = word;
"
        );
        for (pin, _) in pins.iter().filter(|(pin, value)| pin.is_output && value.is_empty()) {
            if pin.name != *read_data {
                let _ = writeln!(text, "    assign {} = 0;", pin.name);
            }
        }
        text + "endmodule\n"
    }

    /// Whether a macro has one port for writing and reading.
    pub(super) fn has_one_port(&self, of: &Macro) -> bool {
        self.pins[&of.pins].address.is_some()
    }

    /// The macros' names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.macros.iter().map(|one| one.name.as_str())
    }

    /// The names of the pins that an access needs: all those of a write, all those of a read.
    pub fn enables(&self, cell: &str) -> Option<[Vec<String>; 2]> {
        let of = self.macros.iter().find(|one| one.name == cell)?;
        Some(self.pins[&of.pins].enables())
    }
}

impl Pins {
    /// What has to be high for a write, and for a read.
    fn enables(&self) -> [Vec<String>; 2] {
        [&self.write, &self.read].map(|own| [self.access.as_slice(), own].concat())
    }

    /// The address of a write, and of a read.
    fn addresses(&self) -> [&str; 2] {
        [&self.write_address, &self.read_address]
            .map(|own| own.as_deref().or(self.address.as_deref()).unwrap_or_default())
    }
}

/// What is on a memory's ports, as Verilog.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Port<'a> {
    pub(super) clock: &'a str,
    pub(super) write: &'a str,
    pub(super) write_address: &'a str,
    pub(super) write_data: &'a str,
    pub(super) read: &'a str,
    pub(super) read_address: &'a str,
    pub(super) read_data: &'a str,
}

struct Pin {
    name: String,
    is_output: bool,
    width: usize,
}

fn parse(text: &str) -> Result<MemoryMacros, MacroFault> {
    let macros: MemoryMacros = toml::from_str(text).map_err(|error| {
        let (line, reason) = toml_fault(text, &error);
        MacroFault::Toml { line, reason }
    })?;
    for Macro { name, words, bits, pins } in &macros.macros {
        let name = name.clone();
        if !words.is_power_of_two() || !(2..=1 << 16).contains(words) || !(1..=256).contains(bits) {
            return Err(MacroFault::Shape { name, words: *words, bits: *bits });
        }
        if !macros.pins.contains_key(pins) {
            return Err(MacroFault::NoPins { name, pins: pins.clone() });
        }
    }
    for (table, pins) in &macros.pins {
        let two = [&pins.write_address, &pins.read_address].map(Option::is_some);
        if two != [pins.address.is_none(); 2] {
            return Err(MacroFault::Addresses(table.clone()));
        }
        if [&pins.clock, &pins.write, &pins.read].into_iter().any(Vec::is_empty) {
            return Err(MacroFault::NoPin(table.clone()));
        }
        let wide = pins.high.iter().chain(&pins.low).chain(&pins.open);
        let widths = wide.filter_map(|pin| Some((pin, pin.split_once(':')?.1)));
        for (pin, width) in widths {
            if !["address", "data"].contains(&width) {
                return Err(MacroFault::Width(pin.clone()));
            }
        }
    }
    Ok(macros)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) const TWO: &str = r#"
name = "two"
[pins.plain]
clock = ["CK"]
write = ["WE"]
write_address = "WA"
write_data = "D"
read = ["RE"]
read_address = "RA"
read_data = "Q"
high = ["BM:data"]
[[macro]]
name = "M64X22"
words = 64
bits = 22
pins = "plain"
[[macro]]
name = "M64X32"
words = 64
bits = 32
pins = "plain"
[[macro]]
name = "M256X16"
words = 256
bits = 16
pins = "plain"
"#;

    #[test]
    fn a_wrong_file_is_refused_with_the_reason() {
        let fault = |from: &str, to: &str| {
            let text = TWO.replacen(from, to, 1);
            assert_ne!(text, TWO);
            MemoryMacros::from_toml("two.toml", &text).unwrap_err().to_string()
        };
        assert!(fault("words = 64", "words = 65").starts_with("two.toml: M64X22: 65 words"));
        assert!(fault("bits = 22", "bits = 0").contains("0 bits"));
        assert!(fault("pins = \"plain\"", "pins = \"other\"").ends_with("no table [pins.other]"));
        assert!(fault("BM:data", "BM:16").contains("\"BM:16\""));
        assert!(fault("[\"WE\"]", "[]").contains("[pins.plain]"));
        assert!(fault("read_address", "address").contains("either `address`"));
        assert!(fault("read_address = \"RA\"\n", "").contains("either `address`"));
        assert!(
            fault("name = \"two\"\n", "").contains("line 1"),
            "{}",
            fault("name = \"two\"\n", "")
        );
    }

    #[test]
    fn every_shipped_file_is_right() {
        assert_eq!(MemoryMacros::all().len(), MEMORIES.len());
    }
}
