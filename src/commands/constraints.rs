//! `tierwire constraints`

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use hdl::Board;

use crate::output::{print, write_text};

/// Where to, or only whether.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire constraints --check")]
pub struct Arguments {
    /// Folder with `constraints/` and `docs/boards.md`.
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// Write nothing; fail if a file is not current.
    #[arg(long)]
    check: bool,
}

impl Arguments {
    /// Writes a constraint file for each board, and the tables of pins into the page.
    pub fn run(self) -> anyhow::Result<()> {
        let page = self.root.join("docs/boards.md");
        let mut text = fs::read_to_string(&page).with_context(|| page.display().to_string())?;
        let mut files = Vec::new();
        for board in Board::all() {
            let file = self.root.join("constraints").join(board.constraint_file());
            files.push((file, board.constraints()));
            text = board.with_table(&text).with_context(|| {
                format!("{}: no place for the pins of {}", page.display(), board.name)
            })?;
        }
        files.push((page, text));
        for (file, text) in &files {
            self.bring(file, text)?;
        }
        Ok(())
    }

    fn bring(&self, file: &Path, text: &str) -> anyhow::Result<()> {
        let name = file.display();
        let old = match fs::read_to_string(file) {
            Ok(old) => Some(old),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(error).context(name.to_string()),
        };
        match (old.as_deref() == Some(text), self.check) {
            (true, _) => print(&format!("{name} is current\n")),
            (false, true) => bail!("{name} is not current: run `tierwire constraints`"),
            (false, false) => {
                if let Some(folder) = file.parent() {
                    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
                }
                write_text(file, text)?;
                print(&format!("{name}\n"))
            }
        }
    }
}
