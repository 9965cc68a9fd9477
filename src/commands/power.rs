//! `tierwire power`

use std::fmt::Write as _;
use std::path::PathBuf;

use ::synth::Tools;
use measure::power::coefficients::VENDOR_PJ_PER_TRANSITION;
use measure::power::estimate::Share;
use measure::power::range::two_digits;

use crate::output::{print, write_text};
use crate::profiles::{Choice, MEASURED, ProfileParser};
use golden_model::recordings::find;
use measure::backtest;
use measure::consumption::Consumption;

/// What to estimate.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire power recordings --profile tile256 --target up5k")]
pub struct Arguments {
    /// Folder of recordings; folders in it count as well.
    #[arg(required_unless_present = "backtest")]
    folder: Option<PathBuf>,
    /// Profile to estimate.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser, default_value = MEASURED)]
    profile: Choice,
    /// Chip to estimate it on: up5k, hx8k, hx1k. Of an ECP5 nothing can be said.
    #[arg(long, value_name = "NAME", default_value = "up5k")]
    target: String,
    /// Frames of 1 ms of each load.
    #[arg(long, value_name = "NUMBER", default_value_t = 50,
          value_parser = clap::value_parser!(u16).range(3..=1000))]
    frames: u16,
    /// Compare the model with designs whose current others measured.
    #[arg(long)]
    backtest: bool,
    /// File for the figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Arguments {
    /// Estimates.
    pub fn run(self) -> anyhow::Result<()> {
        let (text, json) = match &self.folder {
            Some(folder) if !self.backtest => {
                let frames = self.frames.into();
                let (profile, files) = (self.profile.load()?, find(folder)?);
                let consumption = Consumption::of_files(&profile, &self.target, &files, frames)?;
                (text(&consumption), serde_json::to_string_pretty(&consumption)?)
            }
            _ => {
                let rows = backtest::rows(&Tools::locate())?;
                (backtest::markdown(&rows), serde_json::to_string_pretty(&rows)?)
            }
        };
        if let Some(path) = &self.json {
            write_text(path, &(json + "\n"))?;
            if path.as_os_str() == "-" {
                return Ok(());
            }
        }
        print(&text)
    }
}

fn text(consumption: &Consumption) -> String {
    let Consumption { profile, target, basis, channels, frames, clocks_per_frame, mhz, .. } =
        consumption;
    let mut text = format!(
        "ESTIMATE, not a measurement: {basis}.\n\n\
         profile        {profile} ({channels} channels) on {target}\n\
         clock          {mhz:.3} MHz: {clocks_per_frame} clocks a frame of {:.3} ms\n\
         toggles        of the synthesised netlist, settled; {frames} frames each of quiet, typical and busy\n\
         glitches       of the same netlist placed alone, with its delays; {:.0} typical frames\n\n",
        consumption.frame_us() / 1e3,
        consumption.glitches.clocks as f64 / *clocks_per_frame as f64,
    );
    let typical = &consumption.typical().estimate;
    text += "typical, mW                 low  nominal     high   pJ a sample   counted\n";
    for term in &typical.terms {
        let [low, nominal, high] = term.milliwatts.two_digits();
        let pj = two_digits(term.pj_per_sample.nominal);
        let (name, counted) = (term.name, &term.counted);
        let _ =
            writeln!(text, "{name:22}  {low:>7}  {nominal:>7}  {high:>7}  {pj:>12}   {counted}");
    }
    let [low, nominal, high] = typical.milliwatts.two_digits();
    let pj = two_digits(typical.pj_per_sample.nominal);
    let _ = writeln!(text, "{:22}  {low:>7}  {nominal:>7}  {high:>7}  {pj:>12}", "all");
    let _ = writeln!(
        text,
        "\nNets at a vendor's {VENDOR_PJ_PER_TRANSITION} pJ a transition: {} mW.",
        two_digits(typical.nets_by_vendor_mw)
    );
    let _ = writeln!(
        text,
        "Pins, not in the sum: {} mW, for words leaving over SPI at 10 pF and 3.3 V.",
        two_digits(consumption.pins_mw())
    );
    text +=
        "\nload      bits a sample    mW   low to high   pJ a sample   uW a channel   uJ a frame\n";
    for load in &consumption.loads {
        let [low, nominal, high] = load.estimate.milliwatts.two_digits();
        let _ = writeln!(
            text,
            "{:8}  {:13.2}  {nominal:>4}  {:>12}  {:>12}  {:>13}  {:>11}",
            load.load,
            load.bits_per_sample,
            format!("{low} to {high}"),
            two_digits(load.estimate.pj_per_sample.nominal),
            two_digits(load.estimate.uw_per_channel.nominal),
            two_digits(load.estimate.milliwatts.nominal * consumption.frame_us() / 1e3),
        );
    }
    text += "\ntypical, pJ a sample    nets  flip-flops  memories  multipliers   all   settled toggles  with glitches\n";
    for share in &typical.blocks {
        let Share { block, toggles, flip_flops, nets, memories, multipliers, total, .. } = share;
        let _ = writeln!(
            text,
            "{block:22}  {nets:4.0}  {flip_flops:10.1}  {memories:8.0}  {multipliers:11.0}  {total:4.0}   {toggles:15.0}         x {:.2}",
            share.glitch_factor,
        );
    }
    text
}
