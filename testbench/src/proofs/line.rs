//! What is said of a proof: a line for a person, and data for a program.

use std::time::Instant;

use ::synth::{Method, Prover, ToolError, Verdict};
use rayon::prelude::*;
use serde::Serialize;

use super::proof::{Design, Mutant, Proof};

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
    /// All of a proof: its covers, its designs, and its wrong copies if they are wanted. As many at once as
    /// there are cores.
    ///
    /// # Errors
    /// When the prover fails, here and below.
    pub fn all(proof: &Proof, mutants: bool, prover: &Prover) -> Result<Vec<Line>, ToolError> {
        let reach = rayon::iter::once(()).map(|()| Line::reach(proof, prover));
        let prove = proof.designs.par_iter().map(|design| Line::prove(proof, design, prover));
        let wrong = if mutants { &proof.mutants[..] } else { &[] };
        let refute = wrong.par_iter().map(|mutant| Line::refute(proof, mutant, prover));
        reach.chain(prove).chain(refute).collect()
    }

    /// Not a proof, but what keeps proofs from being about nothing.
    ///
    /// # Errors
    /// See above.
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
