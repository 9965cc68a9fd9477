//! What Verilator generates: C++ files, and a list of them made for make.

use crate::error::{During, ToolError};
use std::fs;
use std::path::Path;

/// What Verilator wrote, as its list for make tells.
pub(crate) struct Generated {
    /// The model's own C++ files.
    files: Vec<String>,
    /// Names of the library's files it needs.
    pub(crate) library: Vec<String>,
    /// `-DVM_TRACE=0` and the like, which the library's headers ask for.
    pub(crate) switches: Vec<String>,
}

impl Generated {
    pub(crate) fn read(work: &Path) -> Result<Self, ToolError> {
        let list = work.join("Vmodel_classes.mk");
        Ok(Self::parse(&fs::read_to_string(&list).during("read", &list)?))
    }

    /// The list consists of `NAME = value` and of `NAME += \` with one name a line.
    fn parse(list: &str) -> Self {
        let mut generated = Generated { files: vec![], library: vec![], switches: vec![] };
        let mut group = "";
        for line in list.lines() {
            let line = line.trim();
            if let Some((name, _)) = line.split_once("+=") {
                group = name.trim();
            } else if let Some((name, value)) = line.split_once('=')
                && name.starts_with("VM_")
            {
                generated.switches.push(format!("-D{}={}", name.trim(), value.trim()));
            } else if let Some(file) = line.strip_suffix('\\') {
                let file = file.trim().to_owned();
                match group {
                    _ if file.is_empty() => {}
                    "VM_GLOBAL_FAST" | "VM_GLOBAL_SLOW" => generated.library.push(file),
                    _ => generated.files.push(file),
                }
            } else {
                group = "";
            }
        }
        generated.switches.push("-DVM_SC=0".into());
        generated
    }

    /// One unit of all files that `choose` likes: most of the time of each goes into headers.
    pub(crate) fn unit(&self, choose: impl Fn(&str) -> bool) -> String {
        let chosen = self.files.iter().filter(|file| choose(file));
        let includes = chosen.map(|file| format!("#include \"{file}.cpp\"\n"));
        format!("#define VL_INCLUDE_OPT include\n{}", includes.collect::<String>())
    }
}

/// Verilator marks so what is not worth optimising.
pub(crate) fn runs_once(file: &str) -> bool {
    file.ends_with("__Slow")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_for_make_is_understood() {
        let generated = Generated::parse(
            "# Trace output mode?  0/1 (from --trace)\n\
             VM_TRACE = 1\n\
             # Generated module classes, fast-path\n\
             VM_CLASSES_FAST += \\\n\
             \tVmodel \\\n\
             \tVmodel___024root__0 \\\n\
             \n\
             VM_CLASSES_SLOW += \\\n\
             \tVmodel___024root__0__Slow \\\n\
             \n\
             VM_GLOBAL_FAST += \\\n\
             \tverilated \\\n\
             \tverilated_threads \\\n",
        );
        assert_eq!(generated.library, ["verilated", "verilated_threads"]);
        assert_eq!(generated.switches, ["-DVM_TRACE=1", "-DVM_SC=0"]);
        let fast = generated.unit(|file| !runs_once(file));
        assert!(fast.ends_with("#include \"Vmodel.cpp\"\n#include \"Vmodel___024root__0.cpp\"\n"));
        let slow = generated.unit(runs_once);
        assert!(slow.ends_with("\n#include \"Vmodel___024root__0__Slow.cpp\"\n"));
    }
}
