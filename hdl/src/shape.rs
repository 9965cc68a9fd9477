//! **Shapes**: the widths that pipelines are compiled for.
//!
//! A block's widths are const generics, so each combination that a profile may need is compiled:
//! the recipes of the shipped table sets, for any number of channels. One more costs some seconds of
//! every build.
//! Table sets of one shape differ only in their tables.

use crate::array_pipeline::{BigramArray, MeansArray};
use crate::circuit::Circuit;
use crate::codec::{bigram_model, means_model};
use crate::pipeline::Pipeline;
use crate::stream::framer::Frames;
use golden_model::TableSet;
use golden_model::predictor;
use rust_hdl::prelude::Block;

/// Widths of the hardware, in bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The predictor.
    pub predictor: predictor::Shape,
    /// A token, and the converter's code.
    pub token: usize,
    /// A channel's number; `None` for one channel in registers.
    pub channel: Option<usize>,
    /// Address of a row of the rank table.
    pub row: usize,
    /// A rank.
    pub rank: usize,
    /// The running mean.
    pub mean: usize,
    /// Address of a word in the FIFO.
    pub fifo: usize,
}

/// Bits of a token that pipelines are compiled for.
const TOKEN: usize = 10;
/// Widths of a channel's number that every table set's shape is compiled for, each with the width of
/// the FIFO's address: the FIFO has as many words as a block RAM of the usual target.
const CHANNEL_AND_FIFO: [(usize, usize); 2] = [(8, 8), (10, 9)];
/// The narrower one that the smallest shape has as well.
const FEW_CHANNELS: (usize, usize) = (5, 8);
/// Address of a word in the FIFO of one channel.
const ONE_CHANNEL_FIFO: usize = 5;

impl Shape {
    /// The narrowest widths for so many channels in memory, or for one in registers.
    ///
    /// The fold and the window must be powers of two, and the channels at most
    /// [`MAX_CHANNELS`](crate::profile::MAX_CHANNELS).
    pub(crate) fn new(set: &TableSet, channels: Option<usize>) -> Shape {
        let table = set.rank_table();
        let row = table.fold().ilog2() as usize;
        let smallest = set.shape() == predictor::Shape::Bigram && row == 5;
        let (channel, fifo) = match channels {
            None => (None, ONE_CHANNEL_FIFO),
            Some(channels) => {
                let fits = |&(width, _): &(usize, usize)| channels <= 1 << width;
                let few = Some(FEW_CHANNELS).filter(|_| smallest);
                let mut widths = few.into_iter().chain(CHANNEL_AND_FIFO);
                let (channel, fifo) = widths.find(fits).expect("at most MAX_CHANNELS");
                (Some(channel), fifo)
            }
        };
        Shape {
            predictor: set.shape(),
            token: set.converter().token_bits() as usize,
            channel,
            row,
            rank: table.width().ilog2() as usize,
            mean: set.activity().ceiling(table.window()).ilog2() as usize + 1,
            fifo,
        }
    }

    /// The pipeline of this shape, ready to be simulated, if it is compiled.
    pub(crate) fn pipeline(
        self,
        set: &TableSet,
        channels: usize,
        frames: Option<Frames>,
    ) -> Option<Box<dyn Circuit>> {
        use predictor::Shape::{Bigram, Means};
        /// One `if` for each pair of a channel's widths and a table set's.
        macro_rules! arrays {
            ($predictor:ident, $array:ident, [$($channel:tt),*], $tables:tt) => {
                $(arrays!(@ $predictor, $array, $channel, $tables);)*
            };
            (@ $predictor:ident, $array:ident, ($channel:literal, $fifo:literal),
             [$(($row:literal, $rank:literal, $mean:literal)),*]) => {
                $(if self.is($predictor, Some($channel), [$row, $rank, $mean], $fifo) {
                    type Array = $array<$channel, $row, $rank, $mean, $fifo>;
                    return Some(ready(Array::new(set, channels, frames)));
                })*
            };
        }
        macro_rules! one_channel {
            ($(($row:literal, $rank:literal, $mean:literal)),*) => {
                $(if self.is(Bigram, None, [$row, $rank, $mean], ONE_CHANNEL_FIFO) {
                    return Some(ready(Pipeline::<$row, $rank, $mean>::new(set)));
                })*
            };
        }
        one_channel!((5, 6, 13), (7, 7, 13), (7, 7, 14));
        arrays!(Bigram, BigramArray, [(5, 8)], [(5, 6, 13)]);
        arrays!(Bigram, BigramArray, [(8, 8), (10, 9)], [(5, 6, 13), (7, 7, 14)]);
        arrays!(Means, MeansArray, [(8, 8), (10, 9)], [(6, 6, 13), (7, 7, 14)]);
        None
    }

    /// Bits of a channel's state, in memory or in registers.
    pub fn state_bits(self) -> usize {
        match self.predictor {
            predictor::Shape::Bigram => bigram_model::state_bits(self.token, self.mean),
            // The LMS; no other shape has hardware.
            _ => means_model::state_bits(self.token, self.mean),
        }
    }

    /// Bits of the ROM of ranks.
    pub fn rank_rom_bits(self) -> usize {
        self.rank << (self.row + self.rank)
    }

    fn is(
        self,
        predictor: predictor::Shape,
        channel: Option<usize>,
        [row, rank, mean]: [usize; 3],
        fifo: usize,
    ) -> bool {
        self == Shape { predictor, token: TOKEN, channel, row, rank, mean, fifo }
    }
}

fn ready(mut circuit: impl Circuit + Block + 'static) -> Box<dyn Circuit> {
    circuit.connect_all();
    Box::new(circuit)
}

#[cfg(test)]
mod tests {
    use crate::profile::Profile;

    /// Widths and words of the memories of a module, `reg [11:0] mem [0:1023];`.
    fn memories(verilog: &str) -> Vec<(usize, usize)> {
        let number = |text: &str| text.parse::<usize>().unwrap();
        let memory = |line: &str| {
            let (width, words) = line.trim().strip_prefix("reg [")?.split_once(":0] mem [0:")?;
            Some((number(width) + 1, number(words.strip_suffix("];")?) + 1))
        };
        verilog.lines().filter_map(memory).collect()
    }

    #[test]
    fn bits_of_state_and_ranks_are_those_of_the_memories_in_the_verilog() {
        for (name, bits) in [("nano", 23), ("tile256", 115), ("array1024", 116)] {
            let profile = Profile::named(name).unwrap();
            let shape = profile.shape();
            let verilog = profile.circuit().raw_verilog();
            let words = 1 << shape.channel.unwrap();
            // Only a `Ram` has this attribute; a ROM or the FIFO may have as many words.
            let rams = verilog.split("(* ram_style = \"block\", no_rw_check *)").skip(1);
            let state = rams.filter_map(|ram| memories(ram).first().copied());
            let held: usize = state.filter(|ram| ram.1 == words).map(|(width, _)| width).sum();
            assert_eq!((held, shape.state_bits()), (bits, bits), "{name}");
            let rom = (shape.rank, 1 << (shape.row + shape.rank));
            assert!(memories(&verilog).contains(&rom), "{name}");
            assert_eq!(rom.0 * rom.1, shape.rank_rom_bits(), "{name}");
        }
    }
}
