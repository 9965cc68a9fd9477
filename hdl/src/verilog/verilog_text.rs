//! Makes rust-hdl's Verilog readable, without changing what it says.
//!
//! rust-hdl writes one module per instance, named by its path, down to one module for each
//! register, each with a clock of its own that is assigned from the one above. Here
//! - a register becomes `always @(posedge clock) x <= x_next;` in the module that has it,
//! - a block's clock is the clock of the module that has it,
//! - `block$port` becomes `block_port`, and the paths begin with the profile's name.

use std::collections::{BTreeMap, BTreeSet};

/// One module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// Its name.
    pub name: String,
    /// Its ports, between the parentheses.
    pub ports: String,
    /// Its lines, between head and `endmodule`.
    pub body: Vec<String>,
}

impl Module {
    /// The module as Verilog.
    pub fn text(&self) -> String {
        format!("module {}({});\n{}\nendmodule\n", self.name, self.ports, self.body.join("\n"))
    }
}

/// The modules of rust-hdl's text in readable form, the top first and named `top`.
///
/// # Panics
/// When two names become one; the export's tests make every profile.
pub fn readable_modules(raw: &str, top: &str) -> Vec<Module> {
    let modules = parse(raw);
    let registers: BTreeMap<String, String> =
        modules.iter().filter_map(|m| Some((m.name.clone(), register_initial(m)?))).collect();
    let names: BTreeMap<String, String> = modules
        .iter()
        .map(|m| (m.name.clone(), m.name.replacen("top", top, 1).replace('$', "_")))
        .collect();
    modules
        .into_iter()
        .filter(|module| !registers.contains_key(&module.name))
        .map(|module| tidy(module, &registers, &names))
        .collect()
}

/// Splits the text into modules.
fn parse(raw: &str) -> Vec<Module> {
    let mut modules: Vec<Module> = Vec::new();
    let mut inside = false;
    for line in raw.lines() {
        let line = line.trim_end();
        if let Some(head) = line.strip_prefix("module ") {
            let (name, ports) = head.split_once('(').expect("a module has ports");
            let ports = ports.trim_end_matches(");").replace(',', ", ");
            modules.push(Module { name: name.into(), ports, body: Vec::new() });
            inside = true;
        } else if line.starts_with("endmodule") {
            inside = false;
        } else if inside && !line.is_empty() {
            modules.last_mut().expect("inside one").body.push(heading(line).into());
        }
    }
    modules
}

/// rust-hdl's headings within a module, in our words.
fn heading(line: &str) -> &str {
    match line.trim() {
        "// Module arguments" => "    // Ports",
        "// Constant declarations" => "    // Constants",
        "// Stub signals" => "    // Registers, and what goes to and comes from the blocks",
        "// Local signals" => "    // Steps in between",
        "// Sub module instances" => "    // Blocks",
        "// Update code" | "// Update code (custom)" => "    // What happens",
        _ => line,
    }
}

/// The initial value of a module that is nothing but a register.
fn register_initial(module: &Module) -> Option<String> {
    let ports: BTreeSet<&str> = module.ports.split(", ").collect();
    let mut assignments = module.body.iter().filter(|line| line.contains("<="));
    let is_register = ports == BTreeSet::from(["clock", "d", "q"])
        && assignments.next().is_some_and(|line| line.trim() == "q <= d;")
        && assignments.next().is_none();
    let initial = module.body.iter().find_map(|line| line.trim().strip_prefix("q = "));
    initial.filter(|_| is_register)?.strip_suffix(';').map(String::from)
}

fn tidy(
    module: Module,
    registers: &BTreeMap<String, String>,
    names: &BTreeMap<String, String>,
) -> Module {
    // The instances: registers with their initial values, and what each clock below this module is
    // in it.
    let mut initial_values: BTreeMap<&str, &str> = BTreeMap::new();
    let mut clocks: BTreeMap<String, String> = BTreeMap::new();
    for line in &module.body {
        if let Some((kind, instance)) = instance_head(line)
            && names.contains_key(kind)
        {
            for clock in ["clock", "aclk"].map(|port| format!("{instance}${port}")) {
                if let Some(source) = module.body.iter().find_map(|line| assigned(line, &clock)) {
                    clocks.insert(clock, source.into());
                }
            }
            if let Some(initial) = registers.get(kind) {
                initial_values.insert(instance, initial);
            }
        }
    }

    let mut body = Vec::new();
    let mut inside_register = false;
    for line in &module.body {
        if instance_head(line).is_some_and(|(kind, _)| registers.contains_key(kind)) {
            inside_register = true;
        }
        if inside_register {
            inside_register = line.trim() != ");";
            continue;
        }
        let mut words = line.trim().trim_end_matches(';').split_whitespace();
        let first_is_clock = words.next().is_some_and(|word| clocks.contains_key(word));
        let last = words.next_back().unwrap_or("");
        let declares_clock = line.trim().starts_with("reg ") && clocks.contains_key(last);
        if first_is_clock || declares_clock {
            continue;
        }
        let declared_register = last
            .strip_suffix("$q")
            .filter(|_| line.trim().starts_with("wire "))
            .and_then(|name| initial_values.get(name));
        body.push(match declared_register {
            Some(initial) => {
                line.replacen("wire", "reg", 1).trim_end_matches(';').to_string()
                    + &format!(" = {initial};")
            }
            None => line.clone(),
        });
    }
    let mut clocked: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in initial_values.keys() {
        clocked.entry(&clocks[&format!("{name}$clock")]).or_default().push(name);
    }
    if !clocked.is_empty() {
        body.push("    // Registers".into());
    }
    for (clock, names) in clocked {
        body.push(format!("    always @(posedge {clock}) begin"));
        body.extend(names.iter().map(|name| format!("        {name}$q <= {name}$d;")));
        body.push("    end".into());
    }

    // A module whose only instances were registers has no blocks any more.
    let is_empty_heading = |at: usize| {
        body[at].trim() == "// Blocks"
            && body.get(at + 1).is_some_and(|l| l.trim().starts_with("//"))
    };
    let body: Vec<String> =
        (0..body.len()).filter(|&at| !is_empty_heading(at)).map(|at| body[at].clone()).collect();

    let renamed = new_names(&body, &clocks, &initial_values, names);
    let body = body.iter().map(|line| rename(line, &renamed)).collect();
    Module { name: names[&module.name].clone(), ports: module.ports, body }
}

/// What a line `name = value;` assigns.
fn assigned<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    line.trim().strip_prefix(name)?.strip_prefix(" = ")?.strip_suffix(';')
}

/// The two names of a line `kind instance(`.
fn instance_head(line: &str) -> Option<(&str, &str)> {
    let (kind, instance) = line.trim().strip_suffix('(')?.split_once(' ')?;
    instance.chars().all(is_identifier).then_some((kind, instance))
}

/// What each identifier of a module becomes, where it changes.
fn new_names(
    body: &[String],
    clocks: &BTreeMap<String, String>,
    registers: &BTreeMap<&str, &str>,
    modules: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let identifiers: BTreeSet<&str> = body
        .iter()
        .flat_map(|line| line.split(|c| !is_identifier(c)))
        .filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
        .collect();
    let mut renamed = BTreeMap::new();
    let mut taken: BTreeSet<String> = identifiers
        .iter()
        .filter(|name| !name.contains('$'))
        .map(|name| name.to_string())
        .collect();
    // An instance keeps its name, and a register takes that of its instance.
    for name in registers.keys() {
        taken.remove(*name);
    }
    for &name in identifiers.iter().filter(|name| name.contains('$')) {
        let is_register = |name: &str| registers.contains_key(name);
        let new = if let Some(clock) = clocks.get(name) {
            renamed.insert(name.to_string(), clock.clone());
            continue;
        } else if let Some(module) = modules.get(name) {
            module.clone()
        } else if let Some(register) = name.strip_suffix("$q").filter(|name| is_register(name)) {
            register.to_string()
        } else if let Some(register) = name.strip_suffix("$d").filter(|name| is_register(name)) {
            format!("{register}_next")
        } else {
            name.replace('$', "_")
        };
        assert!(taken.insert(new.clone()), "two signals would be called {new}");
        renamed.insert(name.to_string(), new);
    }
    renamed
}

/// Replaces every identifier that has a new name.
fn rename(line: &str, names: &BTreeMap<String, String>) -> String {
    let mut renamed = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find(is_identifier) {
        let end = rest[start..].find(|c| !is_identifier(c)).map_or(rest.len(), |n| start + n);
        let identifier = &rest[start..end];
        renamed.push_str(&rest[..start]);
        renamed.push_str(names.get(identifier).map_or(identifier, String::as_str));
        rest = &rest[end..];
    }
    renamed + rest
}

fn is_identifier(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAW: &str = "

module top(clock,in,out);
    input wire  clock;
    input wire  [3:0] in;
    output reg  [3:0] out;
    reg  [3:0] kept$d;
    wire  [3:0] kept$q;
    reg  kept$clock;
    reg  block$clock;
    wire  [3:0] block$data;
    top$kept kept(
        .d(kept$d),
        .q(kept$q),
        .clock(kept$clock)
    );
    top$block block(
        .clock(block$clock),
        .data(block$data)
    );
    always @(*) begin
        kept$clock = clock;
        block$clock = clock;
        kept$d = in;
        out = kept$q & block$data;
    end
endmodule // top

module top$kept(d,q,clock);
    input wire  [3:0] d;
    output reg  [3:0] q;
    input wire  clock;
    initial begin
       q = 4'h5;
    end
    always @(posedge clock) begin
       q <= d;
    end
endmodule // top$kept

module top$block(clock,data);
endmodule // top$block
";

    #[test]
    fn registers_move_in_clocks_become_one_and_names_lose_their_dollars() {
        let modules = readable_modules(RAW, "chip");
        assert_eq!(
            modules.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(),
            ["chip", "chip_block"]
        );
        let text = "\
module chip(clock, in, out);
    input wire  clock;
    input wire  [3:0] in;
    output reg  [3:0] out;
    reg  [3:0] kept_next;
    reg  [3:0] kept = 4'h5;
    wire  [3:0] block_data;
    chip_block block(
        .clock(clock),
        .data(block_data)
    );
    always @(*) begin
        kept_next = in;
        out = kept & block_data;
    end
    // Registers
    always @(posedge clock) begin
        kept <= kept_next;
    end
endmodule
";
        assert_eq!(modules[0].text(), text);
    }

    #[test]
    fn a_register_keeps_the_clock_that_it_was_given() {
        let raw = RAW.replace("kept$clock = clock;", "kept$clock = strobe;");
        let text = readable_modules(&raw, "chip")[0].text();
        assert!(text.contains("always @(posedge strobe) begin\n        kept <= kept_next;"));
        assert!(text.contains(".clock(clock),\n        .data(block_data)"));
    }

    #[test]
    #[should_panic(expected = "two signals would be called block_data")]
    fn two_names_that_would_become_one_are_refused() {
        readable_modules(&RAW.replace("in;", "block_data;"), "chip");
    }
}
