//! What compressing and decompressing say of a file.

use std::time::Duration;

use crate::near_lossless::Noise;
use crate::wav::CutShort;

/// What was checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// Samples coded, or verbatim in blocks of samples; 0 for a file stored verbatim.
    pub samples: u64,
    /// Bytes of the original; for a folder, including its manifest.
    pub original_bytes: u64,
    /// Bytes before the samples: of a WAV file its head, of a folder its manifest.
    pub head_bytes: u64,
    /// Bytes of the `.twr` file.
    pub compressed_bytes: u64,
    /// Why the file is stored verbatim, if it is.
    pub verbatim: Option<String>,
    /// Where a WAV file ended before its header said.
    pub cut_short: Option<CutShort>,
    /// Bytes behind the head that are stored as they are: blocks that codes would not make smaller,
    /// and what follows the samples.
    pub uncoded_bytes: u64,
    /// Time spent in the codec alone, by the clock, summed over threads: samples to words, or words
    /// to samples.
    pub codec_time: Duration,
    /// The error of the decoded samples; `None` when lossless.
    pub noise: Noise,
}
