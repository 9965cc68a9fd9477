//! **WAV files**, and their large kinds RF64 and BW64: interleaved samples of 8, 16, 24 or 32 bits
//! between a head and other chunks. The golden model's own reader finds them.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use golden_model::layout::{Channel, Group, Layout, Rate, SampleFormat};
use golden_model::wav::{Content, Head, Integers};

use crate::header::parse;
use crate::{Fault, Found, Kind};

/// Whether a file that begins like this is one.
pub(crate) fn is(start: &[u8]) -> bool {
    let magic = matches!(start.get(..4), Some(b"RIFF" | b"RF64" | b"BW64"));
    magic && start.get(8..12) == Some(b"WAVE")
}

pub(crate) fn find(path: &Path) -> Result<Found, Fault> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let head = Head::read(&mut BufReader::new(file), Some(length)).map_err(Fault::Wav)?;
    let samples = path.to_path_buf();
    let (layout, cut) = (layout(&head), head.cut_short());
    Ok(Found { kind: Kind::Wav, layout, samples, sidecars: Vec::new(), cut })
}

/// Where the samples of a WAV file with this head are.
///
/// # Errors
/// [`Fault`]: its samples are no integers.
pub fn layout(head: &Head) -> Result<Layout, Fault> {
    let unsupported = || match &head.content {
        Content::Other(why) => Fault::Unsupported(why.to_string()),
        Content::Samples { .. } => Fault::Lacks("format chunk"),
    };
    let Integers { rate, channels, bytes } = head.integers().ok_or_else(unsupported)?;
    let format = match bytes {
        1 => SampleFormat::U8,
        2 => SampleFormat::I16,
        3 => SampleFormat::I24,
        4 => SampleFormat::I32,
        _ => return Err(unsupported()),
    };
    let rate: Rate = parse("rate", &rate.to_string())?;
    let channels = vec![Channel::default(); channels.into()];
    let mut layout = Layout::interleaved(head.bytes.len() as u64, Group { format, rate, channels });
    layout.validate()?;
    let record = layout.record_bytes() as u64;
    layout.records = head.data_length().map(|length| u64::from(length) / record);
    Ok(layout)
}
