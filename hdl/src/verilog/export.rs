//! **Export**: a profile as Verilog.
//!
//! rust-hdl's text made readable and free of warnings, under a header that describes the core. The
//! same profile gives the same text, on any machine and in any build.

use super::header::core_header;
pub use super::header::top_name;
use super::module::{Body, Module, Signal};
use super::{duplicates, raw, readable, unused};
use crate::profile::Profile;
use rust_hdl::prelude::{Block, generate_verilog_unchecked};
use std::collections::BTreeSet;

/// One self-contained file.
pub fn verilog(profile: &Profile) -> String {
    with_header(core_header(profile), &core_modules(profile))
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
    let mut modules = core_modules(profile);
    let files = take_memories(&mut modules);
    (with_header(core_header(profile), &modules), files)
}

/// A single block in a module of this name: the design of a proof.
pub fn block_verilog(mut block: impl Block, name: &str) -> String {
    block.connect_all();
    let raw = generate_verilog_unchecked(&block);
    modules(&raw, name, is_of_loader).iter().map(Module::text).collect()
}

/// A pipeline with fixed tables in a module of this name: the design of a proof.
pub fn pipeline_verilog(mut pipeline: impl Block, name: &str) -> String {
    pipeline.connect_all();
    let raw = generate_verilog_unchecked(&pipeline);
    modules(&raw, name, is_of_driver).iter().map(Module::text).collect()
}

/// The core's modules, the top first.
pub(super) fn core_modules(profile: &Profile) -> Vec<Module> {
    let absent = if profile.is_loaded() { |_: &Signal| false } else { is_of_driver };
    modules(&profile.circuit().raw_verilog(), &top_name(profile), absent)
}

/// Whether a port is there for tables that are loaded: a block by itself has none.
fn is_of_loader(port: &Signal) -> bool {
    !port.is_set_here && ["load_at", "load_word"].contains(&port.name.as_str())
}

/// Whether a port is a driver's, which a core with fixed tables does not need.
fn is_of_driver(port: &Signal) -> bool {
    port.name.starts_with("s_axil_")
}

/// The modules of rust-hdl's text as they are exported, the top first and named `top`; some of its ports
/// are not there.
pub(crate) fn modules(text: &str, top: &str, absent: fn(&Signal) -> bool) -> Vec<Module> {
    let mut modules = raw::modules(text);
    readable::make_readable(&mut modules);
    let (none, ports) = std::mem::take(&mut modules[0].ports).into_iter().partition(absent);
    modules[0].ports = ports;
    modules[0].signals.extend::<Vec<Signal>>(none);
    unused::remove_unused(&mut modules);
    modules.iter_mut().for_each(Module::size);
    let inputs: BTreeSet<(String, String)> = modules
        .iter()
        .flat_map(|module| module.inputs().map(|port| (module.name.clone(), port.name.clone())))
        .collect();
    let is_input = |block: &str, port: &str| inputs.contains(&(block.to_owned(), port.to_owned()));
    modules.iter_mut().for_each(|module| unused::list_unused(module, is_input));
    duplicates::remove_duplicates(&mut modules, top);
    modules
}

/// What lint is told in every file.
pub(super) const LINT: &str = "\
//
// One file holds all modules, so only the first is named like it.
// verilator lint_off DECLFILENAME
// A process that sets several signals looks like a loop where Verilator keeps every signal, as it
// does for cocotb; there is none. This warning is about speed.
// verilator lint_off UNOPTFLAT
";

/// One file: a header and the modules.
pub(crate) fn with_header(header: String, modules: &[Module]) -> String {
    modules.iter().fold(header + LINT, |text, module| text + "\n" + &module.text())
}

/// Has each ROM read its contents from a file, one for each of its memories, and returns the files.
pub(crate) fn take_memories(modules: &mut [Module]) -> Vec<MemoryFile> {
    let mut files: Vec<MemoryFile> = Vec::new();
    for module in modules {
        let Body::Custom(lines) = &mut module.body else { continue };
        let module_name = &module.name;
        let mut memory = None;
        let read = |line: String| {
            let Some((name, word)) = rom_word(&line) else { return Some(line) };
            let first = memory.as_deref() != Some(name);
            if first {
                memory = Some(name.to_owned());
                let file = format!("{module_name}{}.hex", &name["mem".len()..]);
                files.push(MemoryFile { name: file, text: String::new() });
            }
            let file = files.last_mut()?;
            file.text += &format!("{word}\n");
            first.then(|| format!("       $readmemh(\"{}\", {name});", file.name))
        };
        *lines = std::mem::take(lines).into_iter().filter_map(read).collect();
    }
    files
}

/// Memory and word of a line `mem[3] = 4'he;`, or `mem_2[3] = 4'he;`.
pub fn rom_word(line: &str) -> Option<(&str, &str)> {
    let (memory, assigned) = line.trim().split_once("] = ")?;
    let memory = memory.split_once('[')?.0;
    let word = assigned.split_once("'h")?.1.strip_suffix(';')?;
    memory.starts_with("mem").then_some((memory, word))
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
    fn the_kernels_comments_are_in_the_verilog() {
        for profile in Profile::all() {
            let text = verilog(&profile);
            let comments = text.lines().filter_map(|line| line.trim().strip_prefix("// "));
            let stages: BTreeSet<&str> =
                comments.clone().filter_map(|line| line.strip_prefix("Stage ")?.get(..1)).collect();
            let wanted: BTreeSet<&str> = ["1", "2", "3", "4", "5", "6", "7"].into();
            assert!(stages.is_superset(&wanted), "{}: {stages:?}", profile.name());
            assert!(comments.clone().all(|line| !line.contains("comment") && !line.contains('"')));
        }
    }

    #[test]
    fn memory_files_hold_what_the_self_contained_file_holds() {
        let profile = Profile::named("bigram-32").unwrap();
        let (text, files) = verilog_and_memory_files(&profile);
        assert_eq!(files.len(), 6);
        for file in &files {
            assert!(text.contains(&format!("$readmemh(\"{}\", mem", file.name)));
        }
        let words: usize = files.iter().map(|file| file.text.lines().count()).sum();
        assert_eq!(words, verilog(&profile).lines().filter_map(rom_word).count());
        // The ranks are in a slice of four bits and one of two.
        assert_eq!(words, 2 * 32 * 64 + 8 * 64 + 8 * 16 + 256);
    }
}
