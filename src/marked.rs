//! A table in a page, between two marks, written by a command.

use std::path::Path;

use anyhow::{Context, bail};

use crate::output::{print, write_text};

const END: &str = "<!-- end -->";

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
        page.parts()?;
        Ok(page)
    }

    /// The text before the table, the table, and the text after it.
    fn parts(&self) -> anyhow::Result<(&str, &str, &str)> {
        let marked = self.text.split_once(self.begin).and_then(|(before, rest)| {
            let (old, after) = rest.split_once(END)?;
            Some((before, old, after))
        });
        let Some(parts) = marked else {
            let name = self.path.display();
            bail!("{name}: no place for the table between {:?} and {END:?}", self.begin);
        };
        Ok(parts)
    }

    /// Writes the new table, or only checks that it is the old one.
    pub fn replace(&self, new: &str, check: bool) -> anyhow::Result<()> {
        let (before, old, after) = self.parts()?;
        match (new == old, check) {
            (true, _) => print("The table is current.\n"),
            (false, false) => {
                Ok(write_text(self.path, &[before, self.begin, new, END, after].concat())?)
            }
            (false, true) => {
                let name = self.path.display();
                bail!("{name}: the table is not current; it should be\n{new}")
            }
        }
    }
}
