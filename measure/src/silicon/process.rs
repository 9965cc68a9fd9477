//! A process: Liberty files of its cells and macros, corner by corner.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use synth::{CellLibrary, Tools};

use crate::Error;

/// A corner of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Corner {
    /// Slow transistors, low supply, hot.
    Slow,
    /// As the process is meant to be.
    Typical,
    /// Fast transistors, high supply, cold.
    Fast,
}

impl Corner {
    /// All of them, the slowest first.
    pub const ALL: [Corner; 3] = [Corner::Slow, Corner::Typical, Corner::Fast];

    /// How files' names say so.
    fn marks(self) -> [&'static str; 2] {
        match self {
            Corner::Slow => ["_slow_", "_ss_"],
            Corner::Typical => ["_typ_", "_tt_"],
            Corner::Fast => ["_fast_", "_ff_"],
        }
    }

    /// What a file's name says of it.
    fn of(name: &str) -> Option<Corner> {
        Corner::ALL.into_iter().find(|corner| corner.marks().iter().any(|mark| name.contains(mark)))
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Corner::Slow => "slow",
            Corner::Typical => "typical",
            Corner::Fast => "fast",
        }
    }
}

/// A process.
#[derive(Clone, Debug)]
pub struct Process {
    /// The name of its library of cells.
    pub name: String,
    /// The cells' files, slow to fast; one of them is the typical.
    pub corners: Vec<(Corner, PathBuf)>,
    /// Every file of its macros.
    macros: Vec<PathBuf>,
}

impl Process {
    /// The process in a folder laid out as open PDKs are: `libs.ref/*/lib/*.lib`, in it or in one
    /// folder of it.
    ///
    /// # Errors
    /// [`Error::NoCells`].
    pub fn in_folder(folder: &Path) -> Result<Process, Error> {
        let none = || Error::NoCells(folder.to_owned());
        let inside = list(folder)?.into_iter().chain([folder.to_owned()]);
        let libraries = inside.map(|place| place.join("libs.ref")).find(|place| place.is_dir());
        let (mut cells, mut macros) = (Vec::new(), Vec::new());
        for library in list(&libraries.ok_or_else(none)?)? {
            let place = library.join("lib");
            if !place.is_dir() {
                continue;
            }
            let is_liberty = |file: &PathBuf| file.extension().is_some_and(|e| e == "lib");
            let mut files: Vec<PathBuf> = list(&place)?.into_iter().filter(is_liberty).collect();
            files.sort();
            let name = library.file_name().unwrap_or_default().to_string_lossy().into_owned();
            match name.contains("stdcell") || name.contains("fd_sc") {
                true => cells.push((name, files)),
                false => macros.extend(files),
            }
        }
        cells.sort();
        let (name, files) = cells.into_iter().next().ok_or_else(none)?;
        let of_corner =
            |file: PathBuf| Some((Corner::of(&file.file_name()?.to_string_lossy())?, file));
        let mut corners: Vec<(Corner, PathBuf)> = files.into_iter().filter_map(of_corner).collect();
        corners.sort();
        corners.dedup_by_key(|(corner, _)| *corner);
        if corners.iter().all(|(corner, _)| *corner != Corner::Typical) {
            return Err(none());
        }
        Ok(Process { name, corners, macros })
    }

    /// A library in a file of its own: one corner, no macros.
    pub fn of_file(file: &Path) -> Process {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Process { name, corners: vec![(Corner::Typical, file.to_owned())], macros: vec![] }
    }

    /// OSU's cells for 180 nm, which anyone may have.
    ///
    /// # Errors
    /// When they cannot be had.
    pub fn osu018(tools: &Tools) -> Result<Process, Error> {
        Ok(Process::of_file(&tools.osu018()?))
    }

    /// A corner's cells.
    ///
    /// # Errors
    /// [`Error::NoCorner`], when the process has no such corner; when its file cannot be read.
    pub fn cells(&self, wanted: Corner) -> Result<CellLibrary, Error> {
        let found = self.corners.iter().find(|(corner, _)| *corner == wanted);
        let none = || Error::NoCorner { process: self.name.clone(), corner: wanted.name() };
        Ok(CellLibrary::read(&found.ok_or_else(none)?.1)?)
    }

    /// A macro's file for a corner; where it has none for the fast corner, the typical one.
    pub fn macro_file(&self, name: &str, corner: Corner) -> Option<&Path> {
        let of = |corner: Corner| {
            self.macros.iter().find(|file| {
                let file = file.file_name().unwrap_or_default().to_string_lossy();
                // The corner stands right behind the name: one macro's name may begin another's.
                let rest = file.strip_prefix(name).unwrap_or_default();
                corner.marks().iter().any(|mark| rest.starts_with(mark))
            })
        };
        of(corner).or_else(|| of(Corner::Typical)).map(PathBuf::as_path)
    }

    /// Another view of a macro, where its PDK has it: `libs.ref/LIBRARY/lef/NAME.lef`.
    pub fn view_file(&self, name: &str, view: &str) -> PathBuf {
        let lib = self.macro_file(name, Corner::Typical).unwrap_or(Path::new(""));
        let library = lib.parent().and_then(Path::parent).unwrap_or(Path::new(""));
        library.join(view).join(format!("{name}.{view}"))
    }

    /// The same as LibreLane names it.
    pub fn view(&self, name: &str, view: &str) -> String {
        self.in_pdk(&self.view_file(name, view))
    }

    /// A file of the PDK as LibreLane names it, wherever the PDK is.
    pub fn in_pdk(&self, file: &Path) -> String {
        let name = file.display().to_string();
        match name.find("libs.ref/") {
            Some(at) => format!("pdk_dir::{}", &name[at..]),
            None => name,
        }
    }

    /// Whether it has a macro.
    pub fn has_macro(&self, name: &str) -> bool {
        self.macro_file(name, Corner::Typical).is_some()
    }
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = fs::read_dir(folder).map_err(Error::file(folder))?;
    entries.map(|entry| Ok(entry.map_err(Error::file(folder))?.path())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdk_is_found_with_its_corners_and_macros() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str| {
            let file = folder.path().join("process/libs.ref").join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        };
        assert!(matches!(Process::in_folder(folder.path()), Err(Error::NoCells(_))));
        put("x_stdcell/lib/x_stdcell_slow_1p08V_125C.lib");
        assert!(matches!(Process::in_folder(folder.path()), Err(Error::NoCells(_))));
        put("x_stdcell/lib/x_stdcell_typ_1p20V_25C.lib");
        put("x_stdcell/lib/read_me.txt");
        put("x_sram/lib/RAM_64x8_typ_1p20V_25C.lib");
        put("x_sram/lib/RAM_64x8_slow_1p08V_125C.lib");
        let process = Process::in_folder(folder.path()).unwrap();
        let corners: Vec<Corner> = process.corners.iter().map(|(corner, _)| *corner).collect();
        assert_eq!(
            (process.name.as_str(), corners),
            ("x_stdcell", vec![Corner::Slow, Corner::Typical])
        );
        let file = |corner| process.macro_file("RAM_64x8", corner).unwrap().to_owned();
        assert!(file(Corner::Slow).ends_with("RAM_64x8_slow_1p08V_125C.lib"));
        assert_eq!(file(Corner::Fast), file(Corner::Typical));
        assert!(!process.has_macro("RAM_64x"));
        let missing = process.cells(Corner::Fast).unwrap_err().to_string();
        assert_eq!(missing, "x_stdcell has no fast corner");
    }
}
