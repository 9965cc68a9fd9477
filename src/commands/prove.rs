//! `tierwire prove`

use std::path::PathBuf;
use std::time::Instant;

use anyhow::ensure;
use serde::Serialize;
use synth::{Method, Prover, Tools, Verdict};
use testbench::proofs::{Design, Mutant, Proof, proofs, proofs_of};

use crate::output::{print, write_json};
use crate::profiles::{Choice, ProfileParser};

/// What to prove.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire prove --block bit_packer")]
pub struct Arguments {
    /// Prove the blocks and the pipeline of this profile; without it, of all that come with tierwire.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser)]
    profile: Option<Choice>,
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
    /// The block, and which one.
    block: String,
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
        let mut proofs = match &self.profile {
            Some(choice) => proofs_of(&choice.load()?),
            None => proofs(),
        };
        if let Some(block) = &self.block {
            let known: Vec<&str> = proofs.iter().map(|proof| proof.block).collect();
            ensure!(
                known.contains(&&block[..]),
                "no proof of {block}, but of {}",
                known.join(", ")
            );
            proofs.retain(|proof| proof.block == block);
        }
        let prover = Tools::locate().prover()?;
        let mut lines = Vec::new();
        let mut report = |line: Line| {
            print(&line.text())?;
            lines.push(line);
            anyhow::Ok(())
        };
        for proof in &proofs {
            report(reach(proof, &prover)?)?;
            for design in &proof.designs {
                report(prove(proof, design, &prover)?)?;
            }
            for mutant in proof.mutants.iter().filter(|_| self.mutants) {
                report(refute(proof, mutant, &prover)?)?;
            }
        }
        if let Some(path) = &self.json {
            write_json(path, &lines)?;
        }
        let bad = lines.iter().filter(|line| !line.good).count();
        ensure!(bad == 0, "{bad} of {} proofs did not come out as they have to", lines.len());
        Ok(())
    }
}

/// Not a proof, but what keeps proofs from being about nothing.
fn reach(proof: &Proof, prover: &Prover) -> anyhow::Result<Line> {
    let start = Instant::now();
    let verdict = proof.reach(prover)?;
    let what = ("what it covers can happen", Method::Reachable(proof.horizon));
    let good = verdict == Verdict::Proved;
    Ok(Line::new(&proof.designs[0], what, &verdict, good, start))
}

fn prove(proof: &Proof, design: &Design, prover: &Prover) -> anyhow::Result<Line> {
    let start = Instant::now();
    let verdict = proof.prove(design, prover)?;
    let what = (proof.says, Method::Induction(design.clocks));
    Ok(Line::new(design, what, &verdict, verdict == Verdict::Proved, start))
}

fn refute(proof: &Proof, mutant: &Mutant, prover: &Prover) -> anyhow::Result<Line> {
    let start = Instant::now();
    let verdict = proof.prove_of(mutant, prover)?;
    let what = (mutant.says, Method::Bounded(proof.horizon));
    let good = matches!(verdict, Verdict::Refuted { .. });
    Ok(Line::new(&proof.designs[0], what, &verdict, good, start))
}

impl Line {
    fn new(
        design: &Design,
        (says, method): (&'static str, Method),
        verdict: &Verdict,
        good: bool,
        start: Instant,
    ) -> Line {
        let result = match (method, verdict) {
            (Method::Reachable(_), Verdict::Proved) => "reached".into(),
            (_, Verdict::Proved) => "proved".into(),
            (_, Verdict::Refuted { property, clock, trace: Some(trace) }) => {
                format!("refuted at clock {clock}: {property} ({})", trace.display())
            }
            (_, Verdict::Refuted { property, .. }) => format!("not reached: {property}"),
            (_, Verdict::Open { property }) => format!("open: {property}"),
        };
        Line {
            block: design.name.clone(),
            says,
            method: method.to_string(),
            solver: Prover::SOLVER,
            result,
            good,
            seconds: start.elapsed().as_secs_f64(),
        }
    }

    fn text(&self) -> String {
        let Line { block, says, method, solver, result, good, seconds } = self;
        let mark = if *good { ' ' } else { '!' };
        format!("{mark} {block:<24}{method:<14}{solver:<18}{seconds:>6.1} s  {says}: {result}\n")
    }
}
