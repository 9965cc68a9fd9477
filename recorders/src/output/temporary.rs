//! **Temporary names**: output has one, in its final folder, until it is complete.
//!
//! Unfinished output is removed when an error ends the program, and on Ctrl-C and SIGTERM where the
//! program asked for that ([`clean_up_when_interrupted`]). A killed program cannot clean up; the next one
//! that writes the same name does. Every temporary file or folder is locked by its writer, and only
//! unlocked ones are removed, so a running program loses nothing. (A lock ends with its program.)

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// How all temporary names begin.
const PREFIX: &str = ".tierwire-";

/// The unfinished output of this program.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A file or folder under a temporary name, removed unless it gets its own.
pub struct Temporary {
    path: PathBuf,
    /// Kept open for its lock.
    _lock: Option<File>,
}

impl Temporary {
    /// A file that is to become `target`.
    pub fn file(target: &Path) -> io::Result<(Temporary, File)> {
        Temporary::new(target, |path| {
            // Not a private file, as tempfile makes them, because it becomes an ordinary file.
            let file = File::options().write(true).create_new(true).open(path)?;
            Ok((file.try_clone().ok(), file))
        })
    }

    /// A folder that is to become `target`.
    pub fn folder(target: &Path) -> io::Result<Temporary> {
        let made = Temporary::new(target, |path| {
            fs::create_dir(path)?;
            Ok((File::open(path).ok(), ()))
        });
        made.map(|(temporary, ())| temporary)
    }

    /// With what `make` makes, and a handle of it to be locked.
    fn new<T>(
        target: &Path,
        make: impl Fn(&Path) -> io::Result<(Option<File>, T)>,
    ) -> io::Result<(Temporary, T)> {
        let folder = folder_of(target);
        let prefix = prefix(target);
        remove_abandoned(folder, &prefix);
        loop {
            // Created and listed together, so that an interrupt cannot come in between.
            let ((handle, made), path) = unfinished(|all| {
                let named = tempfile::Builder::new().prefix(&prefix).make_in(folder, &make)?;
                // Apart, since errors of both together name the temporary file.
                let (both, path) = named.into_parts();
                let path = path.keep().map_err(|error| error.error)?;
                all.push(path.clone());
                io::Result::Ok((both, path))
            })?;
            // Where nothing can be locked nothing is removed either.
            let lock = handle.filter(|handle| handle.lock().is_ok());
            let temporary = Temporary { path, _lock: lock };
            // Another one may have found it before it was locked.
            if temporary.path.exists() {
                return Ok((temporary, made));
            }
        }
    }

    /// Its temporary path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its name. An existing file or empty folder is replaced.
    pub fn rename(self, target: &Path) -> io::Result<()> {
        // An interrupt comes before or after; output that it has begun to remove gets no name.
        unfinished(|all| {
            fs::rename(&self.path, target)?;
            all.retain(|path| *path != self.path);
            io::Result::Ok(())
        })?;
        sync_folder(folder_of(target));
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        remove(&self.path);
        unfinished(|all| all.retain(|path| *path != self.path));
    }
}

/// The folder that `path` stands in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Syncs `folder`, where possible, so that new names survive a power failure.
pub fn sync_folder(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

/// The prefix of temporary names of `target`, short for any name.
fn prefix(target: &Path) -> String {
    let name = target.file_name().unwrap_or_default().as_encoded_bytes();
    format!("{PREFIX}{:08x}-", crc32fast::hash(name))
}

/// Removes the leftovers of killed programs.
fn remove_abandoned(folder: &Path, prefix: &str) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let is_one = entry.file_name().to_str().is_some_and(|name| name.starts_with(prefix));
        let open = || File::options().read(true).open(entry.path());
        if is_one && open().is_ok_and(|file| file.try_lock().is_ok()) {
            remove(&entry.path());
        }
    }
}

/// Removes a file, or a folder with its contents; it is no error if it is gone already.
fn remove(path: &Path) {
    if fs::remove_file(path).is_err() {
        // Tries again in case a file was created in it meanwhile.
        let _ = (0..1000).any(|_| fs::remove_dir_all(path).is_ok() || !path.exists());
    }
}

fn unfinished<T>(change: impl FnOnce(&mut Vec<PathBuf>) -> T) -> T {
    change(&mut UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Whether the program would rather complete its output, and whether the user has asked it to end.
static FINISHES: AtomicBool = AtomicBool::new(false);
static END: AtomicBool = AtomicBool::new(false);

/// From now on, Ctrl-C and SIGTERM remove unfinished output before they end the program. For programs
/// alone: a library must leave the signals to whoever uses it.
#[cfg(unix)]
pub fn clean_up_when_interrupted() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    static INSTALLED: std::sync::Once = std::sync::Once::new();
    INSTALLED.call_once(|| {
        let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else {
            return;
        };
        std::thread::spawn(move || {
            for signal in signals.forever() {
                if FINISHES.load(Ordering::Relaxed) && !END.swap(true, Ordering::Relaxed) {
                    continue;
                }
                // Holding the list prevents new output.
                unfinished(|all| {
                    all.iter().for_each(|path| remove(path));
                    let _ = signal_hook::low_level::emulate_default_handler(signal);
                });
            }
        });
    });
}

/// Nothing, on this system.
#[cfg(not(unix))]
pub fn clean_up_when_interrupted() {}

/// For programs that go on until they are told to end: the first of these signals sets what is returned,
/// and the program completes its output; the second ends it as before.
pub fn finish_when_interrupted() -> &'static AtomicBool {
    FINISHES.store(true, Ordering::Relaxed);
    clean_up_when_interrupted();
    &END
}
