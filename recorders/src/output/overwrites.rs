//! Whether writing an output would overwrite an input.

use std::path::Path;

use golden_model::recordings::is_recording;
use same_file::Handle;

/// An output that is an input as well.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Overwrites {
    /// The same file.
    #[error("{0}: is the input as well")]
    Input(String),
    /// A file beside recordings that are read.
    #[error("{output}: is among the recordings in {folder}")]
    Among {
        /// The output.
        output: String,
        /// The folder that is read.
        folder: String,
    },
}

/// What tierwire writes itself, and may write again in a folder that it reads.
const OWN_KINDS: [&str; 7] = ["twr", "json", "csv", "md", "svg", "html", "toml"];

/// Refuses `output` when writing it would overwrite `input` or a file in it, or add a recording to it.
///
/// # Errors
/// [`Overwrites`].
pub fn keep(output: &Path, input: &Path) -> Result<(), Overwrites> {
    // A device or a pipe is not overwritten.
    if output.is_file() {
        let same = match input == Path::new("-") {
            true => Handle::stdin().and_then(|stdin| Ok(stdin == Handle::from_path(output)?)),
            false => same_file::is_same_file(output, input),
        };
        if same.unwrap_or(false) {
            return Err(Overwrites::Input(output.display().to_string()));
        }
    }
    let own = output.extension().is_some_and(|kind| OWN_KINDS.iter().any(|own| kind == *own));
    let folder = output.parent().filter(|parent| !parent.as_os_str().is_empty());
    if input.is_dir()
        && (is_recording(output) || output.is_file() && !own)
        && let (Ok(folder), Ok(inputs)) =
            (folder.unwrap_or(Path::new(".")).canonicalize(), input.canonicalize())
        && folder.starts_with(inputs)
    {
        let [output, folder] = [output, input].map(|path| path.display().to_string());
        return Err(Overwrites::Among { output, folder });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_found_under_another_name_and_in_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("e")).unwrap();
        for name in ["a.wav", "t.toml", "e/a.WAV", "e/figures.json", "e/structure.oebin"] {
            std::fs::write(at(name), name).unwrap();
        }
        std::fs::hard_link(at("a.wav"), at("b.wav")).unwrap();
        let refused = |output: &str, input: &str| keep(&at(output), &at(input)).is_err();
        assert!(refused("a.wav", "a.wav") && refused("e/../a.wav", "a.wav"));
        assert!(refused("b.wav", "a.wav") && refused("t.toml", "t.toml"));
        assert!(refused("e/a.WAV", "e") && refused("e/../e/a.WAV", "."));
        assert!(refused("e/new.wav", "e") && refused("e/structure.oebin", "e"));
        assert!(!refused("e/figures.json", "e") && !refused("new.wav", "a.wav"));
        assert!(!refused("e", "e") && !refused("a.wav", "e"));
    }
}
