//! **Intan**: RHD2000 (`.rhd`, versions 1 to 3) and RHS2000 (`.rhs`), as Intan's notes "Data File
//! Formats" describe them.
//!
//! ```text
//! header | block | block | ...
//! block of n rounds, RHD: n times | amplifiers | auxiliary inputs (n / 4) | supply voltages (1) |
//!                         temperatures (1) | ADCs | digital in | digital out
//!                    RHS: n times | amplifiers | DC amplifiers | stimulation | ADCs | DACs |
//!                         digital in | digital out
//! ```
//!
//! n is 60 in RHD version 1, else 128. What a header does not enable is not in the blocks. Times are
//! 32 bits, all else 16; the digital lines are together one word.
//!
//! A header alone, `info.rhd`, describes the files beside it.
//!
//! Own reader: `openreadout-intan` hides the positions and needs a later Rust (see the crate's page).

pub(crate) mod data_files;

use golden_model::layout::{Channel, Layout, Rate, SampleFormat};

use crate::Fault;
use crate::builder::Builder;
use crate::header::{Header, float_rate, part_of};

const RHD: [u8; 4] = 0xc691_2702u32.to_le_bytes();
const RHS: [u8; 4] = 0xd691_27acu32.to_le_bytes();

/// Whether a file that begins like this is one.
pub(crate) fn is(start: &[u8]) -> bool {
    start.starts_with(&RHD) || start.starts_with(&RHS)
}

/// The channels that a header enables, by kind.
#[derive(Default)]
struct Channels {
    amplifiers: Vec<String>,
    auxiliary: Vec<String>,
    supply: Vec<String>,
    adc: Vec<String>,
    dac: Vec<String>,
    digital_in: Vec<String>,
    digital_out: Vec<String>,
    temperature: Vec<String>,
}

/// What a header says about the blocks.
struct Description {
    stimulator: bool,
    /// Of a block.
    rounds: u32,
    rate: Rate,
    /// RHS: the DC amplifiers are saved.
    dc: bool,
    /// Microvolts per step of the ADCs.
    adc_step: Option<f64>,
    channels: Channels,
}

pub(crate) fn layout(file: &mut Header) -> Result<Layout, Fault> {
    let description = describe(file)?;
    blocks(file.position(), description)
}

fn blocks(head: u64, description: Description) -> Result<Layout, Fault> {
    use SampleFormat::{I16, I32, U16};
    let Description { stimulator, rounds, rate, dc, adc_step, channels } = description;
    let slower = |part: u32| part_of(rate, "sampling rate", (rounds / part).into());
    // Words are no amplitudes: their zero stays zero.
    let word = |named: &[String], name: &str| match named {
        [] => Vec::new(),
        _ => vec![name.to_owned()],
    };
    let digital_in = word(&channels.digital_in, "digital in");
    let digital_out = word(&channels.digital_out, "digital out");
    let stimulation = if stimulator { channels.amplifiers.clone() } else { Vec::new() };
    let dc = if dc { channels.amplifiers.clone() } else { Vec::new() };

    let mut builder = Builder::new(head);
    // The amplifiers are the first group, though the times stand before them.
    let amplifiers = (!channels.amplifiers.is_empty()).then(|| builder.group(U16, rate));
    let times = builder.group(I32, rate);
    builder.samples(times, rounds, Channel { name: "time".into(), microvolts: None })?;
    if let Some(group) = amplifiers {
        for name in channels.amplifiers {
            builder.samples(group, rounds, Channel { name, microvolts: Some(0.195) })?;
        }
    }
    let mut add = |names: Vec<String>, format, step, rounds, rate| {
        let group = (!names.is_empty()).then(|| builder.group(format, rate));
        let channels = names.into_iter().map(|name| Channel { name, microvolts: step });
        channels.zip(group.into_iter().cycle()).try_for_each(|(c, g)| builder.samples(g, rounds, c))
    };
    if stimulator {
        add(dc, U16, Some(-19230.0), rounds, rate)?;
        add(stimulation, I16, None, rounds, rate)?;
    } else {
        add(channels.auxiliary, U16, Some(37.4), rounds / 4, slower(rounds / 4)?)?;
        add(channels.supply, U16, Some(74.8), 1, slower(1)?)?;
        add(channels.temperature, I16, None, 1, slower(1)?)?;
    }
    add(channels.adc, U16, adc_step, rounds, rate)?;
    add(channels.dac, U16, Some(312.5), rounds, rate)?;
    add(digital_in, I16, None, rounds, rate)?;
    add(digital_out, I16, None, rounds, rate)?;
    builder.build()
}

/// Reads a header to its end.
fn describe(file: &mut Header) -> Result<Description, Fault> {
    let stimulator = file.array()? == RHS;
    let version = (i16(file)?, i16(file)?);
    let rate = float_rate("sampling rate", f32::from_le_bytes(file.array()?))?;
    // Filters: used and wanted, the notch filter, the frequency of the impedance test.
    file.array::<2>()?;
    file.bytes(if stimulator { 8 * 4 } else { 6 * 4 })?;
    file.array::<{ 2 + 4 + 4 }>()?;
    if stimulator {
        // Settling and charge recovery: modes, the step of the stimulation, limit, target.
        file.array::<{ 2 + 2 + 3 * 4 }>()?;
    }
    for _note in 0..3 {
        string(file)?;
    }
    let (mut temperatures, mut board, mut dc) = (0, 0, false);
    if stimulator {
        dc = i16(file)? != 0;
        board = i16(file)?;
        string(file)?;
    } else {
        if version >= (1, 1) {
            temperatures = i16(file)?;
        }
        if version >= (1, 3) {
            board = i16(file)?;
        }
        if version >= (2, 0) {
            string(file)?;
        }
    }
    let mut channels = Channels::default();
    for _group in 0..i16(file)?.max(0) {
        signal_group(file, stimulator, &mut channels)?;
    }
    channels.temperature = (0..temperatures.max(0)).map(|i| format!("temperature {i}")).collect();
    let adc_step = match (stimulator, board) {
        (true, _) | (_, 13) => Some(312.5),
        (_, 0) => Some(50.354),
        (_, 1) => Some(152.59),
        _ => None,
    };
    let rounds = if !stimulator && version < (2, 0) { 60 } else { 128 };
    Ok(Description { stimulator, rounds, rate, dc, adc_step, channels })
}

/// Reads a signal group: a port of the controller.
fn signal_group(file: &mut Header, stimulator: bool, to: &mut Channels) -> Result<(), Fault> {
    let (_name, _prefix) = (string(file)?, string(file)?);
    let enabled = i16(file)? != 0;
    let (count, _amplifiers) = (i16(file)?, i16(file)?);
    if !enabled {
        return Ok(());
    }
    for _channel in 0..count.max(0) {
        let (native, _custom) = (string(file)?, string(file)?);
        // Orders, native and custom.
        file.array::<4>()?;
        let (kind, enabled) = (i16(file)?, i16(file)? != 0);
        // Chip channel, command stream, board stream; triggers; impedance.
        file.bytes(if stimulator { 6 } else { 4 })?;
        file.array::<{ 4 * 2 + 2 * 4 }>()?;
        if !enabled {
            continue;
        }
        let kind = match (kind, stimulator) {
            (0, _) => &mut to.amplifiers,
            (1, false) => &mut to.auxiliary,
            (2, false) => &mut to.supply,
            (3, _) => &mut to.adc,
            (4, true) => &mut to.dac,
            (4, false) | (5, true) => &mut to.digital_in,
            (5, false) | (6, true) => &mut to.digital_out,
            _ => return Err(Fault::value("signal type", &kind.to_string())),
        };
        kind.push(native);
    }
    Ok(())
}

fn i16(file: &mut Header) -> Result<i16, Fault> {
    Ok(i16::from_le_bytes(file.array()?))
}

/// A string as Qt writes it: length in bytes, then UTF-16; all ones stand for no string.
fn string(file: &mut Header) -> Result<String, Fault> {
    let length = u32::from_le_bytes(file.array()?);
    if length == u32::MAX {
        return Ok(String::new());
    }
    if length % 2 != 0 {
        return Err(Fault::value("length of a string", &length.to_string()));
    }
    let bytes = file.bytes(length.into())?;
    let units: Vec<u16> =
        bytes.as_chunks().0.iter().map(|&unit| u16::from_le_bytes(unit)).collect();
    Ok(String::from_utf16_lossy(&units))
}
