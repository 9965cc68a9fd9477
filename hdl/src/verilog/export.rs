//! **Export**: a profile as Verilog.
//!
//! rust-hdl's text made readable ([`verilog_text`](crate::verilog::verilog_text)), under a header that says
//! what the file is. The same profile gives the same text, on any machine and in any build.

use crate::profile::Profile;
use crate::verilog::verilog_text::{Module, readable_modules};
use rust_hdl::prelude::{Block, generate_verilog_unchecked};
use std::fmt::Write as _;

/// Name of the top module of a profile: `tierwire_bigram_32`.
pub fn top_name(profile: &Profile) -> String {
    format!("tierwire_{}", profile.name().replace('-', "_"))
}

/// One self-contained file.
pub fn verilog(profile: &Profile) -> String {
    let modules = modules(profile);
    with_header(header(profile, &modules), &modules)
}

/// A ROM's contents apart from the Verilog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryFile {
    /// The name that the Verilog reads it by.
    pub name: String,
    /// One word in hexadecimal per line.
    pub text: String,
}

/// The same hardware with each ROM's contents in a file of its own (`$readmemh`), which synthesis
/// reads much faster.
pub fn verilog_and_memory_files(profile: &Profile) -> (String, Vec<MemoryFile>) {
    let mut modules = modules(profile);
    let files = take_memories(&mut modules);
    (with_header(header(profile, &modules), &modules), files)
}

/// One file: what a header says, and the modules.
pub(crate) fn with_header(header: String, modules: &[Module]) -> String {
    let mut text = header;
    for module in modules {
        let _ = write!(text, "\n{}", module.text());
    }
    text
}

/// Has each ROM read its contents from a file, and gives back the files.
pub(crate) fn take_memories(modules: &mut [Module]) -> Vec<MemoryFile> {
    let mut files = Vec::new();
    for module in modules {
        let contents: Vec<&str> = module.body.iter().filter_map(|line| rom_word(line)).collect();
        if contents.is_empty() {
            continue;
        }
        let name = format!("{}.hex", module.name);
        files.push(MemoryFile { name: name.clone(), text: contents.join("\n") + "\n" });
        let mut read = Some(format!("         $readmemh(\"{name}\", mem);"));
        let body = core::mem::take(&mut module.body);
        module.body = body
            .into_iter()
            .filter_map(|line| if rom_word(&line).is_some() { read.take() } else { Some(line) })
            .collect();
    }
    files
}

/// The word of a line `mem[3] = 4'he;`.
fn rom_word(line: &str) -> Option<&str> {
    let assigned = line.trim().strip_prefix("mem[")?.split_once("] = ")?.1;
    assigned.split_once("'h")?.1.strip_suffix(';')
}

/// A single block in a module of this name: what the proofs are about.
pub fn block_verilog(mut block: impl Block, name: &str) -> String {
    block.connect_all();
    let modules = readable_modules(&generate_verilog_unchecked(&block), name);
    modules.iter().map(Module::text).collect()
}

fn modules(profile: &Profile) -> Vec<Module> {
    readable_modules(&profile.circuit().raw_verilog(), &top_name(profile))
}

/// What the header says of the samples' order.
const ROUNDS: &str = "
// Samples come in rounds: one of every channel, in channel order.
//";

fn header(profile: &Profile, modules: &[Module]) -> String {
    let set = profile.table_set();
    let table = set.rank_table();
    let (channels, rounds) = match profile.channels() {
        1 => ("one channel".to_string(), ""),
        many => (format!("{many} channels"), ROUNDS),
    };
    let blocks: Vec<&str> = modules.iter().map(|module| module.name.as_str()).collect();
    format!(
        "\
// {top}: lossless compressor for {channels} of a neural recording.
//
// Written by tierwire {version} from its rust-hdl description; do not edit.
// License: {license}.
//
// Profile    {name}
// Table set  {set_name}, digest {digest:08x}: {fold} rows, window +-{window}, {contexts} contexts
//
// aclk            everything happens at its rising edge
// aresetn         low at a clock: back to the initial state
// s_axis_*        AXI4-Stream of samples, 16 bits, two's complement; tlast ends a packet
// m_axis_*        AXI4-Stream of the packed stream, 4 bytes, the first one in tdata[7:0];
//                 tkeep tells in a packet's last word which bytes hold code bits
//{rounds}
// One sample per clock, except for one clock after a packet's last sample.
// Modules: {modules}.
",
        top = top_name(profile),
        version = env!("CARGO_PKG_VERSION"),
        license = env!("CARGO_PKG_LICENSE"),
        name = profile.name(),
        set_name = set.name(),
        digest = set.digest(),
        fold = table.fold(),
        window = table.window(),
        contexts = set.activity().contexts(),
        modules = blocks.join(",\n//   "),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_export_is_the_same_every_time_and_names_no_path() {
        for profile in Profile::all() {
            let text = verilog(&profile);
            assert_eq!(text, verilog(&profile));
            assert!(text.starts_with(&format!("// {}:", top_name(&profile))));
            assert!(!text.replace("$signed", "").contains('$'), "an old name is left");
            let defined: Vec<&str> = text
                .lines()
                .filter_map(|l| l.strip_prefix("module ")?.split_once('(').map(|(name, _)| name))
                .collect();
            assert_eq!(defined[0], top_name(&profile));
            assert!(defined.iter().all(|name| name.starts_with(defined[0])));
        }
    }

    #[test]
    fn memory_files_hold_what_the_self_contained_file_holds() {
        let profile = Profile::named("bigram-32").unwrap();
        let (text, files) = verilog_and_memory_files(&profile);
        assert_eq!(files.len(), 4);
        for file in &files {
            assert!(text.contains(&format!("$readmemh(\"{}\", mem);", file.name)));
        }
        let words: usize = files.iter().map(|file| file.text.lines().count()).sum();
        assert_eq!(words, verilog(&profile).lines().filter_map(rom_word).count());
        assert_eq!(words, 32 * 64 + 8 * 64 + 8 * 16 + 256);
    }
}
