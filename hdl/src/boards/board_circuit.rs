//! **A board's circuit**: the compressor between the board's ports, for every profile that has a top,
//! with its pins in place.

use crate::boards::board::{Board, Family, SamplePort};
use crate::boards::parallel_board::{
    ParallelBigramBoard, ParallelMeanBoard, ParallelMeanRangeBoard, ParallelMeansBoard,
    ParallelMeansRangeBoard, ParallelNeighbourBoard,
};
use crate::boards::serial_board::{SerialBigramBoard, SerialMeanBoard};
use crate::circuit::{means, rest};
use crate::profile::Profile;
use crate::shape::{CHALLENGE, NEUROPIXELS_2, SAMPLE, feature_bits, leaky_bits, sum_bits};
use golden_model::predictor;
use rust_hdl::prelude::*;
use rust_hdl_fpga_support::toolchains::{ecp5, icestorm};

/// No top was compiled for this profile on this board.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{board} has no top for the profile {profile}: {samples}, {channels} channels")]
pub struct NoTop {
    board: String,
    profile: String,
    samples: String,
    channels: usize,
}

impl Board {
    /// The top, ready to be simulated.
    ///
    /// # Errors
    /// [`NoTop`].
    pub fn circuit(&self, profile: &Profile) -> Result<Box<dyn BoardCircuit>, NoTop> {
        use SamplePort::{Parallel, Serial};
        use predictor::Shape::{Bigram, Mean, Means, Neighbours};
        let (set, channels) = (profile.table_set(), profile.channels());
        let no_top = || NoTop {
            board: self.name.clone(),
            profile: profile.name().into(),
            samples: match self.sample_port {
                Parallel => format!("codes of {} bits in parallel", self.code_bits()),
                Serial => "samples over SPI".into(),
            },
            channels,
        };
        let frames = profile.frames().filter(|_| !profile.is_loaded()).ok_or_else(no_top)?;
        let shape = profile.shape();
        /// The top of this type.
        macro_rules! top {
            ($top:ty) => {{
                type Top = $top;
                self.ready(Top::new(set, shape, channels, frames))
            }};
        }
        /// The top of the LMS, with one of these lanes, for each of these widths.
        macro_rules! of_tokens {
            ($($token:path),+; $one:literal, $four:literal) => {
                match (self.sample_port, shape.predictor, shape.token, self.lanes) {
                    $(
                        (Parallel, Means, $token, $one) => Ok(top!(means!(ParallelMeansBoard, $token, $one))),
                        (Parallel, Means, $token, $four) => Ok(top!(means!(ParallelMeansBoard, $token, $four))),
                        (Parallel, Neighbours, $token, $one) => Ok(top!(means!(ParallelNeighbourBoard, $token, $one))),
                        (Parallel, Neighbours, $token, $four) => Ok(top!(means!(ParallelNeighbourBoard, $token, $four))),
                    )+
                    _ => Err(no_top()),
                }
            };
        }
        if self.sample_port == Parallel && shape.token > self.code_bits() {
            return Err(no_top());
        }
        if set.range_code().is_some() {
            return match (self.sample_port, shape.predictor, shape.token, self.lanes) {
                (Parallel, Mean, CHALLENGE, 1) => Ok(top!(ParallelMeanRangeBoard<CHALLENGE, 1>)),
                (Parallel, Means, CHALLENGE, 4) => {
                    Ok(top!(means!(ParallelMeansRangeBoard, CHALLENGE, 4)))
                }
                _ => Err(no_top()),
            };
        }
        match (self.sample_port, shape.predictor, shape.token, self.lanes) {
            (Serial, Bigram, CHALLENGE, 1) => Ok(top!(SerialBigramBoard<CHALLENGE, 1>)),
            (Serial, Mean, CHALLENGE, 1) => Ok(top!(SerialMeanBoard<CHALLENGE, 1>)),
            (Parallel, Bigram, CHALLENGE, 1) => Ok(top!(ParallelBigramBoard<CHALLENGE, 1>)),
            (Parallel, Bigram, CHALLENGE, 4) => Ok(top!(ParallelBigramBoard<CHALLENGE, 4>)),
            (Parallel, Mean, CHALLENGE, 1) => Ok(top!(ParallelMeanBoard<CHALLENGE, 1>)),
            (Parallel, Mean, CHALLENGE, 4) => Ok(top!(ParallelMeanBoard<CHALLENGE, 4>)),
            _ => of_tokens!(CHALLENGE, NEUROPIXELS_2, SAMPLE; 1, 4),
        }
    }

    /// A top with its pins in place.
    fn ready(&self, mut top: impl BoardCircuit + 'static) -> Box<dyn BoardCircuit> {
        top.place(self);
        top.connect_all();
        Box::new(top)
    }
}

/// What drives a board's pins. A board has either the parallel port's or the serial port's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BoardInputs {
    /// The oscillator.
    pub clock: bool,
    /// Parallel: a code is taken at each rising edge.
    pub sample_strobe: bool,
    /// Parallel: the code.
    pub sample_code: u16,
    /// Parallel: it is that of the last channel.
    pub round_end: bool,
    /// Serial: the recorder's chip select.
    pub sample_cs_n: bool,
    /// Serial: the recorder's clock.
    pub sample_sclk: bool,
    /// Serial: the recorder's bit.
    pub sample_mosi: bool,
    /// The host's chip select.
    pub host_cs_n: bool,
    /// The host's clock.
    pub host_sclk: bool,
}

/// What a board drives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BoardOutputs {
    /// The bits for the host.
    pub host_miso: u8,
    /// Words wait for the host.
    pub host_ready: bool,
}

/// A board's top, whatever its widths.
pub trait BoardCircuit: Block + Send {
    /// Applies levels to the pins, at most one clock of which may differ from before, and says what
    /// comes of it.
    fn drive(&mut self, inputs: &BoardInputs) -> BoardOutputs;

    /// Puts a board's pins and clocks on the signals.
    fn place(&mut self, board: &Board);

    /// The constraint file of what was placed.
    fn constraints(&self, family: Family) -> String;

    /// The Verilog as rust-hdl writes it.
    fn raw_verilog(&self) -> String;
}

/// Puts those pins and that clock on a signal that are its own.
fn place<D: Direction, T: Synth>(signal: &mut Signal<D, T>, port: &str, board: &Board) {
    // A board may have pins for wider codes.
    for pin in board.pins.iter().filter(|pin| pin.port == port && pin.bit < T::BITS) {
        signal.add_location(pin.bit, &pin.site);
        if board.family == Family::Ecp5 {
            signal.add_signal_type(pin.bit, SignalType::LowVoltageCMOS_3v3);
        }
    }
    for (_, mhz) in board.clocks().into_iter().filter(|clock| clock.0 == port) {
        let constraint = match board.family {
            Family::Ice40 => Constraint::Custom(format!("set_frequency {port} {mhz}")),
            Family::Ecp5 => Constraint::Timing(Timing::Periodic(PeriodicTiming {
                net: port.into(),
                period_nanoseconds: 1000.0 / mhz,
                duty_cycle: 50.0,
            })),
        };
        signal.add_constraint(PinConstraint { index: 0, constraint });
    }
}

/// The tops differ in their samples' ports.
macro_rules! board_circuit {
    ($name:ident<$($width:ident),*>, $($clock:ident),*; $($input:ident = $value:expr),*) => {
        impl<$(const $width: usize),*> BoardCircuit for $name<$($width),*> {
            fn drive(&mut self, inputs: &BoardInputs) -> BoardOutputs {
                $(self.$clock.next = inputs.$clock.into();)*
                $(self.$input.next = $value(inputs);)*
                self.host_cs_n.next = inputs.host_cs_n;
                rest(self);
                BoardOutputs {
                    host_miso: self.host_miso.val().to_u8(),
                    host_ready: self.host_ready.val(),
                }
            }

            fn place(&mut self, board: &Board) {
                $(place(&mut self.$clock, stringify!($clock), board);)*
                $(place(&mut self.$input, stringify!($input), board);)*
                place(&mut self.host_cs_n, "host_cs_n", board);
                place(&mut self.host_miso, "host_miso", board);
                place(&mut self.host_ready, "host_ready", board);
            }

            fn constraints(&self, family: Family) -> String {
                match family {
                    Family::Ice40 => icestorm::generate_pcf(self),
                    Family::Ecp5 => ecp5::generate_lpf(self),
                }
            }

            fn raw_verilog(&self) -> String {
                generate_verilog(self)
            }
        }
    };
}

macro_rules! parallel {
    ($name:ident<$($width:ident),+>) => {
        board_circuit! {
            $name<$($width),+>, clock, sample_strobe, host_sclk;
            sample_code = |inputs: &BoardInputs| u64::from(inputs.sample_code).into(),
            round_end = |inputs: &BoardInputs| inputs.round_end
        }
    };
}
parallel!(ParallelBigramBoard<TOKEN, LANES>);
parallel!(ParallelMeanBoard<TOKEN, LANES>);
parallel!(ParallelMeanRangeBoard<TOKEN, LANES>);
parallel!(ParallelMeansRangeBoard<TOKEN, FEATURE, LEAKY, SUM, LANES>);
parallel!(ParallelMeansBoard<TOKEN, FEATURE, LEAKY, SUM, LANES>);
parallel!(ParallelNeighbourBoard<TOKEN, FEATURE, LEAKY, SUM, LANES>);

macro_rules! serial {
    ($name:ident) => {
        board_circuit! {
            $name<TOKEN, LANES>, clock, sample_sclk, host_sclk;
            sample_cs_n = |inputs: &BoardInputs| inputs.sample_cs_n,
            sample_mosi = |inputs: &BoardInputs| inputs.sample_mosi
        }
    };
}
serial!(SerialBigramBoard);
serial!(SerialMeanBoard);
