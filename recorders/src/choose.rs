//! Which file a recording becomes where the user says nothing: one with the default table set, or an
//! archive that chooses for itself.

use std::path::Path;

use golden_model::layout::{Layout, SampleFormat};
use golden_model::recordings::{self, survey};
use golden_model::wav::Head;

use crate::challenge::{is_made_by_the_challenge, is_of_the_challenge};
use crate::{Error, Fault, Kind, RawForm, Recording, wav};

/// What a recording becomes.
pub enum Choice {
    /// A file of version 1 or 2, with the default table set: the challenge's converter made it. Or it is
    /// a broken WAV file, and the reader of those says it best.
    TableSet,
    /// An archive.
    Archive(Recording),
}

/// Nothing can be made of it.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub enum ChoiceError {
    /// It cannot be opened.
    Recorder(#[from] Error),
    /// A folder that is meant as the channels of one recording, and is not.
    Channels(#[from] recordings::Error),
}

/// Chooses for what was opened at `path`. A file with a table set has no room for fractions of a rate:
/// `whole_rate` says that there are none.
///
/// # Errors
/// [`ChoiceError`].
pub fn choose(
    path: &Path,
    opened: Result<Recording, Error>,
    whole_rate: bool,
) -> Result<Choice, ChoiceError> {
    let fits = match (&opened, path.is_dir()) {
        (Ok(recording), true) => are_channels(path, recording)?,
        _ => whole_rate,
    };
    match opened {
        Ok(recording) if fits && is_of_the_challenge(&recording)? => Ok(Choice::TableSet),
        Ok(recording) => Ok(Choice::Archive(recording)),
        Err(error) if matches!(error.fault, Fault::Wav(_)) || is_meant_as_wav(path) => {
            Ok(Choice::TableSet)
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether a folder is the channels of one recording. One with mono WAV files, or with no recordings,
/// is so or an error; others are kept file by file.
fn are_channels(path: &Path, recording: &Recording) -> Result<bool, ChoiceError> {
    let layouts = || recording.files.iter().filter_map(|part| part.layout.as_ref());
    let is_mono = |layout: &Layout| {
        matches!(&layout.groups[..], [group]
            if group.format == SampleFormat::I16 && group.channels.len() == 1)
    };
    let are_meant = recording.kind == Kind::Wav && layouts().any(is_mono);
    match survey(path) {
        Ok(_) => Ok(true),
        Err(error) if are_meant => Err(error.into()),
        Err(_) if layouts().next().is_none() => Err(Fault::NoRecording.of(path).into()),
        Err(_) => Ok(false),
    }
}

/// By its name; or it is empty, and could be anything.
fn is_meant_as_wav(path: &Path) -> bool {
    path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("wav"))
        || path.metadata().is_ok_and(|file| file.len() == 0)
}

/// Chooses for a stream that begins with `start`: its layout, when it becomes an archive.
pub fn choose_for_stream(start: &[u8], form: Option<RawForm>, whole_rate: bool) -> Option<Layout> {
    let layout = match form {
        Some(form) => form.layout(),
        None => wav::layout(&Head::read(&mut &*start, None).ok()?).ok()?,
    };
    let samples = start.get(layout.head as usize..).unwrap_or_default();
    let made = is_made_by_the_challenge(&layout, samples).expect("memory can be read");
    (!(whole_rate && made)).then_some(layout)
}
