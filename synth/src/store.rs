//! The cache folder: locks, work folders, logs, keys.
//!
//! Everything in it is made in a work folder and renamed into place when complete, under a lock of
//! its own, so that any number of threads and processes may ask for the same thing at once.

use crate::contents;
use crate::error::{During, ToolError};
use crate::progress::say;
use crate::trust;
use sha2::{Digest, Sha256};
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use tempfile::TempDir;

/// A digest of texts; the same texts in the same order, the same key.
pub(crate) fn key<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // The length in front, or ["ab", "c"] would be ["a", "bc"].
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(10).map(|byte| format!("{byte:02x}")).collect()
}

/// A name that is safe as a file's.
pub(crate) fn plain(name: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '_' }
    };
    name.chars().map(safe).collect()
}

/// The cache folder.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    /// `None` if this user has none.
    root: Option<PathBuf>,
}

impl Store {
    pub(crate) fn new(root: Option<PathBuf>) -> Self {
        // Tools are called in other folders than this one.
        let absolute = |root: PathBuf| std::path::absolute(&root).unwrap_or(root);
        Store { root: root.map(absolute) }
    }

    /// The cache, created for this user alone, and refused if another user could write in it.
    fn root(&self) -> Result<PathBuf, ToolError> {
        let refused = |reason: String| ToolError::NoCache { reason };
        let Some(root) = &self.root else {
            return Err(refused("this user has no home folder".into()));
        };
        if !root.exists() {
            let created = DirBuilder::new().recursive(true).mode(0o700).create(root);
            created
                .map_err(|error| refused(format!("cannot create {}: {error}", root.display())))?;
        }
        trust::resolve(root).map_err(refused)
    }

    /// A folder of the cache, created.
    pub(crate) fn folder(&self, name: &str) -> Result<PathBuf, ToolError> {
        let folder = self.root()?.join(name);
        fs::create_dir_all(&folder).during("create", &folder)?;
        let metadata = fs::symlink_metadata(&folder).during("look at", &folder)?;
        match trust::distrust(&metadata) {
            None => Ok(folder),
            Some(why) => Err(ToolError::NoCache { reason: format!("{}: {why}", folder.display()) }),
        }
    }

    /// A new empty folder to work in, on the same file system as everything else in the cache.
    pub(crate) fn work(&self) -> Result<TempDir, ToolError> {
        let folder = self.folder("work")?;
        tempfile::tempdir_in(&folder).during("create a folder in", &folder)
    }

    /// The entry `name` in the folder `kind`, made by `make` if it is not there yet or damaged.
    /// `make` gets a work folder and returns it with what in it is to become the entry. Names are
    /// unique across kinds.
    pub(crate) fn once(
        &self,
        kind: &str,
        name: &str,
        make: impl FnOnce(TempDir) -> Result<(PathBuf, TempDir), ToolError>,
    ) -> Result<PathBuf, ToolError> {
        let place = self.folder(kind)?.join(name);
        let list = self.folder("contents")?.join(name);
        let complete = || contents::fault(&place, &list).is_none();
        if complete() {
            return Ok(place);
        }
        // Lock files stay: deleting one could delete what another process has just locked.
        let lock = self.folder("locks")?.join(format!("{name}.lock"));
        let held = File::create(&lock).during("create", &lock)?;
        held.lock().during("lock", &lock)?;
        if place.symlink_metadata().is_ok() {
            // Perhaps made by another process while this one waited.
            let Some(fault) = contents::fault(&place, &list) else {
                return Ok(place);
            };
            say(&format!("{name} in the cache is damaged and is made again ({fault})"));
            let away = self.work()?;
            fs::rename(&place, away.path().join("damaged")).during("move away", &place)?;
        }
        let (made, work) = make(self.work()?)?;
        // The list comes first: an entry without one counts as damaged.
        let text = contents::list(&made).during("list", &made)?;
        let written = work.path().join("contents.list");
        fs::write(&written, text).during("write", &written)?;
        fs::rename(&written, &list).during("move into place", &list)?;
        fs::rename(&made, &place).during("move into place", &place)?;
        Ok(place)
    }

    /// Keeps the work folder of a failed call under `failed/`, for the user to look into, and says
    /// where `log` now is.
    pub(crate) fn keep_failed(&self, work: TempDir, name: &str, log: &str) -> PathBuf {
        let work = work.keep();
        let Ok(folder) = self.folder("failed") else {
            return work.join(log);
        };
        let kept = folder.join(name);
        // The same failure may lie there from before, or be put there by another just now.
        let _ = fs::remove_dir_all(&kept);
        match fs::rename(&work, &kept) {
            Ok(()) => kept.join(log),
            Err(_) => work.join(log),
        }
    }
}

/// Runs a command to its end, its output and errors in one file in the order they were written.
pub(crate) fn run_logged(command: &mut Command, log: &Path) -> io::Result<ExitStatus> {
    spawn_logged(command, log)?.wait()
}

/// Starts a command, its output and errors appended to one file.
pub(crate) fn spawn_logged(command: &mut Command, log: &Path) -> io::Result<std::process::Child> {
    let file = File::options().create(true).append(true).open(log)?;
    // Messages are searched for words, so they have to be in English.
    command.env("LC_ALL", "C").stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file).spawn()
}

/// A log's text, whatever bytes are in it.
pub(crate) fn read_log(log: &Path) -> Result<String, ToolError> {
    Ok(String::from_utf8_lossy(&fs::read(log).during("read", log)?).into_owned())
}

/// The first line with one of the `marks`; without one the last line, which mostly is the reason.
pub(crate) fn reason(log: &str, marks: &[&str]) -> String {
    let mut lines = log.lines().map(str::trim).filter(|line| !line.is_empty());
    match lines.clone().find(|line| marks.iter().any(|mark| line.contains(mark))) {
        Some(line) => line.to_owned(),
        None => lines.next_back().unwrap_or("it gave no reason").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_depends_on_where_each_part_ends() {
        assert_eq!(key(["ab", "c"]), key(["ab", "c"]));
        assert_ne!(key(["ab", "c"]), key(["a", "bc"]));
        assert_ne!(key(["ab", "c"]), key(["abc"]));
    }

    #[test]
    fn an_entry_requested_by_many_threads_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(Some(folder.path().to_owned()));
        let made = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let place = store
                        .once("things", "one", |work| {
                            made.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                            let file = work.path().join("file");
                            fs::write(&file, "made").unwrap();
                            Ok((file, work))
                        })
                        .unwrap();
                    assert_eq!(fs::read_to_string(&place).unwrap(), "made");
                });
            }
        });
        assert_eq!(made.into_inner(), 1);
        assert_eq!(fs::read_dir(folder.path().join("work")).unwrap().count(), 0);
    }

    #[test]
    fn a_damaged_entry_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(Some(folder.path().to_owned()));
        let make = |text: &'static str| {
            let place = store.once("things", "one", |work| {
                let made = work.path().join("made");
                fs::create_dir(&made).unwrap();
                fs::write(made.join("file"), text).unwrap();
                Ok((made, work))
            });
            fs::read_to_string(place.unwrap().join("file")).unwrap()
        };
        assert_eq!(make("first"), "first");
        assert_eq!(make("second"), "first");
        fs::write(folder.path().join("things/one/file"), "fir").unwrap();
        assert_eq!(make("third"), "third");
        fs::remove_file(folder.path().join("contents/one")).unwrap();
        assert_eq!(make("fourth"), "fourth");
        assert_eq!(fs::read_dir(folder.path().join("work")).unwrap().count(), 0);
    }

    #[test]
    fn the_reason_is_the_first_marked_line_else_the_last() {
        let log = "reading\n%Error: a.v:1: first\n%Error: second\nExiting\n\n";
        assert_eq!(reason(log, &["%Error"]), "%Error: a.v:1: first");
        assert_eq!(reason(log, &["fatal"]), "Exiting");
        assert_eq!(reason("", &["fatal"]), "it gave no reason");
    }
}
