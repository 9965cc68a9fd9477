//! Checks that no other user could have written what is about to run.
//!
//! The cache holds programs. They are run only if nobody but this user and root could have put them
//! there: each folder on the way to the cache, the cache itself and each file of an entry belong to
//! one of the two, and nobody else may write to them.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Symbolic links that are followed before a path counts as a circle.
const MAX_LINKS: u32 = 40;
/// Mode bits: the group may write, everybody may write, and only an entry's owner may rename it.
const GROUP_WRITES: u32 = 0o020;
const OTHERS_WRITE: u32 = 0o002;
const STICKY: u32 = 0o1000;

/// Owner and mode of a file or folder.
#[derive(Debug, Clone, Copy)]
struct Access {
    user: u32,
    group: u32,
    mode: u32,
}

impl Access {
    /// Why `me` cannot rely on it: `None` if only `me` and root can change it.
    fn distrust(self, me: u32) -> Option<String> {
        let Access { user, group, mode } = self;
        if user != me && user != 0 {
            return Some(format!("belongs to another user (number {user})"));
        }
        // Many systems give each user a group with the user's own number and nobody else in it.
        let shared_group = mode & GROUP_WRITES != 0 && group != me;
        let writable = mode & OTHERS_WRITE != 0 || shared_group;
        writable.then(|| format!("may be written to by other users (mode {:o})", mode & 0o7777))
    }
}

/// Why the file or folder `metadata` is of cannot be relied on, or `None`.
pub(crate) fn distrust(metadata: &fs::Metadata) -> Option<String> {
    access(metadata).distrust(me())
}

/// `folder` without symbolic links, if nobody but this user and root could have put something else
/// in its place; otherwise the reason.
pub(crate) fn resolve(folder: &Path) -> Result<PathBuf, String> {
    let parts = |path: &Path| -> VecDeque<OsString> {
        path.components().map(|part| part.as_os_str().to_owned()).collect()
    };
    let mut ahead = parts(folder);
    let mut here = PathBuf::new();
    let mut links = 0;
    while let Some(part) = ahead.pop_front() {
        if part == ".." {
            here.pop();
            continue;
        }
        let next = here.join(part);
        let says = |why: String| format!("{}: {why}", next.display());
        let metadata = fs::symlink_metadata(&next).map_err(|error| says(error.to_string()))?;
        let mut access = access(&metadata);
        if metadata.is_symlink() {
            access.mode = 0; // a link's own mode means nothing
        } else if access.mode & STICKY != 0 && !ahead.is_empty() {
            // Others may add to a shared temporary folder, but not replace what is ours in it.
            access.mode &= !(GROUP_WRITES | OTHERS_WRITE);
        }
        if let Some(why) = access.distrust(me()) {
            return Err(says(why));
        }
        if !metadata.is_symlink() {
            here = next;
            continue;
        }
        links += 1;
        if links > MAX_LINKS {
            return Err(says("too many symbolic links".into()));
        }
        let target = fs::read_link(&next).map_err(|error| says(error.to_string()))?;
        // An absolute target starts with `/`, which replaces all of `here`.
        for part in parts(&target).into_iter().rev() {
            ahead.push_front(part);
        }
    }
    Ok(here)
}

fn me() -> u32 {
    rustix::process::geteuid().as_raw()
}

fn access(metadata: &fs::Metadata) -> Access {
    Access { user: metadata.uid(), group: metadata.gid(), mode: metadata.mode() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn only_what_this_user_and_root_can_write_is_trusted() {
        let distrust = |user, group, mode| Access { user, group, mode }.distrust(1000);
        assert_eq!(distrust(1000, 1000, 0o700), None);
        assert_eq!(distrust(1000, 100, 0o755), None);
        assert_eq!(distrust(0, 0, 0o755), None);
        assert_eq!(distrust(1000, 1000, 0o775), None, "a group of one's own");
        assert!(distrust(1000, 100, 0o775).unwrap().contains("mode 775"));
        assert!(distrust(1000, 1000, 0o757).unwrap().contains("mode 757"));
        assert!(distrust(1001, 1001, 0o700).unwrap().contains("number 1001"));
        assert!(distrust(0, 0, 0o1777).is_some(), "a shared temporary folder itself");
    }

    #[test]
    fn every_folder_on_the_way_counts_also_behind_a_link() {
        let temporary = tempfile::tempdir().unwrap();
        let outside = temporary.path().join("outside");
        let cache = outside.join("cache");
        fs::create_dir_all(&cache).unwrap();
        let link = temporary.path().join("link");
        symlink("outside/../outside/cache", &link).unwrap();
        let canonical = cache.canonicalize().unwrap();
        assert_eq!(resolve(&link), Ok(canonical));

        fs::set_permissions(&outside, fs::Permissions::from_mode(0o777)).unwrap();
        for path in [&cache, &link] {
            let why = resolve(path).unwrap_err();
            assert!(why.contains("/outside: may be written to by other users"), "{why}");
        }
        // As in /tmp, where a folder of one's own stays where it is.
        fs::set_permissions(&outside, fs::Permissions::from_mode(0o1777)).unwrap();
        assert!(resolve(&link).is_ok());
        assert!(resolve(&outside).is_err());
    }

    #[test]
    fn a_circle_of_links_ends() {
        let temporary = tempfile::tempdir().unwrap();
        let link = temporary.path().join("link");
        symlink("link", &link).unwrap();
        assert!(resolve(&link).unwrap_err().contains("too many symbolic links"));
    }
}
