//! The proofs: what holds of the hardware for every input there can be.
//!
//! A proof is a SystemVerilog file in `testbench/proofs/` that has the block in it as it is
//! exported, assumes what the block's neighbours promise, and asserts what the block promises. The
//! list is in [`catalogue`]. Each proof comes with deliberately wrong copies of its block, the
//! [`Mutant`]s, which have to fail it: a proof that nothing can fail proves nothing.

mod catalogue;

pub use catalogue::proofs;

use ::synth::{Method, Prover, Question, ToolError, Verdict};

/// A proof of a block.
#[derive(Debug)]
pub struct Proof {
    /// The block, or the block and which one of it.
    pub block: &'static str,
    /// What is proved, in one line.
    pub says: &'static str,
    /// How.
    pub method: Method,
    /// Clocks within which every `cover` is reached and every wrong copy has failed.
    pub horizon: u32,
    /// Wrong copies of the block.
    pub mutants: Vec<Mutant>,
    properties: String,
    top: &'static str,
    verilog: String,
    cut: Vec<String>,
}

/// A deliberately wrong copy of a block: one place of its Verilog says something else.
#[derive(Debug)]
pub struct Mutant {
    /// What is wrong with it.
    pub says: &'static str,
    /// What stands in the Verilog, exactly once.
    pub right: &'static str,
    /// What the copy says in its place.
    pub wrong: &'static str,
}

impl Proof {
    /// Whether every `cover` can be reached: if not, the assumptions leave nothing to prove.
    pub fn reach(&self, prover: &Prover) -> Result<Verdict, ToolError> {
        self.ask(prover, &self.verilog, Method::Reachable(self.horizon))
    }

    /// Proves it.
    pub fn prove(&self, prover: &Prover) -> Result<Verdict, ToolError> {
        self.ask(prover, &self.verilog, self.method)
    }

    /// Tries to prove it of a wrong copy: only a counterexample from power-up refutes it.
    ///
    /// # Panics
    /// When what the copy changes does not stand in the Verilog exactly once.
    pub fn prove_of(&self, mutant: &Mutant, prover: &Prover) -> Result<Verdict, ToolError> {
        let places = self.verilog.matches(mutant.right).count();
        assert_eq!(places, 1, "{}, {}: `{}`", self.block, mutant.says, mutant.right);
        let wrong = self.verilog.replacen(mutant.right, mutant.wrong, 1);
        self.ask(prover, &wrong, Method::Bounded(self.horizon))
    }

    fn ask(&self, prover: &Prover, verilog: &str, method: Method) -> Result<Verdict, ToolError> {
        prover.ask(&Question {
            name: self.block,
            verilog,
            properties: &self.properties,
            top: self.top,
            cut: &self.cut,
            method,
        })
    }
}
