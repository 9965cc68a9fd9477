//! **A core for a chip of its own**: its memories are a process's macros, its ROMs are logic, and
//! nothing has a value when it is switched on: `aresetn` makes all that is needed.
//!
//! Where a memory's module has `reg [12:0] mem [0:255];`, this has the macros that hold it, or
//! registers where no macro is small enough. What was read of it stays on its output until the next
//! read, as in the FPGAs' memories: the macros have to do so.

use super::export::{core_modules, rom_word, with_header};
use super::header::core_header;
use super::macros::{Macro, MemoryMacros, Port};
use super::module::Body;
use super::tiling::Tiling;
use crate::memory::cells::ONE_PORT;
use crate::profile::Profile;
use std::collections::BTreeMap;

/// A core for a chip.
#[derive(Clone, Debug)]
pub struct AsicCore {
    /// The core, without the macros' modules.
    pub verilog: String,
    /// The macros' modules for synthesis: ports and nothing else.
    pub black_boxes: String,
    /// The macros' modules for simulation.
    pub models: String,
}

/// A profile's core on these macros; without any, every memory is registers.
pub fn asic_core(profile: &Profile, macros: Option<&MemoryMacros>) -> AsicCore {
    let mut modules = core_modules(profile);
    let mut used: BTreeMap<&str, &Macro> = BTreeMap::new();
    for module in &mut modules {
        module.registers.iter_mut().for_each(|register| register.initial.clear());
        if let Body::Custom(lines) = &mut module.body {
            *lines = Memories::take(std::mem::take(lines)).lines(macros, &mut used);
        }
    }
    let of_all = |behaviour: bool| {
        let module = |of: &&Macro| macros.map(|macros| macros.module(of, behaviour));
        used.values().filter_map(module).collect()
    };
    let (black_boxes, models) = (of_all(false), of_all(true));
    AsicCore { verilog: with_header(core_header(profile), &modules), black_boxes, models }
}

/// A memory of a module.
#[derive(Default)]
struct Memory {
    name: String,
    bits: usize,
    words: usize,
    /// It is never written and read at the same clock.
    one_port: bool,
    /// When it is written, where, and with what.
    write: Option<[String; 3]>,
    /// When it is read, where from, what is set, and to what: `{word}` stands for what was read.
    read: [String; 4],
    /// The words of a ROM.
    contents: Vec<String>,
}

/// A module's memories, and the lines around them.
struct Memories {
    memories: Vec<Memory>,
    rest: Vec<String>,
}

/// The name of what was read, in [`Memory::read`].
const WORD: &str = "{word}";

impl Memories {
    /// Takes the memories out of a module's lines.
    fn take(lines: Vec<String>) -> Memories {
        let (mut memories, mut rest): (Vec<Memory>, Vec<String>) = (vec![], vec![]);
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            if let Some(memory) = declaration(line) {
                let marked = at > 0 && lines[at - 1].contains(ONE_PORT);
                memories.push(Memory { one_port: marked, ..memory });
            } else if line.trim() == "initial begin" {
                // A ROM's words, to the end of the block.
                let words = lines[at + 1..].iter().map_while(|line| rom_word(line));
                let words: Vec<(&str, &str)> = words.collect();
                at += words.len() + 1;
                if let Some(of) = words.first().and_then(|(name, _)| place(name, &memories)) {
                    memories[of].contents = words.iter().map(|(_, word)| (*word).into()).collect();
                }
            } else if let Some([condition, target, value]) = clocked(&lines[at..])
                && let Some((of, is_write)) = access(&target, &value, &memories)
            {
                let memory = &mut memories[of];
                if is_write {
                    memory.write = Some([condition, indexed(&target, &memory.name).0, value]);
                } else {
                    let (address, value) = indexed(&value, &memory.name);
                    memory.read = [condition, address, target, value];
                }
                at += 4;
            } else if !line.trim().starts_with("(*") {
                rest.push(line.clone());
            }
            at += 1;
        }
        Memories { memories, rest }
    }

    /// The module's lines with macros, registers and logic in the memories' place.
    fn lines<'a>(
        self,
        macros: Option<&'a MemoryMacros>,
        used: &mut BTreeMap<&'a str, &'a Macro>,
    ) -> Vec<String> {
        let mut lines = Vec::new();
        for memory in &self.memories {
            let tiling = macros
                .and_then(|m| Some((m, m.tiling(memory.words, memory.bits, memory.one_port)?)));
            match (&memory.write, tiling) {
                (None, _) => memory.logic(&mut lines),
                (Some(write), Some((macros, tiling))) => {
                    used.extend(tiling.columns.iter().map(|c| (c.of.name.as_str(), c.of)));
                    memory.on_macros(write, macros, &tiling, &mut lines);
                }
                (Some(write), None) => memory.registers(write, &mut lines),
            }
        }
        lines.extend(self.rest);
        lines
    }
}

impl Memory {
    /// The statement that takes what was read.
    fn taken(&self, assign: &str, word: &str) -> String {
        let [_, _, target, value] = &self.read;
        format!("{target} {assign} {};", value.replace(WORD, word))
    }

    /// A ROM: a table that logic is made of, and a register behind it.
    fn logic(&self, lines: &mut Vec<String>) {
        let Memory { name, bits, words, contents, .. } = self;
        let [condition, address, ..] = &self.read;
        let (top, address_bits) = (bits - 1, words.ilog2());
        lines.push(format!("    reg [{top}:0] {name}_word;"));
        lines.push("    always @(*) begin".into());
        lines.push(format!("       case ({address})"));
        for (at, word) in contents.iter().enumerate() {
            lines.push(format!("          {address_bits}'d{at}: {name}_word = {bits}'h{word};"));
        }
        lines.push(format!("          default: {name}_word = {bits}'h0;"));
        lines.push("       endcase\n    end".into());
        clocked_lines(condition, &self.taken("<=", &format!("{name}_word")), lines);
    }

    /// Registers, as the memory was.
    fn registers(&self, write: &[String; 3], lines: &mut Vec<String>) {
        let Memory { name, bits, words, .. } = self;
        let [condition, address, data] = write;
        lines.push(format!("    reg [{}:0] {name} [0:{}];", bits - 1, words - 1));
        clocked_lines(condition, &format!("{name}[{address}] <= {data};"), lines);
        let read = self.taken("<=", &format!("{name}[{}]", self.read[1]));
        clocked_lines(&self.read[0], &read, lines);
    }

    /// Banks of macros; the upper bits of an address choose the bank.
    fn on_macros(
        &self,
        write: &[String; 3],
        macros: &MemoryMacros,
        tiling: &Tiling<'_>,
        lines: &mut Vec<String>,
    ) {
        let Memory { name, bits, words, .. } = self;
        let ([when, to, data], [read_when, from, ..]) = (write, &self.read);
        let (top, address_bits) = (bits - 1, words.ilog2() as usize);
        let depth = tiling.columns[0].of.words.ilog2() as usize;
        let address = |side: &str, of: &str, lines: &mut Vec<String>| {
            lines.push(format!("    wire [{}:0] {name}_{side}_address = {of};", address_bits - 1));
            // Addresses of fewer bits than the macro has.
            match depth.checked_sub(address_bits) {
                Some(0) => format!("{name}_{side}_address"),
                Some(more) => format!("{{{more}'h0, {name}_{side}_address}}"),
                None => format!("{name}_{side}_address[{}:0]", depth - 1),
            }
        };
        let (to, from) = (address("write", to, lines), address("read", from, lines));
        lines.push(format!("    wire [{top}:0] {name}_data = {data};"));
        let chosen = |side: &str, row: usize| match tiling.rows {
            1 => String::new(),
            _ => format!(
                " & ({name}_{side}_address[{}:{depth}] == {}'d{row})",
                address_bits - 1,
                address_bits - depth
            ),
        };
        for row in 0..tiling.rows {
            let word = format!("{name}_word_{row}");
            lines.push(format!("    wire [{top}:0] {word};"));
            for (n, column) in tiling.columns.iter().enumerate() {
                let (low, high) = (column.low, column.low + column.bits - 1);
                let out = format!("{word}_{n}");
                lines.push(format!("    wire [{}:0] {out};", column.of.bits - 1));
                lines.push(format!(
                    "    assign {word}[{high}:{low}] = {out}[{}:0];",
                    column.bits - 1
                ));
                let data = format!("{name}_data[{high}:{low}]");
                let spare = column.of.bits - column.bits;
                let data = if spare == 0 { data } else { format!("{{{spare}'h0, {data}}}") };
                let port = Port {
                    clock: "clock",
                    write: &format!("{when}{}", chosen("write", row)),
                    write_address: &to,
                    write_data: &data,
                    read: &format!("{read_when}{}", chosen("read", row)),
                    read_address: &from,
                    read_data: &out,
                };
                lines.extend(macros.instance(column.of, &format!("{name}_{row}_{n}"), &port));
            }
        }
        let mut word = format!("{name}_word_0");
        if tiling.rows > 1 {
            let choice = address_bits - depth;
            lines.push(format!("    reg [{}:0] {name}_chosen;", choice - 1));
            let chosen =
                format!("{name}_chosen <= {name}_read_address[{}:{depth}];", address_bits - 1);
            clocked_lines(read_when, &chosen, lines);
            word = format!("{name}_read");
            lines.push(format!("    reg [{top}:0] {word};"));
            lines.push("    always @(*) begin".into());
            lines.push(format!("       case ({name}_chosen)"));
            for row in 0..tiling.rows {
                lines.push(format!("          {choice}'d{row}: {word} = {name}_word_{row};"));
            }
            lines.push(format!("          default: {word} = {name}_word_0;"));
            lines.push("       endcase\n    end".into());
        }
        lines.push("    always @(*) begin".into());
        lines.push(format!("       {}", self.taken("=", &word)));
        lines.push("    end".into());
    }
}

fn place(name: &str, memories: &[Memory]) -> Option<usize> {
    memories.iter().position(|memory| memory.name == name)
}

/// The memory that an assignment writes (`true`) or reads.
fn access(target: &str, value: &str, memories: &[Memory]) -> Option<(usize, bool)> {
    let written = target.split_once('[').and_then(|(name, _)| place(name, memories));
    let read = || memories.iter().position(|memory| value.contains(&format!("{}[", memory.name)));
    written.map(|of| (of, true)).or_else(|| Some((read()?, false)))
}

/// `reg [12:0] mem [0:255];`
fn declaration(line: &str) -> Option<Memory> {
    let rest = line.trim().strip_prefix("reg [")?.strip_suffix("];")?;
    let (top, rest) = rest.split_once(":0] ")?;
    let (name, last) = rest.split_once(" [0:")?;
    let [bits, words] = [top, last].map(|highest| highest.parse::<usize>().ok().map(|n| n + 1));
    Some(Memory { name: name.into(), bits: bits?, words: words?, ..Memory::default() })
}

/// An assignment under a condition at each clock: five lines.
fn clocked(lines: &[String]) -> Option<[String; 3]> {
    let [first, second, third, fourth, fifth, ..] = lines else { return None };
    let is_clocked = first.trim() == "always @(posedge clock) begin"
        && fourth.trim() == "end"
        && fifth.trim() == "end";
    let condition = second.trim().strip_prefix("if (")?.strip_suffix(") begin")?;
    let (target, value) = third.trim().strip_suffix(';')?.split_once(" <= ")?;
    is_clocked.then(|| [condition, target, value].map(str::to_owned))
}

fn clocked_lines(condition: &str, statement: &str, lines: &mut Vec<String>) {
    lines.push("    always @(posedge clock) begin".into());
    lines.push(format!("       if ({condition}) begin"));
    lines.push(format!("          {statement}"));
    lines.push("       end\n    end".into());
}

/// The address in `... NAME[ADDRESS] ...`, and the text with [`WORD`] in place of the whole.
fn indexed(text: &str, name: &str) -> (String, String) {
    let start = text.find(&format!("{name}[")).unwrap_or_default();
    let from = start + name.len() + 1;
    let mut depth = 1;
    let end = text[from..].find(|c| {
        depth += i32::from(c == '[') - i32::from(c == ']');
        depth == 0
    });
    let end = from + end.unwrap_or_default();
    (text[from..end].to_owned(), format!("{}{WORD}{}", &text[..start], &text[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All memories of a profile's core: module, bits, words, whether it is written.
    fn memories(profile: &Profile) -> Vec<(String, usize, usize, bool)> {
        let modules = core_modules(profile).into_iter();
        let of_module = |module: super::super::module::Module| match module.body {
            Body::Custom(lines) => {
                let memories = Memories::take(lines).memories.into_iter();
                let name = module.name;
                let row = move |m: Memory| (name.clone(), m.bits, m.words, m.write.is_some());
                memories.map(row).collect()
            }
            Body::Kernel(_) => Vec::new(),
        };
        modules.flat_map(of_module).collect()
    }

    #[test]
    fn every_memory_of_every_profile_is_found_and_nothing_is_initial() {
        for profile in Profile::all() {
            let verilog = super::super::export::verilog(&profile);
            let declared = verilog.lines().filter(|line| declaration(line).is_some()).count();
            assert_eq!(memories(&profile).len(), declared, "{}", profile.name());
            for macros in [None, Some(&MemoryMacros::all()[0])] {
                let core = asic_core(&profile, macros).verilog;
                assert!(!core.contains("initial begin") && !core.contains("ram_style"));
                assert!(!core.contains(WORD) && !core.contains("[]"), "{}", profile.name());
                let memories = core.lines().filter(|line| declaration(line).is_some()).count();
                assert!(macros.is_none() || memories == 0 || declared > memories);
            }
        }
    }

    #[test]
    fn a_memory_in_banks_chooses_by_the_upper_bits() {
        let lines = "reg [12:0] mem [0:255];|always @(posedge clock) begin|if (write) begin|\
                     mem[write_address[7:0]] <= write_data[12:0];|end|end|\
                     always @(posedge clock) begin|if (read) begin|\
                     data <= {3'h0, mem[read_address[7:0]]};|end|end";
        let taken = Memories::take(lines.split('|').map(str::to_owned).collect());
        assert!(taken.rest.is_empty());
        let memory = &taken.memories[0];
        assert_eq!(memory.read, ["read", "read_address[7:0]", "data", "{3'h0, {word}}"]);
        let write = memory.write.clone().unwrap();
        assert_eq!(write, ["write", "write_address[7:0]", "write_data[12:0]"]);
    }
}
