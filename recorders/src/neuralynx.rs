//! **Neuralynx** `.ncs`: one continuously sampled channel.
//!
//! ```text
//! 16384 bytes of text | record | record | ...
//! record of 1044 bytes: time in microseconds (64 bits) | channel | samples per second | how many of
//!                       the samples are valid (32 bits each) | 512 samples of 16 bits
//! ```
//!
//! Own reader: `openreadout-neuralynx` hides the positions and needs a later Rust (see the crate's
//! page).

use golden_model::layout::{Channel, Layout, Rate, SampleFormat};

use crate::Fault;
use crate::builder::Builder;
use crate::header::{Header, latin_or_utf8, parse, part_of};

/// Bytes of the text.
const TEXT: u64 = 16384;
/// Samples of a record.
const ROUNDS: u32 = 512;
/// Bytes of a record.
const RECORD: &str = "1044";

/// Whether a file that begins like this is one. Other files of Neuralynx begin like it, too.
pub(crate) fn is(start: &[u8], extension: &str) -> bool {
    extension == "ncs" && start.starts_with(b"####")
}

pub(crate) fn layout(file: &mut Header) -> Result<Layout, Fault> {
    let text = latin_or_utf8(file.bytes(TEXT)?);
    let field = |name: &str| {
        let lines = text.lines().filter_map(|line| line.trim().strip_prefix('-'));
        let mut fields = lines.filter_map(|line| line.split_once([' ', '\t', ':']));
        let is = |key: &str| key.eq_ignore_ascii_case(name);
        fields.find(|(key, _)| is(key)).map(|(_, value)| value.trim_matches([' ', '\t', ':', '\0']))
    };
    if let Some(bytes) = field("RecordSize").filter(|&bytes| bytes != RECORD) {
        return Err(Fault::value("RecordSize", bytes));
    }
    let rate: Rate = match field("SamplingFrequency") {
        Some(rate) => parse("SamplingFrequency", rate)?,
        // The oldest files have it in their records only.
        None => match file.array::<20>() {
            Ok(record) => {
                let rate = u32::from_le_bytes([record[12], record[13], record[14], record[15]]);
                parse("SamplingFrequency", &rate.to_string())?
            }
            Err(_) => return Err(Fault::Lacks("SamplingFrequency")),
        },
    };
    let volts = field("ADBitVolts").and_then(|volts| volts.parse::<f64>().ok());
    let microvolts = volts.map(|volts| volts * 1e6).filter(|step| step.is_finite() && *step != 0.0);
    let name = field("AcqEntName").unwrap_or("").trim_matches('"').to_owned();

    let mut builder = Builder::new(TEXT);
    let samples = builder.group(SampleFormat::I16, rate);
    let records = part_of(rate, "SamplingFrequency", ROUNDS.into())?;
    let records = builder.group(SampleFormat::I32, records);
    for name in ["time, low", "time, high", "channel", "rate", "valid samples"] {
        builder.samples(records, 1, Channel { name: name.into(), microvolts: None })?;
    }
    builder.samples(samples, ROUNDS, Channel { name, microvolts })?;
    builder.build()
}
