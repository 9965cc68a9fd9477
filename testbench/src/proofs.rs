//! The proofs: what holds of the hardware for every input there can be.
//!
//! A proof is a SystemVerilog file in `testbench/proofs/` that has a block in it as it is exported,
//! assumes what the block's neighbours promise, and asserts what the block promises. Promises and
//! assumptions meet: what one file assumes another one asserts. [`proofs`] lists them all.
//!
//! Each proof comes with deliberately wrong copies of its block, the [`Mutant`]s, which have to fail
//! it, and with things that have to be possible (`cover`): a proof that nothing can fail, or that
//! assumes what cannot be, proves nothing.
//!
//! Where a design is cut (`Design::cut`), the outputs of the modules cut out may be anything at
//! any clock. That allows more than the modules do; so what is proved holds with them as well.

mod blocks;
mod pipelines;

use hdl::Profile;

use ::synth::{Method, Prover, Question, ToolError, Verdict};

/// A proof of a block.
#[derive(Debug)]
pub struct Proof {
    /// The block, or what of the pipelines.
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
    properties: &'static str,
    top: &'static str,
}

/// A design that something is proved of.
#[derive(Debug)]
pub struct Design {
    /// Its name: the block's, and which one.
    pub name: String,
    /// Clocks of the induction.
    pub clocks: u32,
    /// Numbers that the properties name.
    defines: Vec<(&'static str, String)>,
    verilog: String,
    cut: Vec<String>,
}

/// A deliberately wrong copy of a design: one place of its Verilog says something else.
#[derive(Debug)]
pub struct Mutant {
    /// What is wrong with it.
    pub says: &'static str,
    /// What stands in the Verilog, exactly once.
    right: &'static str,
    /// What the copy says in its place.
    wrong: &'static str,
}

/// All of them, of the profiles that come with tierwire.
pub fn proofs() -> Vec<Proof> {
    vec![
        blocks::bit_packer(),
        blocks::word_fifo(),
        blocks::tier_coder(Profile::all()),
        blocks::rounds(),
        pipelines::packets(),
        pipelines::frames(),
    ]
}

/// All of one profile, perhaps a user's own. The blocks that every profile has are proved in all the
/// sizes that tierwire has them in.
pub fn proofs_of(profile: &Profile) -> Vec<Proof> {
    vec![
        blocks::bit_packer(),
        blocks::word_fifo(),
        blocks::tier_coder([profile.clone()]),
        blocks::rounds(),
        match profile.frames() {
            Some(_) => pipelines::frames_of([profile.clone()]),
            None => pipelines::packets_of([profile.clone()]),
        },
    ]
}

impl Proof {
    /// Whether every `cover` is reached: if not, the assumptions leave nothing to prove.
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
    /// When what the copy changes does not stand in the Verilog exactly once.
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
