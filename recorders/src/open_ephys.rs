//! **Open Ephys**, binary format: a folder with `structure.oebin` (JSON).
//!
//! ```text
//! structure.oebin
//! continuous/STREAM/continuous.dat                     interleaved 16-bit samples
//! continuous/STREAM/sample_numbers.npy, timestamps.npy
//! events/STREAM/.../*.npy
//! ```
//!
//! Electrodes, sync line, ADCs and auxiliary inputs of a stream are groups of their own. Arrays of
//! whole numbers have layouts, too; arrays of floating-point numbers and of text are plain bytes.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use golden_model::layout::{Channel, Layout, Rate, SampleFormat};
use serde::Deserialize;

use crate::builder::interleaved;
use crate::header::{Header, float_rate, text};
use crate::{Fault, npy};

/// The file that describes a recording.
pub const STRUCTURE: &str = "structure.oebin";

#[derive(Deserialize)]
struct Structure {
    #[serde(default)]
    continuous: Vec<Stream>,
    #[serde(default)]
    events: Vec<Events>,
}

#[derive(Deserialize)]
struct Stream {
    folder_name: String,
    sample_rate: f64,
    num_channels: usize,
    channels: Vec<StreamChannel>,
}

#[derive(Deserialize)]
struct StreamChannel {
    channel_name: String,
    #[serde(default)]
    bit_volts: f64,
}

#[derive(Deserialize)]
struct Events {
    folder_name: String,
    #[serde(default)]
    sample_rate: f64,
}

/// What is known of the files of a recording, by path.
pub(crate) type Described = BTreeMap<PathBuf, Result<Layout, Fault>>;

/// Describes the files that `structure`, a `structure.oebin`, names. Those in `missing` are not there.
pub(crate) fn describe(
    structure: &Path,
    described: &mut Described,
    missing: &mut Vec<PathBuf>,
) -> Result<(), Fault> {
    let Structure { continuous, events } =
        serde_json::from_str(&text(structure)?).map_err(Fault::Json)?;
    let folder = crate::parent(structure);
    for stream in continuous {
        let folder = within(&folder.join("continuous"), &stream.folder_name)?;
        let rate = float_rate("sample_rate", stream.sample_rate);
        let samples = folder.join("continuous.dat");
        if !samples.is_file() {
            missing.push(samples);
            continue;
        }
        if let Ok(rate) = rate {
            arrays(&folder, rate, described)?;
        }
        described.insert(samples, rate.and_then(|rate| layout(stream, rate)));
    }
    for Events { folder_name, sample_rate } in events {
        let folder = within(&folder.join("events"), &folder_name)?;
        if !folder.is_dir() {
            missing.push(folder);
        } else if let Ok(rate) = float_rate("sample_rate", sample_rate) {
            // Events without a rate are few.
            arrays(&folder, rate, described)?;
        }
    }
    Ok(())
}

/// A folder that the structure names: it never leads out of the recording.
fn within(folder: &Path, name: &str) -> Result<PathBuf, Fault> {
    let name = Path::new(name);
    let inside = name.components().all(|component| matches!(component, Component::Normal(_)));
    if inside {
        Ok(folder.join(name))
    } else {
        Err(Fault::value("folder_name", &name.to_string_lossy()))
    }
}

fn layout(stream: Stream, rate: Rate) -> Result<Layout, Fault> {
    let (declared, found) = (stream.num_channels, stream.channels.len());
    if declared != found {
        return Err(Fault::Channels { declared, found });
    }
    let channels = stream.channels.into_iter().map(|StreamChannel { channel_name, bit_volts }| {
        let kind = Input::of(&channel_name);
        let step = Some(bit_volts).filter(|step| step.is_finite() && *step != 0.0);
        // Other inputs are in volts, and the sync line in nothing.
        let microvolts = match kind {
            Input::Electrode => step,
            Input::Sync => None,
            Input::Adc | Input::Auxiliary => step.map(|step| step * 1e6),
        };
        (kind, Channel { name: channel_name, microvolts })
    });
    interleaved(0, SampleFormat::I16, rate, channels)
}

/// What a channel is connected to, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Input {
    Electrode,
    Sync,
    Adc,
    Auxiliary,
}

impl Input {
    fn of(name: &str) -> Input {
        let letters = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
        match letters {
            _ if letters.ends_with("SYNC") => Input::Sync,
            _ if letters.ends_with("ADC") => Input::Adc,
            _ if letters.ends_with("AUX") => Input::Auxiliary,
            _ => Input::Electrode,
        }
    }
}

/// Describes the arrays in a folder.
fn arrays(folder: &Path, rate: Rate, described: &mut Described) -> Result<(), Fault> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() && path.extension().is_some_and(|extension| extension == "npy") {
            match Header::open(&path).and_then(|mut file| npy::layout(&mut file, rate)) {
                // Times and messages are no samples.
                Err(Fault::Unsupported(_)) => {}
                layout => {
                    described.insert(path, layout);
                }
            }
        }
    }
    Ok(())
}
