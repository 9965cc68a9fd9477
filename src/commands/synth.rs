//! `tierwire synth`

use std::fmt::Write as _;
use std::path::PathBuf;

use ::synth::Target;

use crate::output::{print, write_text};
use crate::profiles::{Choice, ProfileParser, target_parser};
use measure::chip::{Around, BuildOptions, Chip, ClockOf};

/// What to put on which chip.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire synth --profile nano --target hx1k")]
pub struct Arguments {
    /// Profile to build.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser)]
    profile: Choice,
    /// Chip and board to build it for.
    #[arg(long, value_name = "NAME", value_parser = target_parser())]
    target: &'static Target,
    /// The clock to be reached; without it, one per sample: channels times 19531 Hz.
    #[arg(long, value_name = "MHZ")]
    clock: Option<f64>,
    /// How often it is placed, each time from another start; the fastest becomes the bitstream.
    #[arg(long, value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    seeds: u32,
    /// Not on the board's pins: the compressor alone, between two shift registers.
    #[arg(long)]
    shell: bool,
    /// Folder for all that is made; a folder `PROFILE-TARGET` is made in it.
    #[arg(short, long, value_name = "DIR", default_value = "build")]
    output: PathBuf,
    /// Print the figures as JSON.
    #[arg(long)]
    json: bool,
}

impl Arguments {
    /// Builds.
    pub fn run(self) -> anyhow::Result<()> {
        let profile = self.profile.load()?;
        let options = BuildOptions { mhz: self.clock, seeds: self.seeds, shell: self.shell };
        let chip = Chip::build(&profile, self.target, options)?;
        let folder = self.output.join(format!("{}-{}", chip.profile, chip.target));
        chip.copy_to(&folder)?;
        let json = format!("{}\n", serde_json::to_string_pretty(&chip)?);
        write_text(&folder.join("figures.json"), &json)?;
        if self.json {
            print(&json)?;
        } else {
            print(&format!("{}files          {}\n", text(&chip), folder.display()))?;
        }
        Ok(chip.check_clocks()?)
    }
}

fn text(chip: &Chip) -> String {
    let Chip { resources, core, fmax_mhz, needed_mhz, critical_path, .. } = chip;
    let mut text = format!(
        "profile        {} ({} channels)\n\
         target         {} ({} on {}{})\n\
         logic cells    {} of {}\n\
         block RAMs     {} of {}\n\
         multipliers    {} of {}\n\
         pins           {} of {}\n\
         compressor     {} LUTs, {} flip-flops, {} block RAMs, {} multipliers\n\
         Fmax           best {:.1}, median {:.1}, worst {:.1} MHz of {} seeds\n\
         clock needed   {needed_mhz:.2} MHz: the best is {:.1} times as fast\n\
         slowest path   {:.1} ns, {:.1} of them in wires, {} cells\n",
        chip.profile,
        chip.channels,
        chip.target,
        chip.chip,
        chip.board,
        if chip.around == Around::Shell { ", in a shell" } else { "" },
        resources.logic.used,
        resources.logic.available,
        resources.memories.used,
        resources.memories.available,
        resources.multipliers.used,
        resources.multipliers.available,
        resources.pins.used,
        resources.pins.available,
        core.luts,
        core.flip_flops,
        core.memories,
        core.multipliers,
        fmax_mhz.best,
        fmax_mhz.median,
        fmax_mhz.worst,
        chip.seeds.len(),
        fmax_mhz.best / needed_mhz,
        critical_path.ns,
        critical_path.routing_ns,
        critical_path.levels,
    );
    for ClockOf { signal, needed_mhz, fmax_mhz } in &chip.clocks {
        let _ = writeln!(text, "clock          {signal}: {fmax_mhz:.1} of {needed_mhz:.1} MHz");
    }
    for step in &critical_path.steps {
        let _ = writeln!(text, "               {:5.1} ns  {}", step.ns, step.signal);
    }
    text += "blocks         LUTs  flip-flops  block RAMs  multipliers\n";
    for block in &chip.blocks {
        let name = if block.block.is_empty() { "(between the blocks)" } else { &block.block };
        let _ = writeln!(
            text,
            "               {:4}  {:10}  {:10}  {:11}  {name}",
            block.luts, block.flip_flops, block.memories, block.multipliers
        );
    }
    text
}
