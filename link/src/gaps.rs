//! What stands in the output where rounds are missing, and how a sample is stored.

use std::fmt;
use std::str::FromStr;

/// What is written for missing rounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gaps {
    /// The last sample of each channel again.
    #[default]
    Hold,
    /// Zeros.
    Zero,
    /// Not a number: all samples are then stored as 32-bit floats.
    Nan,
    /// Nothing: what follows moves up.
    Skip,
}

impl Gaps {
    /// All of them.
    pub const ALL: [Gaps; 4] = [Gaps::Hold, Gaps::Zero, Gaps::Nan, Gaps::Skip];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Gaps::Hold => "hold",
            Gaps::Zero => "zero",
            Gaps::Nan => "nan",
            Gaps::Skip => "skip",
        }
    }

    /// How samples have to be stored.
    pub fn encoding(self) -> Encoding {
        match self {
            Gaps::Nan => Encoding::F32,
            _ => Encoding::I16,
        }
    }
}

/// What fillings are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give hold, zero, nan or skip")]
pub struct NoGaps;

impl FromStr for Gaps {
    type Err = NoGaps;

    fn from_str(name: &str) -> Result<Gaps, NoGaps> {
        Gaps::ALL.into_iter().find(|gaps| gaps.name() == name).ok_or(NoGaps)
    }
}

impl fmt::Display for Gaps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How a sample is stored; little endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// 16 bits, signed.
    I16,
    /// 32 bits, floating point.
    F32,
}

impl Encoding {
    /// Bytes of a sample.
    pub fn bytes(self) -> usize {
        match self {
            Encoding::I16 => 2,
            Encoding::F32 => 4,
        }
    }

    /// Appends samples.
    pub(crate) fn put(self, samples: &[i16], bytes: &mut Vec<u8>) {
        match self {
            Encoding::I16 => golden_model::wav::to_bytes(samples, bytes),
            Encoding::F32 => {
                bytes.extend(samples.iter().flat_map(|&sample| f32::from(sample).to_le_bytes()));
            }
        }
    }
}
