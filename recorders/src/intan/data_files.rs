//! Recordings whose header stands alone, as `info.rhd` or `info.rhs`: beside it is one file of
//! interleaved samples for each kind of signal, or one file for each channel.
//!
//! All have the sampling rate of the header. The low-pass files of newer versions have a rate that
//! the header does not tell, and are plain bytes.

use std::ffi::OsStr;
use std::path::Path;

use golden_model::layout::{Channel, Layout, SampleFormat};

use super::{Description, describe};
use crate::builder::interleaved;
use crate::header::Header;
use crate::{Fault, Found, Kind};

/// Names of the header.
const HEADERS: [&str; 2] = ["info.rhd", "info.rhs"];

/// Whether a file is a header alone, with the files that it describes beside it.
pub(crate) fn are_beside(header: &Path) -> bool {
    let name = header.file_name().and_then(OsStr::to_str);
    name.is_some_and(|name| HEADERS.contains(&name)) && header.with_file_name("time.dat").is_file()
}

/// The recording that a `.dat` file belongs to; `None`: to none.
pub(crate) fn find(path: &Path) -> Result<Option<Found>, Fault> {
    let headers = HEADERS.map(|name| path.with_file_name(name));
    let Some(header) = headers.into_iter().find(|header| header.is_file()) else { return Ok(None) };
    let name = path.file_stem().and_then(OsStr::to_str).unwrap_or("");
    let description = describe(&mut Header::open(&header)?)?;
    let Some(layout) = layout(name, description) else { return Ok(None) };
    let samples = path.to_path_buf();
    Ok(Some(Found { kind: Kind::Intan, layout, samples, sidecars: vec![header], cut: None }))
}

fn layout(name: &str, description: Description) -> Option<Result<Layout, Fault>> {
    use SampleFormat::{I16, I32, U16};
    let Description { rate, adc_step, channels, .. } = description;
    let one = |name: &str| vec![name.to_owned()];
    // Amplifiers are signed here, unlike in the blocks.
    let (format, names, microvolts) = match name {
        "time" => (I32, one("time"), None),
        "amplifier" | "highpass" => (I16, channels.amplifiers, Some(0.195)),
        "dcamplifier" => (U16, channels.amplifiers, Some(-19230.0)),
        "stim" => (I16, channels.amplifiers, None),
        "auxiliary" => (U16, channels.auxiliary, Some(37.4)),
        "supply" => (U16, channels.supply, Some(74.8)),
        "analogin" => (U16, channels.adc, adc_step),
        "analogout" => (U16, channels.dac, Some(312.5)),
        "digitalin" => (I16, one("digital in"), None),
        "digitalout" => (I16, one("digital out"), None),
        _ => {
            let (kind, channel) = name.split_once('-')?;
            let known = |names: &[String]| names.iter().any(|name| name == channel);
            let (format, step) = match kind {
                "amp" | "high" => (I16, Some(0.195)),
                "dc" => (U16, Some(-19230.0)),
                "stim" => (I16, None),
                "aux" => (U16, Some(37.4)),
                "vdd" => (U16, Some(74.8)),
                "board" if known(&channels.adc) => (U16, adc_step),
                "board" if known(&channels.dac) => (U16, Some(312.5)),
                "board" => (I16, None),
                _ => return None,
            };
            (format, one(channel), step)
        }
    };
    let channels = names.into_iter().map(|name| ((), Channel { name, microvolts }));
    Some(interleaved(0, format, rate, channels))
}
