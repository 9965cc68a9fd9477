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
use crate::tables::table::{HasTables, TableLayout};
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
    /// What a driver asks of the registers.
    pub axi_lite: Questions,
}

/// What the master of an AXI4-Lite bus drives during one clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Questions {
    /// Byte address and word of a write.
    pub write: Option<(u8, u32)>,
    /// Byte address of a read.
    pub read: Option<u8>,
}

/// What its slave drives during one clock. The master takes every answer at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The write is taken.
    pub takes_write: bool,
    /// How the write before ended: whether it was carried out.
    pub written: Option<bool>,
    /// The read is taken.
    pub takes_read: bool,
    /// What was read, `None` inside if there is no such register.
    pub read: Option<Option<u32>>,
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
    /// What the registers answer; of a pipeline without, nothing.
    pub axi_lite: Answers,
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

    /// From now on its tables are loaded at run time; of an image's layout, `structure` is what is not
    /// its tables'. Before anything else.
    fn load_tables(&mut self, structure: &[u32]);

    /// Its tables, and their words of the set that it was made of.
    fn tables(&mut self) -> Vec<(TableLayout, Vec<u32>)>;

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
    loaded: Option<&[u32]>,
) -> Option<Box<dyn Circuit>> {
    /// Every pipeline: the plain bigram and one mean for some widths of a token, the LMS for these and others.
    macro_rules! of_tokens {
        ($($token:path),+; $($lms:path),+) => {
            match (shape.predictor, shape.channel, shape.token) {
                $(
                    (Bigram, None, $token) => Some(ready(Pipeline::<{ $token }>::new(set, shape), loaded)),
                    (Bigram, Some(_), $token) => {
                        Some(ready(BigramArray::<{ $token }>::new(set, Input::Samples, shape, channels, frames), loaded))
                    }
                    (Mean, Some(_), $token)
                        if mean_predictor::has_hardware($token, set.window()) =>
                    {
                        Some(ready(MeanArray::<{ $token }>::new(set, Input::Samples, shape, channels, frames), loaded))
                    }
                )+
                $(
                    (Means, Some(_), $lms) => {
                        type Array = means!(MeansArray, $lms);
                        Some(ready(Array::new(set, Input::Samples, shape, channels, frames), loaded))
                    }
                    (Neighbours, Some(_), $lms) => {
                        type Array = means!(NeighbourArray, $lms);
                        Some(ready(Array::new(set, Input::Samples, shape, channels, frames), loaded))
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
                Some(ready(array, loaded))
            }
            (Means, Some(_), CHALLENGE) => {
                type Array = means!(MeansRangeArray, CHALLENGE);
                Some(ready(Array::new(set, input, shape, channels, frames), loaded))
            }
            _ => None,
        };
    }
    of_tokens!(CHALLENGE; BYTE, CHALLENGE, TWELVE, NEUROPIXELS_2, SAMPLE)
}

fn ready(mut circuit: impl Circuit + Block + 'static, loaded: Option<&[u32]>) -> Box<dyn Circuit> {
    if let Some(structure) = loaded {
        circuit.load_tables(structure);
    }
    circuit.connect_all();
    Box::new(circuit)
}

/// All pipelines have the same streams. `array` is given for those that can have more than that.
macro_rules! circuit {
    ($name:ident<$($width:ident),*> $(, $array:ident)?) => {
        impl<$(const $width: usize),*> Circuit for $name<$($width),*> {
            fn settle(&mut self, inputs: &Inputs) -> Outputs {
                self.aclk.next = false.into();
                self.aresetn.next = inputs.aresetn;
                self.s_axis_tdata.next = u64::from(inputs.s_axis_tdata as u16).into();
                self.s_axis_tlast.next = inputs.s_axis_tlast;
                self.s_axis_tvalid.next = inputs.s_axis_tvalid;
                self.m_axis_tready.next = inputs.m_axis_tready;
                $($array!(ask self, inputs);)?
                rest(self);
                let outputs = Outputs {
                    s_axis_tready: self.s_axis_tready.val(),
                    m_axis_tdata: self.m_axis_tdata.val().to_u32(),
                    m_axis_tkeep: self.m_axis_tkeep.val().to_u8(),
                    m_axis_tlast: self.m_axis_tlast.val(),
                    m_axis_tvalid: self.m_axis_tvalid.val(),
                    ..Outputs::default()
                };
                $(let outputs = $array!(more self, outputs);)?
                outputs
            }

            fn rise(&mut self) {
                self.aclk.next = true.into();
                rest(self);
            }

            #[allow(unused_variables, reason = "one channel has no tables to be loaded")]
            fn load_tables(&mut self, structure: &[u32]) {
                $($array!(load self, structure);)?
            }

            #[allow(unused_mut, reason = "one channel has no tables to be loaded")]
            fn tables(&mut self) -> Vec<(TableLayout, Vec<u32>)> {
                let mut tables = Vec::new();
                $($array!(tables self, tables);)?
                tables
            }

            fn raw_verilog(&self) -> String {
                generate_verilog(self)
            }
        }
    };
}

/// What pipelines of many channels have: counters, and tables behind AXI4-Lite.
macro_rules! array {
    (ask $self:ident, $inputs:ident) => {
        let Questions { write, read } = $inputs.axi_lite;
        let (address, word) = write.unwrap_or_default();
        $self.s_axil_awaddr.next = usize::from(address).to_bits();
        $self.s_axil_awvalid.next = write.is_some();
        $self.s_axil_wdata.next = u64::from(word).into();
        $self.s_axil_wstrb.next = 15.into();
        $self.s_axil_wvalid.next = write.is_some();
        $self.s_axil_bready.next = true;
        $self.s_axil_araddr.next = usize::from(read.unwrap_or_default()).to_bits();
        $self.s_axil_arvalid.next = read.is_some();
        $self.s_axil_rready.next = true;
    };
    (more $self:ident, $outputs:ident) => {
        Outputs {
            status: Status {
                frames: $self.frames.val().to_u16(),
                broken_frames: $self.broken_frames.val().to_u16(),
                overruns: $self.overruns.val().to_u16(),
                misaligned: $self.misaligned.val().to_u16(),
            },
            axi_lite: Answers {
                takes_write: $self.s_axil_awready.val(),
                written: $self.s_axil_bvalid.val().then(|| $self.s_axil_bresp.val() == 0),
                takes_read: $self.s_axil_arready.val(),
                read: $self.s_axil_rvalid.val().then(|| {
                    ($self.s_axil_rresp.val() == 0).then(|| $self.s_axil_rdata.val().to_u32())
                }),
            },
            ..$outputs
        }
    };
    (load $self:ident, $structure:ident) => {
        $self.load_tables($structure)
    };
    (tables $self:ident, $tables:ident) => {
        HasTables::tables($self, &mut |table| $tables.push((table.layout(), table.words())));
    };
}

circuit!(Pipeline<TOKEN>);
circuit!(BigramArray<TOKEN>, array);
circuit!(MeanArray<TOKEN>, array);
circuit!(MeansArray<TOKEN, FEATURE, LEAKY, SUM>, array);
circuit!(MeanRangeArray<TOKEN>, array);
circuit!(MeansRangeArray<TOKEN, FEATURE, LEAKY, SUM>, array);
circuit!(NeighbourArray<TOKEN, FEATURE, LEAKY, SUM>, array);
