//! What an entry of the cache consists of, written down when it is complete.
//!
//! A full disk or a crash can leave an entry that exists but does not work. So each entry has a
//! list of its files and their sizes, and an entry that differs from its list is made again.
//! Checking sizes is cheap; a digest would read all files at every call.

use crate::trust;
use std::fs;
use std::io;
use std::path::Path;

/// Folders whose files come and go: Python's own, and the machine code that YoWASP makes and checks.
const CHANGING: [&str; 2] = ["__pycache__", "compiled"];

/// The list of an entry, a file or a folder: a line per file, its size and its path in the entry.
pub(crate) fn list(entry: &Path) -> io::Result<String> {
    let mut lines = Vec::new();
    add(entry, "", &mut lines)?;
    lines.sort();
    Ok(lines.concat())
}

fn add(path: &Path, name: &str, lines: &mut Vec<String>) -> io::Result<()> {
    let metadata = fs::symlink_metadata(path)?;
    if metadata.is_symlink() {
        return Ok(());
    }
    if !metadata.is_dir() {
        lines.push(format!("{} {name}\n", metadata.len()));
        return Ok(());
    }
    for inside in fs::read_dir(path)? {
        let inside = inside?;
        let inside_name = inside.file_name().to_string_lossy().into_owned();
        if !CHANGING.contains(&inside_name.as_str()) {
            add(&inside.path(), &format!("{name}/{inside_name}"), lines)?;
        }
    }
    lines.push(format!("folder {name}\n"));
    Ok(())
}

/// What is wrong with an entry: it differs from its list, or another user may have written it.
pub(crate) fn fault(entry: &Path, list: &Path) -> Option<String> {
    let Ok(list) = fs::read_to_string(list) else {
        return Some("it is not known to be complete".into());
    };
    if list.is_empty() {
        return Some("the list of its files is empty".into());
    }
    list.lines().find_map(|line| {
        let (size, name) = line.split_once(' ')?;
        let path = entry.join(name.trim_start_matches('/'));
        // Without a name it is the entry itself, and `join` would put a slash behind it.
        let path = if name.is_empty() { entry } else { &path };
        let says = |why: String| Some(format!("{}: {why}", path.display()));
        match fs::symlink_metadata(path) {
            Err(error) => says(error.to_string()),
            Ok(found) => match trust::distrust(&found) {
                Some(why) => says(why),
                None if size == "folder" && found.is_dir() => None,
                None if found.is_file() && found.len().to_string() == size => None,
                None => says(format!("{} bytes, not {size}", found.len())),
            },
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn an_entry_that_differs_from_its_list_is_faulty() {
        let folder = tempfile::tempdir().unwrap();
        let (entry, list_file) = (folder.path().join("entry"), folder.path().join("list"));
        fs::create_dir_all(entry.join("bin")).unwrap();
        fs::create_dir_all(entry.join("__pycache__")).unwrap();
        let program = entry.join("bin/program");
        fs::write(&program, "12345").unwrap();
        fs::write(entry.join("__pycache__/x"), "12345").unwrap();
        assert!(fault(&entry, &list_file).unwrap().contains("not known to be complete"));
        fs::write(&list_file, list(&entry).unwrap()).unwrap();
        assert_eq!(
            fs::read_to_string(&list_file).unwrap(),
            "5 /bin/program\nfolder \nfolder /bin\n"
        );
        assert_eq!(fault(&entry, &list_file), None);

        // Python may write what it likes into its own folder.
        fs::remove_dir_all(entry.join("__pycache__")).unwrap();
        assert_eq!(fault(&entry, &list_file), None);
        fs::write(&program, "1234").unwrap();
        assert!(fault(&entry, &list_file).unwrap().ends_with("bin/program: 4 bytes, not 5"));
        fs::write(&program, "12345").unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o757)).unwrap();
        assert!(fault(&entry, &list_file).unwrap().contains("other users"));
        fs::remove_file(&program).unwrap();
        assert!(fault(&entry, &list_file).unwrap().contains("No such file"));
    }

    #[test]
    fn an_entry_may_be_a_single_file() {
        let folder = tempfile::tempdir().unwrap();
        let (entry, list_file) = (folder.path().join("simulator"), folder.path().join("list"));
        fs::write(&entry, "12345").unwrap();
        fs::write(&list_file, list(&entry).unwrap()).unwrap();
        assert_eq!(fault(&entry, &list_file), None);
        fs::write(&entry, "").unwrap();
        assert!(fault(&entry, &list_file).unwrap().ends_with("simulator: 0 bytes, not 5"));
        fs::write(&list_file, "").unwrap();
        assert!(fault(&entry, &list_file).is_some());
    }
}
