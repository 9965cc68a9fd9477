//! **NumPy arrays** of whole numbers, as Open Ephys stores sample numbers and events.
//!
//! ```text
//! "\x93NUMPY" | version | length of the text | text: a Python dictionary | rows
//! ```
//!
//! A row is a round; a number of 64 bits is two channels. The array has no rate: it is given.
//!
//! Own reader: three entries of a text are needed; `npyz` brings a parser of Python for them.

use golden_model::layout::{Channel, Layout, Rate, SampleFormat};

use crate::Fault;
use crate::builder::interleaved;
use crate::header::{Header, latin_or_utf8, parse, required};

const MAGIC: [u8; 6] = *b"\x93NUMPY";

/// Where the rows are, `rate` of them a second; floating-point numbers and text are unsupported.
pub(crate) fn layout(file: &mut Header, rate: Rate) -> Result<Layout, Fault> {
    if file.array()? != MAGIC {
        return Err(Fault::Lacks("\"\\x93NUMPY\" at the beginning"));
    }
    let [major, _minor] = file.array()?;
    let length = match major {
        1 => u16::from_le_bytes(file.array()?).into(),
        _ => u32::from_le_bytes(file.array()?),
    };
    let text = latin_or_utf8(file.bytes(length.into())?);
    let entry = |name: &'static str| {
        let after = text.split_once(&format!("'{name}':")).map(|(_, after)| after.trim_start());
        required(name, after)
    };
    let descr = entry("descr")?.trim_start_matches('\'').split('\'').next().unwrap_or("");
    let shape = entry("shape")?.trim_start_matches('(').split(')').next().unwrap_or("");
    let sizes: Vec<&str> =
        shape.split(',').map(str::trim).filter(|size| !size.is_empty()).collect();
    let mut columns = 1;
    for size in sizes.iter().skip(1) {
        columns = parse::<u16>("shape", size)?
            .checked_mul(columns)
            .filter(|&columns| columns > 0)
            .ok_or_else(|| Fault::value("shape", shape))?;
    }
    if columns > 1 && entry("fortran_order")?.starts_with("True") {
        return Err(Fault::Unsupported("fortran_order".into()));
    }
    // Kept as they are in 32 bits, signed or not: what follows a count is near it either way.
    let (format, halves) = match descr {
        "|i1" => (SampleFormat::I8, &[""][..]),
        "|u1" | "|b1" => (SampleFormat::U8, &[""][..]),
        "<i2" => (SampleFormat::I16, &[""][..]),
        "<u2" => (SampleFormat::U16, &[""][..]),
        "<i4" | "<u4" => (SampleFormat::I32, &[""][..]),
        "<i8" | "<u8" => (SampleFormat::I32, &["low", "high"][..]),
        other => return Err(Fault::Unsupported(format!("an array of \"{other}\""))),
    };
    let names = (0..columns).flat_map(|_| halves);
    let channels = names.map(|name| ((), Channel { name: (*name).into(), microvolts: None }));
    let mut layout = interleaved(file.position(), format, rate, channels)?;
    layout.records = sizes.first().map(|rows| parse("shape", rows)).transpose()?;
    Ok(layout)
}
