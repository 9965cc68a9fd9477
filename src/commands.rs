//! The commands, a file each.

mod analyze;
mod bounds;
mod codecs;
mod compare;
mod compress;
mod constraints;
mod corpus;
mod decompress;
mod demo;
mod export;
mod frames;
mod frontier;
mod info;
mod latency;
mod power;
mod prove;
mod readme;
mod report;
mod signoff;
mod simulate;
mod synth;
mod system;
mod train;
mod verify;

/// What to do.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Compress a recording: a WAV file, a folder of its channels, or raw samples.
    Compress(compress::Arguments),
    /// Give the recording back, byte for byte.
    Decompress(decompress::Arguments),
    /// Check that a .twr file gives a recording back.
    Verify(verify::Arguments),
    /// Say what a .twr file holds.
    Info(info::Arguments),
    /// Compress all recordings of a folder and back, and measure.
    Corpus(corpus::Arguments),
    /// Say what the recordings of a folder are: one page and its figures.
    Analyze(analyze::Arguments),
    /// Hold the table sets against other ways to compress, on all recordings of a folder.
    Compare(compare::Arguments),
    /// Measure what frames and keyframes cost, on all recordings of a folder.
    Frames(frames::Arguments),
    /// Train a table set on all recordings of a folder.
    Train(train::Arguments),
    /// List the codecs and what each takes in hardware.
    Codecs(codecs::Arguments),
    /// Say what the hardware never exceeds: bits, words, clocks.
    Bounds(bounds::Arguments),
    /// Run recordings through a profile's hardware in a simulator and check every bit.
    Simulate(simulate::Arguments),
    /// Prove what holds of the hardware for every input.
    Prove(prove::Arguments),
    /// Climb the whole ladder of tests for a profile, a line for each rung.
    Signoff(signoff::Arguments),
    /// Write a profile's hardware as one Verilog file.
    Export(export::Arguments),
    /// Write the repository's constraint files and the tables of the boards' pins.
    #[command(hide = true)]
    Constraints(constraints::Arguments),
    /// Put a profile on a chip: synthesis, place and route, bitstream, and what it takes.
    Synth(synth::Arguments),
    /// Build every profile for its chips, and write the table of what they take into docs/tables.md.
    #[command(hide = true)]
    Frontier(frontier::Arguments),
    /// Measure how long samples are under way.
    Latency(latency::Arguments),
    /// Estimate what a profile takes on a chip.
    Power(power::Arguments),
    /// Report on a profile on a chip: one page with everything, and its figures.
    Report(report::Arguments),
    /// Set compressor and radio against a radio alone.
    System(system::Arguments),
    /// Measure the shipped table sets and write their table into docs/tables.md.
    #[command(hide = true)]
    Readme(readme::Arguments),
    /// Take one recording through everything: model, simulators, Verilog, decoder.
    Demo(demo::Arguments),
}

impl Default for Command {
    fn default() -> Command {
        Command::Demo(demo::Arguments::default())
    }
}

impl Command {
    /// Does it.
    pub fn run(self) -> anyhow::Result<()> {
        match self {
            Command::Compress(arguments) => arguments.run(),
            Command::Decompress(arguments) => arguments.run(),
            Command::Verify(arguments) => arguments.run(),
            Command::Info(arguments) => arguments.run(),
            Command::Corpus(arguments) => arguments.run(),
            Command::Analyze(arguments) => arguments.run(),
            Command::Bounds(arguments) => arguments.run(),
            Command::Compare(arguments) => arguments.run(),
            Command::Frames(arguments) => arguments.run(),
            Command::Train(arguments) => arguments.run(),
            Command::Codecs(arguments) => arguments.run(),
            Command::Simulate(arguments) => arguments.run(),
            Command::Prove(arguments) => arguments.run(),
            Command::Signoff(arguments) => arguments.run(),
            Command::Export(arguments) => arguments.run(),
            Command::Constraints(arguments) => arguments.run(),
            Command::Synth(arguments) => arguments.run(),
            Command::Frontier(arguments) => arguments.run(),
            Command::Latency(arguments) => arguments.run(),
            Command::Power(arguments) => arguments.run(),
            Command::Report(arguments) => arguments.run(),
            Command::System(arguments) => arguments.run(),
            Command::Readme(arguments) => arguments.run(),
            Command::Demo(arguments) => arguments.run(),
        }
    }
}
