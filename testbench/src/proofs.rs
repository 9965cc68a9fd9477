//! The proofs: what holds for the hardware with every possible input.
//!
//! A proof is a SystemVerilog file in `testbench/proofs/` that has a block in it as it is exported,
//! assumes what the block's neighbours guarantee, and asserts what the block guarantees. What one
//! file assumes, another one asserts. [`proofs`] lists them all.
//!
//! Each proof comes with deliberately wrong copies of its block, the [`Mutant`]s, which must fail,
//! and with events that must be reachable (`cover`): a proof that cannot fail, or whose assumptions
//! cannot be met, proves nothing.
//!
//! Where a design is cut (`Design::cut`), the outputs of the modules cut out may be anything at any
//! clock. That allows more than the modules do; so the proof covers them too.

mod blocks;
mod pipelines;

use std::time::Instant;

use hdl::Profile;
use serde::Serialize;

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
    properties: &'static str,
    top: &'static str,
}

/// A design to prove.
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

/// A deliberately wrong copy of a design: one place of its Verilog is changed.
#[derive(Debug)]
pub struct Mutant {
    /// What is wrong with it.
    pub says: &'static str,
    /// The text to replace, which occurs exactly once.
    right: &'static str,
    /// The replacement.
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

/// A line of the report.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// The block, and which one.
    pub block: String,
    /// What is proved, or what is wrong with the copy.
    pub says: &'static str,
    /// How.
    pub method: String,
    /// By which solver.
    pub solver: &'static str,
    /// The answer.
    pub result: String,
    /// As it has to be: proved, or refuted if it is a wrong copy.
    pub good: bool,
    /// As long as the answer took: next to nothing for a question that was asked before.
    pub seconds: f64,
}

impl Line {
    /// Not a proof, but what keeps proofs from being about nothing.
    ///
    /// # Errors
    /// When the prover fails, here and below.
    pub fn reach(proof: &Proof, prover: &Prover) -> Result<Line, ToolError> {
        let (design, method) = (&proof.designs[0], Method::Reachable(proof.horizon));
        let is_good = |verdict: &Verdict| *verdict == Verdict::Proved;
        Line::of(design, "what it covers can happen", method, is_good, || proof.reach(prover))
    }

    /// A proof of a design.
    ///
    /// # Errors
    /// See above.
    pub fn prove(proof: &Proof, design: &Design, prover: &Prover) -> Result<Line, ToolError> {
        let method = Method::Induction(design.clocks);
        let is_good = |verdict: &Verdict| *verdict == Verdict::Proved;
        Line::of(design, proof.says, method, is_good, || proof.prove(design, prover))
    }

    /// A wrong copy.
    ///
    /// # Errors
    /// See above.
    pub fn refute(proof: &Proof, mutant: &Mutant, prover: &Prover) -> Result<Line, ToolError> {
        let (design, method) = (&proof.designs[0], Method::Bounded(proof.horizon));
        let is_good = |verdict: &Verdict| matches!(verdict, Verdict::Refuted { .. });
        Line::of(design, mutant.says, method, is_good, || proof.prove_of(mutant, prover))
    }

    fn of(
        design: &Design,
        says: &'static str,
        method: Method,
        is_good: impl FnOnce(&Verdict) -> bool,
        ask: impl FnOnce() -> Result<Verdict, ToolError>,
    ) -> Result<Line, ToolError> {
        let start = Instant::now();
        let verdict = ask()?;
        let result = match (method, &verdict) {
            (Method::Reachable(_), Verdict::Proved) => "reached".into(),
            (_, Verdict::Proved) => "proved".into(),
            (_, Verdict::Refuted { property, clock, trace: Some(trace) }) => {
                format!("refuted at clock {clock}: {property} ({})", trace.display())
            }
            (_, Verdict::Refuted { property, .. }) => format!("not reached: {property}"),
            (_, Verdict::Open { property }) => format!("open: {property}"),
        };
        Ok(Line {
            block: design.name.clone(),
            says,
            method: method.to_string(),
            solver: Prover::SOLVER,
            result,
            good: is_good(&verdict),
            seconds: start.elapsed().as_secs_f64(),
        })
    }

    /// For a person to read; what is bad has a mark.
    pub fn text(&self) -> String {
        let Line { block, says, method, solver, result, good, seconds } = self;
        let mark = if *good { ' ' } else { '!' };
        format!("{mark} {block:<24}{method:<14}{solver:<18}{seconds:>6.1} s  {says}: {result}")
    }
}
