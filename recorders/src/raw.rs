//! **Raw samples**: nothing but interleaved samples. Their user says how many channels there are and
//! how fast they were sampled.

use std::path::Path;

use golden_model::layout::{Channel, Group, Layout};

use crate::{Error, Fault, Kind, Part, RawForm, Recording, parent};

/// Opens a file of interleaved samples behind `head` other bytes.
///
/// # Errors
/// [`Error`]: no such file, or no such number of channels.
pub fn open_raw(path: impl AsRef<Path>, head: u64, form: RawForm) -> Result<Recording, Error> {
    let path = path.as_ref();
    let fault = |fault: Fault| fault.of(path);
    let given = std::fs::metadata(path).map_err(|error| fault(error.into()))?;
    if given.is_dir() {
        let what = "is a folder; --channels and --rate are for raw files".to_owned();
        return Err(fault(Fault::Unsupported(what)));
    }
    let layout = layout(head, form);
    layout.validate().map_err(|error| fault(error.into()))?;
    let folder = parent(path).to_path_buf();
    let name = path.file_name().unwrap_or(path.as_os_str());
    let files = vec![Part { path: name.into(), layout: Some(layout) }];
    Ok(Recording { kind: Kind::Raw, folder, files, sidecars: Vec::new(), remarks: Vec::new() })
}

/// Where interleaved samples are.
pub(crate) fn layout(head: u64, RawForm { format, channels, rate }: RawForm) -> Layout {
    let channels = vec![Channel::default(); channels.into()];
    Layout::interleaved(head, Group { format, rate, channels })
}
