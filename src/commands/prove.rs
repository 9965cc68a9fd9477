//! `tierwire prove`

use std::path::PathBuf;
use std::time::Instant;

use anyhow::ensure;
use serde::Serialize;
use synth::{Method, Prover, Tools, Verdict};
use testbench::proofs::{Mutant, Proof, proofs};

use crate::output::{print, write_text};

/// What to prove.
#[derive(clap::Args)]
pub struct Arguments {
    /// Prove this block only (`bit_packer`); without it, all of them.
    #[arg(long, value_name = "NAME")]
    block: Option<String>,
    /// Also show that deliberately wrong copies of each block fail their proof.
    #[arg(long)]
    mutants: bool,
    /// File for the results as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// A line of the report.
#[derive(Serialize)]
struct Line {
    block: &'static str,
    /// What is proved, or what is wrong with the copy.
    says: &'static str,
    method: String,
    solver: &'static str,
    result: String,
    /// As it has to be: proved, or refuted if it is a wrong copy.
    good: bool,
    /// As long as the answer took: next to nothing for a question that was asked before.
    seconds: f64,
}

impl Arguments {
    /// Proves, one line for each proof.
    pub fn run(self) -> anyhow::Result<()> {
        let chosen = |proof: &Proof| self.block.as_deref().is_none_or(|block| proof.block == block);
        let proofs: Vec<Proof> = proofs().into_iter().filter(chosen).collect();
        ensure!(!proofs.is_empty(), "{}: no proofs of this block", self.block.unwrap_or_default());
        let prover = Tools::locate().prover()?;
        let mut lines = Vec::new();
        let mut report = |line: Line| {
            print(&line.text())?;
            lines.push(line);
            anyhow::Ok(())
        };
        for proof in &proofs {
            report(prove(proof, &prover)?)?;
            for mutant in proof.mutants.iter().filter(|_| self.mutants) {
                report(refute(proof, mutant, &prover)?)?;
            }
        }
        if let Some(path) = &self.json {
            write_text(path, &(serde_json::to_string_pretty(&lines)? + "\n"))?;
        }
        let bad = lines.iter().filter(|line| !line.good).count();
        ensure!(bad == 0, "{bad} of {} proofs did not come out as they have to", lines.len());
        Ok(())
    }
}

fn prove(proof: &Proof, prover: &Prover) -> anyhow::Result<Line> {
    let start = Instant::now();
    let (method, verdict) = match proof.reach(prover)? {
        Verdict::Proved => (proof.method, proof.prove(prover)?),
        unreached => (Method::Reachable(proof.horizon), unreached),
    };
    let good = verdict == Verdict::Proved;
    Ok(Line::new(proof, proof.says, method, &verdict, good, start))
}

fn refute(proof: &Proof, mutant: &Mutant, prover: &Prover) -> anyhow::Result<Line> {
    let start = Instant::now();
    let verdict = proof.prove_of(mutant, prover)?;
    let good = matches!(verdict, Verdict::Refuted { .. });
    Ok(Line::new(proof, mutant.says, Method::Bounded(proof.horizon), &verdict, good, start))
}

impl Line {
    fn new(
        proof: &Proof,
        says: &'static str,
        method: Method,
        verdict: &Verdict,
        good: bool,
        start: Instant,
    ) -> Line {
        let result = match verdict {
            Verdict::Proved => "proved".into(),
            Verdict::Refuted { property, clock, trace: Some(trace) } => {
                format!("refuted at clock {clock}: {property} ({})", trace.display())
            }
            Verdict::Refuted { property, .. } => format!("not reached: {property}"),
            Verdict::Open { property } => format!("open: {property}"),
        };
        let seconds = start.elapsed().as_secs_f64();
        let (block, method) = (proof.block, method.to_string());
        Line { block, says, method, solver: Prover::SOLVER, result, good, seconds }
    }

    fn text(&self) -> String {
        let Line { block, says, method, solver, result, seconds, .. } = self;
        format!("{block:<14}{method:<14}{solver:<18}{seconds:>6.1} s  {result}: {says}\n")
    }
}
