//! Measurements as a terminal shows them.

use std::fmt::Write as _;

use crate::chip::{Around, Chip, ClockOf};
use crate::consumption::Consumption;
use crate::latency::Latency;
use crate::power::coefficients::VENDOR_PJ_PER_TRANSITION;
use crate::power::estimate::Share;
use crate::power::range::two_digits;

/// What a profile takes on a chip.
pub fn chip(chip: &Chip) -> String {
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

/// How long samples take to their words.
pub fn latency(latency: &Latency) -> String {
    let mut text = format!(
        "profile        {}, clock {:.3} MHz, {} frames of each load, in Verilator\n\
         counted        from a sample's arrival to the word that holds its last bit, sink always ready\n\n\
         clocks (us)        min      median        99 %         max   frame, first sample to checksum\n",
        latency.profile, latency.mhz, latency.frames
    );
    for load in &latency.loads {
        let cell = |clocks: u32| format!("{clocks} ({:.1})", latency.us(clocks.into()));
        let _ = writeln!(
            text,
            "{:10}  {:>10}  {:>10}  {:>10}  {:>10}   {}",
            load.load,
            cell(load.min),
            cell(load.median),
            cell(load.p99),
            cell(load.max),
            cell(load.frame),
        );
    }
    let _ = writeln!(
        text,
        "\nderived        never more than {} clocks, {:.1} us: {}\na frame lasts  {:.1} us",
        latency.bound,
        latency.us(latency.bound as f64),
        latency.derivation,
        latency.frame_us,
    );
    text
}

/// What power a profile takes.
pub fn power(consumption: &Consumption) -> String {
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
