//! **EDF and BDF**: the European Data Format of 16 bits and BioSemi's of 24.
//!
//! ```text
//! 256 bytes: the recording | 256 bytes for each signal, field by field | records
//! record: all samples that each signal has in its duration, signal after signal
//! ```
//!
//! All fields are text. Signals may have different rates; those of one rate are a group. The signal
//! "EDF Annotations" holds text and is plain bytes; "Status", the triggers of BioSemi, is a group of
//! its own.
//!
//! Own reader: `edf-rs` refuses files for dates and names that decide no sample's place, `edfplus`
//! knows no BDF, and both yield values, not bytes.

use std::ops::Range;
use std::path::Path;

use golden_model::layout::{Channel, Layout, Rate, SampleFormat};
use golden_model::wav::CutShort;

use crate::builder::Builder;
use crate::header::{Header, latin_or_utf8, parse};
use crate::{Fault, Found, Kind};

/// Bytes of the first part of the header, and of each signal's.
const PART: usize = 256;

/// Whether a file that begins like this is one.
pub(crate) fn is(start: &[u8]) -> bool {
    start.starts_with(b"0       ") || start.starts_with(b"\xffBIOSEMI")
}

pub(crate) fn find(path: &Path, file: &mut Header) -> Result<Found, Fault> {
    let first = file.bytes(PART as u64)?;
    let kind = if first[0] == 0xff { Kind::Bdf } else { Kind::Edf };
    let layout = layout(&first, file)?;
    // While it records, a recorder writes -1.
    let declared = latin_or_utf8(first[236..244].to_vec()).trim().parse::<u64>().ok();
    let declared = declared.and_then(|records| records.checked_mul(layout.record_bytes() as u64));
    let found = file.length() - layout.head;
    let cut = declared.filter(|&declared| declared > found);
    let cut = cut.map(|declared| CutShort { declared, found });
    Ok(Found { cut, ..Found::alone(kind, path, layout) })
}

fn layout(first: &[u8], file: &mut Header) -> Result<Layout, Fault> {
    let format = if first[0] == 0xff { SampleFormat::I24 } else { SampleFormat::I16 };
    let field = |name, range: Range<usize>| (name, latin_or_utf8(first[range].to_vec()));
    let (name, text) = field("signals", 252..256);
    let signals: u16 = parse(name, &text)?;
    let (name, text) = field("header bytes", 184..192);
    let head: u64 = parse(name, &text)?;
    let described = PART as u64 * u64::from(signals);
    if head < PART as u64 + described {
        return Err(Fault::value(name, &text));
    }
    let (name, text) = field("duration of a record", 244..252);
    let duration = text.trim();
    // A record that takes no time is counted as a second, as other readers do.
    let zero = duration.parse() == Ok(0.0);
    let duration: Rate = parse(name, if zero { "1" } else { duration })?;

    let signals = Signals { bytes: file.bytes(described)?, count: signals.into() };
    if file.length() < head {
        return Err(Fault::Ends(file.length()));
    }
    let mut builder = Builder::new(head);
    let mut groups = Vec::new();
    for signal in 0..signals.count {
        let samples = signals.field(SAMPLES, signal);
        let rounds: u32 = parse("samples in a record", &samples)?;
        let label = signals.field(LABEL, signal).trim().to_owned();
        if matches!(label.as_str(), "EDF Annotations" | "BDF Annotations") {
            let bytes = rounds.checked_mul(format.bytes() as u32);
            builder.bytes(bytes.ok_or_else(|| Fault::value("samples in a record", &samples))?);
            continue;
        }
        if rounds == 0 {
            continue;
        }
        let key = (rounds, label == "Status");
        let group = match groups.iter().position(|known| *known == key) {
            Some(group) => group,
            None => {
                let rate = duration.inverse().times(rounds.into(), 1);
                let rate = rate.ok_or_else(|| Fault::value("samples in a record", &samples))?;
                groups.push(key);
                builder.group(format, rate)
            }
        };
        let microvolts = signals.microvolts(signal);
        builder.samples(group, rounds, Channel { name: label, microvolts })?;
    }
    builder.build()
}

/// A field of every signal: bytes before it, and its own.
type Place = (usize, usize);

const LABEL: Place = (0, 16);
const UNIT: Place = (96, 8);
const PHYSICAL_MINIMUM: Place = (104, 8);
const PHYSICAL_MAXIMUM: Place = (112, 8);
const DIGITAL_MINIMUM: Place = (120, 8);
const DIGITAL_MAXIMUM: Place = (128, 8);
const SAMPLES: Place = (216, 8);

/// The second part of the header.
struct Signals {
    bytes: Vec<u8>,
    count: usize,
}

impl Signals {
    fn field(&self, (before, len): Place, signal: usize) -> String {
        let start = before * self.count + len * signal;
        latin_or_utf8(self.bytes[start..start + len].to_vec())
    }

    fn microvolts(&self, signal: usize) -> Option<f64> {
        let unit = match self.field(UNIT, signal).trim() {
            "nV" => 1e-3,
            "uV" | "µV" => 1.0,
            "mV" => 1e3,
            "V" => 1e6,
            _ => return None,
        };
        let number = |place| self.field(place, signal).trim().parse::<f64>().ok();
        let physical = number(PHYSICAL_MAXIMUM)? - number(PHYSICAL_MINIMUM)?;
        let digital = number(DIGITAL_MAXIMUM)? - number(DIGITAL_MINIMUM)?;
        Some(unit * physical / digital).filter(|scale| scale.is_finite() && *scale != 0.0)
    }
}
