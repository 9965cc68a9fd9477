//! Embeds every file of `profiles/`, `boards/` and `memories/`: adding one touches no program.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("..");
    let mut code = String::new();
    for (constant, folder) in
        [("PROFILES", "profiles"), ("BOARDS", "boards"), ("MEMORIES", "memories")]
    {
        let folder = root.join(folder);
        println!("cargo:rerun-if-changed={}", folder.display());
        let mut files = fs::read_dir(&folder)?
            .map(|entry| Ok(entry?.path()))
            .collect::<io::Result<Vec<_>>>()?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
        files.sort();
        let _ = writeln!(code, "const {constant}: &[(&str, &str)] = &[");
        for file in files {
            let name = file.file_stem().unwrap_or_default();
            println!("cargo:rerun-if-changed={}", file.display());
            let _ = writeln!(code, "    ({name:?}, include_str!({file:?})),");
        }
        let _ = writeln!(code, "];");
        let path = Path::new(&env::var("OUT_DIR").expect("cargo sets it"))
            .join(constant.to_lowercase())
            .with_extension("rs");
        fs::write(path, &code)?;
        code.clear();
    }
    Ok(())
}
