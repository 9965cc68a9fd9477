//! A [`Pipeline`] in the rust-hdl simulator, whatever its widths.

use crate::array_pipeline::{
    BigramArray, MeanArray, MeanRangeArray, MeansArray, MeansRangeArray, NeighbourArray,
};
use crate::codec::converter::Input;
use crate::codec::mean_predictor;
use crate::pipeline::Pipeline;
use crate::shape::{
    BYTE, CHALLENGE, NEUROPIXELS_2, SAMPLE, Shape, TWELVE, feature_bits, leaky_bits, sum_bits,
};
use crate::stream::framer::Frames;
use golden_model::TableSet;
use golden_model::predictor::Shape::{Bigram, Mean, Means, Neighbours};
use rust_hdl::prelude::*;

/// What drives a pipeline during one clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    /// Low: back to the initial state.
    pub aresetn: bool,
    /// The sample.
    pub s_axis_tdata: i16,
    /// The sample ends its packet.
    pub s_axis_tlast: bool,
    /// A sample is offered.
    pub s_axis_tvalid: bool,
    /// The sink takes a word.
    pub m_axis_tready: bool,
}

/// What a pipeline drives during one clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outputs {
    /// The pipeline takes the sample.
    pub s_axis_tready: bool,
    /// Four bytes of the stream, the first one in bits 7:0.
    pub m_axis_tdata: u32,
    /// Byte lanes that hold code bits.
    pub m_axis_tkeep: u8,
    /// The word ends its packet.
    pub m_axis_tlast: bool,
    /// A word is offered.
    pub m_axis_tvalid: bool,
    /// The counters of a pipeline with frames; others stay at 0.
    pub status: Status,
}

/// What a pipeline with frames has counted since reset, each modulo 65536.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Frames completed or dropped.
    pub frames: u16,
    /// Frames dropped after their header.
    pub broken_frames: u16,
    /// Frames dropped before any of it was sent.
    pub overruns: u16,
    /// Rounds with too few or too many samples.
    pub misaligned: u16,
}

/// A pipeline to be stepped clock by clock: [`settle`](Self::settle), look, [`rise`](Self::rise).
pub trait Circuit: Send {
    /// Lowers the clock, applies the inputs, and says what the outputs are then.
    fn settle(&mut self, inputs: &Inputs) -> Outputs;

    /// Raises the clock.
    fn rise(&mut self);

    /// The Verilog as rust-hdl writes it; [`export`](crate::verilog::export) makes it presentable.
    fn raw_verilog(&self) -> String;
}

/// Passes of the simulator until nothing changes; far more than any path through the blocks.
const MOST_PASSES: usize = 100;

/// Lets a block come to rest.
///
/// # Panics
/// When it never does: a loop without a register.
pub fn rest(block: &mut impl Block) {
    assert!(simulate(block, MOST_PASSES), "the circuit does not come to rest");
}

/// A block of the sign-sign LMS with the widths that follow from a token's.
macro_rules! means {
    ($name:ident, $token:path $(, $width:expr)*) => {
        $name<{ $token }, { feature_bits($token) }, { leaky_bits($token) }, { sum_bits($token) } $(, $width)*>
    };
}
pub(crate) use means;

/// The pipeline of this shape, ready to be simulated, if it is compiled.
pub(crate) fn pipeline(
    set: &TableSet,
    shape: Shape,
    channels: usize,
    frames: Option<Frames>,
) -> Option<Box<dyn Circuit>> {
    /// Every pipeline: the plain bigram and one mean for some widths of a token, the LMS for these and others.
    macro_rules! of_tokens {
        ($($token:path),+; $($lms:path),+) => {
            match (shape.predictor, shape.channel, shape.token) {
                $(
                    (Bigram, None, $token) => Some(ready(Pipeline::<{ $token }>::new(set, shape))),
                    (Bigram, Some(_), $token) => {
                        Some(ready(BigramArray::<{ $token }>::new(set, Input::Samples, shape, channels, frames)))
                    }
                    (Mean, Some(_), $token)
                        if mean_predictor::has_hardware($token, set.window()) =>
                    {
                        Some(ready(MeanArray::<{ $token }>::new(set, Input::Samples, shape, channels, frames)))
                    }
                )+
                $(
                    (Means, Some(_), $lms) => {
                        type Array = means!(MeansArray, $lms);
                        Some(ready(Array::new(set, Input::Samples, shape, channels, frames)))
                    }
                    (Neighbours, Some(_), $lms) => {
                        type Array = means!(NeighbourArray, $lms);
                        Some(ready(Array::new(set, Input::Samples, shape, channels, frames)))
                    }
                )+
                _ => None,
            }
        };
    }
    if set.range_code().is_some() {
        let input = Input::Samples;
        return match (shape.predictor, shape.channel, shape.token) {
            (Mean, Some(_), CHALLENGE) if mean_predictor::has_hardware(CHALLENGE, set.window()) => {
                let array =
                    MeanRangeArray::<{ CHALLENGE }>::new(set, input, shape, channels, frames);
                Some(ready(array))
            }
            (Means, Some(_), CHALLENGE) => {
                type Array = means!(MeansRangeArray, CHALLENGE);
                Some(ready(Array::new(set, input, shape, channels, frames)))
            }
            _ => None,
        };
    }
    of_tokens!(CHALLENGE; BYTE, CHALLENGE, TWELVE, NEUROPIXELS_2, SAMPLE)
}

fn ready(mut circuit: impl Circuit + Block + 'static) -> Box<dyn Circuit> {
    circuit.connect_all();
    Box::new(circuit)
}

/// All pipelines have the same streams; `$status` reads the counters.
macro_rules! circuit {
    ($name:ident<$($width:ident),*>, $status:expr) => {
        impl<$(const $width: usize),*> Circuit for $name<$($width),*> {
            fn settle(&mut self, inputs: &Inputs) -> Outputs {
                self.aclk.next = false.into();
                self.aresetn.next = inputs.aresetn;
                self.s_axis_tdata.next = u64::from(inputs.s_axis_tdata as u16).into();
                self.s_axis_tlast.next = inputs.s_axis_tlast;
                self.s_axis_tvalid.next = inputs.s_axis_tvalid;
                self.m_axis_tready.next = inputs.m_axis_tready;
                rest(self);
                let status: fn(&Self) -> Status = $status;
                Outputs {
                    s_axis_tready: self.s_axis_tready.val(),
                    m_axis_tdata: self.m_axis_tdata.val().to_u32(),
                    m_axis_tkeep: self.m_axis_tkeep.val().to_u8(),
                    m_axis_tlast: self.m_axis_tlast.val(),
                    m_axis_tvalid: self.m_axis_tvalid.val(),
                    status: status(self),
                }
            }

            fn rise(&mut self) {
                self.aclk.next = true.into();
                rest(self);
            }

            fn raw_verilog(&self) -> String {
                generate_verilog(self)
            }
        }
    };
}

/// The counters of a pipeline that has them.
macro_rules! counters {
    () => {
        |array| Status {
            frames: array.frames.val().to_u16(),
            broken_frames: array.broken_frames.val().to_u16(),
            overruns: array.overruns.val().to_u16(),
            misaligned: array.misaligned.val().to_u16(),
        }
    };
}

circuit!(Pipeline<TOKEN>, |_| Status::default());
circuit!(BigramArray<TOKEN>, counters!());
circuit!(MeanArray<TOKEN>, counters!());
circuit!(MeansArray<TOKEN, FEATURE, LEAKY, SUM>, counters!());
circuit!(MeanRangeArray<TOKEN>, counters!());
circuit!(MeansRangeArray<TOKEN, FEATURE, LEAKY, SUM>, counters!());
circuit!(NeighbourArray<TOKEN, FEATURE, LEAKY, SUM>, counters!());
