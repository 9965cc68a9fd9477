//! The commands, a file each, in the groups under which `tierwire --help` lists them.

mod analyze;
mod bounds;
mod cat;
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
mod receive;
mod report;
mod send;
mod signoff;
mod silicon;
mod simulate;
mod synth;
mod system;
mod tables;
mod train;
mod verify;

use clap::Subcommand;

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    #[command(flatten)]
    Files(Files),
    #[command(flatten)]
    Recordings(Recordings),
    #[command(flatten)]
    Hardware(Hardware),
    #[command(flatten)]
    Measurements(Measurements),
}

impl Default for Command {
    fn default() -> Command {
        Command::Hardware(Hardware::Demo(demo::Arguments::default()))
    }
}

impl Command {
    /// Does it.
    pub fn run(self) -> anyhow::Result<()> {
        match self {
            Command::Files(command) => command.run(),
            Command::Recordings(command) => command.run(),
            Command::Hardware(command) => command.run(),
            Command::Measurements(command) => command.run(),
        }
    }

    /// The groups: a heading, and a command of clap's with the group's commands below it.
    pub fn groups() -> [(&'static str, clap::Command); 4] {
        let none = || clap::Command::new("");
        [
            ("Files", Files::augment_subcommands(none())),
            ("Recordings", Recordings::augment_subcommands(none())),
            ("Hardware", Hardware::augment_subcommands(none())),
            ("Hardware, measured", Measurements::augment_subcommands(none())),
        ]
    }
}

/// Arguments that do not go together.
fn usage(why: impl std::fmt::Display) -> anyhow::Error {
    clap::Error::raw(clap::error::ErrorKind::ArgumentConflict, format!("{why}\n")).into()
}

/// A group of commands, each run by its own arguments.
macro_rules! group {
    ($group:ident: $($(#[$attribute:meta])* $command:ident($module:ident),)*) => {
        #[derive(Subcommand)]
        pub enum $group {
            $($(#[$attribute])* $command($module::Arguments),)*
        }

        impl $group {
            fn run(self) -> anyhow::Result<()> {
                match self {
                    $($group::$command(arguments) => arguments.run(),)*
                }
            }
        }
    };
}

group! { Files:
    /// Compress a recording: a recorder's file or folder, WAV, or raw samples.
    Compress(compress),
    /// Restore the recording that was compressed into a .twr file, byte for byte.
    Decompress(decompress),
    /// Write a stretch of some channels of a .twr file, without decoding the rest.
    Cat(cat),
    /// Check that a .twr file restores a recording exactly.
    Verify(verify),
    /// Show what a .twr file contains.
    Info(info),
    /// Receive the frames that a core or a board sends, and record them.
    Receive(receive),
    /// Play a recording as the frames that a core would send.
    Send(send),
}

group! { Recordings:
    /// Compress and restore all recordings of a folder, and print ratio and speed.
    Corpus(corpus),
    /// Describe the recordings of a folder on one HTML page.
    Analyze(analyze),
    /// Compare the table sets with other compressors on all recordings of a folder.
    Compare(compare),
    /// Measure what frames and keyframes cost on all recordings of a folder.
    Frames(frames),
    /// Train a table set on all recordings of a folder.
    Train(train),
    /// List the table sets and what each takes in hardware.
    Codecs(codecs),
    /// Measure the shipped table sets and write their table into docs/tables.md.
    #[command(hide = true)]
    Readme(readme),
}

group! { Hardware:
    /// Take one recording through golden model, simulators, exported Verilog and decoder.
    Demo(demo),
    /// Write a profile's hardware as one Verilog file.
    Export(export),
    /// Write what a driver sends to load a table set into a core.
    Tables(tables),
    /// Run recordings through a profile's hardware in a simulator and check every bit.
    Simulate(simulate),
    /// Prove what is true of the hardware for every input.
    Prove(prove),
    /// Run every test of a profile's hardware, from blocks to netlists.
    Signoff(signoff),
    /// Build a profile for a chip: synthesis, placement and bitstream.
    Synth(synth),
    /// Print the hardware's limits: bits, words and clocks that it never exceeds.
    Bounds(bounds),
    /// Write the repository's constraint files and the tables of the boards' pins.
    #[command(hide = true)]
    Constraints(constraints),
    /// Build every profile for its chips and write the table of their sizes into docs/tables.md.
    #[command(hide = true)]
    Frontier(frontier),
}

group! { Measurements:
    /// Measure the time from a sample to its compressed word.
    Latency(latency),
    /// Estimate a profile's power on a chip.
    Power(power),
    /// Estimate a profile's area, timing and energy in silicon.
    Silicon(silicon),
    /// Compare the power of a compressor and a radio with that of a radio alone.
    System(system),
    /// Write one HTML page with everything about a profile on a chip.
    Report(report),
}
