//! What all crates with one program of tests check of it.

/// A file in a crate's `tests/` that its `main.rs` does not name would never run.
pub fn every_file_is_one(crate_folder: &str, main: &str) {
    let folder = std::path::Path::new(crate_folder).join("tests");
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if path.extension().is_some_and(|extension| extension == "rs") && name != "main" {
            assert!(main.contains(&format!("mod {name};")), "{name}");
        }
    }
}
