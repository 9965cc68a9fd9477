//! `tierwire prove`

use anyhow::ensure;
use synth::Tools;
use testbench::proofs::{Line, proofs, proofs_of};

use crate::output::Json;
use crate::profiles::{Choice, ProfileParser};

/// What to prove.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire prove --block bit_packer")]
pub struct Arguments {
    /// Prove the blocks and the pipeline of this profile; without it, of all shipped profiles.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser)]
    profile: Option<Choice>,
    /// Prove only this block, such as bit_packer.
    #[arg(long, value_name = "NAME")]
    block: Option<String>,
    /// Also show that deliberately wrong copies of each block fail their proof.
    #[arg(long)]
    mutants: bool,
    #[command(flatten)]
    json: Json,
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
        for proof in &proofs {
            for line in Line::all(proof, self.mutants, &prover)? {
                self.json.print(&format!("{}\n", line.text()))?;
                lines.push(line);
            }
        }
        self.json.write(&lines)?;
        let bad = lines.iter().filter(|line| !line.good).count();
        ensure!(bad == 0, "{bad} of {} proofs did not come out as they have to", lines.len());
        Ok(())
    }
}
