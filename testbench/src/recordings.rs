//! The recordings that the user has, if any.

use std::path::{Path, PathBuf};

use golden_model::recordings::RecordingFile;

/// The environment variable with the folder of WAV files.
pub const VARIABLE: &str = "TIERWIRE_RECORDINGS";

/// The WAV files under the folder in `TIERWIRE_RECORDINGS`, sorted; none, and a line that says so,
/// when it is not set.
///
/// # Panics
/// When the variable names a folder that cannot be read or holds no recording: a test that was
/// asked to use recordings must not pass without.
pub fn recordings(test: &str) -> Vec<PathBuf> {
    let Some(folder) = std::env::var_os(VARIABLE) else {
        println!("{test}: {VARIABLE} is not set, no real recordings");
        return Vec::new();
    };
    golden_model::recordings::find(Path::new(&folder))
        .unwrap_or_else(|why| panic!("{VARIABLE}: {why}"))
        .files
}

/// The samples of a recording.
///
/// # Panics
/// When the file is something else.
pub fn samples(file: &Path) -> Vec<i16> {
    RecordingFile::read(file, None).expect("a WAV file").recording.samples
}

/// Rounds of this many channels, each channel from a recording of its own while there are enough,
/// as long as the shortest of them.
pub fn rounds(files: &[PathBuf], channels: usize) -> Vec<i16> {
    let used: Vec<Vec<i16>> = files.iter().take(channels).map(|file| samples(file)).collect();
    let shortest = used.iter().map(Vec::len).min().unwrap_or(0);
    (0..shortest)
        .flat_map(|at| (0..channels).map(move |c| (at, c)))
        .map(|(at, c)| used[c % used.len()][at])
        .collect()
}
