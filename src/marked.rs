//! A table in a page, between two marks, written by a command.

use std::path::Path;

use anyhow::{Context, bail};
use study::marked::{END, parts, with_table};

use crate::output::{print, write_text};

/// The page with a table between `begin`, a line of its own, and the next end mark.
pub struct Page<'a> {
    path: &'a Path,
    begin: &'a str,
    text: String,
}

impl<'a> Page<'a> {
    /// Reads the page and finds the table's place, before the table is made.
    pub fn read(path: &'a Path, begin: &'a str) -> anyhow::Result<Page<'a>> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let page = Page { path, begin, text };
        page.table()?;
        Ok(page)
    }

    /// The table.
    fn table(&self) -> anyhow::Result<&str> {
        let Some((_, table, _)) = parts(&self.text, self.begin) else {
            let name = self.path.display();
            bail!("{name}: no place for the table between {:?} and {END:?}", self.begin);
        };
        Ok(table)
    }

    /// Writes the new table, or only checks that it is the old one.
    pub fn replace(&self, new: &str, check: bool) -> anyhow::Result<()> {
        match (new == self.table()?, check) {
            (true, _) => print("The table is current.\n"),
            (false, false) => {
                let text = with_table(&self.text, self.begin, new).expect("its place was found");
                Ok(write_text(self.path, &text)?)
            }
            (false, true) => {
                let name = self.path.display();
                bail!("{name}: the table is not current; it should be\n{new}")
            }
        }
    }
}
