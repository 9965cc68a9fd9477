//! A proof, what it is of, and its wrong copies.

use ::synth::{Method, Prover, Question, ToolError, Verdict};

/// A proof of a block.
#[derive(Debug)]
pub struct Proof {
    /// The block, or the property of the pipelines.
    pub block: &'static str,
    /// What is proved, in one line.
    pub says: &'static str,
    /// Of which designs. The first one is small, so that everything happens in it soon: it has the
    /// covers to reach, and its wrong copies are to fail.
    pub designs: Vec<Design>,
    /// Clocks within which every `cover` is reached and every wrong copy has failed.
    pub horizon: u32,
    /// Wrong copies of the first design.
    pub mutants: Vec<Mutant>,
    pub(super) properties: &'static str,
    pub(super) top: &'static str,
}

/// A design to prove.
#[derive(Debug)]
pub struct Design {
    /// Its name: the block's, and which one.
    pub name: String,
    /// Clocks of the induction.
    pub clocks: u32,
    /// Numbers that the properties name.
    pub(super) defines: Vec<(&'static str, String)>,
    pub(super) verilog: String,
    pub(super) cut: Vec<String>,
}

/// A deliberately wrong copy of a design: one place of its Verilog is changed.
#[derive(Debug)]
pub struct Mutant {
    /// What is wrong with it.
    pub says: &'static str,
    /// The text to replace, which occurs exactly once.
    pub(super) right: &'static str,
    /// The replacement.
    pub(super) wrong: &'static str,
}

impl Proof {
    /// Whether every `cover` is reached. If not, the assumptions exclude everything.
    pub fn reach(&self, prover: &Prover) -> Result<Verdict, ToolError> {
        let design = &self.designs[0];
        self.ask(prover, design, &design.verilog, Method::Reachable(self.horizon))
    }

    /// Proves it of a design.
    pub fn prove(&self, design: &Design, prover: &Prover) -> Result<Verdict, ToolError> {
        self.ask(prover, design, &design.verilog, Method::Induction(design.clocks))
    }

    /// Tries to prove it of a wrong copy.
    ///
    /// # Panics
    /// If the text to replace does not occur exactly once.
    pub fn prove_of(&self, mutant: &Mutant, prover: &Prover) -> Result<Verdict, ToolError> {
        let design = &self.designs[0];
        let places = design.verilog.matches(mutant.right).count();
        assert_eq!(places, 1, "{}, {}: `{}`", self.block, mutant.says, mutant.right);
        let wrong = design.verilog.replacen(mutant.right, mutant.wrong, 1);
        self.ask(prover, design, &wrong, Method::Bounded(self.horizon))
    }

    fn ask(
        &self,
        prover: &Prover,
        design: &Design,
        verilog: &str,
        method: Method,
    ) -> Result<Verdict, ToolError> {
        let define = |(name, value): &(_, _)| format!("`define {name} {value}\n");
        let defines: String = design.defines.iter().map(define).collect();
        prover.ask(&Question {
            name: &design.name,
            verilog,
            properties: &(defines + self.properties),
            top: self.top,
            cut: &design.cut,
            method,
        })
    }
}
